"""Rearrangements of units in the browser: listed, shown, recorded, corrected, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes import unit_changes, units
from communes.access import permissions
from communes.addresses import address_of
from communes.forms import RequestForm
from communes.models import UnitEvent, UnitVersion
from communes.roles import Permission
from communes.typed_communes import as_typed
from communes.unit_changes import ChangedMeanwhile, UnitsRefused, reading
from criteria import rearranging
from criteria.guards import on_register
from criteria.rearranging.edges_form import EdgesForm
from criteria.rearranging.effects import effects
from criteria.rearranging.form import RearrangeForm
from criteria.rearranging.rows import COMMUNE_KINDS, SECTIONS

PER_PAGE = 100


@on_register(Permission.READ)
@require_GET
def events_list(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    every = reading.events_of(unit)
    chosen = reading.Filters(*(request.GET.get(name, "") for name in ("kind", "year", "mark")))
    found = chosen.of(every)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **_common(request, unit, on),
        "page": page,
        "total": every.filter(withdrawn=False).count(),
        "unknown": reading.marked(every, reading.UNKNOWN).count(),
        "inferred": reading.marked(every, reading.INFERRED).count(),
        "events": reading.shown(list(page)),
        "chosen": chosen,
        "kinds": UnitEvent.Kind.choices,
        "marks": reading.MARKS.items(),
        "years": [day.year for day in every.dates("effective_on", "year", order="DESC")],
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "unit_events.html", context)


@on_register(Permission.READ)
@require_GET
def event_page(request: HttpRequest, unit: UnitVersion, on: date, event: int) -> HttpResponse:
    return _event_page(request, unit, on, _event(unit, event))


@on_register(Permission.CHANGE_UNITS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_event(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in SECTIONS:
        context = {**_common(request, unit, on), "kinds": _kinds(unit, on)}
        return TemplateResponse(request, "unit_event_kinds.html", context)
    posted = request.POST if request.method == "POST" else None
    form = RearrangeForm(posted, kind=kind, province=unit)
    act = request.POST.get("act", "")
    if act == "record" and (again := _recorded_before(unit, form)):
        return redirect("unit_event", unit.code, again.pk)
    if posted is None or request.POST.get("more") or act == "edit":
        return _form_page(request, unit, on, form, checked=False)
    if not form.is_valid() or form.asked is None:
        return _form_page(request, unit, on, form)
    try:
        if act == "record":
            return _record(request, unit, form)
        return _preview(request, unit, on, form)
    except ChangedMeanwhile as changed:
        return _preview(request, unit, on, form, said=str(changed), status=409)
    except UnitsRefused as refused:
        form.refuse(refused)
        return _form_page(request, unit, on, form)


@on_register(Permission.CHANGE_UNITS)
@never_cache
@require_http_methods(["GET", "POST"])
def event_edges(request: HttpRequest, unit: UnitVersion, on: date, event: int) -> HttpResponse:
    shown = _event(unit, event)
    if shown.event.withdrawn:
        raise Http404("Lần sắp xếp này đã được rút.")
    form = EdgesForm(request.POST if request.method == "POST" else None, shown=shown)
    if request.method == "POST" and not request.POST.get("more") and form.is_valid():
        try:
            unit_changes.set_edges(
                event=shown.event,
                edges=form.edges,
                instrument=form.cleaned_data["instrument"],
                seen=form.cleaned_data["seen"],
                by=request.user,  # type: ignore[arg-type]
                request_id=form.cleaned_data["request_id"],
                ip=address_of(request),
            )
        except UnitsRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Đã ghi đơn vị kế thừa.")
            return redirect("unit_event", unit.code, event)
    failed = request.method == "POST" and not request.POST.get("more")
    context = {**_common(request, unit, on), "form": form, "shown": shown, "failed": failed}
    return TemplateResponse(
        request, "unit_event_edges.html", context, status=422 if failed else 200
    )


@on_register(Permission.CHANGE_UNITS)
@require_POST
def withdraw_event(request: HttpRequest, unit: UnitVersion, on: date, event: int) -> HttpResponse:
    shown = _event(unit, event)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _event_page(request, unit, on, shown, refused="Hãy tải lại trang rồi bấm lại.")
    try:
        rearranging.withdraw(
            event=shown.event,
            reason=request.POST.get("reason", ""),
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except UnitsRefused as refused:
        return _event_page(request, unit, on, shown, refused=str(refused))
    messages.success(request, "Đã rút lần sắp xếp này; các đơn vị trở lại như trước.")
    return redirect("unit_event", unit.code, event)


def _common(request: HttpRequest, unit: UnitVersion, on: date) -> dict[str, Any]:
    held = permissions(request.user, unit)  # type: ignore[arg-type]
    return {
        "unit": unit,
        "on": on,
        "may_change": Permission.CHANGE_UNITS in held,
        "may_open": Permission.READ in held,
    }


def _event(unit: UnitVersion, event: int) -> reading.EventShown:
    found = get_object_or_404(reading.events_of(unit).select_related("change__by"), pk=event)
    return reading.shown([found])[0]


def _event_page(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    shown: reading.EventShown,
    *,
    refused: str = "",
) -> HttpResponse:
    context = {
        **_common(request, unit, on),
        "shown": shown,
        "history": reading.history(shown.event),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
        "request_id": uuid4(),
    }
    return TemplateResponse(request, "unit_event.html", context, status=422 if refused else 200)


def _kinds(unit: UnitVersion, on: date) -> list[tuple[str, str]]:
    """The kinds that can be recorded; without districts no commune moves."""
    there_are_districts = units.districts_of(unit, on).exists()
    return [
        (word, str(label))
        for word, label in UnitEvent.Kind.choices
        if word != UnitEvent.Kind.MOVE or there_are_districts
    ]


def _form_page(
    request: HttpRequest, unit: UnitVersion, on: date, form: RearrangeForm, *, checked: bool = True
) -> HttpResponse:
    day = form.loaded_day() or on
    alive = UnitVersion.objects.alive_on(day).communes().within(unit).order_by("sort_key", "code")
    context = {
        **_common(request, unit, on),
        "form": form,
        "checked": checked,
        "sections": form.sections(),
        "proposals": [as_typed(version) for version in alive],
        "commune_kinds": COMMUNE_KINDS,
        "districts": units.districts_of(unit, day),
    }
    status = 422 if checked else 200
    return TemplateResponse(request, "unit_event_form.html", context, status=status)


def _preview(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    form: RearrangeForm,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = unit_changes.plan(form.asked, province=unit.unit)  # type: ignore[arg-type]
    context = {
        **_common(request, unit, on),
        "form": form,
        "plan": plan,
        "effects": effects(plan),
        "carried": form.carried(),
        "said": said,
    }
    return TemplateResponse(request, "unit_event_preview.html", context, status=status)


def _recorded_before(unit: UnitVersion, form: RearrangeForm) -> UnitEvent | None:
    form.is_valid()
    return rearranging.recorded(province=unit.unit, request_id=form.cleaned_data.get("request_id"))


def _record(request: HttpRequest, unit: UnitVersion, form: RearrangeForm) -> HttpResponse:
    event = rearranging.record(
        asked=form.asked,  # type: ignore[arg-type]
        province=unit.unit,
        seen=request.POST.get("seen", ""),
        by=request.user,  # type: ignore[arg-type]
        request_id=form.cleaned_data["request_id"],
        ip=address_of(request),
    )
    messages.success(request, "Đã ghi nhận lần sắp xếp này.")
    return redirect(reverse("unit_event", args=[unit.code, event.pk]))
