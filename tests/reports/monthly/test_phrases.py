"""The sentences of the report: rise, fall, no change, none left, one, two digits, decimal comma."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from criteria.rules import rollup
from criteria.rules.types import Bracket, CriterionCount
from reports.monthly import phrases
from reports.monthly.phrases import Style
from tests.reports.monthly.made import asked, rows

STYLE = Style()


def tally(met, recognised=0, criteria=19):
    return rollup.tally(asked(criteria), rows(met, criteria, recognised).values())


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "00 xã"), (1, "01 xã"), (2, "02 xã"), (9, "09 xã"), (10, "10 xã"), (1518, "1.518 xã")],
)
def test_a_count_below_ten_has_two_digits(number, said):
    assert phrases.communes(number) == said


@pytest.mark.parametrize(
    ("now", "before", "places", "said"),
    [
        (33, 31, 0, "tăng 02 xã so với tháng trước"),
        (31, 33, 0, "giảm 02 xã so với tháng trước"),
        (33, 33, 0, "không đổi so với tháng trước"),
        ("10.59", "9.30", 2, "tăng 1,29 xã so với tháng trước"),
        ("9.30", "10.59", 2, "giảm 1,29 xã so với tháng trước"),
        ("10.591", "10.59", 2, "không đổi so với tháng trước"),
        ("10.6", "9.34", 1, "tăng 1,3 xã so với tháng trước"),
    ],
)
def test_a_change_is_a_rise_a_fall_or_none(now, before, places, said):
    from decimal import Decimal

    told = phrases.change(Decimal(now), Decimal(before), "xã", "tháng trước", places)
    assert told == said


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2018, 12, 31), "đến hết năm 2018"), (date(2018, 6, 30), "đến hết tháng 6/2018")],
)
def test_the_end_of_a_year_is_named_by_the_year(day, said):
    assert phrases.until(day) == said


def test_the_headline_names_both_numbers_and_the_base_of_its_percentage():
    found = tally([19] * 33 + [8] * 144, recognised=33)
    said = phrases.headline("Tỉnh Hà Giang", date(2018, 12, 31), found, STYLE)
    assert said == (
        "Lũy kế đến hết năm 2018, tỉnh Hà Giang có 33/177 xã được công nhận đạt chuẩn nông thôn"
        " mới, bằng 18,6% tổng số xã tham gia Chương trình."
    )
    border = replace(found, border=5, recognised_border=2)
    said = phrases.headline("Tỉnh Hà Giang", date(2018, 12, 31), border, Style(percent=2))
    assert "18,64% tổng số xã" in said
    assert said.endswith(", trong đó có 02 xã biên giới.")


def test_one_commune_and_none_are_told_in_words():
    one = phrases.headline("Tỉnh A", date(2018, 1, 31), tally([19], recognised=1), STYLE)
    assert "tỉnh A có 01/01 xã" in one
    assert "bằng 100,0% tổng số xã" in one
    none = phrases.headline("Tỉnh A", date(2018, 1, 31), tally([5, 6]), STYLE)
    assert "chưa có xã nào trong 02 xã tham gia Chương trình" in none


def test_an_average_names_its_sum_and_its_communes():
    said = phrases.average(tally([10, 11]), STYLE)
    assert said == "Các xã đạt 21 tiêu chí, bình quân 10,50 tiêu chí/xã (tính trên 02 xã)."
    assert "10,5 tiêu chí/xã" in phrases.average(tally([10, 11]), Style(average=1))
    assert phrases.average(tally([None]), STYLE).startswith("Chưa có kết quả đánh giá")


@pytest.mark.parametrize(
    ("met", "before", "last"),
    [
        ([19, 16, 4], [19, 3, 4], "Chỉ còn 01 xã đạt dưới 5 tiêu chí (33,3%)."),
        ([19, 16, 4], [19, 16, 4], "01 xã đạt dưới 5 tiêu chí (33,3%)."),
        ([19, 3, 4], [19, 16, 4], "02 xã đạt dưới 5 tiêu chí (66,7%)."),
        ([19, 16, 7], [19, 16, 4], "Không còn xã dưới 5 tiêu chí."),
        ([19, 16, 12], [19, 16, 4], "Không còn xã dưới 10 tiêu chí."),
        ([19, 19, 19], [19, 16, 4], "Không còn xã dưới 19 tiêu chí."),
        ([19, 16, None], [19, 16, 4], "01 xã chưa đánh giá."),
    ],
)
def test_the_lowest_group_shrinks_or_is_gone(met, before, last):
    earlier = tally(before).brackets
    said = phrases.brackets(tally(met).brackets, len(met), earlier, STYLE)
    assert said[-1] == last
    assert said[0].startswith(f"{met.count(19):02d} xã đạt 19 tiêu chí (")


def test_an_empty_group_in_the_middle_is_named():
    said = phrases.brackets(tally([19, 12]).brackets, 2, (), STYLE)
    assert said[1] == "Không có xã đạt từ 15–18 tiêu chí;"


def test_meeting_all_criteria_is_not_being_recognised():
    said = phrases.all_met(tally([19, 19, 8], recognised=1), 19)
    assert said == ("Số xã đạt đủ 19 tiêu chí là 02 xã; số xã đã có quyết định công nhận là 01 xã.")
    same = phrases.all_met(tally([19, 8], recognised=1), 19)
    assert "bằng số xã đã có quyết định công nhận (01 xã)" in same


def test_higher_tiers_are_shares_of_the_recognised():
    said = phrases.tiers(33, [("nâng cao", 5), ("kiểu mẫu", 0)], STYLE)
    assert said == "Trong 33 xã đạt chuẩn có 05 xã đạt chuẩn nâng cao (15,2% số xã đạt chuẩn)."
    assert phrases.tiers(33, [("nâng cao", 0)], STYLE).startswith("Chưa có xã")


def test_plans_and_registered_communes_carry_numerator_and_denominator():
    assert phrases.plan(33, 35, 2018, STYLE) == (
        "So với kế hoạch năm 2018 (35 xã), đạt 94,3% kế hoạch (33/35 xã)."
    )
    how = {"year": 2021, "number": 8, "done": 6, "met": 118, "of": 152, "style": STYLE}
    assert phrases.registered(earlier=90, **how) == (
        "Năm 2021 có 08 xã đăng ký phấn đấu đạt chuẩn; các xã này đạt 118/152 tiêu chí, tăng 28"
        " tiêu chí so với đầu năm; 06/08 xã đã được công nhận (75,0% số xã đăng ký)."
    )
    waits = phrases.registered(earlier=None, **(how | {"done": 0}))
    assert waits.endswith("118/152 tiêu chí; chưa có xã nào trong số này được công nhận.")
    none = phrases.registered(earlier=None, **(how | {"number": 0}))
    assert none == "Năm 2021 chưa ghi nhận xã đăng ký phấn đấu đạt chuẩn."


def test_criteria_that_gained_and_lost_are_named():
    def counts(*met):
        return [CriterionCount(number=n, name="Tên", met=m, communes=9) for n, m in enumerate(met)]

    said = phrases.criteria_moved(counts(5, 4, 3), counts(3, 4, 4), "đầu năm")
    assert said == (
        "So với đầu năm, tăng nhiều nhất: tiêu chí 0 Tên (02 xã); giảm: tiêu chí 2 Tên (01 xã)."
    )
    still = phrases.criteria_moved(counts(5), counts(5), "đầu năm")
    assert still == "So với đầu năm, số xã đạt của từng tiêu chí không đổi."
    assert phrases.criteria(counts(9, 9), STYLE) == ["Cả 2 tiêu chí đều đạt ở tất cả các xã."]


def test_sums_that_do_not_add_up_are_said_and_not_smoothed():
    """Hà Giang 2016 printed groups of 16 + 2 + 22 + 133 + 3 = 176 communes out of 177."""
    counted = tally([19] * 177)
    labels = [(19, 19, 16), (15, 18, 2), (10, 14, 22), (5, 9, 133), (0, 4, 3)]
    printed = replace(
        counted,
        brackets=tuple(Bracket(label="", low=a, high=b, communes=n) for a, b, n in labels),
    )
    (said,) = phrases.warnings(printed, [], fell=0, why="")
    assert said == "Cộng các nhóm được 176 xã, khác tổng số 177 xã."
    parts = [replace(counted, communes=100, criteria_met=1900)]
    said = phrases.warnings(counted, parts, fell=0, why="")
    assert said == [
        "Cộng số xã theo địa bàn được 100, khác số toàn tỉnh 177.",
        "Cộng số tiêu chí đạt theo địa bàn được 1.900, khác số toàn tỉnh 3.363.",
    ]
    assert phrases.warnings(counted, [counted], fell=0, why="") == []


def test_a_count_that_fell_and_communes_without_results_are_warned_of():
    found = tally([19, None])
    said = phrases.warnings(found, [], fell=1, why="sắp xếp đơn vị hành chính")
    assert said[0].endswith("Mới có kết quả của 01/02 xã; bình quân vẫn tính trên 02 xã.")
    assert said[1].endswith("giảm 01 xã so với đầu năm do sắp xếp đơn vị hành chính.")
    assert "thu hồi" in phrases.warnings(found, [], fell=1, why="")[1]
