"""What must hold between the events of the register's files, their units and their edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from communes.lineage import PART, Circle, Lineage
from communes.models import EventUnit
from communes.register_lines import EdgeLine, EventLine, RegisterFiles, VersionLine
from communes.vietnamese import format_date

type Lives = Mapping[str, Sequence[VersionLine]]
"""The lines of each unit, in order of time."""


def check(files: RegisterFiles, units: Lives) -> list[str]:
    """Every fault of the events; fills `files.parts` on the way."""
    heads: dict[str, EventLine] = {}
    errors = []
    for head in files.events:
        if heads.setdefault(head.event, head) is not head:
            first = heads[head.event].where
            errors.append(f"{head.where}: sự kiện {head.event} đã có (xem {first})")
    errors += _edges(files, heads, units)
    for line in files.event_units:
        errors += _unknown(line.where, line.event, [line.unit], heads, units)
        if (line.event, line.unit) in files.parts:
            errors.append(f"{line.where}: {line.unit} đã có trong sự kiện {line.event}")
        files.parts.setdefault((line.event, line.unit), line.part)
    errors += _parts(files, heads, units)
    named = {event for event, _ in files.parts}
    errors += [
        f"{head.where}: sự kiện {key} không nêu đơn vị nào"
        for key, head in heads.items()
        if key not in named
    ]
    return errors


def _edges(files: RegisterFiles, heads: Mapping[str, EventLine], units: Lives) -> Iterator[str]:
    seen: set[tuple[str, str, str]] = set()
    for line in files.edges:
        edge = (line.event, line.old, line.new)
        if line.old == line.new or edge in seen:
            yield f"{line.where}: cạnh {line.old} → {line.new} trùng hoặc nối với chính nó"
        seen.add(edge)
        unknown = list(_unknown(line.where, line.event, [line.old, line.new], heads, units))
        yield from unknown
        if unknown:
            continue
        for unit, part in _parts_on(line, heads[line.event].effective_on, units):
            if files.parts.setdefault((line.event, unit), part) != part:
                yield f"{line.where}: {unit} vừa chấm dứt vừa kế thừa trong sự kiện {line.event}"
    yield from _circle(files.edges)


def _circle(edges: Sequence[EdgeLine]) -> Iterator[str]:
    """Units that carry each other on in a circle, over however many events."""
    keys = sorted({key for line in edges for key in (line.old, line.new) if line.old != line.new})
    number = {key: place for place, key in enumerate(keys)}
    where = {(number[e.old], number[e.new]): e.where for e in edges if e.old != e.new}
    try:
        Lineage((old, new, date.min, PART, False) for old, new in where)
    except Circle as found:
        first = where[found.units[-1], found.units[0]]
        way = " → ".join(keys[pk] for pk in (*found.units, found.units[0]))
        yield f"{first}: các đơn vị kế thừa nhau thành vòng: {way}"


def _parts_on(line: EdgeLine, day: date, units: Lives) -> Iterable[tuple[str, str]]:
    """The old unit ends; the new one begins that day, or lives on and takes over."""
    begins = units[line.new][0].first == day
    yield line.old, EventUnit.Part.ENDED
    yield line.new, EventUnit.Part.BEGAN if begins else EventUnit.Part.CHANGED


def _unknown(
    where: str, event: str, keys: Iterable[str], heads: Mapping[str, EventLine], units: Lives
) -> Iterator[str]:
    if event not in heads:
        yield f"{where}: không có sự kiện {event}"
    for key in keys:
        if key not in units:
            yield f"{where}: không có đơn vị {key}"


def _parts(files: RegisterFiles, heads: Mapping[str, EventLine], units: Lives) -> Iterator[str]:
    """Each unit must have ended, begun or lived on that day, and belong to the event's clock."""
    for (event, key), part in files.parts.items():
        head, lives = heads.get(event), units.get(key)
        if head is None or lives is None:
            continue
        day = format_date(head.effective_on)
        if lives[0].clock != head.clock:
            yield f"{head.where}: {key} không thuộc mã tỉnh {head.clock}"
        if part == EventUnit.Part.ENDED and lives[-1].end != head.effective_on:
            yield f"{head.where}: đơn vị {key} không chấm dứt vào ngày {day}"
        if part == EventUnit.Part.BEGAN and lives[0].first != head.effective_on:
            yield f"{head.where}: đơn vị {key} không bắt đầu vào ngày {day}"
        if part == EventUnit.Part.CHANGED and not (
            lives[0].first < head.effective_on < lives[-1].end
        ):
            yield f"{head.where}: đơn vị {key} không tồn tại trước và sau ngày {day}"
