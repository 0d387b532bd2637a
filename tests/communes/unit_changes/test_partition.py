"""Whatever is recorded and withdrawn in whatever order, every day has one whole map."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import UnitEvent, UnitVersion
from communes.unit_changes import Alteration, NewUnit, Rearrangement, UnitsRefused, resting
from tests.communes.unit_changes.land import REFORM, Land, make_land

DAYS = [REFORM + timedelta(days=days) for days in (0, 1, 30, 60, 90, 120)]
CODES = [f"0600{number}" for number in range(1, 8)]
KINDS = ["merge", "split", "establish", "abolish", "rename", "reclassify"]

act = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*KINDS, "withdraw", "withdraw"]),
        "day": st.sampled_from(DAYS),
        "units": st.lists(st.integers(0, 9), min_size=1, max_size=3),
        "codes": st.lists(st.sampled_from(CODES), min_size=1, max_size=2),
        "which": st.integers(0, 5),
    }
)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(act, min_size=2, max_size=9))
def test_every_day_stays_a_partition(db, acts):
    with transaction.atomic():
        land = make_land()
        before = snapshot(land)
        events: list[UnitEvent] = []
        for one in acts:
            do(land, one, events)
            with connection.cursor() as cursor:  # parents are checked at the commit otherwise
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            must_hold(land)
        for event in reversed(events):
            assert resting.resting_on(event) == []
            land.undo(event)
        assert snapshot(land) == before
        transaction.set_rollback(True)


def do(land: Land, one: dict[str, Any], events: list[UnitEvent]) -> None:
    """Record or withdraw; what is refused must leave everything as it was."""
    if one["kind"] == "withdraw":
        if events:
            event = events[one["which"] % len(events)]
            if not resting.resting_on(event):
                land.undo(event)
                events.remove(event)
        return
    asked = rearrangement(land, one)
    was = snapshot(land)
    try:
        shown = land.plan(asked)
    except UnitsRefused:
        assert snapshot(land) == was
        return
    events.append(land.record(asked))
    assert snapshot(land) == predicted(was, shown)


def rearrangement(land: Land, one: dict[str, Any]) -> Rearrangement:
    alive = list(
        UnitVersion.objects.alive_on(one["day"]).communes().within(land.province).order_by("code")
    )
    chosen = list(dict.fromkeys(alive[n % len(alive)].unit_id for n in one["units"]))
    begins = tuple(NewUnit(code=code, name=f"M{code}", kind="xa") for code in one["codes"])
    how: dict[str, Any] = {
        "merge": {"ends": chosen, "begins": begins[:1]},
        "split": {"ends": chosen[:1], "begins": begins},
        "establish": {"stays": chosen[:1], "begins": begins[:1]},
        "abolish": {"ends": chosen[:1], "stays": chosen[1:]},
        "rename": {"alters": [Alteration(unit_id=chosen[0], name=f"Tên {one['which']}")]},
        "reclassify": {
            "alters": [Alteration(unit_id=chosen[0], kind="phuong", code=one["codes"][0])]
        },
    }[one["kind"]]
    return Rearrangement(
        kind=one["kind"],
        effective_on=one["day"],
        instrument="1/NQ",
        **{name: tuple(value) for name, value in how.items()},
    )


type Row = tuple[str, date | None, date | None, str, str, str]


def snapshot(land: Land) -> set[Row]:
    rows = UnitVersion.objects.communes().within(land.province).select_related("unit")
    return {row(v, v.unit.key, v.valid.upper) for v in rows}


def row(version: UnitVersion, key: str, until: date | None) -> Row:
    return (key, version.valid.lower, until, version.code, version.name, version.kind)


def predicted(was: set[Row], plan: Any) -> set[Row]:
    """What the preview shows, applied to the picture of before."""
    day = plan.asked.effective_on
    cut = {v.unit.key for v in (*plan.ends, *(before for before, _ in plan.alters))}
    now = {
        (key, first, day if key in cut and until is None else until, *rest)
        for key, first, until, *rest in was
    }
    now |= {row(v, f"{v.code}@{day}", None) for v in plan.begins}
    return now | {row(after, after.unit.key, None) for _, after in plan.alters}


def must_hold(land: Land) -> None:
    """No code twice, no unit twice, everybody's parent alive, on every day that matters."""
    for day in {*DAYS, *(day - timedelta(days=1) for day in DAYS), date(2100, 1, 1)}:
        alive = list(UnitVersion.objects.alive_on(day).communes())
        assert len({v.code for v in alive}) == len({v.unit_id for v in alive}) == len(alive)
        living = set(UnitVersion.objects.alive_on(day).values_list("unit_id", flat=True))
        assert {v.parent_id for v in alive} | {v.province_id for v in alive} <= living
    nameless = UnitVersion.objects.filter(valid__isempty=True)
    assert not nameless.exists()
