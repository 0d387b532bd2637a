"""Which criteria stand as returned: all that is not confirmed of them was sent back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from criteria import ledger, standings
from criteria.figures import Question, Source
from criteria.ledger import Heads, Holding
from criteria.rules.types import CriterionDefinition


def heads(
    answer: Question, unit_ids: Collection[int], indicators: Collection[int]
) -> tuple[Heads, Heads]:
    """(reported, confirmed) results of these cells, as the figures of `answer` know them."""
    if answer.source is Source.NOW:
        return standings.heads(unit_ids, indicators)
    day, seq = answer.how.day, answer.how.seq
    return (
        ledger.reported(unit_ids, indicators, day=day, seq=seq),
        ledger.confirmed(unit_ids, indicators, day=day, seq=seq),
    )


def standing_returns(
    criteria: Sequence[CriterionDefinition],
    reported: Mapping[int, Mapping[int, Holding]],
    confirmed: Mapping[int, Mapping[int, Holding]],
    *,
    seq: int | None,
) -> dict[tuple[int, int], int]:
    """(unit id, criterion id) → the return that stands as known at `seq`; one query at most.

    Where a confirmed result was taken back since, something waits that no result shows.
    """
    waiting: dict[tuple[int, int], list[int]] = {}
    for unit_id, held in reported.items():
        agreed = confirmed.get(unit_id, {})
        for criterion in criteria:
            cells = [one for one in ledger.cells_of(criterion) if held.get(one) != agreed.get(one)]
            if cells and all(
                one in held and (one not in agreed or agreed[one].order < held[one].order)
                for one in cells
            ):
                waiting[unit_id, criterion.id] = [held[one].result_id for one in cells]
    if not waiting:
        return {}
    last = ledger.last_reviews([i for ids in waiting.values() for i in ids], seq=seq)
    return {
        place: max(last[i].review_id for i in ids)
        for place, ids in waiting.items()
        if all(i in last and not last[i].confirms for i in ids)
    }


def returned_units(
    answer: Question, criterion: CriterionDefinition, unit_ids: Collection[int]
) -> frozenset[int]:
    """The units of which the criterion stands as returned; four queries at most."""
    reported, confirmed = heads(answer, unit_ids, ledger.cells_of(criterion))
    found = standing_returns([criterion], reported, confirmed, seq=answer.how.seq)
    return frozenset(unit_id for unit_id, _ in found)
