"""The form of a new rearrangement: units by code or name, rows that grow, errors at their box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from communes import typed_communes, units
from communes.forms import Day
from communes.models import Kind, Succession, UnitEvent, UnitVersion
from communes.typed_communes import Register, as_typed, told_apart
from communes.unit_changes import Alteration, Edge, NewUnit, Rearrangement, UnitsRefused
from communes.unit_changes.planning import when_alive
from communes.vietnamese import format_date, nfc

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


@dataclass(frozen=True, kw_only=True)
class EdgeBox:
    """The choice of what of an old unit goes to a new one."""

    name: str
    old: str
    new: str
    chosen: str


class RearrangeForm(forms.Form):
    """One decision of one kind. After :meth:`is_valid`, `asked` is what the planner takes."""

    effective_on = Day(label="Có hiệu lực từ ngày")
    instrument = forms.CharField(
        label="Nghị quyết, quyết định",
        required=False,
        max_length=200,
        help_text="Ví dụ: 1672/NQ-UBTVQH15.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label="Ghi chú (không bắt buộc)", required=False, max_length=300)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, kind: str, province: UnitVersion) -> None:
        super().__init__(data, initial={"request_id": uuid4()})
        self.kind, self.province = UnitEvent.Kind(kind), province
        self.asked: Rearrangement | None = None
        self.edge_boxes: list[EdgeBox] = []
        given = data if data is not None else QueryDict()
        self.rows = {section.name: _rows(section, given) for section in SECTIONS[kind]}

    def sections(self) -> list[tuple[Section, list[list[Box]]]]:
        """The lists of rows with room for more, for the page."""
        more = self.data.get("more", "") if self.is_bound else ""
        found = []
        for section in SECTIONS[self.kind]:
            rows = list(self.rows[section.name])
            room = max(section.rows - len(rows), MORE_ROWS if section.name == more else 0)
            first = len(rows) if section.name == more else -1
            rows += [Row(typed={}) for _ in range(room)]
            shown = [_boxes(section, n, row, n == first) for n, row in enumerate(rows)]
            found.append((section, shown))
        return found

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        day = found.get("effective_on")
        if day is None:
            return found
        self._register = self._on(day)
        ids = {
            name: [self._unit(row, day) for row in self.rows.get(name, ())]
            for name in ("ends", "stays", "alters")
        }
        if any(row.errors for rows in self.rows.values() for row in rows):
            self.add_error(None, "Hãy sửa các dòng có ghi lỗi.")
            return found
        begins = tuple(self._begin(row) for row in self.rows.get("begins", ()))
        self.asked = Rearrangement(
            kind=self.kind,
            effective_on=day,
            instrument=found["instrument"],
            note=found["note"],
            ends=tuple(pk for pk in ids["ends"] if pk),
            stays=tuple(pk for pk in ids["stays"] if pk),
            begins=begins,
            alters=tuple(
                self._alter(row, pk)
                for row, pk in zip(self.rows.get("alters", ()), ids["alters"], strict=True)
                if pk
            ),
            edges=self._edges(ids["ends"] + ids["stays"], begins),
        )
        return found

    def refuse(self, refused: UnitsRefused) -> None:
        """Show each fault at its box; a row's at the row."""
        for fault in refused.faults:
            section, _, rest = fault.field.partition(".")
            number, _, box = rest.partition(".")
            rows = self.rows.get(section, [])
            if number.isdigit() and int(number) < len(rows):
                rows[int(number)].errors[box or "unit"] = fault.message
            else:
                self.add_error(fault.field if fault.field in self.fields else None, fault.message)
            if section == "edges":
                self._offer_edges()
        if not self.non_field_errors() and any(r.errors for rs in self.rows.values() for r in rs):
            self.add_error(None, "Hãy sửa các dòng có ghi lỗi.")

    def loaded_day(self) -> date | None:
        """The day that was typed, if it is one whose units are known."""
        try:
            day: date = self.fields["effective_on"].clean(self.data.get("effective_on"))
            units.require_day_of(self.province, day)
        except (forms.ValidationError, units.DateNotLoaded):
            return None
        return day

    def carried(self) -> list[tuple[str, str]]:
        """Everything that was typed, to be sent again by the preview."""
        left_out = {"csrfmiddlewaretoken", "act", "more", "seen"}
        return [
            (name, value)
            for name, values in self.data.lists()
            if name not in left_out
            for value in values
        ]

    def _on(self, day: date) -> Register:
        alive = UnitVersion.objects.alive_on(day).communes().within(self.province)
        return Register(list(alive))

    def _unit(self, row: Row, day: date) -> int:
        text = row.typed["unit"]
        meant = self._register.meant(text)
        if len(meant) == 1:
            row.typed["unit"] = as_typed(meant[0])
            return meant[0].unit_id
        if meant:
            row.errors["unit"] = f"Có {len(meant)} đơn vị tên như vậy, hãy ghi mã: " + (
                f"{told_apart(meant)}."
            )
        else:
            row.errors["unit"] = _nobody(text, day, self.province)
        return 0

    def _begin(self, row: Row) -> NewUnit:
        return NewUnit(
            code=row.typed["code"],
            name=row.typed["name"],
            kind=row.typed["kind"],
            parent_id=_id(row.typed["parent"]),
        )

    def _alter(self, row: Row, unit_id: int) -> Alteration:
        typed = row.typed
        return Alteration(
            unit_id=unit_id,
            name=typed.get("name") or None,
            kind=typed.get("kind") or None,
            code=typed.get("code") or None,
            parent_id=_id(typed.get("parent", "")),
        )

    def _edges(self, old: Sequence[int], begins: Sequence[NewUnit]) -> tuple[Edge, ...]:
        if len(begins) < 2:
            return ()
        return tuple(
            Edge(old=pk, new=new.code, extent=extent)
            for pk in old
            for new in begins
            if (extent := self.data.get(f"edge-{pk}-{new.code}", "")) in Succession.Extent.values
        )

    def _offer_edges(self) -> None:
        if self.asked is None or self.edge_boxes:
            return
        alive = UnitVersion.objects.alive_on(self.asked.effective_on)
        olds = {v.unit_id: v for v in alive.filter(unit_id__in=self.asked.ends + self.asked.stays)}
        self.edge_boxes = [
            EdgeBox(
                name=f"edge-{pk}-{new.code}",
                old=olds[pk].full_name,
                new=f"{Kind(new.kind).label} {new.name}",
                chosen=self.data.get(f"edge-{pk}-{new.code}", ""),
            )
            for pk in (*self.asked.ends, *self.asked.stays)
            for new in self.asked.begins
            if pk in olds
        ]


def _rows(section: Section, data: QueryDict) -> list[Row]:
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


def _boxes(section: Section, number: int, row: Row, focus: bool) -> list[Box]:
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


def _nobody(text: str, day: date, province: UnitVersion) -> str:
    """Why no unit of the province is meant: elsewhere, at another time, or never."""
    elsewhere = UnitVersion.objects.alive_on(day).communes().exclude(province=province.unit_id)
    code = text.split()[0] if text else ""
    if found := elsewhere.filter(code=code).first():
        return (
            f"{found.full_name} ({code}) thuộc {units.province_of(found).full_name};"
            " chỉ ghi được đơn vị của tỉnh này."
        )
    ever = UnitVersion.objects.communes().filter(province=province.unit_id).order_by("valid")
    if then := typed_communes.Register(list(ever)).meant(text):
        lives = [version for version in then if version.unit_id == then[-1].unit_id]
        return f"Ngày {format_date(day)} không có đơn vị này: {when_alive(lives)}."
    return (
        f"Trong {province.full_name} ngày {format_date(day)} không có xã, phường nào là “{text}”."
    )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
