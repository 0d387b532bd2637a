"""Where a new unit comes from: how it began, and who its predecessors are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from communes.models import Succession, UnitEvent, UnitVersion
from criteria import sets
from criteria.models import CriteriaSet


@dataclass(kw_only=True)
class Birth:
    """A unit as it began: its first version, and the sets its province judged by that day."""

    version: UnitVersion
    adopted: list[CriteriaSet] = field(default_factory=list)

    @property
    def day(self) -> date | None:
        return self.version.starts_on

    @property
    def eve(self) -> date:
        """The last day of the units before it."""
        return (self.day or date.min + timedelta(days=1)) - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One predecessor of one new unit, however many events name it."""

    old: int
    whole: bool
    inferred: bool


def births(unit_ids: Collection[int]) -> dict[int, Birth]:
    """How each unit began; sets only where the register knows its first day."""
    found: dict[int, Birth] = {}
    versions = UnitVersion.objects.filter(unit_id__in=unit_ids).select_related("unit__clock")
    for version in sorted(versions, key=lambda v: v.starts_on or date.min):
        found.setdefault(version.unit_id, Birth(version=version))
    adopted: dict[tuple[int, date], list[CriteriaSet]] = {}
    for birth in found.values():
        if birth.day is None or birth.version.province_id is None:
            continue
        place = (birth.version.province_id, birth.day)
        if place not in adopted:
            adopted[place] = sets.adopted_sets(*place)
        birth.adopted = adopted[place]
    return found


def predecessors(
    born: Mapping[int, Birth],
) -> tuple[dict[int, list[Edge]], dict[int, list[UnitEvent]]]:
    """(edges, events) by new unit: who it was made of, by rearrangements that stand."""
    rows = Succession.objects.filter(new_id__in=born, event__withdrawn=False)
    edges: dict[int, dict[int, Edge]] = defaultdict(dict)
    events: dict[int, dict[int, UnitEvent]] = defaultdict(dict)
    for row in rows.select_related("event").order_by("pk"):
        day = born[row.new_id].day
        if day is None or row.event.effective_on > day:
            continue  # what was added to it later is not its start
        inferred = row.inferred or row.event.inferred
        whole = row.extent == Succession.Extent.WHOLE
        if (known := edges[row.new_id].get(row.old_id)) is not None:
            whole, inferred = whole or known.whole, inferred and known.inferred
        edges[row.new_id][row.old_id] = Edge(old=row.old_id, whole=whole, inferred=inferred)
        events[row.new_id][row.event_id] = row.event
    return (
        {new: list(found.values()) for new, found in edges.items()},
        {new: list(found.values()) for new, found in events.items()},
    )
