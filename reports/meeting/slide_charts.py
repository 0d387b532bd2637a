"""Native charts of the slide file: bars and a line, drawn by the reader's own program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reports.meeting.slide_parts import FONT, INK, LINE, SOFT, clean

COUNT, AVERAGE = "[$-42A]#,##0", "[$-42A]#,##0.00"
"""Formats of numbers in charts, in the Vietnamese way where the reader's program knows it."""
LONGEST_LABEL = 64
MOST_MONTHS = 5
"""Names below a line."""


def label(text: str) -> str:
    """`text` as a category of a chart: cut to what fits, and never read as a formula.

    The workbook behind a native chart takes what begins with = or { for a formula.
    """
    text = clean(text)
    if len(text) > LONGEST_LABEL:
        text = f"{text[: LONGEST_LABEL - 1].rstrip()}…"
    return f"\u200b{text}" if text[:1] in ("=", "{") else text


@dataclass(frozen=True, kw_only=True)
class Row:
    """One series of a chart: its name, its values and its colour; `points` colour bars apart."""

    name: str
    values: Sequence[float | None]
    colour: str
    points: Sequence[str] = ()
    labels: bool = True
    ink: str = INK


def bars(
    slide: Any,
    box: tuple[float, float, float, float],
    categories: Sequence[str],
    series: Sequence[Row],
    *,
    formats: str = COUNT,
    stacked: bool = False,
    size: float = 13,
    top: float | None = None,
) -> Any:
    """A native chart of horizontal bars, the first category on top; values beside the bars."""
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    chart = _chart(slide, kind, box, categories, series, formats)
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.overlap = 100 if stacked else -10 if len(series) > 1 else 0
    category, value = chart.category_axis, chart.value_axis
    category.reverse_order = True
    category.tick_labels.font.size, category.tick_labels.font.name = Pt(size), FONT
    category.tick_labels.font.color.rgb = RGBColor.from_string(INK)
    category.format.line.color.rgb = RGBColor.from_string(LINE)
    category.has_major_gridlines = value.has_major_gridlines = False
    value.visible, value.minimum_scale = False, 0
    if top is not None:
        value.maximum_scale = top
    _name_every(category, 1)
    for made, row in zip(plot.series, series, strict=True):
        _fill(made, row)
        if row.labels:
            _labels(made, row, formats, size, inside=stacked)
    _legend(chart, len(series) > 1, size)
    return chart


def line(
    slide: Any,
    box: tuple[float, float, float, float],
    categories: Sequence[str],
    series: Row,
    *,
    size: float = 11,
) -> Any:
    """A native line over months, its last value written out."""
    chart = _chart(slide, XL_CHART_TYPE.LINE, box, categories, [series], AVERAGE)
    made = chart.plots[0].series[0]
    made.smooth = False
    made.format.line.color.rgb = RGBColor.from_string(series.colour)
    made.format.line.width = Pt(2.5)
    axis, value = chart.category_axis, chart.value_axis
    axis.tick_labels.font.size = Pt(size)
    axis.tick_labels.font.color.rgb = RGBColor.from_string(SOFT)
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = RGBColor.from_string(LINE)
    value.visible, value.has_major_gridlines = False, False
    shown_values = [one for one in series.values if one is not None]
    low, high = min(shown_values), max(shown_values)
    value.minimum_scale, value.maximum_scale = (
        low - (high - low or 1) / 4,
        high + (high - low or 1) / 4,
    )
    _name_every(axis, max(1, len(categories) // MOST_MONTHS))
    for at in {0, len(series.values) - 1}:
        shown = made.points[at].data_label
        shown.position = XL_LABEL_POSITION.ABOVE
        shown.font.size, shown.font.bold = Pt(size + 2), True
        mark = shown._get_or_add_dLbl()
        mark.find(qn("c:showVal")).set("val", "1")
    _legend(chart, False, size)
    return chart


def _name_every(axis: Any, step: int) -> None:
    """Write the name of every `step`-th category; python-pptx has no word for it."""
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        made = axis._element.makeelement(qn(tag), {"val": str(step)})
        axis._element.find(qn("c:noMultiLvlLbl")).addprevious(made)


def _chart(
    slide: Any,
    kind: Any,
    box: tuple[float, float, float, float],
    categories: Sequence[str],
    series: Sequence[Row],
    formats: str,
) -> Any:
    data = CategoryChartData(number_format=formats)
    data.categories = [label(one) for one in categories]
    for row in series:
        data.add_series(label(row.name), row.values)
    chart = slide.shapes.add_chart(kind, *(Inches(n) for n in box), data).chart
    chart.has_title = False
    chart.font.name, chart.font.color.rgb = FONT, RGBColor.from_string(INK)
    return chart


def _fill(made: Any, row: Row) -> None:
    made.format.fill.solid()
    made.format.fill.fore_color.rgb = RGBColor.from_string(row.colour)
    made.invert_if_negative = False
    for at, colour in enumerate(row.points):
        point = made.points[at].format
        point.fill.solid()
        point.fill.fore_color.rgb = RGBColor.from_string(colour)


def _labels(made: Any, row: Row, formats: str, size: float, *, inside: bool) -> None:
    labels = made.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = formats, False
    labels.font.size, labels.font.bold, labels.font.name = Pt(size), True, FONT
    labels.font.color.rgb = RGBColor.from_string(row.ink)
    labels.position = XL_LABEL_POSITION.INSIDE_BASE if inside else XL_LABEL_POSITION.OUTSIDE_END


def _legend(chart: Any, shown: bool, size: float) -> None:
    chart.has_legend = shown
    if shown:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(size - 1)
