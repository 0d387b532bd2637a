"""The monthly history of a province or district: its points, where they break, and the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from communes import succession
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date
from criteria import headlines
from criteria.figures import AVERAGE_PLACES, Figures
from criteria.models import Target
from criteria.plans import reading as plans
from reports import findings, happenings, readings
from reports.charts.average import average_figure
from reports.charts.timeline import Spot, Timeline, timeline
from reports.charts.trend import Trend, trend
from reports.happenings import UnitChanges
from reports.readings import Joined, Reading
from reports.series import Point, point_of, series


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """One month of the table: the point, its set, and what changed since the month before."""

    point: Point
    set_label: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class History:
    """The months of a unit up to a day, in one of the two readings.

    `own` are the points of the unit itself; `line` is what is drawn, `gaps` say what could not
    be counted, `members` are the units whose figures were added. `rearranged`: communes or the
    unit itself changed; `has_lineage`: the unit itself came from others or went into one.
    """

    answer: Figures
    reading: Reading = Reading.THEN
    own: list[Point] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    line: Timeline = field(default_factory=lambda: Timeline(spots=()))
    sets: dict[int, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    members: tuple[UnitVersion, ...] = ()
    begins: date | None = None
    rearranged: bool = False
    has_lineage: bool = False

    @cached_property
    def drawing(self) -> Trend | None:
        """The line as an inline drawing; None with fewer than two points."""
        return trend(self.line, unit="tiêu chí/xã", places=AVERAGE_PLACES)

    @cached_property
    def figure(self) -> dict[str, Any]:
        """The line as a Plotly figure; its title says what is shown and what it stands on."""
        answer = self.answer
        source = f"{self.reading.label}<br>Đến {format_date(answer.on)} · {answer.basis.label}"
        return average_figure(
            self.line,
            self.sets,
            title=f"Bình quân tiêu chí/xã cuối mỗi tháng, {answer.unit.full_name}",
            source=source + (" · SỐ LIỆU MÔ PHỎNG" if answer.simulated else ""),
        )

    @property
    def heading(self) -> str:
        """How far the average moved over the months that can be compared."""
        return findings.line_finding(self.line)

    @cached_property
    def rows(self) -> list[HistoryRow]:
        """The months with everything that the drawing says, latest first."""
        return [
            HistoryRow(
                point=point,
                set_label=self.sets.get(point.set_id, ""),
                notes=(*self.line.notes(point.month), *self._planned(point.month)),
            )
            for point in reversed(self.points)
        ]

    def _planned(self, month: date) -> list[str]:
        """The target of the year, beside the last month of it that is drawn."""
        return [aim.said(AVERAGE_PLACES) for aim in self.line.aims if aim.last == month]

    @property
    def open(self) -> bool:
        """Whether the last point belongs to a month that is not closed."""
        return not self.points[-1].closed

    def comparable(self, month: date) -> tuple[Point | None, str]:
        """The unit's own point of an earlier month-end, or why it cannot be compared."""
        point = next((point for point in self.own if point.month == month), None)
        why = self.line.why_not(month, self.answer.on) if point else None
        return (None, why) if why else (point, "")


def history(version: UnitVersion, answer: Figures, reading: Reading = Reading.THEN) -> History:
    """The months of a province or district; of other units there are none."""
    if version.unit.tier not in (Tier.PROVINCE, Tier.DISTRICT):
        return History(answer=answer)
    assert version.province_id is not None
    led = headlines.stretches(answer.province_sets)
    leads = headlines.asked_for(led, answer.asked, answer.on)
    until, at = answer.on, answer.known_at
    points = series(version.unit_id, version.province_id, leads, answer.basis, until=until, at=at)
    own = with_day(points, answer)
    changes = _changes([version], own)
    told = Joined(points=own)
    if reading is Reading.TODAY and changes.unit_itself:
        lineage = succession.lineage_of([version.unit_id])
        told = readings.joined(version, own, lineage, answer.basis, until=until, at=at)
        if told.members:
            changes = _changes([version, *told.members], told.points)
    leads = [*told.leads, *leads]
    return History(
        answer=answer,
        reading=reading,
        own=own,
        points=told.points,
        line=timeline(
            [spot for point in told.points if (spot := _spot(point))],
            sets=happenings.set_starts(leads),
            units=changes.communes,
            holes=told.holes,
            planned=_planned(answer),
        ),
        sets={lead.set_id: lead.label for lead in leads},
        gaps=told.gaps,
        members=told.members,
        begins=told.begins,
        rearranged=changes.unit_itself or bool(changes.communes),
        has_lineage=changes.unit_itself,
    )


def _planned(answer: Figures) -> dict[int, Decimal]:
    """Year → the average that a plan sets the province, which is one of its headline set."""
    headline = answer.headline_set
    if (
        headline is None
        or headline.pk != answer.asked.set_id
        or answer.unit.unit.tier != Tier.PROVINCE
    ):
        return {}
    seq = answer.how.seq if answer.known else None
    return plans.planned(answer.unit.unit_id, Target.What.AVERAGE, seq=seq)


def with_day(points: list[Point], answer: Figures) -> list[Point]:
    """The closed month-ends, then the day itself unless it is one of them.

    A closed month that is read again stands as it is read, not as it was frozen.
    """
    if points and points[-1].month == answer.on:
        if answer.known is None:
            return points
        points = points[:-1]
    return [*points, point_of(answer, answer.headline)]


def _changes(versions: Sequence[UnitVersion], points: Sequence[Point]) -> UnitChanges:
    return happenings.unit_changes(
        [version.unit_id for version in versions],
        versions[0].unit.clock_id,
        after=points[0].month,
        until=points[-1].month,
    )


def _spot(point: Point) -> Spot | None:
    """A point as it is drawn; one without any assessed commune has no average to draw."""
    if point.average is None:
        return None
    return Spot(
        month=point.month,
        value=point.average,
        set_id=point.set_id,
        total=point.of,
        communes=point.communes,
    )
