"""The line of the average as coordinates."""

from datetime import date
from decimal import Decimal

from reports.charts.trend import trend


def test_fewer_than_two_months_are_no_line():
    assert trend([(date(2018, 12, 31), Decimal("8.65"))]) is None


def test_months_stand_at_their_distance_and_higher_values_higher():
    line = trend(
        [
            (date(2017, 12, 31), Decimal("8")),
            (date(2018, 3, 31), Decimal("9")),
            (date(2018, 12, 31), Decimal("10")),
        ]
    )
    assert line is not None
    first, second, last = line.marks
    assert round((second.x - first.x) / (last.x - first.x), 2) == 0.25
    assert first.y > second.y > last.y
    assert [mark.month.year for mark in line.years] == [2017, 2018]
    assert all(0 <= mark.x <= line.width and 0 <= mark.y <= line.height for mark in line.marks)


def test_a_flat_line_does_not_divide_by_zero():
    line = trend([(date(2018, n, 28), Decimal("8")) for n in (1, 2)])
    assert line is not None
    assert line.first.y == line.last.y
