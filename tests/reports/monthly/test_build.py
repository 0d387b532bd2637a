"""The whole report, made from plain data: its order, its tables, its marks, small worlds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communes.vietnamese import format_number
from reports.monthly.build import build
from reports.monthly.content import Chart, Heading, Paragraph, Points, TableBlock
from reports.monthly.inputs import Department, NotComparable, Registered, Setup, Task
from reports.monthly.payload import NotAReport, from_json, to_json
from reports.monthly.sections import Section
from tests.reports.monthly.made import SETUP, inputs

HA_GIANG = [19] * 33 + [18] * 2 + [9] * 118 + [8] * 15 + [7] * 9


def text(report) -> str:
    said = [b.text for b in report.blocks if isinstance(b, Heading | Paragraph)]
    said += [line for b in report.blocks if isinstance(b, Points) for line in b.lines]
    return "\n".join(said)


def tables(report) -> dict[str, TableBlock]:
    found = [b for b in report.blocks if isinstance(b, TableBlock)]
    return {block.code: block for block in [*found, *report.annexes]}


def charts(report) -> dict[str, Chart]:
    return {block.code: block for block in report.blocks if isinstance(block, Chart)}


def column(table, label: str) -> list:
    (place,) = [n for n, one in enumerate(table.columns) if one.label == label]
    return [row[place] for row in table.rows]


def test_sections_stand_in_the_order_of_such_reports():
    report = build(inputs(HA_GIANG, recognised=33))
    said = [f"{b.number} {b.text}" for b in report.blocks if isinstance(b, Heading)]
    assert said == [
        "I. Công tác chỉ đạo, điều hành",
        "II. Kết quả thực hiện",
        "1. Kết quả đạt chuẩn",
        "2. Kết quả theo từng tiêu chí",
        "3. Xã phấn đấu đạt chuẩn năm 2018",
        "4. Xã đạt chuẩn nâng cao, kiểu mẫu",
        "III. Tồn tại, hạn chế, nguyên nhân",
        "1. Tồn tại, hạn chế",
        "2. Nguyên nhân",
        "IV. Nhiệm vụ, giải pháp tháng tới",
        "V. Kiến nghị, đề xuất",
    ]
    assert report.letterhead.subject.endswith("tháng 12/2018, nhiệm vụ trọng tâm tháng 01/2019")


@pytest.mark.parametrize("number", [0, 1, 177, 500])
@pytest.mark.parametrize("criteria", [10, 19, 20])
def test_any_number_of_communes_and_criteria_gives_a_whole_report(number, criteria):
    met = [place % (criteria + 1) for place in range(number)]
    given = inputs(met, start=met, before=met, recognised=number // 5, criteria=criteria)
    report = build(given)
    assert from_json(json.loads(json.dumps(to_json(report)))) == report
    if not number:
        assert [figure.value for figure in report.figures] == [None] * 4
        assert text(report) == (
            "Tháng 12/2018: Tỉnh Hà Giang không có xã nào tham gia Chương trình."
        )
        return
    found = tables(report)
    assert len(found["B4"].table.rows) == number
    assert sum(column(found["B2"].table, "Tổng số xã")) == found["B2"].table.total[2] == number
    assert sum(column(found["B4"].table, "Số tiêu chí đạt")) == sum(met)
    assert len(found["B3"].table.rows) == criteria
    for block in found.values():
        lines = [*block.table.rows, *([block.table.total] if block.table.total else [])]
        assert {len(line) for line in lines} == {len(block.table.columns)}


def test_a_month_without_data_says_so_and_prints_no_number():
    report = build(inputs([None] * 3))
    assert text(report) == "Tháng 12/2018: Tỉnh Hà Giang chưa có kết quả đánh giá nào."
    assert not tables(report)
    assert {figure.value for figure in report.figures} == {None}


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 19)), min_size=1, max_size=40).filter(any),
    st.lists(st.integers(0, 19), min_size=1, max_size=40),
)
def test_the_groups_add_up_to_the_communes_and_the_districts_to_the_province(met, before):
    before = (before * len(met))[: len(met)]
    report = build(inputs(met, start=before, before=before))
    found = tables(report)["B2"].table
    assert {len(row) for row in (*found.rows, found.total)} == {len(found.columns)}
    groups = [n for n, one in enumerate(found.columns) if one.label == "Số xã"]
    assert sum(found.total[n] for n in groups) == len(met)
    for place, one in enumerate(found.columns):
        if one.summed:
            assert sum(row[place] or 0 for row in found.rows) == found.total[place]
        if one.of and found.total[one.of[1]]:
            part, whole = (Decimal(found.total[n]) for n in one.of)
            assert found.total[place] == part / whole
    checks = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.warning]
    assert all("Mới có kết quả" in said for said in checks)
    rises = {row[1]: row[7] for row in tables(report)["B1"].table.rows}
    assert rises["Tổng số tiêu chí đạt"] == sum(n or 0 for n in met) - sum(before)


def test_communes_without_a_group_have_a_row_of_their_own():
    given = inputs(HA_GIANG)
    lost = [replace(one, part=None if n < 2 else one.part) for n, one in enumerate(given.communes)]
    table = tables(build(replace(given, communes=tuple(lost))))["B2"].table
    assert table.rows[-1][1:3] == ("Chưa xếp địa bàn, nhóm", 2)
    assert sum(column(table, "Tổng số xã")) == 177


def test_the_plan_of_the_year_stands_beside_the_figures():
    targets = {"recognised": Decimal(35), "average": Decimal("12.5")}
    report = build(inputs(HA_GIANG, recognised=33, targets=targets))
    rows = {row[1]: row for row in tables(report)["B1"].table.rows}
    found = rows["Số xã được công nhận đạt chuẩn nông thôn mới"]
    assert found[5:6] + found[8:] == (33, 35, Decimal(33) / 35)
    assert rows["Bình quân tiêu chí/xã"][8] == Decimal("12.50")
    assert "So với kế hoạch năm 2018 (35 xã), đạt 94,3% kế hoạch" in text(report)
    assert charts(report)["criteria"].series[0].name == "Số xã đạt trên 177 xã"


def test_a_table_without_data_is_left_out_and_named():
    report = build(inputs(HA_GIANG, recognised=33))
    assert "B6" not in tables(report)
    assert report.missing == (
        "B5. Xã được công nhận trong năm",
        "B6. Xã đăng ký phấn đấu đạt chuẩn trong năm",
        "B7. Thôn, khu dân cư kiểu mẫu, vườn mẫu",
        "B8. Nguồn vốn huy động",
        "B9. Nợ đọng xây dựng cơ bản",
        "B10. Sản phẩm OCOP",
        "B11. Thu nhập, hộ nghèo",
        "B12. Khó khăn, kiến nghị",
        "B13. Nhiệm vụ tháng tới",
    )


def test_registered_communes_are_listed_with_what_they_lack():
    listed = [Registered(unit_id=n, tier="standard") for n in (1, 34, 177)]
    met, start = HA_GIANG, [min(one, 17) for one in HA_GIANG]
    report = build(inputs(met, start=start, recognised=33, registered=listed))
    table = tables(report)["B6"].table
    assert [row[-1] for row in table.rows] == [
        "Đã được công nhận",
        "Còn tiêu chí chưa đạt",
        "Còn tiêu chí chưa đạt",
    ]
    assert [row[-2] for row in table.rows][1] == "19. Tên 19"
    assert table.total[4:7] == (17 + 17 + 7, 19 + 18 + 7, 0 + 1 + 12)
    assert "Năm 2018 có 03 xã đăng ký" in text(report)
    assert "đạt 44/57 tiêu chí, tăng 03 tiêu chí so với đầu năm" in text(report)


def test_marks_and_unchecked_things_stay_marked():
    given = inputs(HA_GIANG, departments={1: (Department(name="Sở Xây dựng", checked=False),)})
    assert build(given).marks == ()
    open_ = build(replace(given, simulated=True, closing_no=None))
    assert open_.marks == ("SỐ LIỆU MÔ PHỎNG", "SỐ LIỆU CHƯA CHỐT")
    block = tables(open_)["B3"]
    assert block.table.rows[0][2] == "Sở Xây dựng*"
    assert block.note == "* Chưa đối chiếu với văn bản phân công."


def test_days_under_another_set_or_other_communes_are_not_subtracted():
    given = inputs(HA_GIANG, start=[1] * 177, recognised=3, recognised_start=5)
    other = replace(given, start=replace(given.start, why=NotComparable.UNITS))
    report = build(other)
    assert (
        "Không so sánh với đầu năm (31/12/2017): sắp xếp đơn vị hành chính; hai số liệu không cùng"
        " căn cứ."
    ) in text(report)
    assert "giảm 02 xã so với đầu năm do sắp xếp đơn vị hành chính" in text(report)
    rows = {row[1]: row for row in tables(report)["B1"].table.rows}
    assert rows["Số xã được công nhận đạt chuẩn nông thôn mới"][3:8] == (5, None, 3, None, None)
    assert rows["Bình quân tiêu chí/xã"][3] is None
    assert len(charts(report)["brackets"].series) == 1


def test_decimals_are_a_setting():
    setup = replace(SETUP, average_places=1, percent_places=0)
    report = build(inputs(HA_GIANG, recognised=33, setup=setup))
    average = sum(HA_GIANG) / 177
    assert f"bình quân {format_number(Decimal(average), 1)} tiêu chí/xã" in text(report)
    assert "bằng 19% tổng số xã" in text(report)


def test_what_people_wrote_stands_in_its_section_and_lines_with_columns_become_a_table():
    texts = {
        Section.DIRECTION: "Họp Ban Chỉ đạo <ngày 5> & kiểm tra.\n- =1+1\n- Xã A",
        Section.TASKS: "Rà soát xã | Sở Nội vụ | Các xã | 31/01 | Báo cáo\nTiếp tục tuyên truyền.",
        Section.FUNDS: "Giải ngân 90%.",
    }
    report = build(inputs(HA_GIANG, texts=texts))
    assert "Họp Ban Chỉ đạo <ngày 5> & kiểm tra." in text(report)
    assert "=1+1" in text(report)
    assert tables(report)["B13"].table.rows == (
        (1, "Rà soát xã", "Sở Nội vụ", "Các xã", "31/01", "Báo cáo"),
    )
    headings = [b.text for b in report.blocks if isinstance(b, Heading)]
    assert "Huy động nguồn lực, giải ngân, nợ đọng xây dựng cơ bản" in headings
    off = build(inputs(HA_GIANG, texts=texts, setup=replace(SETUP, sections=())))
    assert "Giải ngân 90%." not in text(off)
    assert sum(isinstance(b, Paragraph) and b.placeholder for b in report.blocks) == 3


def test_tasks_of_meetings_stand_below_those_that_the_office_wrote():
    task = Task(text="Rà soát", owner="Xã Lũng Cú", due_on=date(2019, 1, 31))
    texts = {Section.TASKS: "Kiểm tra | Sở Nội vụ"}
    block = tables(build(inputs(HA_GIANG, texts=texts, tasks=(task, task))))["B13"]
    assert block.table.rows[0][:3] == (1, "Kiểm tra", "Sở Nội vụ")
    assert block.table.rows[1:] == (
        (2, "Rà soát", "Xã Lũng Cú", "", "31/01/2019", ""),
        (3, "Rà soát", "Xã Lũng Cú", "", "31/01/2019", ""),
    )
    assert block.note == "Nhiệm vụ từ số 2 đến số 3 do cuộc họp giao, chưa xong."
    alone = build(inputs(HA_GIANG, tasks=(task,)))
    assert tables(alone)["B13"].note == "Nhiệm vụ số 1 do cuộc họp giao, chưa xong."
    assert sum(isinstance(b, Paragraph) and b.placeholder for b in alone.blocks) == 4


def test_stored_data_that_is_no_report_is_refused():
    with pytest.raises(NotAReport):
        from_json({"$part": "Points", "lines": []})
    with pytest.raises(NotAReport):
        from_json({"figures": []})
    assert isinstance(SETUP, Setup)
