"""The overview and the commune page: what they say, and how many queries they need."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Department, RegisterPeriod, Role, UnitVersion
from criteria import entry, months, recognition, sets, standings
from criteria.models import Basis, CriteriaSet, Result
from criteria.rules.types import Outcome
from tests.criteria.mergers import make_merger
from tests.criteria.reviewing import confirm, send_back
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_district,
    make_register_period,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=4)
    user = make_user()
    for role in (Role.COMMITTEE,):
        Assignment.objects.create(user=user, role=role, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    return world


def page(client, world, name="overview", unit=None, **query) -> str:
    address = reverse(name, args=[(unit or world.province).code])
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_headline_names_recognised_and_average_with_their_base(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    recognition.recognise(
        units=[world.communes[0].unit],
        tier="standard",
        set_version=sets.version_in_force(CriteriaSet.objects.get(), JANUARY),
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2017,
        by=None,
    )
    text = page(client, world)
    assert "1/4" in text
    assert "25,0%" in text
    assert "0,25" in text
    assert "SỐ LIỆU MÔ PHỎNG" in text
    assert "Mới có kết quả của" in text
    assert "12/QĐ-UBND" in page(client, world, "commune", world.communes[0])


def test_a_province_without_results_has_no_average_and_says_so(client, world):
    text = page(client, world)
    assert "0,00" not in text
    assert "chưa có kết quả" in text.lower()


def test_a_criterion_withdrawn_after_its_confirmation_is_no_negative_number(client, world):
    first, second = world.communes[:2]
    for commune in (first, second):
        world.save(commune, "2", verdict=Outcome.MET)
    world.review(first, 2, [Result.objects.get(unit_id=first.unit_id).pk])
    world.save(first, "2", verdict=Outcome.NOT_MET)
    standings.rebuild(province=world.province.unit, on=JANUARY)
    text = page(client, world)
    assert "Còn 1 tiêu chí xã báo cáo đạt mà sở, ngành chưa xác nhận" in text
    assert "0,0<small>%</small>" in text


def test_districts_without_results_are_not_said_to_lead(client, world):
    make_commune(parent=make_district(province=world.province, code="027", name="Mèo Vạc"))
    text = page(client, world)
    assert "Kết quả theo huyện, thành phố" in text
    assert "dẫn đầu" not in text


def test_a_province_without_communes_says_what_to_do(client):
    world = make_world(communes=0)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    text = page(client, world)
    assert "không có xã nào tham gia Chương trình" in text
    assert "Hãy chọn ngày khác" in text


def test_an_open_month_and_a_closed_one_say_which_they_are(client, world):
    assert "Đang cập nhật" in page(client, world)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    assert "Đã chốt" in page(client, world, on="2018-01-31")


@pytest.mark.parametrize("day", ["2021-06-30", "hôm nay", "2018-02-30", "2031-12-31", "9999-12-31"])
def test_a_day_that_cannot_be_shown_gets_a_page_with_the_way_back(client, world, day):
    RegisterPeriod.objects.all().delete()
    make_register_period(valid=days(date(2016, 12, 1), date(2020, 1, 1)))
    answer = client.get(reverse("overview", args=["02"]), {"on": day})
    assert answer.status_code == 422
    assert "/overview/02/?on=2018-01-31" in answer.content.decode()


def test_a_working_month_whose_units_were_not_loaded_opens_on_the_last_day_that_was(client, world):
    RegisterPeriod.objects.all().delete()
    make_register_period(valid=days(date(2016, 12, 1), date(2018, 2, 1)))
    months.close(province=world.province.unit, month=JANUARY, by=None)
    assert "31/01/2018" in page(client, world)


def test_errors_of_the_demo_are_in_vietnamese(client, world, settings):
    settings.DEMO = settings.DEBUG = True
    for address in ("/nowhere/", reverse("overview", args=["99"])):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Không tìm thấy trang này" in answer.content.decode()


def test_why_a_criterion_is_not_met_stands_on_the_commune_page(client, world):
    commune = world.communes[0]
    world.save(commune, "1.1", 10)
    world.save(commune, "1.2", verdict=Outcome.MET)
    text = page(client, world, "commune", commune)
    assert "0/2" in text
    assert "1.1" in text
    assert "Chưa đạt" in text


def test_a_criterion_on_the_commune_page_leads_to_the_province_for_whoever_may_read_it(
    client, world
):
    commune = world.communes[0]
    link = reverse("criterion", args=[world.province.code, 1])
    assert f'href="{link}?on=2018-01-31"' in page(client, world, "commune", commune)
    officer = make_user()
    Assignment.objects.create(user=officer, role=Role.COMMUNE, unit=commune.unit, valid=ALWAYS)
    client.force_login(officer)
    assert link not in page(client, world, "commune", commune)


def test_the_number_of_queries_does_not_grow_with_the_communes(
    client, world, django_assert_max_num_queries
):
    months.close(province=world.province.unit, month=JANUARY, by=None)
    page(client, world)
    with django_assert_max_num_queries(20):
        page(client, world, on="2018-01-31")
    with django_assert_max_num_queries(20):
        page(client, world)
    for day in ({"on": "2018-01-31"}, {}):  # its situation of the day is kept
        page(client, world, "commune", world.communes[0], **day)
    with django_assert_max_num_queries(23):
        page(client, world, "commune", world.communes[0], on="2018-01-31")
    with django_assert_max_num_queries(27):
        page(client, world, "commune", world.communes[0])


def test_the_entry_sheet_asks_for_set_and_closing_once(
    client, world, django_assert_max_num_queries
):
    officer = make_user()
    Assignment.objects.create(
        user=officer, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
    )
    client.force_login(officer)
    page(client, world, "entry", world.communes[0])
    with django_assert_max_num_queries(25):
        page(client, world, "entry", world.communes[0])


def test_each_role_is_led_to_its_place(client, world):
    commune = world.communes[0]
    places = {
        Role.COMMUNE: (commune.unit, reverse("work")),
        Role.DEPARTMENT: (world.province.unit, reverse("work")),
        Role.OFFICE: (world.province.unit, reverse("work")),
        Role.COMMITTEE: (world.province.unit, reverse("overview", args=["02"])),
    }
    for role, (unit, place) in places.items():
        user = make_user()
        department = (
            Department.objects.create(code="so", name="Sở") if role == Role.DEPARTMENT else None
        )
        Assignment.objects.create(
            user=user, role=role, unit=unit, department=department, valid=ALWAYS
        )
        client.force_login(user)
        assert client.get("/").url == place


@pytest.fixture
def nearly_confirmed(world) -> UnitVersion:
    """A commune that reports 2 of 2 criteria, of which 1 is confirmed."""
    commune = world.communes[0]
    world.save(commune, "1.1", 90)
    world.save(commune, "1.2", verdict=Outcome.MET)
    world.save(commune, "2", verdict=Outcome.MET)
    confirm(world, commune, number=1)
    return commune


@pytest.mark.parametrize(
    ("basis", "headline", "second", "missing", "remark"),
    [
        ("", "2/2", ("met", "Đạt"), False, ""),
        ("reported", "2/2", ("met", "Đạt"), False, ""),
        ("confirmed", "1/2", ("not_assessed", "Chưa đánh giá"), True, "số liệu đã xác nhận"),
    ],
)
@pytest.mark.parametrize("closed_by", ["", "confirmed"])
def test_the_commune_page_counts_on_the_basis_that_is_asked_for(
    client, world, nearly_confirmed, basis, headline, second, missing, remark, closed_by
):
    """Where the province closed its month on confirmed data, that is its own basis."""
    if closed_by:
        months.close(province=world.province.unit, month=JANUARY, by=None, basis=Basis(closed_by))
        remark = "số liệu xã báo cáo" if basis == "reported" else ""
        if not basis:
            headline, second, missing = "1/2", ("not_assessed", "Chưa đánh giá"), True
    asked = {"on": "2018-01-31", "basis": basis}
    text = page(client, world, "commune", nearly_confirmed, **asked)
    assert f"đạt <em>{headline}</em> tiêu chí" in text
    number = world.asked.criteria[1].number
    outcome, words = second
    assert re.search(rf'<a class="{outcome}" href="#criterion-{number}"[^>]*: {words}"', text)
    assert f'<tr class="criterion {outcome}"> <td class="no">{number}</td>' in text
    assert ("Còn thiếu:" in text) == missing
    assert ("chưa xác nhận chỉ tiêu 2; xã báo cáo: đạt" in text) == missing
    assert re.findall("Đang xem theo <b>(.*?)</b>", text) == ([remark] if remark else [])
    (place,) = re.findall(r"<em>(\d/2)</em>", text)
    rows = page(client, world, "matrix", **asked)
    assert f"{place[0]}<small>/2</small>" in rows


@pytest.mark.parametrize("closed", [False, True])
def test_the_indicators_of_the_commune_follow_the_basis(client, world, closed):
    commune, february = world.communes[0], date(2018, 2, 28)
    world.save(commune, "1.1", 90)
    world.save(commune, "1.2", verdict=Outcome.MET, note="Đủ hồ sơ")
    confirm(world, commune, number=1)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(commune, "1.1", 71.5)
    checked = Result.objects.get(unit=commune.unit, indicator=world.indicator("1.2"))
    entry.void(result=checked, reason="Ghi nhầm xã", by=world.officer)
    world.save(commune, "2", verdict=Outcome.MET)
    if closed:
        months.close(province=world.province.unit, month=february, by=None)
    asked = {"on": february.isoformat()}
    rows, queries = {}, {}
    for basis in Basis.values:
        with CaptureQueriesContext(connection) as seen:
            text = page(client, world, "commune", commune, **asked, basis=basis)
        queries[basis] = len(seen.captured_queries)
        parts = re.split(r'<tr id="indicator-([^"]+)">', text.split("</table>")[0])
        rows[basis] = dict(zip(parts[1::2], parts[2::2], strict=True))
    reported, confirmed = rows["reported"], rows["confirmed"]
    assert queries["confirmed"] <= queries["reported"] + 1
    assert "71,5" in reported["1.1"]
    assert "còn thiếu 8,5" in reported["1.1"]
    assert "Đủ hồ sơ" not in reported["1.2"]
    assert not any("kết quả mới" in row or "đã được bỏ" in row for row in reported.values())
    cell = reverse("cell", args=[commune.code, "1.1"])
    assert "90 <small>%" in confirmed["1.1"]
    assert "còn thiếu" not in confirmed["1.1"]
    assert "✓</span> Đạt" in confirmed["1.1"]
    assert f'<a href="{cell}?on=2018-02-28&amp;basis=confirmed">kết quả mới chờ' in confirmed["1.1"]
    assert "Đủ hồ sơ" in confirmed["1.2"]
    assert "kết quả này đã được bỏ, chờ xác nhận" in confirmed["1.2"]
    assert "Chưa đánh giá" in confirmed["2"]
    assert ">chờ xác nhận<" in confirmed["2"]
    assert "2/3 chỉ tiêu có kết quả đã xác nhận" in text
    book = client.get(reverse("commune_workbook", args=[commune.code]), asked | {"basis": basis})
    told = [[c.value for c in row] for row in load_workbook(BytesIO(book.content)).active.rows]
    assert "Số liệu đã xác nhận" in told[1][0]
    assert told[2][0].startswith("Đã xác nhận đạt 1/2 tiêu chí; xã báo cáo 1.")
    assert [(row[1], row[3], row[8], row[10]) for row in told if row[1] in ("1.1", "2")] == [
        ("1.1", 90, "Đạt", "đã xác nhận; kết quả mới chờ xác nhận"),
        ("2", None, "Chưa đánh giá", "chờ xác nhận"),
    ]


def test_a_new_result_that_was_sent_back_is_marked_beside_the_confirmed_one(
    client, world, nearly_confirmed
):
    world.save(nearly_confirmed, "1.1", 71.5)
    send_back(world, nearly_confirmed, number=1)
    asked = {"on": "2018-01-31", "basis": "confirmed"}
    assert "kết quả mới bị trả lại" in page(client, world, "commune", nearly_confirmed, **asked)
    cell = client.get(reverse("cell", args=[nearly_confirmed.code, "1.1"]), asked).content.decode()
    assert "Chưa tính: bị trả lại" in cell


def test_basis_and_set_go_along_from_every_commune_to_its_page(client, world, nearly_confirmed):
    asked = {"on": "2018-01-31", "basis": "confirmed", "set": world.asked.code}
    end = f"?on=2018-01-31&amp;set={world.asked.code}&amp;basis=confirmed"
    address = reverse("commune", args=[nearly_confirmed.code])
    for name in ("overview", "matrix", "criterion"):
        more = [1] if name == "criterion" else []
        text = client.get(reverse(name, args=[world.province.code, *more]), asked).content.decode()
        found = set(re.findall(rf'href="{address}([^"#]*)', text))
        assert found == {end}, name
    cell = reverse("cell", args=[nearly_confirmed.code, "2"])
    assert f'href="{cell}{end}"' in page(client, world, "commune", nearly_confirmed, **asked)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    confirm(world, world.communes[1], number=2)
    text = page(client, world, "position", nearly_confirmed, **asked)
    assert 'class="mine" title="2 xã đạt 1 tiêu chí"' in text


def test_the_page_of_an_ended_unit_names_who_carries_it_on(client):
    merger = make_merger()
    reader = make_user()
    unit = merger.world.province.unit
    Assignment.objects.create(user=reader, role=Role.COMMITTEE, unit=unit, valid=ALWAYS)
    client.force_login(reader)
    address = reverse("commune", args=[merger.old[0].code])
    said = client.get(address, {"on": "2018-01-31"})
    assert said.status_code == 422
    assert f'href="/communes/{merger.new.code}/?on=2018-01-31">Xã Mới</a>' in said.content.decode()
    slip = client.get(address, {"on": "2018-01-40"}).content.decode()
    assert "như đã chọn" in slip
    assert "kế thừa" not in slip
