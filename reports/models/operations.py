"""What the operator of the program looks back on: jobs that ran, backups, the schedule's pulse.

Facts about this installation, not about communes: none of it goes into a backup.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from communes.models import Unit


class TaskRun(models.Model):
    """One job of the worker: begun, ended, and how. A job handed out again is the same run.

    Jobs of every minute that found nothing to do leave no row. Kept for 30 days.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Xong"
        FAILED = "failed", "Lỗi"
        LOST = "lost", "Bị ngắt"

    task_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=80)
    arguments = models.JSONField(default=list)
    province = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="task_runs")
    worker = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, choices=Outcome)
    result = models.BigIntegerField(null=True, help_text="Số việc đã làm")
    reason = models.CharField(max_length=500, blank=True)
    again_at = models.DateTimeField(null=True, help_text="Có người cho chạy lại")
    again_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "công việc nền"
        indexes = [models.Index(fields=["outcome", "-started_at"], name="taskrun_outcome_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%d/%m/%Y %H:%M} {self.outcome}"

    @property
    def to_see_to(self) -> bool:
        """Whether it went wrong and nobody has let it run again."""
        return self.outcome in (self.Outcome.FAILED, self.Outcome.LOST) and self.again_at is None


class Pulse(models.Model):
    """When something that has to happen all the time happened last."""

    SCHEDULE = "schedule"

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "nhịp chạy nền"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%d/%m/%Y %H:%M}"


class BackupRecord(models.Model):
    """A backup that was written, or a restore and whether everything came back equal.

    `taken_at` is the moment that the file shows.
    """

    class Kind(models.TextChoices):
        BACKUP = "backup", "Sao lưu"
        RESTORE = "restore", "Khôi phục"

    kind = models.CharField(max_length=7, choices=Kind)
    at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField()
    file = models.CharField(max_length=300)
    size = models.BigIntegerField(help_text="byte")
    proved = models.BooleanField(help_text="Mọi đối chiếu đều khớp")

    class Meta:
        verbose_name = "sao lưu, khôi phục"

    def __str__(self) -> str:
        return f"{self.kind} {self.file}"
