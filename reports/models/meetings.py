"""What meetings of the steering committee decided: tasks given to somebody, with a last day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from communes.models import Change, Department, Unit
from criteria.models import Criterion


class MeetingDecision(models.Model):
    """A task written down in a meeting (nhiệm vụ từ cuộc họp), and what became of it.

    `month` is the month-end whose figures the meeting looked at. Its owner is a department, or a
    unit; the province itself stands for its office. `change` recorded it; `state_change` is the
    last change of its state, None while it never changed.
    """

    class State(models.TextChoices):
        OPEN = "open", "Đang làm"
        DONE = "done", "Đã xong"
        WITHDRAWN = "withdrawn", "Đã rút"

    province = models.ForeignKey(Unit, models.PROTECT, related_name="meeting_decisions")
    month = models.DateField(help_text="Ngày cuối tháng của số liệu được xem")
    meeting_on = models.DateField()
    text = models.CharField(max_length=1000)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="meeting_tasks")
    department = models.ForeignKey(Department, models.PROTECT, null=True)
    due_on = models.DateField()
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    note = models.CharField(max_length=400, blank=True, help_text="Kết quả, hoặc lý do")
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")
    state_change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")

    province_id: int
    unit_id: int | None

    class Meta:
        verbose_name = "nhiệm vụ từ cuộc họp"
        indexes = [models.Index(fields=["province", "-meeting_on"], name="meetingdecision_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None) ^ Q(department=None), name="meetingdecision_one_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.meeting_on:%d/%m/%Y} {self.text[:40]}"

    @property
    def open(self) -> bool:
        return self.state == self.State.OPEN

    def late(self, today: date) -> bool:
        """Whether its last day is over and nobody said that it is done."""
        return self.open and self.due_on < today
