"""The other sets that a province judges by, beside the one its headline names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import Tier, UnitVersion
from criteria import sets
from criteria.figures import figures
from criteria.models import CriteriaSet
from criteria.rules.types import Tally


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A set beside the headline and how far its assessment has come: n of N communes."""

    set: CriteriaSet
    tally: Tally
    new: bool

    @property
    def waiting(self) -> bool:
        """Whether it is a new set whose assessment is not complete."""
        return self.new and self.tally.assessed < self.tally.communes


def beside(version: UnitVersion, on: date) -> list[Beside]:
    """Each set adopted without the headline on a day; none for the country.

    It is new where its period begins after that of the headline.
    """
    if version.unit.tier not in (Tier.PROVINCE, Tier.DISTRICT):
        return []
    adopted = sets.adopted_sets(version.province_id or 0, on)
    if len(adopted) < 2:
        return []
    headline, *others = adopted
    return [
        Beside(
            set=one,
            tally=figures(version, on, set_code=one.code).headline,
            new=(one.period_from or 0) > (headline.period_from or 0),
        )
        for one in others
    ]
