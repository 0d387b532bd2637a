"""What the entry sheet sends for one cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from communes.vietnamese import nfc
from criteria.cells import Cell
from criteria.entry import Finding
from criteria.rules.types import Outcome
from criteria.values import read_value

VERDICT_CHOICES = [
    ("", "—"),
    (Outcome.MET.value, "Đạt"),
    (Outcome.NOT_MET.value, "Chưa đạt"),
    (Outcome.NOT_APPLICABLE.value, "Không áp dụng"),
    (Outcome.NOT_ASSESSED.value, "Chưa đánh giá"),
]


class CellForm(forms.Form):
    """One cell: ``value`` (or ``value-<part>``), ``verdict``, ``note`` and what was seen."""

    verdict = forms.ChoiceField(choices=VERDICT_CHOICES, required=False)
    note = forms.CharField(max_length=2000, required=False)
    seen = forms.IntegerField(required=False)
    request_id = forms.UUIDField(required=False)

    def __init__(self, data: Any, *, cell: Cell) -> None:
        super().__init__(data)
        self.cell = cell
        if cell.numeric:
            for part in cell.parts:
                self.fields[field_name(part.key)] = forms.CharField(
                    max_length=40, required=False, label=part.text or "Kết quả"
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.values: dict[str, Decimal] = {}
        for part in self.cell.parts if self.cell.numeric else []:
            text = nfc(cleaned.get(field_name(part.key)) or "")
            if not text:
                continue
            try:
                self.values[part.key] = read_value(self.cell.indicator, text, unit=part.unit)
            except ValueError as error:
                self.add_error(field_name(part.key), str(error))
        return cleaned

    @property
    def finding(self) -> Finding:
        """The valid form as the entry action takes it."""
        verdict = self.cleaned_data["verdict"]
        return Finding(
            values=self.values,
            verdict=Outcome(verdict) if verdict else None,
            note=nfc(self.cleaned_data["note"]),
        )

    @property
    def message(self) -> str:
        """The first error, as the cell shows it."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


def field_name(part: str) -> str:
    """The name of the input of one part of a cell."""
    return f"value-{part}" if part else "value"
