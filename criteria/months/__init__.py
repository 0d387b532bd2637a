"""The rhythm of the month: the working day of a province, closing and reopening a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from communes import units
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import DataClock, Unit, UnitVersion, User
from communes.vietnamese import format_date
from criteria import frozen
from criteria.definitions import counting
from criteria.models import (
    Basis,
    MonthClosing,
    MonthFigure,
    MonthReopening,
    MonthStanding,
)


class MonthRefused(ValueError):
    """A month cannot be closed or reopened; the message says why and what to do."""


def month_end(day: date) -> date:
    """The last day of the month in which `day` lies."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def closing_of(province_id: int, month: date, *, at: datetime | None = None) -> MonthClosing | None:
    """The closing that holds (or held at a moment) for the month ending on `month`, if any."""
    return MonthClosing.objects.holding(at).filter(province_id=province_id, month=month).first()


def closing_and_working_day(province: Unit, day: date) -> tuple[MonthClosing | None, date]:
    """(the closing that holds for the month ending on `day`, the working day); one query."""
    of_province = MonthClosing.objects.filter(province=province)
    ever = list(of_province.annotate(reopened=F("reopening__pk")))
    closing = next((c for c in ever if c.month == day and c.reopened is None), None)
    if not province.clock.simulated:
        return closing, timezone.localdate()
    if not ever:
        return closing, working_day(province)
    return closing, _simulated_working_day(max(c.month for c in ever), None)


def open_months(province: Unit) -> list[date]:
    """The month-ends that are open for submission and closing, oldest first; two queries.

    Those after the last one ever closed up to the working month, and those reopened since. A
    province that never closed a month begins with the one before the working month, if it had
    adopted a set by then.
    """
    working, adopted = _working_days([province.pk])[province.pk]
    end = month_end(working)
    closings = list(MonthClosing.objects.filter(province=province).select_related("reopening"))
    held = {closing.month for closing in closings if not hasattr(closing, "reopening")}
    found = sorted({closing.month for closing in closings} - held)
    if closings:
        following = month_end(max(c.month for c in closings) + timedelta(days=1))
    else:
        before = end.replace(day=1) - timedelta(days=1)
        following = before if adopted and adopted <= before else end
    while following <= end:
        found.append(following)
        following = month_end(following + timedelta(days=1))
    return found


def working_day(province: Unit) -> date:
    """The one day that entry and "now" go by in a province.

    In an office the calendar day. Where data are simulated, the end of the month after the
    last one ever closed, so that published month-ends stay as they are. It never moves back:
    a month reopened later is an older open month and answered by look-up.
    """
    return _working_days([province.pk])[province.pk][0]


def working_month_ends(province_ids: Iterable[int]) -> dict[int, date]:
    """The end of the working month of those provinces that have adopted a set."""
    found = _working_days(province_ids).items()
    return {pk: month_end(day) for pk, (day, adopted) in found if adopted}


def _working_days(province_ids: Iterable[int]) -> dict[int, tuple[date, date | None]]:
    """(working day, the first day of a set adopted, if any) of each province, in one query.

    Written out: every request asks, and the ORM takes longer over it than the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WORKING, [sorted(set(province_ids))])
        return {
            pk: (
                _simulated_working_day(last, first) if simulated else timezone.localdate(),
                first,
            )
            for pk, simulated, last, first in cursor
        }


_WORKING = """
SELECT u.id, c.simulated,
       (SELECT max(m.month) FROM criteria_monthclosing m WHERE m.province_id = u.id),
       (SELECT min(a.from_on) FROM criteria_setadoption a WHERE a.province_id = u.id)
  FROM communes_unit u
  JOIN communes_dataclock c ON c.code = u.clock_id
 WHERE u.id = ANY(%s)
"""


def _simulated_working_day(last_closed: date | None, first_adopted: date | None) -> date:
    if last_closed is not None:
        return month_end(last_closed + timedelta(days=1))
    return month_end(first_adopted or timezone.localdate())


def close(
    *,
    province: Unit,
    month: date,
    by: User | None,
    basis: Basis = Basis.REPORTED,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Freeze a province's figures at the month-end `month` as known at this change number.

    The same `request_id` again closes nothing. Raises MonthRefused when the month is closed
    already, when an earlier month still is open, or when it has not begun.
    """
    with recording(
        clock=province.clock_id,
        action="months.close",
        by=by,
        ip=ip,
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        clock = DataClock.objects.select_for_update().get(pk=province.clock_id)
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        _require_closable(province, month)
        closing = MonthClosing.objects.create(
            province=province,
            month=month,
            no=MonthClosing.objects.filter(province=province, month=month).count() + 1,
            seq=clock.seq,
            basis=basis,
            change_id=pending.id,
        )
        freeze(closing, units.version_of(province.pk, month))


def freeze(closing: MonthClosing, province: UnitVersion) -> None:
    """Write what a closing answers from: its communes, and the sums over them."""
    for asked in counting(province.unit_id, closing.month):
        rows = frozen.rows_as_known(asked, province, day=closing.month, seq=closing.seq)
        MonthStanding.objects.bulk_create(frozen.month_standings(closing, asked, rows))
        MonthFigure.objects.bulk_create(frozen.month_figures(closing, asked, rows))


def why_not_closable(province: Unit, month: date) -> str:
    """Why a month cannot be closed now, "" when it can."""
    try:
        _require_closable(province, month)
    except MonthRefused as why:
        return str(why)
    return ""


def _require_closable(province: Unit, month: date) -> None:
    label = f"{month:%m/%Y}"
    if month != month_end(month):
        raise MonthRefused(f"Chỉ chốt đến ngày cuối tháng; {format_date(month)} không phải.")
    if closing_of(province.pk, month) is not None:
        raise MonthRefused(f"Tháng {label} đã chốt. Muốn sửa, hãy mở lại tháng này trước.")
    if month.replace(day=1) > working_day(province):
        raise MonthRefused(f"Tháng {label} chưa bắt đầu nên chưa chốt được.")
    earlier = month.replace(day=1) - timedelta(days=1)
    first = MonthClosing.objects.filter(province=province).order_by("month").first()
    if first and first.month < month and closing_of(province.pk, earlier) is None:
        raise MonthRefused(f"Tháng {earlier:%m/%Y} chưa chốt; hãy chốt lần lượt từng tháng.")


def reopen(
    *,
    closing: MonthClosing,
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """End a closing so that the month can be closed anew; its frozen rows stay.

    The same `request_id` again ends nothing. Raises MonthRefused without a reason, or when the
    closing was reopened before.
    """
    if not reason.strip():
        raise MonthRefused("Hãy ghi lý do mở lại tháng.")
    with recording(
        clock=closing.province.clock_id,
        action="months.reopen",
        by=by,
        ip=ip,
        reason=reason,
        request_id=request_id,
    ) as pending:
        DataClock.objects.select_for_update().get(pk=closing.province.clock_id)
        if already_recorded(clock=closing.province.clock_id, request_id=request_id):
            raise NothingToRecord
        _end(closing, reason, pending)


def _end(closing: MonthClosing, reason: str, pending: Pending) -> None:
    if MonthReopening.objects.filter(closing=closing).exists():
        raise MonthRefused(f"Lần chốt tháng {closing.month:%m/%Y} này đã được mở lại.")
    MonthReopening.objects.create(closing=closing, reason=reason, change_id=pending.id)
