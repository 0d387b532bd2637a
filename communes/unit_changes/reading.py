"""Rearrangements as pages show them: which units, called how, who carries on from whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from communes.models import Change, ChangeLine, EventUnit, Kind, Succession, UnitEvent, UnitVersion
from communes.models.units import UnitVersionQuerySet

MOST_NAMED = 4
UNKNOWN, INFERRED, WITHDRAWN = "unknown", "inferred", "withdrawn"
MARKS = {
    UNKNOWN: "Chưa rõ đơn vị kế thừa",
    INFERRED: "Suy đoán, chưa đối chiếu",
    WITHDRAWN: "Đã rút",
}


@dataclass(frozen=True, kw_only=True)
class Called:
    """A unit as it was called on `on`, the day on which its page can be opened; None: nowhere."""

    unit_id: int
    code: str
    full_name: str
    on: date | None
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class EdgeShown:
    """One edge with the names of both sides."""

    edge: Succession
    old: Called
    new: Called


@dataclass(kw_only=True)
class EventShown:
    """One event with everything that a list or its page says of it.

    `stays` live on unchanged; `changed` pairs are what a unit was called before and after.
    `orphans` ended and nobody is known to carry them on.
    """

    event: UnitEvent
    ended: list[Called] = field(default_factory=list)
    began: list[Called] = field(default_factory=list)
    stays: list[Called] = field(default_factory=list)
    changed: list[tuple[Called, Called]] = field(default_factory=list)
    edges: list[EdgeShown] = field(default_factory=list)
    orphans: list[Called] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What happened in one line, without its date."""
        ended, began = _listed(self.ended), _listed(self.began)
        match self.event.kind:
            case UnitEvent.Kind.MERGE:
                return f"Sáp nhập {ended}" + (f" thành {began}" if began else "")
            case UnitEvent.Kind.SPLIT:
                return f"Chia {ended}" + (f" thành {began}" if began else "")
            case UnitEvent.Kind.ESTABLISH:
                of = _listed(self.ended + self.stays)
                return f"Thành lập {began}" + (f" từ {of}" if of else "")
            case UnitEvent.Kind.ABOLISH:
                return f"Giải thể {ended}"
        olds = [old for old, _ in self.changed]
        if self.event.kind == UnitEvent.Kind.MOVE:
            return f"Chuyển {_listed(olds)} về đơn vị cấp trên khác"
        if len(self.changed) == 1:
            return f"{olds[0].full_name} thành {self.changed[0][1].full_name}"
        return f"{self.event.get_kind_display()} {_listed(olds)}"

    @property
    def marks(self) -> list[str]:
        """What is not settled about it, in words."""
        found = []
        if self.event.withdrawn:
            return [MARKS[WITHDRAWN]]
        if self.orphans:
            found.append(MARKS[UNKNOWN])
        if self.event.inferred or any(shown.edge.inferred for shown in self.edges):
            found.append(MARKS[INFERRED])
        return found


def events_of(province: UnitVersion) -> QuerySet[UnitEvent]:
    """Every event that concerned units of the province, the latest first."""
    inside = EventUnit.objects.filter(
        event=OuterRef("pk"), unit__versions__province_id=province.unit_id
    )
    recorded_here = Q(withdrawn=True, clock_id=province.unit.clock_id)
    return UnitEvent.objects.filter(Exists(inside) | recorded_here).order_by("-effective_on", "-pk")


def marked(events: QuerySet[UnitEvent], mark: str) -> QuerySet[UnitEvent]:
    """Those events that carry one of :data:`MARKS`."""
    if mark == WITHDRAWN:
        return events.filter(withdrawn=True)
    standing = events.filter(withdrawn=False)
    if mark == INFERRED:
        edges = Succession.objects.filter(event=OuterRef("pk"), inferred=True)
        return standing.filter(Q(inferred=True) | Exists(edges))
    orphans = EventUnit.objects.filter(event=OuterRef("pk"), part=EventUnit.Part.ENDED).exclude(
        Exists(Succession.objects.filter(old_id=OuterRef("unit_id")))
    )
    return standing.filter(Exists(orphans))


@dataclass(frozen=True)
class Filters:
    """Which events are listed; a word that means nothing filters nothing."""

    kind: str = ""
    year: str = ""
    mark: str = ""

    @property
    def any(self) -> bool:
        return bool(self.kind or self.year or self.mark)

    def of(self, events: QuerySet[UnitEvent]) -> QuerySet[UnitEvent]:
        """Those of `events` that the filters leave."""
        if self.kind in UnitEvent.Kind.values:
            events = events.filter(kind=self.kind)
        if self.year.isascii() and self.year.isdigit() and len(self.year) == 4:
            events = events.filter(effective_on__year=int(self.year))
        return marked(events, self.mark) if self.mark in MARKS else events


def shown(events: Sequence[UnitEvent]) -> list[EventShown]:
    """The events with their names, in a fixed number of queries."""
    rows = EventUnit.objects.filter(event__in=events).order_by("unit__key")
    by_event: defaultdict[int, list[EventUnit]] = defaultdict(list)
    for row in rows:
        by_event[row.event_id].append(row)
    edges: defaultdict[int, list[Succession]] = defaultdict(list)
    for edge in Succession.objects.filter(event__in=events).order_by("old__key", "new__key"):
        edges[edge.event_id].append(edge)
    ids = {row.unit_id for row in rows}
    ids |= {pk for found in edges.values() for edge in found for pk in (edge.old_id, edge.new_id)}
    names = _Names(UnitVersion.objects.filter(unit_id__in=ids))
    carried_on = set(Succession.objects.filter(old_id__in=ids).values_list("old_id", flat=True))
    forgotten = _forgotten([event for event in events if event.withdrawn])
    return [
        _shown(event, by_event[event.pk], edges[event.pk], names, carried_on, forgotten)
        for event in events
    ]


def history(event: UnitEvent) -> list[Change]:
    """Who recorded, corrected and withdrew the event, and when; empty for the loaded register."""
    lines = {"lines__table": UnitEvent._meta.db_table, "lines__key": str(event.pk)}
    return list(Change.objects.filter(**lines).select_related("by").order_by("seq"))


class _Names:
    """What units were called on a day, out of versions read once."""

    def __init__(self, versions: UnitVersionQuerySet) -> None:
        self._versions: defaultdict[int, list[UnitVersion]] = defaultdict(list)
        for version in versions:
            self._versions[version.unit_id].append(version)

    def on(self, unit_id: int, day: date) -> Called | None:
        for version in self._versions[unit_id]:
            if day in version.valid:
                return Called(
                    unit_id=unit_id,
                    code=version.code,
                    full_name=version.full_name,
                    on=day,
                    parent_id=version.parent_id,
                )
        return None


def _shown(
    event: UnitEvent,
    units: Iterable[EventUnit],
    edges: Iterable[Succession],
    names: _Names,
    carried_on: set[int],
    forgotten: Mapping[tuple[int, int], Called],
) -> EventShown:
    day, eve = event.effective_on, event.effective_on - timedelta(days=1)

    def called(unit_id: int, on: date) -> Called:
        other = eve if on == day else day
        return (
            (forgotten.get((event.pk, unit_id)) if on == day else None)
            or names.on(unit_id, on)
            or forgotten.get((event.pk, unit_id))
            or names.on(unit_id, other)
            or Called(unit_id=unit_id, code="–", full_name="Đơn vị chưa rõ tên", on=None)
        )

    found = EventShown(event=event)
    for row in units:
        before, after = called(row.unit_id, eve), called(row.unit_id, day)
        if row.part == EventUnit.Part.ENDED:
            found.ended.append(before)
        elif row.part == EventUnit.Part.BEGAN:
            found.began.append(after)
        elif (before.code, before.full_name, before.parent_id) == (
            after.code,
            after.full_name,
            after.parent_id,
        ):
            found.stays.append(after)
        else:
            found.changed.append((before, after))
    found.edges = [
        EdgeShown(edge=edge, old=called(edge.old_id, eve), new=called(edge.new_id, day))
        for edge in edges
    ]
    if not event.withdrawn:
        found.orphans = [unit for unit in found.ended if unit.unit_id not in carried_on]
    return found


def _forgotten(withdrawn: Sequence[UnitEvent]) -> dict[tuple[int, int], Called]:
    """Names that withdrawing took away, out of the log: (event, unit) → what it was called."""
    by_change = {event.change_id: event.pk for event in withdrawn}
    lines = ChangeLine.objects.filter(
        change_id__in=by_change, table=UnitVersion._meta.db_table, before__isnull=True
    )
    keyed = {(by_change[line.change_id], line.key): line.after for line in lines}
    units = EventUnit.objects.filter(event__in=withdrawn).values_list(
        "event_id", "unit__key", "unit_id"
    )
    return {
        (event_id, unit_id): Called(
            unit_id=unit_id,
            code=keyed[event_id, key]["code"],
            full_name=f"{Kind(keyed[event_id, key]['kind']).label} {keyed[event_id, key]['name']}",
            on=None,
        )
        for event_id, key, unit_id in units
        if (event_id, key) in keyed
    }


def _listed(units: Sequence[Called]) -> str:
    names = [unit.full_name for unit in units]
    if len(names) > MOST_NAMED:
        return f"{len(names)} đơn vị"
    return " và ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
