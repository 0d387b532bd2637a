"""Writes tables as an Excel workbook: native numbers, frozen heads, Vietnamese formats."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.tables import Column, Kind, Table, Value

SIMULATED = "SỐ LIỆU MÔ PHỎNG: kết quả từng xã là mô phỏng, tổng số khớp số đã công bố."
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROW = 4
LONGEST_FOOTER = 250
_NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.COUNT: "#,##0",
    Kind.AVERAGE: "#,##0.00",
    Kind.SHARE: "0.0%",
    Kind.FIGURE: "#,##0.####",
    Kind.DAY: "dd/mm/yyyy",
}
"""In Excel's own notation; a Vietnamese Excel shows them as 1.518, 8,65 and 18,6%."""


def workbook(tables: Sequence[Table], *, heading: str, simulated: bool) -> bytes:
    """One sheet a table. `heading` names unit, day and set and stands on every sheet.

    Text is always written as text, so a name that begins with "=" is no formula.
    """
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": heading, "comments": SIMULATED if simulated else ""})
    for table in tables:
        _sheet(book, table, heading, simulated)
    book.close()
    return buffer.getvalue()


def _sheet(book: Workbook, table: Table, heading: str, simulated: bool) -> None:
    sheet = book.add_worksheet(table.name[:31])
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, table.title, title)
    sheet.write_string(1, 0, heading)
    sheet.write_string(2, 0, table.base)
    if simulated:
        warning = book.add_format({"bold": True, "bg_color": "#FFF2CC"})
        sheet.write_string(3, 0, SIMULATED, warning)
    footer = SIMULATED if simulated else heading
    sheet.set_footer("&C" + footer.replace("&", "&&")[:LONGEST_FOOTER])
    head = book.add_format(
        {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "bg_color": "#E6EFEA"}
    )
    for place, column in enumerate(table.columns):
        sheet.write_string(HEAD_ROW, place, column.label, head)
        sheet.set_column(place, place, column.width)
    formats = [book.add_format({"num_format": _NUMBER_FORMATS[c.kind]}) for c in table.columns]
    for number, row in enumerate(table.rows, start=HEAD_ROW + 1):
        _write(sheet, number, row, table.columns, formats)
    last = HEAD_ROW + len(table.rows)
    if table.rows:
        sheet.autofilter(HEAD_ROW, 0, last, len(table.columns) - 1)
    if table.total is not None:
        bold = [
            book.add_format({"num_format": _NUMBER_FORMATS[c.kind], "bold": True, "top": 1})
            for c in table.columns
        ]
        _write(sheet, last + 1, table.total, table.columns, bold)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write(
    sheet: Worksheet,
    number: int,
    row: Sequence[Value],
    columns: Sequence[Column],
    formats: Sequence[Format],
) -> None:
    for place, (value, column, how) in enumerate(zip(row, columns, formats, strict=True)):
        if value is None:
            sheet.write_blank(number, place, None, how)
        elif column.kind is Kind.DAY:
            sheet.write_datetime(number, place, value, how)
        elif isinstance(value, str):
            sheet.write_string(number, place, value, how)
        else:
            sheet.write_number(number, place, float(value), how)
