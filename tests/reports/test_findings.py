"""The phrases of headings, case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from criteria.rules.types import Bracket, CriterionCount
from reports import findings
from reports.charts.timeline import Spot, timeline


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2018, 12, 31), "Đến hết năm 2018"),
        (date(2018, 6, 30), "Đến hết tháng 6/2018"),
        (date(2018, 2, 28), "Đến hết tháng 2/2018"),
        (date(2018, 6, 5), "Đến ngày 05/06/2018"),
    ],
)
def test_a_day_is_named_as_reports_name_it(on, text):
    assert findings.until(on) == text


@pytest.mark.parametrize(
    ("change", "places", "text"),
    [
        (5, 0, "+5"),
        (-7, 0, "−7"),
        (0, 0, "không đổi"),
        (None, 0, ""),
        (Decimal("0.424"), 2, "+0,42"),
        (Decimal("-0.001"), 2, "không đổi"),
        (1518, 0, "+1.518"),
    ],
)
def test_a_change_carries_its_sign(change, places, text):
    assert findings.movement(change, places) == text


@pytest.mark.parametrize(
    ("first", "last", "months", "text"),
    [
        ("8.58", "10.59", 24, "Bình quân tăng 2,01 tiêu chí trong 2 năm"),
        ("10.59", "10.09", 7, "Bình quân giảm 0,50 tiêu chí trong 7 tháng"),
        ("10.59", "10.59", 14, "Bình quân không đổi trong 1 năm 2 tháng"),
    ],
)
def test_the_trend_is_said_in_words(first, last, months, text):
    assert findings.trend_finding(Decimal(first), Decimal(last), months) == text


def spot(month, value, set_id=1, communes=207):
    return Spot(month=month, value=Decimal(value), set_id=set_id, total=19, communes=communes)


@pytest.mark.parametrize(
    ("spots", "text"),
    [
        ([], "Chưa đủ hai tháng để vẽ xu hướng"),
        (
            [spot(date(2019, 12, 31), "9"), spot(date(2020, 3, 31), "10")],
            "Bình quân tăng 1,00 tiêu chí trong 3 tháng",
        ),
        # Only what was counted by one set over one list of communes is compared.
        (
            [
                spot(date(2019, 12, 31), "9"),
                spot(date(2020, 1, 31), "11", communes=181),
                spot(date(2020, 3, 31), "12", communes=181),
            ],
            "Bình quân tăng 1,00 tiêu chí trong 2 tháng, từ 01/2020",
        ),
        (
            [spot(date(2021, 12, 31), "15"), spot(date(2022, 1, 31), "11", set_id=2)],
            "So với tháng trước không so sánh được: đổi bộ tiêu chí",
        ),
        (
            [spot(date(2019, 12, 31), "9"), spot(date(2020, 1, 31), "11", communes=181)],
            "So với tháng trước không so sánh được: sắp xếp đơn vị hành chính",
        ),
    ],
)
def test_a_trend_is_never_said_over_a_change_of_set_or_units(spots, text):
    assert findings.line_finding(timeline(spots)) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("12", "15", "Tăng 3 tiêu chí trong 2 năm"),
        ("12", "10", "Giảm 2 tiêu chí trong 2 năm"),
        ("12", "12", "Vẫn đạt 12 tiêu chí trong 2 năm"),
    ],
)
def test_a_commune_moves_by_whole_criteria(first, last, text):
    assert findings.commune_finding(Decimal(first), Decimal(last), 24) == text


def bracket(label, communes):
    return Bracket(label=label, low=0, high=0, communes=communes)


def test_the_bracket_that_gained_most_is_named_or_else_the_largest():
    rows = [bracket("19 tiêu chí", 33), bracket("10–14 tiêu chí", 49), bracket("Dưới 5", 95)]
    before = {"19 tiêu chí": 28, "10–14 tiêu chí": 31, "Dưới 5": 118}
    assert (
        findings.brackets_finding(rows, before) == "Nhóm 10–14 tiêu chí tăng nhiều nhất: thêm 18 xã"
    )
    assert findings.brackets_finding(rows, {}) == "Đông nhất là nhóm dưới 5: 95 xã"


@pytest.mark.parametrize(
    ("met", "text"),
    [
        ([39, 41, 43], "Hộ nghèo, thu nhập và giao thông giữ chân nhiều xã nhất"),
        ([39, 177, 177], "Hộ nghèo giữ chân nhiều xã nhất"),
        ([177, 177, 177], "Mọi tiêu chí đều đạt ở tất cả các xã"),
    ],
)
def test_the_worst_criteria_are_named(met, text):
    names = ["Hộ nghèo", "Thu nhập", "Giao thông"]
    rows = [
        CriterionCount(number=n, name=name, met=m, communes=177)
        for n, (name, m) in enumerate(zip(names, met, strict=True))
    ]
    assert findings.criteria_finding(rows) == text
