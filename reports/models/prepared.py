"""Month series made ready by the worker, so that a page need not look them up."""

from django.db import models

from communes.models import Unit
from criteria.models import Basis, CriteriaSet


class PreparedSeries(models.Model):
    """The month-end figures of one unit under one set, as known at a change number.

    A unit has one for each set that it was counted by; which of them led when is not in here.
    Only a convenience: a page that finds it older than the province's closings makes the
    series itself, and the working month always comes from the standings.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="prepared_series")
    set = models.ForeignKey(CriteriaSet, models.CASCADE)
    basis = models.CharField(max_length=9, choices=Basis)
    seq = models.BigIntegerField()
    points = models.JSONField()
    prepared_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "chuỗi số liệu theo tháng"
        constraints = [
            models.UniqueConstraint(fields=["unit", "set", "basis"], name="preparedseries_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.basis} #{self.seq}"
