"""What the tests of the pages about units share: people, requests, and what a page says."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

from django.urls import reverse

from communes.models import Assignment, Role, UnitVersion, User
from communes.vietnamese import fold
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_district, make_province, make_user

DAY = date(2018, 1, 15)
NAMES = ("Lũng Cú", "Má Lé", "Lũng Táo")


def named_world() -> World:
    """The small province with three communes of Đồng Văn."""
    world = make_world(communes=3)
    for commune, name in zip(world.communes, NAMES, strict=True):
        found = UnitVersion.objects.filter(pk=commune.pk)
        found.update(name=name, search_key=fold(name))
        commune.refresh_from_db()
    return world


def holding(role: Role, unit: UnitVersion) -> User:
    user = make_user(display_name="Cán bộ thử")
    Assignment.objects.create(user=user, role=role, unit=unit.unit, valid=ALWAYS)
    return user


def text(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def address(name, *more) -> str:
    return reverse(name, args=["02", *more])


def merger(**how) -> dict[str, object]:
    given = {
        "kind": "merge",
        "effective_on": DAY.isoformat(),
        "instrument": "819/NQ-UBTVQH14",
        "ends.unit": ["lung cu", "Má Lé", ""],
        "begins.code": ["95001"],
        "begins.name": ["Cực Bắc"],
        "begins.kind": ["xa"],
        "request_id": str(uuid4()),
        "act": "preview",
    }
    return given | how


def preview(client, **how):
    return client.post(address("new_unit_event"), merger(**how))


def record(client, **how):
    shown = preview(client, **how)
    return client.post(
        address("new_unit_event"),
        merger(**how) | {"act": "record", "seen": shown.context["plan"].fingerprint},
    )


def elsewhere() -> UnitVersion:
    """A district of another province."""
    return make_district(province=make_province(code="20", name="Lạng Sơn", clock="20"), code="180")
