"""Reads the tasks of meetings: those that a meeting opens with, those it gives, the whole list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from communes.models import ChangeLine, UnitVersion
from reports.meeting.deck import Task
from reports.models import MeetingDecision

State = MeetingDecision.State


class Show(StrEnum):
    """Which tasks the list shows."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    ALL = "all"

    @property
    def label(self) -> str:
        return {"open": "Đang làm", "late": "Quá hạn", "done": "Đã xong", "all": "Tất cả"}[self]


def rows(province: UnitVersion) -> list[MeetingDecision]:
    """Every task of a province, the latest meeting first; one query."""
    found = MeetingDecision.objects.filter(province_id=province.unit_id)
    return list(
        found.select_related(
            "department", "criterion", "province", "change__by", "state_change__by"
        ).order_by("-meeting_on", "due_on", "pk")
    )


def owner_names(
    found: Iterable[MeetingDecision], province: UnitVersion, *, on: date | None = None
) -> dict[int, str]:
    """Unit id → what an owner was called last, up to `on` where it was there by then.

    The province stands for its office.
    """
    ids = {task.unit_id for task in found if task.unit_id} - {province.unit_id}
    versions = UnitVersion.objects.filter(unit_id__in=ids).order_by("valid") if ids else ()
    names: dict[int, str] = {}
    for version in versions:
        if version.unit_id not in names or (version.valid.lower or date.min) <= (on or date.max):
            names[version.unit_id] = version.full_name
    return names | {province.unit_id: "Văn phòng điều phối"}


def owner(task: MeetingDecision, names: dict[int, str]) -> str:
    return task.department.name if task.department else names.get(task.unit_id or 0, "")


def told(task: MeetingDecision, names: dict[int, str], today: date) -> Task:
    """A task as slides and lists show it."""
    return Task(
        pk=task.pk,
        text=task.text,
        owner=owner(task, names),
        due_on=task.due_on,
        meeting_on=task.meeting_on,
        criterion=str(task.criterion or ""),
        state=task.state,
        state_label=str(State(task.state).label),
        late=task.late(today),
        note=task.note,
    )


def tasks_of(province: UnitVersion, month: date, *, today: date) -> tuple[list[Task], list[Task]]:
    """(what earlier meetings gave, what this one gave); withdrawn ones are left out.

    This meeting is the one that looks at `month` today. Of the earlier ones: everything still
    open, late ones first, and all that the last of them gave. At most two queries.
    """
    found = [task for task in rows(province) if task.state != State.WITHDRAWN]
    names = owner_names(found, province)
    mine = [task for task in found if (task.month, task.meeting_on) == (month, today)]
    others = [
        task
        for task in found
        if task not in mine and task.month <= month and task.meeting_on <= today
    ]
    last = max((task.meeting_on for task in others), default=None)
    shown = [task for task in others if task.open or task.meeting_on == last]
    shown.sort(key=lambda task: (not task.late(today), not task.open, task.due_on, task.pk))
    return _told(shown, names, today), _told(sorted(mine, key=lambda t: t.pk), names, today)


def open_at(
    province: UnitVersion, month: date, *, seq: int | None
) -> list[tuple[MeetingDecision, str]]:
    """Tasks still to be done of the meetings on figures up to `month`, each with its owner's name.

    As known at the province's number `seq`, now where it is None: what was recorded later does not
    count, nor that a task was done later. The one due first comes first; at most three queries.
    """
    found = MeetingDecision.objects.filter(province_id=province.unit_id, month__lte=month)
    if seq is not None:
        found = found.filter(change__seq__lte=seq)
    tasks = list(found.select_related("department", "change", "state_change"))
    states = {task.pk: task.state for task in tasks} | _states_at(tasks, seq)
    still = [task for task in tasks if states[task.pk] == State.OPEN]
    still.sort(key=lambda task: (task.due_on, task.pk))
    names = owner_names(still, province, on=month)
    return [(task, owner(task, names)) for task in still]


def _states_at(tasks: Iterable[MeetingDecision], seq: int | None) -> dict[int, str]:
    """Id → state at the number `seq`, of the tasks that went into another one after it."""
    turned = [
        task.pk for task in tasks if seq and task.state_change and task.state_change.seq > seq
    ]
    if not turned:
        return {}
    lines = ChangeLine.objects.filter(
        table=MeetingDecision._meta.db_table, key__in=map(str, turned), change__seq__lte=seq
    )
    found = lines.order_by("change__seq").values_list("key", "after__state")
    return {int(key): state for key, state in found}


def _told(found: Sequence[MeetingDecision], names: dict[int, str], today: date) -> list[Task]:
    return [told(task, names, today) for task in found]


def listed(found: Sequence[MeetingDecision], show: Show, today: date) -> list[MeetingDecision]:
    """The rows that a filter keeps."""
    if show is Show.OPEN:
        return [task for task in found if task.open]
    if show is Show.LATE:
        return [task for task in found if task.late(today)]
    if show is Show.DONE:
        return [task for task in found if task.state == State.DONE]
    return list(found)
