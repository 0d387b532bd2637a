"""The monthly report as a PDF: the layout and the words of the Word file, charts as vectors.

Tagged (PDF/UA-1) and fit for the archive (PDF/A-2a); its headings are its bookmarks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import count, groupby
from pathlib import Path
from typing import Any

from reports.charts.printed import drawing
from reports.documents import pdf, printing
from reports.documents.printed_table import PADDING, PrintedTable, printed
from reports.monthly.content import (
    Block,
    Chart,
    Heading,
    MonthlyReport,
    Paragraph,
    Points,
    TableBlock,
)

CONTENT_TYPE = "application/pdf"
TEMPLATE = Path(__file__).parent / "monthly.typ"


def as_pdf(report: MonthlyReport) -> bytes:
    """The report as a PDF file; raises PdfFault."""
    return pdf.compiled(TEMPLATE, _data(printing.ready(report)), standards=pdf.ACCESSIBLE)


def _data(report: MonthlyReport) -> dict[str, Any]:
    head, dated = report.letterhead, report.letterhead.day or report.month
    return {
        "title": printing.document_title(report),
        "author": head.issuer,
        "about": printing.marks(report),
        "dated": [dated.year, dated.month, dated.day],
        "marks": printing.marks(report),
        "each-mark": list(report.marks),
        "letterhead": {
            "above": printing.unbroken(head.above),
            "issuer": printing.unbroken(head.issuer),
            "symbol": head.symbol,
            "number": printing.number_and_symbol(head),
            "day": printing.place_and_day(head),
            "kind": head.kind.upper(),
            "subject": head.subject,
        },
        "parts": _parts(report),
        "recipients-title": printing.RECIPIENTS,
        "recipients": printing.recipients(report),
        "signature": list(report.signature.lines),
        "name": report.signature.name,
        "annexes": [
            {"which": which, "name": name, "goes-with": goes_with, "table": _table(table)}
            for number, block in enumerate(report.annexes)
            for table in [printed(block, annex=True)]
            for which, name, goes_with in [printing.annex_heading(report, number)]
        ],
    }


def _parts(report: MonthlyReport) -> list[tuple[bool, list[dict[str, Any]]]]:
    """The blocks, those that lie on their side apart."""
    blocks = _blocks(report.blocks)
    if left_out := printing.left_out(report):
        blocks.append({"is": "paragraph", "text": left_out})
    blocks = [{**block, "last": block is blocks[-1]} for block in blocks]
    return [
        (lying, list(together))
        for lying, together in groupby(blocks, key=lambda block: bool(block.get("wide")))
    ]


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    sections, charts = False, count(1)
    for block in blocks:
        match block:
            case Heading():
                level = printing.level(block, sections)
                sections = sections or level == 1
                said.append({"is": "heading", "level": level, "text": printing.title(block)})
            case Paragraph(warning=True):
                said.append({"is": "warning", "text": printing.WARNING + block.text})
            case Paragraph(placeholder=True):
                said.append({"is": "placeholder", "text": block.text})
            case Paragraph():
                said += [{"is": "paragraph", "text": text} for text in block.text.split("\n")]
            case Points():
                said.append({"is": "points", "lines": list(block.lines)})
            case TableBlock():
                said.append({"is": "table", **_table(printed(block))})
            case Chart():
                said.append(
                    {
                        "is": "chart",
                        "drawing": drawing(block),
                        "alt": printing.chart_in_words(block),
                        "caption": printing.chart_caption(next(charts), block),
                    }
                )
    return said


def _table(table: PrintedTable) -> dict[str, Any]:
    return {**asdict(table), "padding": PADDING}
