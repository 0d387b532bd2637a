"""Units side by side, and one unit on two days."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria import months
from criteria.rules.types import Outcome
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_district, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=3)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    return world


def ask(client, unit, status: int = 200, **query) -> str:
    answer = client.get(reverse("compare", args=[unit.code]), query)
    assert answer.status_code == status
    return " ".join(unescape(answer.content.decode()).split())


def test_communes_stand_side_by_side_with_their_verdicts(client, world):
    first, second, _ = world.communes
    world.save(first, "2", verdict=Outcome.MET)
    world.save(second, "2", verdict=Outcome.NOT_MET)
    text = ask(client, first, **{"with": [second.code], "on": "2018-01-31"})
    assert f"{first.full_name} đạt 1 tiêu chí, hơn {second.full_name} 1" in text
    row = text[text.index("2. ") :]
    assert row.index("Đạt") < row.index("Chưa đạt")
    assert "1/2" in text


def test_a_unit_stands_beside_itself_on_another_day(client, world):
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    assert months.working_day(world.province.unit) == FEBRUARY
    text = ask(client, world.province, on="2018-02-28", then="2018-01-31")
    # Nothing was assessed in January: no change is named where there is nothing to compare.
    assert "chưa đủ số liệu để so sánh" in text
    same = ask(client, world.province, on="2018-02-28", then="2018-02-28")
    assert "Tăng, giảm" not in same


def test_a_change_is_named_with_its_sign(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    text = ask(client, world.province, on="2018-02-28", then="2018-01-31")
    name = world.province.full_name
    assert f"Từ 31/01/2018 đến 28/02/2018, bình quân tiêu chí/xã của {name} tăng 0,33" in text
    assert '<td class="num" data-label="Tăng, giảm">+1</td>' in text
    turned = ask(client, world.communes[1], on="2018-02-28", then="2018-01-31")
    assert "chưa đủ số liệu để so sánh" in turned


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"with": ["99999"]}, "Không so sánh được với đơn vị mã “99999”"),
        ({"then": "hôm qua"}, "không phải là ngày"),
        ({"then": "1850-01-01"}, "nằm ngoài khoảng"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(client, world, query, why):
    assert why in ask(client, world.communes[0], 422, on="2018-01-31", **query)


def test_only_units_of_the_same_tier_inside_the_scope_are_offered(client, world):
    other = make_district(province=world.province, code="999", name="Khác")
    text = ask(client, other, on="2018-01-31")
    assert world.communes[0].full_name not in text
    officer = make_user()
    Assignment.objects.create(
        user=officer, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
    )
    client.force_login(officer)
    own = ask(client, world.communes[0], on="2018-01-31")
    assert "Với đơn vị khác" not in own
    assert world.communes[1].full_name not in own
    refused = ask(client, world.communes[0], 422, **{"with": world.communes[1].code})
    assert "Không so sánh được" in refused


def test_a_commune_sees_where_it_stands_without_the_names_of_others(client, world):
    for place, verdict in enumerate((Outcome.MET, Outcome.NOT_MET, Outcome.MET)):
        world.save(world.communes[place], "2", verdict=verdict)
    address = reverse("position", args=[world.communes[0].code])
    text = " ".join(unescape(client.get(address).content.decode()).split())
    assert "Trong 3 xã của" in text
    assert "1 xã đạt ít tiêu chí hơn, 1 xã đạt bằng" in text
    assert "nhiều hơn" not in text
    assert world.communes[1].full_name not in text
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode().strip()
    assert fragment.startswith('<section id="position"')
