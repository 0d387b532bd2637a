"""The paper of an official document: A4, Times New Roman, heading, page numbers, signatures.

Sizes and order of the parts after Nghị định 30/2020/NĐ-CP, phụ lục I.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.documents.printing import MOTTO, NATION

FONT = "Times New Roman"
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
LETTERHEAD = (70, 95)
"""Millimetres of the two columns of the letterhead."""
EM = Mm(2.15)
"""About how wide a letter of size 12–13 in bold is, to draw a line as long as a text."""


def paper() -> Any:
    """An empty A4 document with its margins, font and page numbers (none on the first page)."""
    document = Document()
    _without_thumbnail(document)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    # Word takes the font of letters with marks from here.
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        style.element.rPr.rFonts.set(qn(f"w:{script}"), FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return document


def _without_thumbnail(document: Any) -> None:
    """Forget the small picture of an empty page that the template brings along."""
    kept = document.part.package.rels
    for name in [name for name, found in kept.items() if found.reltype.endswith("/thumbnail")]:
        kept.pop(name)


def line(
    holder: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = LEFT,
    first: bool = False,
) -> Any:
    """A paragraph in a document or cell; `first` fills the one that a cell begins with."""
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def heading(
    document: Any,
    *,
    above: str,
    issuer: str,
    symbol: str,
    number: str = "",
    when: str = "………………, ngày …… tháng …… năm ………",
) -> None:
    """Who issues on the left, quốc hiệu and tiêu ngữ on the right, number and date below.

    `number` is the whole line ("Số: 12/BC-VPĐP"); without it there is room to write one.
    """
    left, right = two_columns(document, LETTERHEAD)
    line(left, above.upper(), size=12, align=CENTRE, first=True)
    line(left, issuer.upper(), size=12, bold=True, align=CENTRE)
    rule(left, Mm(22), Mm(LETTERHEAD[0]))
    line(left, number or f"Số:        /{symbol}", align=CENTRE)
    line(right, NATION, size=12, bold=True, align=CENTRE, first=True)
    line(right, MOTTO, bold=True, align=CENTRE)
    rule(right, EM * len(MOTTO), Mm(LETTERHEAD[1]))
    line(right, when, italic=True, align=CENTRE)


def rule(holder: Any, length: int, room: int) -> None:
    """A centred line `length` long, drawn as the upper border of a paragraph in `room`.

    The decree asks for a drawn line; a border needs no text box and no drawing.
    """
    paragraph = holder.add_paragraph()
    form = paragraph.paragraph_format
    inside = max(0, (room - length) // 2)
    form.left_indent = form.right_indent = inside
    form.space_before, form.space_after, form.line_spacing = Pt(3), Pt(0), Pt(6)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def signatures(document: Any, left: Sequence[str], right: Sequence[str]) -> None:
    """Two places to sign side by side; the last line of each is how to sign, in italics."""
    document.add_paragraph()
    for cell, said in zip(two_columns(document, (82, 83)), (left, right), strict=True):
        *titles, how = said
        for number, title in enumerate(titles):
            line(cell, title, bold=True, align=CENTRE, first=number == 0)
        line(cell, how, italic=True, align=CENTRE)
        for _ in range(4):
            cell.add_paragraph()


def table(document: Any, titles: Sequence[str], widths: Sequence[int]) -> Any:
    """A ruled table whose row of titles comes again on each page; widths in millimetres."""
    made = document.add_table(rows=1, cols=len(titles))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for title, cell in zip(titles, made.rows[0].cells, strict=True):
        line(cell, title, size=11, bold=True, align=CENTRE, first=True)
    _set(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    set_widths(made.rows[0], widths)
    return made


def row(made: Any, texts: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> None:
    """One row; it is not broken over two pages. A text of several lines has one paragraph each."""
    added = made.add_row()
    _set(added._tr.get_or_add_trPr(), "w:cantSplit")
    set_widths(added, widths)
    for number, (text, cell) in enumerate(zip(texts, added.cells, strict=True)):
        for place, part in enumerate(text.split("\n")):
            align = CENTRE if number in (0, 4) else LEFT
            line(cell, part, size=11, bold=bold, align=align, first=place == 0)


def set_widths(made_row: Any, widths: Sequence[int]) -> None:
    for cell, width in zip(made_row.cells, widths, strict=True):
        cell.width = Mm(width)


def two_columns(document: Any, widths: tuple[int, int]) -> tuple[Any, Any]:
    """The two cells of a table without rules or margins; it is not broken over two pages."""
    made = document.add_table(rows=1, cols=2)
    made.autofit = False
    _without_margins(made)
    # Word goes by the widths of the cells, other programs by those of the columns.
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    set_widths(made.rows[0], widths)
    _set(made.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    return tuple(made.rows[0].cells)  # type: ignore[return-value]


def _without_margins(made: Any) -> None:
    """Its cells reach as far as the text does."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    made._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption")


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _set(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))
