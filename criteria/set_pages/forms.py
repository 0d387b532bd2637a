"""Forms of the pages on criteria sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from communes.forms import Day
from communes.models import Department
from communes.vietnamese import fold, nfc, parse_number
from criteria.catalogue.levels import COMPARISONS
from criteria.catalogue.specs import IndicatorSpec, LevelSpec
from criteria.models import CriteriaSet, Measure, SetVersion
from criteria.rules.levels import ALL
from criteria.rules.types import Rule
from criteria.selectors import RULE_CHOICES, read_levels, read_selector


class Text(forms.CharField):
    """Text in composed form with single spaces."""

    def __init__(self, missing: str = "Hãy điền ô này.", **kwargs: Any) -> None:
        longest = kwargs.get("max_length", 0)
        errors = {"required": missing, "max_length": f"Tối đa {longest} ký tự."}
        super().__init__(error_messages=errors, **kwargs)

    def clean(self, value: Any) -> str:
        return nfc(super().clean(value))


class Number(forms.IntegerField):
    """A whole number with its bounds."""

    def __init__(self, **kwargs: Any) -> None:
        low, high = kwargs["min_value"], kwargs["max_value"]
        wrong = f"Hãy ghi một số từ {low} đến {high}."
        names = ("required", "invalid", "min_value", "max_value")
        super().__init__(error_messages=dict.fromkeys(names, wrong), **kwargs)


class Acting(forms.Form):
    """A form whose button may be pressed twice."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def refuse(self, refused: Exception) -> None:
        """Show why the action did not do it, beside its field where the form has that one."""
        field = getattr(refused, "field", "")
        self.add_error(field if field in self.fields else None, str(refused))

    @property
    def message(self) -> str:
        """Every error in one text, for forms shown without their fields."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class NewSetForm(Acting):
    """A set of the province's own, from nothing or from another set."""

    province = forms.ChoiceField(label="Tỉnh")
    name = Text("Hãy đặt tên bộ tiêu chí.", label="Tên bộ tiêu chí", max_length=120)
    tier = forms.ChoiceField(label="Mức", choices=CriteriaSet.SetTier.choices)
    period_from = Number(label="Giai đoạn từ năm", min_value=2010, max_value=2100)
    period_to = Number(label="đến năm", min_value=2010, max_value=2100)
    issuer = Text("Hãy ghi cơ quan ban hành.", label="Cơ quan ban hành", max_length=120)
    base = forms.ChoiceField(
        label="Dựa trên bộ",
        required=False,
        help_text="Các tiêu chí của bộ đó được giữ nguyên, đo cùng nội dung: một lần nhập được"
        " đánh giá theo cả hai bộ. Sau đó thêm tiêu chí riêng hoặc nâng mức.",
    )

    def __init__(
        self, *args: Any, provinces: Mapping[str, str], bases: list[SetVersion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = list(provinces.items())  # type: ignore[attr-defined]
        self.fields["base"].choices = [  # type: ignore[attr-defined]
            ("", "– Không: lập từ đầu –"),
            *((one.set.code, one.set.name) for one in bases),
        ]


class HeadForm(Acting):
    """What a draft says of the whole set."""

    issuer = Text("Hãy ghi cơ quan ban hành.", label="Cơ quan ban hành", max_length=120)
    na_counts_as = forms.ChoiceField(
        label="Tiêu chí không áp dụng", choices=SetVersion.NotApplicable.choices
    )
    bracket_cuts = Text(
        "Hãy ghi các mốc, ví dụ: 19, 15, 10, 5.",
        label="Mốc phân nhóm xã theo số tiêu chí",
        max_length=60,
        help_text="Các số cách nhau bằng dấu phẩy, ví dụ: 19, 15, 10, 5.",
    )

    def clean_bracket_cuts(self) -> list[int]:
        words = re.split(r"[\s,;]+", self.cleaned_data["bracket_cuts"].strip(" ,;"))
        if not all(word.isascii() and word.isdecimal() and int(word) < 1000 for word in words):
            raise forms.ValidationError("Chỉ ghi các số, ví dụ: 19, 15, 10, 5.")
        return [int(word) for word in words]


class CriterionForm(Acting):
    """A criterion of a draft."""

    number = Number(label="Số", min_value=1, max_value=999)
    name = Text("Hãy ghi tên tiêu chí.", label="Tên tiêu chí", max_length=160)
    group_name = Text(label="Nhóm tiêu chí", max_length=120, required=False)
    lead_agency = Text(label="Bộ, ngành hướng dẫn", max_length=160, required=False)
    concluded = forms.BooleanField(
        label="Chưa biết đủ các chỉ tiêu: đánh giá thẳng cả tiêu chí", required=False
    )


class IndicatorForm(Acting):
    """An indicator of a draft with its levels."""

    code = Text("Hãy ghi mã chỉ tiêu, ví dụ 12.1.", label="Mã", max_length=12)
    text = Text(
        "Hãy ghi nội dung chỉ tiêu.",
        label="Nội dung",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(label="Loại số liệu", choices=Measure.ValueKind.choices)
    unit = Text(label="Đơn vị tính", max_length=60, required=False)
    rule = forms.ChoiceField(label="Quy tắc", choices=RULE_CHOICES)
    levels = forms.CharField(
        label="Mức quy định",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Mỗi dòng một mức: “chung: 80”, “Tây Nguyên: 70”, “Tây Nguyên + năm 2027: 75”,"
        " “nhóm 1: 90”, “chung: Tỉnh” (UBND tỉnh quy định). Để trống: cán bộ đánh giá.",
    )
    when = Text(label="Chỉ áp dụng khi", max_length=200, required=False)
    note = Text(label="Ghi chú", max_length=400, required=False)
    source = Text(label="Nguồn (trang, khoản của văn bản)", max_length=300, required=False)
    checked = forms.BooleanField(
        label="Đã đối chiếu nội dung và mức với văn bản",
        required=False,
        help_text="Không đánh dấu: chỉ tiêu mang dấu “chưa đối chiếu” và cán bộ đánh giá.",
    )

    def __init__(self, *args: Any, groups: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        rule = Rule(found["rule"]) if "rule" in found else Rule.YES
        percent = found.get("kind") == Measure.ValueKind.PERCENT
        try:
            levels = read_levels(found.get("levels", ""), rule, self.groups, percent=percent)
        except ValueError as error:
            self.add_error("levels", f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return found
        if not levels and rule not in COMPARISONS:
            levels = {ALL: None if rule is Rule.BY_PROVINCE else Decimal(1)}
        found["levels"] = levels
        return found

    @property
    def spec(self) -> IndicatorSpec:
        """The valid form as the action takes it."""
        given = self.cleaned_data
        return IndicatorSpec(
            code=given["code"],
            text=given["text"],
            kind=given["kind"],
            rule=given["rule"],
            unit=given["unit"],
            unverified="none" if given["checked"] else "levels",
            when=given["when"] or None,
            note=given["note"],
            source=given["source"],
            levels=tuple(
                LevelSpec(selector=selector, value=value, rule=given["rule"])
                for selector, value in given["levels"].items()
            ),
        )


class PasteForm(Acting):
    """A table pasted from Excel or Word."""

    table = forms.CharField(
        label="Bảng",
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "table-text", "spellcheck": "false"}),
        error_messages={"required": "Hãy dán bảng vào ô này."},
    )
    checked = forms.BooleanField(label="Đã đối chiếu với văn bản", required=False)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ForceForm(Acting):
    """Putting a draft in force; shown first, done when `confirmed`."""

    in_force_on = Day(label="Có hiệu lực từ ngày")
    decision_number = Text("Hãy ghi số quyết định.", label="Số quyết định", max_length=60)
    decision_date = Day(label="Ngày ký")
    document = Text(
        "Hãy ghi văn bản làm căn cứ.",
        label="Văn bản (nơi lưu, đường dẫn hoặc trích yếu)",
        max_length=200,
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_decision_date(self) -> Any:
        day = self.cleaned_data["decision_date"]
        if day > timezone.localdate():
            raise forms.ValidationError("Ngày ký không được sau hôm nay.")
        return day


class CheckForm(Acting):
    """Levels that somebody compared with a document."""

    document = Text("Hãy ghi văn bản đã dùng để đối chiếu.", max_length=200)
    level = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, *args: Any, levels: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unchecked = levels
        field = self.fields["level"]
        field.choices = [(pk, pk) for pk in levels]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = (
            "Có mức vừa được người khác đối chiếu; hãy tải lại trang."
        )

    @property
    def chosen(self) -> list[int]:
        """The levels ticked, or all that are not checked yet."""
        found: list[int] = self.cleaned_data["level"]
        return self.unchecked if self.cleaned_data["all"] else found


class AdoptForm(Acting):
    """Taking a set into use; shown first, done when `confirmed`."""

    set = forms.ChoiceField(label="Bộ tiêu chí")
    from_on = Day(label="Áp dụng từ ngày")
    in_headline = forms.TypedChoiceField(
        label="Cách dùng",
        coerce=lambda word: word == "headline",
        choices=[
            ("headline", "Số liệu chính của tỉnh theo bộ này"),
            ("beside", "Tính song song với bộ đang dùng"),
        ],
    )
    decision = Text("Hãy ghi quyết định áp dụng.", label="Quyết định áp dụng", max_length=200)
    take_over = forms.BooleanField(
        label="Lấy kết quả đã có của các chỉ tiêu chung, đánh giá theo mức của bộ này",
        required=False,
        initial=True,
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: list[CriteriaSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["set"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in choices
        ]


class OwnLevelForm(Acting):
    """A province's own level; shown first, recorded when `confirmed`."""

    requirement = forms.IntegerField(widget=forms.HiddenInput)
    part = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        label="Quy tắc", choices=[one for one in RULE_CHOICES if one[0] != "by-province"]
    )
    value = forms.CharField(label="Mức", max_length=30, required=False)
    unit = Text(label="Đơn vị tính", max_length=60, required=False)
    selector = forms.CharField(
        label="Áp dụng cho",
        max_length=80,
        required=False,
        help_text="Để trống: mọi xã. Hoặc: nhóm 1, khu vực III, xã biên giới, năm 2027…",
    )
    from_on = Day(label="Từ ngày")
    decision = Text("Hãy ghi quyết định của tỉnh.", label="Quyết định của tỉnh", max_length=200)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups

    def clean_selector(self) -> str:
        try:
            return read_selector(self.cleaned_data["selector"], self.groups)
        except ValueError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("rule") == Rule.YES:
            found["value"] = Decimal(1)
            return found
        try:
            found["value"] = parse_number(found.get("value") or "")
            if not 0 <= found["value"] < 10**12:
                raise ValueError("Mức phải từ 0 trở lên.")
        except ValueError:
            self.add_error("value", "Hãy ghi mức bằng số, ví dụ 71,5.")
        return found


class WithdrawForm(Acting):
    """Taking back a level recorded by mistake."""

    reason = Text("Hãy ghi lý do rút mức này.", label="Lý do", max_length=200)


class EndForm(Acting):
    """The day from which a department answers for a criterion no longer."""

    from_on = Day(label="Thôi phụ trách từ ngày")
    document = Text(label="Văn bản", max_length=200, required=False)


class ReplaceForm(Acting):
    """A department for a criterion from a day on."""

    department = forms.CharField(
        label="Sở, ngành",
        max_length=160,
        widget=forms.TextInput(attrs={"list": "departments", "autocomplete": "off"}),
        error_messages={
            "required": "Hãy chọn sở, ngành.",
            "max_length": "Tên sở, ngành dài quá 160 ký tự; hãy chọn tên có sẵn.",
        },
    )
    from_on = Day(label="Phụ trách từ ngày")
    document = Text(label="Văn bản phân công", max_length=200, required=False)

    def clean_department(self) -> Department:
        name = nfc(self.cleaned_data["department"])
        known = {fold(row.name): row for row in Department.objects.all()}
        if fold(name) not in known:
            raise forms.ValidationError(
                f"Chưa có “{name}” trong danh sách sở, ngành; hãy chọn tên có sẵn."
            )
        return known[fold(name)]


class ResponsibilityForm(ReplaceForm):
    """A department for a criterion, beside whoever answers for it already."""

    criterion = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(Acting):
    """The document that a responsibility rests on."""

    document = Text("Hãy ghi văn bản phân công.", label="Văn bản", max_length=200)
