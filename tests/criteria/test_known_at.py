"""Figures as known at a moment: later acts never change them, a closed month stays as frozen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings

from communes.models import Assignment, Change, Role
from criteria import knowledge, months
from criteria.figures import Figures, Source, figures
from criteria.knowledge import Knowledge
from criteria.models import Basis, MonthClosing, Result
from criteria.rules.types import Outcome
from criteria.since_closing import recorded_since
from reports.overview import overview
from reports.rereading import reread
from tests.criteria.histories import EACH, RECORDED, WITH_UNITS_AND_SETS, play
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db
MET = Outcome.MET


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
    world.record(first, held.indicator_id, Outcome.NOT_MET, MARCH, replaces=held.pk)
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


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=RECORDED)
def test_what_was_known_never_changes_by_what_is_recorded_later(world, acts):
    with transaction.atomic():
        asked: list[tuple[date, Knowledge, tuple[object, ...]]] = []
        for act in acts:
            play(world, act)
            moment = now() if Change.objects.exists() else Knowledge(at=timezone.now())
            day = months.working_day(world.province.unit)
            asked.append((day, moment, told(figures(world.province, day))))
            asked.append((JANUARY, moment, told(figures(world.province, JANUARY, known=moment))))
        for day, moment, answer in asked:
            assert told(figures(world.province, day, known=moment)) == answer
        transaction.set_rollback(True)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=RECORDED, after=WITH_UNITS_AND_SETS)
@example(before=[], after=EACH)
def test_a_closed_month_stays_whatever_becomes_of_units_attributes_and_sets(before, after):
    """A look-up of a day in them may change by it; the closed months never do."""
    with transaction.atomic():
        world = make_world(communes=4)
        kept: dict[date, tuple[object, ...]] = {}
        for act in [*before, ("close",), *after]:
            play(world, act)
            for closing in MonthClosing.objects.exclude(month__in=kept):
                kept[closing.month] = told(figures(world.province, closing.month))
        for month, answer in kept.items():
            assert told(figures(world.province, month)) == answer
        if after is EACH:
            assert list(kept) == [JANUARY, FEBRUARY]
            looked_up = figures(world.province, JANUARY - timedelta(days=1))
            assert (looked_up.reported.communes, looked_up.reported.border) == (2, 1)
        transaction.set_rollback(True)
