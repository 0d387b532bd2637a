"""Rearrangements of units: which decision ended which unit and who carries on."""

from django.db import models
from django.db.models import F, Q

from communes.models.units import Unit


class UnitEvent(models.Model):
    """One rearrangement by one instrument on one day."""

    class Kind(models.TextChoices):
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        ESTABLISH = "establish", "Thành lập"
        ABOLISH = "abolish", "Giải thể"

    kind = models.CharField(max_length=9, choices=Kind)
    effective_on = models.DateField()
    instrument = models.CharField(max_length=200, help_text="Nghị quyết, quyết định")
    inferred = models.BooleanField(default=False, help_text="Suy đoán, chưa đối chiếu")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        verbose_name = "sắp xếp đơn vị hành chính"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on} {self.instrument}"


class Succession(models.Model):
    """An edge from a unit that ended to a unit that took over the whole or a part of it."""

    class Extent(models.TextChoices):
        WHOLE = "whole", "Toàn bộ"
        PART = "part", "Một phần"

    event = models.ForeignKey(UnitEvent, models.PROTECT, related_name="successions")
    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions_out")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="successions_in")
    extent = models.CharField(max_length=5, choices=Extent)

    class Meta:
        verbose_name = "đơn vị kế thừa"
        constraints = [
            models.UniqueConstraint(fields=["event", "old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_two_units"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.extent})"
