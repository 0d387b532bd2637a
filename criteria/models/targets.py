"""What was planned: targets of a unit for a year, and communes registered to pass."""

from django.db import models

from communes.models import Change, Unit
from criteria.models.sets import CriteriaSet


class Target(models.Model):
    """A figure that a plan sets a unit for a year (chỉ tiêu kế hoạch). Append-only."""

    class What(models.TextChoices):
        RECOGNISED = "recognised", "Số xã đạt chuẩn"
        AVERAGE = "average", "Bình quân tiêu chí/xã"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    decision = models.CharField(max_length=200)
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "chỉ tiêu kế hoạch"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.what} {self.value}"


class Registration(models.Model):
    """A commune registered to reach a tier in a year. Append-only."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registrations")
    year = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=8, choices=CriteriaSet.SetTier)
    round = models.PositiveSmallIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "đăng ký phấn đấu đạt chuẩn"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.tier}"
