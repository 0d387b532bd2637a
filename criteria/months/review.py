"""What the head reads before closing a month: who is missing, what is unconfirmed, what moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from communes.models import Department, UnitVersion, User
from communes.vietnamese import sort_key
from criteria import frozen, months
from criteria.confirming.queue import Waiting, queue
from criteria.figures import NO_SET, Figures, figures
from criteria.models import MonthClosing
from criteria.months import lateness, submitting
from criteria.months.lateness import Submissions
from criteria.rules import rollup
from criteria.rules.movement import (
    JUMP_OF_THE_AVERAGE,
    JUMP_OF_THE_RECOGNISED,
    CommuneMove,
    Movement,
    moved,
)
from criteria.rules.types import CriterionDefinition, Tally


@dataclass(frozen=True, kw_only=True)
class OfDepartment:
    """What waits for one department (None: the office itself): its criteria with most first."""

    department: Department | None
    rows: tuple[Waiting, ...]

    @property
    def waiting(self) -> int:
        """Communes × criteria that wait."""
        return sum(row.waiting for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A commune of the movement with its name."""

    version: UnitVersion
    move: CommuneMove


@dataclass(frozen=True, kw_only=True)
class Since:
    """What moved since an earlier closing that counted by the same set."""

    closing: MonthClosing
    tally: Tally
    movement: Movement
    names: Mapping[int, UnitVersion]

    @cached_property
    def communes(self) -> list[Moved]:
        """The communes that moved: those that fell first, then by how far they moved."""
        rows = [Moved(version=self.names[m.unit_id], move=m) for m in self.movement.communes]
        return sorted(rows, key=lambda row: (row.move.change >= 0, -abs(row.move.change)))

    def named(self, unit_ids: Iterable[int]) -> list[UnitVersion]:
        return [self.names[unit_id] for unit_id in unit_ids]

    @property
    def recognised(self) -> list[UnitVersion]:
        return self.named(self.movement.recognised)

    @property
    def revoked(self) -> list[UnitVersion]:
        return self.named(self.movement.revoked)

    @property
    def joined(self) -> list[UnitVersion]:
        return self.named(self.movement.joined)

    @property
    def left(self) -> list[UnitVersion]:
        return self.named(self.movement.left)


@dataclass(frozen=True, kw_only=True)
class CriterionFall:
    """A criterion met by fewer communes than at the closing before."""

    number: int
    name: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class MonthReview:
    """One month of a province before (or after) its closing.

    `waiting` counts communes × criteria whose latest results wait for a confirmation, in all
    sets; under `departments` a shared one stands more than once. `since` is None where there
    is nothing to compare with; `not_comparable` then says why.
    """

    province: UnitVersion
    month: date
    answer: Figures
    history: Sequence[MonthClosing]
    submissions: Submissions
    after_sending: Mapping[int, int]
    departments: Sequence[OfDepartment]
    waiting: int
    since: Since | None
    not_comparable: str
    blocked: str

    @property
    def closing(self) -> MonthClosing | None:
        """The closing that holds."""
        return self.answer.closing

    @property
    def tally(self) -> Tally:
        return self.answer.headline

    @property
    def unconfirmed(self) -> int:
        """Criteria reported as met that await their department."""
        return rollup.awaiting(self.answer.asked, self.answer.rows)

    @property
    def in_brackets(self) -> int:
        """Communes counted by the brackets; to be the communes of the programme."""
        return sum(bracket.communes for bracket in self.tally.brackets)

    @property
    def adds_up(self) -> bool:
        return self.in_brackets == self.tally.communes

    @property
    def falls(self) -> list[CriterionFall]:
        """The criteria met by fewer communes than before, the steepest first."""
        if self.since is None:
            return []
        before = {one.number: one.met for one in self.since.tally.criteria}
        found = [
            CriterionFall(
                number=one.number, name=one.name, before=before[one.number], after=one.met
            )
            for one in self.tally.criteria
            if one.number in before and one.met < before[one.number]
        ]
        return sorted(found, key=lambda fall: fall.after - fall.before)

    @property
    def average_change(self) -> Decimal | None:
        """How far the average moved, in criteria per commune."""
        before = self.since.tally.average if self.since else None
        now = self.tally.average
        return None if before is None or now is None else now - before

    @property
    def average_jumps(self) -> bool:
        change = self.average_change
        return change is not None and abs(change) >= Decimal(str(JUMP_OF_THE_AVERAGE))

    @property
    def recognised_change(self) -> int:
        return self.tally.recognised - self.since.tally.recognised if self.since else 0

    @property
    def recognised_jumps(self) -> bool:
        return abs(self.recognised_change) >= JUMP_OF_THE_RECOGNISED

    @property
    def jumping(self) -> list[Moved]:
        return [row for row in self.since.communes if row.move.jumps] if self.since else []

    @property
    def falling(self) -> list[Moved]:
        return [row for row in self.since.communes if row.move.falls] if self.since else []

    @property
    def any_unassessed(self) -> bool:
        """Whether a criterion that was met is not assessed any more somewhere."""
        return self.since is not None and any(row.move.unassessed for row in self.since.communes)

    @property
    def criteria(self) -> dict[int, CriterionDefinition]:
        return {one.number: one for one in self.answer.asked.criteria}


def review(province: UnitVersion, month: date, *, by: User) -> MonthReview:
    """Load the closing page of a month as `by` reads it; a fixed number of queries."""
    today = months.working_day(province.unit)
    answer = figures(province, month)
    since, why_not = _since(answer)
    waiting = queue(by, province, on=month, today=today)
    held = MonthClosing.objects.filter(province=province.unit, month=month)
    return MonthReview(
        province=province,
        month=month,
        answer=answer,
        history=list(held.select_related("change__by", "reopening__change__by").order_by("-no")),
        submissions=lateness.submissions(province, month, today=today),
        after_sending=lateness.saved_after_sending(
            province.unit.clock_id, [row.unit_id for row in answer.rows], month
        ),
        departments=by_department(waiting),
        waiting=sum(row.waiting for row in waiting),
        since=since,
        not_comparable=why_not,
        blocked=months.why_not_closable(province.unit, month),
    )


def by_department(rows: Iterable[Waiting]) -> list[OfDepartment]:
    """The criteria with something waiting, by who answers for them; those with most first.

    A criterion that several departments share stands under each of them.
    """
    found: dict[int, list[Waiting]] = defaultdict(list)
    names: dict[int, Department | None] = {0: None}
    for row in rows:
        if not row.waiting:
            continue
        for held in row.departments:
            names[held.department_id] = held.department
            found[held.department_id].append(row)
        if not row.departments:
            found[0].append(row)
    groups = [
        OfDepartment(department=names[pk], rows=tuple(sorted(mine, key=lambda row: -row.waiting)))
        for pk, mine in found.items()
    ]
    return sorted(groups, key=lambda one: (-one.waiting, sort_key(str(one.department or ""))))


def _since(answer: Figures) -> tuple[Since | None, str]:
    """What moved since the closing before, or why that cannot be said."""
    closing = submitting.last_closing(answer.unit.unit_id, answer.on)
    if closing is None:
        return None, "chưa tháng nào trước đó được chốt"
    label = f"{closing.month:%m/%Y}"
    if answer.asked is NO_SET:
        return None, "tháng này chưa áp dụng bộ tiêu chí nào"
    before = frozen.rows_of(closing, answer.asked.set_id)
    if not before:
        return None, f"tháng {label} tính theo bộ tiêu chí khác"
    confirmed = answer.headline is answer.confirmed
    movement = moved(answer.asked, before, answer.rows, confirmed=confirmed)
    names = {
        version.unit_id: version
        for day in (closing.month, answer.on)
        for version in UnitVersion.objects.alive_on(day).filter(
            unit_id__in={row.unit_id for row in (*before, *answer.rows)}
        )
    }
    return Since(
        closing=closing,
        tally=rollup.tally(answer.asked, before, confirmed=confirmed),
        movement=movement,
        names=names,
    ), ""
