"""What waits for whom: the criteria of a place with their communes counted by state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes import units
from communes.access import assignments_of, covers
from communes.models import Role, UnitVersion, User
from communes.roles import RIGHTS, Permission
from criteria import access
from criteria.confirming.states import Counts, State, counts
from criteria.definitions import counting
from criteria.models import Responsibility
from criteria.rules.types import CriterionDefinition, SetDefinition


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One criterion with who answers for it; `own`: the reader may confirm it."""

    asked: SetDefinition
    criterion: CriterionDefinition
    departments: tuple[Responsibility, ...]
    own: bool
    counts: Counts

    @property
    def waiting(self) -> int:
        return self.counts.states[State.WAITING]

    @property
    def returned(self) -> int:
        return self.counts.states[State.RETURNED]

    @property
    def confirmed(self) -> int:
        return self.counts.states[State.CONFIRMED]

    @property
    def nothing(self) -> int:
        """Communes that have not recorded anything."""
        return self.counts.states[State.NOTHING]


def queue(user: User, place: UnitVersion, *, on: date, today: date) -> list[Waiting]:
    """The criteria that the person sees there: own ones first, those with most waiting first.

    A department sees its own alone; the office and its head see all. `today` says who answers,
    `on` (the end of the working month) which sets and communes count.
    """
    asked = counting(place.province_id or 0, on)
    every = [criterion for one in asked for criterion in one.criteria]
    departments = access.answering(place.province_id or 0, today, [c.id for c in every])
    own = {c.id for c in every if access.reviewer(user, place, departments[c.id])}
    wanted = every if _sees_all(user, place) else [c for c in every if c.id in own]
    communes = list(units.communes_in_programme(place, on).values_list("unit_id", flat=True))
    found = counts(communes, wanted)
    waiting = [
        Waiting(
            asked=one,
            criterion=criterion,
            departments=tuple(departments[criterion.id]),
            own=criterion.id in own,
            counts=found[criterion.id],
        )
        for one in asked
        for criterion in one.criteria
        if criterion in wanted
    ]
    return sorted(waiting, key=lambda one: (not one.own, -one.waiting))


def _sees_all(user: User, place: UnitVersion) -> bool:
    """Whether the person reads all that waits there, as the office and its head do."""
    return any(
        held.role != Role.DEPARTMENT
        and Permission.REVIEW in RIGHTS[held.role]
        and covers(held, place)
        for held in assignments_of(user)
    )
