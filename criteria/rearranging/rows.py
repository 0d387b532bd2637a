"""What the form of each kind of rearrangement asks for: lists of rows, each row of boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from communes.models import Kind, UnitEvent
from communes.vietnamese import nfc

COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE)
MOST_ROWS, MORE_ROWS = 60, 2


@dataclass(frozen=True, kw_only=True)
class Section:
    """A list of rows of the form; `boxes` are the columns of a row."""

    name: str
    legend: str
    boxes: tuple[str, ...]
    rows: int
    help: str = ""


_OLD = Section(name="ends", legend="Đơn vị cũ, chấm dứt từ ngày này", boxes=("unit",), rows=3)
_NEW = Section(
    name="begins",
    legend="Đơn vị mới",
    boxes=("code", "name", "kind", "parent"),
    rows=1,
    help="Mã do Cục Thống kê cấp; thường giữ mã của một đơn vị cũ.",
)
SECTIONS: Mapping[str, tuple[Section, ...]] = {
    UnitEvent.Kind.MERGE: (
        _OLD,
        _NEW,
        Section(
            name="stays",
            legend="Đơn vị chỉ giao một phần, vẫn tồn tại (nếu có)",
            boxes=("unit",),
            rows=1,
        ),
    ),
    UnitEvent.Kind.SPLIT: (
        Section(name="ends", legend="Đơn vị được chia", boxes=("unit",), rows=1),
        Section(
            name="begins",
            legend="Các đơn vị sau khi chia",
            boxes=_NEW.boxes,
            rows=2,
            help="Kể cả đơn vị còn giữ mã và tên cũ: đó cũng là đơn vị mới.",
        ),
    ),
    UnitEvent.Kind.ESTABLISH: (
        _NEW,
        Section(
            name="stays",
            legend="Lấy một phần của (các đơn vị này vẫn tồn tại)",
            boxes=("unit",),
            rows=2,
        ),
    ),
    UnitEvent.Kind.ABOLISH: (
        Section(name="ends", legend="Đơn vị giải thể", boxes=("unit",), rows=1),
        Section(name="stays", legend="Đơn vị tiếp nhận dân cư, diện tích", boxes=("unit",), rows=2),
    ),
    UnitEvent.Kind.RENAME: (
        Section(name="alters", legend="Đơn vị và tên mới", boxes=("unit", "name", "code"), rows=1),
    ),
    UnitEvent.Kind.RECLASSIFY: (
        Section(
            name="alters",
            legend="Đơn vị và loại mới",
            boxes=("unit", "kind", "name", "code"),
            rows=3,
            help="Tên và mã: để trống nếu giữ như cũ.",
        ),
    ),
    UnitEvent.Kind.MOVE: (
        Section(name="alters", legend="Đơn vị và huyện mới", boxes=("unit", "parent"), rows=1),
    ),
}
BOXES = {
    "unit": "Mã hoặc tên",
    "code": "Mã",
    "name": "Tên (không ghi xã, phường)",
    "kind": "Loại",
    "parent": "Thuộc huyện",
}


@dataclass
class Row:
    """One row as it was typed, and what is wrong with it."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether nothing was written in it; a select always says something."""
        return not any(text for box, text in self.typed.items() if box not in ("kind", "parent"))


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box of a row as the page draws it."""

    what: str
    name: str
    id: str
    label: str
    value: str
    error: str
    focus: bool


def typed_rows(section: Section, data: QueryDict) -> list[Row]:
    """The rows that somebody wrote in; blank ones fall away."""
    columns = {box: data.getlist(f"{section.name}.{box}")[:MOST_ROWS] for box in section.boxes}
    length = max(len(column) for column in columns.values())
    rows = [
        Row(
            typed={
                box: nfc(column[number]) if number < len(column) else ""
                for box, column in columns.items()
            }
        )
        for number in range(length)
    ]
    return [row for row in rows if not row.blank]


def boxes(section: Section, number: int, row: Row, *, focus: bool) -> list[Box]:
    """A row as the page draws it; with `focus` its first box is where typing goes on."""
    return [
        Box(
            what=box,
            name=f"{section.name}.{box}",
            id=f"{section.name}-{number}-{box}",
            label=BOXES[box],
            value=row.typed.get(box, ""),
            error=row.errors.get(box, ""),
            focus=focus and box == section.boxes[0],
        )
        for box in section.boxes
    ]
