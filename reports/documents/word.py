"""The monthly report as a Word file that an office can send after reading it.

Layout after Nghị định 30/2020/NĐ-CP, phụ lục I: letterhead, body, recipients and signature, then
each annex on landscape pages numbered from 1. No text boxes; every part has a Word style.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from itertools import count
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.charts.printed import drawing
from reports.documents import paper, printing, word_styles, word_tables
from reports.documents.paper import CENTRE
from reports.documents.pdf import pictures
from reports.documents.printed_table import PORTRAIT, PrintedTable, printed
from reports.documents.word_styles import (
    ANNEX,
    BODY,
    CAPTION,
    GOES_WITH,
    KIND,
    MARK,
    NOTE,
    PICTURE,
    PLACEHOLDER,
    POINT,
    SUBJECT,
    WARNING,
)
from reports.monthly.content import (
    Block,
    Chart,
    Heading,
    MonthlyReport,
    Paragraph,
    Points,
    TableBlock,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIDES = (80, 85)
"""Millimetres of the recipients and of the signature."""
_ROOM_TO_SIGN = 4
"""Empty lines between the title and the name of who signs."""


def as_word(report: MonthlyReport) -> bytes:
    """The report as a .docx file."""
    report = printing.ready(report)
    document = paper.paper()
    word_styles.prepare(document)
    _properties(document, report)
    first = document.sections[0]
    _marks(report, first.first_page_footer, first.footer)
    _top(document, report)
    _Body(document, report).write()
    _bottom(document, report)
    for number, annex in enumerate(report.annexes):
        _annex(document, report, number, printed(annex, annex=True))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _properties(document: Any, report: MonthlyReport) -> None:
    kept = document.core_properties
    kept.title = printing.document_title(report)[:255]
    kept.author = kept.last_modified_by = report.letterhead.issuer[:255]
    kept.subject = f"{report.unit_name}, tháng {report.month:%m/%Y}"[:255]
    kept.keywords, kept.comments = "", printing.marks(report)[:255]
    kept.language, kept.category = word_styles.LANGUAGE, "Báo cáo tháng"
    day = report.letterhead.day or report.month
    kept.created = kept.modified = datetime.combine(day, time(), UTC)


def _marks(report: MonthlyReport, *footers: Any) -> None:
    """The marks at the foot of pages; what is said once goes on in the sections that follow."""
    if not report.marks:
        return
    for footer in footers:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = CENTRE
        run = paragraph.add_run(printing.marks(report))
        run.bold, run.font.size = True, Pt(10)


def _top(document: Any, report: MonthlyReport) -> None:
    """Letterhead, kind and subject with a line below, and what must not be overlooked."""
    head = report.letterhead
    paper.heading(
        document,
        above=printing.unbroken(head.above),
        issuer=printing.unbroken(head.issuer),
        symbol=head.symbol,
        number=printing.number_and_symbol(head),
        when=printing.place_and_day(head),
    )
    document.add_paragraph(head.kind.upper(), style=KIND)
    document.add_paragraph(head.subject, style=SUBJECT)
    paper.rule(document, Mm(45), Mm(PORTRAIT))
    for mark in report.marks:
        document.add_paragraph(mark, style=MARK)


class _Body:
    """Writes the blocks one after the other; a wide table lies on landscape pages."""

    def __init__(self, document: Any, report: MonthlyReport) -> None:
        self.document, self.report = document, report
        self.sections, self.lying = False, False
        charts = [block for block in report.blocks if isinstance(block, Chart)]
        self.pictures = iter(pictures([drawing(chart) for chart in charts]))
        self.chart_numbers = count(1)

    def write(self) -> None:
        for block in self.report.blocks:
            self._block(block)
        self._turn(False)
        if left_out := printing.left_out(self.report):
            self.document.add_paragraph(left_out, style=BODY)
        # The signature never stands alone on a page.
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def _block(self, block: Block) -> None:
        if isinstance(block, TableBlock):
            table = printed(block)
            self._turn(table.wide)
            self.document.add_paragraph(table.caption, style=CAPTION)
            _table(self.document, table)
            return
        self._turn(False)
        match block:
            case Heading():
                level = printing.level(block, self.sections)
                self.sections = self.sections or level == 1
                self.document.add_heading(printing.title(block), level)
            case Paragraph(warning=True):
                self.document.add_paragraph(printing.WARNING + block.text, style=WARNING)
            case Paragraph(placeholder=True):
                self.document.add_paragraph(block.text, style=PLACEHOLDER)
            case Paragraph():
                for said in block.text.split("\n"):
                    self.document.add_paragraph(said, style=BODY)
            case Points():
                for said in block.lines:
                    self.document.add_paragraph(said, style=POINT)
            case Chart():
                self._chart(block)

    def _chart(self, chart: Chart) -> None:
        holder = self.document.add_paragraph(style=PICTURE)
        shape = holder.add_run().add_picture(BytesIO(next(self.pictures)), width=Mm(PORTRAIT))
        shape._inline.docPr.set("descr", printing.chart_in_words(chart))
        said = printing.chart_caption(next(self.chart_numbers), chart)
        caption = self.document.add_paragraph(said, style=CAPTION)
        caption.paragraph_format.keep_with_next = False

    def _turn(self, lying: bool) -> None:
        if lying != self.lying:
            _turned(self.document, lying)
            self.lying = lying


def _turned(document: Any, lying: bool) -> Any:
    """A new section on new pages, on its side or upright; page numbers go on."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    section.different_first_page_header_footer = False
    return section


def _table(document: Any, table: PrintedTable) -> None:
    """What its figures are taken of, the table, and its note."""
    if table.base:
        base = document.add_paragraph(table.base, style=NOTE)
        base.alignment, base.paragraph_format.keep_with_next = CENTRE, True
    document.element.body._insert_tbl(word_tables.element(table))
    document.add_paragraph(table.note, style=NOTE)


def _bottom(document: Any, report: MonthlyReport) -> None:
    """Recipients on the left, authority, title and name of who signs on the right."""
    left, right = paper.two_columns(document, _SIDES)
    paper.line(left, printing.RECIPIENTS, size=12, bold=True, italic=True, first=True)
    for said in printing.recipients(report):
        paper.line(left, said, size=11)
    for number, said in enumerate(report.signature.lines):
        paper.line(right, said, bold=True, align=CENTRE, first=number == 0)
    for _ in range(_ROOM_TO_SIGN):
        right.add_paragraph()
    paper.line(right, report.signature.name, size=14, bold=True, align=CENTRE)


def _annex(document: Any, report: MonthlyReport, number: int, table: PrintedTable) -> None:
    """Landscape pages numbered from 1, without a number on the first one."""
    section = _turned(document, True)
    section.different_first_page_header_footer = True
    # Said again: programs do not agree on whether it goes on past sections without a first page.
    _marks(report, section.first_page_footer)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")
    which, name, goes_with = printing.annex_heading(report, number)
    document.add_paragraph(f"{which}\n{name}", style=ANNEX)
    document.add_paragraph(goes_with, style=GOES_WITH)
    _table(document, table)
