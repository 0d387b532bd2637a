"""The form that completes or corrects who carries on from whom in one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from communes.models import Succession, UnitVersion
from communes.typed_communes import Register, as_typed, told_apart
from communes.unit_changes import EdgeWanted, UnitsRefused, edges_fingerprint
from communes.unit_changes.reading import Called, EventShown
from communes.vietnamese import format_date, nfc

MOST_ROWS, SPARE_ROWS = 400, 2
_FIELDS = ("old", "new", "extent", "confirmed", "note")


@dataclass
class EdgeRow:
    """One row: what is typed, and what is wrong. Without an extent the row is left out."""

    old: str = ""
    new: str = ""
    extent: str = Succession.Extent.WHOLE
    confirmed: str = "1"
    note: str = ""
    error: str = ""
    inferred: bool = False

    @property
    def blank(self) -> bool:
        return not (self.old or self.new) or not self.extent


class EdgesForm(forms.Form):
    """All edges of the event at once. After :meth:`is_valid`, `edges` is how they shall stand."""

    instrument = forms.CharField(
        label="Văn bản đã đối chiếu",
        required=False,
        max_length=200,
        help_text="Nghị quyết, quyết định làm căn cứ; ví dụ 1672/NQ-UBTVQH15.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, shown: EventShown) -> None:
        event = shown.event
        initial = {
            "instrument": event.instrument,
            "seen": edges_fingerprint(event),
            "request_id": uuid4(),
        }
        super().__init__(data, initial=initial)
        self.shown, self.day = shown, event.effective_on
        self.edges: list[EdgeWanted] = []
        self.rows = _known(shown) if data is None else _typed(data, shown)

    @property
    def all_rows(self) -> list[EdgeRow]:
        """The rows with some more to write in."""
        return [*self.rows, *(EdgeRow() for _ in range(SPARE_ROWS))]

    @property
    def olds(self) -> list[str]:
        """What the boxes of old units propose; likewise `news`."""
        return [as_typed(unit) for unit in self._alive(self.day - timedelta(days=1))]

    @property
    def news(self) -> list[str]:
        return [as_typed(unit) for unit in self._alive(self.day)]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        eve = self.day - timedelta(days=1)
        before, after = Register(self._alive(eve)), Register(self._alive(self.day))
        for row in self.rows:
            old = _meant(row, "old", before, eve)
            new = _meant(row, "new", after, self.day)
            if old and new:
                self.edges.append(
                    EdgeWanted(
                        old=old,
                        new=new,
                        extent=row.extent,
                        confirmed=row.confirmed == "1",
                        note=row.note,
                    )
                )
        if any(row.error for row in self.rows):
            self.add_error(None, "Hãy sửa các dòng có ghi lỗi.")
        return found

    def refuse(self, refused: UnitsRefused) -> None:
        """Show each fault at its row or box."""
        for fault in refused.faults:
            section, _, number = fault.field.partition(".")
            if section == "edges" and number.isdigit():
                self.rows[int(number)].error = fault.message
            else:
                self.add_error(fault.field if fault.field in self.fields else None, fault.message)
        if not self.non_field_errors():
            self.add_error(None, "Hãy sửa các dòng có ghi lỗi.")

    def _alive(self, day: date) -> list[UnitVersion]:
        alive = UnitVersion.objects.alive_on(day).communes()
        inside = alive.filter(unit__clock=self.shown.event.clock_id)
        return list(inside.order_by("sort_key", "code"))


def _known(shown: EventShown) -> list[EdgeRow]:
    """The edges as they stand, then whoever nobody carries on yet."""
    rows = [
        EdgeRow(
            old=_typed_as(edge.old),
            new=_typed_as(edge.new),
            extent=edge.edge.extent,
            confirmed="" if edge.edge.inferred else "1",
            note=edge.edge.note,
            inferred=edge.edge.inferred,
        )
        for edge in shown.edges
    ]
    only = _typed_as(shown.began[0]) if len(shown.began) == 1 else ""
    return rows + [EdgeRow(old=_typed_as(unit), new=only) for unit in shown.orphans]


def _typed(data: QueryDict, shown: EventShown) -> list[EdgeRow]:
    columns = {name: data.getlist(f"edges.{name}")[:MOST_ROWS] for name in _FIELDS}
    inferred = {(row.old, row.new) for row in _known(shown) if row.inferred}
    rows = []
    for number in range(len(columns["old"])):
        row = EdgeRow(
            **{
                name: nfc(column[number]) if number < len(column) else ""
                for name, column in columns.items()
            }
        )
        row.inferred = (row.old, row.new) in inferred
        if row.extent not in Succession.Extent.values:
            row.extent = ""
        if not row.blank:
            rows.append(row)
    return rows


def _meant(row: EdgeRow, which: str, register: Register, day: date) -> int:
    text = getattr(row, which)
    meant = register.meant(text)
    if len(meant) == 1:
        setattr(row, which, as_typed(meant[0]))
        return meant[0].unit_id
    side = "Đơn vị cũ" if which == "old" else "Đơn vị mới"
    if meant:
        row.error = f"{side}: có {len(meant)} đơn vị tên như vậy, hãy ghi mã: {told_apart(meant)}."
    else:
        row.error = f"{side}: ngày {format_date(day)} không có xã, phường nào là “{text}”."
    return 0


def _typed_as(unit: Called) -> str:
    return f"{unit.code} · {unit.full_name}"
