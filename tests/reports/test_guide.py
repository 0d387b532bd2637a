"""The short instructions: each role's own part open and first, the others folded."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from tests.criteria.world import make_world
from tests.factories import ALWAYS, make_department, make_user

pytestmark = pytest.mark.django_db


def read(client, *roles: Role) -> str:
    world = make_world(communes=1)
    user = make_user()
    for role in roles:
        at_home = world.communes[0] if role == Role.COMMUNE else world.province
        department = make_department() if role == Role.DEPARTMENT else None
        Assignment.objects.create(
            user=user, role=role, unit=at_home.unit, department=department, valid=ALWAYS
        )
    client.force_login(user)
    answer = client.get(reverse("guide"))
    assert answer.status_code == 200
    return answer.content.decode()


def folded(text: str) -> list[str]:
    return re.findall(r'<details id="guide-(\w+)"', text)


@pytest.mark.parametrize("role", Role)
def test_the_part_of_the_own_role_is_open_and_first(client, role):
    text = read(client, role)
    assert set(folded(text)) == set(Role.values) - {role}
    own = text.index(f'id="guide-{role}"')
    assert own < text.index('id="guide-everyone"') < text.index("<details id=")
    assert text.count('<ol class="steps">') == len(Role) + 1


def test_who_holds_two_roles_reads_both_and_who_holds_none_can_unfold_all(client):
    assert len(folded(read(client, Role.OFFICE, Role.ADMIN))) == len(Role) - 2
    client.force_login(make_user())
    assert len(folded(client.get(reverse("guide")).content.decode())) == len(Role)


def test_the_rail_leads_there(client):
    text = read(client, Role.OFFICE)
    assert re.search(r'href="/guide/" aria-current="page">Hướng dẫn nhanh<', text)
