"""From indicators to criteria, communes, districts, provinces and the country.

A criterion is met when all its indicators that apply are met (handbook 69/QĐ-BNN-VPĐP for
2016–2020). The average is the number of criteria met divided by the communes in the
programme, always from sums and never a mean of means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from criteria.rules.types import (
    Bracket,
    CommuneStanding,
    CriterionCount,
    CriterionDefinition,
    CriterionOutcome,
    Head,
    Outcome,
    SetDefinition,
    Tally,
    Totals,
)

UNKNOWN = "Chưa đánh giá"
"""The bracket of the communes of which nothing is known."""


def criterion_outcome(
    criterion: CriterionDefinition, heads: Mapping[int, Head]
) -> CriterionOutcome:
    """The outcome of one criterion from the results that hold, keyed by indicator id.

    A direct conclusion counts until any indicator of the criterion has a later result; from
    then on the indicators alone count (missing = not assessed), until a later conclusion.
    """
    conclusion = heads.get(criterion.conclusion_id) if criterion.conclusion_id else None
    found = {x.code: heads[x.id] for x in criterion.indicators if x.id in heads}
    if conclusion and all(head.order <= conclusion.order for head in found.values()):
        return CriterionOutcome(number=criterion.number, outcome=conclusion.outcome, concluded=True)
    outcomes = {
        x.code: found[x.code].outcome if x.code in found else Outcome.NOT_ASSESSED
        for x in criterion.indicators
    }
    outcome, because_of = all_that_apply(outcomes)
    return CriterionOutcome(number=criterion.number, outcome=outcome, because_of=because_of)


def all_that_apply(outcomes: Mapping[str, Outcome]) -> tuple[Outcome, tuple[str, ...]]:
    """Met when everything that applies is met; else the outcome and what holds it back.

    One indicator not met settles the criterion, assessed or not the others may be. A
    criterion without indicators is not assessed.
    """
    if not outcomes:
        return Outcome.NOT_ASSESSED, ()
    applying = {c: o for c, o in outcomes.items() if o is not Outcome.NOT_APPLICABLE}
    if not applying:
        return Outcome.NOT_APPLICABLE, ()
    for outcome in (Outcome.NOT_MET, Outcome.NOT_ASSESSED):
        because_of = tuple(code for code, found in applying.items() if found is outcome)
        if because_of:
            return outcome, because_of
    return Outcome.MET, ()


def commune_outcomes(
    definition: SetDefinition, heads: Mapping[int, Head]
) -> tuple[CriterionOutcome, ...]:
    """Every criterion of the set for one commune, in the order of the set."""
    return tuple(criterion_outcome(criterion, heads) for criterion in definition.criteria)


def count_met(definition: SetDefinition, outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """(criteria met, criteria that count) of one commune.

    A criterion that does not apply counts as met, or is left out of both, as the set says.
    """
    met = of = 0
    for outcome in outcomes:
        if outcome is Outcome.NOT_APPLICABLE and not definition.na_counts_as_met:
            continue
        of += 1
        met += outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
    return met, of


def standing(
    definition: SetDefinition,
    *,
    unit_id: int,
    heads: Mapping[int, Head],
    heads_confirmed: Mapping[int, Head],
) -> CommuneStanding:
    """One commune under one set, reported and confirmed."""
    reported = commune_outcomes(definition, heads)
    confirmed = commune_outcomes(definition, heads_confirmed)
    met, of = count_met(definition, (c.outcome for c in reported))
    met_confirmed, _ = count_met(definition, (c.outcome for c in confirmed))
    return CommuneStanding(
        unit_id=unit_id,
        met=met,
        met_confirmed=met_confirmed,
        of=of,
        outcomes={c.number: c.outcome for c in reported},
        outcomes_confirmed={c.number: c.outcome for c in confirmed},
    )


def bracket_bounds(cuts: Sequence[int], top: int) -> list[tuple[str, int, int]]:
    """(label, low, high) of each bracket from the top down; together they hold 0..top.

    `cuts` are the lower ends; "Dưới 5" closes the list when the lowest cut is above 0.
    Without criteria (`top` 0) there are no brackets.
    """
    if top == 0:
        return []
    bounds: list[tuple[str, int, int]] = []
    high = top
    for low in sorted((cut for cut in cuts if cut <= top), reverse=True):
        label = f"{low} tiêu chí" if low == high else f"{low}–{high} tiêu chí"
        bounds.append((label, low, high))
        high = low - 1
    if high >= 0:
        bounds.append((f"Dưới {high + 1} tiêu chí", 0, high))
    return bounds


def bracket_of(definition: SetDefinition, met: int, *, known: bool) -> str:
    """The label of the one bracket that holds a commune with so many criteria met."""
    if not known:
        return UNKNOWN
    bounds = bracket_bounds(definition.bracket_cuts, len(definition.criteria))
    return next(label for label, low, high in bounds if low <= met <= high)


def totals(rows: Iterable[CommuneStanding], *, confirmed: bool = False) -> Totals:
    """The sums of :func:`tally` alone, for the many parts of a unit."""
    counted = _counted(rows, confirmed=confirmed)
    return Totals(**_sums(counted))


def tally(
    definition: SetDefinition, rows: Iterable[CommuneStanding], *, confirmed: bool = False
) -> Tally:
    """Sum communes into figures; only those in the programme count.

    The communes of which nothing is known have a bracket of their own, so that the brackets
    always add up to the communes.
    """
    counted = _counted(rows, confirmed=confirmed)
    as_met = counts_as_met(definition)
    met_by_number = Counter(
        number
        for commune in counted
        for number, outcome in commune.outcomes.items()
        if outcome in as_met
    )
    return Tally(
        **_sums(counted),
        brackets=_brackets(definition, counted),
        criteria=tuple(
            CriterionCount(
                number=criterion.number,
                name=criterion.name,
                met=met_by_number[criterion.number],
                communes=len(counted),
            )
            for criterion in definition.criteria
        ),
    )


class _Counted(NamedTuple):
    """A commune of the programme on the basis that is asked for."""

    row: CommuneStanding
    outcomes: Mapping[int, Outcome]
    met: int
    known: bool


def _counted(rows: Iterable[CommuneStanding], *, confirmed: bool) -> list[_Counted]:
    found = []
    for row in rows:
        if row.in_programme:
            outcomes = row.outcomes_confirmed if confirmed else row.outcomes
            known = any(outcome is not Outcome.NOT_ASSESSED for outcome in outcomes.values())
            met = row.met_confirmed if confirmed else row.met
            found.append(_Counted(row, outcomes, met, known))
    return found


def _sums(counted: Sequence[_Counted]) -> dict[str, int]:
    recognised = [commune.row for commune in counted if commune.row.recognised_tier]
    return {
        "communes": len(counted),
        "assessed": sum(commune.known for commune in counted),
        "recognised": len(recognised),
        "recognised_border": sum(row.border for row in recognised),
        "border": sum(commune.row.border for commune in counted),
        "criteria_met": sum(commune.met for commune in counted if commune.known),
    }


def awaiting(definition: SetDefinition, rows: Iterable[CommuneStanding]) -> int:
    """How many criteria count as met by what was reported and do not by what was confirmed.

    Not the difference of the two sums: where a commune has withdrawn a criterion that its
    department confirmed, the confirmed sum is the higher one.
    """
    as_met = counts_as_met(definition)
    return sum(
        outcome in as_met and row.outcomes_confirmed.get(number) not in as_met
        for row in rows
        if row.in_programme and row.outcomes != row.outcomes_confirmed
        for number, outcome in row.outcomes.items()
    )


def counts_as_met(definition: SetDefinition) -> frozenset[Outcome]:
    """The outcomes that count as met: "not applicable" too where the set says so."""
    more = {Outcome.NOT_APPLICABLE} if definition.na_counts_as_met else set()
    return frozenset({Outcome.MET} | more)


def _brackets(definition: SetDefinition, counted: Sequence[_Counted]) -> tuple[Bracket, ...]:
    with_number = Counter(commune.met for commune in counted if commune.known)
    brackets = [
        Bracket(
            label=label,
            low=low,
            high=high,
            communes=sum(with_number[number] for number in range(low, high + 1)),
        )
        for label, low, high in bracket_bounds(definition.bracket_cuts, len(definition.criteria))
    ]
    unknown = len(counted) - with_number.total()
    if unknown:
        brackets.append(Bracket(label=UNKNOWN, low=None, high=None, communes=unknown))
    return tuple(brackets)
