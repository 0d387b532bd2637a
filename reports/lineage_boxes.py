"""The boxes and lines in which the lineage of a unit is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from communes.lineage import Edge
from communes.models import EventUnit, UnitVersion
from communes.succession import Surroundings
from communes.vietnamese import format_date
from reports.charts.lineage import Box, Drawing, Join, draw
from reports.lineage_names import Names, span

type Parts = tuple[list[Box], list[Join], dict[date, str]]
"""Boxes, the lines between them, and the instrument of each day."""


def drawing(around: Surroundings, names: Names) -> Drawing | None:
    """The drawing of a unit with all that came before and after it.

    Where nothing was ever joined to it, what it was called through time; None where there is
    nothing to draw at all.
    """
    boxes, joins, sources = _boxes(around, names, _drawn(around))
    if not joins:
        boxes, joins, sources = _renamings(around.versions[around.unit_id])
    return draw(boxes, joins, sources) if joins else None


def _drawn(around: Surroundings) -> list[Edge]:
    """The edges on a way to or from the unit; what else its successors took in is counted."""
    lineage, unit = around.lineage, around.unit_id
    behind = {unit, *lineage.predecessors(unit)}
    ahead = {unit, *lineage.successors(unit)}
    return [
        edge
        for edge in lineage.edges
        if (edge.new in behind and edge.old in behind) or (edge.old in ahead and edge.new in ahead)
    ]


def _boxes(around: Surroundings, names: Names, edges: list[Edge]) -> Parts:
    """The drawing's parts: a box for each unit, or one before and one after it took another in."""
    units = {around.unit_id, *(pk for edge in edges for pk in (edge.old, edge.new))}
    ordered = sorted(units, key=lambda pk: around.versions[pk][-1].sort_key)
    boxes, joins = [], []
    for pk in ordered:
        named = names.of(pk)
        first, until = around.first_day(pk), _end(around, pk)
        took_in = sorted({e.day for e in edges if e.new == pk and (first is None or e.day > first)})
        for number, (start, end) in enumerate(
            zip([first, *took_in], [*took_in, until], strict=True)
        ):
            boxes.append(
                Box(
                    key=_key(pk, number),
                    title=around.named_before(pk, end).full_name,
                    lines=_lines(around, pk, start, end, edges),
                    first=start,
                    until=end,
                    url=named.url,
                    here=named.here and end == until,
                )
            )
            if number and start:
                joins.append(
                    Join(old=_key(pk, number - 1), new=_key(pk, number), day=start, same=True)
                )
    last_stage = {box.key.partition("/")[0]: box.key for box in boxes}
    starts = {(box.key.partition("/")[0], box.first): box.key for box in boxes}
    for edge in edges:
        joins.append(
            Join(
                old=last_stage[str(edge.old)],
                new=starts.get((str(edge.new), edge.day)) or last_stage[str(edge.new)],
                day=edge.day,
                whole=edge.whole,
                inferred=edge.inferred,
            )
        )
    return boxes, joins, _sources(around, edges)


def _key(unit_id: int, stage: int) -> str:
    return f"{unit_id}/{stage}"


def _lines(
    around: Surroundings, pk: int, start: date | None, end: date | None, edges: Iterable[Edge]
) -> tuple[str, ...]:
    """What stands under the name: its time, earlier names, what is not drawn or not known."""
    lines = [span(start, end - timedelta(days=1) if end else None)]
    shown = around.named_before(pk, end)
    lines += [
        f"trước đó: {version.full_name}, đến {format_date(version.last_day)}"
        for version in reversed(around.versions[pk])
        if version.last_day
        and (start is None or version.last_day >= start)
        and (shown.starts_on is not None and version.last_day < shown.starts_on)
        and version.full_name != shown.full_name
    ]
    all_in = len(around.lineage.before(pk))
    drawn = sum(edge.new == pk for edge in edges)
    if drawn and all_in > drawn:
        lines.append(f"gồm {all_in} đơn vị cũ")
    parts = EventUnit.Part
    if end == _end(around, pk) and (pk, parts.ENDED) in around.unjoined:
        lines.append("chưa rõ đơn vị kế thừa")
    if start == around.first_day(pk) and (pk, parts.BEGAN) in around.unjoined:
        lines.append("chưa rõ đơn vị trước đó")
    return tuple(lines)


def _end(around: Surroundings, pk: int) -> date | None:
    """The first day on which a unit is no longer there."""
    last = around.last_day(pk)
    return last + timedelta(days=1) if last else None


def _sources(around: Surroundings, edges: Iterable[Edge]) -> dict[date, str]:
    """The instrument of each day; several are only counted."""
    found: dict[date, set[str]] = {}
    for edge in edges:
        found.setdefault(edge.day, set()).add(around.events[edge.old, edge.new].instrument)
    return {
        day: next(iter(names)) if len(names) == 1 else f"{len(names)} văn bản"
        for day, names in found.items()
    }


def _renamings(versions: tuple[UnitVersion, ...]) -> Parts:
    """A unit that nothing was joined to: what it was called, one box for each version."""
    last = len(versions) - 1
    boxes = [
        Box(
            key=f"{number}",
            title=version.full_name,
            lines=(span(version.starts_on, version.last_day),),
            first=version.starts_on,
            until=version.valid.upper,
            here=number == last,
        )
        for number, version in enumerate(versions)
    ]
    joins, sources = [], {}
    for number, version in enumerate(versions[1:], start=1):
        assert version.starts_on is not None
        joins.append(Join(old=f"{number - 1}", new=f"{number}", day=version.starts_on, same=True))
        sources[version.starts_on] = _changed(versions[number - 1], version)
    return boxes, joins, sources


def _changed(old: UnitVersion, new: UnitVersion) -> str:
    """What became different between two versions of one unit."""
    if old.kind != new.kind:
        return "chuyển loại"
    if old.name != new.name:
        return "đổi tên"
    return "đổi cấp trên" if old.parent_id != new.parent_id else "đổi mã"
