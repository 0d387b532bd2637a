"""Figures as known at a moment: later acts never change them, a closed month stays as frozen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Assignment, Change, Role
from criteria import entry, knowledge, months, recognition, reviews, sets
from criteria.confirming import states
from criteria.figures import Figures, Source, figures
from criteria.knowledge import Knowledge
from criteria.models import Basis, CellHead, CriteriaSet, MonthClosing, Result
from criteria.reviews import CONFIRM, RETURN, Act
from criteria.rules.types import Outcome
from criteria.since_closing import recorded_since
from reports.overview import overview
from reports.rereading import reread
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    return make_world()


def now() -> Knowledge:
    """As known after the last change."""
    return Knowledge(at=Change.objects.latest("pk").at)


def told(answer: Figures) -> tuple[object, ...]:
    """All that an answer says; a commune of which nothing is known has a row of any shape."""
    rows = [
        (
            *(row.unit_id, row.met, row.met_confirmed, row.recognised_tier, row.district_id),
            *(
                {number: one for number, one in found.items() if one is not Outcome.NOT_ASSESSED}
                for found in (row.outcomes, row.outcomes_confirmed)
            ),
        )
        for row in answer.rows
    ]
    return sorted(rows), answer.reported, answer.confirmed


def close(world: World, month: date) -> None:
    months.close(province=world.province.unit, month=month, by=world.officer)


@pytest.mark.parametrize(
    ("text", "label", "address"),
    [
        ("2018-04-05", "ghi nhận đến hết ngày 05/04/2018", "2018-04-05"),
        ("2018-04-05T17:00", "ghi nhận đến 17 giờ 05/04/2018", "2018-04-05T17:00"),
        ("2018-04-05T17:05:09", "ghi nhận đến 17 giờ 05 phút 05/04/2018", "2018-04-05T17:05:09"),
        ("now", "ghi nhận đến nay", "now"),
    ],
)
def test_a_moment_is_named_in_words_and_taken_back_from_its_address(text, label, address):
    found = knowledge.read(text)
    assert (found.label, found.address) == (label, address)
    assert knowledge.read(found.address) == found


def test_a_day_means_its_end_and_today_means_now():
    end = timezone.localtime(knowledge.read("2018-04-05").at)
    assert (end.date(), end.hour, end.minute) == (date(2018, 4, 5), 23, 59)
    assert knowledge.read(timezone.localdate().isoformat()).at <= timezone.now()
    assert knowledge.read("") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hôm qua", "không phải là thời điểm"),
        ("2018-02-30", "không phải là thời điểm"),
        ((timezone.localdate() + timedelta(days=1)).isoformat(), "chưa tới"),
        ((timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"), "chưa tới"),
    ],
)
def test_what_is_no_moment_or_has_not_come_is_refused(client, world, text, why):
    with pytest.raises(ValueError, match=why):
        knowledge.read(text)
    client.force_login(reader(world))
    for name, code in (("overview", world.province.code), ("commune", world.communes[0].code)):
        answer = client.get(reverse(name, args=[code]), {"known": text})
        assert answer.status_code == 422
        assert why in answer.content.decode()


def reader(world: World):
    user = make_user()
    unit = world.province.unit
    Assignment.objects.create(user=user, role=Role.COMMITTEE, unit=unit, valid=ALWAYS)
    return user


def test_march_stays_as_closed_and_is_read_again_beside_it(client, world):
    """A fact of February is corrected in April: March, the reading again, and April."""
    first, second = world.communes
    world.save(first, "2", verdict=MET)
    for month in (JANUARY, FEBRUARY, MARCH):
        close(world, month)
    april = date(2018, 4, 30)
    frozen = told(figures(world.province, MARCH))
    world.save(second, "2", verdict=MET, true_from=FEBRUARY)
    assert told(figures(world.province, MARCH)) == frozen
    assert figures(world.province, april).reported.criteria_met == 2
    again = figures(world.province, MARCH, known=Knowledge())
    assert (again.source, again.reported.criteria_met) == (Source.KNOWN, 2)
    at_closing = Knowledge(at=MonthClosing.objects.get(month=MARCH).change.at)
    assert told(figures(world.province, MARCH, known=at_closing)) == frozen
    (difference,) = reread(again).differences
    assert (difference.version.pk, difference.newly) == (second.pk, (2,))
    assert reread(figures(world.province, MARCH, known=at_closing)).same
    assert reread(figures(world.province, MARCH)) is None

    client.force_login(reader(world))
    address = reverse("overview", args=[world.province.code])
    page = client.get(address, {"on": MARCH.isoformat()}).content.decode()
    assert "known=now" in page
    assert "đọc lại là" not in page
    assert "Sau khi chốt tháng 03/2018" in page
    for month in (JANUARY, april):
        page = client.get(address, {"on": month.isoformat()}).content.decode()
        assert "Sau khi chốt" not in page
    page = client.get(address, {"on": MARCH.isoformat(), "known": "now"}).content.decode()
    assert "Khác nhau ở 1 xã" in page
    assert f"{second.full_name}</a>: thêm đạt tiêu chí 2" in page
    inward = re.findall(rf'href="([^"]*communes/{second.code}/[^"]*)"', page)
    assert inward
    assert all("known=now" in link for link in inward)


def test_what_is_recorded_for_a_closed_month_later_is_noticed(world, django_assert_num_queries):
    """By its own day, or that of what it takes away; a review where the figures are confirmed."""
    first, second = world.communes
    world.save(first, "2", verdict=MET, true_from=JANUARY)
    held = Result.objects.get()
    for month in (JANUARY, FEBRUARY):
        close(world, month)

    def noticed(basis: Basis = Basis.REPORTED) -> list[bool]:
        world.province.unit.clock.refresh_from_db()
        found = [figures(world.province, month) for month in (JANUARY, FEBRUARY)]
        return [recorded_since(replace(one, basis=basis)) for one in found]

    world.record(second, held.indicator_id, MET, MARCH)
    assert noticed() == [False, False]
    answer = figures(world.province, JANUARY)
    with django_assert_num_queries(0):
        assert not recorded_since(answer)
    world.record(second, held.indicator_id, MET, FEBRUARY)
    assert noticed() == [False, True]
    world.review(first, 2, [held.pk])
    assert noticed() == [False, True]
    assert noticed(Basis.CONFIRMED) == [True, True]
    world.record(first, held.indicator_id, NOT_MET, MARCH, replaces=held.pk)
    assert noticed() == [True, True]


def test_the_months_before_are_those_that_were_closed_at_the_moment(world):
    world.save(world.communes[0], "2", verdict=MET)
    close(world, JANUARY)
    at_january = now()
    close(world, FEBRUARY)
    months.reopen(closing=MonthClosing.objects.get(month=JANUARY), reason="Sửa", by=world.officer)
    page = overview(world.province, MARCH, known=at_january)
    assert [(point.month, point.closed) for point in page.history.points] == [
        (JANUARY, True),
        (MARCH, False),
    ]
    page = overview(world.province, MARCH)
    assert [point.month for point in page.history.points] == [FEBRUARY, MARCH]


SAVES = st.tuples(
    st.just("save"),
    st.integers(0, 1),
    st.sampled_from(["1.2", "2"]),
    st.booleans(),
    st.sampled_from([date(2017, 12, 31), date(2018, 1, 10), JANUARY]),
)
ACTS = st.lists(
    st.one_of(
        SAVES,
        st.tuples(st.just("void"), st.integers(0, 1), st.sampled_from(["1.2", "2"])),
        st.tuples(st.sampled_from([CONFIRM, RETURN]), st.integers(0, 1), st.sampled_from([1, 2])),
        st.tuples(st.just("recognise"), st.integers(0, 1)),
        st.tuples(st.just("close")),
    ),
    min_size=2,
    max_size=10,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_what_was_known_never_changes_by_what_is_recorded_later(world, acts):
    with transaction.atomic():
        asked: list[tuple[date, Knowledge, tuple[object, ...]]] = []
        for kind, *what in acts:
            play(world, kind, what)
            moment = now() if Change.objects.exists() else Knowledge(at=timezone.now())
            day = months.working_day(world.province.unit)
            asked.append((day, moment, told(figures(world.province, day))))
            asked.append((JANUARY, moment, told(figures(world.province, JANUARY, known=moment))))
        for day, moment, answer in asked:
            assert told(figures(world.province, day, known=moment)) == answer
        transaction.set_rollback(True)


def play(world: World, kind: str, what: list) -> None:
    """One act of a random history; one that finds nothing to do does nothing."""
    if kind == "close":
        return close(world, months.working_day(world.province.unit))
    commune = world.communes[what[0]]
    if kind == "save":
        code, met, day = what[1:]
        world.save(commune, code, verdict=MET if met else NOT_MET, true_from=day)
    elif kind == "void":
        indicator = world.indicator(what[1])
        head = CellHead.objects.filter(unit=commune.unit, indicator_id=indicator).first()
        if head and head.result:
            entry.void(result=head.result, reason="Nhầm", by=world.officer)
    elif kind == "recognise":
        recognise(world, commune)
    else:
        criterion = next(one for one in world.asked.criteria if one.number == what[1])
        seen = states.read([commune.unit_id], [criterion])[commune.unit_id, criterion.id].seen
        if seen:
            one = Act(unit_id=commune.unit_id, criterion_id=criterion.id, act=kind, seen=seen)
            reviews.review(
                province=world.province.unit, acts=[one], by=world.officer, reason="Xem lại"
            )


def recognise(world: World, commune) -> None:
    """The commune's first decision; none where it has one."""
    day = months.working_day(world.province.unit)
    if commune.unit_id in recognition.statuses([commune.unit_id], day=day):
        return
    recognition.recognise(
        units=[commune.unit],
        tier="standard",
        set_version=sets.version_in_force(CriteriaSet.objects.get(), JANUARY),
        number="12/QĐ-UBND",
        decided_on=day,
        year=2017,
        by=world.officer,
    )
