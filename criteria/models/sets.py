"""Criteria sets as versioned data: what is asked, and which level is required."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from communes.models import Unit

CONCLUSION_CODE = "*"
"""Code of the pseudo-indicator that holds a direct conclusion on a whole criterion."""


class CriteriaSet(models.Model):
    """A set of criteria by one issuer for one level and tier, over all its versions.

    `province` owns a set that only it uses (an overlay, a set of its own); None is national.
    A set of communes has a period; for others either end may not be known.
    """

    class Level(models.TextChoices):
        COMMUNE = "commune", "Xã"
        DISTRICT = "district", "Huyện"
        PROVINCE = "province", "Tỉnh"
        VILLAGE = "village", "Thôn, bản"
        GARDEN = "garden", "Vườn"

    class SetTier(models.TextChoices):
        STANDARD = "standard", "Đạt chuẩn"
        ADVANCED = "advanced", "Nâng cao"
        MODEL = "model", "Kiểu mẫu"
        MODERN = "modern", "Hiện đại"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level)
    tier = models.CharField(max_length=8, choices=SetTier)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="overlays")
    province = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="own_sets")
    period_from = models.PositiveSmallIntegerField(null=True)
    period_to = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = "bộ tiêu chí"

    def __str__(self) -> str:
        return self.name

    @property
    def is_national_standard(self) -> bool:
        """Whether provinces that decided nothing may be judged by it; an overlay is adopted."""
        return self.tier == self.SetTier.STANDARD and self.base_id is self.province_id is None


class SetVersion(models.Model):
    """One wording of a set. Once in force it never changes; a correction is a new version.

    `decision_number` is empty where it was not found. `official_*` are the totals that the
    decision states, which may be more than what was found. `region_rules`, `commune_groups`
    and `notes` have the form of ``criteria.catalogue.specs``.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        IN_FORCE = "in_force", "Có hiệu lực"
        SUPERSEDED = "superseded", "Đã thay thế"

    class NotApplicable(models.TextChoices):
        AS_MET = "met", "Tính là đạt"
        LEFT_OUT = "left_out", "Không tính"

    set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    in_force_on = models.DateField()
    in_force_on_unverified = models.BooleanField(default=False)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True)
    issuer = models.CharField(max_length=120)
    method = models.CharField(max_length=20, default="all-indicators")
    na_counts_as = models.CharField(
        max_length=8, choices=NotApplicable, default=NotApplicable.AS_MET
    )
    na_counts_as_unverified = models.BooleanField(default=False)
    bracket_cuts = ArrayField(
        models.PositiveSmallIntegerField(), help_text="Mốc phân nhóm xã, từ cao xuống thấp"
    )
    official_criteria = models.PositiveSmallIntegerField(null=True)
    official_indicators = models.PositiveSmallIntegerField(null=True)
    region_rules = models.JSONField(default=list, help_text="Xã áp dụng mức của vùng khác")
    commune_groups = models.JSONField(default=list, help_text="Nhóm xã: mã, tên, cách phân nhóm")
    notes = models.JSONField(default=list, help_text="Điều người đọc bộ tiêu chí cần biết")
    checksum = models.CharField(max_length=64, help_text="SHA-256 của tệp đã nạp", blank=True)

    class Meta:
        verbose_name = "phiên bản bộ tiêu chí"
        constraints = [
            models.UniqueConstraint(fields=["set", "no"], name="setversion_no_once"),
            models.UniqueConstraint(
                fields=["set"], condition=Q(status="in_force"), name="setversion_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.set_id} v{self.no}"


class Criterion(models.Model):
    """A criterion (tiêu chí) of a set; its number is stable over the set's versions."""

    set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    group_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "tiêu chí"
        ordering = ["set", "number"]
        constraints = [
            models.UniqueConstraint(fields=["set", "number"], name="criterion_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class VersionCriterion(models.Model):
    """A criterion as one version of its set states it: lead agency, and what was not read.

    Where `indicators_incomplete` the indicators known are not all there are, so the criterion
    is concluded directly; the known ones are there to read.
    """

    version = models.ForeignKey(SetVersion, models.PROTECT, related_name="criteria")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="wordings")
    lead_agency = models.CharField(max_length=160, blank=True)
    lead_agency_unverified = models.BooleanField(default=False)
    name_unverified = models.BooleanField(default=False)
    indicators_incomplete = models.BooleanField(default=False)

    class Meta:
        verbose_name = "tiêu chí trong phiên bản"
        constraints = [
            models.UniqueConstraint(fields=["version", "criterion"], name="versioncriterion_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.criterion_id}"


class Measure(models.Model):
    """A question with its unit; several sets may ask it and judge it by their own levels."""

    class ValueKind(models.TextChoices):
        BOOLEAN = "boolean", "Có/không"
        PERCENT = "percent", "Phần trăm"
        NUMBER = "number", "Số"
        MONEY = "money", "Số tiền"
        TEXT = "text-rule", "Theo quy định"

    code = models.SlugField(max_length=90, unique=True)
    name = models.CharField(max_length=400)
    unit = models.CharField(max_length=60, blank=True)
    value_kind = models.CharField(max_length=9, choices=ValueKind)

    class Meta:
        verbose_name = "nội dung đo"

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """An indicator (chỉ tiêu) of a criterion: a measure asked by one set.

    Code ``*`` is the direct conclusion on the whole criterion and has no measure.
    """

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="indicators")

    criterion_id: int

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["criterion", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=Q(code=CONCLUSION_CODE, measure=None)
                | (~Q(code=CONCLUSION_CODE) & Q(measure__isnull=False)),
                name="indicator_measure_unless_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return self.code
