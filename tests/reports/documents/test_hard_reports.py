"""Reports that go wrong elsewhere: hard names, nothing to sign with, one commune, five hundred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from reports.documents import printing
from reports.documents.excel import as_excel
from reports.documents.monthly_pdf import as_pdf
from reports.documents.printed_table import printed
from reports.documents.word import as_word
from reports.monthly.content import Paragraph, Part, Signature, TableBlock
from reports.tables import Column, Kind
from reports.workbook import HEAD_ROW
from tests.reports.documents import reading
from tests.reports.documents.sample import HARD, brackets, heading, matrix, sample


def test_hard_names_are_printed_as_they_were_written(word, pdf, excel_file):
    in_word = [row[1] for row in reading.word_tables(word)[-1][: len(HARD)]]
    assert in_word == list(HARD)
    in_pdf = [row[1] for row in reading.pdf_tables(pdf)[-1][: len(HARD)]]
    assert [reading.squeezed(name) for name in in_pdf] == [reading.squeezed(n) for n in HARD]
    sheet = reading.excel(excel_file)["B4 Xã và tiêu chí"]
    assert [sheet.cell(7 + n, 2).value for n in range(len(HARD) + 1)][: len(HARD)] == list(HARD)


def test_signs_that_no_file_may_hold_are_left_out_everywhere():
    report = sample(1, unit_name="tỉnh\x00 Hà\x0b Giang")
    said = Paragraph(text="Một\x01 hai\ufffe ba\ud800.")
    report = replace(report, blocks=[said, *report.blocks])
    document = reading.word(as_word(report))
    assert "Một hai ba." in [p.text for p in document.paragraphs]
    assert "Một hai ba." in reading.pdf_text(reading.pdf(as_pdf(report)))
    assert "Tỉnh Hà Giang" in reading.excel(as_excel(report)).worksheets[0]["A2"].value


@pytest.mark.parametrize(("communes", "criteria"), [(1, 4), (500, 20)])
def test_one_commune_and_five_hundred_are_all_there(communes, criteria):
    report = sample(communes, criteria)
    in_word = reading.word_tables(reading.word(as_word(report)))[-1]
    assert len(in_word) == communes
    assert in_word[-1][0] == str(communes)
    in_pdf = reading.pdf_tables(reading.pdf(as_pdf(report)))[-1]
    assert [row[0] for row in in_pdf] == [str(n) for n in range(1, communes + 1)]
    assert [[reading.squeezed(c) for c in row] for row in in_word[3:]] == [
        [reading.squeezed(c) for c in row] for row in in_pdf[3:]
    ]
    sheet = reading.excel(as_excel(report))["B4 Xã và tiêu chí"]
    assert sheet.cell(6 + communes, 1).value == str(communes)


def test_twenty_criteria_are_readable_on_a_page_on_its_side():
    table = printed(matrix(500, 20), annex=True)
    assert (table.wide, table.size >= 10) == (True, True)
    assert sum(table.widths) == pytest.approx(252, abs=0.5)
    assert len({width for width in table.widths[4:24]}) == 1
    assert min(table.widths) >= 4.5
    narrow = printed(replace(matrix(3, 3), code="B5"))
    assert (narrow.wide, sum(narrow.widths)) == (False, pytest.approx(165, abs=0.5))


def test_nobody_to_sign_nobody_to_send_to_no_number_and_no_day():
    report = sample(1, signature=Signature(lines=[], name=""), recipients=[], marks=[])
    head = replace(report.letterhead, day=None, place="", symbol="BC-VPĐP")
    report = replace(report, letterhead=head)
    document = reading.word(as_word(report))
    assert document.tables[0].cell(0, 1).text.endswith("ngày …… tháng …… năm ………")
    sign = next(t for t in document.tables if "Nơi nhận" in t.cell(0, 0).text)
    assert sign.cell(0, 0).text == "Nơi nhận:\n- ………."
    assert not document.sections[0].footer.paragraphs[0].text
    assert "MÔ PHỎNG" not in reading.pdf_text(reading.pdf(as_pdf(report)))
    assert reading.excel(as_excel(report)).worksheets[0]["A4"].value is None


def test_several_annexes_are_numbered_and_an_empty_table_is_named_not_printed():
    empty = matrix(2, 3)
    empty = TableBlock(code="B11", table=replace(empty.table, title="Thu nhập", rows=[]))
    report = replace(sample(2), annexes=[matrix(2, 3), empty, replace(matrix(1, 4), code="B5")])
    document = reading.word(as_word(report))
    annexes = [p.text.split("\n") for p in document.paragraphs if p.style.name == "Phụ lục"]
    assert [found[0] for found in annexes] == ["Phụ lục I", "Phụ lục II"]
    assert annexes[1][1].startswith("BIỂU B5. ")
    (said,) = [p.text for p in document.paragraphs if p.text.startswith("Chưa có số liệu")]
    assert said.endswith("B10. Sản phẩm OCOP; B11. Thu nhập.")
    reader = reading.pdf(as_pdf(report))
    assert "B11. Thu nhập." in " ".join(reading.pdf_text(reader).split())
    assert not [n for n in reading.excel(as_excel(report)).sheetnames if n.startswith("B11")]


def test_a_table_of_nothing_but_its_total_is_printed():
    table = replace(brackets().table, rows=[])
    block = TableBlock(code="B2", table=table)
    report = replace(sample(1), blocks=[block], annexes=[], missing=[])
    in_word = reading.word_tables(reading.word(as_word(report)))
    assert in_word == reading.pdf_tables(reading.pdf(as_pdf(report)))
    assert in_word[0][0][1:5] == ["Toàn tỉnh", "80", "25", "31,3%"]
    sheet = reading.excel(as_excel(report), formulas=True).worksheets[1]
    assert [cell.value for cell in sheet[HEAD_ROW + 3]][1:5] == ["Toàn tỉnh", 80, 25, "=D7/C7"]


def test_a_report_that_begins_within_a_section_can_be_bookmarked():
    report = replace(sample(1), blocks=[heading(Part.SUBSECTION, "1.", "Kết quả")])
    assert reading.pdf(as_pdf(report)).outline[0]["/Title"] == "1. Kết quả"
    first = reading.word(as_word(report)).paragraphs
    assert next(p.style.name for p in first if p.text == "1. Kết quả") == "Heading 1"


def test_a_row_higher_than_a_page_is_not_cut_off():
    words = [f"từ{n}" for n in range(2500)]
    long = matrix(2, 3)
    rows = [[*long.table.rows[0][:1], " ".join(words), *long.table.rows[0][2:]]]
    report = replace(sample(1), annexes=[replace(long, table=replace(long.table, rows=rows))])
    reader = reading.pdf(as_pdf(report))
    assert words[-1] in reading.pdf_text(reader)
    # What runs over the edge is still found in the file, but all on one page.
    assert max(len(page.extract_text()) for page in reader.pages) < 5000
    *_, table = reading.word(as_word(report)).element.body.iter(qn("w:tbl"))
    *heads, row = table.findall(qn("w:tr"))
    assert [one.find(f".//{qn('w:cantSplit')}") is None for one in heads] == [False, False]
    assert row.find(f".//{qn('w:cantSplit')}") is None


@pytest.mark.parametrize(
    ("value", "column", "said"),
    [
        (Decimal("8.6478"), {"kind": Kind.AVERAGE}, "8,65"),
        (1518, {"kind": Kind.COUNT}, "1.518"),
        (Decimal(33) / 177, {"kind": Kind.SHARE}, "18,6%"),
        (Decimal(33) / 177, {"kind": Kind.SHARE, "places": 2}, "18,64%"),
        (Decimal("10.50"), {"kind": Kind.FIGURE}, "10,50"),
        (Decimal("36.5000"), {"kind": Kind.FIGURE}, "36,5"),
        (Decimal("1234.56789"), {"kind": Kind.FIGURE}, "1.234,5679"),
        (-3, {"kind": Kind.FIGURE}, "−3"),
        (date(2018, 2, 5), {"kind": Kind.DAY}, "05/02/2018"),
        (177, {"kind": Kind.TEXT}, "177"),
        (None, {"kind": Kind.COUNT}, ""),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value, column, said):
    assert printing.written(value, Column(label="", **column)) == said


def test_days_under_ten_and_the_first_months_have_a_zero():
    head = sample(1).letterhead
    for day, said in (
        (date(2019, 1, 5), "ngày 05 tháng 01 năm 2019"),
        (date(2019, 2, 15), "ngày 15 tháng 02 năm 2019"),
        (date(2019, 3, 5), "ngày 05 tháng 3 năm 2019"),
    ):
        assert printing.place_and_day(replace(head, day=day)) == f"Hà Giang, {said}"
    assert printing.number_and_symbol(replace(head, number="12")) == "Số: 12/BC-VPĐP"


def test_a_wide_table_in_the_text_lies_on_a_page_of_its_own_and_numbering_goes_on():
    base = sample(1)
    wide = replace(matrix(30, 19), code="B2")
    blocks = [base.blocks[0], Paragraph(text="Trước."), wide, wide, Paragraph(text="Sau.")]
    report = replace(base, blocks=blocks, annexes=[], missing=[])
    sections = list(reading.word(as_word(report)).sections)
    assert [s.orientation == WD_ORIENT.LANDSCAPE for s in sections] == [False, True, False]
    assert [s.different_first_page_header_footer for s in sections] == [True, False, False]
    assert [s._sectPr.find(qn("w:pgNumType")) for s in sections] == [None] * 3
    reader = reading.pdf(as_pdf(report))
    lying = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in reader.pages]
    assert lying[0] is lying[-1] is False
    assert all(lying[1:-1])
    last = reader.pages[-1].extract_text().split()
    assert last[0] == str(len(reader.pages))
    assert "Sau." in last
