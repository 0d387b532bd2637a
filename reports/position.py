"""Where a commune stands among those it can be compared with: a strip, not a ranking.

They are those of its district; where there are none, those of its commune group, which have the
same levels to reach; and of its province where groups are not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from communes import units
from communes.models import Tier, UnitVersion
from criteria.figures import NO_SET, Figures, figures
from criteria.models import Basis
from criteria.rules.types import CommuneStanding
from reports import groups
from reports.findings import lower


@dataclass(frozen=True, kw_only=True)
class Spot:
    """So many communes meet so many criteria; `share` scales its bar, `mine` is this commune's."""

    met: int
    communes: int
    share: float
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Position:
    """A commune among others; `among` is what the sentence calls them: "xã của Huyện Vị Xuyên".

    `fewer`, `equal` and `more` are the other communes that meet fewer, as many and more criteria.
    """

    among: str
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
        return f"Trong {total} {self.among}: {', '.join(others)}"


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
    called = "xã"
    if among.unit.tier == Tier.PROVINCE:
        group = groups.commune_group(version.unit_id, among, answer.on)
        if group is not None:
            called, inside = lower(group[0]), group[1]
            known = [row for row in known if row.unit_id in inside]
    return _position(f"{called} của {among.full_name}", answer.rows[0], known, confirmed)


def _position(
    among: str, mine: CommuneStanding, rows: Sequence[CommuneStanding], confirmed: bool
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
