"""The new units of a province: which starts are decided, and all that wait decided at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.models import Change, Tier, UnitVersion
from communes.roles import Permission
from criteria import openings
from criteria.guards import on_unit
from criteria.openings import Listed
from criteria.openings.forms import DocumentForm, UndoForm
from criteria.openings.listing import State
from criteria.views.opening import carried_out, day_of

decides = on_unit(Permission.DECIDE_OPENINGS, Tier.PROVINCE)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One recording that holds, for all the units it still holds for."""

    change: Change
    rows: list[Listed]


@decides
@require_GET
def new_units(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _list(request, unit, on)


@decides
@require_GET
def proposed(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """What the proposal would give to every unit that waits: the preview of the one act."""
    return _proposed(request, unit, on, DocumentForm())


@decides
@require_POST
def record_proposed(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    ticked = set(request.POST.getlist("unit"))
    rows = [row for row in openings.new_units(unit, on) if str(row.version.unit_id) in ticked]
    form = DocumentForm(request.POST)
    if form.is_valid() and carried_out(
        request,
        form,
        f"Đã ghi kết quả ban đầu của {len(rows)} đơn vị.",
        openings.take_over_proposed,
        units=[row.version.unit for row in rows],
        document=form.document,
    ):
        return _back(request, unit)
    return _proposed(request, unit, on, form, ticked=ticked)


@decides
@require_POST
def undo_act(request: HttpRequest, unit: UnitVersion, on: date, change: int) -> HttpResponse:
    """Take back everything of one recording that still holds."""
    form = UndoForm(request.POST)
    if form.is_valid():
        rows = [row for row in openings.new_units(unit, on) if _change_of(row) == change]
        if not rows or carried_out(
            request,
            form,
            f"Đã hoàn tác kết quả ban đầu của {len(rows)} đơn vị.",
            openings.undo,
            units=[row.version.unit for row in rows],
            reason=form.cleaned_data["reason"],
        ):
            return _back(request, unit)
    return _list(request, unit, on, undoing=form)


def _back(request: HttpRequest, unit: UnitVersion) -> HttpResponse:
    return redirect(reverse("openings", args=[unit.code]) + day_of(request))


def _change_of(row: Listed) -> int | None:
    return row.start.recorded.change.pk if row.start.recorded else None


def _list(
    request: HttpRequest, unit: UnitVersion, on: date, undoing: UndoForm | None = None
) -> HttpResponse:
    rows = openings.new_units(unit, on)
    by_state = {state: [row for row in rows if row.state is state] for state in State}
    acts: dict[int, list[Listed]] = defaultdict(list)
    for row in by_state[State.DONE]:
        acts[_change_of(row) or 0].append(row)
    context = {
        "unit": unit,
        "on": on,
        "day": day_of(request),
        "rows": by_state[State.WAITING] + by_state[State.DONE],
        "waiting": by_state[State.WAITING],
        "done": by_state[State.DONE],
        "nothing": by_state[State.NOTHING] + by_state[State.ORPHAN],
        "acts": [
            Act(change=found[0].start.recorded.change, rows=found)  # type: ignore[union-attr]
            for _, found in sorted(acts.items(), reverse=True)
        ],
        "undoing": UndoForm(),
        "refused": undoing,
    }
    return TemplateResponse(request, "openings.html", context, status=422 if undoing else 200)


def _proposed(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    form: DocumentForm,
    *,
    ticked: Collection[str] | None = None,
) -> HttpResponse:
    waiting = [row for row in openings.new_units(unit, on) if row.state is State.WAITING]
    context = {
        "unit": unit,
        "on": on,
        "day": day_of(request),
        "rows": [
            (row, not row.start.unknown if ticked is None else str(row.version.unit_id) in ticked)
            for row in waiting
        ],
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "openings_proposed.html", context, status=status)
