"""The page of one criterion: the overview's figures, and the indicators that hold communes back."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Role
from criteria import months
from criteria.models import Basis, Responsibility
from criteria.rules.types import Outcome
from reports.criterion_page import CriterionPage, UnknownCriterion, criterion_page
from reports.overview import overview
from reports.workbook import HEAD_ROW
from tests.criteria.reviewing import send_back
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_commune, make_department, make_district, make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES = 25
FIRST = HEAD_ROW + 2


@pytest.fixture
def world(client) -> World:
    return signed_in(client, make_world(communes=4))


def signed_in(client, world: World) -> World:
    """A member of the committee of the province reads."""
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    return world


def page_of(world: World, number: int = 1, on: date = JANUARY, unit=None) -> CriterionPage:
    page = criterion_page(unit or world.province, on, number)
    assert page is not None
    return page


def get(client, world: World, number: int = 1, *, name: str = "criterion", status=200, **query):
    answer = client.get(reverse(name, args=[world.province.code, number]), query)
    assert answer.status_code == status
    return answer


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def assess(world: World) -> None:
    """One commune met, one held back by 1.1, one by both, one not assessed on 1.2."""
    met, by_one, by_both, unfinished = world.communes
    for commune, value, verdict in (
        (met, 90, Outcome.MET),
        (by_one, 10, Outcome.MET),
        (by_both, 20, Outcome.NOT_MET),
    ):
        world.save(commune, "1.1", value)
        world.save(commune, "1.2", verdict=verdict)
    world.save(unfinished, "1.1", 85)


def test_the_counts_are_those_of_the_overview(world):
    assess(world)
    other = make_district(province=world.province, code="027", name="Mèo Vạc")
    make_commune(parent=other)
    for number in (1, 2):
        page = page_of(world, number)
        (row,) = [r for r in overview(world.province, JANUARY).criteria if r.count.number == number]
        assert page.standing.count == row.count
        assert page.standing.missing == row.missing
        assert sum(group.standing.count.met for group in page.groups) == row.count.met
        assert sum(group.standing.count.communes for group in page.groups) == row.count.communes
        assert sum(len(group.communes) for group in page.groups) == row.count.communes
        assert sum(page.standing.outcomes.values()) == row.count.communes


def test_each_indicator_counts_the_communes_that_miss_it(world):
    assess(world)
    page = page_of(world)
    counts = [(r.indicator.code, r.not_met, r.not_assessed, r.met) for r in page.indicators]
    assert counts == [("1.1", 2, 0, 2), ("1.2", 1, 1, 2)]
    assert page.indicators_heading == "Chỉ tiêu 1.1 giữ chân nhiều xã nhất: 2 xã chưa đạt"
    assert (page.standing.not_met, page.standing.not_assessed) == (2, 1)
    assert page.communes_heading == "2 xã chưa đạt, 1 xã chưa đánh giá"


def test_a_commune_with_a_conclusion_is_not_counted_by_indicators(world):
    world.save(world.communes[0], "1.1", 10)
    world.record(world.communes[1], world.indicator("1*"), Outcome.NOT_MET, JANUARY)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    page = page_of(world)
    assert page.concluded == 1
    assert page.standing.not_met == 2
    (first, _) = page.indicators
    assert (first.not_met, first.not_assessed) == (1, 2)


def test_communes_still_to_do_stand_first_and_link_to_their_criterion(client, world):
    assess(world)
    (group,) = page_of(world).groups
    outcomes = [row.outcome for _, row in group.communes]
    assert outcomes == [Outcome.NOT_MET, Outcome.NOT_MET, Outcome.NOT_ASSESSED, Outcome.MET]
    assert group.communes[1][1].because_of == ("1.1", "1.2")
    text = text_of(get(client, world, on="2018-01-31"))
    link = reverse("commune", args=[world.communes[1].code]) + "?on=2018-01-31#criterion-1"
    assert f'href="{link}"' in text
    assert "vướng 1.1, 1.2" in text
    assert "Tiêu chí 1 Tiêu chí 1: <em>1/4</em> xã đạt, còn 3" in text
    assert "chưa đối chiếu với văn bản" not in text


def test_the_district_with_most_still_to_do_stands_first_and_has_its_own_page(client, world):
    assess(world)
    other = make_district(province=world.province, code="027", name="Mèo Vạc")
    for _ in range(5):
        make_commune(parent=other)
    page = page_of(world)
    assert [group.version.name for group in page.districts] == ["Mèo Vạc", "Đồng Văn"]
    assert page.districts_heading == "Huyện Mèo Vạc còn nhiều xã nhất: 5 xã"
    text = text_of(get(client, world))
    assert reverse("criterion", args=["027", 1]) + "?on=2018-01-31" in text
    inside = client.get(reverse("criterion", args=["026", 1]))
    assert "<em>1/4</em>" in inside.content.decode()
    assert page_of(world, unit=other).districts == []


def test_the_change_since_the_start_of_the_year_names_who_came_and_who_left(client, world):
    gained, lost, *_ = world.communes
    world.save(lost, "2", verdict=Outcome.MET)
    for number in range(1, 13):
        end = months.month_end(date(2018, number, 1))
        months.close(province=world.province.unit, month=end, by=None)
    world.save(lost, "2", verdict=Outcome.NOT_MET)
    world.save(gained, "2", verdict=Outcome.MET)
    page = page_of(world, 2, date(2019, 1, 31))
    assert (page.year_start.met, page.year_start.communes) == (1, 4)
    assert page.change == "không đổi"
    notes = {version.unit_id: row.note for version, row in page.groups[0].communes}
    assert notes[gained.unit_id] == "mới đạt trong năm; chờ xác nhận"
    assert notes[lost.unit_id] == "đầu năm đạt"
    assert page_of(world, 2, date(2018, 12, 31)).year_start is None
    assert queries(client, world, 2) <= MOST_QUERIES


def test_what_a_department_sent_back_does_not_wait_for_it(client, world):
    met, sent_back, not_met, again = world.communes
    for commune, verdict in ((met, Outcome.MET), (sent_back, Outcome.MET), (again, Outcome.MET)):
        world.save(commune, "2", verdict=verdict)
    world.save(not_met, "2", verdict=Outcome.NOT_MET)
    for commune in (sent_back, not_met, again):
        send_back(world, commune, number=2)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(again, "2", verdict=Outcome.NOT_MET, true_from=FEBRUARY)
    world.save(again, "2", verdict=Outcome.MET, true_from=FEBRUARY)
    for on, waiting, back in (
        (JANUARY, {met}, {sent_back, again}),
        (FEBRUARY, {met, again}, {sent_back}),
    ):
        page = page_of(world, 2, on)
        said = {version.unit_id: row.note for version, row in page.groups[0].communes}
        assert said == {
            one.unit_id: "chờ xác nhận" if one in waiting else "trả lại" for one in world.communes
        }
        assert (page.awaiting, page.sent_back) == (len(waiting), len(back))
    assert "1</b> xã bị trả lại" in text_of(get(client, world, 2))
    (*_, sheet) = load_workbook(
        BytesIO(get(client, world, 2, name="criterion_workbook").content)
    ).worksheets
    told = [row[4].value for row in sheet.iter_rows(min_row=FIRST)]
    assert sorted(filter(None, told)) == ["chờ xác nhận"] * 2 + ["trả lại"] * 2
    assert queries(client, world, 2) <= MOST_QUERIES


def test_a_closed_month_answers_as_it_was_closed_on_its_basis(client, world):
    assess(world)
    months.close(province=world.province.unit, month=JANUARY, by=None, basis=Basis.CONFIRMED)
    world.save(world.communes[1], "1.1", 95, true_from=JANUARY)
    closed = page_of(world)
    assert closed.standing.count.met == 0
    assert [row.not_assessed for row in closed.indicators] == [4, 4]
    assert (closed.reported.count.met, closed.awaiting) == (1, 1)
    assert "số liệu đã xác nhận" in text_of(get(client, world, on="2018-01-31"))
    assert page_of(world, on=FEBRUARY).standing.count.met == 2


def test_the_department_and_the_level_say_when_they_were_not_checked(client):
    world = signed_in(
        client,
        make_world(communes=1, regions={"1.1": {"national": 80, "tdmnpb": 70}}, unverified=["1.1"]),
    )
    Responsibility.objects.create(
        criterion_id=world.asked.criteria[0].id,
        department=make_department(name="Sở Y tế"),
        province=world.province.unit,
        valid=DateRange(date(2017, 1, 1), None),
    )
    text = text_of(get(client, world))
    assert '<b>Sở Y tế</b> <span class="unchecked">(chưa đối chiếu)</span>' in text
    assert "<b>≥ 70</b>" in text
    assert "chưa đối chiếu với văn bản" in text
    assert "chưa ghi cơ quan nào" in text_of(get(client, world, 2))


def test_levels_of_commune_groups_stand_side_by_side(client):
    levels = {"1.1": {"group:nhom1": 90, "group:nhom2": 60}}
    world = signed_in(client, make_world(communes=1, regions=levels))
    text = text_of(get(client, world))
    assert "Nhóm nhom1: <b>≥ 90</b>" in text
    assert "Nhóm nhom2: <b>≥ 60</b>" in text
    assert "Chưa có mức quy định" not in text


def test_nothing_assessed_and_no_set_say_so(client, world):
    text = text_of(get(client, world))
    assert "<em>4</em> xã chưa có kết quả đánh giá" in text
    assert 'class="figures"' not in text
    none = text_of(get(client, world, on="2013-06-30"))
    assert "chưa áp dụng bộ tiêu chí nào" in none
    get(client, world, name="criterion_workbook", status=404, on="2013-06-30")


def test_a_number_that_the_set_does_not_have_is_not_found(client, world):
    for name in ("criterion", "criterion_workbook"):
        for number in (0, 3, 20, 10**30):
            get(client, world, number, name=name, status=404)
    assert client.get(f"/overview/{world.province.code}/criteria/một/").status_code == 404
    commune = reverse("criterion", args=[world.communes[0].code, 1])
    assert client.get(commune).status_code == 404
    with pytest.raises(UnknownCriterion):
        criterion_page(world.province, JANUARY, 3)


def test_the_overview_leads_to_the_criterion_of_the_same_day(client, world):
    assess(world)
    answer = client.get(reverse("overview", args=["02"]), {"on": "2018-01-31"})
    assert reverse("criterion", args=["02", 1]) + "?on=2018-01-31" in answer.content.decode()
    assert reverse("overview_workbook", args=["02"]) + "?on=2018-01-31" in answer.content.decode()


def test_the_number_of_queries_stays_small_whatever_the_number_of_communes(client, world):
    assess(world)
    few = queries(client, world)
    district = make_district(province=world.province, code="027", name="Mèo Vạc")
    for _ in range(30):
        make_commune(parent=district)
    assert queries(client, world) == few <= MOST_QUERIES
    months.close(province=world.province.unit, month=JANUARY, by=None)
    assert queries(client, world, on="2018-01-31") <= MOST_QUERIES
    assert queries(client, world, on="2018-01-15") <= MOST_QUERIES


def queries(client, world: World, number: int = 1, **query) -> int:
    get(client, world, number, **query)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get(client, world, number, **query)
    return len(captured)


def test_the_workbook_holds_the_figures_of_the_page(client, world):
    assess(world)
    answer = get(client, world, name="criterion_workbook", on="2018-01-31")
    assert "ntm-tinh-ha-giang-tieu-chi-1-2018-01-31" in answer.headers["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    page = page_of(world)

    def rows(name: str, count: int) -> list[list[object]]:
        found = book[name].iter_rows(min_row=FIRST, max_row=FIRST + count - 1, values_only=True)
        return [list(row) for row in found]

    assert rows("Tổng hợp", 2) == [
        ["Số liệu xã báo cáo", 4, 1, 0.25, 2, 1, 0],
        ["Số liệu đã xác nhận", 4, 0, 0, 0, 4, 0],
    ]
    assert [row[0:1] + row[5:7] for row in rows("Chỉ tiêu", 2)] == [
        [found.indicator.code, found.not_met, found.not_assessed] for found in page.indicators
    ]
    assert rows("Huyện", 2) == [
        ["Huyện Đồng Văn", 4, 1, 0.25, 2, 1, 0],
        ["Toàn tỉnh", 4, 1, 0.25, 2, 1, 0],
    ]
    assert [(row[0], row[3]) for row in rows("Xã", 4)] == [
        (version.full_name, ", ".join(row.because_of)) for version, row in page.groups[0].communes
    ]
    assert all("tính đến 31/01/2018" in sheet["A2"].value for sheet in book)
