"""What the page of plans sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from communes.vietnamese import nfc, parse_number
from criteria.models import CriteriaSet, Target
from criteria.plans.acts import LONGEST_DECISION
from criteria.rules.status import TIERS

FIRST_YEAR, LAST_YEAR = 2010, 2100


class YearForm(forms.Form):
    """Which list is meant: its year and tier."""

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    tier = forms.ChoiceField(
        choices=[(word, CriteriaSet.SetTier(word).label) for word in TIERS], required=False
    )

    def clean_tier(self) -> str:
        return self.cleaned_data["tier"] or TIERS[0]


class ActForm(YearForm):
    """An act on the list, sent once though it may arrive twice."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class WithdrawForm(ActForm):
    """Why communes leave the list."""

    reason = forms.CharField(
        label="Lý do rút đăng ký",
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi lý do rút đăng ký.",
            "max_length": "Lý do dài quá 400 ký tự.",
        },
    )


class TargetForm(ActForm):
    """A target of the year with the document that sets it."""

    what = forms.ChoiceField(
        label="Chỉ tiêu",
        choices=Target.What.choices,
        error_messages={"required": "Hãy chọn chỉ tiêu."},
    )
    value = forms.CharField(
        label="Giá trị đến cuối năm",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Hãy ghi con số, ví dụ 50 hoặc 12,5."},
    )
    decision = forms.CharField(
        label="Văn bản giao",
        max_length=LONGEST_DECISION,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "Kế hoạch 18/KH-UBND ngày 22/01/2020"}
        ),
        error_messages={
            "required": "Hãy ghi văn bản giao chỉ tiêu.",
            "max_length": f"Tên văn bản dài quá {LONGEST_DECISION} ký tự.",
        },
    )

    def clean_value(self) -> Decimal:
        try:
            return parse_number(nfc(self.cleaned_data["value"]))
        except ValueError as error:
            raise forms.ValidationError("Chưa phải là một số; ví dụ 50 hoặc 12,5.") from error
