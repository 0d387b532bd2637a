"""Writes tables as an Excel workbook: native numbers, frozen heads, Vietnamese formats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.tables import Column, Kind, Table, Value

SIMULATED = "SỐ LIỆU MÔ PHỎNG: kết quả từng xã là mô phỏng, tổng số khớp số đã công bố."
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROW = 4
LONGEST_FOOTER = 250
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.COUNT: "#,##0",
    Kind.AVERAGE: "#,##0.00",
    Kind.SHARE: "0.0%",
    Kind.FIGURE: "#,##0.####",
    Kind.DAY: "dd/mm/yyyy",
}
"""In Excel's own notation; a Vietnamese Excel shows them as 1.518, 8,65 and 18,6%."""
_WHOLE = "#,##0"
"""A whole number among figures: with the format of figures Excel writes "33,"."""
_EQUAL = Decimal("1e-9")
_WIDE, _LEADING = 10, 3
"""The names of rows stand in the first wide column of text among the leading ones."""


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

    def sheet(self, name: str, title: str, base: str) -> Worksheet:
        """A sheet on A4 on its side, with what stands above every table."""
        sheet = self.book.add_worksheet(self._free(name))
        sheet.write_string(0, 0, title, self.form(bold=True, font_size=14))
        sheet.write_string(1, 0, self.heading)
        sheet.write_string(2, 0, base)
        if self.marks:
            sheet.write_string(3, 0, self.marks, self.form(bold=True, bg_color="#FFF2CC"))
        footer = self.marks or self.heading
        sheet.set_footer("&C" + footer.replace("&", "&&")[:LONGEST_FOOTER])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _free(self, name: str) -> str:
        """A name that Excel takes and no other sheet has."""
        wanted = _FORBIDDEN.sub(" ", name).strip(" '")[:LONGEST_NAME] or "Biểu"
        free, number = wanted, 2
        while free.casefold() in self._names:
            end = f" {number}"
            free, number = wanted[: LONGEST_NAME - len(end)] + end, number + 1
        self._names.add(free.casefold())
        return free

    def add(self, table: Table, *, name: str = "", note: str = "") -> Worksheet:
        """A sheet with a table, and a note below it."""
        sheet = self.sheet(name or table.name, table.title, table.base)
        first = self._head(sheet, table.columns)
        formats = [self._forms(column) for column in table.columns]
        for number, row in enumerate(table.rows, start=first):
            self._row(sheet, number, row, table.columns, formats)
        last = first + len(table.rows) - 1
        if table.rows:
            sheet.autofilter(first - 1, 0, last, len(table.columns) - 1)
        if table.total is not None:
            last += 1
            bold = [self._forms(column, bold=True, top=1) for column in table.columns]
            sums = self._sums(table, first)
            self._row(sheet, last, table.total, table.columns, bold, sums)
        if note:
            last += 1
            sheet.write_string(last, 0, note, self.form(italic=True))
        sheet.freeze_panes(first, _named(table.columns))
        sheet.repeat_rows(HEAD_ROW, first - 1)
        sheet.print_area(0, 0, max(last, first), len(table.columns) - 1)
        return sheet

    def _head(self, sheet: Worksheet, columns: Sequence[Column]) -> int:
        """One row of titles, or two where columns stand under a group; the row below them."""
        said = {"bold": True, "bottom": 2, "text_wrap": True, "bg_color": "#E6EFEA"}
        head = self.form(**said, valign="bottom")
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        if not any(column.group for column in columns):
            for place, column in enumerate(columns):
                sheet.write_string(HEAD_ROW, place, column.label, head)
            return HEAD_ROW + 1
        group = self.form(**said | {"bottom": 1}, align="center")
        for place, column in enumerate(columns):
            if not column.group:
                # The title stands in the lower row, on which the filter works, over both.
                sheet.write_blank(HEAD_ROW, place, None, self.form(bg_color="#E6EFEA"))
            elif not place or columns[place - 1].group != column.group:
                last = place
                while last + 1 < len(columns) and columns[last + 1].group == column.group:
                    last += 1
                if last > place:
                    sheet.merge_range(HEAD_ROW, place, HEAD_ROW, last, column.group, group)
                else:
                    sheet.write_string(HEAD_ROW, place, column.group, group)
            sheet.write_string(HEAD_ROW + 1, place, column.label, head)
        return HEAD_ROW + 2

    def _forms(self, column: Column, **more: object) -> tuple[Format, Format]:
        """How the values of a column are written, and how a whole number among them is."""
        kind = column.kind
        usual = self.form(num_format=_NUMBER_FORMATS[kind], **more)
        return usual, self.form(num_format=_WHOLE, **more) if kind is Kind.FIGURE else usual

    def _sums(self, table: Table, first: int) -> dict[int, str]:
        """The formulas of the total row: place → sum of the column, where it is that sum."""
        sums = {}
        for place, column in enumerate(table.columns):
            values = [row[place] for row in table.rows]
            numbers = [Decimal(v) for v in values if isinstance(v, (int, Decimal))]
            total = (table.total or ())[place] if column.summed else None
            if isinstance(total, (int, Decimal)) and _same(sum(numbers, Decimal(0)), total):
                cells = xl_range(first, place, first + len(table.rows) - 1, place)
                sums[place] = f"=SUM({cells})"
        return sums

    def _row(
        self,
        sheet: Worksheet,
        number: int,
        row: Sequence[Value],
        columns: Sequence[Column],
        formats: Sequence[tuple[Format, Format]],
        sums: dict[int, str] | None = None,
    ) -> None:
        """One row. A formula keeps its value for those who read without calculating."""
        for place, (value, column, (usual, whole)) in enumerate(
            zip(row, columns, formats, strict=True)
        ):
            if value is None:
                sheet.write_blank(number, place, None, usual)
            elif column.kind is Kind.DAY and not isinstance(value, str):
                sheet.write_datetime(number, place, value, usual)
            elif isinstance(value, str):
                sheet.write_string(number, place, value, usual)
            elif sums and place in sums:
                sheet.write_formula(number, place, sums[place], usual, float(value))
            elif formula := _quotient(number, row, column, value):
                sheet.write_formula(number, place, formula, usual, float(value))
            else:
                form = whole if value == int(value) else usual
                sheet.write_number(number, place, float(value), form)


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
