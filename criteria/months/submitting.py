"""The month of a commune: sent in, "không thay đổi" in one click, and perhaps sent back.

Entry is never blocked by a submission: what is saved afterwards is listed beside it as "sau khi
gửi" until it is sent in again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from communes import units
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import DataClock, UnitVersion, User
from communes.vietnamese import nfc
from criteria import ledger, months
from criteria.definitions import counting
from criteria.ledger import Holding
from criteria.models import Assessment, Indicator, MonthClosing, Submission
from criteria.rules.types import SetDefinition

SUBMIT, RETURN = Submission.Act.SUBMIT, Submission.Act.RETURN
LONGEST_REASON = 2000


class SubmissionRefused(ValueError):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What a submission sent in: cells changed since the one before it, 0 for "không thay đổi".

    `written` is False when the month had been sent in and nothing was saved since.
    """

    changed: int
    written: bool


def deadline(month: date) -> date:
    """The last day to send in the month ending on `month` (setting NTM_SUBMIT_BY_DAY).

    No rule of the programme names one: the month's end unless the office says otherwise.
    """
    return month.replace(day=min(settings.SUBMIT_BY_DAY, month.day))


def last_acts(unit_ids: Collection[int], month: date) -> dict[int, Submission]:
    """Unit → the act that stands for its month, a submission or a return; one query."""
    acts = Submission.objects.filter(unit_id__in=unit_ids, month=month)
    latest = acts.order_by("unit_id", "-change__seq").distinct("unit_id")
    return {act.unit_id: act for act in latest.select_related("change__by")}


def last_submission(unit_id: int, month: date) -> Submission | None:
    """The latest time that the commune sent in this month or one before it."""
    sent = Submission.objects.filter(unit_id=unit_id, act=SUBMIT, month__lte=month)
    return sent.select_related("change__by").order_by("-change__seq").first()


def last_closing(province_id: int, month: date) -> MonthClosing | None:
    """The closing that holds of the latest month before `month`."""
    held = MonthClosing.objects.holding().filter(province_id=province_id, month__lt=month)
    return held.select_related("change__by").order_by("-month").first()


def compared_with(commune: UnitVersion, month: date) -> int | None:
    """The change number that a month is compared with: the last submission, else closing."""
    if (sent := last_submission(commune.unit_id, month)) is not None:
        return sent.change.seq
    closing = last_closing(commune.province_id or 0, month)
    return closing.seq if closing else None


def changed_cells(
    unit_id: int, asked: Collection[SetDefinition], month: date, since: int | None
) -> dict[int, tuple[Holding | None, Holding | None]]:
    """Indicator → (held then, holds now) for each cell that is different since a change number.

    Both as true on `month`; `since` None: every cell that holds anything. A measure that several
    sets ask is one cell: the first set's indicator stands for it.
    """
    indicators = [one for each in asked for one in ledger.indicator_ids(each)]
    now = ledger.reported([unit_id], indicators, day=month).get(unit_id, {})
    before: dict[int, Holding] = {}
    if since is not None:
        before = ledger.reported([unit_id], indicators, day=month, seq=since).get(unit_id, {})
    moved = [pk for pk in indicators if now.get(pk) != before.get(pk)]
    measures = dict(Indicator.objects.filter(pk__in=moved).values_list("pk", "measure_id"))
    found: dict[Any, int] = {}
    for pk in moved:
        found.setdefault(("measure", measures[pk]) if measures[pk] else pk, pk)
    return {pk: (before.get(pk), now.get(pk)) for pk in found.values()}


def asked_in(province_id: int, month: date) -> list[SetDefinition]:
    """The sets that a month's submission is about, the headline first."""
    return counting(province_id, month)


def submit(
    *,
    commune: UnitVersion,
    month: date,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Submitted:
    """Send in a commune's figures of the month ending on `month`, changed or not.

    December's submission is also that of the year's sheet: it makes the Assessment of each
    adopted set. The same `request_id`, or nothing saved since the month was sent in, writes
    nothing. Raises SubmissionRefused while the month is not open.
    """
    asked = asked_in(commune.province_id or 0, month)
    done = Submitted(changed=0, written=False)
    with recording(
        clock=commune.unit.clock_id,
        action="submissions.submit",
        by=by,
        ip=ip,
        request_id=request_id,
    ) as pending:
        _hold(commune.unit.clock_id)
        if already_recorded(clock=commune.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        _require_open(commune, month)
        before = compared_with(commune, month)
        changed = len(changed_cells(commune.unit_id, asked, month, before))
        standing = last_acts([commune.unit_id], month).get(commune.unit_id)
        if standing is not None and standing.act == SUBMIT and not changed:
            raise NothingToRecord
        _write(pending, commune.unit_id, month, SUBMIT)
        if month.month == 12:
            _assess(pending, commune.unit_id, month.year, asked)
        done = Submitted(changed=changed, written=True)
    return done


def return_submission(
    *,
    commune: UnitVersion,
    month: date,
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Send a commune's month back to it, with a reason that its officer reads.

    Raises SubmissionRefused without a reason, while the month is not open, or when no submission
    of it stands.
    """
    reason = nfc(reason).strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise SubmissionRefused(
            f"Hãy ghi lý do trả lại, tối đa {LONGEST_REASON} ký tự; cán bộ xã sẽ đọc."
        )
    with recording(
        clock=commune.unit.clock_id,
        action="submissions.return",
        by=by,
        ip=ip,
        reason=reason,
        request_id=request_id,
    ) as pending:
        _hold(commune.unit.clock_id)
        if already_recorded(clock=commune.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        _require_open(commune, month)
        standing = last_acts([commune.unit_id], month).get(commune.unit_id)
        if standing is None or standing.act != SUBMIT:
            raise SubmissionRefused(
                f"{commune.full_name} không có số liệu tháng {month:%m/%Y} đã gửi để trả lại."
            )
        _write(pending, commune.unit_id, month, RETURN, reason)


def _hold(clock: str) -> None:
    """No closing of the province may slip between the check that the month is open and the act."""
    DataClock.objects.select_for_update().get(pk=clock)


def _require_open(commune: UnitVersion, month: date) -> None:
    label = f"{month:%m/%Y}"
    if month not in months.open_months(commune.province):
        closed = months.closing_of(commune.province_id or 0, month) is not None
        raise SubmissionRefused(
            f"Tháng {label} đã chốt. Muốn gửi thêm, hãy đề nghị Văn phòng điều phối mở lại."
            if closed
            else f"Tháng {label} không phải tháng đang mở để gửi số liệu."
        )
    here = units.communes_in_programme(units.version_of(commune.province_id or 0, month), month)
    if not here.filter(unit_id=commune.unit_id).exists():
        raise SubmissionRefused(
            f"Tháng {label}, {commune.full_name} không tham gia Chương trình nên không phải gửi."
        )


def _write(pending: Pending, unit_id: int, month: date, act: str, reason: str = "") -> None:
    Submission.objects.create(
        unit_id=unit_id, month=month, act=act, reason=reason, change_id=pending.id
    )


def _assess(pending: Pending, unit_id: int, year: int, asked: Collection[SetDefinition]) -> None:
    for one in asked:
        _, created = Assessment.objects.get_or_create(unit_id=unit_id, year=year, set_id=one.set_id)
        if created:
            pending.line(
                table=Assessment._meta.db_table,
                key=f"{unit_id}/{year}/{one.set_id}",
                after={"unit": unit_id, "year": year, "set": one.code},
            )
