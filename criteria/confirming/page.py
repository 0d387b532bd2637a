"""The list of one criterion over the communes of a place, filtered, for who confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from communes import units
from communes.models import Tier, UnitVersion
from criteria.confirming.rows import Asked, CommuneRow, Levels, levels_of, rows
from criteria.confirming.states import CriterionState, State, by_unit, read
from criteria.rules.types import CriterionDefinition, SetDefinition

SHOWN = {
    "waiting": "Chờ xác nhận",
    "changed": "Thay đổi sau xác nhận",
    "returned": "Đã trả lại",
    "confirmed": "Đã xác nhận",
    "all": "Tất cả",
}
"""The filters of the list, in their order; the first is the one it opens with."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks to see: a word of SHOWN, and a district's code ("" for all)."""

    show: str = "waiting"
    district: str = ""

    @property
    def query(self) -> str:
        """The end of the address: "?show=all"; what is usual is left out."""
        asked = {"show": self.show if self.show != "waiting" else "", "district": self.district}
        words = urlencode({name: word for name, word in asked.items() if word})
        return f"?{words}" if words else ""

    def keeps(self, one: CriterionState) -> bool:
        if self.show == "changed":
            return one.changed
        return self.show in ("all", one.state.value)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One filter with how many communes it shows; `query` is the end of its address."""

    word: str
    label: str
    communes: int
    current: bool
    query: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """A district with the rows shown of it; none where there are no districts."""

    district: UnitVersion | None
    rows: tuple[CommuneRow, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """One criterion over the communes of a place, filtered.

    `differing` has the codes of the indicators whose level is not the same for all that are shown.
    """

    asked: SetDefinition
    criterion: CriterionDefinition
    filters: Filters
    tabs: tuple[Tab, ...]
    districts: tuple[UnitVersion, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Asked, ...]
    differing: frozenset[str]
    waiting: int

    @cached_property
    def rows(self) -> list[CommuneRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def can_be_reviewed(self) -> int:
        """How many of the rows shown can be chosen."""
        return sum(row.can_be_reviewed for row in self.rows)

    @property
    def with_papers(self) -> int:
        """How many of the rows shown have evidence."""
        return sum(bool(row.papers) for row in self.rows)

    @property
    def columns(self) -> int:
        """How many columns the table has."""
        return len(self.indicators) + 6

    @property
    def under_name(self) -> int:
        """How many columns there are from the commune's name on."""
        return self.columns - 1


def page(
    place: UnitVersion,
    on: date,
    asked: SetDefinition,
    criterion: CriterionDefinition,
    filters: Filters,
) -> ReviewPage:
    """Load the list for a province or district; a fixed number of queries."""
    communes = list(units.communes_in_programme(place, on))
    districts = _districts(place, on)
    chosen = next((one for one in districts if one.code == filters.district), None)
    of_place = [c for c in communes if chosen is None or c.parent_id == chosen.unit_id]
    states = by_unit(read([c.unit_id for c in communes], [criterion]))
    shown = [commune for commune in of_place if filters.keeps(states[commune.unit_id])]
    levels = levels_of(of_place, criterion, on)
    listed = rows(shown, states, criterion, levels)
    indicators, differing = _indicators(levels.values(), criterion)
    counted = [states[commune.unit_id] for commune in of_place]
    return ReviewPage(
        asked=asked,
        criterion=criterion,
        filters=filters,
        tabs=tuple(_tabs(filters, counted)),
        districts=tuple(districts),
        groups=_groups(listed, districts),
        indicators=indicators,
        differing=differing,
        waiting=sum(one.state is State.WAITING for one in states.values()),
    )


def _districts(place: UnitVersion, on: date) -> list[UnitVersion]:
    return list(units.districts_of(place, on)) if place.unit.tier == Tier.PROVINCE else []


def _tabs(filters: Filters, states: Sequence[CriterionState]) -> Iterable[Tab]:
    for word, label in SHOWN.items():
        other = Filters(show=word, district=filters.district)
        yield Tab(
            word=word,
            label=label,
            communes=sum(other.keeps(one) for one in states),
            current=word == filters.show,
            query=other.query,
        )


def _groups(listed: Sequence[CommuneRow], districts: Sequence[UnitVersion]) -> tuple[Group, ...]:
    """By district in their order; communes under none of them stand together at the end."""
    groups = []
    left = list(listed)
    for district in districts:
        inside = [row for row in left if row.commune.parent_id == district.unit_id]
        left = [row for row in left if row.commune.parent_id != district.unit_id]
        groups.append(Group(district=district, rows=tuple(inside)))
    groups.append(Group(district=None, rows=tuple(left)))
    return tuple(group for group in groups if group.rows)


def _indicators(
    levels: Iterable[Levels], criterion: CriterionDefinition
) -> tuple[tuple[Asked, ...], frozenset[str]]:
    """The indicators as they are asked, and the codes of those asked at several levels."""
    kinds = list({id(kind): kind for kind in levels}.values())
    if not kinds:
        return (), frozenset()
    differing = frozenset(
        one.code for one in criterion.indicators if len({kind[one.id].level for kind in kinds}) > 1
    )
    return tuple(kinds[0][one.id] for one in criterion.indicators), differing
