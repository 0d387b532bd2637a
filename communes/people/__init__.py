"""People: who is invited, assigned, ended, locked; every write a named action.

`by` is the administrator who acts; None is the program itself, run from the command line by
somebody who holds the machine.
"""

from communes.people.accounts import deactivate, reactivate, send_password_reset, set_password
from communes.people.assigning import Invited, assign, end_assignment, invite
from communes.people.refusals import NotYours, PeopleRefused

__all__ = [
    "Invited",
    "NotYours",
    "PeopleRefused",
    "assign",
    "deactivate",
    "end_assignment",
    "invite",
    "reactivate",
    "send_password_reset",
    "set_password",
]
