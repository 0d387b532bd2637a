"""What the frame around every page shows: places, trail, the person, the state of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from communes import units
from communes.access import assignments_of
from communes.models import Assignment, Tier, UnitVersion
from criteria import months
from criteria.models import SetAdoption


@dataclass(frozen=True, kw_only=True)
class Place:
    """One unit that the person works on, and the role held there."""

    unit: UnitVersion
    role: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; lazy, so that fragments and redirects do not pay for it."""
    return {"frame": Frame(request)}


class Frame:
    """Asked by the base template; every answer is made when it is first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._trails: dict[tuple[int, date], list[UnitVersion]] = {}

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    def places(self) -> list[Place]:
        """The person's units, in the order of assignment."""
        if not self._request.user.is_authenticated:
            return []
        found = []
        for assignment in assignments_of(self._request.user):  # type: ignore[arg-type]
            try:
                unit = place_of(assignment)
            except (units.DateNotLoaded, units.UnknownUnit):
                continue
            found.append(Place(unit=unit, role=str(assignment.get_role_display())))
        return found

    def role(self) -> str:
        """What the person is, for the top bar."""
        if not self._request.user.is_authenticated:
            return ""
        held = assignments_of(self._request.user)  # type: ignore[arg-type]
        return str(held[0].get_role_display()) if held else ""


def place_of(assignment: Assignment) -> UnitVersion:
    """The unit of an assignment as it is called on the working day of its province.

    Raises units.DateNotLoaded or units.UnknownUnit when the register does not know it then.
    """
    unit = assignment.unit
    if unit.tier == Tier.COUNTRY:
        return units.version_of(unit.pk, timezone.localdate())
    adoption = (
        SetAdoption.objects.filter(province__clock_id=unit.clock_id)
        .select_related("province__clock")
        .first()
    )
    if adoption is None:
        return units.version_of(unit.pk, timezone.localdate())
    return units.version_of(unit.pk, months.month_end(months.working_day(adoption.province)))
