"""How a merged commune starts: what is proposed from the communes that it was made of.

The press reports of Tuyên Quang (2025) that a commune formed on 1/7/2025 is counted at the
level of its lowest old commune; the guidance itself was not read, so every proposal is shown
as "chưa đối chiếu" and the office decides with a document. Recognition did not pass by itself
in the round before either: Hà Tĩnh recognised its merged communes anew (công văn
5424/BNN-VPĐP of 9/8/2023; 3368/QĐ-UBND of 20/12/2023).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from criteria.rules.status import TIERS
from criteria.rules.types import Outcome

type Key = tuple[int, int]
"""A criterion of a set: (set id, number)."""

_ORDER = {
    Outcome.NOT_MET: 0,
    Outcome.NOT_ASSESSED: 1,
    Outcome.MET: 2,
    Outcome.NOT_APPLICABLE: 2,
}
"""From worst to best; what does not apply holds nobody back."""


class Pick(StrEnum):
    """By which rule the predecessor of each criterion is found."""

    LOWEST = "lowest"
    WORST = "worst"
    BEST = "best"
    CHOSEN = "chosen"


@dataclass(frozen=True, kw_only=True)
class Predecessor:
    """An old unit as it stood the day before the new one began.

    `met` counts the criteria met under each set, the headline's first. `whole` False: only a
    part of it went over. One outside the programme (a township, a ward) was never judged.
    """

    unit_id: int
    met: tuple[int, ...]
    outcomes: Mapping[Key, Outcome]
    tier: str = ""
    whole: bool = True
    in_programme: bool = True

    @property
    def assessed(self) -> bool:
        """Whether anything at all is known of it."""
        return any(outcome is not Outcome.NOT_ASSESSED for outcome in self.outcomes.values())


def compared(predecessors: Iterable[Predecessor]) -> list[Predecessor]:
    """Those among which a proposal is found: in the programme, assessed, and taken over whole.

    Where none was taken over whole, those of which a part was.
    """
    judged = [one for one in predecessors if one.in_programme and one.assessed]
    return [one for one in judged if one.whole] or judged


def lowest(predecessors: Iterable[Predecessor]) -> Predecessor | None:
    """The predecessor that meets the fewest criteria of the headline set.

    Of equals, the one that meets fewer of the next set, then the one of the lower tier, then
    the first in the order given. None where nothing can be compared.
    """
    return min(compared(predecessors), key=_standing, default=None)


def proposal(
    pick: Pick, predecessors: Sequence[Predecessor], rows: Iterable[Sequence[Key]]
) -> dict[Key, int]:
    """Criterion → the predecessor whose results are proposed for it.

    Criteria of one row go together (see :func:`linked`). "Lowest" takes everything from one
    predecessor; "worst" and "best" look at each row, its first set before the others, and of
    equal outcomes take those of the predecessor that stands lower, or higher, on the whole.
    """
    among = compared(predecessors)
    if not among:
        return {}
    found: dict[Key, int] = {}
    for row in rows:
        if pick is Pick.LOWEST:
            source = min(among, key=_standing)
        elif pick is Pick.WORST:
            source = min(among, key=lambda one: (_outcomes(one, row), _standing(one)))
        elif pick is Pick.BEST:
            source = max(among, key=lambda one: (_outcomes(one, row), _standing(one)))
        else:
            raise ValueError(f"{pick} is a person's choice and has no proposal")
        found |= dict.fromkeys(row, source.unit_id)
    return found


def opening_tier(predecessors: Iterable[Predecessor]) -> str:
    """The lowest tier held by every predecessor of the programme, "" where one holds none.

    A part of an old commune counts here: nobody gains a status from a neighbour.
    """
    tiers = [one.tier for one in predecessors if one.in_programme]
    return min(tiers, key=_tier_rank, default="")


def linked(measures: Mapping[Key, Collection[int]]) -> list[tuple[Key, ...]]:
    """Criteria in rows: those that share a measure stand in one row, in the order given.

    One entry has one value, whichever sets ask for it; so criteria of a base, its overlay or a
    higher tier that ask the same must be taken over from the same predecessor.
    """
    rows: list[tuple[list[Key], set[int]]] = []
    for key, asked in measures.items():
        touching = [row for row in rows if row[1] & set(asked)]
        keys, known = touching[0] if touching else ([], set())
        for other in touching[1:]:
            keys += other[0]
            known |= other[1]
            rows.remove(other)
        keys.append(key)
        known |= set(asked)
        if not touching:
            rows.append((keys, known))
    place = {key: number for number, key in enumerate(measures)}
    return [tuple(sorted(keys, key=place.__getitem__)) for keys, _ in rows]


def _standing(one: Predecessor) -> tuple[tuple[int, ...], int]:
    return (one.met, _tier_rank(one.tier))


def _outcomes(one: Predecessor, row: Sequence[Key]) -> tuple[int, ...]:
    return tuple(_ORDER[one.outcomes.get(key, Outcome.NOT_ASSESSED)] for key in row)


def _tier_rank(tier: str) -> int:
    return ("", *TIERS).index(tier)
