"""Which department answers for which criterion of the sets that a province judges by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Department, Tier, UnitVersion
from communes.roles import Permission
from criteria import months, responsibilities, sets
from criteria.guards import on_unit
from criteria.models import Criterion, Responsibility
from criteria.responsibilities import ResponsibilityRefused
from criteria.set_pages.forms import Acting, ConfirmForm, EndForm, ReplaceForm, ResponsibilityForm

type Editing = tuple[str, int]
"""The form that the person works in: "add" and a criterion, or an act and a responsibility."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A department over one stretch; with the forms to end and to replace it while it lasts."""

    row: Responsibility
    over: bool
    end: Acting
    replace: Acting


@dataclass(frozen=True, kw_only=True)
class Line:
    """A criterion with its departments, the latest first, and the form to add one."""

    criterion: Criterion
    held: list[Held]
    add: Acting

    @property
    def answered(self) -> bool:
        return any(not one.over for one in self.held)


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def table(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _page(request, unit)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def add(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = ResponsibilityForm(request.POST)
    ids = [one.pk for one in _sets(unit)]

    def act(criterion: int, **given: Any) -> None:
        row = get_object_or_404(Criterion, pk=criterion, set__in=ids)
        responsibilities.add(province=unit.unit, criterion=row, **given)

    asked = str(form["criterion"].value())
    editing = ("add", int(asked) if asked.isdecimal() else 0)
    return _act(request, unit, form, act, "Đã phân công sở, ngành.", editing)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def end(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    row = _row(unit, pk)

    def act(from_on: date, **given: Any) -> None:
        responsibilities.end(responsibility=row, on=from_on, **given)

    told = f"Đã ghi ngày {row.department.name} thôi phụ trách."
    return _act(request, unit, EndForm(request.POST), act, told, ("end", pk))


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def replace(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    row = _row(unit, pk)

    def act(**given: Any) -> None:
        responsibilities.replace(responsibility=row, **given)

    told = f"Đã thay {row.department.name} bằng sở, ngành khác."
    return _act(request, unit, ReplaceForm(request.POST), act, told, ("replace", pk))


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def confirm(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    row = _row(unit, pk)

    def act(**given: Any) -> None:
        responsibilities.confirm(responsibility=row, **given)

    told = "Đã ghi văn bản phân công."
    return _act(request, unit, ConfirmForm(request.POST), act, told, ("confirm", pk))


def _act(
    request: HttpRequest,
    unit: UnitVersion,
    form: Acting,
    act: Callable[..., None],
    told: str,
    editing: Editing,
) -> HttpResponse:
    """Do what a valid form asks and go back to the page; else the page with what is wrong."""
    if form.is_valid():
        try:
            act(**form.cleaned_data, by=request.user, ip=address_of(request))
        except ResponsibilityRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, told)
            return redirect("responsibilities", unit.code)
    return _page(request, unit, form=form, editing=editing)


def _page(
    request: HttpRequest,
    unit: UnitVersion,
    *,
    form: Acting | None = None,
    editing: Editing = ("", 0),
) -> HttpResponse:
    day = _month(unit)
    user: Any = request.user
    context = {
        "unit": unit,
        "on": day,
        "sets": _lines(unit, day, form, editing),
        "form": form,
        "act": editing[0],
        "key": editing[1],
        "departments": Department.objects.order_by("name"),
        "may_edit": Permission.EDIT_SETS in permissions(user, unit),
        "request_id": uuid4(),
        "sets_page": "true",
    }
    status = 200 if form is None else 422
    return TemplateResponse(request, "responsibilities.html", context, status=status)


def _lines(
    unit: UnitVersion, day: date, form: Acting | None, editing: Editing
) -> list[tuple[Any, list[Line]]]:
    """The criteria of each set; the form that was sent stands in its place with its errors."""
    first = day.replace(day=1)

    def blank(kind: type[Acting], act: str, pk: int, **initial: Any) -> Acting:
        if form is not None and editing == (act, pk):
            return form
        return kind(initial={"from_on": first, **initial}, auto_id=f"id_{act}_{pk}_%s")

    found = _sets(unit)
    rows = Responsibility.objects.filter(province=unit.unit_id, criterion__set__in=found)
    held: dict[int, list[Held]] = defaultdict(list)
    for row in rows.select_related("department").order_by("-valid"):
        held[row.criterion_id].append(
            Held(
                row=row,
                over=row.valid.upper is not None and row.valid.upper <= day,
                end=blank(EndForm, "end", row.pk),
                replace=blank(ReplaceForm, "replace", row.pk),
            )
        )
    return [
        (
            one,
            [
                Line(
                    criterion=c,
                    held=held[c.pk],
                    add=blank(ResponsibilityForm, "add", c.pk, criterion=c.pk),
                )
                for c in sets.criteria_of(one)
            ],
        )
        for one in found
    ]


def _row(unit: UnitVersion, pk: int) -> Responsibility:
    rows = Responsibility.objects.select_related("province", "criterion", "department")
    return get_object_or_404(rows, pk=pk, province=unit.unit)


def _sets(unit: UnitVersion) -> list[Any]:
    return sets.adopted_sets(unit.unit_id, _month(unit))


def _month(unit: UnitVersion) -> date:
    return months.month_end(months.working_day(unit.unit))
