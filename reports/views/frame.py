"""What the frame around every page shows: places, trail, the person, the state of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from communes.access import assignments_of
from communes.models import UnitVersion
from criteria.days import openings


@dataclass(frozen=True, kw_only=True)
class Place:
    """One unit that the person works on, and the role held there."""

    unit: UnitVersion
    role: str
    label: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; lazy, so that fragments and redirects do not pay for it."""
    return {"frame": Frame(request)}


class Frame:
    """Asked by the base template; every answer is made when it is first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @cached_property
    def places(self) -> list[Place]:
        """The person's units, in the order of assignment; that of the page as on its day."""
        if not self._request.user.is_authenticated:
            return []
        held = assignments_of(self._request.user)  # type: ignore[arg-type]
        about: UnitVersion | None = getattr(self._request, "about", None)
        found = {about.unit_id: about} if about is not None else {}
        if others := {assignment.unit_id for assignment in held} - found.keys():
            found |= {pk: version for pk, (version, _) in openings(others).items()}
        return [
            Place(
                unit=found[assignment.unit_id],
                role=assignment.role,
                label=str(assignment.get_role_display()),
            )
            for assignment in held
            if assignment.unit_id in found
        ]

    def role(self) -> str:
        """What the person is, for the top bar."""
        if not self._request.user.is_authenticated:
            return ""
        held = assignments_of(self._request.user)  # type: ignore[arg-type]
        return str(held[0].get_role_display()) if held else ""
