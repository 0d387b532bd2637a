"""Why a figure moved, by examples in the order of the rule, and as a sum that has to add up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.rules import rollup
from criteria.rules.causes import Reading, Step, Why
from criteria.rules.rounding import rounded_parts
from criteria.rules.types import CommuneStanding, Outcome
from criteria.rules.why_moved import Explanation, Figure, explain
from tests.criteria.rules.definitions import make_definition

M, N, A, X = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_ASSESSED, Outcome.NOT_APPLICABLE
SET = make_definition([1, 1, 1, 1], cuts=[2, 4])
OTHER = replace(make_definition([1, 1, 1], cuts=[3]), set_id=2)
REWORDED = replace(make_definition([1, 1, 1, 1], cuts=[2, 4], na_counts_as_met=False), version_id=2)
LETTER = {"M": M, "N": N, "A": A, "X": X}


def row(unit_id: int, letters: str, tier: str = "", *, by=SET) -> CommuneStanding:
    """A commune by the letters of its outcomes, the same on both bases."""
    found = {n: LETTER[letter] for n, letter in enumerate(letters, start=1)}
    met, of = rollup.count_met(by, found.values())
    return CommuneStanding(
        unit_id=unit_id, met=met, met_confirmed=met, of=of, recognised_tier=tier,
        outcomes=found, outcomes_confirmed=found,
    )  # fmt: skip


def reading(*rows: CommuneStanding, by=SET) -> Reading:
    return Reading.of(by, rows)


def told(figure: Figure) -> dict[str, object]:
    """Part → its amount."""
    assert figure.adds_up
    return {part.why.value: part.amount for part in figure.parts}


def bracket(found: Explanation, label: str) -> dict[str, object]:
    return told(next(one for one in found.brackets if one.key == label))


def criterion(found: Explanation, number: int) -> dict[str, object]:
    return told(next(one for one in found.criteria if one.key == str(number)))


def test_a_commune_newly_meets_loses_and_does_not_assess_any_more():
    before = reading(row(1, "MNNN"), row(2, "MMMN"), row(3, "MMMN"))
    after = reading(row(1, "MMNN"), row(2, "MMNN"), row(3, "MMAN"))
    found = explain(before, after)
    assert told(found.met) == {"newly": 1, "lost": -1, "unassessed": -1}
    assert told(found.average) == {
        "newly": Fraction(1, 3), "lost": Fraction(-1, 3), "unassessed": Fraction(-1, 3)
    }  # fmt: skip
    assert (criterion(found, 2), criterion(found, 3)) == (
        {"newly": 1},
        {"lost": -1, "unassessed": -1},
    )
    assert bracket(found, "2–3 tiêu chí") == {"newly": 1}
    (share,) = found.met.parts[0].shares
    assert (share.cause.unit_id, share.cause.numbers) == (1, (2,))
    assert (share.cause.was[2], share.cause.now[2]) == (N, M)


def test_what_is_known_of_the_first_day_since_is_a_correction_and_not_a_movement():
    before, again = reading(row(1, "MNNN")), reading(row(1, "NNMN"))
    after = reading(row(1, "NNMM"))
    found = explain(before, after, steps=[Step(why=Why.CORRECTED, rows=again.rows)])
    assert told(found.met) == {"corrected": 0, "newly": 1}
    assert [criterion(found, n) for n in (1, 3)] == [{"corrected": -1}, {"corrected": 1}]


def test_confirmations_that_came_later_are_told_apart_from_corrections():
    before, reviewed = reading(row(1, "AAAA")), reading(row(1, "MAAA"))
    again = reading(row(1, "MMAA"))
    steps = [
        Step(why=Why.REVIEWED, rows=reviewed.rows),
        Step(why=Why.CORRECTED, rows=again.rows),
    ]
    found = explain(before, again, steps=steps, confirmed=True)
    assert told(found.met) == {"reviewed": 1, "corrected": 1}


def test_communes_that_come_and_go_and_their_number_are_units():
    before = reading(row(1, "MMNN", "standard"), row(2, "MNNN"), row(3, "MMMM", "standard"))
    after = reading(row(1, "MMMN", "standard"), row(9, "MNNN"))
    found = explain(before, after)
    assert told(found.communes) == {"units": -1}
    assert told(found.recognised) == {"units": -1}
    assert told(found.met) == {"units": 1 - 5, "newly": 1}
    # ΔM/N₂ of those that came and went, and M₁(1/N₂ − 1/N₁).
    base = 7 * (Fraction(1, 2) - Fraction(1, 3))
    assert told(found.average) == {"units": Fraction(-4, 2) + base, "newly": Fraction(1, 2)}
    assert found.average.parts[0].base == base
    outside = replace(row(4, "MMMM"), in_programme=False)
    assert told(explain(before, Reading.of(SET, [*after.rows.values(), outside])).met) == told(
        found.met
    )


def test_a_successor_is_another_unit_whatever_it_took_over():
    found = explain(reading(row(1, "MMNN"), row(2, "MNNN")), reading(row(9, "MMNN", "standard")))
    assert told(found.met) == {"units": -1}
    assert {share.cause.unit_id for share in found.met.parts[0].shares} == {1, 2, 9}
    assert told(found.recognised) == {"units": 1}


def test_under_another_set_the_whole_difference_is_the_set():
    before = reading(row(1, "MMMM"), row(2, "MNNN"))
    after = reading(row(1, "MNN", by=OTHER), row(2, "MMM", "standard", by=OTHER), by=OTHER)
    again = reading(row(1, "MMMN", "standard"), row(2, "MNNN"))
    found = explain(before, after, steps=[Step(why=Why.CORRECTED, rows=again.rows)])
    assert told(found.met) == {"set": (1 - 4) + (3 - 1)}
    causes = [share.cause for share in found.met.parts[0].shares]
    assert {(len(one.dropped), len(one.gained)) for one in causes} == {(4, 1), (1, 3)}
    # Recognition is no matter of the set: who was recognised, by what became known, and since.
    assert told(found.recognised) == {"corrected": 1, "newly": 1, "lost": -1}
    assert found.criteria == ()
    assert bracket(found, "4 tiêu chí") == {"set": -1}
    assert bracket(found, "3 tiêu chí") == {"set": 1}


def test_the_same_facts_under_another_wording_are_the_set_and_the_rest_is_movement():
    before = reading(row(1, "MXNN"))
    reworded = reading(row(1, "MXNN", by=REWORDED), by=REWORDED)
    after = reading(row(1, "MXMN", by=REWORDED), by=REWORDED)
    found = explain(before, after, steps=[Step(why=Why.SET, rows=reworded.rows)])
    assert told(found.met) == {"set": -1, "newly": 1}
    assert criterion(found, 2) == {"set": -1}


def test_a_commune_with_nothing_assessed_at_one_day_leaves_or_enters_that_bracket():
    found = explain(
        reading(row(1, "AAAA"), row(2, "MANA")), reading(row(1, "NMNN"), row(2, "AAAA"))
    )
    assert bracket(found, "Chưa đánh giá") == {"began": -1, "unassessed": 1}
    assert bracket(found, "Dưới 2 tiêu chí") == {"began": 1, "unassessed": -1}
    assert told(found.met) == {"newly": 1, "unassessed": -1}


def test_where_nothing_is_assessed_there_is_no_average_to_explain():
    found = explain(reading(row(1, "AAAA")), reading(row(1, "MNNN")))
    assert (found.average.before, found.average.change, found.average.parts) == (None, None, ())
    assert told(found.met) == {"newly": 1}


def test_recognised_and_revoked_since_and_by_correction():
    before = reading(row(1, "MMMM", "standard"), row(2, "MMMM"), row(3, "MMMM", "standard"))
    again = reading(row(1, "MMMM"), row(2, "MMMM"), row(3, "MMMM", "standard"))
    after = reading(row(1, "MMMM"), row(2, "MMMM", "advanced"), row(3, "MMMM"))
    found = explain(before, after, steps=[Step(why=Why.CORRECTED, rows=again.rows)])
    assert told(found.recognised) == {"corrected": -1, "newly": 1, "lost": -1}


letters = st.text(alphabet="MNAX", min_size=4, max_size=4)
communes = st.dictionaries(
    st.integers(1, 6), st.tuples(letters, st.sampled_from(["", "standard"])), max_size=6
)
wordings = st.sampled_from([SET, REWORDED, OTHER])


@st.composite
def readings(draw):
    by = draw(wordings)
    size = len(by.criteria)
    return reading(*(row(u, o[:size], t, by=by) for u, (o, t) in draw(communes).items()), by=by)


@settings(max_examples=60, deadline=None)
@given(readings(), readings(), readings(), readings(), st.booleans())
def test_the_parts_are_the_difference_of_every_figure(before, one, other, after, confirmed):
    steps = [
        Step(why=why, rows=step.rows)
        for why, step in ((Why.SET, one), (Why.CORRECTED, other))
        if step.definition.set_id == after.definition.set_id
    ]
    found = explain(before, after, steps=steps, confirmed=confirmed)
    for figure in found.figures:
        assert figure.adds_up, figure
        for part in figure.parts:
            shares = sum(share.amount for share in part.shares)
            if figure.what == "average":
                assert part.amount == Fraction(shares, found.second.communes) + part.base
            else:
                assert part.amount == shares
    average = found.second.average, found.first.average
    if None not in average:
        assert found.average.change == Fraction(
            found.second.criteria_met, found.second.communes
        ) - Fraction(found.first.criteria_met, found.first.communes)
    assert [f.after for f in found.brackets if f.after] == [
        b.communes for b in found.second.brackets if b.communes
    ]


HUNDREDTH = Fraction(1, 100)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([(1, 3), (1, 3), (1, 3)], [34, 33, 33]),
        ([(1, 3), (-1, 3)], [33, -33]),
        ([(5, 1000)], [1]),
        ([(-5, 1000)], [-1]),
        ([], []),
    ],
)
def test_rounded_parts_add_up_to_the_rounded_sum(parts, shown):
    fractions = [Fraction(*part) for part in parts]
    assert rounded_parts(fractions, HUNDREDTH) == [n * HUNDREDTH for n in shown]


@given(st.lists(st.fractions(-5, 5), max_size=6))
def test_no_part_is_further_off_than_one_unit(parts):
    shown = rounded_parts(parts, HUNDREDTH)
    assert abs(sum(shown) - sum(parts)) <= HUNDREDTH / 2
    assert all(abs(one - part) < HUNDREDTH for one, part in zip(shown, parts, strict=True))
