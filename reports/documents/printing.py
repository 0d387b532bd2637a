"""The words and cells of a monthly report as they are printed, the same in Word and in PDF.

Pure. Order and form of the parts after Nghị định 30/2020/NĐ-CP, phụ lục I; a part that the office
fills in by hand (number, day, name) is printed as room to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from communes.vietnamese import format_date, format_number, rounded
from reports.monthly.content import Chart, Heading, Letterhead, MonthlyReport, Part, TableBlock
from reports.tables import MOST_PLACES, Column, Kind, Value, places

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS = "Nơi nhận:"
WARNING = "Lưu ý: "
_BLANK = "………"
_PROVINCE = re.compile(r"(tỉnh|thành phố)( \S+){1,4}$", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What no XML may hold; the line break is kept."""


def ready(report: MonthlyReport) -> MonthlyReport:
    """The report without signs that cannot be printed and without empty tables.

    A table that holds no row and no total is never printed: it is named among the missing ones.
    """
    blocks = [block for block in report.blocks if not _empty(block)]
    annexes = [block for block in report.annexes if not _empty(block)]
    missing = [*report.missing]
    for block in (*report.blocks, *report.annexes):
        if isinstance(block, TableBlock) and _empty(block):
            missing.append(f"{block.code}. {block.table.title}")
    cleaned: MonthlyReport = _clean(
        replace(report, blocks=blocks, annexes=annexes, missing=missing)
    )
    return cleaned


def _empty(block: object) -> bool:
    return isinstance(block, TableBlock) and not (block.table.rows or block.table.total)


def _clean(found: Any) -> Any:
    if isinstance(found, Enum):
        return found
    if isinstance(found, str):
        return _UNPRINTABLE.sub("", found)
    if isinstance(found, (list, tuple)):
        return [_clean(one) for one in found]
    if is_dataclass(found) and not isinstance(found, type):
        return replace(found, **{f.name: _clean(getattr(found, f.name)) for f in fields(found)})
    return found


def written(value: Value, column: Column) -> str:
    """A cell as it is printed: 8,65 and 1.518 and 18,6%; nothing where there is no value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return format_date(value)
    digits = places(value, column)
    if column.kind is Kind.SHARE:
        return format_number(100 * value, digits) + "%"
    if digits is None:
        return format_number(rounded(Decimal(value), MOST_PLACES))
    return format_number(value, digits)


@dataclass(frozen=True, kw_only=True)
class HeadCell:
    """A cell of the head at a place of its row, over `across` columns and `down` rows."""

    text: str
    place: int
    across: int = 1
    down: int = 1


def heads(columns: Sequence[Column]) -> list[list[HeadCell]]:
    """The head of a table: one row, or two where columns stand under a group together."""
    if not any(column.group for column in columns):
        return [[HeadCell(text=c.label, place=n) for n, c in enumerate(columns)]]
    upper: list[HeadCell] = []
    lower: list[HeadCell] = []
    for place, column in enumerate(columns):
        if not column.group:
            upper.append(HeadCell(text=column.label, place=place, down=2))
            continue
        lower.append(HeadCell(text=column.label, place=place))
        if place and columns[place - 1].group == column.group:
            upper[-1] = replace(upper[-1], across=upper[-1].across + 1)
        else:
            upper.append(HeadCell(text=column.group, place=place))
    return [upper, lower]


def caption(block: TableBlock) -> str:
    """Biểu B2. …"""
    return f"Biểu {block.code}. {block.table.title}"


def chart_caption(number: int, chart: Chart) -> str:
    """Biểu đồ 1. …, numbered through the report."""
    return f"Biểu đồ {number}. {chart.title}"


def chart_in_words(chart: Chart) -> str:
    """What a chart shows, for those who cannot see it."""
    said = []
    for series in chart.series:
        pairs = zip(chart.categories, series.values, strict=True)
        values = (
            f"{name} {format_number(value, chart.places)}"
            for name, value in pairs
            if value is not None
        )
        said.append(f"{series.name}: {'; '.join(values)}")
    if chart.target is not None:
        said.append(target(chart))
    return f"{chart.title} ({chart.unit}). " + ". ".join(said) + "."


def target(chart: Chart) -> str:
    """The dotted line of a chart in words."""
    return f"{chart.target_label or 'Kế hoạch'} {format_number(chart.target, chart.places)}"


def title(heading: Heading) -> str:
    return f"{heading.number} {heading.text}".strip()


def level(heading: Heading, sections: bool) -> int:
    """1 or 2: a heading is never deeper than what was opened before it."""
    return 2 if heading.part is Part.SUBSECTION and sections else 1


def unbroken(issuer: str) -> str:
    """An office with its province on one line, never "TỈNH HÀ" above "GIANG"."""
    return _PROVINCE.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), issuer)


def number_and_symbol(head: Letterhead) -> str:
    """Số: 12/BC-VPĐP, with room for a number that the office writes by hand."""
    return f"Số: {head.number or '       '}/{head.symbol}"


def place_and_day(head: Letterhead) -> str:
    """Hà Giang, ngày 05 tháng 02 năm 2019: a zero before days under 10 and months 1 and 2."""
    return f"{head.place or _BLANK}, {_day(head.day)}"


def _day(day: date | None) -> str:
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def document_title(report: MonthlyReport) -> str:
    """The name of the document in its properties."""
    head = report.letterhead
    return " ".join(f"{head.kind.capitalize()} {head.subject}".split())


def annex_heading(report: MonthlyReport, number: int) -> tuple[str, str, str]:
    """ "Phụ lục II", the name in capitals, and what it goes with; one annex has no number."""
    head, block = report.letterhead, report.annexes[number]
    which = f" {ROMAN[number]}" if len(report.annexes) > 1 else ""
    goes_with = (
        f"(Kèm theo {head.kind.capitalize()} số {head.number or '       '}/{head.symbol}"
        f" {_day(head.day)} của {head.issuer})"
    )
    return f"Phụ lục{which}", caption(block).upper(), goes_with


def left_out(report: MonthlyReport) -> str:
    """One sentence that names the tables for which there are no figures; may be empty."""
    if not report.missing:
        return ""
    names = "; ".join(name.rstrip(".; ") for name in report.missing)
    return f"Chưa có số liệu nên báo cáo này không in các biểu: {names}."


def recipients(report: MonthlyReport) -> list[str]:
    """The lines under "Nơi nhận:", each with its dash and sign; room to write if there is none."""
    names = [name.strip().rstrip(";.") for name in report.recipients] or [_BLANK]
    return [f"- {name};" for name in names[:-1]] + [f"- {names[-1]}."]


def marks(report: MonthlyReport) -> str:
    """What must not be overlooked, in one line; it stands on each page and sheet."""
    return " · ".join(report.marks)
