"""A series as coordinates for an inline SVG: its lines, its breaks, what is written beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_number
from reports.charts.timeline import Spot, Timeline

WIDTH, PLOT, LOW_PLOT = 548, 180, 130
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
class Level:
    """The target of a year: a level stretch of dashes with its figure at the end.

    `said` names year and figure in full, whatever there is room for.
    """

    x: float
    until: float
    y: float
    label: Words
    said: str


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
    levels: tuple[Level, ...]
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


def trend(
    line: Timeline, *, unit: str = "tiêu chí/xã", places: int = 2, whole: bool = False
) -> Trend | None:
    """The drawing of a series; None with fewer than two points.

    A scale runs over the values shown and is read for its movement; with `whole` it runs from
    none of the criteria to all of them.
    """
    if len(line.spots) < 2:
        return None
    top = ABOVE + ROW * len(line.labels)
    plot = LOW_PLOT if whole else PLOT
    scale = _Scale(line, top, plot, whole)
    segments = tuple(_segment(spots, scale) for spots in line.segments)
    return Trend(
        width=WIDTH,
        height=top + plot + BELOW,
        segments=segments,
        rules=tuple(_rules(line, scale, top)),
        scales=tuple(_scales(line, scale, top, unit)),
        values=tuple(_values(segments, places)),
        years=tuple(_years(segments)),
        levels=tuple(_levels(line, scale, segments, places)),
        foot=top + plot,
    )


class _Scale:
    """Places days and values: one stretch of time, a scale of its own for each size of set."""

    def __init__(self, line: Timeline, top: int, plot: int, whole: bool) -> None:
        self.line = line
        self.foot = top + plot
        self.room = plot - HEAD - FLOOR
        self.ranges: dict[int, tuple[float, float]] = {}
        for spot in line.spots:
            value = float(spot.value)
            low, high = self.ranges.get(spot.total, (value, value))
            if whole:
                low, high = 0.0, float(spot.total)
            self.ranges[spot.total] = (min(low, value), max(high, value))
        for aim in line.aims:
            low, high = self.ranges[aim.total]
            self.ranges[aim.total] = (min(low, float(aim.value)), max(high, float(aim.value)))

    def x(self, day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * self.line.share(day), 1)

    def y(self, value: Decimal, total: int) -> float:
        low, high = self.ranges[total]
        share = (float(value) - low) / ((high - low) or 1.0)
        return round(self.foot - FLOOR - self.room * share, 1)


def _segment(spots: Sequence[Spot], scale: _Scale) -> Segment:
    marks = tuple(
        Mark(
            month=spot.month,
            value=spot.value,
            x=scale.x(spot.month),
            y=scale.y(spot.value, spot.total),
        )
        for spot in spots
    )
    path = "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks) if len(marks) > 1 else ""
    return Segment(path=path, marks=marks)


def _rules(line: Timeline, scale: _Scale, top: int) -> Iterable[Rule]:
    """One thin line for each break, up to its label."""
    for label in line.labels:
        x = scale.x(label.found.at)
        y = top - 24 - ROW * label.row
        words = Words(
            text=label.found.label,
            x=x + (-4 if label.late else 4),
            y=y,
            anchor="end" if label.late else "start",
        )
        yield Rule(x=x, top=y - 11, bottom=scale.foot, label=words)


def _levels(
    line: Timeline, scale: _Scale, segments: Sequence[Segment], places: int
) -> Iterable[Level]:
    """The target of each year; its figure stands on the side where the line is not."""
    marks = [mark for segment in segments for mark in segment.marks]
    for aim, text in line.aims_said(places):
        y = scale.y(aim.value, aim.total)
        reached = next(mark for mark in marks if mark.month == aim.last)
        x = scale.x(aim.last)
        words = Words(text=text, x=x, y=y + (16 if reached.y < y else -6), anchor="end")
        yield Level(x=scale.x(aim.first), until=x, y=y, label=words, said=aim.said(places))


def _scales(line: Timeline, scale: _Scale, top: int, unit: str) -> Iterable[Words]:
    """What the height means, written where a set of another size begins."""
    totals: list[int] = []
    for spot in line.spots:
        if spot.total in totals:
            continue
        totals.append(spot.total)
        x = scale.x(spot.month)
        if len(totals) == 1:
            yield Words(text=f"{unit}, trên {spot.total}", x=0, y=top - 6)
        elif x > WIDTH - 3 * RIGHT:
            yield Words(text=f"trên {spot.total}", x=WIDTH, y=top - 6, anchor="end")
        else:
            yield Words(text=f"trên {spot.total}", x=x, y=top - 6)


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
