"""What moved between two month-ends, commune by commune: newly met, lost, not assessed any more.

Reads two lists of standings under one set; figures of different sets are not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Outcome, SetDefinition

JUMP_OF_A_COMMUNE = 3
"""Criteria that a commune gains or loses in one month before the closing page points at it.

Marks for attention, ours: no rule of the programme names such a number. The same holds of the
two below.
"""
JUMP_OF_THE_AVERAGE = 0.5
"""Criteria per commune by which a province's average moves in one month."""
JUMP_OF_THE_RECOGNISED = 5
"""Communes recognised or revoked in one month."""


@dataclass(frozen=True, kw_only=True)
class CommuneMove:
    """A commune counted at both month-ends of which something moved; numbers of criteria."""

    unit_id: int
    before: int
    after: int
    newly: tuple[int, ...]
    lost: tuple[int, ...]
    unassessed: tuple[int, ...]

    @property
    def change(self) -> int:
        return self.after - self.before

    @property
    def falls(self) -> bool:
        return self.change < 0

    @property
    def jumps(self) -> bool:
        return abs(self.change) >= JUMP_OF_A_COMMUNE


@dataclass(frozen=True, kw_only=True)
class Movement:
    """All that moved. `newly` and `lost` count communes by number of the criterion.

    `joined` and `left` are communes counted at one of the two alone; `recognised` and `revoked`
    those that gained or lost a status.
    """

    communes: tuple[CommuneMove, ...]
    newly: Mapping[int, int]
    lost: Mapping[int, int]
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    revoked: tuple[int, ...] = ()

    @property
    def falling(self) -> tuple[CommuneMove, ...]:
        return tuple(one for one in self.communes if one.falls)

    @property
    def jumping(self) -> tuple[CommuneMove, ...]:
        return tuple(one for one in self.communes if one.jumps)


def moved(
    definition: SetDefinition,
    before: Iterable[CommuneStanding],
    after: Iterable[CommuneStanding],
    *,
    confirmed: bool = False,
) -> Movement:
    """The movement between two month-ends on one basis, in the order of `after`."""
    old = {row.unit_id: row for row in before if row.in_programme}
    new = {row.unit_id: row for row in after if row.in_programme}
    both = [(old[unit_id], row) for unit_id, row in new.items() if unit_id in old]
    moves = [commune_move(definition, one, other, confirmed=confirmed) for one, other in both]
    newly = Counter(number for move in moves for number in move.newly)
    lost = Counter(number for move in moves for number in move.lost)
    return Movement(
        communes=tuple(m for m in moves if m.newly or m.lost or m.unassessed),
        newly=newly,
        lost=lost,
        joined=tuple(unit_id for unit_id in new if unit_id not in old),
        left=tuple(unit_id for unit_id in old if unit_id not in new),
        recognised=_status(both, gained=True),
        revoked=_status(both, gained=False),
    )


def commune_move(
    definition: SetDefinition,
    old: CommuneStanding,
    new: CommuneStanding,
    *,
    confirmed: bool = False,
) -> CommuneMove:
    """What one commune newly meets, lost and does not assess any more, on one basis."""
    counts = rollup.counts_as_met(definition)
    was = old.outcomes_confirmed if confirmed else old.outcomes
    now = new.outcomes_confirmed if confirmed else new.outcomes
    numbers = [criterion.number for criterion in definition.criteria]
    gone = [n for n in numbers if was.get(n) in counts and now.get(n) not in counts]
    missing = [n for n in gone if now.get(n, Outcome.NOT_ASSESSED) is Outcome.NOT_ASSESSED]
    return CommuneMove(
        unit_id=new.unit_id,
        before=old.met_confirmed if confirmed else old.met,
        after=new.met_confirmed if confirmed else new.met,
        newly=tuple(n for n in numbers if now.get(n) in counts and was.get(n) not in counts),
        lost=tuple(n for n in gone if n not in missing),
        unassessed=tuple(missing),
    )


def _status(
    both: Iterable[tuple[CommuneStanding, CommuneStanding]], *, gained: bool
) -> tuple[int, ...]:
    return tuple(
        new.unit_id
        for old, new in both
        if bool(new.recognised_tier) is gained and bool(old.recognised_tier) is not gained
    )
