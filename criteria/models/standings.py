"""What is made ready for reading "now": rebuilt from the ledger at any time."""

from django.db import models

from communes.models import Change, Unit
from criteria.models.results import Result, Verdict
from criteria.models.sets import CriteriaSet, Indicator


class CellHead(models.Model):
    """The result that holds now on one indicator of one unit, and the one last confirmed."""

    pk = models.CompositePrimaryKey("unit_id", "indicator_id")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="heads")
    indicator = models.ForeignKey(Indicator, models.CASCADE)
    result = models.ForeignKey(Result, models.CASCADE, null=True, related_name="+")
    verdict = models.CharField(max_length=14, choices=Verdict)
    confirmed_result = models.ForeignKey(Result, models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = "kết quả hiện hành"

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.indicator_id} {self.verdict}"


class Standing(models.Model):
    """How many criteria of one set a unit meets now, reported and confirmed.

    `outcomes` maps criterion numbers to one letter each (see ``criteria.rules.types``).
    """

    pk = models.CompositePrimaryKey("unit_id", "set_id")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="standings")
    set = models.ForeignKey(CriteriaSet, models.CASCADE)
    met = models.PositiveSmallIntegerField(default=0)
    met_confirmed = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    outcomes = models.JSONField(default=dict)
    outcomes_confirmed = models.JSONField(default=dict)
    change = models.ForeignKey(Change, models.PROTECT, null=True)

    unit_id: int
    set_id: int

    class Meta:
        verbose_name = "kết quả tổng hợp của xã"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.met}/{self.of}"
