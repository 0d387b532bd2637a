"""The roll-up by examples: what the handbook says, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from communes.vietnamese import rounded
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Head, Outcome
from tests.criteria.rules.definitions import make_definition

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
UNKNOWN, NA = Outcome.NOT_ASSESSED, Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("first", "second", "expected", "because"),
    [
        (MET, MET, MET, ()),
        (MET, NOT_MET, NOT_MET, ("1.2",)),
        (NOT_MET, NOT_MET, NOT_MET, ("1.1", "1.2")),
        (MET, UNKNOWN, UNKNOWN, ("1.2",)),
        (NOT_MET, UNKNOWN, NOT_MET, ("1.1",)),
        (UNKNOWN, UNKNOWN, UNKNOWN, ("1.1", "1.2")),
        (MET, NA, MET, ()),
        (NA, NOT_MET, NOT_MET, ("1.2",)),
        (NA, NA, NA, ()),
    ],
)
def test_a_criterion_is_met_when_every_indicator_that_applies_is_met(
    first, second, expected, because
):
    assert rollup.all_that_apply({"1.1": first, "1.2": second}) == (expected, because)


def head(outcome, day, seq):
    return Head(outcome=outcome, true_from=date(2018, 1, day), seq=seq)


@pytest.mark.parametrize(
    ("heads", "expected", "concluded"),
    [
        ({}, UNKNOWN, False),
        ({100: head(MET, 1, 1)}, MET, True),
        # an indicator recorded later takes over, and the one missing is not assessed
        ({100: head(MET, 1, 1), 101: head(MET, 1, 2)}, UNKNOWN, False),
        ({100: head(MET, 1, 1), 101: head(NOT_MET, 2, 2)}, NOT_MET, False),
        # recorded later but true earlier: the conclusion still counts
        ({100: head(MET, 5, 1), 101: head(NOT_MET, 4, 2)}, MET, True),
        # of one and the same change: nothing is later than the conclusion
        ({100: head(MET, 5, 2), 101: head(NOT_MET, 5, 2)}, MET, True),
        # a later conclusion takes over again
        ({100: head(NOT_MET, 5, 9), 101: head(MET, 4, 2), 102: head(MET, 4, 3)}, NOT_MET, True),
        ({101: head(MET, 4, 2), 102: head(MET, 4, 3)}, MET, False),
    ],
)
def test_a_conclusion_counts_until_an_indicator_has_a_later_result(heads, expected, concluded):
    criterion = make_definition([2]).criteria[0]
    found = rollup.criterion_outcome(criterion, heads)
    assert (found.outcome, found.concluded) == (expected, concluded)


@pytest.mark.parametrize(("as_met", "expected"), [(True, (2, 3)), (False, (1, 2))])
def test_not_applicable_counts_as_the_set_says(as_met, expected):
    definition = make_definition([1, 1, 1], na_counts_as_met=as_met)
    assert rollup.count_met(definition, [MET, NA, NOT_MET]) == expected


@pytest.mark.parametrize(
    ("cuts", "top", "labels"),
    [
        (
            (19, 15, 10, 5),
            19,
            [
                "19 tiêu chí",
                "15–18 tiêu chí",
                "10–14 tiêu chí",
                "5–9 tiêu chí",
                "Dưới 5 tiêu chí",
            ],
        ),
        ((10, 5), 10, ["10 tiêu chí", "5–9 tiêu chí", "Dưới 5 tiêu chí"]),
        ((4, 0), 4, ["4 tiêu chí", "0–3 tiêu chí"]),
        ((19, 10), 10, ["10 tiêu chí", "Dưới 10 tiêu chí"]),
        ((), 0, []),
    ],
)
def test_brackets_are_cut_points_and_leave_no_gap(cuts, top, labels):
    bounds = rollup.bracket_bounds(cuts, top)
    assert [label for label, _, _ in bounds] == labels
    covered = [n for _, low, high in bounds for n in range(low, high + 1)]
    assert sorted(covered) == (list(range(top + 1)) if top else [])


def commune(unit_id, met, *, known=True, tier="", in_programme=True, border=False):
    outcomes = {n: (MET if n <= met else NOT_MET) for n in range(1, 20)} if known else {}
    return CommuneStanding(
        unit_id=unit_id,
        met=met,
        met_confirmed=0,
        of=19,
        outcomes=outcomes,
        recognised_tier=tier,
        in_programme=in_programme,
        border=border,
    )


def test_the_average_is_a_ratio_of_sums_over_communes_of_the_programme():
    definition = make_definition([1] * 19, cuts=(19, 15, 10, 5))
    rows = [
        commune(1, 19, tier="standard", border=True),
        commune(2, 8),
        commune(3, 0, known=False),
        commune(4, 19, in_programme=False),
    ]
    tally = rollup.tally(definition, rows)
    assert (tally.communes, tally.assessed, tally.criteria_met) == (3, 2, 27)
    assert (tally.recognised, tally.recognised_border) == (1, 1)
    assert tally.average == Decimal(9)
    assert [b.communes for b in tally.brackets] == [1, 0, 0, 1, 0, 1]
    assert sum(b.communes for b in tally.brackets) == tally.communes
    assert (tally.criteria[0].met, tally.criteria[0].communes) == (2, 3)


def test_nothing_assessed_is_no_average_and_not_zero():
    tally = rollup.tally(make_definition([1]), [commune(1, 0, known=False)])
    assert tally.average is None


@pytest.mark.parametrize(
    ("criteria", "communes", "printed"),
    [
        (1790, 207, "8.65"),  # Lạng Sơn, hết năm 2017
        (1791, 207, "8.65"),
        (1874, 177, "10.59"),  # Hà Giang, hết năm 2018
        (1518, 177, "8.58"),
        (128, 7, "18.29"),  # Cư Jút
        (184, 10, "18.40"),  # Đắk R'lấp
        (82, 7, "11.71"),  # Đắk G'long
        (189, 11, "17.18"),  # Krông Nô
        (1, 8, "0.13"),  # half up
    ],
)
def test_published_averages_come_out_of_sums_rounded_half_up(criteria, communes, printed):
    assert str(rounded(Decimal(criteria) / communes, 2)) == printed


@pytest.mark.parametrize(
    ("reported", "confirmed", "expected"),
    [
        ({1: MET, 2: MET}, {1: MET, 2: MET}, 0),
        ({1: MET, 2: MET}, {1: MET, 2: UNKNOWN}, 1),
        ({1: NOT_MET, 2: MET}, {1: MET, 2: MET}, 0),
        ({1: NOT_MET, 2: MET}, {1: MET, 2: NOT_MET}, 1),
        ({1: NA, 2: UNKNOWN}, {1: UNKNOWN, 2: MET}, 1),
    ],
)
def test_what_was_withdrawn_after_its_confirmation_hides_nothing_that_waits(
    reported, confirmed, expected
):
    definition = make_definition([1, 1])
    row = CommuneStanding(
        unit_id=1, met=0, met_confirmed=0, of=2, outcomes=reported, outcomes_confirmed=confirmed
    )
    outside = replace(row, unit_id=2, in_programme=False)
    assert rollup.awaiting(definition, [row, outside]) == expected
