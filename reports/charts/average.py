"""A monthly series as a Plotly figure: plain data for the browser, no drawing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from communes.vietnamese import format_number, rounded
from reports.charts.timeline import Aim, Label, Spot, Timeline

ACCENT = "#0b5d46"
INK = "#10241b"
QUIET = "#5b6b63"
HEIGHT, ABOVE, BELOW, ROW = 300, 100, 32, 16


def height(line: Timeline) -> int:
    """How high the figure is: a row for the label of each break above the plot."""
    return HEIGHT + ROW * len(line.labels)


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
    written out, and a dashed stretch is the target of its year; there is no legend, and no grid
    nobody reads.
    """
    totals = list(dict.fromkeys(spot.total for spot in line.spots))
    rows = len(line.labels)
    ends = {line.spots[0].month, line.spots[-1].month}
    axes = {f"yaxis{_number(place)}": _axis(place, grid=not place) for place in range(len(totals))}
    return {
        "data": [
            _trace(spots, sets, ends, totals.index(spots[0].total), unit, places, line.aims)
            for spots in line.segments
            if spots
        ]
        + [_aim(aim, text, line, totals, places) for aim, text in line.aims_said(places)],
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
            "margin": {"l": 36, "r": 44, "t": ABOVE + ROW * rows, "b": BELOW},
            "height": height(line),
            "showlegend": False,
            "xaxis": {
                "tickvals": [day.isoformat() for day in _ticks(line)],
                "ticktext": [f"{day:%m/%Y}" for day in _ticks(line)],
                "showgrid": False,
            },
            **axes,
            "shapes": [_rule(label) for label in line.labels],
            "annotations": [*_scales(line, totals, unit), *_labels(line)],
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
        },
    }


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
    aims: Sequence[Aim],
) -> dict[str, Any]:
    above = {aim.last for aim in aims for spot in spots if _below(spot, aim)}
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
        "textposition": [f"{'bottom' if s.month in above else 'top'} center" for s in spots],
        "textfont": {"size": 14, "color": ACCENT},
        "line": {"color": ACCENT, "width": 2.5},
        "marker": {"size": [7 if shown else 4 for shown in written], "color": ACCENT},
        "hovertemplate": f"%{{x|%d/%m/%Y}}<br><b>%{{y:.{places}f}}</b> {unit}"
        "<br>%{customdata[0]} xã · %{customdata[1]}, %{customdata[2]} tiêu chí<extra></extra>",
        "cliponaxis": False,
    }


def _aim(aim: Aim, text: str, line: Timeline, totals: Sequence[int], places: int) -> dict[str, Any]:
    """The target of a year as a dashed stretch, its figure on the side where the line is not."""
    reached = next(spot for spot in line.spots if spot.month == aim.last)
    side = "top" if _below(reached, aim) else "bottom"
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [aim.first.isoformat(), aim.last.isoformat()],
        "y": [float(rounded(aim.value, places))] * 2,
        "yaxis": f"y{_number(totals.index(aim.total))}",
        "text": ["", text],
        "textposition": f"{side} left",
        "textfont": {"size": 12, "color": INK},
        "line": {"color": INK, "width": 1.5, "dash": "dash"},
        "hovertemplate": f"{aim.said(places)}<extra></extra>",
        "cliponaxis": False,
    }


def _below(spot: Spot, aim: Aim) -> bool:
    """Whether the month that a target ends with has not got beyond it."""
    return spot.month == aim.last and spot.value <= aim.value


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
            "text": f"trên {total} tiêu chí" if place else f"{unit}, trên {total}",
            "xref": "paper" if place == 0 else "x",
            "x": 0 if place == 0 else start.isoformat(),
            "xanchor": "left" if line.share(start) < 0.5 else "right",
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": 8,
            "showarrow": False,
            "font": {"size": 11, "color": QUIET},
        }
        for place, (total, start) in enumerate(zip(totals, starts, strict=True))
    ]


def _rule(label: Label) -> dict[str, Any]:
    """The thin line of a break, up to its label."""
    plot = HEIGHT - ABOVE - BELOW
    return {
        "type": "line",
        "xref": "x",
        "x0": label.found.at.isoformat(),
        "x1": label.found.at.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": round(1 + (_above(label) + ROW - 2) / plot, 3),
        "line": {"color": QUIET, "width": 1},
    }


def _above(label: Label) -> int:
    """How far above the plot a label stands."""
    return 24 + ROW * label.row


def _labels(line: Timeline) -> list[dict[str, Any]]:
    """The label of each break at the top of its line; `name` is a shorter one for a phone."""
    return [
        {
            "text": label.found.label,
            "name": label.found.label.partition(":")[0],
            "xref": "x",
            "x": label.found.at.isoformat(),
            "xanchor": "right" if label.late else "left",
            "xshift": -2 if label.late else 2,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": _above(label),
            "showarrow": False,
            "borderpad": 0,
            "font": {"size": 11, "color": INK},
            "bgcolor": "rgba(255,255,255,0.85)",
        }
        for label in line.labels
    ]


def _ticks(line: Timeline) -> list[date]:
    """June and December while there are few of them, else the ends of years, else both ends."""
    months = [spot.month for spot in line.spots]
    half_years = [month for month in months if month.month in (6, 12)]
    years = [month for month in months if month.month == 12]
    if len(half_years) < 2:
        return sorted({months[0], months[-1]})
    return half_years if len(half_years) <= 6 else years[:: 1 + len(years) // 6]
