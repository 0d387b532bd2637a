"""The monthly report as an Excel workbook: figures first, then a sheet a table, then the charts.

Shares, averages and totals are formulas with the printed value beside them; charts are Excel's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO

from communes.vietnamese import format_date
from reports.documents import excel_charts, printing
from reports.monthly.content import Chart, Figure, MonthlyReport, TableBlock
from reports.tables import Column, Kind, Table, Value, share
from reports.workbook import Book

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
    note = " ".join([*_warnings(report), printing.left_out(report)]).strip()
    book.add(_summary(report), note=note)
    tables = [block for block in report.blocks if isinstance(block, TableBlock)]
    for block in [*tables, *report.annexes]:
        book.add(block.table, name=f"{block.code} {block.table.name}", note=block.note)
    charts = [block for block in report.blocks if isinstance(block, Chart)]
    if charts:
        excel_charts.add(book, charts)
    book.close()
    return buffer.getvalue()


def heading(report: MonthlyReport) -> str:
    """What stands on every sheet: unit, day, state of the month, set and basis."""
    state = f"đã chốt, lần {report.closing_no}" if report.closing_no else "chưa chốt"
    name = report.unit_name[:1].upper() + report.unit_name[1:]
    return (
        f"{name} · tính đến {format_date(report.month)} ({state}) · {report.set_name}"
        f" · {report.basis}"
    )


def _warnings(report: MonthlyReport) -> list[str]:
    return [
        printing.WARNING + block.text for block in report.blocks if getattr(block, "warning", False)
    ]


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
    name = figure.label or NAMES.get(figure.key, figure.key)
    value, above, below = figure.value, figure.numerator, figure.denominator
    counted = value if isinstance(value, int) else None
    average = value if isinstance(value, Decimal) else None
    part = share(above, below) if counted is not None and above is not None and below else None
    return [name, counted, above, below, part, average, figure.base]
