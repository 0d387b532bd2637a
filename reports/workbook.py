"""Writes tables as an Excel workbook: native numbers, frozen heads, Vietnamese formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from math import ceil
from textwrap import wrap

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.tables import MOST_PLACES, Column, Kind, Table, Value, places

SIMULATED = "SỐ LIỆU MÔ PHỎNG: kết quả từng xã là mô phỏng, tổng số khớp số đã công bố."
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROW = 4
LONGEST_FOOTER = 240
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_TEXT, _DAY = "@", "dd/mm/yyyy"
_EQUAL = Decimal("1e-9")
_WIDE, _LEADING, _NARROW = 10, 3, 6
"""The names of rows stand in the first wide column of text among the leading ones; narrow columns
hold signs and numbers of rows, which stand in the middle."""
BOLD, USUAL = 1.15, 0.9
"""How much wider bold letters are; a usual letter by the digit that Excel measures widths in."""
_LINE, HIGHEST = 15, 409
"""The height of a row in points, and the greatest that Excel takes."""
_RULE = {"border": 1, "border_color": "#C9D3CD"}
_SHADE = {"bold": True, "text_wrap": True, "bg_color": "#E6EFEA"}


def workbook(tables: Sequence[Table], *, heading: str, simulated: bool) -> bytes:
    """One sheet a table. `heading` names unit, day and set and stands on every sheet.

    Text is always written as text, so a name that begins with "=" is no formula.
    """
    buffer = BytesIO()
    book = Book(buffer, heading=heading, marks=SIMULATED if simulated else "")
    book.describe(title=heading)
    for table in tables:
        book.add(table)
    book.close()
    return buffer.getvalue()


class Book:
    """A workbook whose sheets all carry the same heading and marks."""

    def __init__(self, stream: BytesIO, *, heading: str, marks: str) -> None:
        self.book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
        self.heading, self.marks = heading, marks
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._cells: dict[tuple[str, bool, bool, bool], Format] = {}
        self._names: set[str] = set()

    def describe(self, **properties: object) -> None:
        self.book.set_properties({**properties, "comments": self.marks})

    def close(self) -> None:
        self.book.close()

    def form(self, **said: object) -> Format:
        """A format; the same one for the same words."""
        key = tuple(sorted(said.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(said))
        return self._formats[key]

    def sheet(self, name: str, title: str, base: str, columns: Sequence[float] = ()) -> Worksheet:
        """A sheet on A4 on its side, with what stands above every table; `columns` are widths."""
        sheet = self.book.add_worksheet(self._free(name))
        for place, width in enumerate(columns):
            sheet.set_column(place, place, width)
        self.say(sheet, 0, title, columns, bold=True, font_size=14)
        self.say(sheet, 1, self.heading, columns)
        self.say(sheet, 2, base, columns)
        if self.marks:
            self.say(sheet, 3, self.marks, columns, bold=True, bg_color="#FFF2CC")
        footer = self.marks or self.heading
        sheet.set_footer("&C" + footer.replace("&", "&&")[:LONGEST_FOOTER] + "&R&P/&N")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        return sheet

    def say(
        self, sheet: Worksheet, row: int, text: str, columns: Sequence[float], **form: object
    ) -> None:
        """A line of text above or below a table; over all its columns where it is long.

        Beyond the last column it would not be printed.
        """
        size = int(str(form.get("font_size", 11))) / 11
        lines = ceil(len(text) * size * USUAL / sum(columns)) if len(columns) > 1 else 1
        if lines > 1:
            wrapped = self.form(**form, text_wrap=True, valign="top")
            sheet.merge_range(row, 0, row, len(columns) - 1, text, wrapped)
            sheet.set_row(row, min(_LINE * size * lines, HIGHEST))
        else:
            sheet.write_string(row, 0, text, self.form(**form))

    def _free(self, name: str) -> str:
        """A name that Excel takes and no other sheet has."""
        wanted = _FORBIDDEN.sub(" ", name).strip(" '")[:LONGEST_NAME] or "Biểu"
        free, number = wanted, 2
        while free.casefold() in self._names:
            end = f" {number}"
            free, number = wanted[: LONGEST_NAME - len(end)] + end, number + 1
        self._names.add(free.casefold())
        return free

    def add(self, table: Table, *, name: str = "", notes: Sequence[str] = ()) -> Worksheet:
        """A sheet with a table, and notes below it."""
        widths = [_width(column) for column in table.columns]
        sheet = self.sheet(name or table.name, table.title, table.base, widths)
        first = self._head(sheet, table.columns)
        for number, row in enumerate(table.rows, start=first):
            self._row(sheet, number, row, table.columns)
            _make_room(sheet, number, row, widths)
        last = first + len(table.rows) - 1
        if table.rows:
            sheet.autofilter(first - 1, 0, last, len(table.columns) - 1)
        if table.total is not None:
            last += 1
            self._row(sheet, last, table.total, table.columns, _sums(table, first), bold=True)
        for note in notes:
            last += 1
            self.say(sheet, last, note, widths, italic=True)
        sheet.freeze_panes(first, _named(table.columns))
        sheet.repeat_rows(HEAD_ROW, first - 1)
        sheet.print_area(0, 0, max(last, first), len(table.columns) - 1)
        return sheet

    def _head(self, sheet: Worksheet, columns: Sequence[Column]) -> int:
        """One row of titles, or two where columns stand under a group; the row below them."""
        grouped = any(column.group for column in columns)
        row = HEAD_ROW + 1 if grouped else HEAD_ROW
        _make_room(sheet, row, [c.label for c in columns], [_width(c) / BOLD for c in columns])
        for place, column in enumerate(columns):
            align = {"align": "center"} if column.width <= _NARROW else {}
            form = self.form(**_SHADE, **_RULE, **align, bottom=2, valign="bottom")
            sheet.write_string(row, place, column.label, form)
        # A title stands in the lower row, on which the filter works; above it is its group.
        form = self.form(**_SHADE, **_RULE, align="center")
        groups = _groups(columns) if grouped else []
        rooms = [sum(_width(columns[place]) for place in under) / BOLD for _, under in groups]
        _make_room(sheet, HEAD_ROW, [group for group, _ in groups], rooms)
        for group, under in groups:
            if group and len(under) > 1:
                sheet.merge_range(HEAD_ROW, under[0], HEAD_ROW, under[-1], group, form)
                continue
            for place in under:
                sheet.write_string(HEAD_ROW, place, group, form)
        return row + 1

    def _row(
        self,
        sheet: Worksheet,
        number: int,
        row: Sequence[Value],
        columns: Sequence[Column],
        sums: Mapping[int, str] | None = None,
        *,
        bold: bool = False,
    ) -> None:
        """One row. A formula keeps its value for those who read without calculating."""
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            long = isinstance(value, str) and len(value) > _width(column)
            form = self._of(_number_format(value, column), column, bold, long)
            if value is None:
                sheet.write_blank(number, place, None, form)
            elif isinstance(value, str):
                sheet.write_string(number, place, value, form)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, form)
            elif formula := (sums or {}).get(place) or _quotient(number, row, column, value):
                sheet.write_formula(number, place, formula, form, float(value))
            else:
                sheet.write_number(number, place, float(value), form)

    def _of(self, number_format: str, column: Column, bold: bool, long: bool) -> Format:
        """How a cell looks: narrow columns have it in the middle, long texts are folded."""
        middle = column.width <= _NARROW
        key = (number_format, middle, bold, long)
        if key not in self._cells:
            more: dict[str, object] = {"bold": True, "top": 1} if bold else {}
            more |= {"align": "center"} if middle else {}
            more |= {"text_wrap": True} if long else {}
            self._cells[key] = self.form(num_format=number_format, valign="top", **_RULE | more)
        return self._cells[key]


def _number_format(value: Value, column: Column) -> str:
    """In Excel's own notation; a Vietnamese Excel shows 1.518, 8,65 and 18,6%."""
    if column.kind is Kind.DAY:
        return _DAY
    if value is None or isinstance(value, (str, date)):
        return _TEXT
    digits = places(value, column)
    if digits is None:
        return "#,##0." + "#" * MOST_PLACES
    decimals = "." + "0" * digits if digits else ""
    return f"0{decimals}%" if column.kind is Kind.SHARE else f"#,##0{decimals}"


def _width(column: Column) -> float:
    """Wide enough for every word of its title, in letters."""
    return max(column.width, BOLD * max(map(len, column.label.split()), default=0) + 1)


def _make_room(
    sheet: Worksheet, number: int, row: Sequence[Value], widths: Sequence[float]
) -> None:
    """The height of a row whose texts are folded: not every program sees to it by itself."""
    lines = 1
    for text, width in zip(row, widths, strict=True):
        if isinstance(text, str) and len(text) > width:
            lines = max(lines, len(wrap(text, int(width / USUAL) or 1)))
    if lines > 1:
        sheet.set_row(number, min(_LINE * lines, HIGHEST))


def _groups(columns: Sequence[Column]) -> list[tuple[str, list[int]]]:
    """The columns side by side that stand under one group."""
    together = groupby(range(len(columns)), key=lambda place: columns[place].group)
    return [(group, list(places)) for group, places in together]


def _sums(table: Table, first: int) -> dict[int, str]:
    """The formulas of the total row: place → sum of the column, where it is that sum."""
    sums = {}
    for place, column in enumerate(table.columns) if table.rows else ():
        values = [row[place] for row in table.rows]
        numbers = [Decimal(v) for v in values if isinstance(v, (int, Decimal))]
        total = (table.total or ())[place] if column.summed else None
        if isinstance(total, (int, Decimal)) and _same(sum(numbers, Decimal(0)), total):
            cells = xl_range(first, place, first + len(table.rows) - 1, place)
            sums[place] = f"=SUM({cells})"
    return sums


def _quotient(number: int, row: Sequence[Value], column: Column, value: int | Decimal) -> str:
    """The formula of a share or an average; none where the value is not that quotient.

    A value that was frozen otherwise stays as it was printed.
    """
    if column.of is None:
        return ""
    part, whole = (row[place] for place in column.of)
    if not isinstance(part, (int, Decimal)) or not isinstance(whole, (int, Decimal)) or not whole:
        return ""
    if not _same(Decimal(part) / Decimal(whole), value):
        return ""
    above, below = (xl_rowcol_to_cell(number, place) for place in column.of)
    return f"={above}/{below}"


def _same(found: Decimal, value: int | Decimal) -> bool:
    return abs(found - Decimal(value)) < _EQUAL


def _named(columns: Sequence[Column]) -> int:
    """How many columns stay in sight: up to the one that names the row."""
    for place, column in enumerate(columns[:_LEADING]):
        if column.kind is Kind.TEXT and column.width >= _WIDE:
            return place + 1
    return 1
