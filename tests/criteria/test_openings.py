"""A merged commune starts with results of its predecessors, by a decision of the office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Change
from criteria import adoptions, ledger
from criteria.models import Result, Standing
from criteria.openings import OpeningRefused
from criteria.rules import rollup
from criteria.rules.opening import Pick
from criteria.rules.types import Outcome
from criteria.sets import version_in_force
from tests.criteria.factories_sets import make_set
from tests.criteria.mergers import (
    BEFORE,
    DOCUMENT,
    MERGED_ON,
    THREE,
    Merger,
    make_known_merger,
    make_merger,
)
from tests.criteria.world import JANUARY

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def merger() -> Merger:
    return make_known_merger()


def test_a_new_unit_starts_with_nothing_until_the_office_decides(merger):
    assert merger.met() == 0
    start = merger.start()
    assert [one.version.name for one in start.old] == ["A", "B"]
    assert [one.counts for one in start.old] == [((2, 3),), ((1, 3),)]
    assert start.lowest.version.name == "B"
    assert start.recorded is None


def test_the_results_of_the_lowest_predecessor_are_copied_from_the_first_day_on(merger):
    assert merger.take_over() == 3
    rows = Result.objects.filter(unit=merger.new.unit).order_by("indicator__position")
    assert {row.true_from for row in rows} == {MERGED_ON}
    assert {row.cause for row in rows} == {"opening"}
    figure = rows.get(indicator=merger.world.indicator("1.1"))
    source = Result.objects.get(unit=merger.old[1].unit, indicator=figure.indicator)
    for name in ("value", "verdict", "judged_by", "threshold_id", "set_version_id"):
        assert getattr(figure, name) == getattr(source, name)
    assert figure.note == f"Kế thừa từ Xã B (mã {merger.old[1].code}), kết quả từ 10/01/2018"
    assert merger.met() == 1
    change = Change.objects.latest("seq")
    assert (change.action, change.reason) == ("opening.take_over", DOCUMENT)


@pytest.mark.parametrize(("pick", "met"), [(Pick.LOWEST, 1), (Pick.WORST, 0), (Pick.BEST, 3)])
def test_worst_and_best_are_taken_criterion_by_criterion(merger, pick, met):
    expected = merger.start().counted(merger.start().proposal(pick))[0].met
    merger.take_over(pick)
    assert merger.met() == expected == met
    assert merger.start().recorded.pick is pick


def test_each_criterion_can_be_taken_from_another_predecessor_or_from_none(merger):
    a, b = merger.old
    choices = {merger.key(1): a.unit_id, merger.key(3): b.unit_id}
    merger.take_over(Pick.CHOSEN, choices=choices)
    standing = Standing.objects.get(unit=merger.new.unit)
    assert standing.outcomes == {"1": "M", "2": "A", "3": "M"}
    assert merger.start().choices == choices


def test_a_part_value_a_conclusion_and_a_note_go_along():
    merger = make_merger(parts={"1.1": {"hygienic": ">= 90", "clean": ">= 50"}})
    merger.find(0, "1.1", values={"hygienic": 95, "clean": 40}, note="Đo tháng 12")
    merger.world.record(merger.old[0], merger.world.indicator("2*"), MET, BEFORE)
    merger.take_over()
    rows = {row.indicator.code: row for row in Result.objects.filter(unit=merger.new.unit)}
    assert rows["1.1"].part_values == {"hygienic": "95", "clean": "40"}
    assert rows["1.1"].note.endswith(". Đo tháng 12")
    assert rows["*"].verdict == "met"
    assert merger.met() == 1


def test_a_criterion_judged_by_indicators_since_takes_no_older_conclusion_along(merger):
    conclusion = merger.world.indicator("1*")
    merger.world.record(merger.old[1], conclusion, MET, date(2018, 1, 1))
    merger.take_over()
    assert not Result.objects.filter(unit=merger.new.unit, indicator=conclusion).exists()
    assert Standing.objects.get(unit=merger.new.unit).outcomes["1"] == "N"


def test_a_level_of_another_version_of_the_set_does_not_go_along(merger):
    later = make_set(criteria=THREE, version=2, in_force_on=date(2018, 1, 12))
    merger.take_over()
    row = Result.objects.get(unit=merger.new.unit, indicator=merger.world.indicator("1.1"))
    assert row.set_version == version_in_force(later, MERGED_ON)
    assert row.threshold is None


def test_results_found_after_the_last_day_of_the_old_unit_are_not_taken(merger):
    merger.world.save(merger.old[1], "2", verdict=MET, true_from=date(2018, 1, 20))
    merger.take_over()
    assert merger.met() == 1


def test_opening_results_wait_for_their_department(merger):
    merger.take_over()
    standing = Standing.objects.get(unit=merger.new.unit)
    assert (standing.met, standing.met_confirmed) == (1, 0)


def test_a_part_is_marked_and_proposed_only_where_it_is_all_there_is():
    split = make_merger(split=[1])
    split.find(0, "2", MET)
    split.find(0, "3", MET)
    split.find(1, "2", MET)
    start = split.start()
    assert [one.known.whole for one in start.old] == [True, False]
    assert start.lowest.version.name == "A"


def test_only_a_part_is_all_there_is():
    split = make_merger(old=1, split=[0])
    split.find(0, "2", MET)
    split.take_over()
    assert split.met() == 1


def test_what_a_township_was_is_not_compared():
    merger = make_merger(kinds={0: "thi_tran"})
    merger.find(1, "2", MET)
    assert merger.start().lowest.version.name == "B"


def test_every_adopted_set_is_taken_over_and_shared_questions_from_one_commune(merger):
    strict = make_set(
        code="tinh",
        criteria={1: {"1.1": ">= 90"}, 20: {"20.1": "yes"}},
        measures={"1.1": "nho.1.1"},
        base="nho",
    )
    adoptions.adopt(
        province=merger.world.province.unit,
        set=strict,
        from_on=date(2018, 1, 1),
        decision="02/QĐ-UBND",
        by=None,
        in_headline=False,
    )
    merger.find(0, "1.1", value=86)
    a, b = merger.old
    start = merger.start()
    together = (merger.key(1), (strict.pk, 1))
    assert together in start.rows
    torn = {merger.key(1): b.unit_id, (strict.pk, 1): a.unit_id}
    with pytest.raises(OpeningRefused, match="cùng hỏi một nội dung"):
        merger.take_over(Pick.CHOSEN, choices=torn)
    merger.take_over(Pick.CHOSEN, choices=dict.fromkeys(together, a.unit_id))
    met = dict(Standing.objects.filter(unit=merger.new.unit).values_list("set__code", "met"))
    assert met == {"nho": 1, "tinh": 0}
    values = Result.objects.filter(unit=merger.new.unit, indicator__measure__code="nho.1.1")
    assert {row.value for row in values} == {86}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_standing_equals_the_roll_up_of_what_was_taken_and_nobody_else_changes(
    merger_of_three, data
):
    merger = merger_of_three
    with rolled_back():
        for number in range(3):
            for code in ("1.1", "1.2", "2", "3", "1*", "3*"):
                verdict = data.draw(st.sampled_from([None, *Outcome]))
                day = data.draw(st.sampled_from([date(2018, 1, 5), BEFORE, JANUARY]))
                if verdict is not None:
                    indicator = merger.world.indicator(code)
                    merger.world.record(merger.old[number], indicator, verdict, day)
        sources = [None, *(one.unit_id for one in merger.old)]
        drawn = {merger.key(n): data.draw(st.sampled_from(sources)) for n in (1, 2, 3)}
        choices = {key: unit_id for key, unit_id in drawn.items() if unit_id is not None}
        before = results_of_the_old(merger)
        start = merger.start()
        (counted,) = start.counted(choices)
        try:
            written = merger.take_over(Pick.CHOSEN, choices=choices)
        except OpeningRefused:
            assert counted.met == 0
            return
        asked = merger.world.asked
        heads = ledger.reported([merger.new.unit_id], ledger.indicator_ids(asked))
        held = heads.get(merger.new.unit_id, {})
        truth = rollup.standing(asked, unit_id=1, heads=held, heads_confirmed={})
        assert len(held) == written
        assert merger.met() == truth.met == counted.met
        assert truth.outcomes == counted.outcomes
        assert results_of_the_old(merger) == before
        merger.undo()
        assert merger.met() == 0


@pytest.fixture
def merger_of_three() -> Merger:
    return make_merger(old=3)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def results_of_the_old(merger: Merger) -> list[tuple]:
    ids = [one.unit_id for one in merger.old]
    cells = ledger.indicator_ids(merger.world.asked)
    found = ledger.reported(ids, cells)
    return sorted(
        (pk, cell, head.result_id) for pk, of in found.items() for cell, head in of.items()
    )
