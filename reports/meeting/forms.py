"""What the pages of a meeting send: a task written down, and a change of its state."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from communes.models import Department, Tier, Unit, UnitVersion
from criteria.models import Criterion, Responsibility
from criteria.rules.types import SetDefinition
from reports.meeting.tasks import LONGEST_NOTE, LONGEST_TEXT

type Choices = list[tuple[str, Any]]


def owners(province: UnitVersion, on: date) -> Choices:
    """Whom a task may be given to: the office, departments of the province, districts, communes.

    Keys as the form sends them: "u" and the id of a unit, "d" and that of a department.
    """
    answering = Responsibility.objects.filter(province_id=province.unit_id).values("department")
    departments = Department.objects.filter(pk__in=answering).order_by("name")
    inside = list(
        UnitVersion.objects.alive_on(on)
        .filter(province_id=province.unit_id)
        .select_related("unit")
        .order_by("sort_key")
    )
    districts = [one for one in inside if one.unit.tier == Tier.DISTRICT]
    names = {one.unit_id: one.full_name for one in districts}
    communes = [one for one in inside if one.unit.tier == Tier.COMMUNE]
    groups: Choices = [
        ("", "Chọn đơn vị"),
        (f"u{province.unit_id}", "Văn phòng điều phối"),
        ("Sở, ngành", [(f"d{one.pk}", one.name) for one in departments]),
        ("Huyện, thành phố", [(f"u{one.unit_id}", one.full_name) for one in districts]),
        (
            "Xã",
            [
                (
                    f"u{one.unit_id}",
                    ", ".join(filter(None, [one.full_name, names.get(one.parent_id or 0)])),
                )
                for one in communes
            ],
        ),
    ]
    return [(key, value) for key, value in groups if value]


class TaskForm(forms.Form):
    """A task that a meeting gives."""

    text = forms.CharField(
        label="Nhiệm vụ",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Hãy ghi nội dung nhiệm vụ.",
            "max_length": f"Nội dung dài quá {LONGEST_TEXT} ký tự.",
        },
    )
    owner = forms.ChoiceField(
        label="Đơn vị thực hiện",
        error_messages={
            "required": "Hãy chọn đơn vị thực hiện.",
            "invalid_choice": "Đơn vị này không có trong danh sách; hãy chọn lại.",
        },
    )
    due_on = forms.DateField(
        label="Hạn xong",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Hãy ghi hạn xong.",
            "invalid": "Hạn xong chưa phải là ngày.",
        },
    )
    criterion = forms.ChoiceField(
        label="Tiêu chí",
        required=False,
        error_messages={"invalid_choice": "Bộ tiêu chí không có tiêu chí này; hãy chọn lại."},
    )
    meeting_on = forms.DateField(
        label="Ngày họp",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Hãy ghi ngày họp.",
            "invalid": "Ngày họp chưa phải là ngày.",
        },
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, province: UnitVersion, asked: SetDefinition, today: date, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"request_id": uuid4(), "meeting_on": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners(province, today)  # type: ignore[attr-defined]
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            ("", "Không theo tiêu chí"),
            *((str(one.id), f"{one.number}. {one.name}") for one in asked.criteria),
        ]

    @property
    def given_to(self) -> Unit | Department:
        kind, pk = self.cleaned_data["owner"][0], int(self.cleaned_data["owner"][1:])
        return Department.objects.get(pk=pk) if kind == "d" else Unit.objects.get(pk=pk)

    @property
    def chosen_criterion(self) -> Criterion | None:
        pk = self.cleaned_data["criterion"]
        return Criterion.objects.get(pk=pk) if pk else None

    @property
    def message(self) -> str:
        """The first error, as the page says it."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


class TurnForm(forms.Form):
    """A task is done, open again or withdrawn; the reason is asked for by the act."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("done", "reopen", "withdraw")])
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    request_id = forms.UUIDField()
