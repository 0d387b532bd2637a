"""What selects the levels for a commune: its region, group and attributes, its province's own."""

from __future__ import annotations

from datetime import date

from communes.models import UnitAttribute, UnitVersion
from criteria.definitions import own_levels
from criteria.rules.levels import GROUP, REGION, Situation, under
from criteria.rules.types import SetDefinition

_SELECTS = {UnitAttribute.Key.REGION.value: REGION, UnitAttribute.Key.COMMUNE_GROUP.value: GROUP}
"""Attributes that selectors know by another name."""


def situation(version: UnitVersion, on: date, asked: SetDefinition | None = None) -> Situation:
    """What selects the levels for a unit on a day, as the set `asked` sees it.

    The region is the commune's own where it has one, else its province's.
    """
    rows = UnitAttribute.objects.alive_on(on).filter(
        unit_id__in=[version.province_id, version.unit_id]
    )
    found: dict[str, UnitAttribute] = {}
    for row in sorted(rows, key=lambda row: row.unit_id == version.unit_id):
        key = _SELECTS.get(row.key, row.key)
        if row.unit_id == version.unit_id or key == REGION:
            found[key] = row
    values = {key: row.value for key, row in found.items()}
    where = Situation(
        region=values.pop(REGION, ""),
        group=values.pop(GROUP, ""),
        year=on.year,
        on=on,
        attributes=values,
        unverified=frozenset(key for key, row in found.items() if row.unverified),
        own=own_levels(version.province_id) if version.province_id else (),
    )
    return where if asked is None else under(asked, where)
