"""The workbook of the month: native numbers and charts, formulas, ready to be printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest

from reports.documents.excel import as_excel
from reports.tables import Column, Kind, Table
from reports.workbook import HEAD_ROW, Book, workbook
from tests.reports.documents import reading
from tests.reports.documents.sample import sample

FIRST = HEAD_ROW + 2


@pytest.fixture(scope="module")
def book(excel_file):
    return reading.excel(excel_file)


@pytest.fixture(scope="module")
def formulas(excel_file):
    return reading.excel(excel_file, formulas=True)


def test_there_is_a_sheet_for_each_table_after_the_figures(book):
    assert book.sheetnames == [
        "Số liệu chính",
        "B1 Tổng hợp",
        "B2 Nhóm xã",
        "B3 Tiêu chí",
        "B4 Xã và tiêu chí",
        "Biểu đồ 1",
        "Biểu đồ 2",
    ]


def test_every_sheet_says_what_it_is_and_carries_the_marks(book):
    for sheet in book:
        above = [str(sheet.cell(row, 1).value) for row in range(1, 5)]
        assert "Tỉnh Hà Giang · tính đến 31/12/2018 (đã chốt, lần 1)" in above[1]
        assert above[3] == "SỐ LIỆU MÔ PHỎNG · Số liệu chưa chốt"
        assert "SỐ LIỆU MÔ PHỎNG" in sheet.oddFooter.center.text


def test_shares_averages_and_totals_are_formulas_with_their_values(book, formulas):
    sheet, values = formulas["B2 Nhóm xã"], book["B2 Nhóm xã"]
    assert sheet.cell(FIRST + 1, 5).value == f"=D{FIRST + 1}/C{FIRST + 1}"
    assert values.cell(FIRST + 1, 5).value == 1
    assert sheet.cell(FIRST + 2, 15).value == f"=N{FIRST + 2}/C{FIRST + 2}"
    last = FIRST + 6
    assert sheet.cell(last, 3).value == f"=SUM(C{FIRST + 1}:C{FIRST + 5})"
    assert values.cell(last, 3).value == 80
    assert values.cell(last, 5).value == 25 / 80
    assert sheet.cell(last, 5).value == f"=D{last}/C{last}"


def test_a_value_that_is_not_the_quotient_or_the_sum_stays_as_it_was_frozen():
    columns = [
        Column(label="Huyện"),
        Column(label="Số xã", kind=Kind.COUNT, summed=True),
        Column(label="Tiêu chí", kind=Kind.COUNT, summed=True),
        Column(label="Bình quân", kind=Kind.AVERAGE, of=(2, 1)),
    ]
    table = Table(
        name="B",
        title="Thử",
        base="",
        columns=columns,
        rows=[["a", 4, 30, Decimal("7.5")], ["b", 0, 0, None], ["c", 2, 9, Decimal("4.4")]],
        total=["", 7, 39, Decimal("6.5")],
    )
    sheet = reading.excel(
        workbook([table], heading="", simulated=False), formulas=True
    ).active  # fmt: skip
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST, max_col=4)]
    assert [row[3] for row in rows] == [f"=C{FIRST}/B{FIRST}", None, 4.4, 6.5]
    assert rows[3][1:3] == [7, f"=SUM(C{FIRST}:C{FIRST + 2})"]


def test_a_name_that_looks_like_a_formula_stays_text(formulas):
    cell = formulas["B4 Xã và tiêu chí"].cell(FIRST + 1, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_sheets_are_ready_to_be_read_and_printed(book):
    sheet = book["B4 Xã và tiêu chí"]
    assert sheet.freeze_panes == f"C{FIRST + 1}"
    assert sheet.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 2}"
    assert sheet.print_area.endswith(f"$A$1:$AA${FIRST + 30}")
    assert sheet.auto_filter.ref == f"A{HEAD_ROW + 2}:AA{FIRST + 30}"
    assert f"E{HEAD_ROW + 1}:W{HEAD_ROW + 1}" in sheet.merged_cells
    for one in book:
        assert (one.page_setup.orientation, one.page_setup.paperSize) == ("landscape", 9)
        assert one.sheet_properties.pageSetUpPr.fitToPage
        assert one.page_setup.fitToWidth in (None, 1)
        assert one.print_area
    assert book["B3 Tiêu chí"].freeze_panes == f"C{FIRST}"


def test_charts_are_excels_own_and_draw_the_numbers_beside_them(book):
    line, bars = book["Biểu đồ 1"], book["Biểu đồ 2"]
    assert [type(s._charts[0]).__name__ for s in (line, bars)] == ["LineChart", "BarChart"]
    values = line._charts[0].series[0].val.numRef.f
    assert values == f"'Biểu đồ 1'!$B${FIRST}:$B${FIRST + 23}"
    assert line.cell(FIRST, 2).value == 8
    assert line.cell(FIRST + 9, 2).value is None
    assert bars.cell(FIRST, 1).value == "Quy hoạch"


def test_names_of_sheets_are_what_excel_takes_and_differ():
    book = Book(BytesIO(), heading="", marks="")
    names = [
        book.sheet(name, "", "").get_name() for name in ("B1 [a]/b:*?", "x" * 40, "X" * 40, "")
    ]
    assert names == ["B1  a  b", "x" * 31, "X" * 29 + " 2", "Biểu"]
    book.close()


def test_a_month_without_figures_shows_none():
    report = sample(1)
    figures = [replace(figure, value=None) for figure in report.figures]
    sheet = reading.excel(as_excel(replace(report, figures=figures))).worksheets[0]
    rows = [
        [c.value for c in row[1:6]] for row in sheet.iter_rows(min_row=FIRST, max_row=FIRST + 3)
    ]
    assert rows == [[None] * 5] * 4


def test_rows_are_as_high_as_the_texts_that_are_folded_in_them():
    columns = [
        Column(label="Nội dung rất dài của một cột hẹp", width=10),
        Column(label="a", group="Thu nhập bình quân đầu người trong năm", width=8),
        Column(label="b", group="Thu nhập bình quân đầu người trong năm", width=8),
    ]
    rows = [["một câu dài hơn cột của nó nhiều lần", "", ""], ["ngắn", "", ""]]
    table = Table(name="B", title="Thử", base="", columns=columns, rows=rows)
    sheet = reading.excel(workbook([table], heading="", simulated=False)).active
    heights = [sheet.row_dimensions[HEAD_ROW + n].height for n in range(1, 5)]
    assert heights[0] > 30
    assert heights[1] > 45
    assert heights[2] >= 60
    assert heights[3] is None or heights[3] <= 15
