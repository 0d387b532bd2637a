"""Reads the tasks of meetings: those that a meeting opens with, those it gives, the whole list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from communes.models import UnitVersion
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


def owner_names(found: Iterable[MeetingDecision], province: UnitVersion) -> dict[int, str]:
    """Unit id → what an owner was called last; the province stands for its office."""
    ids = {task.unit_id for task in found if task.unit_id} - {province.unit_id}
    versions = UnitVersion.objects.filter(unit_id__in=ids).order_by("valid") if ids else ()
    names = {version.unit_id: version.full_name for version in versions}
    return names | {province.unit_id: "Văn phòng điều phối"}


def told(task: MeetingDecision, names: dict[int, str], today: date) -> Task:
    """A task as slides and lists show it."""
    return Task(
        pk=task.pk,
        text=task.text,
        owner=task.department.name if task.department else names.get(task.unit_id or 0, ""),
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
