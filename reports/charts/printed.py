"""A chart of the monthly report as SVG for paper: points as units, black on white.

The same drawing is put into the PDF as it is and into Word as a picture. Series differ by
lightness and by stroke, so that they are told apart in a photocopy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from communes.vietnamese import format_number
from reports.monthly.content import Chart, ChartKind, Series

WIDTH = 468
"""165 mm in points: the room between the margins of A4."""
SIZE, SMALL = 10.5, 9.5
INK, QUIET, RULE = "#10241b", "#4b5a52", "#b9c4bd"
FILLS = ("#0b5d46", "#a9c3b6", "#5f7d70", "#d5dfd9")
STROKES = ("", "6 3", "2 2", "8 3 2 3")
NAMES = 150
"""Room for the names of bars."""
LETTER = 0.5
"""About how wide a letter is, in em."""
TALLEST = 620
"""The highest drawing that a page holds with its title."""
PLOT = 190
"""How high the plot of a line is."""


def drawing(chart: Chart) -> str:
    """The chart as an SVG document of WIDTH points."""
    body, height = _bars(chart) if chart.kind is ChartKind.BARS else _line(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}"'
        f' viewBox="0 0 {WIDTH} {height:g}" font-family="Libertinus Serif" fill="{INK}">'
        f"{''.join(body)}</svg>"
    )


def _text(
    said: str, x: float, y: float, *, size: float = SIZE, anchor: str = "start", more: str = ""
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"{more}>'
        f"{escape(said)}</text>"
    )


def _stroke(x1: float, y1: float, x2: float, y2: float, *, colour: str, more: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}"{more}/>'


def _head(chart: Chart) -> Iterator[str]:
    """The unit, and the names of the series where there is more than one."""
    yield _text(f"Đơn vị tính: {chart.unit}", 0, 11, size=SMALL, more=f' fill="{QUIET}"')
    if len(chart.series) < 2:
        return
    x = 0.0
    for place, series in enumerate(chart.series):
        fill, dash = FILLS[place % len(FILLS)], STROKES[place % len(STROKES)]
        if chart.kind is ChartKind.BARS:
            yield f'<rect x="{x:.1f}" y="19" width="16" height="9" fill="{fill}"/>'
        else:
            more = ' stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")
            yield _stroke(x, 24, x + 18, 24, colour=fill, more=more)
        yield _text(series.name, x + 22, 28)
        x += 22 + _wide(series.name) + 18


def _top(chart: Chart) -> float:
    return 38.0 if len(chart.series) > 1 else 20.0


def _wide(said: str, size: float = SIZE) -> float:
    return len(said) * LETTER * size


def _target(chart: Chart) -> str:
    label = chart.target_label or "Kế hoạch"
    return f"{label} {format_number(chart.target, chart.places)}"


# Bars


def _bars(chart: Chart) -> tuple[list[str], float]:
    """Bars from the left, the categories from above; a value is written at the end of its bar."""
    count = max(1, len(chart.series))
    names = [_folded(name) for name in chart.categories]
    room = TALLEST - _top(chart) - 24
    thick = min(12.0 if count == 1 else 8.5, room / max(1, len(names)) / (count + 0.7))
    row = max(thick * count + thick * 0.7, 1.0)
    most = max([float(v) for s in chart.series for v in s.values if v is not None] or [0.0])
    most = max(most, float(chart.target or 0), 1e-9)
    plot = WIDTH - NAMES - 44
    top = _top(chart)
    body = list(_head(chart))
    foot = top + len(names) * row
    if chart.target is not None:
        body += _target_of_bars(chart, float(chart.target) / most * plot, top, foot)
    for number, lines in enumerate(names):
        y = top + number * row
        body += _name(lines, y + row / 2, min(SIZE, row * 0.9))
        for place, series in enumerate(chart.series):
            value = series.values[number]
            if value is None:
                continue
            at, wide = y + row * 0.13 + place * thick, max(0.0, float(value)) / most * plot
            fill = FILLS[place % len(FILLS)]
            body.append(
                f'<rect x="{NAMES}" y="{at:.1f}" width="{wide:.1f}" height="{thick * 0.92:.1f}"'
                f' fill="{fill}"/>'
            )
            size, x = min(SMALL, thick * 1.05), NAMES + wide + 4
            said = format_number(value, chart.places)
            # White below the value, that the line of the target does not run through it.
            body.append(
                f'<rect x="{x - 3:.1f}" y="{at:.1f}" width="{_wide(said, size) + 5:.1f}"'
                f' height="{thick * 0.92:.1f}" fill="#fff"/>'
            )
            body.append(_text(said, x, at + thick * 0.46 + size * 0.32, size=size))
    body.append(_stroke(NAMES, top, NAMES, foot, colour=QUIET))
    return body, foot + (4 if chart.target is None else 20)


def _target_of_bars(chart: Chart, beyond: float, top: float, foot: float) -> Iterator[str]:
    """A dotted line down through the bars, `beyond` their beginning, with its label below."""
    x = NAMES + beyond
    yield _stroke(x, top, x, foot + 4, colour=INK, more=' stroke-dasharray="2 2"')
    said = _target(chart)
    late = x + _wide(said, SMALL) / 2 > WIDTH
    where, anchor = (WIDTH, "end") if late else (x, "middle")
    yield _text(said, where, foot + 15, size=SMALL, anchor=anchor)


def _folded(name: str) -> list[str]:
    """A name on at most two lines; what does not fit is cut with an ellipsis."""
    most = int(NAMES / LETTER / SIZE * 1.06)
    lines = [""]
    for word in name.split():
        for part in [word[at : at + most] for at in range(0, len(word), most)]:
            longer = f"{lines[-1]} {part}".strip()
            if len(longer) <= most:
                lines[-1] = longer
            else:
                lines.append(part)
    if len(lines) > 2:
        lines = [lines[0], lines[1][: most - 1].rstrip() + "…"]
    return lines


def _name(lines: Sequence[str], middle: float, size: float) -> Iterator[str]:
    step = size * 1.02
    small = size if len(lines) == 1 else min(size, SMALL)
    first = middle + small * 0.33 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield _text(line, NAMES - 6, first + step * number, size=small, anchor="end")


# Lines


def _line(chart: Chart) -> tuple[list[str], float]:
    """A line over the categories; no value is a gap, first and last values are written."""
    top = _top(chart) + 14
    foot, left, right = top + PLOT, 20.0, WIDTH - 46.0
    values = [float(v) for s in chart.series for v in s.values if v is not None]
    if chart.target is not None:
        values.append(float(chart.target))
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    span = (high - low) or 1.0
    steps = max(1, len(chart.categories) - 1)

    def x(number: int) -> float:
        return left + (right - left) * number / steps

    def y(value: Decimal | int) -> float:
        return foot - 12 - (PLOT - 24) * (float(value) - low) / span

    body = [*_head(chart), _stroke(0, foot, right + 8, foot, colour=RULE)]
    body += _months(chart.categories, [x(n) for n in range(len(chart.categories))], foot)
    if chart.target is not None:
        at = y(chart.target)
        body.append(_stroke(0, at, right, at, colour=INK, more=' stroke-dasharray="2 2"'))
        body.append(_text(_target(chart), right, at - 5, size=SMALL, anchor="end"))
    for place, series in enumerate(chart.series):
        points = [None if v is None else (x(n), y(v)) for n, v in enumerate(series.values)]
        body += _stretches(points, place)
        body += _ends(series, points, chart.places)
    return body, foot + 18


def _stretches(points: Sequence[tuple[float, float] | None], place: int) -> Iterator[str]:
    """Lines that join neighbours; a point alone is its dot."""
    colour, dash = FILLS[place % len(FILLS)], STROKES[place % len(STROKES)]
    colour = QUIET if place else colour
    joined: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            joined.append(point)
            continue
        if len(joined) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in joined)
            more = f' stroke-dasharray="{dash}"' if dash else ""
            yield (
                f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"'
                f' stroke-linejoin="round"{more}/>'
            )
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in joined)
        joined = []


def _ends(
    series: Series, points: Sequence[tuple[float, float] | None], places: int
) -> Iterator[str]:
    known = [(n, p) for n, p in enumerate(points) if p is not None]
    if not known:
        return
    last, (x, y) = known[-1]
    said = format_number(series.values[last], places)
    yield _text(said, x + 6, y + 3.5, size=SIZE + 1, more=' font-weight="bold"')
    first, (x, y) = known[0]
    if first != last:
        yield _text(format_number(series.values[first], places), x, y - 8, anchor="middle")


def _months(names: Sequence[str], xs: Sequence[float], foot: float) -> Iterator[str]:
    """As many names below the line as fit; the last one always, and none that touches it."""
    if not names:
        return
    step = max(_wide(name, SMALL) for name in names) + 10
    reached = -step
    for number, (name, x) in enumerate(zip(names, xs, strict=True)):
        last = number == len(names) - 1
        if last or (x - reached >= step and (xs[-1] - x >= step)):
            yield _text(name, x, foot + 13, size=SMALL, anchor="middle")
            reached = x
