"""Dated decisions on communes: recognised, revoked, corrected, taken over at the start."""

from django.db import models

from communes.models import Change, Unit
from criteria.models.sets import CriteriaSet, SetVersion


class Recognition(models.Model):
    """One decision about one commune and tier. Append-only; status follows by replay.

    Meeting all criteria is not being recognised: only a decision of the Chủ tịch UBND tỉnh
    is (Quyết định 2540/QĐ-TTg for 2016–2020; 18/2022/QĐ-TTg for 2021–2025).
    """

    class Act(models.TextChoices):
        RECOGNISE = "recognise", "Công nhận"
        REVOKE = "revoke", "Thu hồi quyết định công nhận"
        CORRECT = "correct", "Đính chính"
        OPENING = "opening", "Tình trạng khi thành lập"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="recognitions")
    act = models.CharField(max_length=9, choices=Act)
    tier = models.CharField(max_length=8, choices=CriteriaSet.SetTier)
    set_version = models.ForeignKey(SetVersion, models.PROTECT, null=True)
    number = models.CharField(max_length=60)
    decided_on = models.DateField()
    effective_on = models.DateField()
    year = models.PositiveSmallIntegerField(help_text="Năm đánh giá")
    round = models.PositiveSmallIntegerField(default=1, help_text="Đợt")
    refers_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    document = models.CharField(max_length=200, blank=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="recognitions")

    unit_id: int

    class Meta:
        verbose_name = "quyết định công nhận"
        indexes = [models.Index(fields=["unit", "effective_on"], name="recognition_unit_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.unit_id}"
