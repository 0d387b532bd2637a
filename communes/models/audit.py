"""The numbering of knowledge: every write of a province gets the next number of its clock."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DataClock(models.Model):
    """The counter of writes of one present province, or "VN" for what belongs to none.

    The 63 provinces before 1/7/2025 fall whole into the present 34, so the present
    province's code keeps one number line through the merger. The row is touched last in
    every write, which makes "as known at number n" unchangeable afterwards.
    """

    code = models.CharField(max_length=2, primary_key=True)
    seq = models.BigIntegerField(default=0)
    simulated = models.BooleanField(
        default=False, help_text="Số liệu mô phỏng: mọi trang và tệp phải ghi rõ"
    )

    class Meta:
        verbose_name = "số ghi nhận của tỉnh"

    def __str__(self) -> str:
        return f"{self.code}#{self.seq}"


class Change(models.Model):
    """One write: who did what, when it was recorded, and its number. Append-only.

    It is the audit row as well. `at` is read while the clock row is held, so it rises with
    `seq`; only simulated data may carry an earlier moment (`backdated`).
    """

    clock = models.ForeignKey(DataClock, models.PROTECT, related_name="changes")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    ip = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    request_id = models.UUIDField(null=True)
    backdated = models.BooleanField(default=False)

    clock_id: str

    class Meta:
        verbose_name = "lần ghi nhận"
        constraints = [
            models.UniqueConstraint(fields=["clock", "seq"], name="change_seq_once"),
            models.UniqueConstraint(
                fields=["clock", "request_id"],
                condition=Q(request_id__isnull=False),
                name="change_request_once",
            ),
        ]
        indexes = [models.Index(fields=["clock", "at"], name="change_clock_at")]

    def __str__(self) -> str:
        return f"{self.clock_id}#{self.seq} {self.action}"


class ChangeLine(models.Model):
    """What one write did to one row that is not itself a ledger row. Append-only."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="lines")
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = "dòng nhật ký thay đổi"

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
