"""The monthly report as an Excel workbook: figures first, then a sheet a table, then the charts.

Shares, averages and totals are formulas with the printed value beside them; charts are Excel's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO

from communes.vietnamese import format_date
from reports.documents import excel_charts, printing
from reports.monthly.content import Chart, Figure, MonthlyReport, Paragraph, TableBlock
from reports.tables import Column, Kind, Table, Value, share
from reports.workbook import LONGEST_NAME, Book

SUMMARY = "Số liệu chính"
NAMES = {
    "recognised": "Xã được công nhận đạt chuẩn nông thôn mới",
    "communes": "Số xã tham gia Chương trình",
    "average": "Bình quân tiêu chí/xã",
    "criteria_met": "Tổng số tiêu chí đạt",
    "assessed": "Số xã đã có kết quả đánh giá",
}
"""Of figures that bring no name of their own."""


def as_excel(report: MonthlyReport) -> bytes:
    """The report as a .xlsx file."""
    report = printing.ready(report)
    buffer = BytesIO()
    book = Book(buffer, heading=heading(report), marks=printing.marks(report))
    day = report.letterhead.day or report.month
    book.describe(
        title=printing.document_title(report)[:255],
        author=report.letterhead.issuer[:255],
        category="Báo cáo tháng",
        created=datetime.combine(day, time(), UTC),
    )
    notes = [*_warnings(report), printing.left_out(report)]
    book.add(_summary(report), notes=[note for note in notes if note])
    tables = [block for block in report.blocks if isinstance(block, TableBlock)]
    for block in [*tables, *report.annexes]:
        notes = block.note.split("\n") if block.note else []
        book.add(block.table, name=_sheet_name(block), notes=notes)
    charts = [block for block in report.blocks if isinstance(block, Chart)]
    for number, chart in enumerate(charts, start=1):
        excel_charts.add(book, chart, number)
    book.close()
    return buffer.getvalue()


def _sheet_name(block: TableBlock) -> str:
    """B2 and as many words of the name as a sheet may have."""
    name = block.table.name if block.table.name != block.code else block.table.title
    words = f"{block.code} {name}".split()
    while len(" ".join(words)) > LONGEST_NAME and len(words) > 1:
        words.pop()
    return " ".join(words)


def heading(report: MonthlyReport) -> str:
    """What stands on every sheet: unit, day, state of the month, set and basis."""
    state = f"đã chốt, lần {report.closing_no}" if report.closing_no else "chưa chốt"
    name = report.unit_name[:1].upper() + report.unit_name[1:]
    return (
        f"{name} · tính đến {format_date(report.month)} ({state}) · {report.set_name}"
        f" · {report.basis}"
    )


def _warnings(report: MonthlyReport) -> list[str]:
    """What the report warns of, each once."""
    said = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.warning]
    return [printing.WARNING + text for text in dict.fromkeys(said)]


def _summary(report: MonthlyReport) -> Table:
    """The headline figures; a count that has a base has its share, an average its quotient."""
    return Table(
        name=SUMMARY,
        title=printing.document_title(report),
        base="Tỷ lệ và bình quân bằng tử số chia mẫu số của cùng dòng.",
        columns=[
            Column(label="Nội dung", width=46),
            Column(label="Số lượng", kind=Kind.COUNT),
            Column(label="Tử số", kind=Kind.COUNT),
            Column(label="Mẫu số", kind=Kind.COUNT),
            Column(label="Tỷ lệ", kind=Kind.SHARE, of=(2, 3)),
            Column(label="Bình quân", kind=Kind.AVERAGE, of=(2, 3)),
            Column(label="Cơ sở tính", width=46),
        ],
        rows=[_figure(figure) for figure in report.figures],
    )


def _figure(figure: Figure) -> list[Value]:
    """A count, or an average or a share; nothing at all where nothing is known."""
    name = figure.label or NAMES.get(figure.key, figure.key)
    value, above, below = figure.value, figure.numerator, figure.denominator
    if value is None:
        return [name, None, None, None, None, None, figure.base]
    if isinstance(value, int):
        part = share(above, below) if above is not None and below else None
        return [name, value, above, below, part, None, figure.base]
    if figure.key.endswith("share"):
        return [name, None, above, below, value, None, figure.base]
    return [name, None, above, below, None, value, figure.base]
