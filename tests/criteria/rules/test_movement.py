"""What moved between two month-ends, by examples and as a sum that has to add up."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from criteria.rules import rollup
from criteria.rules.movement import moved
from criteria.rules.types import CommuneStanding, Outcome
from tests.criteria.rules.definitions import make_definition

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
UNKNOWN, NA = Outcome.NOT_ASSESSED, Outcome.NOT_APPLICABLE
SET = make_definition([1, 1, 1])
NUMBERS = [criterion.number for criterion in SET.criteria]


def row(unit_id: int, *outcomes: Outcome, **how: object) -> CommuneStanding:
    found = dict(zip(NUMBERS, outcomes, strict=False))
    met, of = rollup.count_met(SET, found.values())
    return CommuneStanding(unit_id=unit_id, met=met, met_confirmed=0, of=of, outcomes=found, **how)


def test_each_commune_says_what_it_newly_meets_lost_and_does_not_assess_any_more():
    before = [row(1, MET, NOT_MET), row(2, MET, MET), row(3, MET, MET), row(4, MET, MET)]
    after = [row(1, MET, MET), row(2, MET, NOT_MET), row(3, MET, UNKNOWN), row(4, MET, NA)]
    first, second, third = moved(SET, before, after).communes
    two = NUMBERS[1]
    assert (first.unit_id, first.newly, first.change) == (1, (two,), 1)
    assert (second.unit_id, second.lost, second.falls) == (2, (two,), True)
    assert (third.unit_id, third.lost, third.unassessed) == (3, (), (two,))


def test_communes_that_came_or_went_and_changes_of_status_are_told_apart():
    before = [row(1, MET), row(2, MET), row(3, MET, recognised_tier="standard")]
    after = [replace(row(1, MET), recognised_tier="standard"), row(3, MET), row(9, NOT_MET)]
    found = moved(SET, before, after)
    assert (found.joined, found.left) == ((9,), (2,))
    assert (found.recognised, found.revoked) == ((1,), (3,))
    assert found.communes == ()


outcomes = st.sampled_from(list(Outcome))
standings = st.lists(st.tuples(*[outcomes] * len(NUMBERS)), min_size=1, max_size=6)


@given(standings, standings)
def test_the_movement_adds_up_to_the_difference_of_the_sums(old, new):
    size = min(len(old), len(new))
    before = [row(n, *old[n]) for n in range(size)]
    after = [row(n, *new[n]) for n in range(size)]
    found = moved(SET, before, after)
    difference = sum(r.met for r in after) - sum(r.met for r in before)
    assert sum(one.change for one in found.communes) == difference
    gone = sum(found.lost.values()) + sum(len(one.unassessed) for one in found.communes)
    assert sum(found.newly.values()) - gone == difference
