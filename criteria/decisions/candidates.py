"""Whom a decision may name: the communes of a year, whether they meet all, what they hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from communes import units
from communes.models import UnitVersion
from criteria import months, recognition
from criteria.figures import UnknownSet, figures
from criteria.models import CriteriaSet, Recognition
from criteria.rules.status import TIERS


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A commune with what it met at the end of the assessment year, and the tier it holds now.

    `of` is 0 where nothing is known under the set of the decision.
    """

    version: UnitVersion
    met: int
    of: int
    tier: str

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
    province: UnitVersion, *, act: str, year: int, tier: str, judged_by: CriteriaSet | None
) -> Board:
    """Communes of the programme at the end of the year, or of the working month before it.

    For a revocation only those that hold the tier; else those first that meet all and do not
    hold it. Raises LookupError for a year whose units were not loaded.
    """
    now = months.month_end(months.working_day(province.unit))
    day = min(date(year, 12, 31), now)
    there = units.version_of(province.unit_id, day)
    versions = list(units.communes_in_programme(there, day))
    counts = _counts(there, day, judged_by)
    tiers = recognition.statuses([version.unit_id for version in versions], day=now)
    found = [
        Candidate(
            version=version,
            met=counts.get(version.unit_id, (0, 0))[0],
            of=counts.get(version.unit_id, (0, 0))[1],
            tier=tiers.get(version.unit_id, ""),
        )
        for version in versions
    ]
    if act == Recognition.Act.REVOKE:
        found = [one for one in found if one.holds(tier)]
    found.sort(key=lambda one: (one.holds(tier), one.of - one.met, one.version.sort_key))
    return Board(day=day, candidates=found)


def _counts(
    province: UnitVersion, day: date, judged_by: CriteriaSet | None
) -> dict[int, tuple[int, int]]:
    """Commune → criteria met and asked under the set; nothing where it is not judged by it."""
    if judged_by is None:
        return {}
    try:
        rows = figures(province, day, set_code=judged_by.code).rows
    except UnknownSet:
        return {}
    return {row.unit_id: (row.met, row.of) for row in rows if row.assessed}
