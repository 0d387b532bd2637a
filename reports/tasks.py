"""What the worker makes ready for the pages."""

from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction

from communes.models import Tier, Unit
from reports import series


@shared_task
def prepare_stale() -> None:
    """Hand out one job for every province that recorded something since its last series."""
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False).distinct()
    for province in provinces.order_by("pk"):
        prepare_dashboards.delay(province.pk)


@shared_task(acks_late=True)
def prepare_dashboards(province_id: int) -> int:
    """Make a province's month series ready; of several at once, only one does the work."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_xact_lock(hashtext('prepare_dashboards'), %s)",
                [province_id],
            )
            (mine,) = cursor.fetchone()
        if not mine:
            return 0
        return series.prepare(Unit.objects.select_related("clock").get(pk=province_id))
