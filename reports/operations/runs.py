"""Notes each job of the worker: Celery's signals, written to rows that the operator reads.

Nothing here decides how a job goes on: where it cannot be noted, Celery logs that and the job
runs all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from celery import signals
from django.db import connection
from django.utils import timezone

from communes.models import Tier, Unit
from criteria.models import FigureCheck
from reports.models import TaskRun

OURS = ("criteria.", "reports.")
NOTHING_DONE_IS_NO_NEWS = {"reports.tasks.prepare_stale", "reports.tasks.prepare_dashboards"}
"""Jobs of every minute: a row only when there was something to do, or when they fail."""

OF_A_PROVINCE = {
    "reports.tasks.prepare_dashboards",
    "reports.tasks.make_report",
    "criteria.tasks.check_figures",
}
"""Jobs whose first argument is a province."""

KEPT = timedelta(days=30)


@signals.task_prerun.connect
def begun(task_id: str, task: Any, args: Sequence[Any], **_: Any) -> None:
    if not task.name.startswith(OURS):
        return
    province = None
    if task.name in OF_A_PROVINCE and args:
        province = Unit.objects.filter(pk=args[0], tier=Tier.PROVINCE).first()
    TaskRun.objects.update_or_create(
        task_id=task_id,
        defaults={
            "name": task.name,
            "arguments": list(args),
            "province": province,
            "worker": task.request.hostname or "",
            "started_at": timezone.now(),
            "ended_at": None,
            "outcome": TaskRun.Outcome.RUNNING,
            "reason": "",
        },
    )


@signals.task_success.connect
def done(sender: Any, result: Any, **_: Any) -> None:
    if not sender.name.startswith(OURS):
        return
    run = TaskRun.objects.filter(task_id=sender.request.id)
    if not result and sender.name in NOTHING_DONE_IS_NO_NEWS:
        run.delete()
        return
    number = result if isinstance(result, int) else None
    run.update(outcome=TaskRun.Outcome.DONE, ended_at=timezone.now(), result=number)


@signals.task_failure.connect
def failed(sender: Any, task_id: str, exception: BaseException, **_: Any) -> None:
    if not sender.name.startswith(OURS):
        return
    TaskRun.objects.filter(task_id=task_id).update(
        outcome=TaskRun.Outcome.FAILED,
        ended_at=timezone.now(),
        reason=f"{type(exception).__name__}: {exception}"[:500],
    )
    if sender.request.id is None:
        # In the parent, which forks again: its children must not inherit a connection.
        connection.close()


@signals.worker_ready.connect
def worker_begins(sender: Any, **_: Any) -> None:
    """What this worker had begun before it was killed has not ended, and will not."""
    TaskRun.objects.filter(worker=sender.hostname, outcome=TaskRun.Outcome.RUNNING).update(
        outcome=TaskRun.Outcome.LOST,
        ended_at=timezone.now(),
        reason="Tiến trình chạy nền bị dừng giữa chừng. Chạy lại không ghi trùng.",
    )
    connection.close()


def forget_old() -> int:
    """Drop runs and faultless checks older than 30 days; the last check of each stays."""
    before = timezone.now() - KEPT
    dropped, _ = TaskRun.objects.filter(started_at__lt=before).delete()
    newest = FigureCheck.objects.order_by("province_id", "-pk").distinct("province_id")
    old = FigureCheck.objects.filter(started_at__lt=before, differing=0)
    forgotten, _ = old.exclude(pk__in=[one.pk for one in newest]).delete()
    return dropped + forgotten
