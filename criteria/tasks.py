"""Jobs of the first floor."""

from __future__ import annotations

import logging

from celery import shared_task

from communes.models import Unit, User
from criteria import check, figure_checks, rejudging
from criteria.models import SetVersion
from criteria.months import reminding

logger = logging.getLogger(__name__)


@shared_task(acks_late=True)
def check_all_figures() -> int:
    """Nightly: hand out a check for each province; returns how many."""
    provinces = check.provinces()
    for province in provinces:
        check_figures.delay(province.pk)
    return len(provinces)


@shared_task(acks_late=True)
def check_figures(province_id: int) -> int:
    """Recompute everything stored of a province; returns the things compared.

    What differs is an error in the log as well, for whoever watches only that.
    """
    outcome = figure_checks.run(Unit.objects.select_related("clock").get(pk=province_id))
    for difference in outcome.differences:
        logger.error("figures differ: %s", difference)
    return outcome.compared


@shared_task(acks_late=True)
def remind_communes() -> int:
    """Daily: mail the officers of communes whose month is due or late; returns letters sent."""
    return reminding.remind()


@shared_task(acks_late=True)
def rejudge_version(version_id: int, user_id: int | None) -> int:
    """Judge results again by a version put in force; returns those written, 0 when run again."""
    version = SetVersion.objects.select_related("set").get(pk=version_id)
    by = User.objects.filter(pk=user_id).first()
    return rejudging.rejudge_version(version, by=by)
