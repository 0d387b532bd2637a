"""Points over time, and where they may not be joined: the criteria set or the units changed.

A point counted by one set is never read against a point of another, and an average over 207
communes is not the average over the 181 that followed them. Both are breaks of the line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from communes.vietnamese import format_number

CLOSE = 62
"""Days between neighbouring months; a break between them is drawn in the middle."""
ROOM = 0.32
"""The share of the series that a target with its year takes when it is written out."""


class Why(StrEnum):
    """Why the line is interrupted; the words say why two points cannot be compared."""

    SET = "đổi bộ tiêu chí"
    UNITS = "sắp xếp đơn vị hành chính"
    GAP = "thiếu số liệu"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One value at one month-end: by which set, over how many communes.

    `total` is what the value is out of: criteria of the set, or communes. It has its own scale.
    """

    month: date
    value: Decimal
    set_id: int
    total: int
    communes: int


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that took effect on a day, with its short label for a chart."""

    day: date
    label: str


@dataclass(frozen=True, kw_only=True)
class Break:
    """The line stops after spot number `after`; drawn at `at`, labelled unless it is a gap."""

    after: int
    at: date
    label: str
    why: Why


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a plan sets for a year, over the part of that year that the series shows.

    `total` is that of the spots it is read against.
    """

    year: int
    value: Decimal
    total: int
    first: date
    last: date

    def said(self, places: int) -> str:
        """ "Kế hoạch 2020: 13,00"."""
        return f"Kế hoạch {self.year}: {format_number(self.value, places)}"


@dataclass(frozen=True, kw_only=True)
class Label:
    """Where the label of a break stands: on which row above the plot, counted from below."""

    found: Break
    late: bool
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Spots, oldest first, with the breaks between them and the targets of the years."""

    spots: tuple[Spot, ...]
    breaks: tuple[Break, ...] = ()
    aims: tuple[Aim, ...] = ()

    @property
    def segments(self) -> tuple[tuple[Spot, ...], ...]:
        """The spots that one line joins."""
        return self._parted(self.breaks)

    @property
    def latest(self) -> tuple[Spot, ...]:
        """The last spot with those before it that it can be compared with."""
        return self._parted([b for b in self.breaks if b.why is not Why.GAP])[-1]

    @property
    def labels(self) -> tuple[Label, ...]:
        """The breaks that are labelled, each on a row of its own above the plot.

        A label leans to the side where it has room, and the outermost of a side stands lowest,
        so that the line up to it crosses no other label of that side.
        """
        found = [Label(found=b, late=self.share(b.at) >= 0.5) for b in self.breaks if b.label]
        late = [label for label in found if label.late]
        early = [label for label in found if not label.late]
        return tuple(replace(label, row=row) for row, label in enumerate([*late, *reversed(early)]))

    def share(self, day: date) -> float:
        """How far along the series a day lies, from 0 to 1."""
        first, last = self.spots[0].month, self.spots[-1].month
        return (day - first).days / max(1, (last - first).days)

    def aims_said(self, places: int) -> list[tuple[Aim, str]]:
        """The targets with what is written at their ends: the figure alone where another follows
        too closely for the year to be named."""
        ends = [self.share(aim.last) for aim in self.aims]
        return [
            (aim, aim.said(places) if room else format_number(aim.value, places))
            for aim, room in zip(
                self.aims, [b - a >= ROOM for a, b in pairwise([*ends, 2.0])], strict=True
            )
        ]

    def why_not(self, earlier: date, later: date) -> Why | None:
        """Why the points of two month-ends cannot be compared; None when they can."""
        between = {
            found.why
            for found in self.breaks
            if self.spots[found.after].month >= earlier
            and self.spots[found.after + 1].month <= later
        }
        return next((why for why in (Why.SET, Why.UNITS) if why in between), None)

    def notes(self, month: date) -> list[str]:
        """What changed between the spot of this month and the one before it."""
        return [b.label for b in self.breaks if b.label and self.spots[b.after + 1].month == month]

    def _parted(self, breaks: Collection[Break]) -> tuple[tuple[Spot, ...], ...]:
        ends = sorted({found.after + 1 for found in breaks})
        cuts = [0, *ends, len(self.spots)]
        return tuple(self.spots[first:end] for first, end in pairwise(cuts))


def timeline(
    spots: Sequence[Spot],
    *,
    sets: Sequence[Happening] = (),
    units: Sequence[Happening] = (),
    holes: Collection[date] = (),
    planned: Mapping[int, Decimal] | None = None,
) -> Timeline:
    """The spots with their breaks.

    `sets` are the days from which a set leads, `units` those on which communes of the unit
    ended, began or changed kind, `holes` month-ends for which nothing could be counted,
    `planned` the targets by year. A number of communes that changed on no known day is a break
    of its own.
    """
    found: list[Break] = []
    for number, (before, after) in enumerate(pairwise(spots)):

        def add(label: str, why: Why, day: date, number: int = number) -> None:
            at = _place(spots[number].month, spots[number + 1].month, day)
            found.append(Break(after=number, at=at, label=label, why=why))

        changed = [h for h in units if before.month < h.day <= after.month]
        for happening in changed:
            add(happening.label, Why.UNITS, happening.day)
        if not changed and before.communes != after.communes:
            day = after.month.replace(day=1)
            add(f"Từ {day:%m/%Y}: danh sách xã thay đổi", Why.UNITS, day)
        if before.set_id != after.set_id:
            starts = [h for h in sets if before.month < h.day <= after.month]
            day = after.month.replace(day=1)
            begun = starts[-1] if starts else Happening(day=day, label=_other_set(day))
            add(begun.label, Why.SET, begun.day)
        if any(before.month < month < after.month for month in holes):
            add("", Why.GAP, after.month)
    return Timeline(
        spots=tuple(spots),
        breaks=tuple(sorted(found, key=lambda b: (b.after, b.at))),
        aims=tuple(_aims(spots, planned or {})),
    )


def _aims(spots: Sequence[Spot], planned: Mapping[int, Decimal]) -> Iterator[Aim]:
    """The targets of the years shown, each from its first day as far as the series goes.

    A target is for the end of its year: it is read against the set that counts last in it.
    """
    for year, value in sorted(planned.items()):
        inside = [spot for spot in spots if spot.month.year == year]
        if not inside:
            continue
        total = inside[-1].total
        same = next(spot for spot in inside if spot.total == total)
        earlier = [spot.total for spot in spots if spot.month < same.month]
        joins = earlier[-1:] == [total]
        first = max(date(year - 1, 12, 31), spots[0].month) if joins else same.month
        if first < inside[-1].month:
            yield Aim(year=year, value=value, total=total, first=first, last=inside[-1].month)


def _other_set(day: date) -> str:
    return f"Từ {day:%m/%Y}: bộ tiêu chí khác"


def _place(before: date, after: date, day: date) -> date:
    """Where a break of `day` is drawn: between two months, or on its day in a longer gap."""
    if (after - before).days <= CLOSE:
        return before + timedelta(days=(after - before).days // 2)
    return min(max(day, before + timedelta(days=1)), after)
