"""How a merged commune starts, as proposed: lowest, worst and best predecessor.

Source: the press on Tuyên Quang (2025), "the new commune is counted at the level of its lowest
old commune"; the guidance itself was not read. Ties and parts are our own reading, hence every
proposal is shown as "chưa đối chiếu".
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.rules.opening import (
    Pick,
    Predecessor,
    compared,
    linked,
    lowest,
    opening_tier,
    proposal,
)
from criteria.rules.types import Outcome

OUTCOMES = {
    "M": Outcome.MET,
    "N": Outcome.NOT_MET,
    "A": Outcome.NOT_ASSESSED,
    "X": Outcome.NOT_APPLICABLE,
}


def commune(unit_id: int, letters: str, **how) -> Predecessor:
    """A commune with one outcome per criterion of set 1: "MNAX"."""
    outcomes = {(1, number): OUTCOMES[letter] for number, letter in enumerate(letters, start=1)}
    met = sum(letter in "MX" for letter in letters)
    return Predecessor(unit_id=unit_id, met=how.pop("met", (met,)), outcomes=outcomes, **how)


ROWS = [((1, 1),), ((1, 2),), ((1, 3),)]


def picked(pick: Pick, *communes: Predecessor) -> list[int]:
    found = proposal(pick, communes, ROWS)
    return [found[1, number] for number in (1, 2, 3)] if found else []


@pytest.mark.parametrize(
    ("communes", "unit_id"),
    [
        ([commune(1, "MMM"), commune(2, "MNN"), commune(3, "MMN")], 2),
        # Of equally many, the one of the lower tier, then the first in the order given.
        ([commune(1, "MMN", tier="standard"), commune(2, "NMM")], 2),
        ([commune(1, "MMN", tier="advanced"), commune(2, "MNM", tier="standard")], 2),
        ([commune(1, "MMN"), commune(2, "MNM")], 1),
        # Under the headline set first, then under the next one.
        ([commune(1, "MMN", met=(2, 7)), commune(2, "MMN", met=(2, 5))], 2),
        # Not assessed is not met: A has shown less than B.
        ([commune(1, "MAA"), commune(2, "MMN")], 1),
    ],
)
def test_the_lowest_predecessor_meets_the_fewest_criteria(communes, unit_id):
    assert lowest(communes).unit_id == unit_id
    assert picked(Pick.LOWEST, *communes) == [unit_id] * 3


@pytest.mark.parametrize(
    ("pick", "first", "second", "taken"),
    [
        (Pick.WORST, "MNM", "NMM", [2, 1, 1]),
        (Pick.BEST, "MNM", "NMM", [1, 2, 1]),
        (Pick.WORST, "AMM", "NMM", [2, 1, 1]),  # not met is worse than not assessed
        (Pick.BEST, "AMM", "NMM", [1, 1, 1]),
        (Pick.WORST, "XMM", "MMN", [2, 2, 2]),  # what does not apply holds nobody back
        (Pick.BEST, "XMM", "MMN", [1, 1, 1]),
    ],
)
def test_worst_and_best_look_at_each_criterion_and_break_ties_by_the_whole(
    pick, first, second, taken
):
    assert picked(pick, commune(1, first), commune(2, second)) == taken


def test_a_part_is_compared_only_where_nothing_was_taken_over_whole():
    part, whole = commune(1, "NNN", whole=False), commune(2, "MMM")
    assert lowest([part, whole]).unit_id == 2
    assert lowest([part]).unit_id == 1
    assert picked(Pick.WORST, part, whole) == [2, 2, 2]


def test_a_township_or_a_commune_without_results_is_not_compared():
    township, silent = commune(1, "AAA", in_programme=False), commune(2, "AAA")
    assert compared([township, silent, commune(3, "MNN")])[0].unit_id == 3
    assert lowest([township, silent]) is None
    assert picked(Pick.LOWEST, township, silent) == []


@pytest.mark.parametrize(
    ("tiers", "opening"),
    [
        (["standard", "standard"], "standard"),
        (["advanced", "standard"], "standard"),
        (["model", "advanced"], "advanced"),
        (["standard", ""], ""),
        ([], ""),
    ],
)
def test_the_opening_status_is_the_lowest_tier_that_all_predecessors_hold(tiers, opening):
    assert opening_tier([commune(n, "M", tier=tier) for n, tier in enumerate(tiers)]) == opening


def test_for_the_status_a_part_counts_and_a_township_does_not():
    recognised = commune(1, "M", tier="standard")
    assert opening_tier([recognised, commune(2, "M", whole=False)]) == ""
    assert opening_tier([recognised, commune(2, "A", in_programme=False)]) == "standard"


def test_criteria_that_ask_the_same_go_together_across_sets():
    measures = {(1, 1): {10, 11}, (1, 2): {12}, (2, 1): {11}, (2, 20): {99}, (3, 1): {12, 99}}
    assert linked(measures) == [((1, 1), (2, 1)), ((1, 2), (2, 20), (3, 1))]


def test_a_choice_of_people_has_no_proposal():
    with pytest.raises(ValueError, match="chosen"):
        proposal(Pick.CHOSEN, [commune(1, "M")], ROWS)


@given(
    st.lists(
        st.tuples(st.text("MNAX", min_size=3, max_size=3), st.booleans()), min_size=1, max_size=5
    )
)
def test_worst_never_meets_more_than_lowest_and_best_never_less(drawn):
    communes = [commune(n, letters, whole=whole) for n, (letters, whole) in enumerate(drawn)]
    if not compared(communes):
        return

    def met(pick: Pick) -> int:
        by_id = {one.unit_id: one for one in communes}
        return sum(
            by_id[unit_id].outcomes[key] in (Outcome.MET, Outcome.NOT_APPLICABLE)
            for key, unit_id in proposal(pick, communes, ROWS).items()
        )

    assert met(Pick.WORST) <= met(Pick.LOWEST) <= met(Pick.BEST)


@given(st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 5)), st.sets(st.integers(0, 6))))
def test_rows_hold_every_criterion_once_and_share_no_measure(measures):
    rows = linked(measures)
    assert sorted(key for row in rows for key in row) == sorted(measures)
    asked = [set().union(*(measures[key] for key in row)) for row in rows]
    for number, one in enumerate(asked):
        assert not any(one & other for other in asked[number + 1 :])
