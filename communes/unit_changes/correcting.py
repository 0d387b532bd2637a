"""Completing, correcting and confirming who carries on from whom, also in loaded events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import EventUnit, Succession, UnitEvent, UnitVersion, User
from communes.unit_changes import writing
from communes.unit_changes.edges import circle
from communes.unit_changes.planning import LONGEST_INSTRUMENT, LONGEST_NOTE
from communes.unit_changes.refusals import ChangedMeanwhile, Fault, UnitsRefused
from communes.unit_changes.shapes import fingerprint
from communes.vietnamese import format_date, nfc


@dataclass(frozen=True, kw_only=True)
class EdgeWanted:
    """An edge as it shall stand; `confirmed`: somebody has held it against the instrument."""

    old: int
    new: int
    extent: str
    confirmed: bool
    note: str = ""


def edges_fingerprint(event: UnitEvent) -> str:
    """Of the edges as they stand, so that two people do not correct each other unseen."""
    rows = event.successions.order_by("old_id", "new_id")
    return fingerprint(f"{e.old_id} {e.new_id} {e.extent} {e.inferred} {e.note}" for e in rows)


def set_edges(
    *,
    event: UnitEvent,
    edges: Sequence[EdgeWanted],
    instrument: str,
    seen: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let the event have exactly these edges, by the decision named in `instrument`.

    An edge that is new or not as it was counts as confirmed; the event is inferred as long as
    one of its edges is. `seen` is :func:`edges_fingerprint` of what the person looked at.

    Raises UnitsRefused, ChangedMeanwhile; nothing is written then.
    """
    with recording(
        clock=event.clock_id, action="units.edges", by=by, ip=ip, request_id=request_id
    ) as pending:
        writing.lock(event.clock_id)
        if already_recorded(clock=event.clock_id, request_id=request_id):
            raise NothingToRecord
        event = UnitEvent.objects.get(pk=event.pk)
        _check(event, edges, instrument, seen)
        before = writing.event_as_json(event)
        held = {(e.old_id, e.new_id): e for e in event.successions.all()}
        event.successions.all().delete()
        Succession.objects.bulk_create(
            _row(event, wanted, held.get((wanted.old, wanted.new))) for wanted in edges
        )
        _name_units(event, edges)
        event.instrument = nfc(instrument)
        if edges:
            event.inferred = event.successions.filter(inferred=True).exists()
        event.save(update_fields=["instrument", "inferred"])
        after = writing.event_as_json(event)
        if before == after:
            raise NothingToRecord
        pending.line(table=UnitEvent._meta.db_table, key=str(event.pk), before=before, after=after)


def _row(event: UnitEvent, wanted: EdgeWanted, held: Succession | None) -> Succession:
    same = held is not None and held.extent == wanted.extent
    return Succession(
        event=event,
        old_id=wanted.old,
        new_id=wanted.new,
        extent=wanted.extent,
        inferred=same and held.inferred and not wanted.confirmed,
        note=nfc(wanted.note),
    )


def _check(event: UnitEvent, edges: Sequence[EdgeWanted], instrument: str, seen: str) -> None:
    if event.withdrawn:
        raise UnitsRefused("Lần sắp xếp này đã được rút; không sửa được nữa.")
    if edges_fingerprint(event) != seen:
        raise ChangedMeanwhile("Đơn vị kế thừa vừa được người khác sửa; hãy xem lại rồi sửa tiếp.")
    faults = []
    if not nfc(instrument):
        message = "Hãy ghi văn bản đã đối chiếu (nghị quyết, quyết định)."
        faults.append(Fault(message=message, field="instrument"))
    elif len(nfc(instrument)) > LONGEST_INSTRUMENT:
        message = f"Ghi văn bản ngắn hơn {LONGEST_INSTRUMENT} ký tự."
        faults.append(Fault(message=message, field="instrument"))
    faults += _edge_faults(event, edges)
    if faults:
        raise UnitsRefused(faults)


def _edge_faults(event: UnitEvent, edges: Sequence[EdgeWanted]) -> list[Fault]:
    """Old units live the day before, new ones on the day; one whole edge is the only one."""
    day = event.effective_on
    before = _alive({edge.old for edge in edges}, day - timedelta(days=1), event)
    on_it = _alive({edge.new for edge in edges}, day, event)
    faults, seen = [], set()
    whole = {edge.old for edge in edges if edge.extent == Succession.Extent.WHOLE}
    many = [edge.old for edge in edges]
    for n, edge in enumerate(edges):
        message = ""
        if edge.old not in before:
            message = f"Đơn vị cũ phải tồn tại đến hết ngày {format_date(day - timedelta(days=1))}."
        elif edge.new not in on_it:
            message = f"Đơn vị mới phải tồn tại vào ngày {format_date(day)}."
        elif edge.old == edge.new:
            message = f"{before[edge.old].full_name} không kế thừa chính mình."
        elif (edge.old, edge.new) in seen:
            message = f"{before[edge.old].full_name} → {on_it[edge.new].full_name} ghi hai lần."
        elif edge.old in whole and many.count(edge.old) > 1:
            message = (
                f"{before[edge.old].full_name} đã giao toàn bộ cho một đơn vị;"
                " hãy chọn “Một phần” cho từng đơn vị, hoặc bỏ dòng thừa."
            )
        elif len(edge.note) > LONGEST_NOTE:
            message = f"Ghi chú ngắn hơn {LONGEST_NOTE} ký tự."
        seen.add((edge.old, edge.new))
        if message:
            faults.append(Fault(message=message, field=f"edges.{n}"))
    if not faults and (message := circle(seen, apart_from=event)):
        faults.append(Fault(message=message))
    return faults


def _alive(ids: set[int], day: object, event: UnitEvent) -> dict[int, UnitVersion]:
    versions = UnitVersion.objects.communes().filter(
        unit_id__in=ids, unit__clock=event.clock_id, valid__contains=day
    )
    return {version.unit_id: version for version in versions}


def _name_units(event: UnitEvent, edges: Sequence[EdgeWanted]) -> None:
    """The event concerns every unit of its edges: ended, begun, or living on through it."""
    day = event.effective_on
    named = set(event.units.values_list("unit_id", flat=True))
    missing = {pk for edge in edges for pk in (edge.old, edge.new)} - named
    on_it = _alive(missing, day, event)
    before = _alive(missing, day - timedelta(days=1), event)
    EventUnit.objects.bulk_create(
        EventUnit(
            event=event,
            unit_id=pk,
            part=writing.ENDED
            if pk not in on_it
            else writing.CHANGED
            if pk in before
            else writing.BEGAN,
        )
        for pk in sorted(missing)
    )
