"""The list of people as an administrator reads it: who, where, since when, and their state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from communes.models import Assignment, Role, UnitVersion, User
from communes.models.assignments import AssignmentQuerySet
from communes.people import typed_units
from communes.people.scope import (
    managed_assignments,
    managed_units,
    versions_by_unit,
)
from communes.people.states import State, state_of
from communes.vietnamese import fold, nfc, sort_key


@dataclass(frozen=True, kw_only=True)
class Held:
    """One assignment in words."""

    assignment: Assignment
    unit: UnitVersion | None
    today: date

    @property
    def first_day(self) -> date | None:
        day: date | None = self.assignment.valid.lower
        return day

    @property
    def last_day(self) -> date | None:
        """The last day with it; None while no end is set."""
        until: date | None = self.assignment.valid.upper
        return until - timedelta(days=1) if until else None

    @property
    def state(self) -> str:
        """ "ended", "later" (has not begun) or "now"."""
        if self.last_day is not None and self.last_day < self.today:
            return "ended"
        if self.first_day is not None and self.first_day > self.today:
            return "later"
        return "now"

    @property
    def title(self) -> str:
        """The role in words; for a department its name, which says it all."""
        return str(self.assignment.department or self.assignment.get_role_display())

    @property
    def where(self) -> str:
        return self.unit.full_name if self.unit else "–"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person of the list, with the assignments that the administrator may see."""

    person: User
    held: list[Held]

    @property
    def state(self) -> State:
        return state_of(self.person)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the list is shown; everything lives in the address."""

    name: str = ""
    role: str = ""
    unit: str = ""
    ended: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """The filters that an address names; an unknown role is none."""
        role = query.get("role", "")
        return cls(
            name=nfc(query.get("q", "")),
            role=role if role in Role.values else "",
            unit=nfc(query.get("unit", "")),
            ended=query.get("ended") == "1",
        )

    @property
    def any(self) -> bool:
        return bool(self.name or self.role or self.unit)

    @property
    def in_words(self) -> str:
        """What was asked for: "vai trò “Cán bộ xã”, đơn vị “Đồng Văn”"; "" for everybody."""
        asked = {
            "tên": self.name,
            "vai trò": str(Role(self.role).label) if self.role else "",
            "đơn vị": self.unit,
        }
        return ", ".join(f"{what} “{value}”" for what, value in asked.items() if value)


def rows(by: User, filters: Filters) -> list[Row]:
    """The people of `by`'s scope in the order of their given names, as Vietnamese lists go.

    Without `ended`, whoever has no assignment now or later, or is locked, is left out.
    """
    found = managed_assignments(by)
    if filters.role:
        found = found.filter(role=filters.role)
    if filters.unit:
        found = found.filter(unit_id__in=_units_like(filters.unit, by))
    if not filters.ended:
        today = timezone.localdate()
        found = found.filter(Q(valid__endswith=None) | Q(valid__endswith__gt=today))
        found = found.filter(user__is_active=True)
    people: dict[int, User] = {}
    by_person: dict[int, list[Assignment]] = {}
    for assignment in found.select_related("user", "unit", "department"):
        people[assignment.user_id] = assignment.user
        by_person.setdefault(assignment.user_id, []).append(assignment)
    if filters.name:
        wanted = fold(filters.name)
        people = {
            pk: person
            for pk, person in people.items()
            if wanted in fold(f"{person.display_name} {person.username} {person.email}")
        }
    versions = versions_by_unit({a.unit_id for pk in people for a in by_person[pk]})
    listed = [Row(person=p, held=held(by_person[pk], versions)) for pk, p in people.items()]
    return sorted(listed, key=lambda row: _by_given_name(str(row.person)))


def held(
    assignments: AssignmentQuerySet | list[Assignment], versions: dict[int, UnitVersion]
) -> list[Held]:
    """Assignments in words, the present ones first, then the later, then the ended."""
    today = timezone.localdate()
    found = [
        Held(assignment=assignment, unit=versions.get(assignment.unit_id), today=today)
        for assignment in assignments
    ]
    order = {"now": 0, "later": 1, "ended": 2}
    return sorted(found, key=lambda h: (order[h.state], h.assignment.role, sort_key(h.where)))


def of_person(by: User, person: User) -> list[Held]:
    """The assignments of one person that `by` may see."""
    found = list(
        managed_assignments(by).filter(user=person).select_related("unit", "department", "user")
    )
    return held(found, versions_by_unit({assignment.unit_id for assignment in found}))


def _units_like(text: str, by: User) -> list[int]:
    """Units whose code is `text` or whose name contains it; a province brings its communes."""
    managed = managed_units(by)
    name, _ = typed_units.without_kind(fold(text))
    like = managed.filter(Q(code=text) | Q(search_key__contains=name))
    ids = list(like.values_list("unit_id", flat=True))
    inside = managed.filter(Q(province_id__in=ids) | Q(parent_id__in=ids))
    return [*ids, *inside.values_list("unit_id", flat=True)]


def _by_given_name(name: str) -> str:
    """Vietnamese lists go by the last word of a name, then by the rest."""
    words = name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))
