"""Rearrangements of units for tests: units that end, units that begin, and the edges between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from communes.models import EventUnit, Succession, UnitEvent, UnitVersion
from tests.factories import days


def end(version: UnitVersion, day: date) -> UnitVersion:
    """Let a version be in force until the day before `day`."""
    version.valid = days(version.valid.lower, day)
    version.save()
    return version


def rearrange(
    day: date,
    edges: Mapping[tuple[UnitVersion, UnitVersion], str],
    *,
    kind: str = UnitEvent.Kind.MERGE,
    inferred: bool = False,
    withdrawn: bool = False,
    instrument: str = "01/NQ-UBTVQH",
    ended: tuple[UnitVersion, ...] = (),
    began: tuple[UnitVersion, ...] = (),
    changed: tuple[UnitVersion, ...] = (),
) -> UnitEvent:
    """An event with its edges, {(old, new): "whole"}; further units it names without an edge."""
    first = next(iter(edges), None) or (*ended, *began, *changed)
    event = UnitEvent.objects.create(
        clock_id=first[-1].unit.clock_id,
        kind=kind,
        effective_on=day,
        instrument=instrument,
        inferred=inferred,
        withdrawn=withdrawn,
    )
    parts = {
        EventUnit.Part.ENDED: dict.fromkeys([*(old.unit_id for old, _ in edges), *_ids(ended)]),
        EventUnit.Part.BEGAN: dict.fromkeys([*(new.unit_id for _, new in edges), *_ids(began)]),
        EventUnit.Part.CHANGED: dict.fromkeys(_ids(changed)),
    }
    for part, unit_ids in parts.items():
        for unit_id in unit_ids:
            EventUnit.objects.create(event=event, unit_id=unit_id, part=part)
    for (old, new), extent in edges.items():
        Succession.objects.create(
            event=event, old_id=old.unit_id, new_id=new.unit_id, extent=extent, inferred=inferred
        )
    return event


def _ids(versions: tuple[UnitVersion, ...]) -> list[int]:
    return [version.unit_id for version in versions]
