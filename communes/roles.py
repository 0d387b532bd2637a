"""What each role may do. Roles are stored as words; rights live here in code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from communes.models import Role


class Permission(StrEnum):
    """A right on a unit and all that lies inside it."""

    READ = "read"
    ENTER = "enter"
    DECIDE_OPENINGS = "decide_openings"
    EDIT_SETS = "edit_sets"
    MANAGE_PEOPLE = "manage_people"


_OF_THE_OFFICE = frozenset(
    {Permission.READ, Permission.ENTER, Permission.DECIDE_OPENINGS, Permission.EDIT_SETS}
)

RIGHTS: Mapping[str, frozenset[Permission]] = {
    Role.COMMUNE: frozenset({Permission.READ, Permission.ENTER}),
    Role.DEPARTMENT: frozenset({Permission.READ}),
    Role.OFFICE: _OF_THE_OFFICE,
    Role.HEAD: _OF_THE_OFFICE,
    Role.COMMITTEE: frozenset({Permission.READ}),
    Role.ADMIN: frozenset({Permission.READ, Permission.MANAGE_PEOPLE}),
}
