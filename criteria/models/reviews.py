"""A department's confirmations and returns, each naming the results it saw."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from communes.models import Change, Unit
from criteria.models.sets import Criterion


class Review(models.Model):
    """A department confirmed or returned one criterion of one unit. Append-only.

    `result_ids` are the results that it saw; a value saved meanwhile stays unconfirmed.
    """

    class Act(models.TextChoices):
        CONFIRM = "confirm", "Xác nhận"
        RETURN = "return", "Trả lại"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reviews")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="reviews")
    act = models.CharField(max_length=7, choices=Act)
    result_ids = ArrayField(models.BigIntegerField())
    reason = models.TextField(blank=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="reviews")

    class Meta:
        verbose_name = "xác nhận, trả lại"
        indexes = [models.Index(fields=["unit", "criterion"], name="review_unit_criterion")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.criterion_id} {self.act}"
