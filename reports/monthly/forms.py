"""What the pages of the monthly report send."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from criteria.models import Basis
from criteria.months.forms import read_month
from reports.monthly.sections import OPTIONAL
from reports.monthly.settings import FIELDS, LAST_CUT_OFF_DAY, MOST_PLACES, Chosen

SET_BASIS = [(basis.value, basis.label) for basis in Basis]


class SectionForm(forms.Form):
    """A section's text, or (`take`) that of the month before in its place."""

    text = forms.CharField(required=False, strip=False)
    take = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False)
    request_id = forms.UUIDField()


def _line(label: str, longest: int, required: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(required),
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": required,
            "max_length": f"{label} dài quá {longest} ký tự.",
        },
    )


def _places(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(n, str(n)) for n in range(MOST_PLACES + 1)],
        coerce=int,
        error_messages={"required": "Hãy chọn số chữ số thập phân."},
    )


class SettingsForm(forms.Form):
    """How the reports of an office look from a month on."""

    from_month = forms.CharField(
        label="Áp dụng cho báo cáo từ tháng",
        help_text="Dạng 2018-12. Báo cáo của các tháng trước giữ nguyên như đã thiết lập.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Hãy ghi tháng bắt đầu áp dụng, dạng 2018-12."},
    )
    above = _line("Cơ quan chủ quản", 200, "Hãy ghi cơ quan chủ quản.")
    issuer = _line("Cơ quan ban hành", 200, "Hãy ghi cơ quan ban hành.")
    symbol = _line("Ký hiệu văn bản", 40, "Hãy ghi ký hiệu văn bản.", "Ghi sau số: Số …/BC-VPĐP")
    place = _line("Địa danh", 80, "Hãy ghi địa danh.", "Ghi trước ngày, tháng, năm.")
    signers = forms.CharField(
        label="Quyền hạn, chức vụ của người ký",
        max_length=400,
        help_text="Mỗi dòng một phần, ví dụ: KT. CHÁNH VĂN PHÒNG, dòng dưới: PHÓ CHÁNH VĂN PHÒNG.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Hãy ghi chức vụ người ký.",
            "max_length": "Chức vụ người ký dài quá 400 ký tự.",
        },
    )
    signer_name = _line("Họ tên người ký", 120, "", "Để trống thì chừa chỗ ghi tay.")
    recipients = forms.CharField(
        label="Nơi nhận",
        required=False,
        max_length=2000,
        help_text="Mỗi dòng một nơi nhận.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "Nơi nhận dài quá 2.000 ký tự."},
    )
    average_places = _places("Số chữ số thập phân của bình quân")
    percent_places = _places("Số chữ số thập phân của tỷ lệ %")
    brackets = forms.CharField(
        label="Mốc phân nhóm xã",
        required=False,
        max_length=60,
        help_text="Từ cao xuống thấp, ví dụ 19, 15, 10, 5. Để trống: theo bộ tiêu chí.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    basis = forms.ChoiceField(
        label="Số liệu của tháng chưa chốt",
        choices=SET_BASIS,
        help_text="Tháng đã chốt luôn dùng căn cứ đã chọn khi chốt.",
    )
    cut_off_day = forms.IntegerField(
        label="Ngày tự lập bản nháp hằng tháng",
        required=False,
        min_value=1,
        max_value=LAST_CUT_OFF_DAY,
        help_text="Ngày 1–10: báo cáo của tháng trước; ngày 11–28: của tháng đó. Để trống: không"
        " tự lập.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Hãy ghi một ngày từ 1 đến 28.",
            "min_value": "Hãy ghi một ngày từ 1 đến 28.",
            "max_value": "Hãy ghi một ngày từ 1 đến 28.",
        },
    )
    sections = forms.MultipleChoiceField(
        label="Mục không bắt buộc có trong báo cáo",
        required=False,
        choices=[(one.value, one.label) for one in OPTIONAL],
        widget=forms.CheckboxSelectMultiple,
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean_from_month(self) -> date:
        found = read_month(self.cleaned_data["from_month"])
        if found is None:
            raise forms.ValidationError("Hãy ghi tháng dạng 2018-12.")
        return found.replace(day=1)

    def clean_brackets(self) -> list[int]:
        text = self.cleaned_data["brackets"].strip()
        parts = [part for part in re.split(r"[,;\s]+", text) if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError("Hãy ghi các số, cách nhau bằng dấu phẩy: 19, 15, 10, 5.")
        return [int(part) for part in parts]

    @property
    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: self.cleaned_data[name] for name in FIELDS}


def first_values(chosen: Chosen, month: date) -> dict[str, Any]:
    """What the form opens with: the settings that hold for a month."""
    setup = chosen.setup
    return {
        "from_month": f"{month:%Y-%m}",
        "above": setup.above,
        "issuer": setup.issuer,
        "symbol": setup.symbol,
        "place": setup.place,
        "signers": "\n".join(setup.signers),
        "signer_name": setup.signer_name,
        "recipients": "\n".join(setup.recipients),
        "average_places": setup.average_places,
        "percent_places": setup.percent_places,
        "brackets": ", ".join(str(cut) for cut in setup.brackets),
        "basis": chosen.basis,
        "cut_off_day": chosen.cut_off_day,
        "sections": [section.value for section in setup.sections],
        "request_id": uuid4(),
    }
