"""The history of a province: several sets, rearrangements, and the two readings of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from communes.audit import recording
from communes.models import Assignment, Kind, Role, UnitEvent, UnitVersion
from criteria import adoptions
from criteria.figures import figures
from criteria.models import Target
from reports import tasks
from reports.charts.timeline import Why
from reports.criterion_history import criterion_history
from reports.history import history
from reports.overview import overview
from reports.readings import Reading
from tests.criteria.factories_sets import make_set
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_province,
    make_user,
)
from tests.rearranged import end, rearrange
from tests.reports.frozen_months import close_with
from tests.reports.merging_provinces import CRITERIA, D2025, Country, told, two_provinces_that_merge

pytestmark = pytest.mark.django_db

NOV21, DEC21 = date(2021, 11, 30), date(2021, 12, 31)
JAN22, FEB22 = date(2022, 1, 31), date(2022, 2, 28)
MAY25, JUN25 = date(2025, 5, 31), date(2025, 6, 30)
JUL25, AUG25 = date(2025, 7, 31), date(2025, 8, 31)
DEC25, JAN26 = date(2025, 12, 31), date(2026, 1, 31)


@pytest.fixture
def country() -> Country:
    return two_provinces_that_merge()


def read(version: UnitVersion, on: date, reading: Reading = Reading.THEN):
    return history(version, figures(version, on), reading)


# ── One series over several sets ──────────────────────────────────────────────────────────────


def test_a_series_goes_on_over_a_change_of_set_and_each_point_names_its_own(country):
    for month, met in ((NOV21, 10), (DEC21, 12), (JAN22, 7), (FEB22, 8)):
        close_with(country.west, month, {country.a: met, country.b: met})
    found = read(country.west, FEB22)
    assert told(found) == [
        (NOV21, "10.00", 2),
        (DEC21, "12.00", 2),
        (JAN22, "7.00", 2),
        (FEB22, "8.00", 2),
    ]
    assert [found.sets[point.set_id] for point in found.points] == [
        "Bộ 1980/QĐ-TTg",
        "Bộ 1980/QĐ-TTg",
        "Bộ 318/QĐ-TTg",
        "Bộ 318/QĐ-TTg",
    ]
    (broken,) = found.line.breaks
    assert (broken.after, broken.label) == (1, "Từ 2022: Bộ 318/QĐ-TTg")
    assert found.heading == "Bình quân tăng 1,00 tiêu chí trong 1 tháng, từ 01/2022"
    assert [row.notes for row in found.rows] == [(), ("Từ 2022: Bộ 318/QĐ-TTg",), (), ()]


def test_the_same_series_comes_from_what_the_worker_prepared(country):
    for month, met in ((DEC21, 12), (JAN22, 7)):
        close_with(country.west, month, {country.a: met, country.b: met})
    before = told(read(country.west, JAN22))
    written = tasks.prepare_dashboards(country.west.unit_id)
    assert written == 8  # the province and its district, two sets, two bases
    assert told(read(country.west, JAN22)) == before


def test_months_of_a_set_that_did_not_lead_are_not_in_the_series(country):
    close_with(country.west, DEC21, {country.a: 12, country.b: 12})
    beside = make_set(
        "nang-cao", CRITERIA, tier="advanced", in_force_on=date(2016, 12, 1), period=(2016, 2021)
    )
    close_with(country.west, NOV21, {country.a: 2, country.b: 2}, set=beside)
    assert told(read(country.west, DEC21)) == [(DEC21, "12.00", 2)]
    adoptions.adopt(province=country.west.unit, set=beside, from_on=NOV21, decision="Thử", by=None)
    # What leads is decided when it is read: the months of the other set are there already.
    assert told(read(country.west, NOV21)) == [(NOV21, "2.00", 2)]


def test_a_set_of_ten_criteria_is_never_joined_to_one_of_nineteen(country):
    close_with(country.province, DEC25, {country.x: 12, country.y: 12})
    close_with(country.province, JAN26, {country.x: 4, country.y: 5})
    found = read(country.province, JAN26)
    assert [point.of for point in found.points] == [19, 10]
    assert [len(part) for part in found.line.segments] == [1, 1]
    assert found.heading == "So với tháng trước không so sánh được: đổi bộ tiêu chí"
    page = overview(country.province, JAN26)
    assert page.year_start is None
    assert page.not_comparable == "không so sánh được: đổi bộ tiêu chí"
    assert (page.recognised_change, page.average_change) == ("", "")
    assert all(row.before is None for row in page.brackets)


# ── Breaks where units change ─────────────────────────────────────────────────────────────────


def test_the_line_breaks_on_the_day_that_communes_of_the_unit_changed(country):
    for month in (NOV21, DEC21):
        close_with(country.west, month, {country.a: 10, country.b: 12})
    merged = make_commune(parent=country.west, name="AB", valid=days(date(2022, 1, 1), D2025))
    end(country.a, date(2022, 1, 1))
    end(country.b, date(2022, 1, 1))
    rearrange(date(2022, 1, 1), {(country.a, merged): "whole", (country.b, merged): "whole"})
    close_with(country.west, JAN22, {merged: 11})
    found = read(country.west, JAN22)
    assert {b.label for b in found.line.breaks} == {
        "01/01/2022: sắp xếp đơn vị hành chính",
        "Từ 2022: Bộ 318/QĐ-TTg",
    }
    # The other province had no part in it.
    close_with(country.east, DEC21, {country.c: 10, country.d: 12})
    close_with(country.east, JAN22, {country.c: 10, country.d: 12})
    assert [b.why for b in read(country.east, JAN22).line.breaks] == [Why.SET]


@pytest.mark.parametrize(
    ("kind", "withdrawn", "label"),
    [
        (UnitEvent.Kind.RECLASSIFY, False, "15/02/2022: đơn vị chuyển loại"),
        (UnitEvent.Kind.MOVE, False, "15/02/2022: đơn vị chuyển địa bàn"),
        (UnitEvent.Kind.RENAME, False, None),
        (UnitEvent.Kind.RECLASSIFY, True, None),
    ],
)
def test_a_change_of_kind_breaks_the_line_and_a_new_name_does_not(country, kind, withdrawn, label):
    for month in (JAN22, FEB22):
        close_with(country.west, month, {country.a: 10, country.b: 12})
    day = date(2022, 2, 15)
    old = end(country.b, day)
    make_commune(
        parent=country.west, name="Mới", kind=Kind.TOWNSHIP, valid=days(day, D2025), unit=old.unit
    )
    rearrange(day, {}, kind=kind, changed=(old,), withdrawn=withdrawn)
    found = read(country.west, FEB22)
    assert [b.label for b in found.line.breaks] == ([label] if label else [])


def test_communes_outside_the_programme_break_nothing(country):
    for month in (JAN22, FEB22):
        close_with(country.west, month, {country.a: 10, country.b: 12})
    day = date(2022, 2, 15)
    wards = [
        make_commune(parent=country.west, name=name, kind=Kind.WARD, valid=days(first, until))
        for name, first, until in (("P1", None, day), ("P2", None, day), ("P3", day, D2025))
    ]
    rearrange(day, {(wards[0], wards[2]): "whole", (wards[1], wards[2]): "whole"})
    assert read(country.west, FEB22).line.breaks == ()


# ── The two readings ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def closed(country) -> Country:
    """May and June 2025 of both old provinces, July and August of the new one."""
    for month, met in ((MAY25, 10), (JUN25, 12)):
        close_with(country.west, month, {country.a: met, country.b: met}, recognised=(country.a,))
        close_with(country.east, month, {country.c: met - 6, country.d: met - 8})
    for month in (JUL25, AUG25):
        close_with(country.province, month, {country.x: 9, country.y: 8})
    return country


def test_as_it_was_a_province_shows_its_own_months_alone(closed):
    found = read(closed.province, AUG25)
    assert told(found) == [(JUL25, "8.50", 2), (AUG25, "8.50", 2)]
    assert found.reading.label == "Theo đơn vị hành chính lúc báo cáo"


def test_on_today_s_units_the_old_provinces_are_added_numerators_and_denominators(closed):
    found = read(closed.province, AUG25, Reading.TODAY)
    assert found.reading.label == "Theo đơn vị hành chính hiện nay"
    # (10 + 10 + 4 + 2) ÷ 4 and (12 + 12 + 6 + 4) ÷ 4, never the mean of two means
    assert told(found) == [
        (MAY25, "6.50", 4),
        (JUN25, "8.50", 4),
        (JUL25, "8.50", 2),
        (AUG25, "8.50", 2),
    ]
    assert [point.recognised for point in found.points] == [1, 1, 0, 0]
    assert dict(found.points[0].brackets) == {
        "19 tiêu chí": 0,
        "5–18 tiêu chí": 2,
        "Dưới 5 tiêu chí": 2,
    }
    assert found.gaps == ()
    assert [unit.full_name for unit in found.members] == ["Tỉnh Hà Giang", "Tỉnh Tuyên Quang"]
    (broken,) = found.line.breaks
    assert broken.label == "01/07/2025: sắp xếp đơn vị hành chính"


def test_a_month_that_one_of_them_lacks_is_left_out_and_said(country):
    close_with(country.west, date(2025, 4, 30), {country.a: 10, country.b: 10})
    for month in (MAY25, JUN25):
        close_with(country.west, month, {country.a: 10, country.b: 10})
    close_with(country.east, MAY25, {country.c: 4, country.d: 4})
    close_with(country.province, JUL25, {country.x: 9, country.y: 8})
    found = read(country.province, JUL25, Reading.TODAY)
    assert [month for month, *_ in told(found)] == [MAY25, JUL25]
    assert found.gaps == (
        "04/2025: thiếu số liệu của Tỉnh Tuyên Quang (cũ), nên để trống.",
        "06/2025: thiếu số liệu của Tỉnh Tuyên Quang (cũ), nên để trống.",
    )


def test_without_any_month_of_theirs_the_page_says_so(country):
    close_with(country.province, JUL25, {country.x: 9, country.y: 8})
    found = read(country.province, JUL25, Reading.TODAY)
    assert [month for month, *_ in told(found)] == [JUL25]
    assert found.gaps == (
        "Trước 01/07/2025: chưa có số liệu của Tỉnh Hà Giang, Tỉnh Tuyên Quang (cũ) để cộng.",
    )


def test_months_counted_by_two_sets_are_not_added(closed):
    overlay = make_set("cua-tinh", CRITERIA, base="bo-318", in_force_on=date(2025, 1, 1))
    adoptions.adopt(
        province=closed.east.unit,
        set=overlay,
        from_on=date(2025, 6, 1),
        decision="Thử",
        by=None,
    )
    close_with(closed.east, date(2025, 4, 30), {closed.c: 1, closed.d: 1})
    found = read(closed.province, AUG25, Reading.TODAY)
    assert MAY25 in [month for month, *_ in told(found)]
    assert JUN25 not in [month for month, *_ in told(found)]


def test_a_province_that_went_over_in_part_is_not_added(closed):
    other = make_province(code="20", name="Lạng Sơn", valid=days(None, D2025))
    rearrange(D2025, {(other, closed.province): "part"})
    found = read(closed.province, AUG25, Reading.TODAY)
    assert [month for month, *_ in told(found)] == [JUL25, AUG25]
    assert found.gaps == (
        "05/2025–06/2025: Tỉnh Lạng Sơn chỉ nhập một phần nên không cộng được, nên để trống.",
    )


def test_a_closed_month_is_read_as_it_was_frozen_in_either_reading(closed):
    before = told(read(closed.province, AUG25, Reading.TODAY))
    tasks.prepare_dashboards(closed.province.unit_id)
    tasks.prepare_dashboards(closed.west.unit_id)
    assert told(read(closed.province, AUG25, Reading.TODAY)) == before
    assert Decimal(before[0][1]) == Decimal("6.50")


def test_a_province_whose_communes_alone_changed_reads_the_same_both_ways(closed):
    for month in (MAY25, JUN25):
        then, today = (read(closed.west, month, reading) for reading in Reading)
        assert told(then) == told(today)


# ── The page ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def page(client, closed):
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=closed.province.unit, valid=ALWAYS)
    client.force_login(user)

    def ask(code: str = "08", name: str = "overview", *more: int, **query) -> str:
        answer = client.get(reverse(name, args=[code, *more]), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return ask


def test_the_page_offers_both_readings_and_keeps_the_day_in_their_links(page):
    text = page(on="2025-08-31")
    assert "Theo đơn vị hành chính lúc báo cáo" in text
    assert 'href="?on=2025-08-31&amp;reading=today#trend"' in text
    assert 'href="?on=2025-08-31&amp;reading=then#trend" aria-current="true"' in text
    assert 'hx-get="?on=2025-08-31&amp;reading=today" hx-target="#trend"' in text
    assert "05/2025" not in text
    text = page(on="2025-08-31", reading="today")
    assert 'href="?on=2025-08-31&amp;reading=today#trend" aria-current="true"' in text
    assert "05/2025" in text
    assert "01/07/2025: sắp xếp đơn vị hành chính" in text
    assert "Trước 01/07/2025, Tỉnh Tuyên Quang là tổng của" in text
    assert "/overview/02/?on=2025-06-30" in text


def test_the_target_of_the_year_is_drawn_and_said_where_the_headline_set_is_shown(
    page, country, make_target
):
    assert "Kế hoạch 2025" not in page(on="2025-08-31")
    make_target(country.province, 2025, "9.5")
    make_target(country.province, 2025, "10.25")
    make_target(country.province, 2024, "3")
    text = page(on="2025-08-31")
    assert 'class="level"' in text
    assert "Kế hoạch 2025: 10,25." in text  # read out with the drawing
    assert '"dash": "dash"' in text
    assert "Nét đứt: chỉ tiêu kế hoạch của năm." in text
    assert ">Kế hoạch 2025: 10,25</td>" in text  # beside the last month of the table
    assert "Kế hoạch 2024" not in text
    assert "Kế hoạch 2025" not in page(on="2025-08-31", group="border")
    before = country.province.unit.clock.changes.earliest("seq").at.isoformat()
    assert "Kế hoạch 2025" not in page(on="2025-08-31", known=before)


@pytest.fixture
def make_target():
    def record(province: UnitVersion, year: int, value: str) -> None:
        clock = province.unit.clock_id
        with recording(clock=clock, action="plans.target", by=None) as pending:
            Target.objects.create(
                unit_id=province.unit_id,
                year=year,
                what=Target.What.AVERAGE,
                value=Decimal(value),
                decision="18/KH-UBND",
                change_id=pending.id,
            )

    return record


def test_the_criterion_page_draws_the_communes_that_met_it_month_by_month(page):
    text = page("02", "criterion", 10, on="2025-06-30")
    assert 'id="trend"' in text
    assert "Số xã đạt từng tháng" in text
    row = text[text.index('data-value="2025-06-30"') :]
    assert '<td class="num">2</td>' in row[: row.index("</tr>")]
    assert 'id="trend"' not in page("02", "criterion", 10, on="2025-06-30", group="border")


def test_a_criterion_is_counted_in_the_months_of_its_own_set_prepared_or_not(country):
    for month, met in ((DEC21, 12), (JAN22, 7), (FEB22, 8)):
        close_with(country.west, month, {country.a: met, country.b: 7})
    answer = figures(country.west, FEB22)
    for _ in range(2):
        found = criterion_history(answer, 8)
        assert [(row.month, row.met, row.communes) for row in found.rows] == [
            (FEB22, 1, 2),
            (JAN22, 0, 2),
        ]
        assert found.heading == "Thêm 1 xã đạt trong 1 tháng"
        assert [words.text for words in found.drawing.scales] == ["xã đạt, trên 2"]
        tasks.prepare_dashboards(country.west.unit_id)


def test_criteria_met_and_tiers_stand_beside_the_month_before(country):
    close_with(country.west, JAN22, {country.a: 7, country.b: 7})
    close_with(country.west, FEB22, {country.a: 9, country.b: 7}, advanced=(country.a,))
    shown = overview(country.west, FEB22)
    assert (shown.met_this_month, shown.met_change) == ("+2", "")
    (tier,) = shown.tiers
    assert (tier.tier, tier.communes, tier.this_month, tier.change) == ("advanced", 1, "+1", "")


def test_an_unknown_reading_is_the_one_of_the_time_and_the_page_says_so(page):
    text = page(on="2025-08-31", reading="tomorrow")
    assert 'reading=then#trend" aria-current="true"' in text


def test_the_table_lists_set_communes_and_numerator_of_each_point(page):
    text = page(on="2025-08-31", reading="today")
    assert "Bộ 318/QĐ-TTg, 19 tiêu chí" in text
    row = text[text.index('data-value="2025-06-30"') :]
    row = row[: row.index("</tr>")]
    for cell in ("8,50", ">34<", ">4<", "1/4"):
        assert cell in row


def test_a_merged_province_draws_what_it_was_made_of(page):
    text = page(on="2025-08-31")
    assert 'id="lineage"' in text
    assert "Tỉnh Tuyên Quang được lập từ 2 đơn vị ngày 01/07/2025" in text
    # and the old province, which the right on the new one reads, says where it went
    old = page("02", on="2025-06-30")
    assert "Tỉnh Hà Giang nhập vào Tỉnh Tuyên Quang ngày 01/07/2025" in old


def test_the_workbook_has_the_reading_that_was_on_the_page(client, page):
    address = reverse("overview_workbook", args=["08"])
    assert f"{address}?on=2025-08-31&amp;reading=today" in page(on="2025-08-31", reading="today")
