"""The places of the communes of a province, computed once for each list of communes and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from communes import units
from communes.models import Kind, UnitVersion
from criteria import days
from criteria.figures import Figures
from reports.models import Schematic, SchematicPlace
from reports.schematic.placement import place
from reports.schematic.points import points_of


class Spot(NamedTuple):
    """A commune as it is called on a day, its kind in words, and its hexagon."""

    unit_id: int
    x: int
    y: int
    code: str
    kind: str
    name: str


def spots(answer: Figures) -> list[Spot]:
    """Every commune that the answer counts, each with its place; one query once placed.

    A district has its patch of the province's map, which costs a query more. A list of communes
    that was never placed (after a merger) is placed now and kept.
    """
    rows = [row for row in answer.rows if row.in_programme]
    counted = {row.unit_id for row in rows}
    province_id = answer.unit.province_id
    if province_id is None or not counted:
        return []
    if answer.unit.unit_id == province_id:
        listed = {row.unit_id: row.district_id for row in rows}
        return _spots(province_id, listed, answer.on)
    listed = programme(units.province_of(answer.unit, answer.on), answer.on)
    listed |= {row.unit_id: row.district_id for row in rows if row.unit_id not in listed}
    return [spot for spot in _spots(province_id, listed, answer.on) if spot.unit_id in counted]


def programme(province: UnitVersion, on: date) -> dict[int, int | None]:
    """The communes of the programme on a day → their district, None where there is none."""
    found = units.communes_in_programme(province, on).values_list("unit_id", "parent_id")
    return {pk: None if parent == province.unit_id else parent for pk, parent in found}


def keep(*, province_id: int, districts: Mapping[int, int | None]) -> bool:
    """Place a list of communes (commune → district) unless it is placed already.

    Of two that come at once, one places; True if it was this one.
    """
    listed = sorted(districts)
    with transaction.atomic():
        made, new = Schematic.objects.get_or_create(province_id=province_id, digest=digest(listed))
        if new:
            places = place(points_of(listed, districts), [districts[pk] for pk in listed])
            SchematicPlace.objects.bulk_create(
                SchematicPlace(schematic=made, unit_id=pk, x=x, y=y)
                for pk, (x, y) in zip(listed, places, strict=True)
            )
    return new


def keep_opening(*, province_id: int) -> bool:
    """Place the communes of the day that the pages of a province open with; see :func:`keep`."""
    province, day = days.openings([province_id])[province_id]
    on = units.last_loaded_day(province, day)
    return keep(province_id=province_id, districts=programme(province, on))


def _spots(province_id: int, districts: Mapping[int, int | None], on: date) -> list[Spot]:
    found = _read(province_id, districts, on)
    if not found and keep(province_id=province_id, districts=districts):
        found = _read(province_id, districts, on)
    return found


_KEPT = """
    WITH named AS MATERIALIZED (
      SELECT unit_id, code, kind, name FROM communes_unitversion
       WHERE province_id = %(province)s AND valid @> %(on)s::date
    )
    SELECT place.y, place.x, named.* FROM reports_schematic AS schematic
      JOIN reports_schematicplace AS place ON place.schematic_id = schematic.id
      JOIN named ON named.unit_id = place.unit_id
     WHERE schematic.province_id = %(province)s AND schematic.digest = %(digest)s
"""
"""By hand: the overview has three milliseconds for it, and names are read in one scan."""


def _read(province_id: int, unit_ids: Collection[int], on: date) -> list[Spot]:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"province": province_id, "digest": digest(unit_ids), "on": on})
        rows = sorted(cursor.fetchall())
    kinds = dict(Kind.choices)
    return [
        Spot(unit_id, x, y, code, kinds[kind], name) for y, x, unit_id, code, kind, name in rows
    ]


def digest(unit_ids: Collection[int]) -> str:
    """How a list of communes is named."""
    listed = ",".join(map(str, sorted(unit_ids)))
    return hashlib.blake2b(listed.encode(), digest_size=16).hexdigest()
