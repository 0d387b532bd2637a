"""Property tests: the rules agree with a second, naive implementation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from criteria.rules import judge, ledger, rollup
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import Head, Outcome
from tests.criteria import naive
from tests.criteria.rules.definitions import make_definition, make_indicator, make_level

START = date(2018, 1, 31)
DAYS = st.integers(0, 5).map(lambda months: START + timedelta(days=31 * months))
VERDICTS = st.sampled_from(list(Outcome))


@st.composite
def histories(draw, max_size=8):
    """Rows of one cell in order of recording: facts, corrections and voids."""
    rows = []
    for number in range(1, draw(st.integers(0, max_size)) + 1):
        free = [r["id"] for r in rows if not any(x["replaces"] == r["id"] for x in rows)]
        replaces = draw(st.one_of(st.none(), st.sampled_from(free))) if free else None
        rows.append(
            {
                "id": number * 7,
                "seq": number * 3,
                "true_from": draw(DAYS),
                "verdict": draw(VERDICTS).value,
                "replaces": replaces,
                "void": replaces is not None and draw(st.booleans()),
            }
        )
    return rows


@st.composite
def reviews(draw, ids):
    if not ids:
        return []
    return [
        {
            "seq": number * 3 + 1,
            "ids": draw(st.sets(st.sampled_from(ids))),
            "confirms": draw(st.booleans()),
        }
        for number in range(draw(st.integers(0, 6)))
    ]


def entries(rows):
    return [
        ledger.Entry(
            id=r["id"],
            true_from=r["true_from"],
            seq=r["seq"],
            outcome=Outcome(r["verdict"]),
            replaces=r["replaces"],
            void=r["void"],
        )
        for r in rows
    ]


def seen(found):
    return [
        ledger.Seen(seq=r["seq"], result_ids=frozenset(r["ids"]), confirms=r["confirms"])
        for r in found
    ]


@given(histories(), DAYS, st.integers(0, 30))
def test_the_result_that_holds_is_the_naive_one(rows, day, seq):
    expected = naive.holds(rows, day, seq)
    found = ledger.state(entries(rows), day=day, seq=seq)
    assert (found.id if found else None) == (expected["id"] if expected else None)


@given(st.data(), histories(), DAYS, st.integers(0, 30))
def test_the_confirmed_result_is_the_naive_one(data, rows, day, seq):
    acts = data.draw(reviews([r["id"] for r in rows]))
    expected = naive.holds(rows, day, seq, only=naive.confirmed_only(acts, seq))
    found = ledger.confirmed(entries(rows), seen(acts), day=day, seq=seq)
    assert (found.id if found else None) == (expected["id"] if expected else None)


@st.composite
def communes(draw, definition):
    """Heads of one commune: any cell may be missing, conclusions included."""
    ids = [i for c in definition.criteria for i in (c.conclusion_id, *(x.id for x in c.indicators))]
    chosen = draw(st.sets(st.sampled_from(ids))) if ids else set()
    return {
        i: {
            "verdict": draw(VERDICTS).value,
            "true_from": draw(DAYS),
            "seq": draw(st.integers(1, 9)) * 1000 + i,
        }
        for i in sorted(chosen)
    }


@given(st.data(), st.lists(st.integers(0, 4), min_size=1, max_size=6), st.booleans())
def test_criteria_communes_and_province_are_the_naive_ones(data, shape, na_counts_as_met):
    cuts = data.draw(st.sets(st.integers(1, len(shape))))
    definition = make_definition(shape, na_counts_as_met=na_counts_as_met, cuts=sorted(cuts))
    cells = data.draw(st.lists(communes(definition), max_size=6))
    rows, expected = [], []
    for number, found in enumerate(cells):
        heads = {
            i: Head(outcome=Outcome(r["verdict"]), true_from=r["true_from"], seq=r["seq"])
            for i, r in found.items()
        }
        row = rollup.standing(definition, unit_id=number, heads=heads, heads_confirmed={})
        by_hand = {
            c.number: naive.criterion(
                {x.code: found.get(x.id) for x in c.indicators}, found.get(c.conclusion_id)
            )
            for c in definition.criteria
        }
        assert {n: o.value for n, o in row.outcomes.items()} == by_hand
        met, of, known = naive.commune(by_hand, na_counts_as_met)
        assert (row.met, row.of, row.assessed) == (met, of, known)
        rows.append(row)
        expected.append((met, known))
    tally = rollup.tally(definition, rows)
    plain = naive.province(expected, len(shape), cuts)
    assert (tally.communes, tally.criteria_met) == (plain["communes"], plain["met"])
    assert tally.average == plain["average"]
    counted = {("unknown" if b.low is None else b.low): b.communes for b in tally.brackets}
    assert {low: n for low, n in counted.items() if n} == plain["brackets"]
    assert sum(b.communes for b in tally.brackets) == tally.communes


LEVELS = st.decimals(0, 100, places=1)
SIGNS = st.sampled_from([">=", "<=", "<", ">", "=", "yes"])


@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(SIGNS, LEVELS), min_size=1),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), LEVELS),
)
def test_a_verdict_is_the_naive_one(levels, values):
    indicator = make_indicator(
        levels=[
            make_level(float(level), rule=sign, part=part, selector="region:btb")
            for part, (sign, level) in levels.items()
        ]
    )
    applied = levels_in_force(indicator, Situation(region="btb"))
    assert applied is not None
    given_values = {part: Decimal(value) for part, value in values.items() if part in levels}
    assert judge.verdict(given_values, applied).value == naive.verdict(given_values, levels)
