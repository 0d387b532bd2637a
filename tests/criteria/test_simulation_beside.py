"""A demo province that judges by a second set beside its headline, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from communes.audit import recording
from criteria.models import Result, SetAdoption
from criteria.rules.types import Outcome
from criteria.simulation.beside import BesideRecorder
from criteria.simulation.plan import PlannedConfirmation, PlannedMonth, PlannedResult
from criteria.simulation.scenario import Adoption, Commune
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world

pytestmark = pytest.mark.django_db
DECISION = "MP-02/QĐ-UBND (mô phỏng)"
MET = Outcome.MET


@pytest.fixture
def world() -> World:
    world = make_world(criteria={1: {"1": ">= 80"}, 2: {"2": "yes"}}, communes=2)
    make_set("tinh", {20: {"20": "by-province"}}, base="nho", keeps="all", province="02@2017-01-01")
    for commune in world.communes:
        world.save(commune, "1", 85, true_from=JANUARY)
        world.save(commune, "2", verdict=MET, true_from=JANUARY)
    return world


@pytest.fixture
def beside(world: World) -> BesideRecorder:
    adopts = Adoption(set_code="tinh", from_on=date(2018, 1, 1), decision=DECISION)
    return BesideRecorder(adopts=adopts, province=world.province.unit, by=world.officer)


def planner(world: World, met: Iterable[int], **how) -> SimpleNamespace:
    """Where the communes of a plan stand: all of them meet the criteria `met`."""
    courses = [
        SimpleNamespace(
            commune=Commune(unit_id=one.unit_id, key=one.unit.key, district_id=1), met=set(met)
        )
        for one in world.communes
    ]
    ids = {one.number: one.id for one in world.asked.criteria}
    return SimpleNamespace(
        **{"courses": courses, "criterion_ids": ids, "former": {}, "late": {}} | how
    )


def month(world: World, end: date, *values: int) -> PlannedMonth:
    """A month in which indicator 1 of the first communes is found anew, and confirmed."""
    first = world.asked.criteria[0].id
    results = tuple(
        PlannedResult(
            unit_id=commune.unit_id,
            criterion_id=first,
            indicator_id=world.indicator("1"),
            outcome=MET if value >= 80 else Outcome.NOT_MET,
            value=value,
            part_values=None,
            cause="entry",
        )
        for commune, value in zip(world.communes, values, strict=False)
    )
    confirmed = tuple(PlannedConfirmation(unit_id=r.unit_id, criterion_id=first) for r in results)
    return PlannedMonth(month_end=end, results=results, confirmations=confirmed, recognitions=())


def recorded(beside: BesideRecorder, world: World, planned: PlannedMonth, heads, **how):
    with recording(clock=world.province.unit.clock_id, action="test", by=None) as pending:
        plan = planner(world, how.pop("met", (1, 2)), **how)
        return list(beside.results(planned, plan, heads, pending.id)), plan


def take_over(beside: BesideRecorder) -> dict[tuple[int, int], int]:
    heads: dict[tuple[int, int], int] = {}
    beside.adopt(heads, datetime(2027, 1, 4, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
    return heads


def test_the_set_is_taken_into_use_beside_the_headline_with_what_is_known(world, beside):
    heads = take_over(beside)
    adoption = SetAdoption.objects.get(set__code="tinh")
    assert (adoption.in_headline, adoption.decision) == (False, DECISION)
    taken = Result.objects.filter(set_version__set__code="tinh")
    assert sorted(heads.values()) == sorted(taken.values_list("pk", flat=True))
    assert {row.verdict for row in taken} == {"met"}
    assert len(heads) == 4


def test_a_finding_is_recorded_under_both_sets_with_the_same_value(world, beside):
    heads = take_over(beside)
    rows, _ = recorded(beside, world, month(world, FEBRUARY, 70), heads)
    mine = {one.id for one in beside.questions.asked.criteria[0].indicators}
    (row,) = [row for row in rows if row.indicator_id in mine]
    assert (row.value, row.verdict, row.judged_by) == (70, "not_met", "rule")
    assert row.set_version == beside.version


def test_its_own_criterion_is_found_once_on_every_commune_and_met_only_with_all_others(
    world, beside, monkeypatch
):
    monkeypatch.setattr("criteria.simulation.beside.SHARE_AT_FIRST", 1.0)
    heads = take_over(beside)
    own = {one.id for one in beside.questions.asked.criteria[-1].indicators}

    def verdicts(end: date, met: Iterable[int]) -> list[str]:
        rows, _ = recorded(beside, world, month(world, end), heads, met=met)
        heads.update({(row.unit_id, row.indicator_id): 0 for row in rows})
        return [row.verdict for row in rows if row.indicator_id in own]

    assert verdicts(JANUARY, (1,)) == ["not_met", "not_met"]
    assert verdicts(FEBRUARY, (1,)) == []
    assert verdicts(FEBRUARY, (1, 2)) == ["met", "met"]
    assert verdicts(FEBRUARY, (1, 2)) == []


def test_what_is_confirmed_under_the_headline_is_confirmed_here_too(world, beside):
    heads = take_over(beside)
    numbers = {one.id: one.number for one in beside.questions.asked.criteria}
    late = {(world.communes[0].unit_id, world.asked.criteria[0].id): None}

    def confirmed(end: date, **how) -> list[tuple[int, int]]:
        planned = month(world, end, 85)
        _, plan = recorded(beside, world, planned, heads, **how)
        rows = beside.confirmations(planned, plan)
        return sorted((row.unit_id, numbers[row.criterion_id]) for row in rows)

    first, second = (one.unit_id for one in world.communes)
    # In the first month all that was taken over but what is late, and the findings on 20.
    assert confirmed(JANUARY, late=late) == [
        (first, 2), (first, 20), (second, 1), (second, 2), (second, 20)
    ]  # fmt: skip
    beside.met |= {first, second}
    assert confirmed(FEBRUARY) == [(first, 1)]


def test_a_merged_commune_goes_on_with_what_its_predecessor_met(world, beside):
    heads = take_over(beside)
    first, second = world.communes
    beside.met = {first.unit_id}
    former = {second.unit_id: first.unit_id}
    rows, _ = recorded(beside, world, month(world, JANUARY), heads, former=former)
    assert rows == []
    assert beside.met == {first.unit_id, second.unit_id}
