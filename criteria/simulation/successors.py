"""How simulated communes go on over a change of units: as an office would decide it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from communes.models import Unit, User
from criteria import openings
from criteria.models import Result

DOCUMENT = "MP-01/QĐ-UBND (mô phỏng)"


def start(
    unit_ids: Collection[int], *, known: Collection[int], by: User, moment: datetime
) -> dict[int, int]:
    """Decide the start of every commune that is not `known`: its lowest predecessor's results.

    Returns whose way each commune goes on: its own or that predecessor's. A commune without a
    known predecessor is in none; its first findings are simulated.
    """
    new = [unit_id for unit_id in unit_ids if unit_id not in known]
    starts = openings.starts(new)
    taken = {
        unit_id: found.lowest.unit_id
        for unit_id, found in starts.items()
        if found.lowest is not None and found.lowest.unit_id in known
    }
    if taken:
        units = Unit.objects.in_bulk(taken)
        openings.take_over_proposed(
            units=list(units.values()), document=DOCUMENT, by=by, simulated_at=moment
        )
        for unit_id, unit in units.items():
            if tier := starts[unit_id].proposed_tier:
                openings.open_status(
                    unit=unit,
                    tier=tier,
                    number=DOCUMENT,
                    decided_on=moment.date(),
                    by=by,
                    simulated_at=moment,
                )
    return {unit_id: unit_id for unit_id in unit_ids if unit_id in known} | taken


def heads(unit_ids: Collection[int], *, known: Collection[int]) -> dict[tuple[int, int], int]:
    """(commune, indicator) → the opening result of each commune that is not `known`."""
    new = [unit_id for unit_id in unit_ids if unit_id not in known]
    rows = Result.objects.filter(unit_id__in=new, cause=Result.Cause.OPENING)
    return {
        (unit_id, indicator_id): pk
        for unit_id, indicator_id, pk in rows.values_list("unit_id", "indicator_id", "pk")
    }
