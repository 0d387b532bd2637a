"""What the pages of decisions send."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from communes.forms import Day
from communes.models import UnitVersion
from communes.vietnamese import format_date, nfc
from criteria import sets
from criteria.days import EARLIEST_YEAR
from criteria.models import CriteriaSet, Recognition, SetVersion
from criteria.recognition import LONGEST_NUMBER
from criteria.rules.status import TIERS

TIER_CHOICES = [(word, str(CriteriaSet.SetTier(word).label)) for word in TIERS]
ACT_CHOICES = [
    (act.value, str(act.label)) for act in (Recognition.Act.RECOGNISE, Recognition.Act.REVOKE)
]


def sets_of(province: UnitVersion) -> list[CriteriaSet]:
    """The sets that the province ever judged its communes by, the latest first."""
    return list(
        CriteriaSet.objects.filter(adoptions__province_id=province.unit_id)
        .distinct()
        .order_by("-period_from", "code")
    )


class DecisionForm(forms.Form):
    """What the paper says: number, days, tier, set and assessment year."""

    number = forms.CharField(
        label="Số quyết định",
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "3368/QĐ-UBND"}),
        error_messages={
            "required": "Hãy ghi số quyết định, ví dụ 3368/QĐ-UBND.",
            "max_length": f"Số quyết định dài quá {LONGEST_NUMBER} ký tự.",
        },
    )
    decided_on = Day(label="Ngày ký")
    effective_on = Day(label="Có hiệu lực từ", required=False, help_text="Để trống nếu là ngày ký.")
    year = forms.IntegerField(
        label="Năm đánh giá",
        min_value=EARLIEST_YEAR,
        max_value=2100,
        help_text="Có thể trước năm ký.",
        error_messages={
            "required": "Hãy ghi năm đánh giá.",
            "invalid": "Năm đánh giá phải là một số, ví dụ 2018.",
            "min_value": f"Năm đánh giá phải từ {EARLIEST_YEAR}.",
            "max_value": "Năm đánh giá phải đến 2100.",
        },
    )
    tier = forms.ChoiceField(
        label="Mức",
        choices=TIER_CHOICES,
        error_messages={"required": "Hãy chọn mức.", "invalid_choice": "Hãy chọn mức."},
    )
    judged_by = forms.ChoiceField(
        label="Bộ tiêu chí",
        required=False,
        error_messages={"invalid_choice": "Tỉnh chưa áp dụng bộ tiêu chí này."},
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, province: UnitVersion, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.sets = {one.code: one for one in sets_of(province)}
        self.fields["judged_by"].choices = [  # type: ignore[attr-defined]
            ("", "– Không ghi –"),
            *((code, one.name) for code, one in self.sets.items()),
        ]

    def clean_number(self) -> str:
        return nfc(self.cleaned_data["number"])

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(f"Ngày {format_date(day)} chưa đến.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        year, decided_on = cleaned.get("year"), cleaned.get("decided_on")
        if year and decided_on and year > decided_on.year:
            self.add_error("year", f"Năm đánh giá {year} sau năm ký {decided_on.year}.")
        chosen = self.sets.get(cleaned.get("judged_by") or "")
        self.version: SetVersion | None = None
        if chosen and cleaned.get("tier") != chosen.tier:
            label = str(CriteriaSet.SetTier(chosen.tier).label).lower()
            self.add_error("judged_by", f"{chosen.name} dùng cho mức {label}; hãy chọn lại.")
        elif chosen and year:
            try:
                self.version = sets.version_in_force(chosen, date(year, 12, 31))
            except SetVersion.DoesNotExist:
                self.add_error("judged_by", f"{chosen.name} chưa có hiệu lực năm {year}.")
        return cleaned

    @property
    def fields_of_decision(self) -> dict[str, Any]:
        """The valid form as the actions of ``criteria.recognition`` take it."""
        given = self.cleaned_data
        return {
            "tier": given["tier"],
            "set_version": self.version,
            "number": given["number"],
            "decided_on": given["decided_on"],
            "effective_on": given["effective_on"] or given["decided_on"],
            "year": given["year"],
        }


class NewDecisionForm(DecisionForm):
    """A decision to record: recognition or revocation."""

    act = forms.ChoiceField(
        label="Việc",
        choices=ACT_CHOICES,
        error_messages={"required": "Hãy chọn việc.", "invalid_choice": "Hãy chọn việc."},
    )
    field_order = ("act", "number", "decided_on", "effective_on", "tier", "judged_by", "year")


class CorrectionForm(DecisionForm):
    """A decision recorded wrong, put right."""

    reason = forms.CharField(
        label="Lý do đính chính",
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi lý do đính chính.",
            "max_length": "Lý do dài quá 400 ký tự.",
        },
    )


class FilterForm(forms.Form):
    """Which decisions are wanted; what is no wish is none."""

    year = forms.IntegerField(required=False)
    tier = forms.ChoiceField(required=False, choices=[("", "Tất cả"), *TIER_CHOICES])

    @property
    def wanted(self) -> dict[str, Any]:
        self.full_clean()
        return {
            "year": self.cleaned_data.get("year"),
            "tier": self.cleaned_data.get("tier") or "",
        }
