"""A series as coordinates: where its lines, breaks, scales and words stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from reports.charts.timeline import Happening, Spot, timeline
from reports.charts.trend import WIDTH, trend

MERGER = Happening(day=date(2020, 1, 1), label="01/01/2020: sắp xếp đơn vị hành chính")
NEW_SET = Happening(day=date(2026, 1, 1), label="Từ 2026: Bộ 51/2025/QĐ-TTg")


def spot(month: date, value: str, set_id: int = 1, total: int = 19, communes: int = 207) -> Spot:
    return Spot(month=month, value=Decimal(value), set_id=set_id, total=total, communes=communes)


def test_fewer_than_two_months_are_no_line():
    assert trend(timeline([])) is None
    assert trend(timeline([spot(date(2018, 12, 31), "8.65")])) is None


def test_months_stand_at_their_distance_and_higher_values_higher():
    line = trend(
        timeline(
            [
                spot(date(2017, 12, 31), "8"),
                spot(date(2018, 3, 31), "9"),
                spot(date(2018, 12, 31), "10"),
            ]
        )
    )
    first, second, last = line.marks
    assert round((second.x - first.x) / (last.x - first.x), 2) == 0.25
    assert first.y > second.y > last.y
    assert [mark.month.year for mark in line.years] == [2017, 2018]
    assert all(0 <= mark.x <= line.width and 0 <= mark.y <= line.height for mark in line.marks)
    assert [words.text for words in line.scales] == ["tiêu chí/xã, trên 19"]
    assert line.rules == ()


def test_a_flat_line_does_not_divide_by_zero():
    line = trend(timeline([spot(date(2018, n, 28), "8") for n in (1, 2)]))
    assert line.first.y == line.last.y


def test_the_line_is_interrupted_between_the_two_months_and_the_rule_stands_there():
    months = [date(2019, 11, 30), date(2019, 12, 31), date(2020, 1, 31), date(2020, 2, 29)]
    line = trend(
        timeline(
            [spot(month, "9", communes=207 if month.year == 2019 else 181) for month in months],
            units=[MERGER],
        )
    )
    assert [len(segment.marks) for segment in line.segments] == [2, 2]
    assert all(segment.path.count("L") == 1 for segment in line.segments)
    (rule,) = line.rules
    assert line.marks[1].x < rule.x < line.marks[2].x
    assert rule.label.text == MERGER.label
    assert rule.top < rule.label.y < min(mark.y for mark in line.marks) < rule.bottom


def test_a_month_alone_between_two_breaks_has_no_path_but_its_dot():
    line = trend(
        timeline(
            [
                spot(date(2019, 12, 31), "9"),
                spot(date(2020, 1, 31), "9", communes=181),
                spot(date(2020, 2, 29), "9", communes=180),
            ]
        )
    )
    assert [segment.path for segment in line.segments] == ["", "", ""]
    assert len(line.marks) == 3


def test_sets_of_another_size_have_a_scale_of_their_own():
    line = trend(
        timeline(
            [
                spot(date(2025, 11, 30), "14"),
                spot(date(2025, 12, 31), "15"),
                spot(date(2026, 1, 31), "4", 2, 10),
                spot(date(2026, 2, 28), "5", 2, 10),
            ],
            sets=[NEW_SET],
        )
    )
    before, after = line.segments
    # 4 of 10 is the lowest of its scale as 14 of 19 is of the other: never on one ruler.
    assert [mark.y for mark in before.marks] == [mark.y for mark in after.marks]
    assert [words.text for words in line.scales] == ["tiêu chí/xã, trên 19", "trên 10"]
    whole = trend(
        timeline([spot(date(2026, 1, 31), "0"), spot(date(2026, 2, 28), "19")]), whole=True
    )
    half = trend(timeline([spot(date(2026, 1, 31), "0"), spot(date(2026, 2, 28), "8")]), whole=True)
    assert whole.last.y < half.last.y


def test_labels_of_many_breaks_stand_on_rows_of_their_own_inside_the_drawing():
    years = range(2016, 2027)
    spots = [spot(date(year, 12, 31), "9", communes=200 - year % 100) for year in years]
    line = trend(timeline(spots))
    assert len(line.rules) == 10
    assert len({rule.label.y for rule in line.rules}) == 10
    assert min(rule.top for rule in line.rules) >= 0
    for rule in line.rules:
        assert rule.label.anchor == ("start" if rule.x < WIDTH / 2 else "end")


def test_years_below_the_line_do_not_run_into_each_other():
    spots = [
        spot(date(year, month, 28), "9") for year in range(2016, 2027) for month in range(1, 13)
    ]
    line = trend(timeline(spots))
    places = [mark.x for mark in line.years]
    assert all(b - a >= 64 for a, b in pairwise(places))


def test_the_target_of_a_year_is_dashes_over_that_year_with_its_figure_at_the_end():
    spots = [
        spot(date(2019, 6, 30), "9"),
        spot(date(2019, 12, 31), "10"),
        spot(date(2020, 6, 30), "11"),
        spot(date(2020, 12, 31), "12"),
    ]
    planned = {2018: Decimal(9), 2020: Decimal(13), 2021: Decimal(19)}
    line = trend(timeline(spots, planned=planned))
    (level,) = line.levels
    assert level.said == level.label.text == "Kế hoạch 2020: 13,00"
    assert (level.x, level.until) == (line.marks[1].x, line.last.x)
    assert level.y < line.last.y  # thirteen is above twelve, and on the same scale
    assert level.label.y < level.y
    assert trend(timeline(spots)).levels == ()
    passed = trend(timeline(spots, planned={2020: Decimal("11.5")}))
    # The figure keeps clear of the line.
    assert passed.last.y < passed.levels[0].y < passed.levels[0].label.y


def test_a_target_is_read_against_the_set_that_counts_at_the_end_of_its_year():
    spots = [
        spot(date(2025, 12, 31), "15"),
        spot(date(2026, 1, 31), "16"),
        spot(date(2026, 6, 30), "4", 2, 10),
        spot(date(2026, 12, 31), "5", 2, 10),
    ]
    line = trend(timeline(spots, planned={2025: Decimal(16), 2026: Decimal("5")}))
    (level,) = line.levels
    assert (level.x, level.until, level.y) == (line.marks[2].x, line.last.x, line.last.y)


def test_targets_of_years_that_follow_closely_are_told_by_their_figures():
    months = [(year, month) for year in range(2016, 2021) for month in (6, 12)]
    spots = [spot(date(*month, 30), "9") for month in months]
    line = trend(timeline(spots, planned={year: Decimal(year - 2006) for year in (2018, 2019)}))
    assert [level.label.text for level in line.levels] == ["12,00", "Kế hoạch 2019: 13,00"]
    assert line.levels[0].said == "Kế hoạch 2018: 12,00"
