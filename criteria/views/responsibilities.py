"""Which department answers for which criterion of the province's headline set."""

from __future__ import annotations

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
from criteria.set_forms import ConfirmForm, ResponsibilityForm


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def table(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _page(request, unit)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def change(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = ResponsibilityForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        ids = [one.pk for one in _sets(unit)]
        try:
            responsibilities.change(
                province=unit.unit,
                criterion=get_object_or_404(Criterion, pk=given["criterion"], set__in=ids),
                department=given["department"],
                from_on=given["from_on"],
                document=given["document"],
                **_by(request, form),
            )
        except ResponsibilityRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Đã ghi sở, ngành phụ trách.")
            return redirect("responsibilities", unit.code)
    return _page(request, unit, status=422, form=form)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def confirm(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Responsibility.objects.select_related("province"), pk=pk, province=unit.unit
    )
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            responsibilities.confirm(
                responsibility=row,
                document=form.cleaned_data["document"],
                **_by(request, form),
            )
        except ResponsibilityRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Đã ghi văn bản phân công.")
            return redirect("responsibilities", unit.code)
    return _page(request, unit, status=422, refused=form.message)


def _page(
    request: HttpRequest, unit: UnitVersion, *, status: int = 200, **more: Any
) -> HttpResponse:
    day = _month(unit)
    user: Any = request.user
    found = _sets(unit)
    rows = Responsibility.objects.filter(
        province=unit.unit_id, criterion__set__in=found
    ).select_related("department", "criterion")
    held: dict[int, list[Responsibility]] = {}
    for row in rows.order_by("-valid"):
        held.setdefault(row.criterion_id, []).append(row)
    form = more.get("form")
    context = {
        "unit": unit,
        "on": day,
        "sets": [
            (one, [(c, held.get(c.pk, []), _form(c, day)) for c in sets.criteria_of(one)])
            for one in found
        ],
        "editing": form and str(form["criterion"].value()),
        "departments": Department.objects.order_by("name"),
        "may_edit": Permission.EDIT_SETS in permissions(user, unit),
        "request_id": uuid4(),
        "sets_page": "true",
    }
    return TemplateResponse(request, "responsibilities.html", context | more, status=status)


def _form(criterion: Criterion, day: date) -> ResponsibilityForm:
    initial = {"criterion": criterion.pk, "from_on": day.replace(day=1)}
    return ResponsibilityForm(initial=initial, auto_id=f"id_{criterion.pk}_%s")


def _sets(unit: UnitVersion) -> list[Any]:
    return sets.adopted_sets(unit.unit_id, _month(unit))


def _month(unit: UnitVersion) -> date:
    return months.month_end(months.working_day(unit.unit))


def _by(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {
        "by": request.user,
        "request_id": form.cleaned_data["request_id"],
        "ip": address_of(request),
    }
