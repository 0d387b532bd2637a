"""Which set a province leads with through time, for everything that spans many days.

The decision of :meth:`criteria.sets.ProvinceSets.headline`, made for all days at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from criteria import sets
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


def leads(province_unit_id: int) -> list[Lead]:
    """Every stretch through which the province led with one set, oldest first; one query.

    Days on which it led with none are in no stretch.
    """
    return stretches(sets.of_province(province_unit_id))


def leads_of(province_unit_ids: Collection[int]) -> dict[int, list[Lead]]:
    """:func:`leads` of several provinces, in one query."""
    return {pk: stretches(known) for pk, known in sets.of_provinces(province_unit_ids).items()}


def stretches(known: sets.ProvinceSets) -> list[Lead]:
    """:func:`leads` of a province whose sets are known already; no query."""
    days = {adopted.from_on for adopted in known.adoptions}
    for first, *_ in known.wordings.values():
        days.add(first.in_force_on)
        if first.set.period_from is not None:
            days.add(date(first.set.period_from, 1, 1))
        if first.set.period_to is not None:
            days.add(date(first.set.period_to + 1, 1, 1))
    found: list[Lead] = []
    for day, following in pairwise([*sorted(days), None]):
        assert day is not None
        wording = known.headline(day)
        if wording is None:
            continue
        if found and found[-1].set_id == wording.set_id and found[-1].until == day:
            found[-1] = replace(found[-1], until=following)
            continue
        found.append(
            Lead(
                set_id=wording.set_id,
                name=wording.set.name,
                decision=wording.decision_number,
                from_on=day,
                until=following,
            )
        )
    return found


def lead_on(leads: Iterable[Lead], day: date) -> Lead | None:
    """The stretch that a day lies in."""
    return next((lead for lead in leads if day in lead), None)


def asked_for(leads: list[Lead], asked: SetDefinition, on: date) -> list[Lead]:
    """The stretches of a series whose last day is counted by `asked`.

    Those of the headline, if that is what leads on the day; else the asked set alone, always.
    """
    lead = lead_on(leads, on)
    if asked.set_id == 0 or (lead is not None and lead.set_id == asked.set_id):
        return leads
    return [
        Lead(
            set_id=asked.set_id,
            name=asked.name,
            decision=asked.decision,
            from_on=date.min,
            until=None,
        )
    ]
