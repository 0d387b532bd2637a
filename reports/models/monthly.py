"""What belongs to the report of a month: an office's settings, the texts people write, the runs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from communes.models import Change, Unit
from criteria.models import Basis, MonthClosing
from reports.monthly.sections import Section


class OfficeSetting(models.Model):
    """How the office of a province wants its reports from a month on. Append-only.

    Of those that have begun the latest counts, of two that begin together the one recorded
    later. `signers` and `recipients` are lines; no `brackets` means the set's own cut points;
    `basis` is that of months not closed; `cut_off_day` is the day on which a draft is made.
    """

    province = models.ForeignKey(Unit, models.PROTECT, related_name="report_settings")
    from_on = models.DateField(help_text="Ngày đầu của tháng áp dụng đầu tiên")
    above = models.CharField(max_length=200, help_text="Cơ quan chủ quản")
    issuer = models.CharField(max_length=200, help_text="Cơ quan ban hành")
    symbol = models.CharField(max_length=40, help_text="Ký hiệu sau số")
    place = models.CharField(max_length=80, help_text="Địa danh")
    signers = models.TextField(help_text="Quyền hạn, chức vụ người ký")
    signer_name = models.CharField(max_length=120, blank=True)
    recipients = models.TextField(blank=True, help_text="Nơi nhận")
    average_places = models.PositiveSmallIntegerField(default=2)
    percent_places = models.PositiveSmallIntegerField(default=1)
    brackets = ArrayField(models.PositiveSmallIntegerField(), default=list)
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.REPORTED)
    cut_off_day = models.PositiveSmallIntegerField(null=True)
    sections = ArrayField(models.CharField(max_length=12), default=list)
    change = models.ForeignKey(Change, models.PROTECT, related_name="report_settings")

    province_id: int

    class Meta:
        verbose_name = "thiết lập báo cáo"

    def __str__(self) -> str:
        return f"{self.province_id} từ {self.from_on:%m/%Y}"


class SectionText(models.Model):
    """What the office wrote in a section of a month's report. Append-only: the last one counts."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="section_texts")
    month = models.DateField(help_text="Ngày cuối tháng")
    section = models.CharField(max_length=12, choices=[(s.value, s.label) for s in Section])
    text = models.TextField(blank=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="section_texts")

    province_id: int

    class Meta:
        verbose_name = "nội dung báo cáo tháng"
        indexes = [models.Index(fields=["province", "month"], name="sectiontext_month")]

    def __str__(self) -> str:
        return f"{self.province_id} {self.month:%m/%Y} {self.section}"


class ReportRun(models.Model):
    """One making of a month's report: asked for by a change, then made once by the worker.

    `closing` is the one whose frozen figures it used, `seq` the change up to which it knows.
    `payload` is the report as data, `files` [{format, sha256, size, place}] lie below the media
    folder. A run that failed keeps its `reason`; asking again makes another run.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ lập"
        RUNNING = "running", "Đang lập"
        DONE = "done", "Đã lập"
        FAILED = "failed", "Không lập được"

    province = models.ForeignKey(Unit, models.PROTECT, related_name="report_runs")
    month = models.DateField(help_text="Ngày cuối tháng")
    change = models.ForeignKey(Change, models.PROTECT, related_name="report_runs")
    draft = models.BooleanField(default=False, help_text="Lập tự động theo ngày chốt kỳ")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    step = models.CharField(max_length=60, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="%")
    reason = models.CharField(max_length=500, blank=True)
    closing = models.ForeignKey(MonthClosing, models.PROTECT, null=True, related_name="report_runs")
    seq = models.BigIntegerField(null=True)
    parameters = models.JSONField(default=dict)
    payload = models.JSONField(null=True)
    files = models.JSONField(default=list)
    touched_at = models.DateTimeField(auto_now=True)

    province_id: int

    class Meta:
        verbose_name = "lần lập báo cáo tháng"
        indexes = [models.Index(fields=["province", "month", "-id"], name="reportrun_month")]

    def __str__(self) -> str:
        return f"{self.province_id} {self.month:%m/%Y} {self.state}"

    @property
    def ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
