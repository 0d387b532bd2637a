"""What a page shows of a unit's predecessors and successors: a drawing, and the same as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from communes import succession
from communes.lineage import Edge
from communes.models import EventUnit, UnitEvent, UnitVersion, User
from communes.succession import Surroundings
from communes.vietnamese import format_date
from reports.charts.lineage import Drawing
from reports.lineage_boxes import drawing
from reports.lineage_names import Named, Names


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One of the units that went into another: the whole of it or a part, told or guessed."""

    unit: Named
    whole: bool
    inferred: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Rearrangement:
    """On one day one unit took over one or many others."""

    day: date
    instrument: str
    unit: Named
    origins: tuple[Origin, ...]


@dataclass(frozen=True, kw_only=True)
class LineageView:
    """Everything of the section; `drawing` is None where there is nothing to join.

    `named` are the unit itself and its predecessors, for whoever tells more of them.
    """

    around: Surroundings
    named: Mapping[int, Named]
    drawing: Drawing | None
    rearrangements: tuple[Rearrangement, ...]
    versions: tuple[UnitVersion, ...]
    unknown: tuple[str, ...]
    heading: str

    @property
    def inferred(self) -> bool:
        """Whether anything of it is a guess."""
        return any(o.inferred for turn in self.rearrangements for o in turn.origins)

    @property
    def renamed(self) -> bool:
        return len(self.versions) > 1


def lineage_view(version: UnitVersion, on: date, user: User) -> LineageView:
    """The section of a unit as its page of `on` shows it to a person."""
    around = succession.surroundings(version.unit_id)
    names = Names(around, on, user)
    unit = version.unit_id
    versions = around.versions[unit]
    return LineageView(
        around=around,
        named={pk: names.of(pk) for pk in (unit, *around.lineage.predecessors(unit))},
        drawing=drawing(around, names),
        rearrangements=tuple(_rearrangements(around, names)),
        versions=versions,
        unknown=tuple(_unknown(around, versions)),
        heading=_heading(around, version),
    )


def _rearrangements(around: Surroundings, names: Names) -> Iterable[Rearrangement]:
    """Every joining around the unit, oldest first, with all that went into it."""
    lineage, unit = around.lineage, around.unit_id
    taking = {unit, *lineage.predecessors(unit), *lineage.successors(unit)}
    found: dict[tuple[date, int], list[Edge]] = {}
    for edge in lineage.edges:
        if edge.new in taking:
            found.setdefault((edge.day, edge.new), []).append(edge)
    for (day, new), edges in sorted(found.items()):
        instruments = {around.events[edge.old, edge.new].instrument for edge in edges}
        yield Rearrangement(
            day=day,
            instrument="; ".join(sorted(filter(None, instruments))),
            unit=names.of(new),
            origins=tuple(
                Origin(
                    unit=names.of(edge.old),
                    whole=edge.whole,
                    inferred=edge.inferred,
                    note=_said_more(around.notes.get((edge.old, edge.new), "")),
                )
                for edge in sorted(edges, key=lambda e: around.versions[e.old][-1].sort_key)
            ),
        )


def _said_more(note: str) -> str:
    """The note of an edge unless it says no more than whole or part."""
    return "" if note.lower() in ("nhập toàn bộ", "nhập một phần") else note


def _unknown(around: Surroundings, versions: tuple[UnitVersion, ...]) -> Iterable[str]:
    """What is not known of the unit itself, in sentences."""
    unit, name = around.unit_id, versions[-1].full_name
    ended = around.last_day(unit)
    if ended and not around.lineage.after(unit):
        event = around.unjoined.get((unit, EventUnit.Part.ENDED))
        told = "" if event and event.kind == UnitEvent.Kind.ABOLISH else "; chưa rõ đơn vị kế thừa"
        yield f"{name} kết thúc ngày {format_date(ended)}{_by(event)}{told}."
    began = around.first_day(unit)
    if began and not around.lineage.before(unit):
        event = around.unjoined.get((unit, EventUnit.Part.BEGAN))
        yield f"{name} được lập ngày {format_date(began)}{_by(event)}; chưa rõ đơn vị trước đó."


def _by(event: UnitEvent | None) -> str:
    """The instrument and the note of an event, as they stand in a sentence."""
    if event is None:
        return ""
    told = f" theo {event.instrument}" if event.instrument else ""
    told += f" ({event.note})" if event.note else ""
    return told + (" (suy đoán)" if event.inferred else "")


def _heading(around: Surroundings, version: UnitVersion) -> str:
    """What happened to the unit, in one sentence."""
    unit, name = around.unit_id, version.full_name
    before, after = around.lineage.before(unit), around.lineage.after(unit)
    said = []
    if before:
        day = format_date(before[0].day)
        verb = "nhận thêm" if unit in around.lineage.lived else "được lập từ"
        said.append(f"{verb} {_counted(around, [e.old for e in before])} ngày {day}")
    if after:
        verb = "nhập vào" if len(after) == 1 and after[0].whole else "được chia về"
        day = format_date(after[0].day)
        said.append(f"{verb} {_counted(around, [e.new for e in after])} ngày {day}")
    if said:
        return f"{name} {', '.join(said)}"
    renamed = len(around.versions[unit]) - 1
    if renamed:
        return f"{name} thay đổi {renamed} lần, vẫn là một đơn vị"
    if around.last_day(unit) or around.first_day(unit):
        return f"Lịch sử của {name} chưa đầy đủ"
    return f"{name} không thay đổi từ trước 2017"


def _counted(around: Surroundings, unit_ids: list[int]) -> str:
    """One unit by its name, more by their number."""
    if len(unit_ids) == 1:
        return around.versions[unit_ids[0]][-1].full_name
    return f"{len(unit_ids)} đơn vị"
