"""A monthly series as a Plotly figure: plain data for the browser, no drawing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from communes.vietnamese import format_number, rounded
from reports.charts.timeline import Break, Spot, Timeline

ACCENT = "#0b5d46"
INK = "#10241b"
QUIET = "#5b6b63"
HEIGHT, ROW = 300, 16


def height(line: Timeline) -> int:
    """How high the figure is: a row for the label of each break above the plot."""
    return HEIGHT + ROW * len(_labelled(line))


def average_figure(
    line: Timeline,
    sets: Mapping[int, str],
    *,
    title: str,
    source: str,
    unit: str = "tiêu chí/xã",
    places: int = 2,
) -> dict[str, Any]:
    """The lines of a series, one for each stretch that may be joined, oldest first.

    `sets` names each set; `title` says what is shown, `source` (its lines parted by <br>) day,
    set and basis. Sets of different size have an axis each. The first and the last value are
    written out; there is no legend, and no grid nobody reads.
    """
    totals = list(dict.fromkeys(spot.total for spot in line.spots))
    rows = len(_labelled(line))
    ends = {line.spots[0].month, line.spots[-1].month}
    axes = {f"yaxis{_number(place)}": _axis(place, grid=not place) for place in range(len(totals))}
    return {
        "data": [
            _trace(spots, sets, ends, totals.index(spots[0].total), unit, places)
            for spots in line.segments
            if spots
        ],
        "layout": {
            "title": {
                "text": title,
                "subtitle": {"text": source, "font": {"size": 12, "color": QUIET}},
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "top",
                "pad": {"t": 8},
                "font": {"size": 15, "color": INK},
            },
            "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
            "margin": {"l": 36, "r": 40, "t": 100 + ROW * rows, "b": 32},
            "height": height(line),
            "showlegend": False,
            "xaxis": {
                "tickvals": [day.isoformat() for day in _ticks(line)],
                "ticktext": [f"{day:%m/%Y}" for day in _ticks(line)],
                "showgrid": False,
            },
            **axes,
            "shapes": [_rule(found) for found in _labelled(line)],
            "annotations": [*_scales(line, totals, unit), *_labels(line)],
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
        },
    }


def _labelled(line: Timeline) -> list[Break]:
    return [found for found in line.breaks if found.label]


def _number(place: int) -> str:
    """How Plotly numbers its axes: "", "2", "3"."""
    return "" if place == 0 else str(place + 1)


def _trace(
    spots: Sequence[Spot],
    sets: Mapping[int, str],
    ends: set[date],
    place: int,
    unit: str,
    places: int,
) -> dict[str, Any]:
    values = [rounded(spot.value, places) for spot in spots]
    written = [spot.month in ends for spot in spots]
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": [spot.month.isoformat() for spot in spots],
        "y": [float(value) for value in values],
        "yaxis": f"y{_number(place)}",
        "customdata": [[spot.communes, sets.get(spot.set_id, ""), spot.total] for spot in spots],
        "text": [
            format_number(value, places) if shown else ""
            for value, shown in zip(values, written, strict=True)
        ],
        "textposition": "top center",
        "textfont": {"size": 14, "color": ACCENT},
        "line": {"color": ACCENT, "width": 2.5},
        "marker": {"size": [7 if shown else 4 for shown in written], "color": ACCENT},
        "hovertemplate": f"%{{x|%d/%m/%Y}}<br><b>%{{y:.{places}f}}</b> {unit}"
        "<br>%{customdata[0]} xã · %{customdata[1]}, %{customdata[2]} tiêu chí<extra></extra>",
        "cliponaxis": False,
    }


def _axis(place: int, *, grid: bool) -> dict[str, Any]:
    """The first axis stands on the left, the next one on the right, more have no figures."""
    axis: dict[str, Any] = {"tickformat": ".1f", "gridcolor": "#e3e9e5", "nticks": 4}
    if place:
        axis |= {"overlaying": "y", "side": "right", "showgrid": grid}
        axis["showticklabels"] = place == 1
    return axis


def _scales(line: Timeline, totals: Sequence[int], unit: str) -> list[dict[str, Any]]:
    """What each axis counts, where it begins: a set of 10 criteria is never read against 19."""
    starts = [next(spot.month for spot in line.spots if spot.total == total) for total in totals]
    return [
        {
            "text": f"{unit}, trên {total} tiêu chí",
            "xref": "x",
            "x": start.isoformat(),
            "xanchor": "left" if _share(line, start) < 0.5 else "right",
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": 8,
            "showarrow": False,
            "font": {"size": 11, "color": QUIET},
        }
        for total, start in zip(totals, starts, strict=True)
    ]


def _share(line: Timeline, day: date) -> float:
    """How far along the series a day lies, from 0 to 1."""
    first, last = line.spots[0].month, line.spots[-1].month
    return (day - first).days / max(1, (last - first).days)


def _rule(found: Break) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "x0": found.at.isoformat(),
        "x1": found.at.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": QUIET, "width": 1},
    }


def _labels(line: Timeline) -> list[dict[str, Any]]:
    """The label of each break on a row of its own, on the side where it has room."""
    found = []
    labelled = _labelled(line)
    for row, item in enumerate(labelled):
        share = _share(line, item.at)
        found.append(
            {
                "text": item.label,
                "xref": "x",
                "x": item.at.isoformat(),
                "xanchor": "left" if share < 0.4 else "right" if share > 0.6 else "center",
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": 10 + ROW * (len(labelled) - row),
                "showarrow": False,
                "font": {"size": 11, "color": INK},
                "bgcolor": "rgba(255,255,255,0.85)",
            }
        )
    return found


def _ticks(line: Timeline) -> list[date]:
    """June and December while there are few of them, else the ends of years, else both ends."""
    months = [spot.month for spot in line.spots]
    half_years = [month for month in months if month.month in (6, 12)]
    years = [month for month in months if month.month == 12]
    if len(half_years) < 2:
        return sorted({months[0], months[-1]})
    return half_years if len(half_years) <= 6 else years[:: 1 + len(years) // 6]
