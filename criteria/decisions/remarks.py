"""What the preview of a decision or its correction tells: doubts, and the province after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes import units
from communes.models import UnitVersion
from criteria import months, recognition
from criteria.decisions.candidates import Candidate, correction
from criteria.decisions.reading import Decided, decisions
from criteria.models import Recognition
from criteria.rules.status import TIERS, Decision


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """Doubts about a paper, and how many communes hold its tier or a higher one on `day`.

    `signed_too` are the days on which other decisions of this number were signed; `early` is by
    how many days it takes effect before it was signed; `later`: it takes effect after `day`.
    Of the communes that a recognition names, `lacking` do not meet all criteria and `holding`
    hold the tier already; of those that a revocation names, `higher` lose a higher tier along
    with it and `idle` do not hold what it takes.
    """

    signed_too: tuple[date, ...]
    early: int
    later: bool
    day: date
    before: int
    after: int
    communes: int
    lacking: tuple[Candidate, ...] = ()
    holding: tuple[Candidate, ...] = ()
    higher: tuple[Candidate, ...] = ()
    idle: tuple[Candidate, ...] = ()


def remarks(
    province: UnitVersion,
    *,
    act: str,
    says: Mapping[str, Any],
    named: Sequence[Candidate],
    corrects: Decided | None = None,
) -> Remarks:
    """Read for a decision of the form on these communes, at the working month's end.

    `corrects` is the recorded decision that the form puts right; communes of it that are not
    `named` are taken out.
    """
    day = months.month_end(months.working_day(province.unit))
    there = units.version_of(province.unit_id, day)
    ids = list(units.communes_in_programme(there, day).values_list("unit_id", flat=True))
    effective_on, decided_on, tier = says["effective_on"], says["decided_on"], says["tier"]
    more = _more(act, says, [one.version.unit_id for one in named], corrects)
    now, then = recognition.with_more(ids, more, day=day)
    return Remarks(
        signed_too=_signed_too(province, says["number"], decided_on, corrects) if named else (),
        early=max((decided_on - effective_on).days, 0) if named else 0,
        later=effective_on > day,
        day=day,
        before=_holding(now, tier),
        after=_holding(then, tier),
        communes=len(ids),
        **_doubtful(act, tier, named),
    )


def _more(
    act: str, says: Mapping[str, Any], named: Collection[int], corrects: Decided | None
) -> dict[int, list[Decision]]:
    """Unit id → what would be recorded on it, as the rules replay it."""
    tier, effective_on = says["tier"], says["effective_on"]
    if corrects is None:
        one = Decision(id=0, act=act, tier=tier, effective_on=effective_on, seq=0)
        return {unit_id: [one] for unit_id in named}
    return {
        row.row.unit_id: [
            correction(
                row, tier=tier if row.row.unit_id in named else "", effective_on=effective_on
            )
        ]
        for row in corrects.rows
    }


def _doubtful(act: str, tier: str, named: Sequence[Candidate]) -> dict[str, tuple[Candidate, ...]]:
    if act == Recognition.Act.REVOKE:
        return {
            "higher": tuple(one for one in named if one.holds(tier) and one.tier != tier),
            "idle": tuple(one for one in named if not one.holds(tier)),
        }
    return {
        "lacking": tuple(one for one in named if not one.meets_all),
        "holding": tuple(one for one in named if one.holds(tier)),
    }


def _signed_too(
    province: UnitVersion, number: str, decided_on: date, corrects: Decided | None
) -> tuple[date, ...]:
    """An opening status names the paper of something else, and a mistake is no decision."""
    itself = corrects.first.row.pk if corrects else None
    days = {
        one.says.decided_on
        for one in decisions(province)
        if one.may_be_corrected
        and one.first.row.pk != itself
        and _plain(one.says.number) == _plain(number)
    }
    return tuple(sorted(days - {decided_on}))


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()


def _holding(held: dict[int, str], tier: str) -> int:
    return sum(TIERS.index(one) >= TIERS.index(tier) for one in held.values())
