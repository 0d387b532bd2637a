"""What a figure is made of: numerator and denominator, then the communes and criteria behind it.

Everything is taken from the rows of the very answer that gave the figure, so that the two cannot
disagree; below a commune its sheet goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from criteria.figures import Figures
from criteria.models import Basis, CriteriaSet
from criteria.rules import rollup
from criteria.rules.status import TIERS
from criteria.rules.types import Bracket, CommuneStanding, Outcome


class Share(NamedTuple):
    """A commune's part of the numerator and the criteria that make it, or that await.

    `outcome` is its verdict on the one criterion of a figure that counts one.
    """

    row: CommuneStanding
    part: int
    criteria: tuple[int, ...]
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A figure as a fraction whose numerator is the sum of the communes' parts.

    `unit` is what the numerator counts; the denominator counts communes, but that of
    "unconfirmed" criteria. `decided`: decisions make the numerator, not results. `criterion` is
    the number of the one criterion that is counted.
    """

    key: str
    title: str
    rule: str
    denominator: int
    unit: str
    shares: tuple[Share, ...]
    average: bool = False
    decided: bool = False
    criterion: int | None = None

    @property
    def numerator(self) -> int:
        return sum(one.part for one in self.shares)

    @property
    def counted(self) -> list[Share]:
        """The communes that add to the numerator, most first."""
        return sorted((one for one in self.shares if one.part), key=lambda one: -one.part)

    @property
    def others(self) -> list[Share]:
        """The communes that add nothing."""
        return [one for one in self.shares if not one.part]

    @property
    def value(self) -> Decimal | None:
        """The quotient of an average, unrounded; None without a denominator."""
        if not self.average or not self.denominator:
            return None
        return Decimal(self.numerator) / self.denominator


class UnknownFigure(LookupError):
    """No figure of an answer has that name."""


def explain(answer: Figures, key: str, *, basis: Basis | None = None) -> Explained:
    """The figure `key` of an answer, on its own basis or another.

    Keys: recognised, tier-<advanced, model or modern>, border, average, criteria-met,
    criterion-<number>, unconfirmed, communes, bracket-<lowest number> and bracket-none. Raises
    UnknownFigure.
    """
    confirmed = (basis or answer.basis) == Basis.CONFIRMED
    rows = [row for row in answer.rows if row.in_programme]
    if key.startswith("bracket-"):
        return _bracket(answer, key, rows, confirmed)
    if key.startswith("criterion-"):
        return _criterion(answer, key, rows, confirmed)
    makers: dict[str, Callable[[Figures, list[CommuneStanding], bool], Explained]] = {
        "recognised": _recognised,
        "border": _border,
        **{f"tier-{tier}": partial(_tier, tier=tier) for tier in TIERS[1:]},
        "average": _average,
        "criteria-met": _criteria_met,
        "unconfirmed": _unconfirmed,
        "communes": _communes,
    }
    if key not in makers:
        raise UnknownFigure(f"Không có số liệu tên “{key}”.")
    return makers[key](answer, rows, confirmed)


def bracket_key(bracket: Bracket) -> str:
    """How a bracket is named in an address."""
    return "bracket-none" if bracket.low is None else f"bracket-{bracket.low}"


def criterion_key(number: int) -> str:
    """How the communes that meet a criterion are named in an address."""
    return f"criterion-{number}"


def _recognised(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    return Explained(
        key="recognised",
        title="Xã được công nhận đạt chuẩn nông thôn mới",
        rule="Đếm xã có quyết định công nhận còn hiệu lực vào ngày này; đạt đủ tiêu chí mà chưa có"
        " quyết định thì chưa được công nhận.",
        unit="xã",
        denominator=len(rows),
        shares=tuple(
            Share(row, int(bool(row.recognised_tier)), _met(answer, row, confirmed)) for row in rows
        ),
        decided=True,
    )


def _border(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    return replace(
        _recognised(answer, [row for row in rows if row.border], confirmed),
        key="border",
        title="Xã biên giới được công nhận đạt chuẩn nông thôn mới",
    )


def _tier(answer: Figures, rows: list[CommuneStanding], confirmed: bool, *, tier: str) -> Explained:
    """A higher tier contains the lower ones."""
    held = TIERS[TIERS.index(tier) :]
    label = str(CriteriaSet.SetTier(tier).label).lower()
    return Explained(
        key=f"tier-{tier}",
        title=f"Xã được công nhận đạt chuẩn nông thôn mới {label}",
        rule="Đếm xã có quyết định công nhận ở mức này hoặc mức cao hơn còn hiệu lực vào ngày này.",
        unit="xã",
        denominator=len(rows),
        shares=tuple(
            Share(row, int(row.recognised_tier in held), _met(answer, row, confirmed))
            for row in rows
        ),
        decided=True,
    )


def _criterion(
    answer: Figures, key: str, rows: list[CommuneStanding], confirmed: bool
) -> Explained:
    asked = next((one for one in answer.asked.criteria if key == criterion_key(one.number)), None)
    if asked is None:
        raise UnknownFigure(f"Bộ tiêu chí vào ngày này không có tiêu chí tên “{key}”.")
    as_met = rollup.counts_as_met(answer.asked)
    shares = []
    for row in rows:
        outcome = row.outcomes_by(confirmed).get(asked.number, Outcome.NOT_ASSESSED)
        shares.append(Share(row, int(outcome in as_met), (asked.number,), outcome))
    return Explained(
        key=key,
        title=f"Xã đạt tiêu chí {asked.number}. {asked.name}",
        rule="Một tiêu chí đạt khi mọi chỉ tiêu áp dụng đều đạt; xã chưa đánh giá vẫn nằm trong"
        " mẫu số.",
        unit="xã",
        denominator=len(rows),
        shares=tuple(shares),
        criterion=asked.number,
    )


def _average(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    return replace(
        _criteria_met(answer, rows, confirmed),
        key="average",
        title="Bình quân tiêu chí/xã",
        rule="Tổng số tiêu chí đạt của mọi xã chia cho số xã tham gia Chương trình, không lấy bình"
        " quân của các bình quân; xã chưa đánh giá vẫn nằm trong mẫu số.",
        average=True,
    )


def _criteria_met(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    shares = [
        Share(row, len(found), found) for row in rows for found in [_met(answer, row, confirmed)]
    ]
    return Explained(
        key="criteria-met",
        title="Tổng số tiêu chí đạt",
        rule="Mỗi xã góp số tiêu chí đạt của xã; một tiêu chí đạt khi mọi chỉ tiêu áp dụng"
        " đều đạt.",
        unit="tiêu chí",
        denominator=len(rows),
        shares=tuple(shares),
    )


def _unconfirmed(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    shares = []
    for row in rows:
        agreed = set(_met(answer, row, True))
        waiting = tuple(n for n in _met(answer, row, False) if n not in agreed)
        shares.append(Share(row, len(waiting), waiting))
    return Explained(
        key="unconfirmed",
        title="Tiêu chí xã báo cáo đạt, sở, ngành chưa xác nhận",
        rule="Tiêu chí đạt theo số liệu xã báo cáo mà chưa đạt theo số liệu đã xác nhận.",
        unit="tiêu chí",
        denominator=answer.reported.criteria_met,
        shares=tuple(shares),
    )


def _communes(answer: Figures, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    return Explained(
        key="communes",
        title="Xã tham gia Chương trình",
        rule="Mẫu số của mọi tỷ lệ và bình quân: các xã có trong Chương trình vào ngày này.",
        unit="xã",
        denominator=len(rows),
        shares=tuple(Share(row, 1, _met(answer, row, confirmed)) for row in rows),
    )


def _bracket(answer: Figures, key: str, rows: list[CommuneStanding], confirmed: bool) -> Explained:
    tally = answer.confirmed if confirmed else answer.reported
    bracket = next((one for one in tally.brackets if bracket_key(one) == key), None)
    if bracket is None:
        raise UnknownFigure(f"Không có nhóm xã tên “{key}” vào ngày này.")
    shares = []
    for row in rows:
        met = _met(answer, row, confirmed)
        outcomes = row.outcomes_by(confirmed)
        known = any(one is not Outcome.NOT_ASSESSED for one in outcomes.values())
        inside = (
            not known
            if bracket.low is None
            else known and bracket.low <= len(met) <= (bracket.high or bracket.low)
        )
        shares.append(Share(row, int(inside), met))
    return Explained(
        key=key,
        title=f"Xã đạt {bracket.label.lower()}" if bracket.low is not None else "Xã chưa đánh giá",
        rule="Đếm xã theo số tiêu chí đạt; mỗi xã tham gia Chương trình nằm trong đúng một nhóm.",
        unit="xã",
        denominator=len(rows),
        shares=tuple(shares),
    )


def _met(answer: Figures, row: CommuneStanding, confirmed: bool) -> tuple[int, ...]:
    """The numbers of the criteria that count as met."""
    as_met = rollup.counts_as_met(answer.asked)
    outcomes = row.outcomes_by(confirmed)
    return tuple(number for number, one in sorted(outcomes.items()) if one in as_met)
