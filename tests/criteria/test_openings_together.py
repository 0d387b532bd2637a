"""All new units of a province at once, and the list of those that wait."""

from __future__ import annotations

from datetime import UTC

import pytest

from communes.models import Change, ChangeLine, UnitEvent
from criteria import openings
from criteria.openings import OpeningRefused
from criteria.rules.types import Outcome
from tests.criteria.mergers import (
    DOCUMENT,
    MERGED_ON,
    Merger,
    make_known_merger,
    make_next_merger,
)
from tests.criteria.world import JANUARY
from tests.factories import days, make_commune, make_district

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def merger() -> Merger:
    return make_known_merger()


@pytest.fixture
def mergers(merger) -> list[Merger]:
    """The merger of the other tests and one of two communes that meet criterion 2."""
    other = make_next_merger(merger, code="034")
    other.find(0, "2", MET)
    other.find(1, "2", MET)
    return [merger, other]


def take_all(mergers: list[Merger], **how) -> int:
    how = {"document": DOCUMENT, "by": mergers[0].world.officer} | how
    return openings.take_over_proposed(units=[one.new.unit for one in mergers], **how)


def test_the_proposal_is_taken_over_for_all_units_in_one_act(mergers):
    assert take_all(mergers) == 4
    assert [one.met() for one in mergers] == [1, 1]
    change = Change.objects.get(action="opening.take_over")
    assert ChangeLine.objects.filter(change=change).count() == 2
    listed = openings.new_units(mergers[0].world.province, JANUARY)
    assert [(row.version.name, row.state) for row in listed] == [
        ("Mới", "done"),
        ("Thứ hai", "done"),
    ]


def test_one_unit_that_cannot_start_stops_the_whole_act_and_all_reasons_are_told(mergers):
    mergers[1].take_over()
    silent = make_next_merger(mergers[0], code="035", old="Z", new="Lặng")
    with pytest.raises(OpeningRefused) as error:
        take_all([*mergers, silent])
    assert len(error.value.reasons) == 2
    assert mergers[0].met() == 0


def test_the_whole_act_is_taken_back_at_once_or_not_at_all(mergers):
    take_all(mergers)
    mergers[1].world.save(mergers[1].new, "2", verdict=NOT_MET)
    units = [one.new.unit for one in mergers]
    with pytest.raises(OpeningRefused, match="Thứ hai"):
        openings.undo(units=units, reason="Làm lại", by=None)
    assert mergers[0].met() == 1
    openings.undo(units=units[:1], reason="Làm lại", by=None)
    assert mergers[0].met() == 0


def test_the_list_says_which_units_wait_and_which_have_nothing_to_take(mergers):
    make_next_merger(mergers[0], code="035", old="Z", new="Lặng")
    orphan = make_commune(
        parent=make_district(province=mergers[0].world.province, code="036"),
        name="Mồ côi",
        valid=days(MERGED_ON),
    )
    event = UnitEvent.objects.create(
        clock_id=orphan.unit.clock_id, kind="establish", effective_on=MERGED_ON
    )
    event.units.create(unit=orphan.unit, part="began")
    listed = openings.new_units(mergers[0].world.province, JANUARY)
    assert {row.version.name: row.state.value for row in listed} == {
        "Mới": "waiting",
        "Thứ hai": "waiting",
        "Lặng": "nothing",
        "Mồ côi": "orphan",
    }


def test_loading_takes_the_same_queries_for_one_unit_and_for_many(
    mergers, django_assert_max_num_queries
):
    with django_assert_max_num_queries(22):
        openings.start(mergers[0].new.unit_id)
    with django_assert_max_num_queries(22):
        openings.starts([one.new.unit_id for one in mergers])


def test_units_of_two_provinces_are_not_decided_together(merger):
    stranger = merger.old[0]
    stranger.unit.clock_id = "99"
    with pytest.raises(ValueError, match="một tỉnh"):
        openings.take_over_proposed(units=[merger.new.unit, stranger.unit], document="x", by=None)


def test_the_moment_of_simulated_history_is_kept(merger):
    from datetime import datetime

    from communes.models import DataClock

    DataClock.objects.filter(pk="08").update(simulated=True)
    at = datetime(2999, 2, 1, 8, tzinfo=UTC)
    merger.take_over(simulated_at=at)
    change = Change.objects.latest("seq")
    assert (change.at, change.backdated) == (at, True)
