"""Attributes of a province's units in the browser: paste or upload a list, preview, apply, undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from communes.addresses import address_of
from communes.attribute_lists import applying, cells, lines, values
from communes.attribute_lists.applying import ListPlan
from communes.attribute_lists.cells import Cells, ListRefused
from communes.forms import Day, RequestForm
from communes.models import Change, Unit, UnitAttribute, UnitVersion
from communes.roles import Permission
from criteria.guards import on_register
from criteria.models import MonthClosing

MOST_ACTS = 10
FROZEN_KEYS = {UnitAttribute.Key.IN_PROGRAMME, UnitAttribute.Key.BORDER}
"""What a closed month keeps of its communes."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One list that was applied."""

    change: Change
    label: str
    units: int
    undoable: bool


class ListForm(forms.Form):
    """A list for one attribute, with the document that says so."""

    key = forms.ChoiceField(label="Đặc điểm", choices=UnitAttribute.Key.choices)
    source = forms.CharField(
        label="Văn bản làm căn cứ",
        required=False,
        max_length=300,
        help_text="Ví dụ: Quyết định 861/QĐ-TTg ngày 04/6/2021.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    default_first = Day(
        label="Từ ngày", required=False, help_text="Cho các dòng không ghi ngày riêng."
    )
    text = forms.CharField(label="Danh sách", required=False, strip=False, widget=forms.Textarea)
    file = forms.FileField(label="hoặc chọn tệp Excel, CSV", required=False)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, province: UnitVersion) -> None:
        super().__init__(*args, initial={"request_id": uuid4()})
        self.province = province
        self.cells: list[Cells] = []
        self.lines: list[lines.Line] = []

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("source", "").strip():
            self.add_error("source", "Hãy ghi văn bản làm căn cứ.")
        file = found.get("file")
        try:
            if file:
                self.cells = cells.from_file(file.name, file.read(cells.LARGEST_FILE + 1))
            else:
                self.cells = cells.from_text(found.get("text", ""))
            if not self.errors:
                self.lines = lines.read(
                    self.cells,
                    key=found["key"],
                    province=self.province,
                    default_first=found["default_first"],
                )
        except ListRefused as refused:
            self.add_error("file" if file else "text", str(refused))
        return found


@on_register(Permission.CHANGE_UNITS)
@never_cache
@require_http_methods(["GET", "POST"])
def attributes(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    if request.method != "POST":
        return _page(request, unit, on, ListForm(province=unit))
    form = ListForm(request.POST, request.FILES, province=unit)
    act = request.POST.get("act")
    if act == "edit" or not form.is_valid():
        return _page(request, unit, on, form, failed=act != "edit")
    if act != "apply":
        return _preview(request, unit, on, form)
    try:
        applying.apply(
            lines=form.lines,
            key=form.cleaned_data["key"],
            source=form.cleaned_data["source"],
            province=unit.unit,
            seen=request.POST.get("seen", ""),
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except ListRefused as refused:
        return _preview(request, unit, on, form, said=str(refused))
    messages.success(request, "Đã áp dụng danh sách.")
    return redirect("unit_attributes", unit.code)


@on_register(Permission.CHANGE_UNITS)
@require_POST
def undo_attributes(request: HttpRequest, unit: UnitVersion, on: date, change: int) -> HttpResponse:
    found = _applied(unit).filter(pk=change).first()
    if found is None:
        raise Http404("Không có danh sách này.")
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy tải lại trang rồi bấm lại.")
        return redirect("unit_attributes", unit.code)
    try:
        applying.undo(
            change=found,
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except ListRefused as refused:
        return _page(request, unit, on, ListForm(province=unit), refused=str(refused))
    messages.success(request, "Đã hoàn tác; các giá trị trở lại như trước.")
    return redirect("unit_attributes", unit.code)


def _page(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    form: ListForm,
    *,
    failed: bool = False,
    refused: str = "",
) -> HttpResponse:
    context = {
        **_common(unit, on),
        "form": form,
        "failed": failed,
        "refused": refused,
        "acts": _acts(unit),
        "known": [
            (label, ", ".join(values.LABELS[key].values()))
            for key, label in UnitAttribute.Key.choices
        ],
        "request_id": uuid4(),
    }
    status = 422 if failed or refused else 200
    return TemplateResponse(request, "unit_attributes.html", context, status=status)


def _preview(
    request: HttpRequest, unit: UnitVersion, on: date, form: ListForm, *, said: str = ""
) -> HttpResponse:
    given = form.cleaned_data
    plan = applying.plan(form.lines, key=given["key"], source=given["source"])
    context = {
        **_common(unit, on),
        "form": form,
        "plan": plan,
        "counts": {state.value: number for state, number in plan.counts.items()},
        "label": UnitAttribute.Key(plan.key).label,
        "rows": [
            (row, values.label(plan.key, row.line.value), _former(plan, row)) for row in plan.lines
        ],
        "text": cells.as_text(form.cells),
        "closed": _closed(unit, plan),
        "said": said,
    }
    status = 409 if said else 200
    return TemplateResponse(request, "unit_attributes_preview.html", context, status=status)


def _common(unit: UnitVersion, on: date) -> dict[str, Any]:
    return {"unit": unit, "on": on, "may_change": True}


def _former(plan: ListPlan, row: applying.PlannedLine) -> str:
    return values.label(plan.key, row.former.value) if row.former else ""


def _closed(unit: UnitVersion, plan: ListPlan) -> int:
    """How many closed months keep the former values, where a closed month keeps them at all."""
    firsts = [row.line.first for row in plan.lines if row.line.first]
    if plan.key not in FROZEN_KEYS or not firsts:
        return 0
    held = MonthClosing.objects.holding().filter(province=unit.unit, month__gte=min(firsts))
    return held.count()


def _applied(unit: UnitVersion) -> Any:
    """The lists applied to this province; others may share its clock."""
    of_here = {"lines__table": Unit._meta.db_table, "lines__key": unit.unit.key}
    return Change.objects.filter(clock=unit.unit.clock_id, action=applying.APPLY, **of_here)


def _acts(unit: UnitVersion) -> list[Act]:
    found = []
    for change in _applied(unit).select_related("by").order_by("-seq")[:MOST_ACTS]:
        head = change.lines.get(table=Unit._meta.db_table)
        found.append(
            Act(
                change=change,
                label=str(UnitAttribute.Key(head.after["attribute"]).label),
                units=head.after["units"],
                undoable=applying.can_be_undone(change),
            )
        )
    return found
