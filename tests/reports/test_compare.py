"""Units side by side, and one unit on two days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from communes.models import Assignment, Role, UnitVersion
from criteria import adoptions, months, sets
from criteria.definitions import definition
from criteria.models import CriteriaSet
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import (
    ALWAYS,
    make_attribute,
    make_commune,
    make_district,
    make_province,
    make_user,
)

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=3)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    return world


@pytest.fixture
def other(client, world) -> World:
    """A second province that judges its two communes by the same set, open to the same person."""
    province = make_province(code="14", name="Sơn La")
    district = make_district(province=province, code="900", name="Mộc Châu")
    communes = [make_commune(parent=district) for _ in range(2)]
    adopt(province, CriteriaSet.objects.get(code="nho"))
    committee = Assignment.objects.get(role=Role.COMMITTEE)
    Assignment.objects.create(
        user=committee.user, role=Role.COMMITTEE, unit=province.unit, valid=ALWAYS
    )
    return replace(world, province=province, communes=communes)


def adopt(province: UnitVersion, one: CriteriaSet, **how) -> None:
    adopted = {"set": one, "from_on": date(2018, 1, 1), "decision": "02", "by": None} | how
    adoptions.adopt(province=province.unit, **adopted)


def judge_by_three(other: World) -> World:
    """The second province leads with a set of three criteria of its own."""
    three = make_set("ba", {1: {"1": "yes"}, 2: {"2": "yes"}, 3: {"3": "yes"}}, name="Bộ ba")
    adopt(other.province, three)
    return replace(other, asked=definition(sets.version_in_force(three, JANUARY)))


def excel(client, unit, **query) -> Workbook:
    answer = client.get(reverse("compare_workbook", args=[unit.code]), query)
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content))


def rows(sheet) -> list[tuple]:
    return list(sheet.iter_rows(min_row=5, values_only=True))


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


def plain(text: str) -> str:
    """The words of the content of a page, without what stands above and beside it."""
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_units_are_counted_on_the_basis_and_over_the_communes_asked_for(client, world, other):
    for one in (*world.communes, *other.communes):
        world.save(one, "2", verdict=MET)
    make_attribute(unit=world.communes[0].unit, key="border", value="yes")
    make_attribute(unit=other.communes[0].unit, key="border", value="yes")
    query = {"with": ["14"], "on": "2018-01-31"}
    text = ask(client, world.province, **query)
    assert "2 đơn vị cùng đạt 1,00 tiêu chí/xã" in text
    assert "số liệu xã báo cáo." in plain(text)

    confirmed = ask(client, world.province, **query, basis="confirmed", group="border")
    said = plain(confirmed)
    assert "Chưa đủ số liệu để so sánh Tỉnh Hà Giang và Tỉnh Sơn La, chỉ các xã biên giới" in said
    assert "Xã trong Chương trình 1 1 " in said
    assert "Mới có kết quả đã được xác nhận của một phần số xã: Tỉnh Hà Giang 0/1" in said
    assert "số liệu đã xác nhận, chỉ các xã biên giới." in said
    for name, address in (("overview", "14"), ("compare_workbook", "02")):
        kept = "?on=2018-01-31&basis=confirmed&group=border"
        assert f'href="{reverse(name, args=[address])}{kept}' in confirmed
    assert f"{kept}&with=14" in confirmed
    assert confirmed.count('<input type="hidden" name="group" value="border">') == 4
    assert '<option value="confirmed" selected>' in confirmed
    # Over time, too, and a group is no matter of a commune.
    assert "chỉ các xã biên giới" in ask(
        client, world.province, then="2018-01-15", group="border", on="2018-01-31"
    )
    own = ask(
        client,
        world.communes[1],
        **query | {"with": world.communes[0].code},
        basis="confirmed",
        group="border",
    )
    assert "chưa có kết quả đã được xác nhận" in own
    assert "Xã báo cáo đạt" in own
    assert "xã biên giới" not in own


def test_a_side_without_communes_of_the_group_says_so(client, world, other):
    world.save(world.communes[0], "2", verdict=MET)
    make_attribute(unit=world.communes[0].unit, key="border", value="yes")
    query = {"with": ["14"], "on": "2018-01-31", "group": "border"}
    said = plain(ask(client, world.province, **query))
    assert "Xã trong Chương trình 1 không có xã biên giới" in said
    assert "Tỉnh Sơn La không có xã biên giới nào tham gia Chương trình." in said
    assert "Bình quân tiêu chí/xã 1,00 –" in said
    other_way = ask(client, other.province, **query | {"with": ["02"]})
    assert '<option value="border" selected>Xã biên giới</option>' in other_way
    nothing_beside = ask(client, world.province, on="2018-01-31", group="border")
    assert "31/01/2018 · chỉ các xã biên giới" in nothing_beside
    summary, *_ = excel(client, world.province, **query).worksheets
    assert [row[4:7] for row in rows(summary)[1:]] == [(1, 1, 0), (0, 0, 0)]


def test_a_set_counts_only_where_every_side_has_it(client, world, other):
    for one in (world.communes[0], other.communes[0]):
        world.save(one, "2", verdict=MET)
    own = make_set("rieng", {2: {"2": "yes"}}, name="Bộ riêng")
    adopt(world.province, own, in_headline=False)
    query = {"with": ["14"], "on": "2018-01-31", "set": "rieng"}
    text = ask(client, world.province, **query)
    assert "Tỉnh Sơn La không tính theo Bộ riêng, nên mỗi đơn vị được" in text
    assert "được tính theo Bộ tiêu chí nho (2 tiêu chí)." in text
    other_way = ask(client, other.province, **query | {"with": ["02"]})
    assert "Tỉnh Sơn La không tính theo Bộ riêng, nên mỗi đơn vị được" in other_way
    assert "hơn Tỉnh Hà Giang 0,17" in text
    assert f'href="{reverse("overview", args=["14"])}?on=2018-01-31"' in text
    assert '<option value="rieng" selected>' in text
    assert "không tính theo Bộ riêng" in str(
        excel(client, world.province, **query)["Kết quả chung"]["A3"].value
    )
    adopt(other.province, own, in_headline=False)
    both = ask(client, world.province, **query)
    assert "không tính theo" not in both
    assert "Chưa đủ số liệu để so sánh" in both
    assert f'href="{reverse("overview", args=["14"])}?on=2018-01-31&set=rieng"' in both
    absent = client.get(reverse("compare", args=["02"]), query | {"set": "khac"})
    assert absent.status_code == 404


def test_what_is_counted_by_different_sets_is_not_ranked(client, world, other):
    world.save(world.communes[0], "2", verdict=MET)
    other = judge_by_three(other)
    other.save(other.communes[0], "1", verdict=MET)
    other.save(other.communes[1], "1", verdict=MET)
    text = ask(client, world.province, **{"with": ["14"], "on": "2018-01-31"})
    said = plain(text)
    assert "Tỉnh Hà Giang và Tỉnh Sơn La tính theo các bộ tiêu chí khác nhau" in said
    assert "Tỉnh Hà Giang theo Bộ tiêu chí nho (2 tiêu chí); Tỉnh Sơn La theo" in said
    assert "Tỉnh Sơn La theo Bộ ba (3 tiêu chí)." in said
    assert "Số tiêu chí của bộ 2 3 " in said
    assert "▲" not in said
    assert "hơn Tỉnh" not in said
    assert "Mới có kết quả của một phần số xã: Tỉnh Hà Giang 1/3 xã." in said
    # The set that both judge by is offered.
    adopt(world.province, CriteriaSet.objects.get(code="ba"), in_headline=False)
    offered = ask(client, world.province, **{"with": ["14"], "on": "2018-01-31"})
    assert '<a href="?on=2018-01-31&set=ba&with=14">Bộ ba</a>' in offered
    # The bar above is of the unit in the address.
    for unit, name in ((world.province, "Bộ tiêu chí nho"), (other.province, "Bộ ba")):
        beside = "14" if unit is world.province else "02"
        page = ask(client, unit, **{"with": [beside], "on": "2018-01-31"})
        assert f'id="set-chip" title="{name}"' in page


def test_a_day_after_the_working_month_is_not_ranked(client, world, other):
    for one in (*world.communes, *other.communes):
        world.save(one, "2", verdict=MET)
    world.save(world.communes[0], "1.1", 90)
    world.save(world.communes[0], "1.2", verdict=MET)
    said = plain(ask(client, world.province, **{"with": ["14"], "on": "2018-01-31"}))
    assert "Tỉnh Hà Giang đạt 1,33 tiêu chí/xã, hơn Tỉnh Sơn La 0,33" in said
    assert "▲ 1,33" in said
    months.close(province=world.province.unit, month=JANUARY, by=None)
    said = plain(ask(client, world.province, **{"with": ["14"], "on": "2018-02-28"}))
    assert "Tỉnh Sơn La chưa cập nhật số liệu đến ngày này, nên không xếp hơn kém" in said
    assert "nằm sau tháng đang cập nhật của Tỉnh Sơn La (01/2018): sau" in said
    assert "▲" not in said


def test_the_bar_above_tells_the_day_of_the_address(client, world):
    months.close(province=world.province.unit, month=JANUARY, by=None)
    text = ask(client, world.province, on="2018-01-31", then="2018-02-28")
    assert "Tính đến <b>31/01/2018</b> · <span>Đã chốt </span>" in text
    assert '<input type="hidden" name="then" value="2018-02-28">' in text


def test_the_excel_has_the_figures_of_the_page(client, world, other):
    for one in (world.communes[0], *other.communes):
        world.save(one, "2", verdict=MET)
    query = {"with": ["14"], "on": "2018-01-31"}
    book = excel(client, world.province, **query)
    assert book.sheetnames == ["Kết quả chung", "Nhóm xã", "Tiêu chí"]
    assert "So sánh Tỉnh Hà Giang, Tỉnh Sơn La · tính đến 31/01/2018" in book.active["A2"].value
    assert "Tỉnh Hà Giang 1/3 xã" in book.active["A3"].value
    _, first, second = rows(book.active)
    assert (first[0], first[3:7], first[8]) == ("Tỉnh Hà Giang", (2, 3, 1, 0), 1)
    assert (second[0], second[3:7], second[8]) == ("Tỉnh Sơn La", (2, 2, 2, 0), 2)
    groups, _, *lines = rows(book["Tiêu chí"])
    assert groups[1] == "Tỉnh Hà Giang"
    assert [(line[0][:2], line[1], line[3]) for line in lines] == [("1.", 0, 0), ("2.", 1, 2)]
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(world.communes[1], "2", verdict=MET)
    over_time = excel(client, world.communes[1], then="2018-01-31", on="2018-02-28")
    assert over_time.sheetnames == ["Kết quả chung", "Từng tiêu chí"]
    assert rows(over_time["Từng tiêu chí"])[2][1:] == ("Chưa đánh giá", "Đạt", "đạt thêm")
    refused = client.get(reverse("compare_workbook", args=["02"]), {"with": "999"})
    assert refused.status_code == 404


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
