"""The meeting of the steering committee: the deck, its slide file, and the tasks that it gives."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import months
from criteria.figures import question
from criteria.forms import of_another_user
from criteria.guards import on_unit
from reports.meeting import task_list, tasks
from reports.meeting.embedded import as_json
from reports.meeting.forms import TaskForm, TurnForm
from reports.meeting.load import Meeting, bound, closed_months, meeting
from reports.meeting.slides import CONTENT_TYPE, as_slides
from reports.meeting.task_list import Show
from reports.meeting.tasks import TaskRefused
from reports.schematic.views import SchematicView, progress
from reports.views.workbooks import attachment

reads = on_unit(Permission.READ, Tier.PROVINCE)
gives_tasks = on_unit(Permission.GIVE_TASKS, Tier.PROVINCE)


@reads
@require_GET
def meeting_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    found = _meeting(request, unit, on)
    form = None
    if _may_give(request, unit):
        form = _task_form(found.answer.unit, found.answer.on, found.today)
    context = {
        "unit": found.answer.unit,
        "on": found.answer.on,
        "answer": found.answer,
        "deck": found.deck,
        "drawing": found.drawing,
        "schematic": _schematic(found),
        "embedded": as_json(found.deck),
        "months": closed_months(unit),
        "bound": _bound(found),
        "form": form,
    }
    return TemplateResponse(request, "meeting.html", context)


@reads
@require_GET
def meeting_slides(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    found = _meeting(request, unit, on)
    name = f"NTM {found.deck.unit_name} họp {found.deck.on.isoformat()}.pptx"
    return attachment(as_slides(found.deck), name, content_type=CONTENT_TYPE)


@reads
@require_GET
def meeting_tasks(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _list(request, unit, on)


@gives_tasks
@require_POST
def record_task(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """A task of the meeting; the page that is open gets the tasks back, another one goes there."""
    if (stopped := of_another_user(request)) is not None:
        return stopped
    today = months.working_day(unit.unit)
    form = _task_form(unit, on, today, request.POST)
    why = form.message
    if form.is_valid():
        why = _recorded(request, unit, months.month_end(on), form)
    if request.headers.get("HX-Request") != "true":
        if why:
            messages.error(request, f"Chưa ghi nhiệm vụ. {why}")
        return redirect(f"{reverse('meeting', args=[unit.code])}?on={on.isoformat()}#given")
    if why:
        return HttpResponse(why, status=422, content_type="text/plain; charset=utf-8")
    _, given = task_list.tasks_of(unit, months.month_end(on), today=today)
    return TemplateResponse(request, "meeting/tasks.html#rows", {"tasks": given})


@gives_tasks
@require_POST
def turn_task(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    """A task is done, opened again or withdrawn, from the list of tasks."""
    task = next((one for one in task_list.rows(unit) if one.pk == pk), None)
    if task is None:
        raise Http404("Không tìm thấy nhiệm vụ này.")
    form = TurnForm(request.POST)
    if not form.is_valid():
        return _list(request, unit, on, refused=pk, why="Ghi chú quá dài hoặc trang đã cũ.")
    note = form.cleaned_data["note"]
    how = {
        "task": task,
        "by": request.user,
        "request_id": form.cleaned_data["request_id"],
        "ip": address_of(request),
    }
    try:
        if form.cleaned_data["act"] == "done":
            tasks.mark_done(note=note, **how)
        elif form.cleaned_data["act"] == "reopen":
            tasks.reopen(reason=note, **how)
        else:
            tasks.withdraw(reason=note, **how)
    except TaskRefused as error:
        return _list(request, unit, on, refused=pk, why=str(error))
    messages.success(request, "Đã ghi tình trạng nhiệm vụ.")
    show = urlencode({"show": _show(request)})
    return redirect(f"{reverse('meeting_tasks', args=[unit.code])}?{show}#task-{pk}")


def _meeting(request: HttpRequest, unit: UnitVersion, on: date) -> Meeting:
    """Bound to the day of the address, or else to the last month that was closed."""
    if not request.GET.get("on"):
        unit, on = bound(unit, None)
    return meeting(unit, on, known=request.known)  # type: ignore[attr-defined]


def _schematic(found: Meeting) -> SchematicView | None:
    """The communes as a picture that leads nowhere; None where nothing was assessed."""
    if found.page.tally.average is None:
        return None
    named = {part.version.unit_id: part.version.full_name for part in found.page.parts}
    return progress(found.answer, districts=named, links=False)


def _bound(found: Meeting) -> str:
    """The query of an address that shows this deck again."""
    known = found.answer.known
    named = {"known": known.address} if known else {}
    return urlencode({"on": found.answer.on.isoformat(), **named})


def _may_give(request: HttpRequest, unit: UnitVersion) -> bool:
    return Permission.GIVE_TASKS in permissions(request.user, unit)  # type: ignore[arg-type]


def _task_form(unit: UnitVersion, on: date, today: date, data: Any = None) -> TaskForm:
    return TaskForm(data, province=unit, asked=question(unit, on).asked, today=today)


def _recorded(request: HttpRequest, unit: UnitVersion, month: date, form: TaskForm) -> str:
    """Write the task; why not, where it is refused."""
    fields = ("meeting_on", "text", "due_on", "request_id")
    try:
        tasks.record(
            province=unit.unit,
            month=month,
            owner=form.given_to,
            criterion=form.chosen_criterion,
            by=request.user,  # type: ignore[arg-type]
            ip=address_of(request),
            **{name: form.cleaned_data[name] for name in fields},
        )
    except TaskRefused as error:
        return str(error)
    return ""


def _show(request: HttpRequest) -> Show:
    asked = request.POST.get("show") or request.GET.get("show")
    return Show(asked) if asked in set(Show) else Show.OPEN


def _list(
    request: HttpRequest, unit: UnitVersion, on: date, *, refused: int = 0, why: str = ""
) -> HttpResponse:
    today = months.working_day(unit.unit)
    found = task_list.rows(unit)
    names = task_list.owner_names(found, unit)
    show = _show(request)
    context = {
        "unit": unit,
        "on": on,
        "today": today,
        "rows": [
            (task, task_list.told(task, names, today))
            for task in task_list.listed(found, show, today)
        ],
        "shows": [(one, len(task_list.listed(found, one, today))) for one in Show],
        "show": show,
        "late": sum(task.late(today) for task in found),
        "may_give": _may_give(request, unit),
        "request_id": uuid4(),
        "refused": refused,
        "why": why,
    }
    status = 422 if why else 200
    return TemplateResponse(request, "meeting_tasks.html", context, status=status)
