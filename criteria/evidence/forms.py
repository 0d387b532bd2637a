"""What the page of a cell's evidence sends."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from criteria.evidence import contents
from criteria.evidence.acts import LONGEST_ADDRESS


class SeenForm(forms.Form):
    """Which result the person saw, in a request that may be sent twice and counts once."""

    result = forms.IntegerField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class FileForm(SeenForm):
    """One file; what it is, the action judges."""

    file = forms.FileField(
        label="Tệp từ máy của bạn",
        allow_empty_file=True,
        max_length=400,
        help_text=f"Nhận {contents.TAKEN}; mỗi tệp tối đa 20 MB.",
        error_messages={
            "required": "Hãy chọn một tệp.",
            "invalid": "Hãy chọn một tệp.",
            "missing": "Hãy chọn một tệp.",
            "max_length": "Tên tệp quá dài; hãy đặt tên ngắn hơn.",
        },
    )


class AddressForm(SeenForm):
    """An address on the web and what to call it."""

    url = forms.CharField(
        label="Liên kết",
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi liên kết, bắt đầu bằng https://",
            "max_length": f"Liên kết dài quá {LONGEST_ADDRESS} ký tự.",
        },
    )
    name = forms.CharField(
        label="Tên gọi",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Tên gọi dài quá 100 ký tự."},
    )


class ChosenForm(SeenForm):
    """Evidence that the commune has already."""

    evidence = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Hãy chọn một minh chứng."}
    )

    def __init__(self, *args: Any, own: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [(str(pk), str(pk)) for pk in own]  # type: ignore[attr-defined]
        self.fields["evidence"].error_messages["invalid_choice"] = (
            "Minh chứng số %(value)s không có ở xã này."
        )
