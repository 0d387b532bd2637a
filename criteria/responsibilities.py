"""Which department answers for which criterion in a province, from when to when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Department, Unit, User
from communes.vietnamese import format_date, nfc
from criteria.models import Criterion, Responsibility


class ResponsibilityRefused(ValueError):
    """The change cannot be recorded; `field` names the field of the form, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def change(
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
    """Let a department answer for a criterion from a day on; whoever did until then ends there.

    Without a document it stays unverified. Raises ResponsibilityRefused when a later change is
    recorded already, or nothing would change.
    """
    document = nfc(document)
    clock = province.clock_id
    with recording(
        clock=clock, action="responsibility.change", by=by, request_id=request_id, ip=ip
    ) as pending:
        locks.take(f"responsibility {province.pk} {criterion.pk}")
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        rows = Responsibility.objects.filter(province=province, criterion=criterion)
        later = rows.filter(valid__startswith__gte=from_on).first()
        if later is not None:
            raise ResponsibilityRefused(
                f"Đã ghi phân công từ {format_date(later.valid.lower)}; hãy chọn ngày sau đó.",
                "from_on",
            )
        former = list(rows.filter(valid__contains=from_on).select_related("department"))
        if [row.department_id for row in former] == [department.pk]:
            raise ResponsibilityRefused(
                f"{department.name} đang phụ trách tiêu chí này rồi.", "department"
            )
        for row in former:
            row.valid = DateRange(row.valid.lower, from_on, "[)")
            row.save(update_fields=["valid"])
        made = Responsibility.objects.create(
            province=province,
            criterion=criterion,
            department=department,
            valid=DateRange(from_on, None, "[)"),
            unverified=not document,
            document=document,
        )
        pending.line(
            table=Responsibility._meta.db_table,
            key=str(made.pk),
            before={"departments": [row.department.name for row in former]},
            after={
                "criterion": str(criterion),
                "department": department.name,
                "from_on": from_on.isoformat(),
                "document": document,
            },
        )


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
            table=Responsibility._meta.db_table,
            key=str(row.pk),
            before=before,
            after={"unverified": False, "document": document},
        )
