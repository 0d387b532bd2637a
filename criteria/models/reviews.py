"""A department's confirmations and returns, each naming the results it saw."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from communes.models import Change, Department, Unit
from criteria.models.sets import Criterion


class Review(models.Model):
    """A department confirmed or returned one criterion of one unit. Append-only.

    `result_ids` are the results that it saw; a value saved meanwhile stays unconfirmed.
    `department` is in whose name: none where the office acted itself, because no department
    answered for the criterion, or where it is not known.
    """

    class Act(models.TextChoices):
        CONFIRM = "confirm", "Xác nhận"
        RETURN = "return", "Trả lại"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reviews")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="reviews")
    act = models.CharField(max_length=7, choices=Act)
    result_ids = ArrayField(models.BigIntegerField())
    reason = models.TextField(blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="reviews", help_text="Nhân danh"
    )
    change = models.ForeignKey(Change, models.PROTECT, related_name="reviews")

    unit_id: int
    criterion_id: int
    change_id: int

    class Meta:
        verbose_name = "xác nhận, trả lại"
        indexes = [
            models.Index(fields=["unit", "criterion"], name="review_unit_criterion"),
            # Without a list of pending entries, which each of thousands of look-ups would scan.
            GinIndex(fields=["result_ids"], name="review_names_result", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.criterion_id} {self.act}"
