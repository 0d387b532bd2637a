"""Who may confirm and return which criterion of which communes: role × department × criterion."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Assignment, Role, UnitVersion
from criteria import access
from criteria.models import Responsibility, Review
from criteria.rules.types import Outcome
from tests.criteria.reviewing import criterion_id, make_answering, make_person, state
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_department,
    make_district,
    make_province,
    make_user,
)

pytestmark = pytest.mark.django_db
SHARED, ALONE, NOBODY = 1, 2, 3
"""Criterion 1 is answered for by roads and health together, 2 by roads, 3 by nobody."""

PAGE, ACT, NO, NOWHERE = (200, 403), (200, 200), (403, 403), (404, 404)
"""What a person gets: (the list, the summary before the act)."""

TABLE = [
    ("roads", {SHARED: ACT, ALONE: ACT, NOBODY: PAGE}),
    ("health", {SHARED: ACT, ALONE: PAGE, NOBODY: PAGE}),
    ("other department", {SHARED: PAGE, ALONE: PAGE, NOBODY: PAGE}),
    ("roads elsewhere", {SHARED: NOWHERE, ALONE: NOWHERE, NOBODY: NOWHERE}),
    ("roads until yesterday", {SHARED: NOWHERE, ALONE: NOWHERE, NOBODY: NOWHERE}),
    ("roads and office", {SHARED: ACT, ALONE: ACT, NOBODY: ACT}),
    ("office", {SHARED: PAGE, ALONE: PAGE, NOBODY: ACT}),
    ("head", {SHARED: PAGE, ALONE: PAGE, NOBODY: ACT}),
    ("country office", {SHARED: PAGE, ALONE: PAGE, NOBODY: ACT}),
    ("committee", {SHARED: NO, ALONE: NO, NOBODY: NO}),
    ("admin", {SHARED: NO, ALONE: NO, NOBODY: NO}),
    ("commune", {SHARED: NOWHERE, ALONE: NOWHERE, NOBODY: NOWHERE}),
]


@pytest.fixture
def world() -> World:
    world = make_world(criteria={n: {f"{n}.1": "yes"} for n in (SHARED, ALONE, NOBODY)})
    roads = make_answering(world, SHARED, ALONE, name="Sở Xây dựng")
    make_answering(world, SHARED, name="Sở Y tế")
    for number in (SHARED, ALONE, NOBODY):
        world.save(world.communes[0], f"{number}.1", verdict=Outcome.MET)
    assert roads.name == "Sở Xây dựng"
    return world


def sign_in(world: World, person: str) -> Client:
    from communes.models import Department

    roads, health = (Department.objects.get(name=name) for name in ("Sở Xây dựng", "Sở Y tế"))
    user = make_user()

    def give(role: Role, version: UnitVersion, department=None, valid=ALWAYS) -> None:
        Assignment.objects.create(
            user=user, role=role, unit=version.unit, department=department, valid=valid
        )

    province = world.province
    if person == "roads":
        give(Role.DEPARTMENT, province, roads)
    elif person == "health":
        give(Role.DEPARTMENT, province, health)
    elif person == "other department":
        give(Role.DEPARTMENT, province, make_department(name="Sở khác"))
    elif person == "roads elsewhere":
        give(Role.DEPARTMENT, make_province(code="20", clock="20"), roads)
    elif person == "roads until yesterday":
        today = timezone.localdate()
        give(Role.DEPARTMENT, province, roads, days(today - timedelta(days=9), today))
    elif person == "roads and office":
        give(Role.DEPARTMENT, province, roads)
        give(Role.OFFICE, province)
    elif person == "country office":
        country = UnitVersion.objects.get(code="VN")
        give(Role.OFFICE, country)
    elif person == "commune":
        give(Role.COMMUNE, world.communes[0])
    else:
        give(Role(person), province)
    client = Client()
    client.force_login(user)
    return client


def asked(client: Client, world: World, number: int, *, place: str = "02") -> tuple[int, int]:
    """The status of the list, and of the summary of an act on one commune."""
    seen = ".".join(map(str, state(world, world.communes[0], number).seen))
    chosen = f"{world.communes[0].unit_id}:{seen}"
    page = client.get(reverse("review_list", args=[place, "nho", number]))
    check = client.post(
        reverse("review_check", args=[place, "nho", number]), {"act": "confirm", "commune": chosen}
    )
    return page.status_code, check.status_code


@pytest.mark.parametrize(("person", "expected"), TABLE, ids=[person for person, _ in TABLE])
def test_each_person_reviews_their_own_criteria_and_no_others(world, person, expected):
    client = sign_in(world, person)
    for number, answers in expected.items():
        assert asked(client, world, number) == answers, f"criterion {number}"
        if answers != ACT:
            data = {"act": "confirm", "commune": f"{world.communes[0].unit_id}:1"}
            done = client.post(reverse("review", args=["02", "nho", number]), data)
            assert done.status_code == answers[1]
    assert not Review.objects.exists()


def test_who_reads_alone_sees_no_box_and_who_answers(world):
    text = sign_in(world, "office").get(reverse("review_list", args=["02", "nho", SHARED]))
    assert "Bạn chỉ xem: tiêu chí này do Sở Xây dựng, Sở Y tế xác nhận" in text.content.decode()
    assert 'name="commune"' not in text.content.decode()


def test_where_nobody_answers_the_office_acts_as_itself(world):
    client = sign_in(world, "office")
    text = client.get(reverse("review_list", args=["02", "nho", NOBODY])).content.decode()
    assert "Văn phòng điều phối xác nhận thay" in text
    seen = state(world, world.communes[0], NOBODY).seen
    client.post(
        reverse("review", args=["02", "nho", NOBODY]),
        {
            "act": "confirm",
            "commune": f"{world.communes[0].unit_id}:{seen[0]}",
            "request_id": "6f1f8c1e-6a5c-4a38-9a1d-3f3f6c1f0a11",
        },
    )
    assert Review.objects.get().department is None


@pytest.mark.parametrize(
    ("valid", "answers"),
    [
        (days(date(2018, 1, 1), date(2018, 2, 1)), ACT),
        (days(date(2018, 2, 1)), PAGE),
        (days(None, JANUARY), PAGE),
    ],
    ids=["now", "not yet", "not any more"],
)
def test_a_department_answers_from_a_day_to_a_day_of_the_data(world, valid, answers):
    Responsibility.objects.filter(criterion__number=ALONE).update(valid=valid)
    assert asked(sign_in(world, "roads"), world, ALONE) == answers


def test_responsibility_in_another_province_gives_no_right_here(world):
    elsewhere = make_province(code="20", clock="20")
    Responsibility.objects.filter(criterion__number=ALONE).update(province=elsewhere.unit)
    assert asked(sign_in(world, "roads"), world, ALONE) == PAGE
    assert asked(sign_in(world, "office"), world, ALONE) == ACT


def test_a_right_on_a_district_is_a_right_on_its_communes_alone(world):
    roads = Responsibility.objects.filter(criterion__number=ALONE).get().department
    near = UnitVersion.objects.get(code="026")
    far = make_district(province=world.province, code="027", name="Mèo Vạc")
    outside = make_commune(parent=far)
    world.save(outside, f"{ALONE}.1", verdict=Outcome.MET)
    client = Client()
    client.force_login(make_person(near, Role.DEPARTMENT, roads))
    assert asked(client, world, ALONE) == NOWHERE
    assert asked(client, world, ALONE, place="027") == NOWHERE
    assert asked(client, world, ALONE, place="026") == ACT
    seen = state(world, outside, ALONE).seen[0]
    crafted = client.post(
        reverse("review_check", args=["026", "nho", ALONE]),
        {"act": "confirm", "commune": f"{outside.unit_id}:{seen}"},
    )
    assert crafted.status_code == 404


def test_departments_are_named_in_alphabetical_order(world):
    make_answering(world, SHARED, name="Sở Ân Thi")
    found = access.answering(world.province.unit_id, JANUARY, [criterion_id(world, SHARED)])
    names = [row.department.name for row in found[criterion_id(world, SHARED)]]
    assert names == ["Sở Ân Thi", "Sở Xây dựng", "Sở Y tế"]
