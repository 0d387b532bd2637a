"""The SQL of the ledger and the standings kept beside it agree with the naive rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Change
from criteria import frozen, ledger, standings
from criteria.models import Result, Standing
from criteria.rules.types import Outcome
from tests.criteria import naive
from tests.criteria.world import JANUARY, World, make_world

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "1*", "2", "2*"]
VERDICTS = st.sampled_from(list(Outcome))
DAYS = st.integers(0, 3).map(lambda n: JANUARY - timedelta(days=31 * n))


@pytest.fixture
def world() -> World:
    return make_world()


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("fact"), st.integers(0, 1), st.sampled_from(CODES), VERDICTS, DAYS),
        st.tuples(st.just("correct"), st.integers(0, 30), VERDICTS, DAYS, st.booleans()),
        st.tuples(st.just("review"), st.sets(st.integers(0, 30), max_size=4), st.booleans()),
    ),
    max_size=14,
)


def play(world: World, acts) -> tuple[list[dict], list[dict]]:
    """Write random acts to the ledger; returns the same as naive rows and reviews."""
    rows: list[dict] = []
    reviews: list[dict] = []

    def add(result: Result) -> None:
        rows.append(
            {
                "id": result.pk,
                "unit": result.unit_id,
                "indicator": result.indicator_id,
                "seq": Change.objects.get(pk=result.change_id).seq,
                "true_from": result.true_from,
                "verdict": str(result.verdict),
                "replaces": result.replaces_id,
                "void": result.void,
            }
        )

    by_unit = {c.unit_id: c for c in world.communes}
    for kind, *act in acts:
        if kind == "fact":
            which, code, verdict, day = act
            add(world.record(world.communes[which], world.indicator(code), verdict, day))
        elif kind == "correct":
            pick, verdict, day, void = act
            free = [r for r in rows if not any(x["replaces"] == r["id"] for x in rows)]
            if free:
                old = free[pick % len(free)]
                add(
                    world.record(
                        by_unit[old["unit"]],
                        old["indicator"],
                        verdict,
                        day,
                        replaces=old["id"],
                        void=void,
                    )
                )
        elif rows:
            picks, confirms = act
            for unit_id, commune in by_unit.items():
                ids = sorted(
                    {rows[p % len(rows)]["id"] for p in picks}
                    & {r["id"] for r in rows if r["unit"] == unit_id}
                )
                if ids:
                    review = world.review(commune, 1, ids, confirms=confirms)
                    seq = Change.objects.get(pk=review.change_id).seq
                    reviews.append({"seq": seq, "ids": ids, "confirms": confirms})
    return rows, reviews


def expected(world: World, rows, day, seq, only=None) -> dict:
    found = {}
    for commune in world.communes:
        for indicator in ledger.indicator_ids(world.asked):
            mine = [r for r in rows if r["unit"] == commune.unit_id and r["indicator"] == indicator]
            held = naive.holds(mine, day, seq, only=only)
            if held:
                found[(commune.unit_id, indicator)] = held
    return found


def flat(heads) -> dict:
    return {(u, i): h.result_id for u, cells in heads.items() for i, h in cells.items()}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS, day=DAYS, known=st.integers(0, 20))
def test_ledger_and_standings_agree_with_the_naive_rules(world, acts, day, known):
    with transaction.atomic():
        rows, reviews = play(world, acts)
        ids = [c.unit_id for c in world.communes]
        indicators = ledger.indicator_ids(world.asked)
        seq = min((r["seq"] for r in rows), default=0) + known
        reported = expected(world, rows, day, seq)
        confirmed = expected(world, rows, day, seq, naive.confirmed_only(reviews, seq))
        got = ledger.reported(ids, indicators, day=day, seq=seq)
        assert flat(got) == {k: r["id"] for k, r in reported.items()}
        got = ledger.confirmed(ids, indicators, day=day, seq=seq)
        assert flat(got) == {k: r["id"] for k, r in confirmed.items()}

        later = expected(world, rows, day, seq, naive.confirmed_only(reviews, naive.FAR))
        got = ledger.confirmed(ids, indicators, day=day, seq=seq, reviewed=naive.FAR)
        assert flat(got) == {k: r["id"] for k, r in later.items()}

        standings.rebuild(province=world.province.unit, on=JANUARY)
        now = expected(world, rows, JANUARY, naive.FAR)
        agreed = expected(world, rows, JANUARY, naive.FAR, naive.confirmed_only(reviews, naive.FAR))
        assert flat(standings.heads(ids, indicators)[0]) == {k: r["id"] for k, r in now.items()}
        for commune in world.communes:
            kept = Standing.objects.get(unit=commune.unit, set_id=world.asked.set_id)
            assert (kept.met, kept.met_confirmed) == (
                met_by_hand(world, commune, now),
                met_by_hand(world, commune, agreed),
            )
        transaction.set_rollback(True)


def met_by_hand(world: World, commune, held) -> int:
    criteria = {
        c.number: naive.criterion(
            {x.code: held.get((commune.unit_id, x.id)) for x in c.indicators},
            held.get((commune.unit_id, c.conclusion_id)),
        )
        for c in world.asked.criteria
    }
    return naive.commune(criteria, True)[0]


SAVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("1.1"), st.integers(0, 100), st.none(), DAYS),
            st.tuples(st.sampled_from(["1.2", "2"]), st.none(), VERDICTS, DAYS),
        ),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(saves=SAVES)
def test_standings_written_save_by_save_equal_a_full_recomputation(world, saves):
    with transaction.atomic():
        for which, (code, value, verdict, day) in saves:
            world.save(world.communes[which], code, value, verdict, true_from=day)
        ids = [c.unit_id for c in world.communes]
        kept = {r.unit_id: r for r in frozen.rows_now(ids, world.asked.set_id)}
        for row in standings.recompute(list(kept), world.asked):
            assert kept[row.unit_id] == row
        transaction.set_rollback(True)
