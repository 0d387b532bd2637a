"""Search: what is found, by which of its names, for whom, and that each hit opens."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from communes.models import Assignment, Kind, Role, UnitVersion, User
from communes.vietnamese import fold
from reports.looked_at import read
from reports.search import Hit, search
from tests.criteria.reviewing import adopt_beside
from tests.criteria.world import World, make_world
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_country,
    make_district,
    make_province,
    make_user,
)

pytestmark = pytest.mark.django_db

UNITS, CRITERIA, SCREENS = "Đơn vị hành chính", "Tiêu chí", "Trang"
RENAMED_ON = date(2017, 6, 1)


@pytest.fixture
def world() -> World:
    """Hà Giang with two communes, and beside it the homonyms of another province."""
    world = make_world()
    elsewhere = make_district(
        province=make_province(code="20", name="Lạng Sơn", clock="20"), code="180", name="Chi Lăng"
    )
    make_commune(parent=elsewhere, code="06500", name="Lũng Cú")
    return world


@pytest.fixture
def district(world) -> UnitVersion:
    return UnitVersion.objects.get(code="026")


def person(role: Role, unit: UnitVersion) -> User:
    user = make_user()
    Assignment.objects.create(user=user, role=role, unit=unit.unit, valid=ALWAYS)
    return user


def hits(query: str, user: User, heading: str = UNITS, *, at: int | None = None) -> list[Hit]:
    user = User.objects.get(pk=user.pk)  # nothing remembered of an earlier question
    return dict(search(query, user, at=at).groups).get(heading, [])


def labels(query: str, user: User, heading: str = UNITS) -> list[str]:
    return [hit.label for hit in hits(query, user, heading)]


@pytest.mark.parametrize(
    "query", ["lũng cú", "lung cu", "LUNG  CU", "lu\u0303ng cu\u0301", "xã lũng cú", "x lung cu"]
)
def test_a_commune_is_found_with_accents_and_without(world, district, query):
    make_commune(parent=district, code="00715", name="Lũng Cú")
    (found,) = hits(query, person(Role.OFFICE, world.province))
    assert found.label == "Xã Lũng Cú"
    assert found.detail == "Huyện Đồng Văn, Tỉnh Hà Giang · 00715"


def test_the_accents_that_were_typed_come_first_and_beginnings_before_words(world, district):
    for name in ("Yên Minh", "Tân Yên", "Yến Phong", "Xuyên Mộc", "Yên"):
        make_commune(parent=district, name=name)
    user = person(Role.OFFICE, world.province)
    found = labels("yên", user)
    assert found[0] == "Xã Yên"
    assert found[1:3] == ["Xã Yên Minh", "Xã Yến Phong"]
    assert found[3:] == ["Xã Tân Yên", "Xã Xuyên Mộc"]
    assert labels("yến", user)[1] == "Xã Yến Phong"


def test_the_kind_before_a_name_counts_and_a_name_may_begin_like_a_kind(world, district):
    make_commune(parent=district, name="Phó Bảng", kind=Kind.TOWNSHIP)
    make_commune(parent=district, name="Phó Bảng")
    make_district(province=world.province, code="027", name="Quan Hóa")
    user = person(Role.OFFICE, world.province)
    assert labels("thị trấn phó bảng", user) == labels("tt pho bang", user)
    assert labels("tt pho bang", user) == ["Thị trấn Phó Bảng"]
    assert labels("quan hoa", user) == ["Huyện Quan Hóa"]


def test_after_a_comma_stands_the_district_or_province(world, district):
    other = make_district(province=world.province, code="027", name="Mèo Vạc")
    make_commune(parent=other, code="00770", name="Tân Tiến")
    make_commune(parent=district, code="00780", name="Tân Tiến")
    user = person(Role.OFFICE, world.province)
    assert len(hits("tân tiến, hà giang", user)) == 2
    (found,) = hits("tan tien, huyện mèo vạc", user)
    assert found.url.startswith("/communes/00770/")


def test_an_old_name_says_until_when_and_leads_to_the_unit_of_today(world, district):
    old = make_commune(parent=district, code="00715", name="Mã Lủng", valid=days(None, RENAMED_ON))
    make_commune(
        parent=district, code="00715", name="Lũng Táo", valid=days(RENAMED_ON), unit=old.unit
    )
    user = person(Role.OFFICE, world.province)
    (found,) = hits("ma lung", user)
    assert found.label == "Xã Mã Lủng"
    assert "tên đến 31/05/2017; sau đó là Xã Lũng Táo" in found.detail
    assert found.url == "/communes/00715/"
    (found,) = hits("00715", user)
    assert found.label == "Xã Lũng Táo"


def test_a_later_name_says_from_when(world, district):
    unit = make_commune(parent=district, code="00715", valid=days(None, date(2019, 1, 1)))
    make_commune(
        parent=district,
        code="00715",
        name="Lũng Táo",
        valid=days(date(2019, 1, 1)),
        unit=unit.unit,
    )
    (found,) = hits("lung tao", person(Role.OFFICE, world.province))
    assert "tên từ 01/01/2019; trước đó là" in found.detail


def test_a_code_used_again_leads_to_each_unit_on_its_own_day(world, district, client):
    make_commune(parent=district, code="00715", name="Cũ", valid=days(None, RENAMED_ON))
    make_commune(parent=district, code="00715", name="Mới", valid=days(RENAMED_ON))
    user = person(Role.OFFICE, world.province)
    client.force_login(user)
    found = hits("00715", user)
    assert [hit.label for hit in found] == ["Xã Mới", "Xã Cũ"]
    assert found[1].detail.startswith("đến 31/05/2017")
    for hit in found:
        assert f"<title>{hit.label}" in client.get(hit.url).content.decode()


def test_what_the_register_never_loaded_is_not_offered(world, district):
    world.province.unit.clock.register_periods.all().delete()
    country = make_country()
    country.unit.clock.register_periods.update(valid=days(date(2018, 1, 1), date(2020, 1, 1)))
    make_commune(parent=district, name="Lũng Cú", valid=days(None, RENAMED_ON))
    assert hits("lung cu", person(Role.OFFICE, world.province)) == []


def test_what_is_found_is_of_the_day_looked_at_and_keeps_moment_set_and_basis(
    world, district, client
):
    old = make_commune(parent=district, code="00715", name="Mã Lủng", valid=days(None, RENAMED_ON))
    make_commune(
        parent=district, code="00716", name="Lũng Táo", valid=days(RENAMED_ON), unit=old.unit
    )
    make_commune(parent=district, code="00720", name="Lũng Mới", valid=days(date(2018, 1, 1)))
    user = person(Role.OFFICE, world.province)
    client.force_login(user)
    beside = adopt_beside(world)
    at = str(world.province.unit_id)
    given = {"at": at, "on": "2017-05-31", "known": "2018-01-15", "basis": "confirmed"}

    def found(query: str, **more: str) -> dict[str, Hit]:
        looked = read(given | more)
        answer = search(query, User.objects.get(pk=user.pk), at=looked.at, looked=looked)
        return {hit.label: hit for _, hits in answer.groups for hit in hits}

    then = "?on=2017-05-31&known=2018-01-15&basis=confirmed"
    assert found("lung tao")["Xã Lũng Táo"].url == f"/communes/00715/{then}"
    new = found("lung moi")["Xã Lũng Mới"]
    assert "chưa có ngày 31/05/2017, mở ngày 31/01/2018" in new.detail
    assert new.url == "/communes/00720/"
    (second,) = found("tc 2", on="2018-01-31").values()
    assert second.url == "/overview/02/criteria/2/" + then.replace("2017-05-31", "2018-01-31")
    screens = found("")
    assert screens["Tổng quan"].url == f"/overview/02/{then}"
    assert screens["Kế hoạch và đăng ký"].url == "/provinces/02/plans/?year=2017&known=2018-01-15"
    assert screens["Báo cáo tháng"].url == "/reports/02/?month=2017-05"
    assert screens["Nhập theo tiêu chí"].url == "/provinces/02/entry/"
    kept = found("dong van", on="2018-01-31", set=beside.code)["Huyện Đồng Văn"].url
    assert parse_qs(urlsplit(kept).query)["set"] == [beside.code]
    assert "set=" not in found("dong van", set=beside.code)["Huyện Đồng Văn"].url  # not by then
    assert "set=" not in found("dong van", on="2018-01-31", set="no")["Huyện Đồng Văn"].url
    nonsense = found("lung tao", on="31/31/2018", known="soon", basis="?", at="x")
    assert nonsense["Xã Lũng Táo"].url == "/communes/00716/"
    for hit in [*found("lung").values(), *map(screens.get, ("Báo cáo tháng", "Tổng quan"))]:
        assert client.get(hit.url.partition("#")[0]).status_code == 200, hit
    page = client.get(reverse("overview", args=["02"]), given).content.decode()
    for name in ("at", "on", "known", "basis"):
        assert f'<input type="hidden" name="{name}" value="{given[name]}">' in page
    assert f'href="/search/?at={at}&amp;on=2017-05-31&amp;known=2018-01-15&amp;basis=' in page


def test_nobody_finds_a_unit_outside_their_scope(world, district):
    mine = make_commune(parent=district, code="00715", name="Lũng Cú")
    make_commune(parent=district, code="00716", name="Lũng Cú Hạ")
    officer = person(Role.COMMUNE, mine)
    for query in ("lung cu", "lung", "l", "0", "00716", "06500", "chi lang", "ha giang", "%", ","):
        assert set(labels(query, officer)) <= {"Xã Lũng Cú"}, query
    assert labels("lũng", officer) == ["Xã Lũng Cú"]
    assert "06500" not in str(hits("lung cu", person(Role.OFFICE, world.province)))
    assert hits("lung cu", make_user()) == []
    assert len(hits("lung cu", person(Role.COMMITTEE, make_country()))) == 3


@pytest.mark.parametrize("query", ["2", "tiêu chí 2", "tc 2", "TC 02"])
def test_a_criterion_is_found_by_its_number(world, query):
    (found,) = hits(query, person(Role.COMMITTEE, world.province), CRITERIA)
    assert found.label.startswith("Tiêu chí 2.")
    assert found.url == reverse("criterion", args=["02", 2])


def test_a_criterion_is_found_by_words_of_its_name_and_all_of_them_at_once(world):
    user = person(Role.COMMITTEE, world.province)
    everything = hits("tiêu chí", user, CRITERIA)
    assert len(everything) == len(world.asked.criteria)
    name = world.asked.criteria[0].name
    assert everything[0] in hits(fold(name), user, CRITERIA)


def test_criteria_are_those_of_the_unit_looked_at_if_it_may_be_read(world, district):
    user = person(Role.COMMITTEE, world.province)
    (found,) = hits("2", user, CRITERIA, at=district.unit_id)
    assert found.url == reverse("criterion", args=["026", 2])
    elsewhere = UnitVersion.objects.get(code="180")
    (found,) = hits("2", user, CRITERIA, at=elsewhere.unit_id)
    assert found.url == reverse("criterion", args=["02", 2])
    officer = person(Role.COMMUNE, world.communes[0])
    (found,) = hits("2", officer, CRITERIA, at=district.unit_id)
    assert found.url == reverse("commune", args=[world.communes[0].code]) + "#criterion-2"


def test_only_screens_that_the_person_may_open_are_shown(world, client):
    commune = world.communes[0]
    people = {
        "officer": person(Role.COMMUNE, commune),
        "committee": person(Role.COMMITTEE, world.province),
        "admin": person(Role.ADMIN, world.province),
    }
    seen = {name: set(labels("", user, SCREENS)) for name, user in people.items()}
    assert {"Nhập kết quả", "Trang xã"} <= seen["officer"]
    assert "Nhập kết quả" not in seen["committee"] | seen["admin"]
    assert "Người dùng" in seen["admin"] - seen["officer"] - seen["committee"]
    assert labels("nguoi dung", people["admin"], SCREENS)[0] == "Người dùng"
    for user in people.values():
        client.force_login(user)
        for hit in hits("", user, SCREENS):
            assert client.get(hit.url).status_code == 200, hit


def test_every_hit_opens(world, district, client):
    make_commune(parent=district, name="Lũng Cú", valid=days(None, RENAMED_ON))
    user = person(Role.OFFICE, world.province)
    client.force_login(user)
    for query in ("so", "lung cu", "ha giang", "dong van", "tiêu chí"):
        for _, found in search(query, user).groups:
            for hit in found:
                assert client.get(hit.url.partition("#")[0]).status_code == 200, hit


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "\\",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "\x00a",
        "a" * 5000,
        ",",
        "²",
        "①",
    ],
)
def test_whatever_is_typed_is_only_text(world, client, query):
    client.force_login(person(Role.COMMITTEE, make_country()))
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(reverse("search"), {"q": query, "at": query}, headers=headers)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
    if query in "%_\\":
        assert answer.context["found"].groups == []


def test_the_list_comes_alone_for_the_box_and_within_the_page_without_scripts(world, client):
    client.force_login(person(Role.OFFICE, world.province))
    page = client.get(reverse("search"), {"q": "hà giang"})
    alone = client.get(reverse("search"), {"q": "hà giang"}, headers={"HX-Request": "true"})
    assert "<title>" in page.content.decode()
    assert 'value="hà giang"' in page.content.decode()
    assert alone.content.decode().strip().startswith('<div id="results"')
    assert alone.content.decode().strip() in page.content.decode()
    assert "HX-Request" in alone.headers["Vary"]


def test_a_long_list_is_cut_and_says_so(world, district):
    for _ in range(15):
        make_commune(parent=district, name="Lũng Cú")
    found = search("lung cu", person(Role.OFFICE, world.province))
    assert len(found.groups[0][1]) == 12
    assert found.more


def test_the_number_of_queries_is_bounded(world, district, django_assert_max_num_queries):
    for _ in range(15):
        make_commune(parent=district, name="Lũng Cú")
    user = User.objects.get(pk=person(Role.OFFICE, world.province).pk)
    search("lung", user, at=district.unit_id)
    with django_assert_max_num_queries(8):
        found = search("lung", user, at=district.unit_id)
    assert parse_qs(urlsplit(found.groups[0][1][0].url).query) == {}


def test_the_gallery_is_for_development_only(client, settings):
    assert client.get(reverse("gallery")).status_code == 404
    settings.DEBUG = True
    text = client.get(reverse("gallery")).content.decode()
    for words in ("Bị từ chối", "chưa đối chiếu với văn bản", "Đang cập nhật", "data-tools"):
        assert words in text
