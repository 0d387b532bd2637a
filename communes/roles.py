"""What each role may do. Roles are stored as words; rights live here in code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from communes.models import Role


class Permission(StrEnum):
    """A right on a unit and all that lies inside it."""

    READ = "read"
    ENTER = "enter"
    CHANGE_UNITS = "change_units"
    DECIDE_OPENINGS = "decide_openings"
    DECIDE = "decide"
    EDIT_SETS = "edit_sets"
    REVIEW = "review"
    SUBMIT = "submit"
    OVERSEE_MONTH = "oversee_month"
    GIVE_TASKS = "give_tasks"
    CLOSE = "close"
    MANAGE_PEOPLE = "manage_people"
    READ_LOG = "read_log"
    ACKNOWLEDGE = "acknowledge"
    OPERATE = "operate"
    WRITE_REPORTS = "write_reports"
    SET_UP_REPORTS = "set_up_reports"


_OFFICE = frozenset(
    {
        Permission.READ,
        Permission.ENTER,
        Permission.CHANGE_UNITS,
        Permission.DECIDE_OPENINGS,
        Permission.DECIDE,
        Permission.EDIT_SETS,
        Permission.REVIEW,
        # Who is late, what is unconfirmed; sending a commune's month back to it.
        Permission.OVERSEE_MONTH,
        # What a meeting of the steering committee decided is written down by its office.
        Permission.GIVE_TASKS,
        Permission.READ_LOG,
        # The texts of a month's report, and having it made.
        Permission.WRITE_REPORTS,
    }
)

RIGHTS: Mapping[str, frozenset[Permission]] = {
    # The month is sent in by the commune itself, in its own name.
    Role.COMMUNE: frozenset({Permission.READ, Permission.ENTER, Permission.SUBMIT}),
    # Of which criteria a person may confirm and return results, criteria.access says.
    Role.DEPARTMENT: frozenset({Permission.READ, Permission.REVIEW}),
    Role.OFFICE: _OFFICE,
    # Closing is the only approval: of the head alone.
    # What the nightly check found different is for the head and the administrator to see to.
    # Letterhead, who signs and who receives are theirs as well.
    Role.HEAD: _OFFICE | {Permission.CLOSE, Permission.ACKNOWLEDGE, Permission.SET_UP_REPORTS},
    Role.COMMITTEE: frozenset({Permission.READ}),
    Role.ADMIN: frozenset(
        {
            Permission.READ,
            Permission.MANAGE_PEOPLE,
            Permission.READ_LOG,
            Permission.ACKNOWLEDGE,
            Permission.OPERATE,
            Permission.SET_UP_REPORTS,
        }
    ),
}
