"""Openings that were recorded and hold, read from the ledger and its audit lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from communes.models import Change, ChangeLine, UnitVersion
from criteria.models import Result
from criteria.openings.shapes import Recorded, ranges
from criteria.rules.opening import Pick

TAKE_OVER = "opening.take_over"
LINE = "criteria_opening"
"""What the audit line of an opening is filed under: one line for each unit of the act."""


def recorded(unit_ids: Collection[int]) -> dict[int, Recorded]:
    """The opening of each unit that has one that holds."""
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    held = Result.objects.filter(
        unit_id__in=unit_ids,
        cause=Result.Cause.OPENING,
        void=False,
        replaced_by=None,
        change__action=TAKE_OVER,
    )
    for unit_id, change_id in held.values_list("unit_id", "change_id"):
        counts[unit_id][change_id] += 1
    if not counts:
        return {}
    ids = {change_id for found in counts.values() for change_id in found}
    changes = Change.objects.select_related("by").in_bulk(ids)
    lines = {
        (line.change_id, line.after["unit"]): line.after
        for line in ChangeLine.objects.filter(change_id__in=ids, table=LINE)
    }
    return {
        unit_id: _recorded(changes[change_id], lines[change_id, unit_id], number)
        for unit_id, found in counts.items()
        for change_id, number in found.items()
    }


def _recorded(change: Change, line: Mapping[str, Any], results: int) -> Recorded:
    return Recorded(
        change=change,
        pick=Pick(line["rule"]),
        document=change.reason,
        taken={
            code: {int(number): key for number, key in found.items()}
            for code, found in line["taken"].items()
        },
        results=results,
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """An opening in one line: `sources` are (predecessor, its criteria of the first set)."""

    recorded: Recorded
    sources: list[tuple[str, str]]


def told(unit_id: int, *, seq: int | None = None) -> Told | None:
    """Where the results came from that a unit started with, if anywhere, as known at `seq`."""
    held = recorded([unit_id]).get(unit_id)
    if held is None or (seq is not None and held.change.seq > seq):
        return None
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, key in next(iter(held.taken.values())).items():
        numbers[key].append(number)
    versions = UnitVersion.objects.filter(unit__key__in=numbers).select_related("unit")
    names = {v.unit.key: v.full_name for v in versions.order_by("valid")}
    return Told(
        recorded=held, sources=[(names[key], ranges(found)) for key, found in numbers.items()]
    )
