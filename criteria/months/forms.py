"""What the pages of the month send: a submission, its return, closing and reopening."""

from __future__ import annotations

from datetime import date

from django import forms

from communes.vietnamese import nfc
from criteria.models import Basis
from criteria.months import month_end
from criteria.months.submitting import LONGEST_REASON


def read_month(text: str) -> date | None:
    """The month-end that an address or a field names as 2018-12; None for what is no month."""
    try:
        return month_end(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return None


class MonthForm(forms.Form):
    """An act on one month."""

    month = forms.CharField(
        error_messages={"required": "Chưa rõ tháng nào; hãy tải lại trang rồi làm lại."}
    )
    request_id = forms.UUIDField(required=False)

    def clean_month(self) -> date:
        found = read_month(self.cleaned_data["month"])
        if found is None:
            raise forms.ValidationError("Chưa rõ tháng nào; hãy tải lại trang rồi làm lại.")
        return found

    @property
    def message(self) -> str:
        """What is wrong, in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


def reason_field(what: str) -> forms.CharField:
    """A reason that has to be written, and is read by those it concerns."""
    return forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={
            "required": f"Hãy ghi lý do {what}.",
            "max_length": f"Lý do dài quá {LONGEST_REASON} ký tự.",
        },
    )


class ReturnForm(MonthForm):
    """A commune's month is sent back to it."""

    reason = reason_field("trả lại")

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class CloseForm(forms.Form):
    """On which basis the month's headline is frozen; both bases are kept."""

    basis = forms.ChoiceField(
        choices=Basis.choices,
        error_messages={
            "required": "Hãy chọn căn cứ của số liệu chốt.",
            "invalid_choice": "Hãy chọn một trong hai căn cứ.",
        },
    )
    request_id = forms.UUIDField(required=False)


class ReopenForm(forms.Form):
    """A closed month is opened again."""

    reason = reason_field("mở lại tháng")
    request_id = forms.UUIDField(required=False)

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])
