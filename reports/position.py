"""Where a commune stands among those it can be compared with: a strip, not a ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from communes import units
from communes.models import UnitVersion
from criteria.figures import NO_SET, Figures, figures
from criteria.models import Basis
from criteria.rules.types import CommuneStanding


@dataclass(frozen=True, kw_only=True)
class Spot:
    """So many communes meet so many criteria; `share` scales its bar, `mine` is this commune's."""

    met: int
    communes: int
    share: float
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Position:
    """A commune among others of its district, or of its province where that has no districts.

    `fewer`, `equal` and `more` are the other communes that meet fewer, as many and more criteria.
    """

    among: UnitVersion
    met: int
    of: int
    fewer: int
    equal: int
    more: int
    spots: tuple[Spot, ...]

    @property
    def sentence(self) -> str:
        """ "Trong 24 xã của Huyện Vị Xuyên: 10 xã đạt ít hơn, 2 xã bằng, 11 xã nhiều hơn"."""
        others = [
            f"{number} xã đạt {words}"
            for number, words in (
                (self.fewer, "ít tiêu chí hơn"),
                (self.equal, "bằng"),
                (self.more, "nhiều hơn"),
            )
            if number
        ]
        total = self.fewer + self.equal + self.more + 1
        return f"Trong {total} xã của {self.among.full_name}: {', '.join(others)}"


def position(version: UnitVersion, answer: Figures) -> Position | None:
    """Its place under the set, on the basis and at the moment of `answer`; None if none to tell."""
    confirmed = answer.basis == Basis.CONFIRMED
    if answer.asked is NO_SET or not answer.rows or not answer.rows[0].assessed_by(confirmed):
        return None
    above = units.ancestors(version, answer.on)
    if not above:
        return None
    among = above[-1]
    rows = figures(among, answer.on, set_code=answer.asked.code, known=answer.known).rows
    known = [row for row in rows if row.assessed_by(confirmed)]
    return _position(among, answer.rows[0], known, confirmed)


def _position(
    among: UnitVersion, mine: CommuneStanding, rows: Sequence[CommuneStanding], confirmed: bool
) -> Position | None:
    others = [
        row.met_by(confirmed) for row in rows if row.in_programme and row.unit_id != mine.unit_id
    ]
    if not others:
        return None
    own = mine.met_by(confirmed)
    counted = Counter([*others, own])
    most = max(counted.values())
    return Position(
        among=among,
        met=own,
        of=mine.of,
        fewer=sum(met < own for met in others),
        equal=sum(met == own for met in others),
        more=sum(met > own for met in others),
        spots=tuple(
            Spot(
                met=met,
                communes=counted[met],
                share=100 * counted[met] / most,
                mine=met == own,
            )
            for met in range(mine.of + 1)
        ),
    )
