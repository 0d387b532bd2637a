"""Every act × every role × every state of the month and of the confirmation, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.urls import resolve, reverse

from communes.models import Change, Role, User
from criteria import months
from criteria.models import MonthClosing
from criteria.months import submitting
from criteria.rules.types import Outcome
from tests.criteria.reviewing import confirm, make_answering, make_person, send_back, state
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import make_department

pytestmark = pytest.mark.django_db

ROLES = ("commune", "neighbour", "charge", "other", "office", "head", "committee", "admin")
"""The columns: officer of the commune, of the next one, department in charge, another one, …"""

MONTHS = ("open", "closed", "reopened")
CONFIRMATIONS = ("none", "confirmed", "returned")

TABLE = """
act               month    confirmation | commune neighbour charge other office head committee admin
save a cell       any       any          | does    404       403    403   does   does 403       403
submit            open      any          | does    404       403    403   403    403  403       403
submit            closed    any          | 422     404       403    403   403    403  403       403
submit            reopened  any          | does    404       403    403   403    403  403       403
return the month  open      any          | 403     404       403    403   does   does 403       403
return the month  closed    any          | 403     404       403    403   422    422  403       403
return the month  reopened  any          | 403     404       403    403   does   does 403       403
confirm           any       none         | 404     404       does   403   403    403  403       403
confirm           any       confirmed    | 404     404       same   403   403    403  403       403
confirm           any       returned     | 404     404       does   403   403    403  403       403
send back         any       none         | 404     404       does   403   403    403  403       403
send back         any       confirmed    | 404     404       does   403   403    403  403       403
send back         any       returned     | 404     404       does   403   403    403  403       403
close             open      any          | 404     404       403    403   403    does 403       403
close             closed    any          | 404     404       403    403   403    422  403       403
close             reopened  any          | 404     404       403    403   403    does 403       403
reopen            open      any          | 404     404       403    403   403    422  403       403
reopen            closed    any          | 404     404       403    403   403    does 403       403
reopen            reopened  any          | 404     404       403    403   403    422  403       403
read the closing  any       any          | 404     404       403    403   200    200  403       403
read the month    any       any          | 200     404       200    200   200    200  200       200
"""
"""does: written as one change; same: accepted, nothing to write; a number: that answer, and
nothing written."""


@dataclass
class Scene:
    """The world at one state, and a person for each role."""

    world: World
    people: dict[str, User]
    seen: str = ""
    changes: int = 0

    def look(self) -> None:
        """Note what a department reads of criterion 2, and how much is recorded."""
        first = self.world.communes[0]
        ids = ".".join(map(str, state(self.world, first, 2).seen))
        self.seen, self.changes = f"{first.unit_id}:{ids}", Change.objects.count()

    def answer(self, role: str, act: str) -> str:
        """What one role gets for one act; everything it changed is taken back."""
        with undone():
            status = self.send(role, act)
            written = Change.objects.count() - self.changes
        if status in (200, 302) and act not in ("read the closing", "read the month"):
            return {0: "same", 1: "does"}[written]
        assert not written, (role, act)
        return str(status)

    def send(self, role: str, act: str) -> int:
        commune, province = self.world.communes[0].code, self.world.province.code
        month = {"month": "2018-01", "request_id": uuid4()}
        criterion = [province, self.world.asked.code, 2]
        chosen = {
            "commune": self.seen,
            "request_id": uuid4(),
            "reason": "Thiếu minh chứng",
        }
        requests = {
            "save a cell": ("save_cell", [commune, "1.2"], {"verdict": "not_met", "seen": ""}),
            "submit": ("submit_month", [commune], month),
            "return the month": ("return_month", [commune], month | {"reason": "Sai số"}),
            "confirm": ("review", criterion, chosen | {"act": "confirm"}),
            "send back": ("review", criterion, chosen | {"act": "return"}),
            "close": ("close_month", [province, "2018-01"], month | {"basis": "reported"}),
            "reopen": ("reopen_month", [province, "2018-01"], month | {"reason": "Sai số"}),
            "read the closing": ("month", [province, "2018-01"], None),
            "read the month": ("commune_month", [commune], None),
        }
        name, arguments, data = requests[act]
        address = reverse(name, args=arguments)
        factory = RequestFactory()
        request = factory.get(address) if data is None else factory.post(address, data)
        return answered(request, self.people[role])


def answered(request: HttpRequest, user: User) -> int:
    """The status of a view's answer; no page is drawn, so that all states can be asked."""
    request.user = User.objects.get(pk=user.pk)
    request._messages = CookieStorage(request)
    view, arguments, named = resolve(request.path)
    try:
        return view(request, *arguments, **named).status_code
    except PermissionDenied:
        return 403
    except Http404:
        return 404


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_scene() -> Scene:
    """January is open and sent in; one cell was saved since, and criterion 2 waits."""
    world = make_world()
    department = make_answering(world, 1, 2)
    first, second = world.communes
    people = {
        "commune": make_person(first, Role.COMMUNE),
        "neighbour": make_person(second, Role.COMMUNE),
        "charge": make_person(world.province, Role.DEPARTMENT, department),
        "other": make_person(world.province, Role.DEPARTMENT, make_department(name="Sở Y tế")),
        "office": make_person(world.province, Role.OFFICE),
        "head": make_person(world.province, Role.HEAD),
        "committee": make_person(world.province, Role.COMMITTEE),
        "admin": make_person(world.province, Role.ADMIN),
    }
    world.save(first, "2", verdict=Outcome.MET)
    submitting.submit(commune=first, month=JANUARY, by=people["commune"])
    world.save(first, "1.1", 85)
    return Scene(world=world, people=people)


def put_month(scene: Scene, month: str) -> None:
    if month in ("closed", "reopened"):
        months.close(province=scene.world.province.unit, month=JANUARY, by=None)
    if month == "reopened":
        months.reopen(closing=MonthClosing.objects.get(), reason="Sai số", by=None)


def put_confirmation(scene: Scene, confirmation: str) -> None:
    act = {"confirmed": confirm, "returned": send_back}.get(confirmation)
    if act:
        act(scene.world, scene.world.communes[0], number=2)


def rows() -> Iterator[tuple[str, str, str, dict[str, str]]]:
    head, *lines = [line.split("|") for line in TABLE.strip().splitlines()]
    assert tuple(head[1].split()) == ROLES
    for left, right in lines:
        *act, month, confirmation = left.split()
        yield " ".join(act), month, confirmation, dict(zip(ROLES, right.split(), strict=True))


def expected(month: str, confirmation: str) -> dict[str, dict[str, str]]:
    """What is asked in one state: act → role → answer.

    An act that no confirmation touches ("any") is asked with another one in each state of the
    month; who is not let in at all is asked once in each.
    """
    paired = CONFIRMATIONS[MONTHS.index(month)] == confirmation
    return {
        act: answers if paired else {r: a for r, a in answers.items() if a not in ("403", "404")}
        for act, of_month, of_confirmation, answers in rows()
        if of_month in (month, "any")
        and (of_confirmation == confirmation or (of_confirmation == "any" and paired))
    }


def test_every_act_of_every_role_in_every_state():
    scene = make_scene()
    asked = set()
    for month in MONTHS:
        with undone():
            put_month(scene, month)
            for confirmation in CONFIRMATIONS:
                with undone():
                    put_confirmation(scene, confirmation)
                    scene.look()
                    for act, answers in expected(month, confirmation).items():
                        given = {role: scene.answer(role, act) for role in answers}
                        assert given == answers, (act, month, confirmation)
                        asked.add((act, month))
    assert asked == {(act, month) for act, *_ in rows() for month in MONTHS}
