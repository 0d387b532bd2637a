"""Which department answers for which criterion in a province, from when to when.

Several may share one criterion: each of them confirms it for all.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from communes import locks
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import Department, Unit, User
from communes.vietnamese import format_date, nfc
from criteria.models import Criterion, Responsibility

_TABLE = Responsibility._meta.db_table


class ResponsibilityRefused(ValueError):
    """The change cannot be recorded; `field` names the field of the form, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def add(
    *,
    province: Unit,
    criterion: Criterion,
    department: Department,
    from_on: date,
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let a department answer for a criterion from a day on, beside whoever does already.

    Without a document it stays unverified. Raises ResponsibilityRefused when the department
    answers for it on that day or from a later one.
    """
    document = nfc(document)
    clock = province.clock_id
    with recording(
        clock=clock, action="responsibility.add", by=by, request_id=request_id, ip=ip
    ) as pending:
        _once(province, criterion, request_id)
        _require_free(province, criterion, department, from_on)
        made = _start(province, criterion, department, from_on, document)
        pending.line(table=_TABLE, key=str(made.pk), after=_told(made))


def end(
    *,
    responsibility: Responsibility,
    on: date,
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let a department answer for a criterion no longer from the day `on`; what it did stays.

    `document` is kept with the change. Raises ResponsibilityRefused when it begins on that day
    or later, or has ended by then.
    """
    document = nfc(document)
    province, criterion = responsibility.province, responsibility.criterion
    clock = province.clock_id
    with recording(
        clock=clock,
        action="responsibility.end",
        by=by,
        request_id=request_id,
        ip=ip,
        reason=document,
    ) as pending:
        _once(province, criterion, request_id)
        _end(responsibility.pk, on, pending)


def replace(
    *,
    responsibility: Responsibility,
    department: Department,
    from_on: date,
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let a department answer from a day on in place of another; others beside it stay.

    Raises ResponsibilityRefused as :func:`end` and :func:`add` do; then nothing is written.
    """
    document = nfc(document)
    province, criterion = responsibility.province, responsibility.criterion
    clock = province.clock_id
    with recording(
        clock=clock, action="responsibility.replace", by=by, request_id=request_id, ip=ip
    ) as pending:
        _once(province, criterion, request_id)
        _require_free(province, criterion, department, from_on)
        _end(responsibility.pk, from_on, pending)
        made = _start(province, criterion, department, from_on, document)
        pending.line(table=_TABLE, key=str(made.pk), after=_told(made))


def confirm(
    *,
    responsibility: Responsibility,
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Name the document that a responsibility rests on; its "chưa đối chiếu" mark goes."""
    document = nfc(document)
    if not 0 < len(document) <= 200:
        raise ResponsibilityRefused("Hãy ghi văn bản phân công, tối đa 200 ký tự.", "document")
    clock = responsibility.province.clock_id
    with recording(
        clock=clock, action="responsibility.confirm", by=by, request_id=request_id, ip=ip
    ) as pending:
        row = Responsibility.objects.select_for_update().get(pk=responsibility.pk)
        if already_recorded(clock=clock, request_id=request_id) or row.document == document:
            raise NothingToRecord
        before = {"unverified": row.unverified, "document": row.document}
        row.unverified, row.document = False, document
        row.save(update_fields=["unverified", "document"])
        pending.line(
            table=_TABLE,
            key=str(row.pk),
            before=before,
            after={"unverified": False, "document": document},
        )


def _once(province: Unit, criterion: Criterion, request_id: UUID | None) -> None:
    """Wait for whoever changes the same criterion; a request that came before writes nothing."""
    locks.take(f"responsibility {province.pk} {criterion.pk}")
    if already_recorded(clock=province.clock_id, request_id=request_id):
        raise NothingToRecord


def _require_free(
    province: Unit, criterion: Criterion, department: Department, from_on: date
) -> None:
    """Refuse a department that answers for the criterion on the day, or will later."""
    rows = Responsibility.objects.filter(
        province=province, criterion=criterion, department=department
    )
    if rows.filter(valid__contains=from_on).exists():
        raise ResponsibilityRefused(
            f"{department.name} đã phụ trách tiêu chí này vào ngày {format_date(from_on)}.",
            "department",
        )
    later = rows.filter(valid__startswith__gte=from_on).first()
    if later is not None:
        raise ResponsibilityRefused(
            f"Đã ghi {department.name} phụ trách từ {format_date(later.valid.lower)};"
            " hãy chọn ngày sau đó, hoặc kết thúc lần phân công ấy trước.",
            "from_on",
        )


def _start(
    province: Unit, criterion: Criterion, department: Department, from_on: date, document: str
) -> Responsibility:
    return Responsibility.objects.create(
        province=province,
        criterion=criterion,
        department=department,
        valid=DateRange(from_on, None, "[)"),
        unverified=not document,
        document=document,
    )


def _end(pk: int, on: date, pending: Pending) -> None:
    """End a responsibility on a day, as it is stored now."""
    row = Responsibility.objects.select_for_update(of=("self",)).get(pk=pk)
    name = row.department.name
    if row.valid.upper is not None and row.valid.upper <= on:
        raise ResponsibilityRefused(
            f"{name} đã thôi phụ trách từ {format_date(row.valid.upper)}.", "from_on"
        )
    if row.valid.lower is not None and on <= row.valid.lower:
        raise ResponsibilityRefused(
            f"{name} phụ trách từ {format_date(row.valid.lower)}; hãy chọn ngày sau đó.", "from_on"
        )
    before = _told(row)
    row.valid = DateRange(row.valid.lower, on, "[)")
    row.save(update_fields=["valid"])
    pending.line(table=_TABLE, key=str(row.pk), before=before, after=_told(row))


def _told(row: Responsibility) -> dict[str, object]:
    """A responsibility as its audit line has it; `until` is the first day after it."""
    first, until = row.valid.lower, row.valid.upper
    return {
        "criterion": str(row.criterion),
        "department": row.department.name,
        "from_on": first.isoformat() if first else None,
        "until": until.isoformat() if until else None,
        "document": row.document,
    }
