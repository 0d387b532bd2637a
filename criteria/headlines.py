"""Which set a province leads with through time, for everything that spans many days.

The same decision as :func:`criteria.sets.headline_set`, made for all days at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import F, FilteredRelation, Q, QuerySet

from criteria.models import CriteriaSet, SetVersion
from criteria.rules.types import SetDefinition


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A stretch of days, `until` excluded, through which a province leads with one set.

    `decision` is the number of the decision that issued the wording in force at its start.
    """

    set_id: int
    name: str
    decision: str
    from_on: date
    until: date | None

    @property
    def label(self) -> str:
        """The set as a chart names it: "Bộ 318/QĐ-TTg"; which annex of it is left out."""
        return f"Bộ {self.decision.partition(',')[0]}" if self.decision else self.name

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """A version of a commune set that is, or was, in force, with what the default goes by."""

    set_id: int
    code: str
    name: str
    in_force_on: date
    decision: str
    national: bool
    period_from: int | None
    period_to: int | None


def leads(province_unit_id: int) -> list[Lead]:
    """Every stretch through which the province led with one set, oldest first; one query.

    Days on which it led with none are in no stretch.
    """
    return leads_of([province_unit_id])[province_unit_id]


def leads_of(province_unit_ids: Iterable[int]) -> dict[int, list[Lead]]:
    """:func:`leads` of several provinces, in one query."""
    adoptions: dict[int, set[tuple[date, int, int]]] = {pk: set() for pk in province_unit_ids}
    wordings: dict[int, dict[int, _Wording]] = defaultdict(dict)
    for version in _versions_with_adoptions(adoptions):
        wordings[version.set_id][version.pk] = _Wording(
            set_id=version.set_id,
            code=version.set.code,
            name=version.set.name,
            in_force_on=version.in_force_on,
            decision=version.decision_number,
            national=version.set.tier == CriteriaSet.SetTier.STANDARD
            and version.set.base_id is None
            and version.set.province_id is None,
            period_from=version.set.period_from,
            period_to=version.set.period_to,
        )
        if version.led_in is not None:
            adoptions[version.led_in].add((version.led_from, version.led_by, version.set_id))
    by_set = {pk: list(found.values()) for pk, found in wordings.items()}
    return {pk: _stretches(sorted(found, reverse=True), by_set) for pk, found in adoptions.items()}


def lead_on(stretches: Iterable[Lead], day: date) -> Lead | None:
    """The stretch that a day lies in."""
    return next((lead for lead in stretches if day in lead), None)


def asked_for(stretches: list[Lead], asked: SetDefinition, on: date) -> list[Lead]:
    """The stretches of a series whose last day is counted by `asked`.

    Those of the headline, if that is what leads on the day; else the asked set alone, always.
    """
    lead = lead_on(stretches, on)
    if asked.set_id == 0 or (lead is not None and lead.set_id == asked.set_id):
        return stretches
    return [
        Lead(
            set_id=asked.set_id,
            name=asked.name,
            decision=asked.decision,
            from_on=date.min,
            until=None,
        )
    ]


def _versions_with_adoptions(provinces: Iterable[int]) -> QuerySet[SetVersion]:
    """Every wording of a commune set, oldest first, once for each adoption as a headline."""
    headline = Q(set__adoptions__province_id__in=list(provinces), set__adoptions__in_headline=True)
    return (
        SetVersion.objects.exclude(status=SetVersion.Status.DRAFT)
        .filter(set__level=CriteriaSet.Level.COMMUNE)
        .annotate(adoption=FilteredRelation("set__adoptions", condition=headline))
        .annotate(
            led_by=F("adoption__pk"),
            led_in=F("adoption__province_id"),
            led_from=F("adoption__from_on"),
        )
        .select_related("set")
        .order_by("in_force_on", "no")
    )


def _stretches(
    adoptions: Sequence[tuple[date, int, int]], wordings: Mapping[int, Sequence[_Wording]]
) -> list[Lead]:
    """`adoptions` as (from, id, set), the latest first; `wordings` by set, oldest first."""
    days = {from_on for from_on, _, _ in adoptions}
    for first, *_ in wordings.values():
        days.add(first.in_force_on)
        if first.period_from is not None:
            days.add(date(first.period_from, 1, 1))
        if first.period_to is not None:
            days.add(date(first.period_to + 1, 1, 1))
    found: list[Lead] = []
    for day, following in pairwise([*sorted(days), None]):
        assert day is not None
        set_id = _headline(adoptions, wordings, day)
        if set_id is None:
            continue
        goes_on = bool(found) and found[-1].set_id == set_id and found[-1].until == day
        from_on = found.pop().from_on if goes_on else day
        wording = [row for row in wordings[set_id] if row.in_force_on <= from_on][-1]
        found.append(
            Lead(
                set_id=set_id,
                name=wording.name,
                decision=wording.decision,
                from_on=from_on,
                until=following,
            )
        )
    return found


def _headline(
    adoptions: Iterable[tuple[date, int, int]],
    wordings: Mapping[int, Sequence[_Wording]],
    day: date,
) -> int | None:
    """The set led with on a day: the latest adoption begun, else the default of the year."""
    known = {first.set_id for first, *_ in wordings.values() if first.in_force_on <= day}
    for from_on, _, set_id in adoptions:
        if from_on <= day and set_id in known:
            return set_id
    begun = [
        first
        for first, *_ in wordings.values()
        if first.national and first.period_from is not None and first.period_from <= day.year
    ]
    if not any(first.period_to is not None and day.year <= first.period_to for first in begun):
        return None
    defaults = [first for first in begun if first.set_id in known]
    if not defaults:
        return None
    return min(defaults, key=lambda first: (-(first.period_from or 0), first.code)).set_id
