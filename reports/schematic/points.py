"""The point from which each commune of a list is placed, also of those that have none recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from communes import succession
from communes.models import UnitPoint
from reports.schematic.placement import Point


def points_of(unit_ids: Sequence[int], districts: Mapping[int, int | None]) -> list[Point]:
    """A point for each commune, in their order; at most three queries.

    Without one of its own a commune lies where those it was made of lie, else where those lie
    that it went into, else in the middle of its district, else of the province.
    """
    own = _recorded(unit_ids)
    missing = [pk for pk in unit_ids if pk not in own]
    if missing:
        lineage = succession.lineage_of(missing)
        kin = _recorded(lineage.units)
        for pk in missing:
            for others in (lineage.predecessors(pk), lineage.successors(pk)):
                known = [kin[other] for other in others if other in kin]
                if known:
                    own[pk] = _middle(known)
                    break
    inside: dict[int | None, list[Point]] = defaultdict(list)
    for pk, point in own.items():
        inside[districts.get(pk)].append(point)
    province = _middle(own.values())
    for pk in unit_ids:
        if pk not in own:
            own[pk] = _middle(inside[districts.get(pk)]) if districts.get(pk) else province
    return [own[pk] if own[pk] != NOWHERE else province for pk in unit_ids]


NOWHERE: Point = (0.0, 0.0)


def _recorded(unit_ids: Iterable[int]) -> dict[int, Point]:
    rows = UnitPoint.objects.filter(unit_id__among=list(unit_ids))
    return {pk: (longitude, latitude) for pk, longitude, latitude in rows.values_list()}


def _middle(points: Iterable[Point]) -> Point:
    found = list(points)
    if not found:
        return NOWHERE
    return (
        sum(longitude for longitude, _ in found) / len(found),
        sum(latitude for _, latitude in found) / len(found),
    )
