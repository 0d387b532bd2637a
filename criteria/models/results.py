"""The ledger: results, what was submitted, and the yearly sheets. Nothing is overwritten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communes.models import Change, Unit
from criteria.models.levels import ProvinceLevel, Threshold
from criteria.models.sets import CriteriaSet, Indicator, SetVersion


class Verdict(models.TextChoices):
    """What was found on one indicator; stored as words, shown as labels."""

    MET = "met", "Đạt"
    NOT_MET = "not_met", "Chưa đạt"
    NOT_ASSESSED = "not_assessed", "Chưa đánh giá"
    NOT_APPLICABLE = "not_applicable", "Không áp dụng"


class Result(models.Model):
    """One finding on one indicator of one unit, true from a day on. Append-only.

    A fact holds until another follows. A correction replaces one earlier result; a mistake
    is replaced by a void. `value` is in the unit of the measure (yes = 1, no = 0); a
    requirement with parts keeps its figures in `part_values`.
    """

    class JudgedBy(models.TextChoices):
        RULE = "rule", "Phần mềm xác định"
        OFFICER = "officer", "Cán bộ đánh giá"

    class Cause(models.TextChoices):
        ENTRY = "entry", "Nhập"
        IMPORT = "import", "Nạp từ tệp"
        OPENING = "opening", "Số liệu đầu kỳ"
        REJUDGED = "rejudged", "Đánh giá lại theo mức mới"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="results")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="results")
    set_version = models.ForeignKey(SetVersion, models.PROTECT)
    true_from = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    part_values = models.JSONField(null=True)
    threshold = models.ForeignKey(Threshold, models.PROTECT, null=True)
    province_level = models.ForeignKey(ProvinceLevel, models.PROTECT, null=True)
    verdict = models.CharField(max_length=14, choices=Verdict)
    judged_by = models.CharField(max_length=7, choices=JudgedBy)
    note = models.TextField(blank=True)
    cause = models.CharField(max_length=8, choices=Cause)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    void = models.BooleanField(default=False)
    change = models.ForeignKey(Change, models.PROTECT, related_name="results")

    unit_id: int
    indicator_id: int
    change_id: int

    class Meta:
        verbose_name = "kết quả"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "indicator", "change"], name="result_once_per_change"
            ),
            models.CheckConstraint(
                condition=Q(void=False) | Q(replaces__isnull=False), name="result_void_replaces"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="result_verdict_known"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "indicator", "-true_from"], name="result_cell_history")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.indicator_id} {self.verdict} từ {self.true_from}"


class Submission(models.Model):
    """A commune sent in its month, or it was sent back; the last act stands. Append-only."""

    class Act(models.TextChoices):
        SUBMIT = "submit", "Gửi số liệu tháng"
        RETURN = "return", "Trả lại"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="submissions")
    month = models.DateField(help_text="Ngày cuối tháng")
    act = models.CharField(max_length=6, choices=Act)
    reason = models.TextField(blank=True)
    change = models.ForeignKey(Change, models.PROTECT)

    unit_id: int

    class Meta:
        verbose_name = "gửi số liệu tháng"
        indexes = [models.Index(fields=["month", "unit"], name="submission_month_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%m/%Y} {self.act}"


class SubmissionReminder(models.Model):
    """Officers of a commune were reminded of a month by mail on a day: at most once that day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reminders")
    month = models.DateField(help_text="Ngày cuối tháng")
    sent_on = models.DateField()

    class Meta:
        verbose_name = "thư nhắc gửi số liệu"
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "sent_on"], name="reminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%m/%Y} {self.sent_on:%d/%m/%Y}"


class Assessment(models.Model):
    """The yearly sheet of a commune under a set: its state on 31/12, sent with month 12."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField()
    set = models.ForeignKey(CriteriaSet, models.PROTECT)

    class Meta:
        verbose_name = "phiếu đánh giá năm"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "set"], name="assessment_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"
