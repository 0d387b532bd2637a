"""How each criterion of each commune stands between what was reported and what was confirmed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import connection

from criteria import ledger, standings
from criteria.ledger import NOT_NUMBERED_YET, Holding, LastReview
from criteria.models import Result, Review
from criteria.rules.ledger import Entry, to_be_named
from criteria.rules.types import CriterionDefinition, Outcome, SetDefinition

_SETTLED = """
SELECT criterion_id, count(*) FILTER (WHERE settled),
       coalesce(array_agg(unit_id) FILTER (WHERE NOT settled), '{}')
  FROM (SELECT i.criterion_id, h.unit_id,
               bool_and(h.result_id IS NOT DISTINCT FROM h.confirmed_result_id) AS settled
          FROM criteria_cellhead h
          JOIN criteria_indicator i ON i.id = h.indicator_id
         WHERE h.unit_id = ANY(%(units)s) AND h.indicator_id = ANY(%(indicators)s)
         GROUP BY i.criterion_id, h.unit_id) AS cells
 GROUP BY criterion_id
"""


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
    of_criterion = {criterion.id: ledger.cells_of(criterion) for criterion in criteria}
    every = [indicator for ids in of_criterion.values() for indicator in ids]
    reported, confirmed = standings.heads(unit_ids, every)
    pending = _pending(reported, confirmed)
    reviewed = ledger.last_reviews(
        [i for cells in pending.values() for ids in cells.values() for i in ids]
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


def by_unit(states: States) -> dict[int, CriterionState]:
    """The states of one criterion, by unit alone."""
    return {unit_id: one for (unit_id, _), one in states.items()}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many communes stand how with one criterion; `changed`: waiting after a confirmation."""

    states: Counter[State]
    changed: int


def counts(unit_ids: Collection[int], criteria: Sequence[CriterionDefinition]) -> dict[int, Counts]:
    """Criterion id → its communes by state; the settled ones are counted by the database."""
    indicators = [one for criterion in criteria for one in ledger.cells_of(criterion)]
    settled, open_units = _settled(unit_ids, indicators)
    left = read(sorted({one for found in open_units.values() for one in found}), criteria)
    found = {}
    for criterion in criteria:
        mine = [left[unit_id, criterion.id] for unit_id in open_units[criterion.id]]
        by_state = Counter(one.state for one in mine)
        by_state[State.CONFIRMED] += settled[criterion.id]
        by_state[State.NOTHING] = len(unit_ids) - by_state.total() + by_state[State.NOTHING]
        found[criterion.id] = Counts(states=by_state, changed=sum(one.changed for one in mine))
    return found


def _settled(
    unit_ids: Collection[int], indicators: Collection[int]
) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Criterion id → communes all of whose results are confirmed; and the others' unit ids."""
    settled: dict[int, int] = defaultdict(int)
    others: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"units": list(unit_ids), "indicators": list(indicators)})
        for criterion_id, number, unit_ids_left in cursor:
            settled[criterion_id] = number
            others[criterion_id] = unit_ids_left
    return settled, others


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
    reviewed = ledger.last_reviews([e.id for found in entries.values() for e in found])
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
