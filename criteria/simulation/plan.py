"""The whole simulated history of one province, month by month, as plain data.

Pure and deterministic: the same province, communes and set give the same plan on every
machine, whatever the identifiers in its database are.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from criteria.rules.levels import Situation
from criteria.rules.types import Outcome, SetDefinition
from criteria.simulation.opening import Course, carried_on, courses
from criteria.simulation.scenario import Commune, PlanError, Province
from criteria.simulation.sheet import Cell, Sheet
from criteria.simulation.trajectory import Moves, Trajectory

TOUCHED_SHARE = 0.055
"""Of all criteria of all communes, the share on which something is entered in any month."""
LATE_SHARE = (0.032, 0.047)
"""Of all criteria of all communes, the share not yet confirmed at a month-end."""
LATE_WHEN_NEWLY_MET = 0.75
"""Chance that a criterion newly met waits a month: departments go and look first."""
PROGRESS_SHARE = 0.06
"""Communes a month in which a criterion still not met comes closer."""


@dataclass(frozen=True, kw_only=True)
class PlannedResult:
    """One finding, true from the last day of its month."""

    unit_id: int
    criterion_id: int
    indicator_id: int
    outcome: Outcome
    value: Decimal | None
    part_values: Mapping[str, Decimal] | None
    cause: str


@dataclass(frozen=True, kw_only=True)
class PlannedRecognition:
    """One commune in one simulated decision."""

    unit_id: int
    number: str
    decided_on: date
    effective_on: date
    year: int
    round: int


@dataclass(frozen=True, kw_only=True)
class PlannedConfirmation:
    """A department confirms what it sees of one criterion of one commune at the month's end."""

    unit_id: int
    criterion_id: int


@dataclass(frozen=True, kw_only=True)
class PlannedMonth:
    """What is recorded in one month; the first also holds every earlier decision."""

    month_end: date
    results: tuple[PlannedResult, ...]
    confirmations: tuple[PlannedConfirmation, ...]
    recognitions: tuple[PlannedRecognition, ...]


def plan(
    province: Province,
    communes: Sequence[Commune],
    asked: SetDefinition,
    situation: Situation,
) -> Iterator[PlannedMonth]:
    """Every month of `province` in time order.

    Raises PlanError when its anchors cannot be reached within the rules.
    """
    return Planner(province, communes, asked, situation).months()


class Planner:
    """One plan of a province, month by month, and where each commune stands after it.

    `former` (commune → whose way it goes on) and the planner that it is found in are those of
    the plan before, where this one carries communes on. `recognised` are the ids of communes
    that hold a recognition already.
    """

    def __init__(
        self,
        province: Province,
        communes: Sequence[Commune],
        asked: SetDefinition,
        situation: Situation,
        *,
        recognised: Container[int] = (),
        before: Planner | None = None,
        former: Mapping[int, int] | None = None,
    ) -> None:
        for commune in communes:
            if not commune.counts_on(province.first_month):
                raise PlanError(f"{province.name}: xã {commune.key} chưa có trong tháng đầu")
        numbers = [criterion.number for criterion in asked.criteria]
        self.province = province
        self.situation = situation
        self.former = dict(former or {})
        if before is None:
            found = courses(province, communes, numbers, recognised)
        else:
            known = {new: before.ways[old] for new, old in self.former.items()}
            found = carried_on(province, communes, numbers, known, recognised)
        self.courses = found
        self.ways = {course.commune.unit_id: course for course in found}
        self.criterion_ids = {criterion.number: criterion.id for criterion in asked.criteria}
        self.trajectory = Trajectory(province, found, len(asked.criteria))
        self.rng = Random(f"plan:{province.seed}")
        self.sheets = {
            course.commune.unit_id: Sheet(asked, situation, f"{province.seed}:{course.commune.key}")
            for course in found
        }
        self.late: dict[tuple[int, int], None] = {}
        if before is not None:
            for new, old in self.former.items():
                self.sheets[new].take_over(before.sheets[old])
            self.late = dict(before.late)
        self.decisions = _decisions(province, found)

    def months(self) -> Iterator[PlannedMonth]:
        for index, end in enumerate(self.trajectory.months):
            alive = [course for course in self.courses if course.commune.counts_on(end)]
            if end.year != self.situation.year:
                self._turn_to(end)
            cells = self._opening(alive) if index == 0 else self._month(index, end, alive)
            previous = self.trajectory.months[index - 1] if index else date.min
            yield PlannedMonth(
                month_end=end,
                results=tuple(
                    _result(unit_id, cell, "entry" if index else "opening")
                    for unit_id, found in cells.items()
                    for cell in found.values()
                ),
                confirmations=tuple(self._confirm(cells, alive)),
                recognitions=tuple(d for d in self.decisions if previous < d.decided_on <= end),
            )

    def _turn_to(self, end: date) -> None:
        """Another year: from now on its levels count."""
        self.situation = replace(self.situation, year=end.year, on=end)
        for sheet in self.sheets.values():
            sheet.use(self.situation)

    def _opening(self, alive: Sequence[Course]) -> _Cells:
        """First findings on every commune; of communes carried on, only those on nobody's way."""
        cells = _Cells()
        for course in alive:
            unit_id = course.commune.unit_id
            if unit_id not in self.former:
                cells.add(course, self.sheets[unit_id].open(course.met))
            elif self.former[unit_id] != unit_id:  # taken over from another, not confirmed yet
                cells.touched |= {(unit_id, number): None for number in self.criterion_ids.values()}
        return cells

    def _month(self, index: int, end: date, alive: Sequence[Course]) -> _Cells:
        moves = self.trajectory.step(index)
        cells = _Cells()
        for course, number in moves.gained:
            cells.add(course, self.sheets[course.commune.unit_id].meet(number))
            cells.newly_met.append((course.commune.unit_id, self.criterion_ids[number]))
        for course, number in moves.lost:
            cells.add(course, self.sheets[course.commune.unit_id].lose(number))
        self._progress(cells, moves, alive)
        if end.month == 12:
            for course in alive:
                for number in self.criterion_ids:
                    sheet = self.sheets[course.commune.unit_id]
                    cells.add(course, sheet.measure_again(number, cells.changed(course)))
        else:
            self._measure_some(cells, alive)
        return cells

    def _progress(self, cells: _Cells, moves: Moves, alive: Sequence[Course]) -> None:
        lost = {(course.commune.unit_id, number) for course, number in moves.lost}
        for course in alive:
            if self.rng.random() >= PROGRESS_SHARE:
                continue
            unmet = [n for n in course.order if n not in course.met]
            unmet = [n for n in unmet if (course.commune.unit_id, n) not in lost]
            if unmet:
                number = self.rng.choice(unmet)
                cells.add(course, self.sheets[course.commune.unit_id].progress(number))

    def _measure_some(self, cells: _Cells, alive: Sequence[Course]) -> None:
        """Communes bring figures up to date through the year, some criteria each month."""
        wanted = round(TOUCHED_SHARE * len(alive) * len(self.criterion_ids)) - len(cells.touched)
        numbers = list(self.criterion_ids)
        for _ in range(max(0, wanted)):
            course, number = self.rng.choice(alive), self.rng.choice(numbers)
            if (course.commune.unit_id, self.criterion_ids[number]) not in cells.touched:
                cells.add(course, self.sheets[course.commune.unit_id].measure_again(number))

    def _confirm(self, cells: _Cells, alive: Sequence[Course]) -> Iterator[PlannedConfirmation]:
        """Confirm what was late and most of what is new; the rest is late until next month."""
        new = [key for key in cells.touched if key not in self.late]
        share = self.rng.uniform(*LATE_SHARE)
        late = round(share * len(alive) * len(self.criterion_ids))
        first = [
            key
            for key in cells.newly_met
            if key not in self.late and self.rng.random() < LATE_WHEN_NEWLY_MET
        ]
        chosen = dict.fromkeys(first[:late])
        others = [key for key in new if key not in chosen]
        chosen |= dict.fromkeys(self.rng.sample(others, min(len(others), late - len(chosen))))
        here = {course.commune.unit_id for course in alive}
        for key in (*self.late, *new):
            if key not in chosen and key[0] in here:
                yield PlannedConfirmation(unit_id=key[0], criterion_id=key[1])
        self.late = chosen


class _Cells(dict[int, dict[int, Cell]]):
    """The cells changed in a month: unit id → indicator id → cell; and the criteria touched."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: dict[tuple[int, int], None] = {}
        self.newly_met: list[tuple[int, int]] = []

    def add(self, course: Course, changed: Sequence[Cell]) -> None:
        found = self.setdefault(course.commune.unit_id, {})
        for cell in changed:
            found[cell.indicator.id] = cell
            self.touched[course.commune.unit_id, cell.criterion.id] = None

    def changed(self, course: Course) -> frozenset[int]:
        """Indicators of the commune that changed this month."""
        return frozenset(self.get(course.commune.unit_id, ()))


def _result(unit_id: int, cell: Cell, cause: str) -> PlannedResult:
    return PlannedResult(
        unit_id=unit_id,
        criterion_id=cell.criterion.id,
        indicator_id=cell.indicator.id,
        outcome=Outcome.MET if cell.met else Outcome.NOT_MET,
        value=cell.value,
        part_values=cell.parts,
        cause=cause,
    )


def _decisions(province: Province, found: Sequence[Course]) -> list[PlannedRecognition]:
    """Every decision up to the last month, in time order, numbered as simulated."""
    decisions = []
    in_year: dict[int, int] = {}
    for index, entry in enumerate(province.rounds):
        if entry.decided_on > province.last_month:
            break
        year = entry.decided_on.year
        in_year[year] = in_year.get(year, 0) + 1
        for course in found:
            if course.round == index:
                decisions.append(
                    PlannedRecognition(
                        unit_id=course.commune.unit_id,
                        number=f"MP-{entry.decided_on:%m%d}/QĐ-UBND",
                        decided_on=entry.decided_on,
                        effective_on=entry.decided_on,
                        year=year,
                        round=in_year[year],
                    )
                )
    return decisions
