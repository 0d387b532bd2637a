"""Recording a rearrangement of units, and withdrawing one: the acts that see both floors.

A rearrangement changes which communes a month counts, so every closed month from its day on has
to be reopened first, oldest first. Results, decisions and assignments of the old units stay
theirs; a new unit starts with nothing assessed and without status.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError

from communes import unit_changes
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Change, Unit, UnitEvent, User
from communes.unit_changes import ChangedMeanwhile, Rearrangement, UnitsRefused, writing
from communes.unit_changes.resting import began
from criteria import sets, standings
from criteria.rearranging.effects import closed_from, resting_on


def record(
    *,
    asked: Rearrangement,
    province: Unit,
    seen: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> UnitEvent:
    """Record a merger, split, establishment, abolition, new name, new kind or move.

    `seen` is the fingerprint of the plan that the person was shown. The same `request_id`
    again changes nothing and answers with the event of the first time.

    Raises ChangedMeanwhile where a unit is not as it was shown, and UnitsRefused for what
    cannot be; nothing is written then.
    """
    clock = province.clock_id
    event: UnitEvent | None = None
    done: Change | None = None
    try:
        with recording(
            clock=clock, action=f"units.{asked.kind}", by=by, ip=ip, request_id=request_id
        ) as pending:
            writing.lock(clock)
            if done := already_recorded(clock=clock, request_id=request_id):
                raise NothingToRecord
            plan = unit_changes.plan(asked, province=province)
            if plan.fingerprint != seen:
                raise ChangedMeanwhile(
                    "Từ lúc xem trước đến nay có đơn vị đã thay đổi; hãy xem lại bảng dưới đây."
                )
            if closed := closed_from(province.pk, asked.effective_on):
                listed = ", ".join(f"{closing.month:%m/%Y}" for closing in closed)
                raise UnitsRefused(
                    f"Phải mở lại các tháng đã chốt từ ngày hiệu lực, lần lượt từ tháng cũ"
                    f" nhất: {listed}."
                )
            event = writing.write(plan, pending)
    except IntegrityError as error:
        raise writing.in_words(error) from error
    if event is None:
        event = UnitEvent.objects.get(change=done)
    return event


def recorded(*, province: Unit, request_id: UUID | None) -> UnitEvent | None:
    """The event that an earlier arrival of the same request recorded, if there was one.

    By then its old units have ended, so that the request itself is no longer understood.
    """
    done = already_recorded(clock=province.clock_id, request_id=request_id)
    return UnitEvent.objects.filter(change=done).first() if done else None


def withdraw(
    *,
    event: UnitEvent,
    reason: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Take back an event that staff recorded by mistake, while nothing rests on it.

    The units are again what they were the day before; the event stays in the list, withdrawn.
    Raises UnitsRefused without a reason, for an event of the loaded register, and with the
    list of what rests on it.
    """
    if not reason.strip():
        raise UnitsRefused("Hãy ghi lý do rút.")
    if event.change_id is None:
        raise UnitsRefused(
            "Lần sắp xếp này nằm trong danh mục đã nạp nên không rút được;"
            " đơn vị kế thừa thì sửa được."
        )
    try:
        with recording(
            clock=event.clock_id,
            action="units.withdraw",
            by=by,
            ip=ip,
            reason=reason,
            request_id=request_id,
        ) as pending:
            _wait_for_entry(event)
            writing.lock(event.clock_id)
            if already_recorded(clock=event.clock_id, request_id=request_id):
                raise NothingToRecord
            held = UnitEvent.objects.get(pk=event.pk)
            if held.withdrawn:
                raise UnitsRefused("Lần sắp xếp này đã được rút trước đó.")
            if found := resting_on(held):
                raise UnitsRefused(
                    "Chưa rút được, vì còn gắn với lần sắp xếp này: " + "; ".join(found) + "."
                )
            writing.undo(held, pending)
    except IntegrityError as error:
        raise writing.in_words(error) from error


def _wait_for_entry(event: UnitEvent) -> None:
    """Whoever is saving a result of a new unit right now comes first and is then seen."""
    new = began(event)
    provinces = Unit.objects.filter(inner_versions__unit_id__in=new).distinct()
    for province in provinces.order_by("pk"):
        adopted = sets.adopted_sets(province.pk, event.effective_on)
        standings.lock(list(new), [one.pk for one in adopted])
