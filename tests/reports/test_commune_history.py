"""A commune through the years: its own months, and its predecessors beside it, never added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.urls import reverse

from communes.models import Assignment, Kind, Role, UnitVersion
from criteria import adoptions
from criteria.figures import figures
from reports.charts.timeline import Why
from reports.commune_history import commune_history
from reports.lineage_page import lineage_view
from reports.readings import Reading
from tests.criteria.factories_sets import make_set
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_country,
    make_district,
    make_province,
    make_user,
)
from tests.rearranged import rearrange
from tests.reports.frozen_months import close_with

pytestmark = pytest.mark.django_db

D2025 = date(2025, 7, 1)
DEC23, DEC24, JUN25 = date(2023, 12, 31), date(2024, 12, 31), date(2025, 6, 30)
DEC25, JAN26 = date(2025, 12, 31), date(2026, 1, 31)


@dataclass(frozen=True, kw_only=True)
class Place:
    province: UnitVersion
    a: UnitVersion
    b: UnitVersion
    c: UnitVersion
    town: UnitVersion
    x: UnitVersion


@pytest.fixture
def place() -> Place:
    """a, b whole, c in part and a township become x; ten criteria since 2026."""
    make_country()
    province = make_province()
    district = make_district(province=province, valid=days(None, D2025))
    a, b, c = (make_commune(parent=district, name=name) for name in ("A", "B", "C"))
    town = make_commune(parent=district, name="T", kind=Kind.TOWNSHIP)
    x, y = (make_commune(parent=province, name=n, valid=days(D2025)) for n in ("X", "Y"))
    rearrange(
        D2025,
        {(a, x): "whole", (b, x): "whole", (c, x): "part", (c, y): "part", (town, x): "whole"},
    )
    make_set(
        "bo-318",
        {n: {} for n in range(1, 20)},
        period=(2021, 2025),
        in_force_on=date(2021, 1, 1),
        decision="318/QĐ-TTg",
    )
    make_set(
        "bo-51",
        {n: {} for n in range(1, 11)},
        period=(2026, 2030),
        in_force_on=date(2026, 1, 1),
        decision="51/2025/QĐ-TTg",
    )
    close_with(province, DEC23, {a: 10, b: 12, c: 8}, recognised=(a,))
    close_with(province, DEC24, {a: 11, b: 19, c: 9}, recognised=(a, b))
    close_with(province, JUN25, {a: 12, b: 19, c: 9}, recognised=(a, b))
    close_with(province, DEC25, {x: 13, y: 9})
    close_with(province, JAN26, {x: 4, y: 5}, recognised=(x,))
    return Place(province=province, a=a, b=b, c=c, town=town, x=x)


def reader(version: UnitVersion, role: str = Role.COMMUNE):
    user = make_user()
    Assignment.objects.create(user=user, role=role, unit=version.unit, valid=ALWAYS)
    return user


def read(version: UnitVersion, on: date, reading: Reading = Reading.TODAY):
    answer = figures(version, on)
    return commune_history(version, answer, lineage_view(version, on, reader(version)), reading)


def told(found) -> dict[str, list[str]]:
    return {
        row.named.name: [f"{cell.met}/{cell.of}" if cell else "" for cell in row.cells]
        for row in found.rows
    }


def test_as_it_was_a_commune_tells_its_own_years_alone(place):
    found = read(place.x, JAN26, Reading.THEN)
    assert told(found) == {"Xã X": ["13/19", "4/10"]}
    assert [year.year for year in found.years] == [2025, 2026]
    assert found.has_past
    assert [year.status for year in found.years] == ["", ""]


def test_on_today_s_units_each_predecessor_has_a_row_and_nothing_is_added(place):
    found = read(place.x, JAN26)
    assert told(found) == {
        "Xã X": ["", "", "13/19", "4/10"],
        "Xã A": ["10/19", "11/19", "12/19", ""],
        "Xã B": ["12/19", "19/19", "19/19", ""],
        "Xã C": ["8/19", "9/19", "9/19", ""],
    }
    assert {row.named.name: row.kin.whole for row in found.rows} == {
        "Xã X": True,
        "Xã A": True,
        "Xã B": True,
        "Xã C": False,
    }


def test_a_past_status_is_a_count_of_old_communes_and_never_one_status(place):
    statuses = {year.year: year.status for year in read(place.x, JAN26).years}
    assert statuses == {2023: "1/3 xã cũ", 2024: "2/3 xã cũ", 2025: "chưa", 2026: "có"}


def test_the_line_breaks_where_the_set_changes(place):
    found = read(place.x, JAN26)
    assert [(b.why, b.label) for b in found.line.breaks] == [
        (Why.SET, "Từ 2026: Bộ 51/2025/QĐ-TTg")
    ]
    assert [spot.total for spot in found.line.spots] == [19, 10]
    assert found.heading == "So với tháng trước không so sánh được: đổi bộ tiêu chí"
    assert [year.sets for year in found.years] == ["318/QĐ-TTg", "", "", "51/2025/QĐ-TTg"]


def test_an_old_commune_tells_its_own_years_up_to_its_end(place):
    found = read(place.b, JUN25)
    assert told(found) == {"Xã B": ["12/19", "19/19", "19/19"]}
    assert not found.has_past
    assert found.heading == "Tăng 7 tiêu chí trong 1 năm 6 tháng"


def test_months_after_the_day_asked_are_not_told(place):
    assert told(read(place.b, DEC24)) == {"Xã B": ["12/19", "19/19"]}


def test_a_commune_without_any_closed_month_has_no_rows(place):
    assert read(place.town, JUN25).rows == ()


def test_under_another_set_its_own_months_are_told_alone(place):
    beside = make_set(
        "nang-cao",
        {n: {} for n in range(1, 6)},
        tier="advanced",
        period=(2021, 2025),
        in_force_on=date(2021, 1, 1),
        decision="319/QĐ-TTg",
    )
    adoptions.adopt(
        province=place.province.unit,
        set=beside,
        from_on=date(2023, 1, 1),
        decision="Thử",
        by=None,
        in_headline=False,
    )
    nov = date(2024, 11, 30)
    close_with(place.province, nov, {place.a: 3, place.b: 2, place.c: 1}, set=beside)
    answer = figures(place.a, nov, set_code="nang-cao")
    found = commune_history(
        place.a, answer, lineage_view(place.a, nov, reader(place.a)), Reading.THEN
    )
    assert told(found) == {"Xã A": ["3/5"]}
    assert found.years[0].sets == "319/QĐ-TTg"


def test_the_page_tells_both_readings(client, place):
    client.force_login(reader(place.x))
    address = reverse("commune", args=[place.x.code])

    def section(**query) -> str:
        answer = client.get(address, {"on": "2026-01-31", **query})
        assert answer.status_code == 200
        text = " ".join(answer.content.decode().split())
        return text[text.index('id="history"') : text.index('id="lineage"')]

    then, today = section(), section(reading="today")
    assert "Theo đơn vị hành chính lúc báo cáo" in then
    assert "xã cũ" not in then
    assert "2/3 xã cũ" in today
    assert "một phần, không cộng" in today
    assert "không cộng vào nhau" in today
    assert "trên 10" in today
    assert "?on=2025-06-30" in today
