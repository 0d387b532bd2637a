"""Levels required: by region, group or year in a set, filled in by the province where it may."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communes.models import Change, Unit
from criteria.models.sets import Indicator, SetVersion


class Requirement(models.Model):
    """What one version of a set demands of one indicator: wording, rule and parts."""

    class Rule(models.TextChoices):
        AT_LEAST = ">=", "≥"
        AT_MOST = "<=", "≤"
        LESS = "<", "<"
        MORE = ">", ">"
        EQUAL = "=", "="
        YES = "yes", "Đạt"
        BY_PROVINCE = "by-province", "UBND tỉnh quy định"

    version = models.ForeignKey(SetVersion, models.PROTECT, related_name="requirements")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="requirements")
    text = models.CharField(max_length=500)
    rule = models.CharField(max_length=11, choices=Rule)
    when = models.JSONField(null=True, help_text="Điều kiện áp dụng")
    text_unverified = models.BooleanField(default=False)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = "yêu cầu của chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator"], name="requirement_once")
        ]

    def __str__(self) -> str:
        return self.text


class Threshold(models.Model):
    """One level of one requirement (or of one part of it) for one selector.

    `selector` is ``all``, ``national``, ``region:<code>``, ``group:<code>``, ``year:<year>`` or
    several of them joined by ``+``. `value` is in the unit of the measure (or part); a rule of
    "yes" has 1; None with `by_province` means that the UBND tỉnh sets it. `decision` names the
    decision of a level taken over from the base set; empty is the version's own.
    """

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="thresholds")
    part = models.CharField(max_length=30, blank=True)
    part_text = models.CharField(max_length=160, blank=True)
    part_unit = models.CharField(max_length=60, blank=True)
    part_when = models.CharField(max_length=200, blank=True, help_text="Điều kiện áp dụng")
    rule = models.CharField(max_length=11, choices=Requirement.Rule)
    selector = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    by_province = models.BooleanField(default=False)
    decision = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)

    class Meta:
        verbose_name = "mức quy định"
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "part", "selector"], name="threshold_selector_once"
            ),
            models.CheckConstraint(
                condition=Q(by_province=True, value=None)
                | Q(by_province=False, value__isnull=False),
                name="threshold_value_or_province",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.value} ({self.selector})"


class ThresholdCheck(models.Model):
    """Somebody compared a level with the decision's text. Append-only."""

    threshold = models.ForeignKey(Threshold, models.PROTECT, related_name="checks")
    document = models.CharField(max_length=200)
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "đối chiếu mức quy định"

    def __str__(self) -> str:
        return f"{self.threshold_id} {self.document}"


class ProvinceLevel(models.Model):
    """A province's own value for a level that its set leaves to the UBND tỉnh. Append-only.

    `selector` is as in :class:`Threshold`, and may name any attribute of communes
    (``khu_vuc:III``). `unit` is that of `value`; empty is the measure's. It counts from
    `from_on` until a later one for the same selector, or until another row replaces it. A
    `withdrawn` row only takes back the one that it replaces: its own figures never count.
    """

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="province_levels")
    province = models.ForeignKey(Unit, models.PROTECT)
    part = models.CharField(max_length=30, blank=True)
    selector = models.CharField(max_length=40, default="all")
    rule = models.CharField(
        max_length=11, choices=Requirement.Rule, default=Requirement.Rule.AT_LEAST
    )
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    decision = models.CharField(max_length=200)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    withdrawn = models.BooleanField(default=False)
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "quy định cụ thể của tỉnh"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(replaces__isnull=False),
                name="provincelevel_withdrawn_replaces",
            ),
            models.CheckConstraint(
                condition=~Q(rule="by-province"), name="provincelevel_rule_is_a_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.value} {self.from_on}"
