"""How one merged commune starts: predecessors side by side, a choice, its preview, the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import openings
from criteria.guards import on_unit
from criteria.openings import Choices, OpeningRefused, Start
from criteria.openings.board import board
from criteria.openings.forms import DocumentForm, RequestForm, StatusForm, UndoForm, read_choices
from criteria.rules.opening import Pick

decides = on_unit(Permission.DECIDE_OPENINGS, Tier.COMMUNE)
OTHER_IDS = "status_%s"
"""Ids of the second form of a kind on the page."""


@decides
@require_GET
def opening(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _page(request, unit, on, openings.start(unit.unit_id))


@decides
@require_POST
def choose(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The page with other choices; nothing is recorded."""
    start = openings.start(unit.unit_id)
    choices: Choices = read_choices(request.POST, start)
    preset = request.POST.get("preset", "")
    if preset in {Pick.LOWEST, Pick.WORST, Pick.BEST}:
        choices = start.proposal(Pick(preset))
    if getattr(request, "htmx", False):
        shown = board(unit, start, choices, day=day_of(request))
        part = "opening.html#chosen" if preset else "opening.html#counted"
        return TemplateResponse(request, part, {"board": shown})
    given = {name: request.POST.get(name, "") for name in ("document_number", "document_on")}
    form = DocumentForm(initial={name: text for name, text in given.items() if text})
    return _page(request, unit, on, start, choices=choices, form=form)


@decides
@require_POST
def preview(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """What would be recorded; nothing is."""
    start = openings.start(unit.unit_id)
    choices = read_choices(request.POST, start)
    form = DocumentForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, on, start, choices=choices, form=form, status=422)
    context = {
        "unit": unit,
        "on": on,
        "board": board(unit, start, choices, day=day_of(request)),
        "sources": start.sources(choices),
        "results": len(start.cells(choices)),
        "form": form,
        "seen": start.fingerprint,
    }
    return TemplateResponse(request, "opening_preview.html", context)


@decides
@require_POST
def record(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    start = openings.start(unit.unit_id)
    choices = read_choices(request.POST, start)
    form = DocumentForm(request.POST)
    said = f"Đã ghi kết quả ban đầu của {unit.full_name}."
    if form.is_valid() and carried_out(
        request,
        form,
        said,
        openings.take_over,
        unit=unit.unit,
        pick=start.pick_of(choices),
        choices=choices,
        document=form.document,
        seen=form.cleaned_data["seen"],
    ):
        return _back(request, unit)
    return _page(request, unit, on, start, choices=choices, form=form, status=422)


@decides
@require_POST
def undo(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = UndoForm(request.POST)
    said = f"Đã hoàn tác; {unit.full_name} lại chờ quyết định kết quả ban đầu."
    if form.is_valid() and carried_out(
        request, form, said, openings.undo, units=[unit.unit], reason=form.cleaned_data["reason"]
    ):
        return _back(request, unit)
    return _page(request, unit, on, openings.start(unit.unit_id), undoing=form, status=422)


@decides
@require_POST
def preview_status(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The status that would be recorded, in words; nothing is."""
    start = openings.start(unit.unit_id)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, on, start, status_form=form, status=422)
    context = {"unit": unit, "on": on, "start": start, "form": form, "day": day_of(request)}
    return TemplateResponse(request, "opening_status_preview.html", context)


@decides
@require_POST
def record_status(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = StatusForm(request.POST)
    said = f"Đã ghi tình trạng ban đầu của {unit.full_name}."
    if form.is_valid() and carried_out(
        request,
        form,
        said,
        openings.open_status,
        unit=unit.unit,
        tier=form.cleaned_data["tier"],
        number=form.cleaned_data["number"],
        decided_on=form.cleaned_data["decided_on"],
    ):
        return _back(request, unit)
    return _page(request, unit, on, openings.start(unit.unit_id), status_form=form, status=422)


@decides
@require_POST
def undo_status(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = UndoForm(request.POST, auto_id=OTHER_IDS)
    said = f"Đã hoàn tác tình trạng ban đầu của {unit.full_name}."
    reason = request.POST.get("reason", "")
    if form.is_valid() and carried_out(
        request, form, said, openings.undo_status, unit=unit.unit, reason=reason
    ):
        return _back(request, unit)
    return _page(request, unit, on, openings.start(unit.unit_id), undoing_status=form, status=422)


def carried_out(
    request: HttpRequest, form: RequestForm, said: str, act: Callable[..., object], **how: Any
) -> bool:
    """Carry out an act once and say so; where it is refused, the form says why."""
    try:
        act(
            by=request.user,
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
            **how,
        )
    except OpeningRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, said)
    return True


def day_of(request: HttpRequest) -> str:
    """The day of the address, kept in every address of the page: a code alone may be another's."""
    return f"?on={request.GET['on']}" if request.GET.get("on") else ""


def _back(request: HttpRequest, unit: UnitVersion) -> HttpResponse:
    return redirect(reverse("opening", args=[unit.code]) + day_of(request))


def _page(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    start: Start,
    *,
    choices: Choices | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page as things stand, with what was typed and what was refused."""
    if start.recorded is not None:
        choices = start.choices
    elif choices is None:
        choices = start.proposal(Pick.LOWEST)
    context = {
        "unit": unit,
        "on": on,
        "board": board(unit, start, choices, day=day_of(request)),
        "form": DocumentForm(),
        "status_form": StatusForm(initial={"tier": start.proposed_tier}),
        "undoing": UndoForm(),
        "undoing_status": UndoForm(auto_id=OTHER_IDS),
        **more,
    }
    return TemplateResponse(request, "opening.html", context, status=status)
