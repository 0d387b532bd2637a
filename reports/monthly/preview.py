"""The blocks of a report as the page shows them: the same words and numbers as the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count, groupby

from django.utils.safestring import SafeString, mark_safe

from communes.vietnamese import format_date, format_number
from reports.charts.printed import drawing
from reports.documents import printing
from reports.monthly.content import (
    Chart,
    Heading,
    MonthlyReport,
    Paragraph,
    Part,
    Points,
    TableBlock,
)
from reports.tables import Column, Kind, Table, Value


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell in words; `numeric` is set to the right."""

    text: str
    numeric: bool


@dataclass(frozen=True, kw_only=True)
class Head:
    """A head over `span` columns; one that stands alone is two lines high."""

    label: str
    span: int
    numeric: bool


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """A table in words; `lower` are the heads under those that group several."""

    code: str
    title: str
    base: str
    note: str
    upper: Sequence[Head]
    lower: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell]


@dataclass(frozen=True, kw_only=True)
class ShownChart:
    """A chart as it is drawn on paper, with its caption, and in words for those who cannot see."""

    drawing: SafeString
    caption: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One block: just one of its parts is there."""

    section: str = ""
    subsection: str = ""
    text: str = ""
    warning: bool = False
    placeholder: bool = False
    lines: Sequence[str] = ()
    table: ShownTable | None = None
    chart: ShownChart | None = None


def shown(report: MonthlyReport, average: int, percent: int) -> Iterator[Shown]:
    """The blocks in order, numbers with the decimals of the office."""
    charts = count(1)
    for block in report.blocks:
        match block:
            case Heading(part=Part.SECTION):
                yield Shown(section=f"{block.number} {block.text}")
            case Heading():
                yield Shown(subsection=f"{block.number} {block.text}")
            case Paragraph():
                yield Shown(text=block.text, warning=block.warning, placeholder=block.placeholder)
            case Points():
                yield Shown(lines=block.lines)
            case TableBlock():
                yield Shown(table=_table(block, average, percent))
            case Chart():
                yield Shown(chart=_chart(block, next(charts)))


def _chart(chart: Chart, number: int) -> ShownChart:
    return ShownChart(
        # Every name in the drawing is escaped where it is drawn.
        drawing=mark_safe(drawing(chart)),
        caption=printing.chart_caption(number, chart),
        words=printing.chart_in_words(chart),
    )


def _table(block: TableBlock, average: int, percent: int) -> ShownTable:
    table = block.table
    return ShownTable(
        code=block.code,
        title=table.title,
        base=table.base,
        note=block.note,
        upper=tuple(_upper(table)),
        lower=tuple(
            Head(label=one.label, span=1, numeric=True) for one in table.columns if one.group
        ),
        rows=[_row(row, table, average, percent) for row in table.rows],
        total=_row(table.total, table, average, percent) if table.total else (),
    )


def _upper(table: Table) -> Iterator[Head]:
    for group, found in groupby(table.columns, key=lambda one: one.group):
        columns = list(found)
        if group:
            yield Head(label=group, span=len(columns), numeric=True)
        else:
            for one in columns:
                yield Head(label=one.label, span=1, numeric=one.kind is not Kind.TEXT)


def _row(row: Sequence[Value], table: Table, average: int, percent: int) -> list[Cell]:
    return [
        Cell(text=_text(value, column, average, percent), numeric=column.kind is not Kind.TEXT)
        for value, column in zip(row, table.columns, strict=True)
    ]


def _text(value: Value, column: Column, average: int, percent: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return format_date(value)
    if column.kind is Kind.SHARE:
        return format_number(Decimal(value) * 100, percent) + "%"
    if column.kind is Kind.AVERAGE:
        return format_number(value, average)
    if isinstance(value, Decimal) and column.kind is Kind.FIGURE:
        # Rounded when it was built: its zeros at the end are meant.
        return format_number(value, max(0, -int(value.as_tuple().exponent)))
    return format_number(value)
