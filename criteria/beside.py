"""The other sets that a province judges by, beside the one its headline names."""

from __future__ import annotations

from dataclasses import dataclass

from communes.models import Tier
from criteria.figures import Figures, figures
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


def beside(answer: Figures) -> list[Beside]:
    """Each set adopted without the headline on the day of an answer; none for the country.

    It is new where its period begins after that of the headline.
    """
    headline = answer.headline_set
    if headline is None or answer.unit.unit.tier not in (Tier.PROVINCE, Tier.DISTRICT):
        return []
    return [
        Beside(
            set=one,
            tally=figures(answer.unit, answer.on, set_code=one.code).headline,
            new=(one.period_from or 0) > (headline.period_from or 0),
        )
        for one in answer.other_sets
    ]
