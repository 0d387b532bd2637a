"""Writing plans: a target, communes registered, registrations withdrawn. Append-only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, User
from communes.vietnamese import format_date, format_number, nfc
from criteria.models import Registration, Target
from criteria.plans import reading

LONGEST_DECISION = 200


class PlanRefused(ValueError):
    """The plan cannot be recorded so; the message says why and what to do.

    `field` names what is wrong, as the action calls it; "" where it is no single one.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def set_target(
    *,
    province: Unit,
    year: int,
    what: str,
    value: Decimal,
    decision: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Record a figure that a plan sets the province for the end of a year; the last one counts.

    `value` is a number of communes or, with two decimals, criteria met per commune; it can be no
    more than the province has. Raises PlanRefused without a decision or for a figure that cannot
    be.
    """
    decision = nfc(decision)
    if not 0 < len(decision) <= LONGEST_DECISION:
        raise PlanRefused(
            f"Hãy ghi văn bản giao chỉ tiêu, tối đa {LONGEST_DECISION} ký tự.", field="decision"
        )
    _require_possible(province, year, what, value)
    value = value.quantize(Decimal("0.01"))
    how = {"by": by, "ip": ip, "request_id": request_id, "simulated_at": simulated_at}
    with recording(clock=province.clock_id, action="plans.target", **how) as pending:  # type: ignore[arg-type]
        _begin(province.clock_id, request_id)
        held = reading.targets(province.pk, year).get(what)
        if held and (held.value, held.decision) == (value, decision):
            raise NothingToRecord
        row = Target.objects.create(
            unit=province,
            year=year,
            what=what,
            value=value,
            decision=decision,
            change_id=pending.id,
        )
        pending.line(
            table=Target._meta.db_table,
            key=str(row.pk),
            before=_told(held) if held else None,
            after=_told(row),
        )


def register(
    *,
    units: Collection[Unit],
    year: int,
    tier: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Register communes of one province to reach a tier in a year; those that are stay so."""
    how = {"by": by, "ip": ip, "request_id": request_id, "simulated_at": simulated_at}
    _write("plans.register", units, year, tier, withdrawn=False, **how)


def withdraw(
    *,
    units: Collection[Unit],
    year: int,
    tier: str,
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Take communes off the list of a year, with a reason; that they were on it stays known."""
    reason = nfc(reason)
    if not reason:
        raise PlanRefused("Hãy ghi lý do rút đăng ký.")
    how = {"by": by, "ip": ip, "request_id": request_id, "reason": reason}
    _write("plans.withdraw", units, year, tier, withdrawn=True, **how)


def _write(
    action: str, units: Collection[Unit], year: int, tier: str, *, withdrawn: bool, **how: Any
) -> None:
    clocks = {unit.clock_id for unit in units}
    if not clocks:
        raise PlanRefused("Hãy chọn ít nhất một xã.")
    if len(clocks) != 1:
        raise PlanRefused("Danh sách đăng ký chỉ gồm các xã của một tỉnh.")
    clock = clocks.pop()
    with recording(clock=clock, action=action, **how) as pending:
        _begin(clock, how["request_id"])
        there = reading.registered([unit.pk for unit in units], year, tier)
        rows = [
            Registration(unit=unit, year=year, tier=tier, withdrawn=withdrawn, change_id=pending.id)
            for unit in units
            if (unit.pk in there) is withdrawn
        ]
        if not Registration.objects.bulk_create(rows):
            raise NothingToRecord


def _require_possible(province: Unit, year: int, what: str, value: Decimal) -> None:
    """Refuse more than the province has: its communes, or the criteria that it leads with."""
    try:
        most = reading.most(province, year)
    except LookupError as error:
        raise PlanRefused(f"Chưa ghi được chỉ tiêu năm {year}: {error}") from error
    day = format_date(most.day)
    if what == Target.What.RECOGNISED:
        label, bound = "Số xã đạt chuẩn", most.communes
        why = f"ngày {day} tỉnh có {bound} xã tham gia Chương trình"
    else:
        label, bound = "Bình quân tiêu chí/xã", most.criteria
        why = f"bộ tiêu chí tỉnh áp dụng ngày {day} có {bound} tiêu chí"
    given = format_number(value)
    if what == Target.What.RECOGNISED and value != value.to_integral():
        raise PlanRefused(
            f"{label} phải là số nguyên, không phải {given}; hãy ghi từ 0 đến {bound}.",
            field="value",
        )
    if not 0 <= value <= bound:
        raise PlanRefused(
            f"{label} phải từ 0 đến {bound}, không phải {given}: {why}. Hãy ghi lại.",
            field="value",
        )


def _begin(clock: str, request_id: UUID | None) -> None:
    """One at a time in a province, and each request once."""
    locks.take(f"plans:{clock}")
    if already_recorded(clock=clock, request_id=request_id):
        raise NothingToRecord


def _told(row: Target) -> dict[str, str]:
    return {
        "what": row.what,
        "year": str(row.year),
        "value": str(row.value),
        "decision": row.decision,
    }
