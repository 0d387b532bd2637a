"""A series as coordinates for an inline SVG: its lines, its breaks, what is written beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_number
from reports.charts.timeline import Break, Spot, Timeline

WIDTH, PLOT = 548, 180
LEFT, RIGHT, BELOW = 28, 56, 28
ABOVE, ROW = 26, 20
HEAD, FLOOR = 20, 10
"""Room inside the plot for values written above the highest and below the lowest point."""
WIDE_ENOUGH = 84
"""Units that a line must be wide for its own first and last value to find room."""
YEAR = 64
"""Units between the years written below the line, at least."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One month on the line, in the units of the drawing."""

    month: date
    value: Decimal
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text and where it stands; `anchor` is its start, middle or end."""

    text: str
    x: float
    y: float
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A thin vertical line where the series is broken, from its label down to the months."""

    x: float
    top: float
    bottom: float
    label: Words


@dataclass(frozen=True, kw_only=True)
class Segment:
    """What one line joins; a single month has no line but its dot."""

    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A drawing of `width` × `height` units.

    `scales` name what is counted, and out of how many: sets of different size never share a
    scale. `values` are written at the ends of the lines, the first and the last one apart.
    """

    width: int
    height: int
    segments: tuple[Segment, ...]
    rules: tuple[Rule, ...]
    scales: tuple[Words, ...]
    values: tuple[Words, ...]
    years: tuple[Mark, ...]
    foot: float

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for segment in self.segments for mark in segment.marks)

    @property
    def first(self) -> Mark:
        return self.marks[0]

    @property
    def last(self) -> Mark:
        return self.marks[-1]


def trend(line: Timeline, *, unit: str = "tiêu chí/xã", places: int = 2) -> Trend | None:
    """The drawing of a series; None with fewer than two points.

    Each scale runs over the values shown, not from zero: it is read for its movement, and
    values are written out.
    """
    if len(line.spots) < 2:
        return None
    labelled = [found for found in line.breaks if found.label]
    top = ABOVE + ROW * len(labelled)
    scale = _Scale(line, top)
    segments = tuple(_segment(spots, scale) for spots in line.segments)
    foot = top + PLOT
    return Trend(
        width=WIDTH,
        height=foot + BELOW,
        segments=segments,
        rules=tuple(_rules(labelled, scale, foot)),
        scales=tuple(_scales(line, scale, top, unit)),
        values=tuple(_values(segments, places)),
        years=tuple(_years(segments)),
        foot=foot,
    )


class _Scale:
    """Places days and values: one stretch of time, a scale of its own for each size of set."""

    def __init__(self, line: Timeline, top: int) -> None:
        self.first = line.spots[0].month
        self.days = max(1, (line.spots[-1].month - self.first).days)
        self.top = top
        self.ranges: dict[int, tuple[float, float]] = {}
        for spot in line.spots:
            low, high = self.ranges.get(spot.total, (float(spot.value),) * 2)
            value = float(spot.value)
            self.ranges[spot.total] = (min(low, value), max(high, value))

    def x(self, day: date) -> float:
        share = (day - self.first).days / self.days
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def y(self, spot: Spot) -> float:
        low, high = self.ranges[spot.total]
        share = (float(spot.value) - low) / ((high - low) or 1.0)
        return round(self.top + PLOT - FLOOR - (PLOT - FLOOR - HEAD) * share, 1)


def _segment(spots: Sequence[Spot], scale: _Scale) -> Segment:
    marks = tuple(
        Mark(month=spot.month, value=spot.value, x=scale.x(spot.month), y=scale.y(spot))
        for spot in spots
    )
    path = "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks) if len(marks) > 1 else ""
    return Segment(path=path, marks=marks)


def _rules(breaks: Sequence[Break], scale: _Scale, foot: float) -> Iterable[Rule]:
    """One line for each break, its label on a row of its own so that no two meet."""
    for row, found in enumerate(breaks):
        x = scale.x(found.at)
        share = x / WIDTH
        anchor = "start" if share < 0.4 else "end" if share > 0.6 else "middle"
        y = 14 + ROW * row
        aside = {"start": 4, "middle": 0, "end": -4}[anchor]
        label = Words(text=found.label, x=round(x + aside, 1), y=y, anchor=anchor)
        yield Rule(x=x, top=y + (5 if anchor == "middle" else -10), bottom=foot, label=label)


def _scales(line: Timeline, scale: _Scale, top: int, unit: str) -> Iterable[Words]:
    """What the height means, written where a set of another size begins."""
    total = None
    for spot in line.spots:
        if spot.total != total:
            total = spot.total
            x = scale.x(spot.month)
            late = x > WIDTH / 2
            yield Words(
                text=f"{unit}, trên {total} tiêu chí",
                x=WIDTH if late else max(0, x - LEFT),
                y=top - 8,
                anchor="end" if late else "start",
            )


def _values(segments: Sequence[Segment], places: int) -> Iterable[Words]:
    """The first and last value of each line that has room, less those of the whole series."""
    for number, segment in enumerate(segments):
        first, last = segment.marks[0], segment.marks[-1]
        if last.x - first.x < WIDE_ENOUGH:
            continue
        if number:
            yield Words(
                text=format_number(first.value, places), x=first.x, y=first.y + 20, anchor="start"
            )
        if number < len(segments) - 1:
            yield Words(
                text=format_number(last.value, places), x=last.x, y=last.y - 10, anchor="end"
            )


def _years(segments: Iterable[Segment]) -> Iterable[Mark]:
    """The Decembers that are written below, as many as fit."""
    written = -YEAR * 1.0
    for segment in segments:
        for mark in segment.marks:
            if mark.month.month == 12 and mark.x - written >= YEAR:
                written = mark.x
                yield mark
