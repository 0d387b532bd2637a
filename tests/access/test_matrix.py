"""Every address × every kind of person: who gets in, who is told no, who is told nothing.

The table is matrix.txt; matrix.py says how to add an address to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from communes.models import Assignment, Role, User
from ntm_site.checks import every_view_is_guarded, views
from tests.access import matrix
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_department, make_province, make_user

pytestmark = pytest.mark.django_db

ROLES = {
    "neighbour": Role.COMMUNE,
    "commune": Role.COMMUNE,
    "department": Role.DEPARTMENT,
    "committee": Role.COMMITTEE,
    "admin": Role.ADMIN,
    "office": Role.OFFICE,
    "head": Role.HEAD,
}


@pytest.fixture
def world() -> World:
    return make_world()


def sign_in(client: Client, world: World, person: str) -> None:
    if person == "anonymous":
        return
    user = make_user()
    if role := ROLES.get(person):
        unit = {"neighbour": world.communes[1], "commune": world.communes[0]}.get(
            person, world.province
        )
        department = make_department() if role == Role.DEPARTMENT else None
        Assignment.objects.create(
            user=user, role=role, unit=unit.unit, department=department, valid=ALWAYS
        )
    client.force_login(user)


@pytest.mark.parametrize("row", matrix.rows(), ids=str)
def test_each_person_gets_the_answer_of_the_matrix(world, row):
    assert {person: status(world, row, person) for person in matrix.PEOPLE} == row.expects


def status(world: World, row: matrix.Row, person: str) -> int:
    """What one person is answered in the world as it is; whatever it changed is taken back."""
    with transaction.atomic():
        client = Client()
        sign_in(client, world, person)
        answer = client.generic(
            row.method,
            row.address(world),
            urlencode(row.data(world)),
            content_type="application/x-www-form-urlencoded",
        )
        if answer.streaming:  # a file that is sent stays open until it was read
            b"".join(answer)
        transaction.set_rollback(True)
    return answer.status_code


def test_the_matrix_names_every_address_and_every_role():
    assert len([1 for _ in views()]) == len(set(names()))
    assert set(names()) == {row.name for row in matrix.rows()}
    assert set(ROLES.values()) == set(Role)


ALONE = [
    row
    for row in matrix.rows()
    if [other.name for other in matrix.rows()].count(row.name) == 1
    and row.expects.keys() - matrix.refused(row)
]


@pytest.mark.parametrize("row", ALONE, ids=str)
def test_an_address_takes_no_method_that_the_matrix_does_not_name(client, world, row):
    person = sorted(row.expects.keys() - matrix.refused(row))[0]
    sign_in(client, world, person)
    other = "POST" if row.method == "GET" else "GET"
    assert client.generic(other, row.address(world)).status_code == 405


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
    commune = world.communes[0].code
    saved = client.post(reverse("save_cell", args=[commune, "2"]), headers={"HX-Request": "true"})
    assert (saved.status_code, "HX-Redirect" in saved.headers) == (401, False)
    page = client.get(reverse("entry", args=[commune]), headers={"HX-Request": "true"})
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
