"""Which criterion changes in which commune in which month.

Each month a few communes lose a criterion and others gain one, so that the sum follows the
anchors. Communes due for recognition meet everything two month-ends before the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from criteria.simulation.opening import Course
from criteria.simulation.scenario import Anchor, PlanError, Province, month_end

MOST_A_MONTH = 2
"""Criteria of one commune that may change in one month."""
LOSERS_SHARE = 0.02
"""Communes of a province that may lose a criterion in one month."""
SEASON = (0.5, 0.4, 0.8, 0.9, 1.0, 1.3, 0.8, 0.9, 1.1, 1.3, 1.5, 1.8)
"""How much of a year's progress falls into each month: least around Tết, most at its end."""
SETTLED_MONTHS = 6
"""A commune loses nothing in the months right after its recognition."""


@dataclass(frozen=True, kw_only=True)
class Moves:
    """The changes of one month: (commune, criterion number) newly met and lost."""

    month: date
    gained: tuple[tuple[Course, int], ...] = ()
    lost: tuple[tuple[Course, int], ...] = ()


@dataclass(kw_only=True)
class _Month:
    index: int
    end: date
    alive: list[Course]
    anchor: Anchor
    anchor_index: int
    gained: list[tuple[Course, int]] = field(default_factory=list)
    lost: list[tuple[Course, int]] = field(default_factory=list)

    def changes(self, course: Course) -> int:
        return sum(other is course for other, _ in (*self.gained, *self.lost))

    def has_lost(self, course: Course) -> bool:
        return any(other is course for other, _ in self.lost)


class Trajectory:
    """Walks a province from month to month; the courses carry its state."""

    def __init__(self, province: Province, courses: Sequence[Course], top: int) -> None:
        self.province = province
        self.courses = courses
        self.top = top
        self.rng = Random(f"trajectory:{province.seed}")
        self.months = province.months
        self.deadlines = [self._deadline(entry.decided_on) for entry in province.rounds]
        self.anchors = self._anchors()
        self.targets = self._targets()

    def _deadline(self, decided_on: date) -> int:
        """Index of the month-end by which everything is met: the second before the decision."""
        before = decided_on
        for _ in range(2):
            before = month_end(before).replace(day=1) - timedelta(days=1)
        first = self.months[0]
        return (before.year - first.year) * 12 + before.month - first.month

    def _anchors(self) -> tuple[Anchor, ...]:
        """The anchors of the plan; one that carries communes on begins where they stand."""
        anchors = self.province.anchors
        if anchors[0].day == self.months[0]:
            return anchors
        here = sum(len(course.met) for course in self._alive(self.months[0]))
        risen = (replace(a, criteria_met=here + (a.rise or 0)) for a in anchors)
        return (Anchor(day=self.months[0], criteria_met=here), *risen)

    def _targets(self) -> list[int]:
        """Criteria met at every month-end: the average moves between anchors by the season."""
        targets = []
        for month in self.months:
            number = len(self._alive(month))
            left, right = self._around(month)
            share = _season(left.day, month) / (_season(left.day, right.day) or 1)
            low, high = (a.criteria_met / len(self._alive(a.day)) for a in (left, right))
            targets.append(round(number * (low + share * (high - low))))
        return targets

    def _around(self, month: date) -> tuple[Anchor, Anchor]:
        anchors = self.anchors
        left = max((a for a in anchors if a.day <= month), key=lambda a: a.day)
        right = min((a for a in anchors if a.day >= month), key=lambda a: a.day)
        return left, right

    def _alive(self, month: date) -> list[Course]:
        return [course for course in self.courses if course.commune.counts_on(month)]

    def step(self, index: int) -> Moves:
        """Make the changes of month `index` (1 = the month after the opening)."""
        end = self.months[index]
        anchor = min((a for a in self.anchors if a.day >= end), key=lambda a: a.day)
        month = _Month(
            index=index,
            end=end,
            alive=self._alive(end),
            anchor=anchor,
            anchor_index=self.months.index(anchor.day),
        )
        self._lose(month)
        needed = self.targets[index] - sum(len(course.met) for course in month.alive)
        needed -= self._regain(month)
        needed -= self._advance_those_due(month, needed)
        self._advance_others(month, needed)
        total = sum(len(course.met) for course in month.alive)
        if self.province.anchor(end) and total != self.targets[index]:
            raise PlanError(f"{self.province.name}: {end} có {total}, cần {self.targets[index]}")
        return Moves(month=end, gained=tuple(month.gained), lost=tuple(month.lost))

    def _lose(self, month: _Month) -> None:
        most = int(LOSERS_SHARE * len(month.alive))
        wanted = min(most, self.rng.choices((0, 1, 2, 3, 4), (25, 35, 22, 12, 6))[0])
        free = [course for course in month.alive if self._may_lose(course, month)]
        for course in self.rng.sample(free, min(len(free), wanted)):
            numbers = [n for n in sorted(course.met) if self.province.fragility.get(n, 0)]
            weights = [self.province.fragility[n] for n in numbers]
            number = self.rng.choices(numbers, weights)[0]
            course.met.discard(number)
            course.lost_last = month.index
            back = month.index + self.rng.randint(2, 7)
            course.lost[number] = back if self.rng.random() < 0.85 else None
            month.lost.append((course, number))

    def _may_lose(self, course: Course, month: _Month) -> bool:
        if course.round is not None:
            decided = self.deadlines[course.round] + 2
            if month.index < decided + SETTLED_MONTHS:
                return False
        if not any(self.province.fragility.get(number, 0) for number in course.met):
            return False
        rested = month.index - course.lost_last >= 8 and not course.lost
        return rested and len(course.met) > max(month.anchor.lowest + 1, 4)

    def _regain(self, month: _Month) -> int:
        gained = 0
        for course in month.alive:
            for number in [n for n, back in course.lost.items() if back == month.index]:
                if not month.has_lost(course):
                    self._gain(course, number, month)
                    gained += 1
        return gained

    def _advance_those_due(self, month: _Month, needed: int) -> int:
        """Take communes with a deadline forward at an even pace, at the latest when they must."""
        forced: list[Course] = []
        planned: list[Course] = []
        for course in month.alive:
            missing, left = self._due(course, month)
            if missing <= 0:
                continue
            free = MOST_A_MONTH - month.changes(course)
            must = min(free, max(0, missing - MOST_A_MONTH * (left - 1)))
            pace = missing / left
            may = min(free, int(pace) + (self.rng.random() < pace - int(pace)))
            forced += [course] * must
            planned += [course] * max(0, may - must)
        self.rng.shuffle(planned)
        chosen = forced + planned[: max(0, needed - len(forced))]
        for course in chosen:
            self._gain(course, self._next(course), month)
        return len(chosen)

    def _due(self, course: Course, month: _Month) -> tuple[int, int]:
        """(criteria missing, months left, this one included) until the nearest deadline."""
        found = []
        if course.round is not None and month.index <= self.deadlines[course.round]:
            left = self.deadlines[course.round] - month.index + 1
            found.append((self.top - len(course.met), left))
        if month.anchor.lowest > len(course.met):
            left = month.anchor_index - month.index + 1
            found.append((month.anchor.lowest - len(course.met), left))
        return max(found, key=lambda due: due[0] / due[1], default=(0, 1))

    def _advance_others(self, month: _Month, needed: int) -> None:
        for _ in range(max(0, needed)):
            free = [course for course in month.alive if self._may_gain(course, month)]
            if not free:
                raise PlanError(f"{self.province.name}: {month.end} không còn xã để tăng tiêu chí")
            weights = [
                (0.15 if month.changes(course) else 1.0) * (1.6 + max(-1.3, course.readiness * 0.4))
                for course in free
            ]
            course = self.rng.choices(free, weights)[0]
            self._gain(course, self._next(course), month)

    def _may_gain(self, course: Course, month: _Month) -> bool:
        if month.has_lost(course) or month.changes(course) >= MOST_A_MONTH:
            return False
        if len(course.met) + len(course.lost) >= self.top:
            return False
        most = self.top - 1
        if course.round is not None:
            if month.index > self.deadlines[course.round]:
                return False
            if month.index >= self.deadlines[course.round] - 3:
                most = self.top
        return len(course.met) < most

    def _gain(self, course: Course, number: int, month: _Month) -> None:
        course.met.add(number)
        course.lost.pop(number, None)
        month.gained.append((course, number))

    def _next(self, course: Course) -> int:
        """One of the next criteria on the commune's own way, mostly the easiest."""
        ahead = [n for n in course.order if n not in course.met and n not in course.lost]
        ahead = ahead or [n for n in course.order if n not in course.met]
        return self.rng.choices(ahead[:3], (0.6, 0.25, 0.15)[: len(ahead[:3])])[0]


def _season(after: date, until: date) -> float:
    """Weight of the months after the month-end `after` up to the month-end `until`."""
    total = 0.0
    month = after
    while month < until:
        month = month_end(month + timedelta(days=1))
        total += SEASON[month.month - 1]
    return total
