"""What the worker makes ready for the pages."""

from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from communes.models import Tier, Unit
from reports import series
from reports.models import Pulse
from reports.monthly import drafts
from reports.monthly import runs as reports_made
from reports.operations import runs
from reports.schematic.kept import keep_opening

SOON = 10 * 60
"""Seconds after which a job that nobody took is left to the next minute's."""


@shared_task
def prepare_stale() -> int:
    """Hand out one job for every province that recorded something since its last series.

    A burst of saves is one job of the next minute. Returns how many were handed out.
    """
    Pulse.objects.update_or_create(name=Pulse.SCHEDULE, defaults={"at": timezone.now()})
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False).distinct()
    stale = provinces.annotate(done=Max("prepared_series__seq")).filter(
        Q(done=None) | Q(done__lt=F("clock__seq"))
    )
    found = list(stale.order_by("pk"))
    for province in found:
        prepare_dashboards.apply_async([province.pk], expires=SOON)
    return len(found)


@shared_task(acks_late=True)
def prepare_dashboards(province_id: int) -> int:
    """Make a province's month series and its map ready; of several at once, one does the work."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_xact_lock(hashtext('prepare_dashboards'), %s)",
                [province_id],
            )
            (mine,) = cursor.fetchone()
        if not mine:
            return 0
        province = Unit.objects.select_related("clock").get(pk=province_id)
        prepared = series.prepare(province)
    keep_opening(province_id=province_id)
    return prepared


@shared_task(acks_late=True)
def make_report(province_id: int, run_id: int) -> int:
    """Make a month's report that was asked for; 1 when this job made it, 0 when it was made.

    Of a draft the office hears by mail. `province_id` says to the operator whose job it is.
    """
    made = reports_made.make(run_id)
    if made:
        drafts.tell(run_id)
    return int(made)


@shared_task(acks_late=True)
def make_drafts() -> int:
    """Daily: hand out the drafts of the offices whose day it is; returns how many."""
    found = drafts.due()
    for run in found:
        make_report.delay(run.province_id, run.pk)
    return len(found)


@shared_task(acks_late=True)
def forget_old_runs() -> int:
    """Daily: drop what is told of jobs older than 30 days; returns the rows dropped."""
    return runs.forget_old()
