"""The nightly check: its outcome is stored, told to those who answer for the province, and seen.

A difference stays on the work list of the administrators and the head until one of them notes
that it was seen to. Nothing is repaired here.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Assignment, Role, Tier, Unit, User
from communes.people import letters
from communes.vietnamese import nfc
from criteria import check, days
from criteria.models import FigureCheck
from criteria.months.reminding import has_address

ACKNOWLEDGE = "figures.acknowledge"
MOST_KEPT = 100
"""Differences kept in words; of more only the number."""


class AcknowledgeRefused(ValueError):
    """The differences cannot be acknowledged so; the message says why."""


def run(province: Unit) -> FigureCheck:
    """Check a province now, store the outcome and tell its administrators of differences.

    Of two at a time the second waits. What was found before and acknowledged is no news.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('figure_check'), %s)", [province.pk])
    try:
        started = timezone.now()
        found = check.check_province(province)
        before = FigureCheck.objects.filter(province=province).order_by("pk").last()
        outcome = FigureCheck.objects.create(
            province=province,
            started_at=started,
            finished_at=timezone.now(),
            compared=found.items,
            differing=len(found.differences),
            differences=found.differences[:MOST_KEPT],
        )
        if before is not None and _same(before, outcome):
            _take_over(before, outcome)
        if outcome.differing and not outcome.told_at:
            _tell(outcome)
        return outcome
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('figure_check'), %s)", [province.pk])


def _same(before: FigureCheck, now: FigureCheck) -> bool:
    return bool(now.differing) and (before.differing, before.differences) == (
        now.differing,
        now.differences,
    )


def _take_over(before: FigureCheck, now: FigureCheck) -> None:
    """The same differences as last time: who knows of them knows."""
    now.told_at = before.told_at
    now.acknowledged_at, now.acknowledged_by = before.acknowledged_at, before.acknowledged_by
    now.note = before.note
    now.save()


def acknowledge(
    *,
    outcome: FigureCheck,
    note: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Note that differences were seen to, and how; they leave the work lists.

    The same `request_id` again notes nothing. Raises AcknowledgeRefused without a note, where
    nothing differs, or when it was acknowledged before.
    """
    note = nfc(note)
    if not note:
        raise AcknowledgeRefused("Hãy ghi đã tìm hiểu hoặc xử lý thế nào.")
    clock = outcome.province.clock_id
    with recording(
        clock=clock, action=ACKNOWLEDGE, by=by, reason=note, ip=ip, request_id=request_id
    ) as pending:
        row = FigureCheck.objects.select_for_update().get(pk=outcome.pk)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        if not row.differing:
            raise AcknowledgeRefused("Lần kiểm tra này không có sai khác.")
        if row.acknowledged_at is not None:
            raise AcknowledgeRefused("Sai khác của lần kiểm tra này đã được ghi nhận trước đó.")
        row.acknowledged_at, row.acknowledged_by, row.note = timezone.now(), by, note
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
        pending.line(
            table=FigureCheck._meta.db_table,
            key=str(row.pk),
            after={"started_at": row.started_at.isoformat(), "differing": row.differing},
        )


def latest(province_ids: Collection[int]) -> dict[int, FigureCheck]:
    """The last check of each province that was ever checked; one query."""
    rows = FigureCheck.objects.filter(province__in=list(province_ids))
    newest = rows.order_by("province_id", "-pk").distinct("province_id")
    return {one.province_id: one for one in newest.select_related("acknowledged_by", "province")}


def waiting(province_id: int) -> FigureCheck | None:
    """The last check of a province where it found differences that nobody acknowledged."""
    outcome = latest([province_id]).get(province_id)
    return outcome if outcome is not None and outcome.waits else None


def _tell(outcome: FigureCheck) -> None:
    """One letter to the administrators of the province; without any address nothing is sent."""
    addresses = sorted({one.email for one in administrators(outcome.province) if has_address(one)})
    if not addresses:
        return
    context = {
        "province": name_of(outcome.province),
        "outcome": outcome,
        "link": settings.SITE_URL + reverse("figure_check", args=[outcome.pk]),
    }
    text = render_to_string("operations/letter_differences.txt", context)
    subject, _, body = text.partition("\n")
    letter = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=addresses)
    if letters.post(letter):
        outcome.told_at = timezone.now()
        outcome.save(update_fields=["told_at"])


def administrators(province: Unit) -> list[User]:
    """Those who administer the province, or the whole country where it has none of its own."""
    held = Assignment.objects.alive_on(timezone.localdate()).filter(role=Role.ADMIN)
    held = held.filter(user__is_active=True).select_related("user")
    own = [one.user for one in held.filter(unit=province)]
    return own or [one.user for one in held.filter(unit__tier=Tier.COUNTRY)]


def name_of(province: Unit) -> str:
    """The province as its pages call it."""
    return days.openings([province.pk])[province.pk][0].full_name
