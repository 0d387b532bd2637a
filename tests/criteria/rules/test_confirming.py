"""What a confirmation has to name, held against the naive reading."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from criteria.rules import ledger
from tests.criteria import naive
from tests.criteria.rules.test_against_naive import START, entries, histories, reviews

LATE = START + timedelta(days=1000)


@given(st.data(), histories())
def test_after_a_confirmation_of_what_was_seen_the_two_readings_agree(data, rows):
    before = naive.confirmed_only(data.draw(reviews([row["id"] for row in rows])), naive.FAR)
    named = ledger.to_be_named(entries(rows), before, day=LATE, seq=naive.FAR)
    agreed = naive.holds(rows, LATE, naive.FAR, only=before | named)
    assert agreed == naive.holds(rows, LATE, naive.FAR)


@given(st.data(), histories())
def test_nothing_older_is_confirmed_along_with_it(data, rows):
    before = naive.confirmed_only(data.draw(reviews([row["id"] for row in rows])), naive.FAR)
    held = naive.holds(rows, LATE, naive.FAR)
    named = ledger.to_be_named(entries(rows), before, day=LATE, seq=naive.FAR)
    for row in rows:
        if row["id"] in named and row != held:
            assert row["replaces"] in before | named
