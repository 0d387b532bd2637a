"""Confirming and returning: what was seen counts, what was saved meanwhile waits."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from communes.models import Change
from criteria import entry, months, reviews
from criteria.confirming.states import State
from criteria.figures import as_json, figures
from criteria.models import CellHead, Result, Review, Standing
from criteria.reviews import Act, ReviewRefused
from criteria.rules.types import Outcome
from tests.criteria.reviewing import (
    CONFIRM,
    RETURN,
    act,
    adopt_beside,
    confirm,
    criterion_id,
    make_answering,
    send_back,
    state,
)
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import make_commune, make_district, make_province
from tests.rearranged import end

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    return make_world(communes=4)


def both_totals(world: World) -> tuple[int, int]:
    """Criteria met in the province: (reported, confirmed)."""
    answer = figures(world.province, JANUARY)
    return answer.reported.criteria_met, answer.confirmed.criteria_met


def test_what_is_reported_waits_until_its_department_confirms_it(world):
    commune = world.communes[0]
    assert state(world, commune, 2).state is State.NOTHING
    world.save(commune, "2", verdict=MET)
    assert state(world, commune, 2).state is State.WAITING
    confirm(world, commune, number=2)
    assert state(world, commune, 2).state is State.CONFIRMED


def test_the_confirmed_total_grows_by_exactly_what_was_confirmed_and_the_reported_one_stays(world):
    for commune in world.communes[:3]:
        world.save(commune, "2", verdict=MET)
    assert both_totals(world) == (3, 0)
    assert confirm(world, *world.communes[:2], number=2).communes == 2
    assert both_totals(world) == (3, 2)
    answer = figures(world.province, JANUARY)
    assert answer.confirmed.criteria[1].met == 2
    assert str(answer.confirmed.average) == "0.5"


def test_a_review_names_the_results_that_were_seen_and_in_whose_name(world):
    commune = world.communes[0]
    department = make_answering(world, 1)
    world.save(commune, "1.1", 85)
    world.save(commune, "1.2", verdict=MET)
    confirm(world, commune, number=1, department=department)
    review = Review.objects.get()
    assert set(review.result_ids) == set(Result.objects.values_list("pk", flat=True))
    assert (review.act, review.department, review.change.by) == (
        "confirm",
        department,
        world.officer,
    )


def test_a_value_saved_between_page_and_click_stays_unconfirmed_and_is_named(world):
    first, second = world.communes[:2]
    for commune in (first, second):
        world.save(commune, "1.1", 85)
        world.save(commune, "1.2", verdict=MET)
    acts = [act(world, commune, 1) for commune in (first, second)]
    world.save(first, "1.1", 10)
    answer = reviews.review(province=world.province.unit, acts=acts, by=world.officer)
    assert (answer.communes, answer.newer) == (2, (first.unit_id,))
    assert state(world, first, 1).changed
    head = CellHead.objects.get(unit=first.unit, indicator=world.indicator("1.1"))
    assert (head.result.value, head.confirmed_result.value) == (10, 85)
    assert both_totals(world) == (1, 2)


def test_a_return_leaves_what_was_confirmed_before_and_sends_back_only_what_waits(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 85)
    world.save(commune, "1.2", verdict=MET)
    confirm(world, commune, number=1)
    world.save(commune, "1.1", 10)
    send_back(world, commune, number=1)
    assert state(world, commune, 1).state is State.RETURNED
    assert both_totals(world) == (0, 1)
    assert len(Review.objects.latest("pk").result_ids) == 1


def test_a_return_of_what_is_confirmed_takes_the_confirmation_back(world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=MET)
    confirm(world, commune, number=2)
    send_back(world, commune, number=2)
    assert (state(world, commune, 2).state, both_totals(world)) == (State.RETURNED, (1, 0))


def test_a_return_stands_until_a_newer_result_or_a_confirmation(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 85)
    world.save(commune, "1.2", verdict=NOT_MET)
    send_back(world, commune, number=1)
    assert state(world, commune, 1).state is State.RETURNED
    world.save(commune, "1.2", verdict=MET)
    assert state(world, commune, 1).state is State.WAITING
    send_back(world, commune, number=1)
    confirm(world, commune, number=1)
    assert state(world, commune, 1).state is State.CONFIRMED


def test_a_result_taken_back_counts_as_confirmed_until_that_is_confirmed_too(world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=NOT_MET)
    world.save(commune, "2", verdict=MET)
    confirm(world, commune, number=2)
    entry.void(result=Result.objects.latest("pk"), reason="Nhầm xã", by=world.officer)
    assert both_totals(world) == (0, 1)
    assert state(world, commune, 2).state is State.WAITING
    confirm(world, commune, number=2)
    assert (both_totals(world), state(world, commune, 2).state) == ((0, 0), State.CONFIRMED)


def test_a_cell_whose_only_result_was_taken_back_can_be_confirmed_as_empty(world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=MET)
    confirm(world, commune, number=2)
    entry.void(result=Result.objects.get(), reason="Nhầm xã", by=world.officer)
    assert confirm(world, commune, number=2).communes == 1
    assert (both_totals(world), state(world, commune, 2).state) == ((0, 0), State.NOTHING)


def test_one_act_reviews_every_adopted_set_that_asks_the_measure(world):
    strict = adopt_beside(
        world,
        criteria={7: {"7.1": ">= 90", "7.2": "yes"}, 20: {"20.1": "yes"}},
        measures={"7.1": "nho.1.1"},
    )
    commune = world.communes[0]
    world.save(commune, "1.1", 95)
    world.save(commune, "1.2", verdict=MET)
    confirm(world, commune, number=1)
    named = {r.criterion_id: len(r.result_ids) for r in Review.objects.all()}
    assert named == {criterion_id(world, 1): 2, criterion_id(world, 7, strict.pk): 1}
    assert Change.objects.filter(reviews__isnull=False).distinct().count() == 1
    counts = {s.set_id: s.met_confirmed for s in Standing.objects.filter(unit=commune.unit)}
    assert counts == {world.asked.set_id: 1, strict.pk: 0}
    kept = CellHead.objects.get(unit=commune.unit, indicator__criterion__number=7)
    assert kept.result == kept.confirmed_result
    send_back(world, commune, number=1)
    kept.refresh_from_db()
    assert kept.confirmed_result is None


def test_a_closed_month_is_untouched_by_a_later_confirmation(world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    closed = as_json(figures(world.province, JANUARY))
    confirm(world, commune, number=2)
    assert as_json(figures(world.province, JANUARY)) == closed
    assert closed["confirmed"]["criteria_met"] == 0
    assert figures(world.province, FEBRUARY).confirmed.criteria_met == 1


def test_the_same_request_writes_once_and_answers_the_same(world):
    for commune in world.communes[:2]:
        world.save(commune, "2", verdict=MET)
    acts = [act(world, commune, 2) for commune in world.communes[:2]]
    request_id = uuid4()
    answers = {
        reviews.review(
            province=world.province.unit, acts=acts, by=world.officer, request_id=request_id
        )
        for _ in range(2)
    }
    assert {answer.communes for answer in answers} == {2}
    assert (Review.objects.count(), Change.objects.filter(request_id=request_id).count()) == (2, 1)


def test_confirming_what_is_confirmed_writes_nothing(world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=MET)
    confirm(world, commune, number=2)
    before = Change.objects.count()
    assert confirm(world, commune, number=2).communes == 0
    assert (Review.objects.count(), Change.objects.count()) == (1, before)


def test_a_bulk_of_communes_is_one_change(world):
    for commune in world.communes:
        world.save(commune, "2", verdict=MET)
    before = Change.objects.count()
    confirm(world, *world.communes, number=2)
    assert Change.objects.count() == before + 1
    assert Change.objects.latest("pk").action == "reviews.confirm"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_return_without_a_reason_is_refused(world, reason):
    world.save(world.communes[0], "2", verdict=MET)
    with pytest.raises(ReviewRefused, match="lý do"):
        send_back(world, world.communes[0], number=2, reason=reason)
    assert not Review.objects.exists()


def test_nothing_to_confirm_is_refused_by_cell_and_nothing_else_is_written(world):
    full, empty = world.communes[:2]
    world.save(full, "2", verdict=MET)
    with pytest.raises(ReviewRefused, match=f"{empty.full_name}: chưa có kết quả.*tiêu chí 2"):
        confirm(world, full, empty, number=2)
    assert not Review.objects.exists()


def test_one_result_is_not_confirmed_in_one_set_and_returned_in_another(world):
    strict = adopt_beside(world, criteria={7: {"7.1": ">= 90"}}, measures={"7.1": "nho.1.1"})
    commune = world.communes[0]
    world.save(commune, "1.1", 95)
    beside = Result.objects.get(indicator__criterion__set=strict)
    both = [
        act(world, commune, 1),
        Act(
            unit_id=commune.unit_id,
            criterion_id=criterion_id(world, 7, strict.pk),
            act=RETURN,
            seen=(beside.pk,),
        ),
    ]
    with pytest.raises(ReviewRefused, match="vừa xác nhận vừa trả lại"):
        reviews.review(province=world.province.unit, acts=both, by=world.officer, reason="Sai")
    assert not Review.objects.exists()


def test_a_commune_that_has_ended_is_reviewed_no_more(world):
    ended = world.communes[0]
    world.save(ended, "2", verdict=MET)
    end(ended, JANUARY)
    with pytest.raises(ReviewRefused, match="không phải xã của tỉnh"):
        confirm(world, ended, number=2)
    assert not Review.objects.exists()


def test_a_crafted_act_is_refused(world):
    first, second = world.communes[:2]
    world.save(first, "2", verdict=MET)
    world.save(first, "1.1", 85)
    foreign = make_commune(
        parent=make_district(province=make_province(code="20", clock="20"), code="178")
    )
    of_first = state(world, first, 2).seen
    crafted = [
        (act(world, second, 2, seen=of_first), "không thuộc tiêu chí 2"),
        (act(world, first, 1, seen=of_first), "không thuộc tiêu chí 1"),
        (act(world, first, 2, seen=(10**9,)), "không thuộc tiêu chí 2"),
        (act(world, foreign, 2, seen=of_first), "không phải xã của tỉnh"),
        (
            Act(unit_id=first.unit_id, criterion_id=10**9, act=CONFIRM, seen=of_first),
            "không thuộc bộ tiêu chí",
        ),
    ]
    for wrong, why in crafted:
        with pytest.raises(ReviewRefused, match=why):
            reviews.review(province=world.province.unit, acts=[wrong], by=world.officer)
    twice = [act(world, first, 2), act(world, first, 2, RETURN)]
    with pytest.raises(ReviewRefused, match="một lần"):
        reviews.review(province=world.province.unit, acts=twice, by=world.officer, reason="Sai")
    with pytest.raises(ReviewRefused, match="ít nhất một xã"):
        reviews.review(province=world.province.unit, acts=[], by=world.officer)
    assert not Review.objects.exists()


def test_the_department_of_a_review_can_never_be_changed(world):
    world.save(world.communes[0], "2", verdict=MET)
    confirm(world, world.communes[0], number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(department=make_answering(world, 2))
