"""Random histories through the real acts: standings and what is confirmed agree with them.

Saves, blocks, voids, undo, confirmations and returns of what may be stale, a merger.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from communes import unit_changes, units
from communes.unit_changes import NewUnit, Rearrangement
from criteria import entry, frozen, ledger, rearranging, reviews, standings
from criteria.entry.block import BlockCell, save_block
from criteria.entry.judging import EntryRefused, Finding
from criteria.entry.undo import undo_last
from criteria.models import CellHead, Result, Review
from criteria.rules.types import Outcome
from tests.criteria import naive
from tests.criteria.reviewing import CONFIRM, RETURN, act, state
from tests.criteria.world import JANUARY, World, make_world

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    return make_world(communes=4)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.integers(0, 1), st.sampled_from(["1.2", "2"]), st.booleans()),
        st.tuples(st.just("void"), st.integers(0, 1), st.sampled_from(["1.2", "2"])),
        st.tuples(st.just("look"), st.integers(0, 1), st.sampled_from([1, 2])),
        st.tuples(st.sampled_from([CONFIRM, RETURN]), st.integers(0, 1), st.sampled_from([1, 2])),
        st.tuples(st.just("block"), st.lists(st.booleans(), min_size=4, max_size=4)),
        st.tuples(st.just("undo")),
        st.tuples(st.just("merge")),
    ),
    max_size=16,
)
""""Look" keeps what a person sees, so that a later review may be stale."""


EACH = [("block", [True] * 4), ("undo",), ("block", [True, False] * 2), (CONFIRM, 0, 2),
        ("merge",), ("save", 1, "2", True), ("undo",), ("block", [False] * 4)]  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
@example(acts=EACH)
def test_any_sequence_of_acts_agrees_with_the_naive_reading(world, acts):
    with transaction.atomic():
        reviewed, fresh = play(world, acts)
        rows = [
            {
                "id": r.pk,
                "cell": (r.unit_id, r.indicator_id),
                "seq": r.change.seq,
                "true_from": r.true_from,
                "verdict": r.verdict,
                "replaces": r.replaces_id,
                "void": r.void,
            }
            for r in Result.objects.select_related("change")
        ]
        cells = {row["cell"] for row in rows}
        agreed = naive.confirmed_only(reviewed, naive.FAR)
        for cell in cells:
            mine = [row for row in rows if row["cell"] == cell]
            now = naive.holds(mine, JANUARY, naive.FAR)
            last = naive.holds(mine, JANUARY, naive.FAR, only=agreed)
            head = CellHead.objects.filter(unit_id=cell[0], indicator_id=cell[1]).first()
            assert (head.result_id if head else None) == (now["id"] if now else None)
            assert (head.confirmed_result_id if head else None) == (last["id"] if last else None)
            if cell in fresh:
                assert now == last
        transaction.set_rollback(True)


def require_standings(world: World) -> None:
    """What is kept of every commune with results is a full recomputation."""
    ids = standings.commune_ids(world.province.unit)
    kept = {row.unit_id: row for row in frozen.rows_now(ids, world.asked.set_id)}
    assert kept.keys() >= set(Result.objects.values_list("unit_id", flat=True))
    for row in standings.recompute(list(kept), world.asked):
        assert kept[row.unit_id] == row


def play(world: World, acts) -> tuple[list[dict], set[tuple[int, int]]]:
    """Carry out random acts; returns the reviews and the cells confirmed as they are now."""
    communes = list(world.communes)
    looked: dict[tuple[int, int], tuple[int, ...]] = {}
    fresh: set[tuple[int, int]] = set()
    for kind, *how in acts:
        if kind == "merge":
            merge_second(world, communes)
            looked = {key: seen for key, seen in looked.items() if key[0] != 1}
        elif kind in WRITES:
            last = Result.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            WRITES[kind](world, communes, *how)
            fresh -= set(Result.objects.filter(pk__gt=last).values_list("unit_id", "indicator_id"))
        else:
            fresh = look_or_review(world, communes, looked, fresh, kind, *how)
        if kind in ("block", "undo", "merge"):
            require_standings(world)
    require_standings(world)
    written = Review.objects.select_related("change")
    return [
        {"seq": r.change.seq, "ids": r.result_ids, "confirms": r.act == "confirm"} for r in written
    ], fresh


def save(world: World, communes, which, code, met) -> None:
    world.save(communes[which], code, verdict=MET if met else NOT_MET)


def void(world: World, communes, which, code) -> None:
    head = head_of(world, communes[which], code)
    if head and head.result:
        entry.void(result=head.result, reason="Nhầm", by=world.officer)


def block(world: World, communes, met) -> None:
    """Two cells of two communes, pasted and applied at once."""
    places = [(commune, code) for commune in communes[:2] for code in ("1.2", "2")]
    heads = [head_of(world, *place) for place in places]
    cells = [
        BlockCell(
            commune=commune,
            indicator_id=world.indicator(code),
            finding=Finding(values={}, verdict=MET if is_met else NOT_MET, note=""),
            seen=head.result_id if head else None,
        )
        for (commune, code), head, is_met in zip(places, heads, met, strict=True)
    ]
    save_block(province=world.province.unit, cells=cells, by=world.officer)


def undo(world: World, communes) -> None:
    with suppress(EntryRefused):
        undo_last(
            province=world.province.unit,
            unit_ids=[commune.unit_id for commune in communes],
            indicator_ids=[world.indicator(code) for code in ("1.2", "2")],
            by=world.officer,
        )


WRITES = {"save": save, "void": void, "block": block, "undo": undo}


def head_of(world: World, commune, code: str) -> CellHead | None:
    heads = CellHead.objects.filter(unit=commune.unit)
    return heads.filter(indicator_id=world.indicator(code)).first()


def merge_second(world: World, communes) -> None:
    """The second commune becomes one with the third, once; its successor takes its place."""
    if communes[1] != world.communes[1]:
        return
    asked = Rearrangement(
        kind="merge",
        effective_on=date(2018, 1, 15),
        instrument="1/NQ-UBTVQH14",
        ends=tuple(commune.unit_id for commune in communes[1:3]),
        begins=(NewUnit(code=communes[1].code, name="Hợp Nhất", kind="xa"),),
    )
    province = world.province.unit
    seen = unit_changes.plan(asked, province=province).fingerprint
    rearranging.record(asked=asked, province=province, seen=seen, by=world.officer)
    communes[1] = units.find(communes[1].code, JANUARY)


def look_or_review(world: World, communes, looked, fresh, kind, which, number) -> set:
    """A look, or a review of what was looked at; the cells confirmed as they are afterwards."""
    commune = communes[which]
    now = state(world, commune, number)
    if kind == "look":
        looked[which, number] = now.seen
        return fresh
    seen = looked.pop((which, number), now.seen)
    if not seen:
        return fresh
    one = act(world, commune, number, kind, seen)
    reviews.review(province=world.province.unit, acts=[one], by=world.officer, reason="Xem lại")
    cells = {(commune.unit_id, i) for i in ledger.cells_of(now.criterion)}
    return fresh | cells if kind == CONFIRM and seen == now.seen else fresh - cells
