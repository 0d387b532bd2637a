"""The line of the monthly average, as coordinates for an inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One month on the line, in the units of the drawing."""

    month: date
    value: Decimal
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A drawing of `width` × `height` units: the line's path and the months on it."""

    width: int
    height: int
    path: str
    marks: tuple[Mark, ...]
    years: tuple[Mark, ...]

    @property
    def first(self) -> Mark:
        return self.marks[0]

    @property
    def last(self) -> Mark:
        return self.marks[-1]


def trend(
    points: Sequence[tuple[date, Decimal]],
    *,
    width: int = 520,
    height: int = 180,
    margin: int = 28,
) -> Trend | None:
    """The line through (month-end, average), oldest first; None with fewer than two points.

    The scale runs over the values shown, not from zero: it is read for its movement, and
    the first and the last value are written out.
    """
    if len(points) < 2:
        return None
    values = [float(value) for _, value in points]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    first = _months(points[0][0])
    months = (_months(points[-1][0]) - first) or 1
    marks = tuple(
        Mark(
            month=month,
            value=value,
            x=round(margin + (width - 3 * margin) * (_months(month) - first) / months, 1),
            y=round(height - margin - (height - 2 * margin) * (float(value) - low) / span, 1),
        )
        for month, value in points
    )
    path = "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks)
    years = tuple(mark for mark in marks if mark.month.month == 12)
    return Trend(width=width, height=height, path=path, marks=marks, years=years)


def _months(day: date) -> int:
    return day.year * 12 + day.month
