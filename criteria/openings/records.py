"""Openings that were recorded and hold, read from the ledger and its audit lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from communes.models import Change, ChangeLine
from criteria.models import Result
from criteria.openings.shapes import Recorded
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
