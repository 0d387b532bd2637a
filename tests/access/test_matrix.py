"""Every address × every kind of person: who gets in, who is told no, who is told nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from communes.models import Assignment, Role, User
from ntm_site.checks import every_view_is_guarded, views
from tests.access import people_addresses, unit_addresses
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_department, make_province, make_user

pytestmark = pytest.mark.django_db

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
"""stranger = signed in without assignment; neighbour = officer of the next commune;
commune = officer of the commune asked for; the others hold the province."""

LOGIN = 302
SAME_FOR_ALL = dict.fromkeys(PEOPLE, 200)

MATRIX: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "health"): SAME_FOR_ALL,
    ("GET", "sign_in"): SAME_FOR_ALL,
    ("POST", "sign_out"): dict.fromkeys(PEOPLE, 302) | {"anonymous": 401},
    ("POST", "demo_sign_in"): dict.fromkeys(PEOPLE, 404),
    ("GET", "home"): dict.fromkeys(PEOPLE, 302) | {"stranger": 403},
    ("GET", "overview"): dict(zip(PEOPLE, [LOGIN, 404, 404, 404, 200, 200, 200, 200], strict=True)),
    ("GET", "commune"): dict(zip(PEOPLE, [LOGIN, 404, 404, 200, 200, 200, 200, 200], strict=True)),
    ("GET", "overview_workbook"): dict(
        zip(PEOPLE, [LOGIN, 404, 404, 404, 200, 200, 200, 200], strict=True)
    ),
    ("GET", "criterion"): dict(
        zip(PEOPLE, [LOGIN, 404, 404, 404, 200, 200, 200, 200], strict=True)
    ),
    ("GET", "criterion_workbook"): dict(
        zip(PEOPLE, [LOGIN, 404, 404, 404, 200, 200, 200, 200], strict=True)
    ),
    ("GET", "guide"): dict.fromkeys(PEOPLE, 200) | {"anonymous": LOGIN},
    ("GET", "search"): dict.fromkeys(PEOPLE, 200) | {"anonymous": LOGIN},
    ("GET", "gallery"): dict.fromkeys(PEOPLE, 404),
    ("GET", "commune_workbook"): dict(
        zip(PEOPLE, [LOGIN, 404, 404, 200, 200, 200, 200, 200], strict=True)
    ),
    ("GET", "entry"): dict(zip(PEOPLE, [LOGIN, 404, 404, 200, 403, 403, 403, 200], strict=True)),
    ("POST", "save_cell"): dict(zip(PEOPLE, [401, 404, 404, 302, 403, 403, 403, 302], strict=True)),
    **people_addresses.MATRIX,
    **unit_addresses.MATRIX,
}


@pytest.fixture
def world() -> World:
    return make_world()


def address(world: World, name: str) -> str:
    commune = world.communes[0].code
    arguments = {
        "overview": [world.province.code],
        "overview_workbook": [world.province.code],
        "criterion": [world.province.code, 1],
        "criterion_workbook": [world.province.code, 1],
        "commune": [commune],
        "commune_workbook": [commune],
        "entry": [commune],
        "save_cell": [commune, "2"],
    }
    for others in (people_addresses, unit_addresses):
        if (found := others.arguments(world, name)) is not None:
            return reverse(name, args=found)
    return reverse(name, args=arguments.get(name, []))


def sign_in(client: Client, world: World, person: str) -> None:
    if person == "anonymous":
        return
    user = make_user()
    if person != "stranger":
        unit = {"neighbour": world.communes[1], "commune": world.communes[0]}.get(
            person, world.province
        )
        role = Role.COMMUNE if person == "neighbour" else Role(person)
        department = make_department() if role == Role.DEPARTMENT else None
        Assignment.objects.create(
            user=user, role=role, unit=unit.unit, department=department, valid=ALWAYS
        )
    client.force_login(user)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(("method", "name"), list(MATRIX))
def test_each_person_gets_the_answer_of_the_matrix(client, world, method, name, person):
    sign_in(client, world, person)
    data = (
        {"verdict": "met"}
        if name == "save_cell"
        else (people_addresses.data(name) or unit_addresses.data(name))
    )
    answer = client.generic(
        method,
        address(world, name),
        urlencode(data),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == MATRIX[(method, name)][person]


def test_the_matrix_names_every_address():
    assert len([1 for _ in views()]) == len(set(names()))
    assert set(names()) == {name for _, name in MATRIX}


def names(resolver: URLResolver | None = None) -> Iterator[str | None]:
    """The name of every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name
        else:
            yield from names(entry)


def test_a_view_without_a_guard_stops_the_site(settings):
    assert every_view_is_guarded(None) == []
    settings.ROOT_URLCONF = "tests.access.unguarded_urls"
    (error,) = every_view_is_guarded(None)
    assert "/open-by-mistake/" in error.msg


def test_a_save_after_the_session_ended_swaps_nothing_and_a_page_goes_to_sign_in(client, world):
    saved = client.post(address(world, "save_cell"), headers={"HX-Request": "true"})
    assert (saved.status_code, "HX-Redirect" in saved.headers) == (401, False)
    page = client.get(address(world, "entry"), headers={"HX-Request": "true"})
    assert page.headers["HX-Redirect"].startswith("/sign-in/?next=")


@override_settings(DEMO=True)
def test_the_demo_signs_in_with_one_click_per_role_and_says_what_it_does_not_know(client):
    make_province()
    User.objects.create(username="demo-office")
    assert client.post(reverse("demo_sign_in"), {"role": "office"}).status_code == 302
    assert client.post(reverse("demo_sign_in"), {"role": "boss"}).status_code == 400


def test_a_page_after_sign_in_stays_on_this_site(client):
    page = client.get(reverse("sign_in") + "?next=https://example.org/")
    assert page.context["next"] == "/"
