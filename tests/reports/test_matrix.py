"""Bảng xã – tiêu chí: the rows are those of the figures, sorted, filtered, with their sums."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from communes.models import Assignment, Role
from criteria.figures import figures
from criteria.knowledge import Knowledge
from criteria.plans import acts
from criteria.rules.types import Outcome
from reports.matrix import Filters, Matrix, Sort, matrix
from reports.workbook import HEAD_ROW
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_commune, make_district, make_province, make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES = 20


@pytest.fixture
def world(client) -> World:
    """Five communes: all criteria met, one lacking, two lacking, nothing known; one elsewhere."""
    world = make_world(communes=4)
    reader = make_user()
    Assignment.objects.create(
        user=reader, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(reader)
    all_met, lacks_first, lacks_both, _ = world.communes
    for commune, first, second in (
        (lacks_both, 10, Outcome.NOT_MET),
        (lacks_first, 10, Outcome.MET),
        (all_met, 90, Outcome.MET),
    ):
        world.save(commune, "1.1", first)
        world.save(commune, "1.2", verdict=Outcome.MET)
        world.save(commune, "2", verdict=second)
    other = make_district(province=world.province, code="027", name="Mèo Vạc")
    world.communes.append(make_commune(parent=other, name="Ở huyện khác"))
    return world


def page(world: World, **asked: str) -> Matrix:
    return matrix(figures(world.province, JANUARY), Filters.read(asked))


def names(world: World, **asked: str) -> list[int]:
    """The communes shown, by their place in the world."""
    places = {commune.unit_id: place for place, commune in enumerate(world.communes)}
    found = page(world, **asked)
    return [places[line.unit_id] for _, lines in found.groups for line in lines]


def test_rows_and_sums_are_those_of_the_figures(world):
    answer, found = figures(world.province, JANUARY), page(world)
    by_unit = {line.unit_id: line for line in found.lines}
    for row in answer.rows:
        line = by_unit[row.unit_id]
        assert (line.met, line.of, line.outcomes) == (row.met, row.of, row.outcomes)
        if line.known:
            assert len(line.lacks) == row.of - row.met
    assert [found.met_by_number[one.number] for one in answer.headline.criteria] == [
        one.met for one in answer.headline.criteria
    ]
    assert found.heading == "1/5 xã đạt đủ tiêu chí, 2 xã chỉ còn thiếu 1–2 tiêu chí"


def test_the_nearest_to_the_standard_stand_first_and_the_unknown_last(world):
    assert names(world)[:3] == [0, 1, 2]
    assert set(names(world)[3:]) == {3, 4}
    assert names(world, sort="name") == [4, 0, 1, 2, 3]
    assert names(world, sort="district")[-1] == 4
    heads = [head.name for head, _ in page(world, sort="district").groups]
    assert heads == ["Huyện Đồng Văn", "Huyện Mèo Vạc"]
    assert Filters.read({"sort": "khác", "missing": "x"}) == Filters()


def test_filters_leave_what_they_say(world):
    before = Knowledge(at=timezone.now())
    acts.register(units=[world.communes[1].unit], year=2018, tier="standard", by=world.officer)
    assert names(world, district="027") == [4]
    assert set(names(world, missing="2")) == {2, 3, 4}
    assert names(world, bracket="2") == [0]
    assert set(names(world, bracket="none")) == {3, 4}
    assert names(world, registered="1") == [1]
    assert names(world, registered="1", missing="2") == []
    earlier = figures(world.province, JANUARY, known=before)
    assert matrix(earlier, Filters(registered=True)).shown == []
    asked = page(world, district="027", missing="2", bracket="none", registered="1").asks
    assert asked == (
        "Huyện Mèo Vạc · Chưa đánh giá · thiếu tiêu chí 2 Tiêu chí 2 · đăng ký năm 2018"
    )


def test_each_cell_leads_to_its_reasons_and_says_its_verdict(client, world):
    address = reverse("matrix", args=[world.province.code])
    text = client.get(address, {"on": "2018-01-31", "known": "now"}).content.decode()
    commune = reverse("commune", args=[world.communes[1].code])
    cell = re.search(rf'<td class="not_met"><a href="{commune}([^"]*)" aria-label="([^"]*)">', text)
    assert cell.groups() == ("?on=2018-01-31&amp;known=now#criterion-1", "Chưa đạt")
    assert "Thiếu 1 Tiêu chí 1</span>" in text
    assert "Số xã đạt trên 5 xã" in text
    sums = [one.met for one in figures(world.province, JANUARY).headline.criteria]
    assert "".join(f'<td class="num">{met}</td>' for met in sums) + "</tr></tfoot>" in text
    inside = client.get(reverse("matrix", args=["027"]), {"on": "2018-01-31"}).content.decode()
    assert "Ở huyện khác" in inside
    assert world.communes[0].full_name not in inside


def test_a_choice_swaps_only_the_table_and_names_the_address(client, world):
    address = reverse("matrix", args=[world.province.code])
    asked = {"on": "2018-01-31", "sort": "name", "district": "", "missing": "2"}
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, asked, headers={"HX-Request": "true"})
    text = answer.content.decode().strip()
    assert text.startswith('<section id="matrix"')
    assert "<html" not in text
    assert answer["HX-Push-Url"] == f"{address}?on=2018-01-31&sort=name&missing=2"
    assert "HX-Request" in answer["Vary"]
    assert len(queries) <= MOST_QUERIES
    assert "Không có xã nào" in client.get(address, asked | {"bracket": "2"}).content.decode()


def test_the_workbook_holds_what_is_shown_in_its_order(client, world):
    address = reverse("matrix_workbook", args=[world.province.code])
    answer = client.get(address, {"on": "2018-01-31", "missing": "2"})
    # Browsers save as "download.xlsx" where the plain name is not ASCII.
    assert answer["Content-Disposition"].startswith('attachment; filename="ntm-tinh-ha-giang')
    sheet = load_workbook(BytesIO(answer.content))["Bảng xã – tiêu chí"]
    rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    assert rows[0] == ("Xã", "Huyện", "Công nhận", "Số tiêu chí đạt", "Còn thiếu", *rows[0][5:])
    assert rows[1][0] == world.communes[2].full_name
    assert rows[1][3:] == (0, 2, "", "")
    assert rows[-1][0] == "Số xã đạt trên 3 xã"
    assert "thiếu tiêu chí 2" in sheet["A3"].value


def test_a_day_without_a_set_and_a_province_without_communes_are_said(client, world):
    other = make_province(code="04", name="Cao Bằng", clock="04")
    reader = make_user()
    for unit in (world.province.unit, other.unit):
        Assignment.objects.create(user=reader, role=Role.COMMITTEE, unit=unit, valid=ALWAYS)
    client.force_login(reader)
    for code, day, said in (
        ("02", "2016-06-30", "chưa áp dụng bộ tiêu chí nào"),
        ("04", "2018-01-31", "không có xã nào tham gia Chương trình"),
    ):
        text = client.get(reverse("matrix", args=[code]), {"on": day}).content.decode()
        assert said in text
        assert Sort.MISSING.label not in text
