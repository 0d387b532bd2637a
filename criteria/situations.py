"""What selects the levels for a commune: its region, group and attributes, its province's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from communes.models import UnitAttribute, UnitVersion
from criteria.definitions import own_levels
from criteria.rules.levels import GROUP, REGION, Situation, under
from criteria.rules.types import OwnLevel, SetDefinition

_SELECTS = {UnitAttribute.Key.REGION.value: REGION, UnitAttribute.Key.COMMUNE_GROUP.value: GROUP}
"""Attributes that selectors know by another name."""


def situation(version: UnitVersion, on: date, asked: SetDefinition | None = None) -> Situation:
    """What selects the levels for a unit on a day, as the set `asked` sees it.

    The region is the commune's own where it has one, else its province's.
    """
    where = situations([version], on)[version.unit_id]
    return where if asked is None else under(asked, where)


def situations(
    versions: Collection[UnitVersion], on: date, *, own: Sequence[OwnLevel] | None = None
) -> dict[int, Situation]:
    """Unit id → what selects its levels on a day, for many units; three queries at most.

    `own` stands in for the levels that the province set, where others are to be tried.
    """
    ids = {version.unit_id for version in versions}
    provinces = {version.province_id for version in versions if version.province_id}
    rows: dict[int, list[UnitAttribute]] = defaultdict(list)
    for row in UnitAttribute.objects.alive_on(on).filter(unit_id__in=ids | provinces):
        rows[row.unit_id].append(row)
    levels = {pk: own_levels(pk) if own is None else tuple(own) for pk in provinces}
    found = {}
    for version in versions:
        province_id = version.province_id or 0
        above = [row for row in rows[province_id] if _key(row) == REGION]
        facts = {_key(row): row for row in [*above, *rows[version.unit_id]]}
        values = {key: row.value for key, row in facts.items()}
        found[version.unit_id] = Situation(
            region=values.pop(REGION, ""),
            group=values.pop(GROUP, ""),
            year=on.year,
            on=on,
            attributes=values,
            unverified=frozenset(key for key, row in facts.items() if row.unverified),
            own=levels.get(province_id, ()),
        )
    return found


def _key(row: UnitAttribute) -> str:
    return _SELECTS.get(row.key, row.key)
