"""The monthly average as a Plotly figure: plain data for the browser, no drawing here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from communes.vietnamese import format_number, rounded

ACCENT = "#0b5d46"
INK = "#10241b"
QUIET = "#5b6b63"


def average_figure(
    points: Sequence[tuple[date, Decimal, int]], *, title: str, source: str
) -> dict[str, Any]:
    """A line through (month-end, average, communes), oldest first.

    `title` says what is shown, `source` (its lines parted by <br>) day, set and basis. The
    first and the last value are written out; there is no legend, and no grid nobody reads.
    """
    days = [day.isoformat() for day, _, _ in points]
    values = [rounded(value, 2) for _, value, _ in points]
    ends = {0, len(points) - 1}
    half_years = [day for day, _, _ in points if day.month in (6, 12)]
    if len(half_years) < 2:
        half_years = [points[n][0] for n in sorted(ends)]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "x": days,
                "y": [float(value) for value in values],
                "customdata": [communes for _, _, communes in points],
                "text": [format_number(v, 2) if n in ends else "" for n, v in enumerate(values)],
                "textposition": "top center",
                "textfont": {"size": 14, "color": ACCENT},
                "line": {"color": ACCENT, "width": 2.5},
                "marker": {"size": [7 if n in ends else 4 for n in range(len(values))]},
                "hovertemplate": "%{x|%d/%m/%Y}<br><b>%{y:.2f}</b> tiêu chí/xã"
                "<br>%{customdata} xã<extra></extra>",
                "cliponaxis": False,
            }
        ],
        "layout": {
            "title": {
                "text": title,
                "subtitle": {"text": source, "font": {"size": 12, "color": QUIET}},
                "x": 0,
                "xanchor": "left",
                "font": {"size": 15, "color": INK},
            },
            "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
            "margin": {"l": 36, "r": 36, "t": 84, "b": 32},
            "height": 300,
            "showlegend": False,
            "xaxis": {
                "tickvals": [day.isoformat() for day in half_years],
                "ticktext": [f"{day:%m/%Y}" for day in half_years],
                "showgrid": False,
            },
            "yaxis": {"tickformat": ".1f", "gridcolor": "#e3e9e5", "nticks": 4},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
        },
    }
