"""Figures over some of the communes: a group by attribute, or those with a recognition."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria import months, recognition, standings
from criteria.models import SetVersion
from criteria.rules.types import Outcome
from reports import groups
from reports.asked import Asked
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_attribute, make_commune, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    """Commune 0 meets criterion 1 and is recognised, 1 lies in zone III, 2 is in both groups."""
    world = make_world(communes=4)
    reader = make_user()
    Assignment.objects.create(
        user=reader, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(reader)
    for commune in world.communes:
        met = commune is world.communes[0]
        world.save(commune, "1.1", 90 if met else 10)
        world.save(commune, "1.2", verdict=Outcome.MET)
    for place, key, value in (
        (1, "khu_vuc", "III"),
        (2, "khu_vuc", "III"),
        (2, "commune_group", "nhom2"),
        (0, "border", "no"),
    ):
        make_attribute(unit=world.communes[place].unit, key=key, value=value)
    recognise(world, 0)
    return world


def recognise(world: World, *places: int) -> None:
    recognition.recognise(
        units=[world.communes[place].unit for place in places],
        tier="standard",
        set_version=SetVersion.objects.get(pk=world.asked.version_id),
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2018,
        by=None,
    )


def text(client, name: str, *args, code: str = "02", **query) -> str:
    answer = client.get(reverse(name, args=[code, *args]), query)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def counted(world: World, **asked: str) -> list[int]:
    """The communes that are counted, by their place in the world."""
    places = {commune.unit_id: place for place, commune in enumerate(world.communes)}
    rows = Asked(**asked).answer(world.province, JANUARY, None).rows
    return sorted(places[row.unit_id] for row in rows)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"group": "khu_vuc-III"}, [1, 2]),
        ({"group": "khu_vuc-I"}, []),
        ({"group": "commune_group-nhom2"}, [2]),
        ({"group": "border"}, []),
        ({"tier": "standard"}, [0]),
        ({"tier": "none"}, [1, 2, 3]),
        ({"tier": "advanced"}, []),
        ({"group": "khu_vuc-III", "tier": "standard"}, []),
        ({"group": "khu_vuc-III", "tier": "none"}, [1, 2]),
    ],
)
def test_only_the_communes_of_the_choice_are_counted(world, asked, expected):
    assert counted(world, **asked) == expected


@pytest.mark.parametrize(
    ("held", "tier", "belongs"),
    [
        ("", "none", True),
        ("", "standard", False),
        ("standard", "none", False),
        ("standard", "standard", True),
        ("standard", "advanced", False),
        ("model", "advanced", True),
        ("model", "model", True),
    ],
)
def test_a_tier_takes_the_higher_ones_along(held, tier, belongs):
    assert groups.holds(held, tier) is belongs


def test_an_attribute_given_later_counts_from_the_next_question_on(world):
    assert counted(world, group="safe-zone") == []
    make_attribute(unit=world.communes[3].unit, key="atk", value="yes")
    assert counted(world, group="safe-zone") == [3]


def test_a_closed_month_keeps_who_was_recognised_and_on_the_border(world):
    months.close(province=world.province.unit, month=JANUARY, by=None)
    recognise(world, 1)
    make_attribute(unit=world.communes[2].unit, key="border", value="yes")
    assert counted(world, tier="standard") == [0]
    assert counted(world, group="border") == []


def test_groups_that_are_all_or_none_are_no_choice(world):
    offered = [word for word, _ in groups.choices(world.province, JANUARY)]
    assert offered == ["commune_group-nhom2", "khu_vuc-III"]
    chosen = [word for word, _ in groups.choices(world.province, JANUARY, "border")]
    assert chosen == ["border", *offered]


def test_the_overview_says_whom_it_counts(client, world):
    said = text(client, "overview", group="khu_vuc-III")
    assert "0/2 xã khu vực III được công nhận" in said
    assert "chỉ các xã khu vực III" in said
    assert "1 xã đã được công nhận đạt chuẩn trở lên, bình quân 1,00" in text(
        client, "overview", tier="standard"
    )
    assert "không có xã biên giới nào tham gia" in text(client, "overview", group="border")


def test_the_criterion_and_the_table_count_the_same_communes(client, world):
    months.close(province=world.province.unit, month=JANUARY, by=None)
    asked = {"on": "2018-01-31", "group": "khu_vuc-III", "basis": "confirmed"}
    said = text(client, "criterion", 1, **asked)
    assert "2 xã khu vực III chưa có kết quả nào được xác nhận" in said
    assert "chỉ các xã khu vực III" in said
    assert "số liệu đã xác nhận" in said
    table = text(client, "matrix", **asked)
    assert "2/2 xã · chỉ các xã khu vực III" in table
    page = client.get(reverse("matrix", args=["02"]), asked).content.decode()
    kept = "&amp;basis=confirmed&amp;group=khu_vuc-III"
    assert f"{reverse('criterion', args=['02', 1])}?on=2018-01-31{kept}" in page
    assert "Bỏ lọc" in text(client, "matrix", group="border")


def test_the_year_start_of_a_criterion_is_that_of_the_same_communes(client, world):
    for month in (JANUARY, FEBRUARY):
        months.close(province=world.province.unit, month=month, by=None)
    for month in range(3, 13):
        end = months.month_end(date(2018, month, 1))
        months.close(province=world.province.unit, month=end, by=None)
    assert "31/12/2018: 1/4 xã đạt" in text(client, "criterion", 1, on="2019-01-31")
    narrowed = text(client, "criterion", 1, on="2019-01-31", group="khu_vuc-III")
    assert "31/12/2018: 0/2 xã đạt" in narrowed


def test_a_province_without_districts_is_divided_into_its_groups(client, world):
    assert "Nhóm xã Xã được công nhận" not in text(client, "overview")
    for place in range(2):
        commune = make_commune(parent=world.province, name=f"Xã mới {place}")
        world.communes.append(commune)
        make_attribute(unit=commune.unit, key="commune_group", value=f"nhom{1 + place}")
    for commune in world.communes[:4]:
        commune.parent_id = world.province.unit_id
        commune.save(update_fields=["parent"])
    said = text(client, "overview")
    assert "Kết quả theo nhóm xã" in said
    assert "Xã nhóm 1 0/1 0,0%" in said
    assert "Xã nhóm 2 0/2 0,0%" in said
    page = client.get(reverse("overview", args=["02"])).content.decode()
    assert "group=commune_group-nhom1" in page
    world.save(world.communes[5], "2", verdict=Outcome.MET)
    position = text(client, "position", code=world.communes[2].code)
    assert "Trong 2 xã nhóm 2 của Tỉnh Hà Giang: 1 xã đạt" in position


def test_leaving_the_known_moment_keeps_the_filters(client, world):
    asked = {"on": "2018-01-31", "known": "2018-02-01T00:00", "group": "khu_vuc-III"}
    page = client.get(reverse("overview", args=["02"]), asked).content.decode()
    assert 'href="?on=2018-01-31&amp;group=khu_vuc-III"' in page


def test_a_changed_filter_takes_the_heading_of_the_table_along(client, world):
    asked = {"group": "khu_vuc-III"}
    address = reverse("matrix", args=["02"])
    swapped = client.get(address, asked, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address, asked).content.decode()
    assert '<h1 id="headline" hx-swap-oob="true">' in swapped
    assert swapped.count("<h1") == whole.count("<h1") == 1
    assert "hx-swap-oob" not in whole


def test_the_rail_keeps_day_moment_and_filters(client, world):
    asked = {"on": "2018-01-31", "known": "now", "group": "khu_vuc-III"}
    page = client.get(reverse("overview", args=["02"]), asked).content.decode()
    moment = "?on=2018-01-31&amp;known=now"
    assert f'"{reverse("matrix", args=["02"])}{moment}&amp;group=khu_vuc-III"' in page
    for name in ("decisions", "meeting", "units"):
        assert f'"{reverse(name, args=["02"])}{moment}"' in page
    assert f'"{reverse("plans", args=["02"])}?year=2018&amp;known=now"' in page
    assert f'"{reverse("monthly", args=["02"])}?month=2018-01"' in page
    basis = asked | {"basis": "reported"}
    address = reverse("commune", args=[world.communes[0].code])
    commune = client.get(address, basis).content.decode()
    assert f'"{reverse("overview", args=["02"])}{moment}&amp;basis=reported"' in commune
    planned = client.get(reverse("plans", args=["02"]), {"year": "2018"}).content.decode()
    assert f'"{reverse("monthly", args=["02"])}?month=2018-01"' in planned


def test_confirmed_criteria_that_are_not_reported_any_more_are_named(client, world):
    world.review(world.communes[0], 1, _held(world, 0))
    standings.rebuild(province=world.province.unit, on=JANUARY)
    assert "nay xã báo cáo không còn đạt" not in text(client, "overview")
    world.save(world.communes[0], "1.1", 10)
    assert "1 tiêu chí mà sở, ngành xác nhận trước đây" in text(client, "overview")


def _held(world: World, place: int) -> list[int]:
    ids = [world.indicator(code) for code in ("1.1", "1.2")]
    found = standings.heads([world.communes[place].unit_id], ids)[0]
    return [one.result_id for one in found[world.communes[place].unit_id].values()]
