"""The charts of a report as Excel's own, on one sheet beside the numbers they draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reports.charts.printed import FILLS
from reports.documents import printing
from reports.monthly.content import Chart, ChartKind
from reports.workbook import HEAD_ROW, Book

SHEET = "Biểu đồ"
_WIDTH, _ROW = 640, 20
"""Of a chart and of a row of the sheet, in pixels."""
_DASHES = ("solid", "dash", "round_dot", "long_dash")


def add(book: Book, charts: Sequence[Chart]) -> None:
    """One below the other: the numbers on the left, the chart beside them."""
    base = "Biểu đồ vẽ từ các ô bên trái; sửa số thì biểu đồ đổi theo."
    sheet = book.sheet(SHEET, "Biểu đồ của báo cáo", base)
    sheet.set_column(0, 0, 34)
    most = max(len(chart.series) for chart in charts) + 1
    sheet.set_column(1, most, 12)
    row = HEAD_ROW
    for number, chart in enumerate(charts, start=1):
        height = _height(chart)
        _numbers(book, sheet, chart, number, row)
        drawn = _drawn(book, sheet, chart, number, row, height)
        sheet.insert_chart(row, most + 2, drawn, {"object_position": 2})
        row += max(len(chart.categories) + 3, height // _ROW + 2)
    sheet.freeze_panes(HEAD_ROW, 1)
    # The chart is about as wide as ten columns of the usual width.
    sheet.print_area(0, 0, row, most + 12)


def _height(chart: Chart) -> int:
    if chart.kind is ChartKind.LINE:
        return 340
    bars = len(chart.categories) * max(1, len(chart.series))
    return min(1400, max(260, 130 + 17 * bars))


def _numbers(book: Book, sheet: Worksheet, chart: Chart, number: int, row: int) -> None:
    bold = book.form(bold=True)
    head = book.form(bold=True, bottom=1, text_wrap=True, bg_color="#E6EFEA")
    form = book.form(num_format="#,##0" + ("." + "0" * chart.places if chart.places else ""))
    sheet.write_string(row, 0, printing.chart_caption(number, chart), bold)
    names = [series.name for series in chart.series]
    names += [chart.target_label or "Kế hoạch"] if chart.target is not None else []
    for place, name in enumerate([f"Đơn vị tính: {chart.unit}", *names]):
        sheet.write_string(row + 1, place, name, head)
    for down, category in enumerate(chart.categories):
        at = row + 2 + down
        sheet.write_string(at, 0, category)
        values = [series.values[down] for series in chart.series]
        values += [chart.target] if chart.target is not None else []
        for place, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(at, place, float(value), form)


def _drawn(book: Book, sheet: Worksheet, chart: Chart, number: int, row: int, height: int) -> Any:
    """Bars from above as on paper, or lines that None breaks; the target is a dotted line."""
    bars = chart.kind is ChartKind.BARS
    made = book.book.add_chart({"type": "bar" if bars else "line"})
    first, last = row + 2, row + 1 + len(chart.categories)
    for place in range(1, len(chart.series) + 1):
        fill = FILLS[(place - 1) % len(FILLS)]
        said: dict[str, Any] = {
            "name": [sheet.get_name(), row + 1, place],
            "categories": [sheet.get_name(), first, 0, last, 0],
            "values": [sheet.get_name(), first, place, last, place],
        }
        if bars:
            said |= {"fill": {"color": fill}, "gap": 60, "data_labels": {"value": True}}
        else:
            dash = _DASHES[(place - 1) % len(_DASHES)]
            said |= {
                "line": {"color": fill, "width": 2.25, "dash_type": dash},
                "marker": {"type": "circle", "size": 4, "fill": {"color": fill}},
            }
        made.add_series(said)
    title = printing.chart_caption(number, chart)
    if chart.target is not None and not bars:
        place = len(chart.series) + 1
        made.add_series(
            {
                "name": [sheet.get_name(), row + 1, place],
                "categories": [sheet.get_name(), first, 0, last, 0],
                "values": [sheet.get_name(), first, place, last, place],
                "line": {"color": "#10241b", "width": 1.25, "dash_type": "round_dot"},
            }
        )
    elif chart.target is not None:
        title += f" ({printing.target(chart)})"
    made.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    value_axis = {"name": chart.unit, "major_gridlines": {"visible": not bars}}
    if bars:
        made.set_y_axis({"reverse": True})
        made.set_x_axis({**value_axis, "min": 0})
    else:
        made.set_y_axis(value_axis)
        made.show_blanks_as("gap")
    made.set_legend({"position": "bottom", "none": len(chart.series) < 2 and chart.target is None})
    made.set_size({"width": _WIDTH, "height": height})
    return made
