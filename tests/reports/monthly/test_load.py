"""The report read from the database: closed months, districts and not."""

from __future__ import annotations

from datetime import date

import pytest

from communes import units
from criteria import adoptions, months, recognition
from criteria.models import MonthClosing
from criteria.plans import acts as plans
from criteria.rules.types import Outcome
from reports.meeting import tasks
from reports.models import MeetingDecision
from reports.monthly.build import build
from reports.monthly.content import TableBlock
from reports.monthly.load import NoReport, load
from reports.monthly.payload import to_json
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, make_world
from tests.factories import days, make_attribute, make_commune, make_district, make_province
from tests.reports.frozen_months import close_with
from tests.reports.monthly.test_build import column, tables, text

pytestmark = pytest.mark.django_db


def test_june_2025_has_districts_and_july_has_none():
    june, july = date(2025, 6, 30), date(2025, 7, 31)
    province = make_province(code="02")
    district = make_district(province=province, valid=days(None, date(2025, 7, 1)))
    old = [make_commune(parent=district, valid=days(None, date(2025, 7, 1))) for _ in range(3)]
    new = [make_commune(parent=province, valid=days(date(2025, 7, 1))) for _ in range(2)]
    adopted = make_set(
        period=(2021, 2025), in_force_on=date(2022, 3, 8), commune_groups={"1": "Xã nhóm 1"}
    )
    adoptions.adopt(
        province=province.unit, set=adopted, from_on=date(2022, 4, 1), decision="1", by=None
    )
    close_with(province, june, dict.fromkeys(old, 2))
    close_with(province, july, dict.fromkeys(new, 1))
    before = tables(build(load(province, june)))["B2"].table
    assert before.columns[1].label == "Huyện, thành phố"
    assert column(before, "Huyện, thành phố") == ["Huyện Đồng Văn"]
    report = build(load(province, july))
    after = tables(report)["B2"].table
    assert (after.columns[1].label, after.rows, after.total[1]) == ("Địa bàn", (), "Toàn tỉnh")
    assert "Huyện" not in [one.label for one in tables(report)["B4"].table.columns]
    assert "sắp xếp đơn vị hành chính" in text(report)
    make_attribute(unit=new[0].unit, key="commune_group", value="1")
    grouped = tables(build(load(province, july)))["B2"].table
    assert column(grouped, "Nhóm xã") == ["Xã nhóm 1", "Chưa xếp địa bàn, nhóm"]


@pytest.fixture
def world():
    """January closed with 1 criterion met, February with 2 and one commune recognised."""
    world = make_world()
    first, second = world.communes
    province = world.province.unit
    world.save(first, "2", verdict=Outcome.MET)
    plans.register(units=[first.unit], year=2018, tier="standard", by=None)
    months.close(province=province, month=JANUARY, by=None)
    world.save(second, "2", verdict=Outcome.MET, true_from=FEBRUARY)
    recognition.recognise(
        units=[first.unit],
        tier="standard",
        set_version=None,
        number="12/QĐ-UBND",
        decided_on=date(2018, 2, 20),
        year=2018,
        by=None,
    )
    months.close(province=province, month=FEBRUARY, by=None)
    return world


def test_the_same_closed_month_gives_the_same_report_after_later_corrections(world):
    province = world.province
    first, second = world.communes
    before = to_json(build(load(province, FEBRUARY)))
    assert before == to_json(build(load(province, FEBRUARY)))
    world.save(second, "2", verdict=Outcome.NOT_MET, true_from=FEBRUARY)
    recognition.revoke(
        units=[first.unit],
        tier="standard",
        set_version=None,
        number="13/QĐ-UBND",
        decided_on=date(2018, 2, 25),
        by=None,
    )
    plans.register(units=[second.unit], year=2018, tier="standard", by=None)
    plans.withdraw(units=[first.unit], year=2018, tier="standard", reason="Nhầm", by=None)
    months.reopen(closing=MonthClosing.objects.get(month=JANUARY), reason="Sửa", by=None)
    world.save(first, "2", verdict=Outcome.NOT_MET, true_from=JANUARY)
    months.close(province=province.unit, month=JANUARY, by=None)
    assert to_json(build(load(units.find("02", FEBRUARY), FEBRUARY))) == before
    later = text(build(load(units.find("02", date(2018, 3, 31)), date(2018, 3, 31))))
    assert "chưa có xã nào" in later


def test_a_month_says_why_figures_moved_and_what_is_planned(world):
    report = build(load(world.province, FEBRUARY))
    said = text(report)
    assert "Số xã được công nhận tăng 01 xã so với tháng trước; bình quân tăng 0,50" in said
    assert (
        "Thay đổi so với tháng trước gồm: bình quân +0,50 do đạt thêm; xã được công nhận đạt chuẩn"
        " +1 do mới được công nhận."
    ) in said
    assert "Năm 2018 có 01 xã đăng ký" in said
    (row,) = tables(report)["B5"].table.rows
    assert row[-2:] == ("12/QĐ-UBND", date(2018, 2, 20))
    assert report.closing_no == 1
    assert report.marks == ("SỐ LIỆU MÔ PHỎNG",)


def test_open_tasks_of_meetings_are_those_known_when_the_month_was_closed(world):
    province, owner = world.province.unit, world.communes[0].unit

    def given(text: str, month: date, due_on: date) -> MeetingDecision:
        tasks.record(
            province=province,
            month=month,
            meeting_on=month,
            text=text,
            owner=owner,
            due_on=due_on,
            by=None,
        )
        return MeetingDecision.objects.get(text=text)

    def listed(month: date) -> list[str]:
        found = tables(build(load(units.find("02", month), month)))
        return column(found["B13"].table, "Nhiệm vụ") if "B13" in found else []

    months.reopen(closing=MonthClosing.objects.get(month=FEBRUARY), reason="Sửa", by=None)
    first = given("Việc đầu", JANUARY, MARCH)
    second = given("Việc hai", FEBRUARY, date(2018, 3, 5))
    done = given("Việc xong", JANUARY, MARCH)
    tasks.mark_done(task=done, by=None)
    months.close(province=province, month=FEBRUARY, by=None)
    assert listed(FEBRUARY) == ["Việc hai", "Việc đầu"]
    tasks.withdraw(task=first, reason="Nhầm", by=None)
    tasks.reopen(task=done, reason="Chưa xong", by=None)
    given("Việc sau", FEBRUARY, MARCH)
    assert listed(FEBRUARY) == ["Việc hai", "Việc đầu"]
    assert listed(MARCH) == ["Việc hai", "Việc xong", "Việc sau"]
    assert listed(JANUARY) == []
    assert second.open


def test_an_open_month_is_marked_and_other_units_and_months_are_refused(world):
    open_ = build(load(world.province, date(2018, 3, 31)))
    assert "SỐ LIỆU CHƯA CHỐT" in open_.marks
    assert open_.closing_no is None
    with pytest.raises(NoReport, match=r"Tháng 04/2018 chưa đến; .* là 03/2018"):
        load(world.province, date(2018, 4, 30))
    with pytest.raises(NoReport, match="chỉ lập cho tỉnh"):
        load(world.communes[0], JANUARY)
    empty = build(load(world.province, date(2017, 12, 31)))
    assert "chưa có kết quả đánh giá nào" in text(empty) or "chưa áp dụng" in text(empty)
    assert not [b for b in empty.blocks if isinstance(b, TableBlock)]
