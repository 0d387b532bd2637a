"""Tasks from meetings: written down, done, opened again or withdrawn. Each act leaves its trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Department, Unit, User
from communes.vietnamese import format_date, nfc
from criteria.models import Criterion
from reports.models import MeetingDecision

State = MeetingDecision.State
LONGEST_TEXT, LONGEST_NOTE = 1000, 400
LONGEST_TERM = timedelta(days=5 * 366)
"""A last day further away is a slip of the keyboard."""


class TaskRefused(ValueError):
    """Nothing was written; the message says why and what to do."""


def record(
    *,
    province: Unit,
    month: date,
    meeting_on: date,
    text: str,
    owner: Unit | Department,
    due_on: date,
    criterion: Criterion | None = None,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Write down a task that a meeting gives `owner`; the same `request_id` again writes nothing.

    `month` is the month-end whose figures the meeting looked at. Raises TaskRefused for a text
    that is empty or too long, a last day before the meeting, or an owner of another province.
    """
    text = nfc(text)
    if not 0 < len(text) <= LONGEST_TEXT:
        raise TaskRefused(f"Hãy ghi nội dung nhiệm vụ, tối đa {LONGEST_TEXT} ký tự.")
    if not meeting_on <= due_on <= meeting_on + LONGEST_TERM:
        raise TaskRefused(
            f"Hạn xong {format_date(due_on)} phải từ ngày họp {format_date(meeting_on)} trở đi,"
            " không quá 5 năm."
        )
    unit = owner if isinstance(owner, Unit) else None
    if unit is not None and unit.clock_id != province.clock_id:
        raise TaskRefused("Đơn vị thực hiện phải thuộc tỉnh này.")
    with recording(
        clock=province.clock_id, action="meetings.record", by=by, ip=ip, request_id=request_id
    ) as pending:
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        task = MeetingDecision.objects.create(
            province=province,
            month=month,
            meeting_on=meeting_on,
            text=text,
            unit=unit,
            department=owner if isinstance(owner, Department) else None,
            due_on=due_on,
            criterion=criterion,
            change_id=pending.id,
        )
        pending.line(table=_TABLE, key=str(task.pk), after=_told(task))


def mark_done(*, task: MeetingDecision, note: str = "", **how: Any) -> None:
    """Say that a task is done, perhaps with what came of it. `how`: by, request_id, ip."""
    _turn(task, State.DONE, note, action="meetings.done", **how)


def reopen(*, task: MeetingDecision, reason: str, **how: Any) -> None:
    """Take back that a task was done or withdrawn; raises TaskRefused without a reason."""
    _turn(task, State.OPEN, _reason(reason), action="meetings.reopen", **how)


def withdraw(*, task: MeetingDecision, reason: str, **how: Any) -> None:
    """Take a task off the list for good; raises TaskRefused without a reason."""
    _turn(task, State.WITHDRAWN, _reason(reason), action="meetings.withdraw", **how)


_TABLE = MeetingDecision._meta.db_table
_FROM = {State.OPEN: {State.DONE, State.WITHDRAWN}, State.DONE: {State.OPEN}}
_FROM[State.WITHDRAWN] = {State.OPEN}


def _turn(
    task: MeetingDecision,
    state: State,
    note: str,
    *,
    action: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Bring a task into another state; into the one it is in already writes nothing."""
    note = nfc(note)
    if len(note) > LONGEST_NOTE:
        raise TaskRefused(f"Ghi chú dài quá {LONGEST_NOTE} ký tự.")
    clock = task.province.clock_id
    with recording(
        clock=clock, action=action, by=by, ip=ip, request_id=request_id, reason=note
    ) as pending:
        held = MeetingDecision.objects.select_for_update().get(pk=task.pk)
        if held.state == state or already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        if held.state not in _FROM[state]:
            raise TaskRefused(f"Nhiệm vụ này {held.get_state_display().lower()}; hãy mở lại trước.")
        before = _told(held)
        held.state, held.note, held.state_change_id = state, note, pending.id
        held.save(update_fields=["state", "note", "state_change"])
        pending.line(table=_TABLE, key=str(held.pk), before=before, after=_told(held))


def _reason(reason: str) -> str:
    reason = nfc(reason)
    if not reason:
        raise TaskRefused("Hãy ghi lý do.")
    return reason


def _told(task: MeetingDecision) -> dict[str, str]:
    """What the log keeps of a task."""
    owner = task.department.name if task.department else str(task.unit and task.unit.key)
    return {
        "text": task.text,
        "meeting_on": task.meeting_on.isoformat(),
        "owner": owner,
        "due_on": task.due_on.isoformat(),
        "criterion": str(task.criterion or ""),
        "state": task.state,
        "note": task.note,
    }
