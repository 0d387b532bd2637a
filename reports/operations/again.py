"""Letting a job that failed run once more."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import COUNTRY_CODE, DataClock, User
from reports.models import TaskRun
from reports.operations import machinery
from reports.operations.words import label

RUN_AGAIN = "operations.run_again"


class AgainRefused(ValueError):
    """The job cannot be let run again now; the message says why."""


def run_again(
    *, run: TaskRun, by: User, request_id: UUID | None = None, ip: str | None = None
) -> None:
    """Hand a failed or interrupted job out again, once. Jobs are safe to run twice.

    The same `request_id` again does nothing. Raises AgainRefused for a job that did not fail,
    that was let run again before, or while the queue does not answer.
    """
    clock = run.province.clock_id if run.province else COUNTRY_CODE
    DataClock.objects.get_or_create(code=clock)
    with recording(clock=clock, action=RUN_AGAIN, by=by, ip=ip, request_id=request_id) as pending:
        row = TaskRun.objects.select_for_update().get(pk=run.pk)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        if not row.to_see_to:
            raise AgainRefused("Công việc này không còn ở trạng thái lỗi hoặc đã được chạy lại.")
        if not machinery.broker().answers:
            raise AgainRefused("Hàng đợi không trả lời nên chưa chạy lại được; hãy thử lại sau.")
        row.again_at, row.again_by = timezone.now(), by
        row.save(update_fields=["again_at", "again_by"])
        pending.line(
            table=TaskRun._meta.db_table,
            key=str(row.pk),
            after={"job": label(row.name), "reason": row.reason},
        )
        transaction.on_commit(
            partial(current_app.send_task, row.name, args=row.arguments), robust=True
        )
