"""The form of a new rearrangement: units by code or name, rows that grow, errors at their box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from communes.unit_changes.planning import NO_INSTRUMENT, when_alive
from communes.vietnamese import format_date
from criteria.rearranging.rows import MORE_ROWS, SECTIONS, Box, Row, Section, boxes, typed_rows


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
        max_length=200,
        error_messages={"required": NO_INSTRUMENT},
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
        self.rows = {section.name: typed_rows(section, given) for section in SECTIONS[kind]}

    def sections(self) -> list[tuple[Section, list[list[Box]]]]:
        """The lists of rows with room for more, for the page."""
        more = self.data.get("more", "") if self.is_bound else ""
        found = []
        for section in SECTIONS[self.kind]:
            rows = list(self.rows[section.name])
            room = max(section.rows - len(rows), MORE_ROWS if section.name == more else 0)
            first = len(rows) if section.name == more else -1
            rows += [Row(typed={}) for _ in range(room)]
            shown = [boxes(section, n, row, focus=n == first) for n, row in enumerate(rows)]
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
            instrument=found.get("instrument", ""),
            note=found.get("note", ""),
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
