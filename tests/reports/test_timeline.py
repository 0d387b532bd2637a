"""Where a series is broken: case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reports.charts.timeline import Happening, Spot, Why, timeline


def spot(month: date, set_id: int = 1980, communes: int = 207, total: int = 19) -> Spot:
    return Spot(month=month, value=Decimal(10), set_id=set_id, total=total, communes=communes)


NOV, DEC = date(2019, 11, 30), date(2019, 12, 31)
JAN, FEB, MAR = date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31)
MERGER = Happening(day=date(2020, 1, 1), label="01/01/2020: sắp xếp đơn vị hành chính")
NEW_SET = Happening(day=date(2020, 1, 1), label="Từ 2020: Bộ 318/QĐ-TTg")


@pytest.mark.parametrize(
    ("spots", "sets", "units", "found"),
    [
        # Nothing happened.
        ([spot(DEC), spot(JAN)], [], [], []),
        # A merger on the first day of the later month, and one on its last day.
        ([spot(DEC), spot(JAN, communes=181)], [], [MERGER], [(0, Why.UNITS, MERGER.label)]),
        (
            [spot(DEC), spot(JAN)],
            [],
            [Happening(day=JAN, label="31/01/2020: chuyển loại")],
            [(0, Why.UNITS, "31/01/2020: chuyển loại")],
        ),
        # One that took effect on the earlier month-end is in that point already.
        ([spot(DEC), spot(JAN)], [], [Happening(day=DEC, label="x")], []),
        # The number of communes changed on no known day.
        (
            [spot(DEC), spot(JAN, communes=206)],
            [],
            [],
            [(0, Why.UNITS, "Từ 01/2020: danh sách xã thay đổi")],
        ),
        # Another set; both at once; a set that took over and gave way within the gap.
        ([spot(DEC), spot(JAN, 318)], [NEW_SET], [], [(0, Why.SET, NEW_SET.label)]),
        (
            [spot(DEC), spot(JAN, 318, 181)],
            [NEW_SET],
            [MERGER],
            [(0, Why.UNITS, MERGER.label), (0, Why.SET, NEW_SET.label)],
        ),
        (
            [spot(DEC), spot(JAN, 51)],
            [],
            [],
            [(0, Why.SET, "Từ 01/2020: bộ tiêu chí khác")],
        ),
        ([spot(DEC), spot(MAR)], [NEW_SET], [], []),
        # Only the neighbours of the change are parted.
        (
            [spot(NOV), spot(DEC), spot(JAN, communes=181), spot(FEB, communes=181)],
            [],
            [MERGER],
            [(1, Why.UNITS, MERGER.label)],
        ),
        # Two rearrangements in one gap of the data are two breaks.
        (
            [spot(NOV), spot(MAR)],
            [],
            [MERGER, Happening(day=FEB, label="29/02/2020: chia tách")],
            [(0, Why.UNITS, MERGER.label), (0, Why.UNITS, "29/02/2020: chia tách")],
        ),
    ],
)
def test_breaks_stand_where_the_set_or_the_units_change(spots, sets, units, found):
    line = timeline(spots, sets=sets, units=units)
    assert [(b.after, b.why, b.label) for b in line.breaks] == found


def test_a_break_between_two_months_is_drawn_between_them_and_in_a_gap_on_its_day():
    near = timeline([spot(DEC), spot(JAN, communes=181)], units=[MERGER])
    assert DEC < near.breaks[0].at < JAN
    assert near.breaks[0].at == date(2020, 1, 15)
    far = timeline([spot(date(2017, 12, 31)), spot(MAR)], units=[MERGER])
    assert far.breaks[0].at == MERGER.day


def test_a_month_that_could_not_be_counted_interrupts_the_line_but_not_the_comparison():
    line = timeline([spot(DEC), spot(JAN), spot(MAR)], holes=[FEB])
    assert [len(part) for part in line.segments] == [2, 1]
    assert [(b.label, b.why) for b in line.breaks] == [("", Why.GAP)]
    assert line.why_not(DEC, MAR) is None
    assert len(line.latest) == 3


def test_only_points_of_one_set_and_one_list_of_communes_are_compared():
    line = timeline(
        [spot(NOV), spot(DEC), spot(JAN, communes=181), spot(FEB, 318, 181), spot(MAR, 318, 181)],
        sets=[Happening(day=date(2020, 2, 1), label="Từ 01/02/2020: Bộ 318/QĐ-TTg")],
        units=[MERGER],
    )
    assert [len(part) for part in line.segments] == [2, 1, 2]
    assert [s.month for s in line.latest] == [FEB, MAR]
    assert line.why_not(NOV, DEC) is None
    assert line.why_not(DEC, JAN) is Why.UNITS
    assert line.why_not(DEC, MAR) is Why.SET
    assert line.why_not(FEB, MAR) is None
    assert line.notes(JAN) == [MERGER.label]
    assert line.notes(FEB) == ["Từ 01/02/2020: Bộ 318/QĐ-TTg"]
    assert line.notes(MAR) == []


def test_no_spots_are_no_segments():
    assert timeline([]).segments == ((),)
