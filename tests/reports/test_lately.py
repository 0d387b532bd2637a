"""Below the figures: who may still make it this year, why the figures moved, who is late."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria import months, recognition
from criteria.plans import acts
from criteria.rules.types import Outcome
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=4)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    return world


def ask(client, world, headers=None, **query) -> str:
    answer = client.get(reverse("lately", args=[world.province.code]), query, headers=headers)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def register(world: World, *places: int) -> None:
    found = [world.communes[place].unit for place in places]
    acts.register(units=found, year=2018, tier="standard", by=world.officer)


def test_a_registered_commune_shows_what_it_still_lacks_and_the_nearest_stands_first(client, world):
    register(world, 0, 1, 2)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    recognition.recognise(
        units=[world.communes[2].unit],
        tier="standard",
        set_version=None,
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2018,
        by=None,
    )
    text = ask(client, world)
    assert "1/3 xã đăng ký năm 2018 đã được công nhận, 2 xã còn thiếu tiêu chí" in text
    near, far, done = (text.index(world.communes[n].full_name) for n in (1, 0, 2))
    assert near < far < done
    assert "chưa có kết quả đánh giá" in text
    assert "✓ đã được công nhận" in text


def test_the_movement_says_why_and_what_cannot_be_compared(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    text = ask(client, world)
    assert "Bình quân tăng 0,25 tiêu chí/xã: +0,25 do đạt thêm" in text
    assert "So với đầu năm" in text


def test_who_has_not_sent_in_is_told_while_the_month_is_open(client, world):
    assert "0/4 xã đã gửi số liệu tháng 01/2018" in ask(client, world)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    assert "đã gửi số liệu" not in ask(client, world, on="2018-01-31")


def test_the_overview_fetches_it_as_a_fragment_and_links_to_it_as_a_page(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    address = reverse("lately", args=[world.province.code])
    page = client.get(reverse("overview", args=[world.province.code])).content.decode()
    assert f'hx-get="{address}' in page
    assert f'href="{address}' in page
    assert "<h1>" in ask(client, world)
    fragment = ask(client, world, headers={"HX-Request": "true"})
    assert fragment.startswith('<div id="lately"')


def test_the_headline_names_the_month_and_higher_tiers(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    for tier in ("standard", "advanced"):
        recognition.recognise(
            units=[world.communes[0].unit],
            tier=tier,
            set_version=None,
            number=f"12/QĐ-{tier}",
            decided_on=date(2018, 2, 20),
            year=2018,
            by=None,
        )
    page = " ".join(
        client.get(reverse("overview", args=[world.province.code])).content.decode().split()
    )
    link = reverse("explain", args=[world.province.code, "tier-advanced"])
    assert "<b>+1</b> so với tháng trước</dd>" in page
    assert f'<dd class="base">Trong đó <a href="{link}?on=' in page
    assert '"><b>1</b> xã nông thôn mới nâng cao</a>' in page
    assert "<b>+0,25</b> so với tháng trước" in page
