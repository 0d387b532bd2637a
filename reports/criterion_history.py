"""How many communes met one criterion at each month-end, and where that cannot be compared.

A criterion belongs to its set: number 5 of another set asks something else, so only the months
that were counted by the set shown are told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from criteria import headlines
from criteria.figures import Figures
from reports import findings, happenings
from reports.charts.timeline import Spot, Timeline, timeline
from reports.charts.trend import Trend, trend
from reports.history import with_day
from reports.series import Point, series


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """One month of the table: communes that met the criterion out of all, and what changed."""

    month: date
    met: int
    communes: int
    closed: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CriterionHistory:
    """The months of a criterion in a province or district, oldest first."""

    points: tuple[Point, ...] = ()
    line: Timeline = field(default_factory=lambda: Timeline(spots=()))

    @cached_property
    def drawing(self) -> Trend | None:
        """The line from no commune to all of them; None with fewer than two months."""
        return trend(self.line, unit="xã đạt", places=0, whole=True)

    @property
    def heading(self) -> str:
        """How many communes more over the months that can be compared."""
        return findings.line_finding(self.line, findings.criterion_trend_finding)

    @property
    def open(self) -> bool:
        """Whether the last point belongs to a month that is not closed."""
        return not self.points[-1].closed

    @property
    def rows(self) -> list[MonthRow]:
        """The months with everything that the drawing says, latest first."""
        both = zip(self.points, self.line.spots, strict=True)
        return [
            MonthRow(
                month=point.month,
                met=int(spot.value),
                communes=point.communes,
                closed=point.closed,
                notes=tuple(self.line.notes(point.month)),
            )
            for point, spot in reversed(list(both))
        ]


def criterion_history(answer: Figures, number: int) -> CriterionHistory:
    """The months up to the day of the answer, on its basis; two queries, three without a worker.

    A month in which nothing was assessed is left out.
    """
    version = answer.unit
    assert version.province_id is not None
    led = headlines.stretches(answer.province_sets)
    leads = headlines.asked_for(led, answer.asked, answer.on)
    until, at = answer.on, answer.known_at
    found = series(version.unit_id, version.province_id, leads, answer.basis, until=until, at=at)
    met = [
        (point, dict(point.criteria)[number])
        for point in with_day(found, answer)
        if point.set_id == answer.asked.set_id and point.assessed and number in dict(point.criteria)
    ]
    if len(met) < 2:
        return CriterionHistory()
    points = tuple(point for point, _ in met)
    changes = happenings.unit_changes(
        [version.unit_id],
        version.unit.clock_id,
        after=points[0].month,
        until=points[-1].month,
    )
    spots = [
        Spot(
            month=point.month,
            value=Decimal(number_met),
            set_id=point.set_id,
            total=point.communes,
            communes=point.communes,
        )
        for point, number_met in met
    ]
    return CriterionHistory(points=points, line=timeline(spots, units=changes.communes))
