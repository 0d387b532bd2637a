"""A right on a unit includes reading its predecessors; entering never passes on."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from communes.access import permissions, readable
from communes.models import Assignment, Kind, Role, UnitVersion, User
from communes.roles import Permission
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_country,
    make_district,
    make_province,
    make_user,
)
from tests.rearranged import end, rearrange

pytestmark = pytest.mark.django_db

D2025 = date(2025, 7, 1)
BEFORE, AFTER = "2018-12-31", "2025-12-31"


@pytest.fixture
def units() -> dict[str, UnitVersion]:
    """Two provinces merge into one; a commune of each goes whole, a third one in part.

    A fourth commune moves over from a province that goes on elsewhere; a fifth stays there.
    """
    make_country()
    old = days(None, D2025)
    west, east = (make_province(code=code, valid=old) for code in ("02", "08"))
    other = make_province(code="20", name="Lạng Sơn", clock="20")
    districts = {
        name: make_district(province=province, code=code, valid=old)
        for name, province, code in (("w", west, "026"), ("e", east, "070"), ("o", other, "180"))
    }
    a = make_commune(parent=districts["w"], name="A", code="00001")
    b = make_commune(parent=districts["e"], name="B", code="00002")
    c = make_commune(parent=districts["e"], name="C", code="00003")
    moved = make_commune(parent=districts["o"], name="Chuyển", code="00004")
    stays = make_commune(parent=districts["o"], name="Ở lại", code="00005")
    province = make_province(code="08", name="Tuyên Quang", valid=days(D2025))
    new = {
        name: make_commune(parent=province, name=name, code=code, valid=days(D2025))
        for name, code in (("X", "00001"), ("Y", "00003"))
    }
    rearrange(D2025, {(west, province): "whole", (east, province): "whole"})
    rearrange(
        D2025,
        {
            (a, new["X"]): "whole",
            (b, new["X"]): "whole",
            (c, new["Y"]): "whole",
            (moved, new["Y"]): "whole",
        },
    )
    return {
        **{"west": west, "east": east, "other": other, "province": province},
        **{"a": a, "b": b, "c": c, "moved": moved, "stays": stays, **new},
        **{f"district {name}": version for name, version in districts.items()},
    }


def person(version: UnitVersion, role: str = Role.OFFICE) -> User:
    user = make_user()
    Assignment.objects.create(user=user, role=role, unit=version.unit, valid=ALWAYS)
    return user


READS = {
    # who: what they read of the past
    "X": {"a", "b"},
    "Y": {"c", "moved"},
    "province": {"west", "east", "district w", "district e", "a", "b", "c", "moved"},
    "a": {"a"},
    "west": {"west", "district w", "a"},
    "other": {"other", "district o", "moved", "stays"},
}
PAST = sorted(READS["province"] | READS["other"])


@pytest.mark.parametrize("who", sorted(READS))
def test_reading_reaches_back_to_predecessors_and_what_lay_inside_them(units, who):
    role = Role.COMMUNE if who in ("X", "Y", "a") else Role.OFFICE
    user = person(units[who], role)
    for name in PAST:
        assert (Permission.READ in permissions(user, units[name])) == (name in READS[who]), name
    asked = [units[name] for name in PAST]
    assert readable(user, asked) == {units[name].unit_id for name in READS[who]}


def test_entering_and_managing_never_pass_on(units):
    for role in (Role.COMMUNE, Role.ADMIN, Role.HEAD):
        assert permissions(person(units["X"], role), units["a"]) == {Permission.READ}
        assert Permission.ENTER not in permissions(person(units["province"], role), units["west"])


def test_a_successor_is_not_read_by_the_right_on_its_predecessor(units):
    assert permissions(person(units["a"], Role.COMMUNE), units["X"]) == set()
    assert permissions(person(units["west"]), units["province"]) == set()


def test_a_unit_that_moved_is_read_in_its_past_by_where_it_is_now_and_not_the_reverse(units):
    moving = end(units["stays"], date(2024, 1, 1))
    now = make_commune(
        parent=units["district w"],
        name="Ở lại",
        code=moving.code,
        unit=moving.unit,
        valid=days(date(2024, 1, 1), D2025),
    )
    assert permissions(person(units["west"]), moving) == {Permission.READ}
    assert permissions(person(units["other"]), now) == set()


def test_a_withdrawn_rearrangement_gives_nothing(units):
    zone = make_commune(parent=units["other"], kind=Kind.SPECIAL_ZONE, valid=days(D2025))
    event = rearrange(D2025, {(units["district w"], zone): "whole"})
    reader = person(zone, Role.COMMUNE)
    assert permissions(reader, units["a"]) == {Permission.READ}  # it lay in the island district
    event.withdrawn = True
    event.save()
    assert permissions(reader, units["a"]) == set()


@pytest.mark.parametrize(
    ("name", "who", "unit", "on", "status"),
    [
        ("commune", "X", "X", AFTER, 200),
        ("commune", "X", "a", BEFORE, 200),
        ("commune", "X", "b", BEFORE, 200),
        ("entry", "X", "a", BEFORE, 403),
        ("commune", "X", "c", BEFORE, 404),
        ("commune", "X", "stays", BEFORE, 404),
        ("overview", "X", "west", BEFORE, 404),
        ("overview", "province", "west", BEFORE, 200),
        ("overview", "province", "district w", BEFORE, 200),
        ("commune", "province", "moved", BEFORE, 200),
        ("commune", "province", "stays", BEFORE, 404),
        ("entry", "province", "a", BEFORE, 403),
        ("overview", "province", "other", BEFORE, 404),
        ("commune", "a", "X", AFTER, 404),
    ],
)
def test_pages_of_the_past_open_along_the_lineage_alone(client, units, name, who, unit, on, status):
    role = Role.COMMUNE if who in ("X", "a") else Role.OFFICE
    client.force_login(person(units[who], role))
    answer = client.get(reverse(name, args=[units[unit].code]), {"on": on})
    assert answer.status_code == status
