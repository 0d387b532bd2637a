"""The status with which a new unit starts: a dated decision of its own, beside its results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, User
from communes.vietnamese import format_date, nfc
from criteria.models import Recognition
from criteria.openings import loading, writing
from criteria.openings.refusals import (
    LONGEST_DOCUMENT,
    OpeningRefused,
    require_new_unit,
    require_signed,
)
from criteria.openings.shapes import Start
from criteria.rules.status import TIERS

LONGEST_NUMBER = 60


def open_status(
    *,
    unit: Unit,
    tier: str,
    number: str,
    decided_on: date,
    by: User | None,
    document: str = "",
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Let a new unit hold a tier from its first day on, by a decision with number and date.

    Raises OpeningRefused for a unit without predecessors, a second opening status while one
    holds, an unknown tier, or without a number. The same `request_id` again writes nothing.
    """
    number, document = nfc(number), nfc(document)
    if tier not in TIERS:
        raise OpeningRefused("Hãy chọn mức công nhận.")
    if not 0 < len(number) <= LONGEST_NUMBER or len(document) > LONGEST_DOCUMENT:
        raise OpeningRefused(f"Hãy ghi số quyết định, tối đa {LONGEST_NUMBER} ký tự.")
    require_signed(decided_on)
    how = {"by": by, "request_id": request_id, "ip": ip, "simulated_at": simulated_at}
    with recording(clock=unit.clock_id, action="opening.status", **how) as pending:
        start = _start(unit, request_id)
        require_new_unit(
            start, writing.working_month_ends({unit.pk: start})[start.unit.province_id]
        )
        if (held := start.status) is not None:
            raise OpeningRefused(
                f"{start.unit.full_name} đã có tình trạng ban đầu theo Quyết định số"
                f" {held.number} ngày {format_date(held.decided_on)}. Muốn ghi lại, hãy hoàn tác"
                " quyết định đó trước."
            )
        version_id = next((one.version_id for one in start.sets if one.tier == tier), None)
        Recognition.objects.create(
            unit=unit,
            act=Recognition.Act.OPENING,
            tier=tier,
            set_version_id=version_id,
            number=number,
            decided_on=decided_on,
            effective_on=start.first_day,
            year=start.first_day.year,  # type: ignore[union-attr]
            document=document,
            change_id=pending.id,
        )


def undo_status(
    *,
    unit: Unit,
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Take back an opening status recorded by mistake; the row stays, corrected to none.

    Raises OpeningRefused without a reason, where none holds, or when a later decision on the
    unit stands on it.
    """
    reason = nfc(reason)
    if not reason:
        raise OpeningRefused("Hãy ghi lý do hoàn tác.")
    how: dict[str, Any] = {"by": by, "request_id": request_id, "ip": ip}
    how |= {"simulated_at": simulated_at, "reason": reason}
    with recording(clock=unit.clock_id, action="opening.undo_status", **how) as pending:
        start = _start(unit, request_id)
        held = start.status
        if held is None:
            raise OpeningRefused(f"{start.unit.full_name} không có tình trạng ban đầu nào.")
        if Recognition.objects.filter(unit=unit, pk__gt=held.pk).exists():
            raise OpeningRefused(
                "Chưa hoàn tác được: sau đó đã có quyết định khác về công nhận đơn vị này."
            )
        Recognition.objects.create(
            unit=unit,
            act=Recognition.Act.CORRECT,
            tier="",
            set_version_id=held.set_version_id,
            number=held.number,
            decided_on=held.decided_on,
            effective_on=held.effective_on,
            year=held.year,
            refers_to=held,
            change_id=pending.id,
        )


def _start(unit: Unit, request_id: UUID | None) -> Start:
    """The start of a unit, with nobody else deciding on its status meanwhile."""
    locks.take(f"opening-status:{unit.pk}")
    if already_recorded(clock=unit.clock_id, request_id=request_id):
        raise NothingToRecord
    return loading.start(unit.pk)
