"""Whom a decision may name: the communes of a year, whether they meet all, what they hold now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes import units
from communes.models import UnitVersion
from criteria import months, recognition
from criteria.decisions.reading import Decided, Recorded
from criteria.figures import Figures, UnknownSet, figures
from criteria.models import CriteriaSet, Recognition
from criteria.rules.status import TIERS, Decision
from criteria.rules.types import CommuneStanding, Outcome


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A commune with what it met at the end of the assessment year, and the tier it holds now.

    `of` is 0 where nothing is known under the set of the decision; `lacks` are the numbers of
    the criteria still missing.
    """

    version: UnitVersion
    met: int
    of: int
    tier: str
    lacks: tuple[int, ...] = ()

    @property
    def meets_all(self) -> bool:
        return 0 < self.of == self.met

    def holds(self, tier: str) -> bool:
        """Whether the commune holds this tier now; a higher one contains it."""
        return bool(self.tier) and TIERS.index(self.tier) >= TIERS.index(tier)


@dataclass(frozen=True, kw_only=True)
class Board:
    """The communes that a decision may name; `day` is that of their results."""

    day: date
    candidates: Sequence[Candidate]


def board(
    province: UnitVersion,
    *,
    act: str,
    year: int,
    tier: str,
    judged_by: CriteriaSet | None,
    known: Figures | None = None,
) -> Board:
    """Communes of the programme at the end of the year, or of the working month before it.

    For a revocation only those that hold the tier; else those first that meet all and do not
    hold it. `known` are the figures of that day where the caller has them already; where they
    are read as known at a moment, so is what each commune holds. Raises LookupError for a year
    whose units were not loaded.
    """
    now = months.month_end(months.working_day(province.unit))
    day = last_day(province, year)
    there = units.version_of(province.unit_id, day)
    versions = list(units.communes_in_programme(there, day))
    rows = _rows(there, day, judged_by, known)
    seq = known.how.seq if known is not None and known.known else None
    tiers = recognition.statuses([version.unit_id for version in versions], day=now, seq=seq)
    found = [_candidate(one, rows.get(one.unit_id), tiers.get(one.unit_id, "")) for one in versions]
    if act == Recognition.Act.REVOKE:
        found = [one for one in found if one.holds(tier)]
    found.sort(key=lambda one: (one.holds(tier), one.of - one.met, one.version.sort_key))
    return Board(day=day, candidates=found)


def named_in(
    province: UnitVersion,
    decided: Decided,
    *,
    says: Mapping[str, Any],
    judged_by: CriteriaSet | None,
) -> Board:
    """The communes that a recorded decision names, as its correction `says` it should read.

    The tier of each is what it would hold without the decision on the day it takes effect.
    Where the units of the year were not loaded nothing is known of their results.
    """
    day = last_day(province, says["year"])
    mistaken = {
        row.row.unit_id: [correction(row, tier="", effective_on=says["effective_on"])]
        for row in decided.rows
    }
    _, tiers = recognition.with_more(list(mistaken), mistaken, day=says["effective_on"])
    try:
        rows = _rows(units.version_of(province.unit_id, day), day, judged_by, None)
    except LookupError:
        rows = {}
    found = [
        _candidate(one, rows.get(one.unit_id), tiers.get(one.unit_id, ""))
        for one in decided.communes
    ]
    return Board(day=day, candidates=found)


def correction(row: Recorded, *, tier: str, effective_on: date) -> Decision:
    """A correction of one recorded row as the rules replay it; without a tier there was none."""
    act = Recognition.Act.CORRECT.value
    return Decision(
        id=0, act=act, tier=tier, effective_on=effective_on, seq=0, refers_to=row.row.pk
    )


def last_day(province: UnitVersion, year: int) -> date:
    """The last day of the year, or of the working month where the year is not over."""
    return min(date(year, 12, 31), months.month_end(months.working_day(province.unit)))


def _candidate(version: UnitVersion, row: CommuneStanding | None, tier: str) -> Candidate:
    if row is None:
        return Candidate(version=version, met=0, of=0, tier=tier)
    open_ = (Outcome.NOT_MET, Outcome.NOT_ASSESSED)
    lacks = sorted(number for number, outcome in row.outcomes.items() if outcome in open_)
    return Candidate(version=version, met=row.met, of=row.of, tier=tier, lacks=tuple(lacks))


def _rows(
    province: UnitVersion, day: date, judged_by: CriteriaSet | None, known: Figures | None
) -> dict[int, CommuneStanding]:
    """Commune → how it stands under the set; nothing where it is not judged by it."""
    if judged_by is None:
        return {}
    if known is None or known.asked.set_id != judged_by.pk:
        try:
            moment = known.known if known else None
            known = figures(province, day, set_code=judged_by.code, known=moment)
        except UnknownSet:
            return {}
    return {row.unit_id: row for row in known.rows if row.assessed}
