"""What the entry sheet sends for one cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

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
    """One cell: ``value`` (or ``value-<part>``), ``verdict``, ``note`` and what was seen.

    ``month`` is the month for which it was typed: what waited in a browser until the next month
    had begun is not recorded for that one.
    """

    verdict = forms.ChoiceField(choices=VERDICT_CHOICES, required=False)
    note = forms.CharField(max_length=2000, required=False)
    seen = forms.IntegerField(required=False)
    request_id = forms.UUIDField(required=False)
    month = forms.DateField(required=False)

    def __init__(self, data: Any, *, cell: Cell, month: date, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        self.cell = cell
        self.working_month = month
        if cell.numeric:
            for part in cell.parts:
                self.fields[field_name(part.key)] = forms.CharField(
                    max_length=40, required=False, label=part.text or "Kết quả"
                )

    def clean_month(self) -> date | None:
        typed: date | None = self.cleaned_data["month"]
        if typed is not None and typed != self.working_month:
            raise forms.ValidationError(
                f"Số này gõ khi đang nhập tháng {typed:%m/%Y}; nay đang nhập tháng"
                f" {self.working_month:%m/%Y}. Hãy tải lại trang, xem lại rồi nhập."
            )
        return typed

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
    def has_finding(self) -> bool:
        """Whether the valid form says anything at all."""
        return bool(self.values or self.cleaned_data["verdict"])

    @property
    def message(self) -> str:
        """The first error, as the cell shows it."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


def field_name(part: str) -> str:
    """The name of the input of one part of a cell."""
    return f"value-{part}" if part else "value"


def of_another_user(request: HttpRequest) -> HttpResponse | None:
    """The answer to a save that somebody else typed in this browser; None where nobody else did.

    It is that of an ended session: the browser keeps the save for who typed it.
    """
    typed_by = request.POST.get("user")
    if not typed_by or typed_by == str(request.user.pk):
        return None
    return HttpResponse(
        "trình duyệt đang đăng nhập bằng tài khoản khác với người đã gõ", status=401
    )
