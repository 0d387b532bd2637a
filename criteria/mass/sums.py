"""The figures of a province and its districts at many month-ends, as ``rollup.tally`` gives them.

Which communes take part on which day, in which district, and which sets count comes from the
register and the adoptions, as everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from communes import units
from communes.models import Unit, UnitAttribute, UnitVersion
from criteria import frozen, recognition, sets
from criteria.definitions import definitions
from criteria.frozen import Place
from criteria.mass.holding import Moment
from criteria.mass.standing import Stood, standings
from criteria.rules import rollup
from criteria.rules.types import Bracket, CriterionCount, SetDefinition, Tally


@dataclass(frozen=True, kw_only=True)
class Sums:
    """A province at one moment under one set: unit id → its (reported, confirmed) figures.

    The units are the province and the districts that have communes in the programme.
    """

    moment: Moment
    asked: SetDefinition
    tallies: Mapping[int, tuple[Tally, Tally]]


class Stretch(NamedTuple):
    """The places of moments between which no commune comes, goes or moves; and the communes."""

    moments: list[int]
    communes: list[Place]


def of_province(province: Unit, moments: Sequence[Moment]) -> Iterator[Sums]:
    """Every figure of a province at each moment under each set that counts on its day.

    In the order of days. Raises units.DateNotLoaded for a day without units.
    """
    ordered = sorted(moments, key=lambda moment: (moment.day, moment.known))
    counting = _counting(province, ordered)
    asked = {one.version_id: one for found in counting for one in found}
    stretches = _stretches(province, ordered)
    unit_ids = {place.unit_id for stretch in stretches for place in stretch.communes}
    tiers = recognition.tiers(unit_ids, ordered)
    stood = standings(unit_ids, list(asked.values()), ordered)
    for stretch in stretches:
        sums = {
            one.asked.version_id: _Sums(province.pk, one, stretch, tiers)
            for one in stood
            if any(one.asked in counting[number] for number in stretch.moments)
        }
        for step, number in enumerate(stretch.moments):
            for one in counting[number]:
                yield Sums(
                    moment=ordered[number],
                    asked=one,
                    tallies=sums[one.version_id].tallies(step),
                )


def _counting(province: Unit, moments: Sequence[Moment]) -> list[list[SetDefinition]]:
    """The wordings that count at each moment."""
    known = sets.of_province(province.pk)
    versions = [known.counting(moment.day) for moment in moments]
    whole = definitions({one.pk: one for found in versions for one in found}.values())
    return [[whole[one.pk] for one in found] for found in versions]


def _stretches(province: Unit, moments: Sequence[Moment]) -> list[Stretch]:
    turns = _turns(province)
    found = []
    for _, inside in groupby(
        range(len(moments)), key=lambda number: bisect_right(turns, moments[number].day)
    ):
        numbers = list(inside)
        version = units.version_of(province.pk, moments[numbers[0]].day)
        for day in {moments[number].day for number in numbers}:
            units.require_day_of(version, day)
        found.append(Stretch(numbers, frozen.communes_of(version, moments[numbers[0]].day)))
    return found


def _turns(province: Unit) -> list[date]:
    """The days on which the communes of the province, or what counts of them, may change."""
    versions = UnitVersion.objects.communes().filter(province=province)
    facts = UnitAttribute.objects.filter(
        unit_id__in=versions.values("unit_id"),
        key__in=[UnitAttribute.Key.IN_PROGRAMME, UnitAttribute.Key.BORDER],
    )
    spans = versions.values_list("valid", flat=True).union(facts.values_list("valid", flat=True))
    return sorted({end for span in spans for end in (span.lower, span.upper) if end is not None})


class _Sums:
    """The communes of one stretch added up, [group, …, moment], on both bases."""

    def __init__(
        self, province_id: int, stood: Stood, stretch: Stretch, tiers: Sequence[Mapping[int, str]]
    ) -> None:
        places = stretch.communes
        groups = _groups(province_id, places)
        self.group_ids = list(groups)
        self.asked = stood.asked
        self.bounds = rollup.bracket_bounds(self.asked.bracket_cuts, len(self.asked.criteria))
        self.count = cache(self._count)  # tens of thousands a province, few of them different
        members = np.zeros((len(groups), len(places)))
        for row, inside in enumerate(groups.values()):
            members[row, inside] = 1
        recognised = np.array(
            [[bool(tiers[n].get(place.unit_id)) for n in stretch.moments] for place in places],
        ).reshape(len(places), len(stretch.moments))
        border = np.array([place.border for place in places], dtype=bool)
        self.communes = _added(members, np.ones(len(places)))
        self.border = _added(members, border)
        self.recognised = _added(members, recognised)
        self.recognised_border = _added(members, recognised & border[:, np.newaxis])
        at = np.searchsorted(np.asarray(stood.unit_ids), [place.unit_id for place in places])
        self.bases = tuple(
            _Basis(members, stood, at, stretch.moments, confirmed=confirmed)
            for confirmed in (False, True)
        )

    def tallies(self, step: int) -> dict[int, tuple[Tally, Tally]]:
        """Each group at one moment of the stretch, (reported, confirmed)."""
        reported, confirmed = self.bases
        return {
            unit_id: (self._tally(reported, row, step), self._tally(confirmed, row, step))
            for row, unit_id in enumerate(self.group_ids)
        }

    def _tally(self, basis: _Basis, row: int, step: int) -> Tally:
        communes = self.communes[row]
        return Tally(
            communes=communes,
            assessed=basis.assessed[row][step],
            recognised=self.recognised[row][step],
            recognised_border=self.recognised_border[row][step],
            border=self.border[row],
            criteria_met=basis.criteria_met[row][step],
            brackets=self._brackets(basis.with_number[row][step], communes),
            criteria=tuple(
                self.count(place, met, communes)
                for place, met in enumerate(basis.by_criterion[row][step])
            ),
        )

    def _count(self, place: int, met: int, communes: int) -> CriterionCount:
        criterion = self.asked.criteria[place]
        return CriterionCount(
            number=criterion.number, name=criterion.name, met=met, communes=communes
        )

    def _brackets(self, with_number: Sequence[int], communes: int) -> tuple[Bracket, ...]:
        found = [
            Bracket(label=label, low=low, high=high, communes=sum(with_number[low : high + 1]))
            for label, low, high in self.bounds
        ]
        unknown = communes - sum(with_number)
        if unknown:
            found.append(Bracket(label="Chưa đánh giá", low=None, high=None, communes=unknown))
        return tuple(found)


class _Basis:
    """What the groups add up to on one basis, as lists of plain numbers."""

    def __init__(
        self,
        members: NDArray[Any],
        stood: Stood,
        at: NDArray[Any],
        moments: Sequence[int],
        *,
        confirmed: bool,
    ) -> None:
        met = stood.met(confirmed=confirmed)[at][:, :, moments]
        known = stood.known(confirmed=confirmed)[at][:, moments]
        number = met.sum(axis=1)
        each = np.arange(met.shape[1] + 1)
        exactly = (number[..., np.newaxis] == each) & known[..., np.newaxis]
        self.assessed = _added(members, known)
        self.criteria_met = _added(members, number * known)
        self.by_criterion = _added(members, met.transpose(0, 2, 1))
        self.with_number = _added(members, exactly)


def _added(members: NDArray[Any], rows: NDArray[Any]) -> Any:
    """The sum over the communes of each group, as nested lists of whole numbers."""
    return np.tensordot(members, rows.astype(float), 1).astype(int).tolist()


def _groups(province_id: int, places: Sequence[Place]) -> dict[int, list[int]]:
    """Unit id → where its communes stand: the districts that have any, and the province."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        if place.parent_id != province_id:
            found[place.parent_id].append(number)
    return {**found, province_id: list(range(len(places)))}
