"""The rows of the access matrix for people, accounts and passwords.

They ask about one person: the officer of the first commune, signed in on one device.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from communes.models import Assignment, Device, Role, User
from tests.criteria.world import World
from tests.factories import ALWAYS, make_user

PEOPLE = [
    "anonymous",
    "stranger",
    "neighbour",
    "commune",
    "department",
    "committee",
    "admin",
    "office",
]


def _each(*answers: int) -> dict[str, int]:
    return dict(zip(PEOPLE, answers, strict=True))


def _managers(page: int, *, anonymous: int) -> dict[str, int]:
    return dict.fromkeys(PEOPLE, 403) | {"anonymous": anonymous, "admin": page}


EVERYBODY = dict.fromkeys(PEOPLE, 200)
SIGNED_IN = EVERYBODY | {"anonymous": 302}

MATRIX: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "password_forgot"): EVERYBODY,
    ("POST", "password_forgot"): EVERYBODY,
    ("GET", "password_set"): dict.fromkeys(PEOPLE, 410),
    ("POST", "password_set"): dict.fromkeys(PEOPLE, 410),
    ("GET", "name_device"): _each(302, 302, 302, 302, 302, 200, 302, 302),
    ("POST", "name_device"): _each(401, 302, 302, 302, 302, 302, 302, 302),
    ("GET", "account"): SIGNED_IN,
    ("POST", "change_password"): dict.fromkeys(PEOPLE, 422) | {"anonymous": 401},
    ("POST", "end_my_device"): dict.fromkeys(PEOPLE, 404) | {"anonymous": 401},
    ("GET", "people"): _managers(200, anonymous=302),
    ("GET", "people_workbook"): _managers(200, anonymous=302),
    ("GET", "invite"): _managers(200, anonymous=302),
    ("POST", "invite"): _managers(422, anonymous=401),
    ("GET", "person"): _managers(200, anonymous=302),
    ("POST", "assign"): _managers(422, anonymous=401),
    ("POST", "end_assignment"): _managers(302, anonymous=401),
    ("POST", "deactivate"): _managers(302, anonymous=401),
    ("POST", "reactivate"): _managers(302, anonymous=401),
    ("POST", "password_link"): _managers(302, anonymous=401),
    ("POST", "end_device"): _managers(302, anonymous=401),
}


def officer(world: World) -> User:
    """The officer of the first commune, signed in on a remembered machine."""
    there = User.objects.filter(username="officer").first()
    if there is not None:
        return there
    user = make_user(username="officer", email="officer@example.vn")
    Assignment.objects.create(
        user=user, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
    )
    Device.objects.create(
        user=user,
        kind=Device.Kind.REMEMBERED,
        name="Máy Windows",
        session="0" * 64,
        last_used_on=timezone.localdate(),
        ends_at=timezone.now() + timedelta(days=14),
    )
    return user


def arguments(world: World, name: str) -> list[object] | None:
    """What the address `name` needs to be about that officer; None for others' addresses."""
    if name == "password_set":
        return ["MQ", "not-a-token"]
    if not any(named == name for _, named in MATRIX):
        return None
    about = officer(world)
    if name == "end_my_device":
        return [about.devices.get().pk]
    if name == "end_device":
        return [about.pk, about.devices.get().pk]
    if name == "end_assignment":
        return [about.pk, about.assignments.get().pk]
    if name in {"person", "assign", "deactivate", "reactivate", "password_link"}:
        return [about.pk]
    return []


def data(name: str) -> dict[str, str]:
    """What is posted there; forms that are empty are refused, not carried out."""
    return {
        "password_forgot": {"email": "nobody@example.vn"},
        "name_device": {"name": "iPad"},
        "end_assignment": {"now": "1", "request_id": str(uuid4())},
        "deactivate": {"request_id": str(uuid4())},
        "reactivate": {"request_id": str(uuid4())},
        "password_link": {"request_id": str(uuid4())},
    }.get(name, {})
