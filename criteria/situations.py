"""What selects the levels for a commune: its region, group and attributes, its province's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from communes.models import UnitAttribute, UnitVersion
from criteria.definitions import own_levels
from criteria.kept import Kept
from criteria.rules.levels import GROUP, REGION, Situation, under
from criteria.rules.types import OwnLevel, SetDefinition

_SELECTS = {UnitAttribute.Key.REGION.value: REGION, UnitAttribute.Key.COMMUNE_GROUP.value: GROUP}
"""Attributes that selectors know by another name."""


def situation(version: UnitVersion, on: date, asked: SetDefinition | None = None) -> Situation:
    """What selects the levels for a unit on a day, as the set `asked` sees it.

    The region is the commune's own where it has one, else its province's.
    """
    unit_id, province_id = version.unit_id, version.province_id
    found = _SITUATIONS.one(
        (unit_id, province_id, on), lambda: situations([unit_id], province_id, on)[unit_id]
    )
    return found if asked is None else under(asked, found)


_SITUATIONS: Kept[tuple[int, int | None, date], Situation] = Kept()


def situations(
    unit_ids: Collection[int],
    province_id: int | None,
    on: date,
    *,
    own: Sequence[OwnLevel] | None = None,
) -> dict[int, Situation]:
    """:func:`situation` of many units of one province, before any set looks at them.

    `own` stands in for the levels that the province set, where others are to be tried.
    """
    rows = UnitAttribute.objects.alive_on(on).filter(unit_id__in={*unit_ids, province_id})
    of_unit: dict[int, dict[str, UnitAttribute]] = defaultdict(dict)
    for row in rows:
        of_unit[row.unit_id][_SELECTS.get(row.key, row.key)] = row
    of_province = of_unit.get(province_id or 0, {})
    region = {REGION: of_province[REGION]} if REGION in of_province else {}
    levels = own_levels(province_id) if own is None and province_id else tuple(own or ())
    found = {}
    for unit_id in unit_ids:
        facts = region | of_unit.get(unit_id, {})
        values = {key: row.value for key, row in facts.items()}
        found[unit_id] = Situation(
            region=values.pop(REGION, ""),
            group=values.pop(GROUP, ""),
            year=on.year,
            on=on,
            attributes=values,
            unverified=frozenset(key for key, row in facts.items() if row.unverified),
            own=levels,
        )
    return found
