"""A printed table as Word's XML, written at once: cell by cell it would take seconds.

The head comes again on each page, a row is not broken, widths are fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.printed_table import PADDING, PrintedTable
from reports.documents.printing import HeadCell
from reports.documents.word_styles import CELL, CENTRED, HEAD, NUMBER

TWIPS = 1440 / 25.4
STYLE_SIZE = 11
"""The size of the styles of cells; another one is written into the runs."""
LINE, SPACE = 1.15, 3
"""A line of text by the size of its letters; the room above and below it in points."""
_STYLES = {"left": CELL, "center": CENTRED, "right": NUMBER}


def element(table: PrintedTable) -> Any:
    """The `w:tbl` of a table, ready to be placed in the body of a document."""
    return parse_xml("".join(_xml(table)))


def _xml(table: PrintedTable) -> Iterator[str]:
    widths = [round(width * TWIPS) for width in table.widths]
    margin = round(PADDING * TWIPS)
    yield (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblStyle w:val='TableGrid'/>"
        f"<w:tblW w:w='{sum(widths)}' w:type='dxa'/><w:jc w:val='center'/>"
        "<w:tblLayout w:type='fixed'/>"
        f"<w:tblCellMar><w:left w:w='{margin}' w:type='dxa'/>"
        f"<w:right w:w='{margin}' w:type='dxa'/></w:tblCellMar>"
        "<w:tblLook w:val='0020' w:firstRow='1' w:lastRow='0' w:firstColumn='0'"
        " w:lastColumn='0' w:noHBand='1' w:noVBand='1'/>"
        f"<w:tblCaption w:val={quoteattr(table.caption)}/></w:tblPr><w:tblGrid>"
    )
    yield from (f"<w:gridCol w:w='{width}'/>" for width in widths)
    yield "</w:tblGrid>"
    run = _run(table.size)
    for number, (cells, lines) in enumerate(zip(table.heads, table.head_lines, strict=True)):
        high = round(20 * (lines * table.size * LINE + SPACE))
        height = f"<w:trHeight w:val='{high}' w:hRule='atLeast'/>"
        yield f"<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader/></w:trPr>"
        yield from _head(cells, table, number, widths, run)
        yield "</w:tr>"
    styles = [_STYLES[align] for align in table.aligns]
    for number, row in enumerate(table.rows):
        yield from _row(row, styles, widths, run, whole=number not in table.tall)
    if table.total is not None:
        yield from _row(table.total, styles, widths, _run(table.size, bold=True), whole=True)
    yield "</w:tbl>"


def _run(size: int, *, bold: bool = False) -> str:
    """The properties of every run of a row."""
    said = "<w:b/>" if bold else ""
    if size != STYLE_SIZE:
        said += f"<w:sz w:val='{2 * size}'/><w:szCs w:val='{2 * size}'/>"
    return f"<w:rPr>{said}</w:rPr>" if said else ""


def _head(
    cells: list[HeadCell], table: PrintedTable, number: int, widths: list[int], run: str
) -> Iterator[str]:
    """One row of the head; below a cell that goes down over two rows stands an empty one."""
    at = {cell.place: cell for cell in cells}
    place = 0
    while place < len(widths):
        cell = at.get(place)
        across = cell.across if cell else 1
        said = f"<w:tcW w:w='{sum(widths[place : place + across])}' w:type='dxa'/>"
        if across > 1:
            said += f"<w:gridSpan w:val='{across}'/>"
        if cell is None:
            said += "<w:vMerge/>"
        elif cell.down > 1:
            said += "<w:vMerge w:val='restart'/>"
        said += "<w:vAlign w:val='center'/>"
        text = cell.text if cell else ""
        yield f"<w:tc><w:tcPr>{said}</w:tcPr>{_paragraph(text, HEAD, run)}</w:tc>"
        place += across


def _row(
    texts: list[str], styles: list[str], widths: list[int], run: str, *, whole: bool
) -> Iterator[str]:
    yield "<w:tr><w:trPr><w:cantSplit/></w:trPr>" if whole else "<w:tr>"
    for text, style, width in zip(texts, styles, widths, strict=True):
        yield (
            f"<w:tc><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/></w:tcPr>"
            f"{_paragraph(text, style, run)}</w:tc>"
        )
    yield "</w:tr>"


def _paragraph(text: str, style: str, run: str) -> str:
    form = f"<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>"
    if not text:
        return form + "</w:p>"
    said = "</w:t><w:br/><w:t xml:space='preserve'>".join(map(escape, text.split("\n")))
    return f"{form}<w:r>{run}<w:t xml:space='preserve'>{said}</w:t></w:r></w:p>"
