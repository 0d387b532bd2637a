"""Storing a planned rearrangement, and taking it back: rows of units and their audit lines.

Both run inside a change that the caller records, under :func:`lock`.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from communes.audit import Pending
from communes.models import (
    ChangeLine,
    DataClock,
    EventUnit,
    Succession,
    Tier,
    Unit,
    UnitEvent,
    UnitVersion,
)
from communes.models.units import UnitVersionQuerySet
from communes.unit_changes.refusals import UnitsRefused
from communes.unit_changes.shapes import Plan, as_json
from communes.vietnamese import nfc

ENDED, BEGAN, CHANGED = EventUnit.Part.ENDED, EventUnit.Part.BEGAN, EventUnit.Part.CHANGED


def lock(clock: str) -> None:
    """Nobody closes a month or rearranges units of these provinces until this commits."""
    DataClock.objects.select_for_update().get(pk=clock)


def write(plan: Plan, pending: Pending) -> UnitEvent:
    """Store what the plan says; the old versions end first, so that their codes are free."""
    event = UnitEvent.objects.create(
        clock_id=plan.province.unit.clock_id,
        kind=plan.kind,
        effective_on=plan.asked.effective_on,
        instrument=nfc(plan.asked.instrument),
        note=nfc(plan.asked.note),
        change_id=pending.id,
    )
    for version in (*plan.ends, *(before for before, _ in plan.alters)):
        set_end(version, plan.asked.effective_on, pending)
    new_by_code: dict[str, Unit] = {}
    for version in plan.begins:
        version.unit = new_by_code[version.code] = _new_unit(version, event)
        _store(version, pending)
    for _, version in plan.alters:
        _store(version, pending)
    parts = (
        *((version.unit_id, ENDED) for version in plan.ends),
        *((version.unit_id, BEGAN) for version in plan.begins),
        *((version.unit_id, CHANGED) for version in plan.stays),
        *((version.unit_id, CHANGED) for _, version in plan.alters),
    )
    EventUnit.objects.bulk_create(
        EventUnit(event=event, unit_id=unit_id, part=part) for unit_id, part in parts
    )
    Succession.objects.bulk_create(
        Succession(
            event=event,
            old_id=edge.old.unit_id,
            new_id=(new_by_code[edge.new.code].pk if plan.begins else edge.new.unit_id),
            extent=edge.extent,
        )
        for edge in plan.edges
    )
    pending.line(table=UnitEvent._meta.db_table, key=str(event.pk), after=event_as_json(event))
    return event


def undo(event: UnitEvent, pending: Pending) -> None:
    """Take the units back to what they were before the event; the event itself stays, withdrawn.

    The caller has made sure that nothing rests on it. The identities of units that it began
    stay without a name, and are taken up again when the same is recorded anew.
    """
    before = event_as_json(event)
    own = units_written_by(event)
    day = event.effective_on
    for version in own.filter(valid__startswith=day):
        _forget(version, pending)
    for version in own.filter(valid__endswith=day):
        set_end(version, None, pending)
    event.successions.all().delete()
    UnitEvent.objects.filter(pk=event.pk).update(withdrawn=True)
    event.withdrawn = True
    pending.line(
        table=UnitEvent._meta.db_table,
        key=str(event.pk),
        before=before,
        after=event_as_json(event),
    )


def units_written_by(event: UnitEvent) -> UnitVersionQuerySet:
    """All versions of the units that recording the event began, ended or altered.

    Not those that a correction of its edges named later: another event ended or began them.
    """
    lines = ChangeLine.objects.filter(change=event.change, table=UnitVersion._meta.db_table)
    return UnitVersion.objects.filter(
        unit__key__in=lines.values("key"), unit__events__event=event
    ).select_related("unit")


def event_as_json(event: UnitEvent) -> dict[str, object]:
    """An event with its edges as the audit lines keep it."""
    edges = Succession.objects.filter(event=event).select_related("old", "new").order_by("pk")
    return {
        "kind": str(event.kind),
        "effective_on": event.effective_on.isoformat(),
        "instrument": event.instrument,
        "inferred": event.inferred,
        "withdrawn": event.withdrawn,
        "edges": [
            {
                "old": edge.old.key,
                "new": edge.new.key,
                "extent": str(edge.extent),
                "inferred": edge.inferred,
                "note": edge.note,
            }
            for edge in edges
        ],
    }


def set_end(version: UnitVersion, day: date | None, pending: Pending) -> None:
    """Let a version end before `day`, or go on."""
    before = as_json(version)
    version.valid = DateRange(version.valid.lower, day, "[)")
    version.save(update_fields=["valid"])
    _line(version, pending, before=before, after=as_json(version))


def in_words(error: IntegrityError) -> UnitsRefused:
    """What the database refused after all: somebody else was quicker, or data are amiss."""
    cause = getattr(error, "__cause__", None)
    name = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
    reasons = {
        "unitversion_code_once_a_day": "Mã đơn vị vừa được dùng cho một đơn vị khác.",
        "unitversion_one_a_day": "Đơn vị vừa được sắp xếp bởi người khác.",
        "unitversion_parent_lives": "Đơn vị cấp trên không tồn tại suốt thời gian đó.",
        "unitversion_province_lives": "Tỉnh không tồn tại suốt thời gian đó.",
    }
    known = reasons.get(name, f"Cơ sở dữ liệu từ chối ({name or 'không rõ lý do'}).")
    return UnitsRefused(f"{known} Chưa ghi gì; hãy xem lại rồi ghi lần nữa.")


def _new_unit(version: UnitVersion, event: UnitEvent) -> Unit:
    key = f"{version.code}@{event.effective_on.isoformat()}"
    unit, _ = Unit.objects.get_or_create(
        key=key, defaults={"tier": Tier.COMMUNE, "clock_id": event.clock_id}
    )
    if unit.clock_id != event.clock_id or unit.versions.exists():
        raise UnitsRefused(f"Đã có đơn vị mang khóa {key}; hãy kiểm tra mã và ngày hiệu lực.")
    return unit


def _store(version: UnitVersion, pending: Pending) -> None:
    version.save(force_insert=True)
    _line(version, pending, after=as_json(version))


def _forget(version: UnitVersion, pending: Pending) -> None:
    _line(version, pending, before=as_json(version))
    version.delete()


def _line(version: UnitVersion, pending: Pending, **how: object) -> None:
    pending.line(table=UnitVersion._meta.db_table, key=version.unit.key, **how)
