"""The charts of a report as Excel's own, each on a sheet beside the numbers it draws."""

from __future__ import annotations

from math import floor
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reports.charts.printed import FILLS
from reports.documents import printing
from reports.monthly.content import Chart, ChartKind
from reports.workbook import HEAD_ROW, Book

_WIDTH, _ROW, _COLUMN = 640, 20, 64
"""Of a chart, and of a row and a column of a sheet as Excel opens it, in pixels."""
_DASHES = ("solid", "dash", "round_dot", "long_dash")
_LABELS = 12
"""As many months are written below a line."""


def add(book: Book, chart: Chart, number: int) -> None:
    """The numbers on the left, the chart beside them."""
    title = printing.chart_caption(number, chart)
    base = f"Đơn vị tính: {chart.unit}. Biểu đồ vẽ từ các ô bên trái."
    names = [series.name for series in chart.series]
    if _draws_target(chart):
        names.append(chart.target_label or "Kế hoạch")
    elif chart.target is not None:
        base += f" {printing.target(chart)}."
    sheet = book.sheet(f"Biểu đồ {number}", title, base)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(names), 12)
    _numbers(book, sheet, chart, names)
    height = _height(chart)
    sheet.insert_chart(
        HEAD_ROW, len(names) + 2, _drawn(book, sheet, chart, title, height), {"object_position": 2}
    )
    last = max(HEAD_ROW + len(chart.categories), HEAD_ROW + height // _ROW + 1)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, last, len(names) + 2 + _WIDTH // _COLUMN)


def _draws_target(chart: Chart) -> bool:
    """A line has its target beside it; below bars it is said in words."""
    return chart.target is not None and chart.kind is ChartKind.LINE


def _height(chart: Chart) -> int:
    if chart.kind is ChartKind.LINE:
        return 340
    bars = len(chart.categories) * max(1, len(chart.series))
    return min(1400, max(260, 130 + 17 * bars))


def _numbers(book: Book, sheet: Worksheet, chart: Chart, names: list[str]) -> None:
    rule = {"border": 1, "border_color": "#C9D3CD"}
    head = book.form(bold=True, text_wrap=True, bg_color="#E6EFEA", **rule)
    places = "." + "0" * chart.places if chart.places else ""
    form, text = book.form(num_format="#,##0" + places, **rule), book.form(**rule)
    for place, name in enumerate(["", *names]):
        sheet.write_string(HEAD_ROW, place, name, head)
    for down, category in enumerate(chart.categories):
        row = HEAD_ROW + 1 + down
        sheet.write_string(row, 0, category, text)
        values = [series.values[down] for series in chart.series]
        values += [chart.target] if _draws_target(chart) else []
        for place, value in enumerate(values, start=1):
            if value is None:
                sheet.write_blank(row, place, None, form)
            else:
                sheet.write_number(row, place, float(value), form)


def _drawn(book: Book, sheet: Worksheet, chart: Chart, title: str, height: int) -> Any:
    """Bars from above as on paper, or lines that None breaks; the target is a dotted line."""
    bars = chart.kind is ChartKind.BARS
    made = book.book.add_chart({"type": "bar" if bars else "line"})
    for place in range(1, len(chart.series) + 1):
        said = _series(sheet, chart, place)
        fill = FILLS[(place - 1) % len(FILLS)]
        if bars:
            said |= {"fill": {"color": fill}, "gap": 60, "data_labels": {"value": True}}
        else:
            dash = _DASHES[(place - 1) % len(_DASHES)]
            said |= {
                "line": {"color": fill, "width": 2.25, "dash_type": dash},
                "marker": {"type": "circle", "size": 4, "fill": {"color": fill}},
            }
        made.add_series(said)
    if _draws_target(chart):
        line = {"color": "#10241b", "width": 1.25, "dash_type": "round_dot"}
        made.add_series({**_series(sheet, chart, len(chart.series) + 1), "line": line})
    made.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    if bars:
        # Each bar has its value: an axis would say it again.
        made.set_y_axis({"reverse": True, "interval_unit": 1})
        made.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    else:
        made.set_x_axis({"interval_unit": max(1, -(-len(chart.categories) // _LABELS))})
        made.set_y_axis({"name": chart.unit, **_from(chart)})
        made.show_blanks_as("gap")
    made.set_legend({"position": "bottom", "none": len(chart.series) < 2 and chart.target is None})
    made.set_size({"width": _WIDTH, "height": height})
    return made


def _series(sheet: Worksheet, chart: Chart, place: int) -> dict[str, Any]:
    """Where the name, the categories and the values of a column stand."""
    name, first, last = sheet.get_name(), HEAD_ROW + 1, HEAD_ROW + len(chart.categories)
    return {
        "name": [name, HEAD_ROW, place],
        "categories": [name, first, 0, last, 0],
        "values": [name, first, place, last, place],
    }


def _from(chart: Chart) -> dict[str, int]:
    """A line is read for its movement: its axis begins below the lowest value, not at 0."""
    values = [float(v) for series in chart.series for v in series.values if v is not None]
    lowest = floor(min(values)) if values else 0
    return {"min": lowest} if lowest > 0 else {}
