"""The other sets that a province judges by, beside the one its headline names.

The rows of all of them are read in one query, the same rows that :mod:`criteria.figures`
answers from; only a day that has to be looked up in the ledger is asked set by set.
For one commune :func:`counts_beside` says how it stands under each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communes.models import Tier, UnitVersion
from criteria import frozen
from criteria.figures import NO_SET, Figures, Question, Source, figures
from criteria.models import Basis, CriteriaSet
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Tally


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A set beside the headline: how far its assessment has come, and its own figures.

    `tally` has sums only, no brackets and criteria; `complete` counts the communes that meet
    every criterion of the set, of which there are `criteria`; `first` is the criterion whose
    page leads on, one that the headline does not ask where there is one. Both are known from
    the first result on.
    """

    set: CriteriaSet
    tally: Tally
    complete: int
    criteria: int
    new: bool
    first: int | None

    @property
    def waiting(self) -> bool:
        """Whether it is a new set whose assessment is not complete."""
        return self.new and self.tally.assessed < self.tally.communes


def beside(answer: Figures) -> list[Beside]:
    """Each set adopted without the headline on the day of an answer; none for the country.

    It is new where its period begins after that of the headline.
    """
    headline, others = answer.headline_set, answer.other_sets
    tiers = (Tier.PROVINCE, Tier.DISTRICT)
    if headline is None or not others or answer.unit.unit.tier not in tiers:
        return []
    confirmed = answer.basis == Basis.CONFIRMED
    asked = {criterion.number for criterion in answer.asked.criteria}
    rows = _rows(answer)
    found = []
    for one in others:
        numbers = _numbers(rows[one.pk])
        found.append(
            Beside(
                set=one,
                tally=rollup.tally(NO_SET, rows[one.pk], confirmed=confirmed),
                complete=sum(
                    0 < row.of == row.met_by(confirmed) for row in rows[one.pk] if row.in_programme
                ),
                criteria=len(numbers),
                new=(one.period_from or 0) > (headline.period_from or 0),
                first=next((n for n in numbers if n not in asked), min(numbers, default=None)),
            )
        )
    return found


def _rows(answer: Figures) -> Mapping[int, Sequence[CommuneStanding]]:
    """Set → its rows over the communes of the answer."""
    counted = {row.unit_id: row for row in answer.rows}
    ids = [one.pk for one in answer.other_sets]
    found: dict[int, list[CommuneStanding]] = {}
    if answer.source is Source.CLOSED and answer.closing is not None:
        found = frozen.rows_of_sets(answer.closing, ids)
    elif answer.source is Source.NOW:
        nothing = {pk: CommuneStanding(unit_id=pk, met=0, met_confirmed=0, of=0) for pk in counted}
        kept = frozen.rows_now_of_sets(counted, ids)
        found = {
            pk: list({**nothing, **{row.unit_id: row for row in kept.get(pk, ())}}.values())
            for pk in ids
        }
    return {
        one.pk: [row for row in found[one.pk] if row.unit_id in counted]
        if one.pk in found
        else figures(answer.unit, answer.on, set_code=one.code, known=answer.known).rows
        for one in answer.other_sets
    }


def _numbers(rows: Sequence[CommuneStanding]) -> list[int]:
    """The criteria of the set that the rows are of; none where nothing is known."""
    return sorted(next((row.outcomes for row in rows if row.outcomes), ()))


@dataclass(frozen=True, kw_only=True)
class SetCount:
    """How many criteria a commune meets under one of the sets it is judged by."""

    code: str
    name: str
    met: int
    of: int
    assessed: bool


def counts_beside(
    version: UnitVersion, answer: Question, *, basis: Basis = Basis.REPORTED
) -> list[SetCount]:
    """How the commune stands under every set that its province judges by, that of `answer` first.

    Empty where it is judged by one set alone, or does not take part in the programme.
    """
    if answer.headline_set is None or not answer.other_sets:
        return []
    found = []
    confirmed = basis == Basis.CONFIRMED
    adopted = [answer.headline_set, *answer.other_sets]
    for one in sorted(adopted, key=lambda one: one.pk != answer.asked.set_id):
        for row in figures(version, answer.on, set_code=one.code, known=answer.known).rows:
            found.append(
                SetCount(
                    code=one.code,
                    name=one.name,
                    met=row.met_by(confirmed),
                    of=row.of,
                    assessed=row.assessed_by(confirmed),
                )
            )
    return found
