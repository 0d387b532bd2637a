"""How each criterion of each commune stands between what was reported and what was confirmed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from criteria import ledger, standings
from criteria.ledger import NOT_NUMBERED_YET, Holding, LastReview
from criteria.models import Result, Review
from criteria.rules.ledger import Entry, to_be_named
from criteria.rules.types import CriterionDefinition, Outcome, SetDefinition


class State(StrEnum):
    """Whose turn it is; a criterion is as its least settled result."""

    NOTHING = "nothing"
    WAITING = "waiting"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, kw_only=True)
class CriterionState:
    """One criterion of one commune: what holds, what was confirmed, what still has to be.

    `pending` maps an indicator to the results that a confirmation must still name (its latest
    result, and voids or replacements of confirmed ones). `last_return` is the return that
    stands; it ends with a newer result or with a confirmation.
    """

    unit_id: int
    criterion: CriterionDefinition
    reported: Mapping[int, Holding]
    confirmed: Mapping[int, Holding]
    pending: Mapping[int, frozenset[int]]
    last_return: int | None = None

    @property
    def state(self) -> State:
        if not self.reported and not self.pending:
            return State.NOTHING
        if not self.pending:
            return State.CONFIRMED
        return State.RETURNED if self.last_return else State.WAITING

    @property
    def changed(self) -> bool:
        """Whether something waits that was confirmed before with another result."""
        return self.state is State.WAITING and bool(self.confirmed)

    @property
    def seen(self) -> tuple[int, ...]:
        """The results that a review names for who has read all that holds now."""
        ids = {holding.result_id for holding in self.reported.values()}
        return tuple(sorted(ids.union(*self.pending.values())))


type States = dict[tuple[int, int], CriterionState]
"""(unit id, criterion id) → how it stands."""


def read(unit_ids: Collection[int], criteria: Sequence[CriterionDefinition]) -> States:
    """How these criteria of these communes stand now; a fixed number of queries."""
    of_criterion = {criterion.id: ledger.indicators_of(criterion) for criterion in criteria}
    every = [indicator for ids in of_criterion.values() for indicator in ids]
    reported, confirmed = standings.heads(unit_ids, every)
    pending = _pending(reported, confirmed)
    reviewed = ledger.last_reviews(
        list(pending), [i for cells in pending.values() for ids in cells.values() for i in ids]
    )
    states: States = {}
    for unit_id in unit_ids:
        held, agreed = reported.get(unit_id, {}), confirmed.get(unit_id, {})
        waiting = pending.get(unit_id, {})
        for criterion in criteria:
            asked = of_criterion[criterion.id]
            mine = {i: waiting[i] for i in asked if i in waiting}
            states[unit_id, criterion.id] = CriterionState(
                unit_id=unit_id,
                criterion=criterion,
                reported={i: held[i] for i in asked if i in held},
                confirmed={i: agreed[i] for i in asked if i in agreed},
                pending=mine,
                last_return=_standing_return(mine.values(), reviewed),
            )
    return states


def returned(unit_id: int, asked: SetDefinition) -> list[tuple[CriterionDefinition, Review]]:
    """The criteria of a commune that came back and wait for it, each with its return."""
    states = read([unit_id], asked.criteria).values()
    back = [one for one in states if one.state is State.RETURNED]
    if not back:
        return []
    reviews = Review.objects.select_related("change__by", "department").in_bulk(
        [one.last_return for one in back]
    )
    return [(one.criterion, reviews[one.last_return]) for one in back if one.last_return]


def counts(states: Iterable[CriterionState]) -> dict[int, Counter[State]]:
    """Criterion id → how many communes stand how."""
    found: dict[int, Counter[State]] = defaultdict(Counter)
    for one in states:
        found[one.criterion.id][one.state] += 1
    return found


def _pending(
    reported: Mapping[int, Mapping[int, Holding]], confirmed: Mapping[int, Mapping[int, Holding]]
) -> dict[int, dict[int, frozenset[int]]]:
    """Unit → indicator → results to be named, for the cells where both readings differ."""
    found: dict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    taken_back = []
    for unit_id in {*reported, *confirmed}:
        held, agreed = reported.get(unit_id, {}), confirmed.get(unit_id, {})
        for indicator_id in {*held, *agreed}:
            now, before = held.get(indicator_id), agreed.get(indicator_id)
            if now == before:
                continue
            if now is None or (before is not None and before.order > now.order):
                taken_back.append((unit_id, indicator_id))
            else:
                found[unit_id][indicator_id] = frozenset({now.result_id})
    for (unit_id, indicator_id), ids in _behind_what_was_taken_back(taken_back).items():
        found[unit_id][indicator_id] = ids
    return found


def _behind_what_was_taken_back(
    cells: Sequence[tuple[int, int]],
) -> dict[tuple[int, int], frozenset[int]]:
    """The rare cells whose confirmed result was voided or replaced since: their whole ledger."""
    if not cells:
        return {}
    units, indicators = {u for u, _ in cells}, {i for _, i in cells}
    entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    rows = Result.objects.filter(unit_id__in=units, indicator_id__in=indicators).values_list(
        "unit_id",
        "indicator_id",
        "id",
        "true_from",
        "verdict",
        "replaces_id",
        "void",
        "change__seq",
    )
    for unit_id, indicator_id, pk, true_from, verdict, replaces, void, seq in rows:
        entries[unit_id, indicator_id].append(
            Entry(
                id=pk,
                true_from=true_from,
                seq=seq,
                outcome=Outcome(verdict),
                replaces=replaces,
                void=void,
            )
        )
    reviewed = ledger.last_reviews(units, [e.id for found in entries.values() for e in found])
    agreed = {result_id for result_id, review in reviewed.items() if review.confirms}
    return {
        cell: to_be_named(entries[cell], agreed, day=date.max, seq=NOT_NUMBERED_YET) - agreed
        for cell in cells
    }


def _standing_return(
    pending: Iterable[frozenset[int]], reviewed: Mapping[int, LastReview]
) -> int | None:
    """The latest return, when every result that is not confirmed was sent back."""
    latest = [reviewed.get(result_id) for ids in pending for result_id in ids]
    if not latest or any(review is None or review.confirms for review in latest):
        return None
    return max(review.review_id for review in latest if review is not None)
