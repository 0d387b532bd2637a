"""What the preview of a decision tells beside its communes: doubts, and the province after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes import units
from communes.models import UnitVersion
from criteria import months, recognition
from criteria.decisions.reading import decisions
from criteria.rules.status import TIERS


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """Doubts about a paper, and how many communes hold its tier or a higher one on `day`.

    `signed_too` are the days on which other decisions of this number were signed; `early` is by
    how many days it takes effect before it was signed; `later`: it takes effect after `day`.
    """

    signed_too: tuple[date, ...]
    early: int
    later: bool
    day: date
    before: int
    after: int
    communes: int


def remarks(
    province: UnitVersion, *, act: str, says: dict[str, Any], named: Collection[int]
) -> Remarks:
    """Read for a decision of the form on these communes (unit ids), at the working month's end."""
    day = months.month_end(months.working_day(province.unit))
    there = units.version_of(province.unit_id, day)
    ids = list(units.communes_in_programme(there, day).values_list("unit_id", flat=True))
    effective_on, decided_on, tier = says["effective_on"], says["decided_on"], says["tier"]
    now, then = recognition.with_decision(
        ids, named, act=act, tier=tier, effective_on=effective_on, day=day
    )
    return Remarks(
        signed_too=_signed_too(province, says["number"], decided_on),
        early=max((decided_on - effective_on).days, 0),
        later=effective_on > day,
        day=day,
        before=_holding(now, tier),
        after=_holding(then, tier),
        communes=len(ids),
    )


def _signed_too(province: UnitVersion, number: str, decided_on: date) -> tuple[date, ...]:
    """An opening status names the paper of something else, and a mistake is no decision."""
    days = {
        one.says.decided_on
        for one in decisions(province)
        if one.may_be_corrected and _plain(one.says.number) == _plain(number)
    }
    return tuple(sorted(days - {decided_on}))


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()


def _holding(held: dict[int, str], tier: str) -> int:
    return sum(TIERS.index(one) >= TIERS.index(tier) for one in held.values())
