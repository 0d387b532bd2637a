"""Rearrangements of units: which decision ended which unit and who carries on."""

from django.db import models
from django.db.models import F, Q

from communes.models.audit import Change, DataClock
from communes.models.units import Unit


class UnitEvent(models.Model):
    """One rearrangement by one instrument on one day (sắp xếp đơn vị hành chính).

    Merge, split, establish and abolish end units and begin others; rename, change of kind and
    move give a unit that lives on a new version. `units` says which units it concerns, also
    where nobody knows yet who carries on from whom (an event without successions, which
    staff can complete).
    """

    class Kind(models.TextChoices):
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        ESTABLISH = "establish", "Thành lập"
        ABOLISH = "abolish", "Giải thể"
        RENAME = "rename", "Đổi tên"
        RECLASSIFY = "reclassify", "Chuyển loại"
        MOVE = "move", "Chuyển về đơn vị cấp trên khác"

    key = models.CharField(max_length=40, blank=True, help_text="Khóa trong danh mục")
    clock = models.ForeignKey(DataClock, models.PROTECT, related_name="unit_events")
    kind = models.CharField(max_length=10, choices=Kind)
    effective_on = models.DateField()
    instrument = models.CharField(max_length=200, blank=True, help_text="Nghị quyết, quyết định")
    inferred = models.BooleanField(default=False, help_text="Suy đoán, chưa đối chiếu")
    note = models.CharField(max_length=300, blank=True)
    change = models.ForeignKey(
        Change, models.PROTECT, null=True, related_name="+", help_text="Trống: từ danh mục"
    )
    withdrawn = models.BooleanField(default=False)

    clock_id: str

    class Meta:
        verbose_name = "sắp xếp đơn vị hành chính"
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="unitevent_key_once")
        ]
        indexes = [models.Index(fields=["clock", "effective_on"], name="unitevent_clock_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on} {self.instrument}"


class EventUnit(models.Model):
    """A unit that an event ended, began, or let live on under a new version."""

    class Part(models.TextChoices):
        ENDED = "ended", "Chấm dứt"
        BEGAN = "began", "Thành lập"
        CHANGED = "changed", "Thay đổi"

    event = models.ForeignKey(UnitEvent, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="events")
    part = models.CharField(max_length=7, choices=Part)

    unit_id: int

    class Meta:
        verbose_name = "đơn vị được sắp xếp"
        constraints = [models.UniqueConstraint(fields=["event", "unit"], name="eventunit_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.part} {self.unit_id}"


class Succession(models.Model):
    """An edge from a unit that ended to a unit that took over the whole or a part of it.

    A split commune has several edges of the extent "part" (or one whole where the rest is
    unknown). `inferred`: nobody has held this edge against the resolution yet (suy đoán).
    """

    class Extent(models.TextChoices):
        WHOLE = "whole", "Toàn bộ"
        PART = "part", "Một phần"

    event = models.ForeignKey(UnitEvent, models.PROTECT, related_name="successions")
    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions_out")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="successions_in")
    extent = models.CharField(max_length=5, choices=Extent)
    inferred = models.BooleanField(default=False, help_text="Suy đoán, chưa đối chiếu")
    note = models.CharField(max_length=300, blank=True)

    old_id: int
    new_id: int

    class Meta:
        verbose_name = "đơn vị kế thừa"
        constraints = [
            models.UniqueConstraint(fields=["event", "old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_two_units"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.extent})"
