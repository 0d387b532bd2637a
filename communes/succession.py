"""Loads who carries on from whom: the edges around units, and whom a right reaches back to.

Withdrawn rearrangements are never read. A fixed number of queries, however long the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from communes.lineage import PART, Circle, Lineage
from communes.models import EventUnit, UnitEvent, UnitVersion


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """A unit with everything that came before and after it.

    `lineage` holds its predecessors and successors, direct and through others, and the edges
    that join other units to those; `events` and `notes` are by (old, new). `versions` are what
    each of them was called, oldest first. `unjoined` are rearrangements that ended or began a
    unit without saying who carried on, by (unit, "ended" or "began").
    """

    unit_id: int
    lineage: Lineage
    versions: Mapping[int, tuple[UnitVersion, ...]]
    events: Mapping[tuple[int, int], UnitEvent]
    notes: Mapping[tuple[int, int], str]
    unjoined: Mapping[tuple[int, str], UnitEvent]

    def first_day(self, unit_id: int) -> date | None:
        """The first day of a unit; None when it is older than the register."""
        return self.versions[unit_id][0].starts_on

    def named_before(self, unit_id: int, day: date | None) -> UnitVersion:
        """What a unit was called last before a day; without a day, last of all."""
        earlier = [
            v for v in self.versions[unit_id] if day is None or (v.starts_on or date.min) < day
        ]
        return earlier[-1]

    def last_day(self, unit_id: int) -> date | None:
        """The last day of a unit; None while it lives."""
        return self.versions[unit_id][-1].last_day


def lineage_of(unit_ids: Collection[int]) -> Lineage:
    """The edges around units, as :class:`Surroundings` has them; one query."""
    return _lineage(_edges(unit_ids))


def surroundings(unit_id: int) -> Surroundings:
    """A unit with its predecessors and successors; at most four queries, for most units two."""
    edges = _edges([unit_id])
    lineage = _lineage(edges)
    ids = lineage.units | {unit_id}
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit_id__in=ids).select_related("unit__clock"):
        versions[version.unit_id].append(version)
    events = UnitEvent.objects.in_bulk({edge.event_id for edge in edges})
    in_time = {
        pk: tuple(sorted(found, key=lambda version: version.starts_on or date.min))
        for pk, found in versions.items()
    }
    return Surroundings(
        unit_id=unit_id,
        lineage=lineage,
        versions=in_time,
        events={(edge.old, edge.new): events[edge.event_id] for edge in edges},
        notes={(edge.old, edge.new): edge.note for edge in edges if edge.note},
        unjoined=_unjoined(unit_id, lineage, in_time),
    )


def circle(pairs: Iterable[tuple[int, int]], *, apart_from: UnitEvent | None = None) -> list[int]:
    """The units that edges (old, new) would let carry each other on in a circle; [] without one.

    They would stand beside the edges there are, `apart_from` those of one event.
    """
    new = set(pairs)
    held = _edges({pk for pair in new for pk in pair})
    joined = {
        (edge.old, edge.new) for edge in held if not apart_from or edge.event_id != apart_from.pk
    }
    try:
        Lineage((old, late, date.min, PART, False) for old, late in joined | new)
    except Circle as found:
        return list(found.units)
    return []


def _unjoined(
    unit_id: int, lineage: Lineage, versions: Mapping[int, Sequence[UnitVersion]]
) -> dict[tuple[int, str], UnitEvent]:
    """Rearrangements of a unit and its kin that began or ended one where no edge leads on."""
    ended, began = EventUnit.Part.ENDED, EventUnit.Part.BEGAN
    wanted = set()
    for pk in (unit_id, *lineage.predecessors(unit_id), *lineage.successors(unit_id)):
        if versions[pk][0].starts_on and not lineage.before(pk):
            wanted.add((pk, began))
        if versions[pk][-1].last_day and not lineage.after(pk):
            wanted.add((pk, ended))
    if not wanted:
        return {}
    rows = EventUnit.objects.filter(
        unit_id__in={pk for pk, _ in wanted}, event__withdrawn=False, part__in=[ended, began]
    ).select_related("event")
    return {(row.unit_id, row.part): row.event for row in rows if (row.unit_id, row.part) in wanted}


_LIVE = "communes_succession s JOIN communes_unitevent e ON e.id = s.event_id AND NOT e.withdrawn"

_AROUND = f"""
WITH RECURSIVE
back(unit_id) AS (
    SELECT unnest(%(units)s::bigint[])
     UNION
    SELECT s.old_id FROM back JOIN {_LIVE} ON s.new_id = back.unit_id
),
ahead(unit_id) AS (
    SELECT unnest(%(units)s::bigint[])
     UNION
    SELECT s.new_id FROM ahead JOIN {_LIVE} ON s.old_id = ahead.unit_id
),
near AS (SELECT unit_id FROM back UNION SELECT unit_id FROM ahead)
SELECT s.old_id, s.new_id, e.effective_on, s.extent, s.inferred OR e.inferred, e.id, s.note,
       EXISTS (SELECT FROM communes_unitversion v
                WHERE v.unit_id = s.new_id
                  AND (lower_inf(v.valid) OR lower(v.valid) < e.effective_on))
  FROM (SELECT id FROM communes_succession WHERE new_id IN (SELECT unit_id FROM near)
         UNION
        SELECT id FROM communes_succession WHERE old_id IN (SELECT unit_id FROM near)) touching
  JOIN communes_succession s USING (id)
  JOIN communes_unitevent e ON e.id = s.event_id AND NOT e.withdrawn
 ORDER BY e.effective_on, s.id
"""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A row of the query; `lived`: the new unit was there before this edge."""

    old: int
    new: int
    day: date
    extent: str
    inferred: bool
    event_id: int
    note: str
    lived: bool


def _edges(unit_ids: Collection[int]) -> list[_Edge]:
    """Every edge around the units, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"units": list(unit_ids)})
        return [_Edge(*row) for row in cursor]


def _lineage(edges: Sequence[_Edge]) -> Lineage:
    first: dict[int, _Edge] = {}
    for edge in edges:
        first.setdefault(edge.new, edge)
    return Lineage(
        [(edge.old, edge.new, edge.day, edge.extent, edge.inferred) for edge in edges],
        lived=[unit for unit, edge in first.items() if edge.lived],
    )


_INHERITED = f"""
WITH RECURSIVE
asked(version_id, unit_id, province_id, parent_id, until) AS (
    SELECT id, unit_id, province_id, parent_id, upper(valid)
      FROM communes_unitversion WHERE id = ANY(%(versions)s)
),
heirs(version_id, own, unit_id) AS (
    SELECT version_id, true, unit_id FROM asked
     UNION
    SELECT version_id, false, unnest(ARRAY[parent_id, province_id]) FROM asked
     UNION
    SELECT heirs.version_id, heirs.own, s.new_id FROM heirs JOIN {_LIVE} ON s.old_id = heirs.unit_id
)
SELECT version_id FROM heirs WHERE unit_id = ANY(%(held)s)
 UNION
SELECT version_id
  FROM heirs JOIN asked USING (version_id) JOIN communes_unitversion later
    ON later.unit_id = heirs.unit_id AND lower(later.valid) >= asked.until
 WHERE heirs.own AND (later.parent_id = ANY(%(held)s) OR later.province_id = ANY(%(held)s))
"""


def inherited(versions: Collection[UnitVersion], held: Collection[int]) -> set[int]:
    """Which of `versions` (by id) a right on the units `held` reaches back to; one query.

    A right on a unit includes reading its predecessors and what lay inside them, and reading
    the predecessors of the units inside it. What still is as it was has no heirs: not asked.
    """
    ended = [version.pk for version in versions if version.valid.upper is not None]
    if not ended or not held:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_INHERITED, {"versions": ended, "held": list(held)})
        return {row[0] for row in cursor}
