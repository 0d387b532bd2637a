"""Word, PDF and Excel say the same: every cell of every table, read back from the files."""

from __future__ import annotations

from reports.monthly.content import TableBlock
from tests.reports.documents import reading
from tests.reports.documents.sample import UNWRITTEN


def tables(report) -> list[TableBlock]:
    found = [block for block in report.blocks if isinstance(block, TableBlock)]
    return [*found, *report.annexes]


def test_every_cell_of_every_table_is_the_same_in_the_three_files(report, word, pdf, excel_file):
    blocks = tables(report)
    in_word, in_pdf = reading.word_tables(word), reading.pdf_tables(pdf)
    sheets = reading.excel(excel_file).worksheets[1:]
    assert len(in_word) == len(in_pdf) == len(blocks) == 4
    for block, of_word, of_pdf, sheet in zip(blocks, in_word, in_pdf, sheets, strict=False):
        table = block.table
        rows = len(table.rows) + (table.total is not None)
        grouped = any(column.group for column in table.columns)
        of_excel = reading.excel_table(sheet, grouped, rows)
        assert len(of_word) == rows
        assert of_word == [[reading.squeezed(c) and c for c in row] for row in of_excel]
        assert squeezed(of_pdf) == squeezed(of_word)
    assert in_word[1][-1][1:5] == ["Toàn tỉnh", "80", "25", "31,3%"]
    assert in_word[0][1][3:7] == ["27", "31", "33", "2"]
    assert in_word[0][4][3:7] == ["8,58", "10,45", "10,59", "0,14"]
    assert in_word[0][5][6] == "−3"


def squeezed(rows: reading.Rows) -> reading.Rows:
    """A PDF breaks lines and long names where Word's file does not say so."""
    return [[reading.squeezed(cell) for cell in row] for row in rows]


def test_what_word_says_beside_its_tables_the_pdf_says_too(word, pdf):
    said = reading.squeezed(reading.pdf_text(pdf)).casefold()
    texts = [p.text for p in word.paragraphs if p.text.strip()]
    head, sign = word.tables[0], next(t for t in word.tables if "Nơi nhận" in t.cell(0, 0).text)
    cells = [cell.text for table in (head, sign) for cell in table.rows[0].cells]
    lines = [line for text in [*texts, *cells] for line in text.split("\n") if line.strip()]
    assert len(lines) > 40
    assert [line for line in lines if reading.squeezed(line).casefold() not in said] == []
    assert "33/177 xã được công nhận" in " ".join(texts)


def test_a_section_nobody_wrote_is_a_gap_to_fill_and_no_warning(word, excel_file):
    (gap,) = [p for p in word.paragraphs if UNWRITTEN in p.text]
    assert (gap.text, gap.style.font.italic) == (UNWRITTEN, True)
    sheets = reading.excel(excel_file).worksheets
    said = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert not [text for text in said if UNWRITTEN in text]


def test_the_headline_figures_stand_on_the_first_sheet(report, excel_file):
    sheet = reading.excel(excel_file).worksheets[0]
    rows = {row[0].value: [c.value for c in row[1:]] for row in sheet.iter_rows(min_row=6)}
    recognised = rows["Xã được công nhận đạt chuẩn nông thôn mới"]
    assert recognised[:3] == [33, 33, 177]
    assert round(recognised[3], 3) == 0.186
    average = rows["Bình quân tiêu chí/xã"]
    assert (average[1:3], round(average[4], 2)) == ([1874, 177], 10.59)
    formulas = reading.excel(excel_file, formulas=True).worksheets[0]
    assert formulas["E6"].value == "=C6/D6"
    assert any("số của các" in str(name) or "tổng các nhóm" in str(name) for name in rows)
    assert any("B7." in str(name) and "B10." in str(name) for name in rows)
