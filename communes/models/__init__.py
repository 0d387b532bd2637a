"""Tables of the ground floor."""

from communes.models.assignments import Assignment, Role
from communes.models.attributes import Region, UnitAttribute
from communes.models.audit import Change, ChangeLine, DataClock
from communes.models.changes import EventUnit, Succession, UnitEvent
from communes.models.lookups import Among
from communes.models.sign_ins import Device, ShownLink, SignInAttempt
from communes.models.units import (
    COUNTRY_CODE,
    Kind,
    RegisterPeriod,
    Tier,
    Unit,
    UnitPoint,
    UnitVersion,
)
from communes.models.users import Department, User

__all__ = [
    "COUNTRY_CODE",
    "Among",
    "Assignment",
    "Change",
    "ChangeLine",
    "DataClock",
    "Department",
    "Device",
    "EventUnit",
    "Kind",
    "Region",
    "RegisterPeriod",
    "Role",
    "ShownLink",
    "SignInAttempt",
    "Succession",
    "Tier",
    "Unit",
    "UnitAttribute",
    "UnitEvent",
    "UnitPoint",
    "UnitVersion",
    "User",
]
