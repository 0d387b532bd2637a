"""What a person may do, where, and from when to when."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from communes.models.units import Unit
from communes.models.users import Department, User


class Role(models.TextChoices):
    """What a person is in the programme; stored as stable English words."""

    COMMUNE = "commune", "Cán bộ xã"
    DEPARTMENT = "department", "Sở, ngành"
    OFFICE = "office", "Văn phòng điều phối NTM"
    HEAD = "head", "Chánh Văn phòng"
    COMMITTEE = "committee", "Ban Chỉ đạo"
    ADMIN = "admin", "Quản trị"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def alive_on(self, day: date) -> AssignmentQuerySet:
        """Assignments in force on `day`."""
        return self.filter(valid__contains=day)


class Assignment(models.Model):
    """A person holds a role on a unit (a commune, a province) over a stretch of time."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    valid = DateRangeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.DEPARTMENT, department__isnull=False)
                | (~Q(role=Role.DEPARTMENT) & Q(department__isnull=True)),
                name="assignment_department_with_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"
