"""What the pages of openings send: choices, the document, a decision on the status, a reason."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone

from communes.forms import Day
from communes.vietnamese import format_date, nfc
from criteria.models import CriteriaSet
from criteria.openings.board import field_name
from criteria.openings.shapes import Start
from criteria.rules.opening import Key
from criteria.rules.status import TIERS

LONGEST_NAME = 150


def read_choices(data: QueryDict, start: Start) -> dict[Key, int]:
    """The predecessor chosen in each row; a row left out is not taken over."""
    found: dict[Key, int] = {}
    for row in start.open_rows:
        chosen = data.get(field_name(row[0]), "")
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            found |= dict.fromkeys(row, int(chosen))
    return found


class RequestForm(forms.Form):
    """A form that may be sent twice and is carried out once."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


def _signed(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError(f"Ngày {format_date(day)} chưa đến.")
    return day


class DocumentForm(RequestForm):
    """The document that an opening stands on, and what the person had seen."""

    document_number = forms.CharField(
        label="Văn bản làm căn cứ",
        max_length=LONGEST_NAME,
        help_text="Loại và số, ví dụ: Quyết định 12/QĐ-UBND.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi loại và số văn bản.",
            "max_length": f"Tên văn bản dài quá {LONGEST_NAME} ký tự.",
        },
    )
    document_on = Day(label="Ngày ký")
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_document_on(self) -> date:
        return _signed(self.cleaned_data["document_on"])

    @property
    def document(self) -> str:
        """The document as it is recorded: "Quyết định 12/QĐ-UBND ngày 01/02/2018"."""
        number, day = self.cleaned_data["document_number"], self.cleaned_data["document_on"]
        return f"{nfc(number)} ngày {format_date(day)}"


class StatusForm(RequestForm):
    """The decision by which a new unit holds a tier from its first day."""

    prefix = "status"

    tier = forms.ChoiceField(
        label="Mức",
        choices=[
            ("", "– Chọn mức –"),
            *((word, CriteriaSet.SetTier(word).label) for word in TIERS),
        ],
        error_messages={"required": "Hãy chọn mức công nhận."},
    )
    number = forms.CharField(
        label="Số quyết định",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi số quyết định.",
            "max_length": "Số quyết định dài quá 60 ký tự.",
        },
    )
    decided_on = Day(label="Ngày ký")

    def clean_decided_on(self) -> date:
        return _signed(self.cleaned_data["decided_on"])


class UndoForm(RequestForm):
    """Why something is taken back."""

    reason = forms.CharField(
        label="Lý do hoàn tác",
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi lý do hoàn tác.",
            "max_length": "Lý do dài quá 400 ký tự.",
        },
    )
