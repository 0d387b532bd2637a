"""A closed month read again as known at another moment, held against what was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import UnitVersion
from criteria import frozen
from criteria.figures import Figures
from criteria.models import Basis
from criteria.rules import rollup
from criteria.rules.movement import moved
from criteria.rules.types import Tally

FEW = 12
"""So many communes that read otherwise are listed at once."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A commune that reads otherwise: numbers of criteria, and a change of its status in words."""

    version: UnitVersion
    newly: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    unassessed: tuple[int, ...] = ()
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class Reread:
    """The sums as they were frozen and as they are read again.

    The differences are on the basis of the closing; `other_…` are the sums on the other basis.
    """

    before: Tally
    after: Tally
    other_label: str
    other_before: Tally
    other_after: Tally
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        return not self.differences

    @property
    def few(self) -> bool:
        """Whether the differences stand open."""
        return len(self.differences) <= FEW


def reread(answer: Figures) -> Reread | None:
    """What differs from the closing; None where the month was not closed, or not under this set.

    Two queries.
    """
    closing = answer.how.closed
    if closing is None:
        return None
    before = frozen.rows_of(closing, answer.asked.set_id, within=answer.unit)
    if not before:
        return None
    confirmed = answer.basis == Basis.CONFIRMED
    movement = moved(answer.asked, before, answer.rows, confirmed=confirmed)
    status = dict.fromkeys(movement.recognised, "thêm quyết định công nhận")
    status |= dict.fromkeys(movement.revoked, "không còn được công nhận")
    moves = {one.unit_id: one for one in movement.communes}
    names = _names({*moves, *status}, answer.on)
    return Reread(
        before=rollup.tally(answer.asked, before, confirmed=confirmed),
        after=answer.headline,
        other_label=str((Basis.REPORTED if confirmed else Basis.CONFIRMED).label),
        other_before=rollup.tally(answer.asked, before, confirmed=not confirmed),
        other_after=answer.reported if confirmed else answer.confirmed,
        differences=tuple(
            Difference(
                version=version,
                newly=moves[version.unit_id].newly if version.unit_id in moves else (),
                lost=moves[version.unit_id].lost if version.unit_id in moves else (),
                unassessed=moves[version.unit_id].unassessed if version.unit_id in moves else (),
                status=status.get(version.unit_id, ""),
            )
            for version in names
        ),
    )


def _names(unit_ids: set[int], on: date) -> list[UnitVersion]:
    found = UnitVersion.objects.alive_on(on).filter(unit_id__among=unit_ids)
    return list(found.order_by("sort_key"))
