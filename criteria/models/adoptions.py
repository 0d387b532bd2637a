"""Which set counts in which province from when, and which department answers for what."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from communes.models import Department, Unit
from criteria.models.sets import CriteriaSet, Criterion


class SetAdoption(models.Model):
    """A province judges its communes by a set from a day on.

    Of the adoptions meant for the headline, the latest that has begun counts; the period of
    the set is only the default for provinces that decided nothing.
    """

    province = models.ForeignKey(Unit, models.PROTECT, related_name="adoptions")
    set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="adoptions")
    from_on = models.DateField()
    in_headline = models.BooleanField(default=True)
    decision = models.CharField(max_length=200)

    class Meta:
        verbose_name = "áp dụng bộ tiêu chí"
        constraints = [
            models.UniqueConstraint(fields=["province", "set", "from_on"], name="adoption_once")
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.set_id} {self.from_on}"


class Responsibility(models.Model):
    """A department answers for a criterion in a province over a stretch of time.

    It is unverified until somebody names the `document` that says so.
    """

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="responsibilities")
    department = models.ForeignKey(Department, models.PROTECT, related_name="responsibilities")
    province = models.ForeignKey(Unit, models.PROTECT)
    valid = DateRangeField()
    unverified = models.BooleanField(default=True)
    document = models.CharField(max_length=200, blank=True)

    criterion_id: int
    department_id: int

    class Meta:
        verbose_name = "cơ quan phụ trách tiêu chí"

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.department_id}"


class KeptStamp(models.Model):
    """One statement changed sets, who adopted them, their levels or units; written by triggers.

    What a process keeps of them holds while no stamp is added (criteria/kept.py).
    """
