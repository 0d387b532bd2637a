"""Months that were closed, and what was frozen when they were."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from communes.models import Change, Unit
from criteria.models.sets import CriteriaSet


class Basis(models.TextChoices):
    """Which results a figure counts."""

    REPORTED = "reported", "Số liệu xã báo cáo"
    CONFIRMED = "confirmed", "Số liệu đã xác nhận"


class MonthClosingQuerySet(models.QuerySet["MonthClosing"]):
    def holding(self, at: datetime | None = None) -> MonthClosingQuerySet:
        """Closings that were not reopened, by a moment or at all: one per province and month."""
        if at is None:
            return self.filter(reopening=None)
        return self.filter(change__at__lte=at).exclude(reopening__change__at__lte=at)


class MonthClosing(models.Model):
    """The head of the office closed a province's month at a change number. Append-only."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="closings")
    month = models.DateField(help_text="Ngày cuối tháng")
    no = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField(help_text="Số ghi nhận cuối cùng được tính")
    basis = models.CharField(max_length=9, choices=Basis)
    change = models.ForeignKey(Change, models.PROTECT, related_name="closings")

    objects = MonthClosingQuerySet.as_manager()

    province_id: int

    class Meta:
        verbose_name = "chốt số liệu tháng"
        constraints = [
            models.UniqueConstraint(fields=["province", "month", "no"], name="closing_no_once")
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.month:%m/%Y} lần {self.no}"


class MonthReopening(models.Model):
    """A closing was ended with a reason; its frozen rows stay. Append-only."""

    closing = models.OneToOneField(MonthClosing, models.PROTECT, related_name="reopening")
    reason = models.TextField()
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "mở lại tháng"

    def __str__(self) -> str:
        return f"{self.closing_id}"


class MonthStanding(models.Model):
    """One commune at one closed month-end, as it was counted then. Append-only."""

    closing = models.ForeignKey(MonthClosing, models.PROTECT, related_name="standings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="month_standings")
    set = models.ForeignKey(CriteriaSet, models.PROTECT)
    district = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=20, blank=True)
    border = models.BooleanField(default=False)
    in_programme = models.BooleanField()
    recognised_tier = models.CharField(max_length=8, blank=True)
    met = models.PositiveSmallIntegerField()
    met_confirmed = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    outcomes = models.JSONField()
    outcomes_confirmed = models.JSONField()

    unit_id: int

    class Meta:
        verbose_name = "kết quả của xã khi chốt tháng"
        constraints = [
            models.UniqueConstraint(fields=["closing", "unit", "set"], name="monthstanding_once")
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}/{self.unit_id} {self.met}"


class MonthFigure(models.Model):
    """The figures of a province or district at one closed month-end. Append-only."""

    closing = models.ForeignKey(MonthClosing, models.PROTECT, related_name="figures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="month_figures")
    set = models.ForeignKey(CriteriaSet, models.PROTECT)
    basis = models.CharField(max_length=9, choices=Basis)
    figures = models.JSONField()

    class Meta:
        verbose_name = "số tổng hợp khi chốt tháng"
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "unit", "set", "basis"], name="monthfigure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}/{self.unit_id} {self.basis}"


class FigureCheck(models.Model):
    """One nightly recomputation of all that is stored of a province, and what differed.

    `differences` are the first of them in words, `differing` their number. They wait until an
    administrator or the head notes how they were seen to. `told_at`: a letter went out.
    """

    province = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="figure_checks")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    compared = models.PositiveIntegerField()
    differing = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    note = models.TextField(blank=True)

    province_id: int

    class Meta:
        verbose_name = "kiểm tra số tổng hợp"
        indexes = [models.Index(fields=["province", "-id"], name="figurecheck_latest")]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y} {self.differing} sai khác"

    @property
    def waits(self) -> bool:
        """Whether somebody still has to see to it."""
        return bool(self.differing) and self.acknowledged_at is None


class PublishedFigure(models.Model):
    """A total printed elsewhere, kept beside ours as a check and never counted."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="published_figures")
    on = models.DateField()
    communes = models.PositiveIntegerField(null=True)
    recognised = models.PositiveIntegerField(null=True)
    criteria_met = models.PositiveIntegerField(null=True)
    average = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name = "số liệu đã công bố"
        constraints = [models.UniqueConstraint(fields=["unit", "on"], name="published_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.on}"
