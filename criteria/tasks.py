"""Jobs of the first floor."""

from __future__ import annotations

import logging

from celery import shared_task

from criteria import check

logger = logging.getLogger(__name__)


@shared_task(acks_late=True)
def check_all_figures() -> int:
    """Nightly: recompute everything; returns the number of differences and logs each."""
    outcome = check.check_all()
    for difference in outcome.differences:
        logger.error("figures differ: %s", difference)
    return len(outcome.differences)
