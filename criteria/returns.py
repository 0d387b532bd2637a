"""Which criteria stand as returned: all that is not confirmed of them was sent back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models.expressions import RawSQL

from criteria import ledger, standings
from criteria.figures import Question, Source
from criteria.ledger import Heads, Holding
from criteria.models import Review
from criteria.rules.types import CriterionDefinition

# What `standing_returns` says, out of the heads alone: the sheet of a criterion waits for it.
# Only where it was ever returned are the reviews of each waiting result looked up: where all of
# a province waits, 1,400 of them would take as long as the whole page.
_STANDING_NOW = """
SELECT max(v.id)
  FROM criteria_cellhead h
  LEFT JOIN criteria_result r ON r.id = h.result_id
  LEFT JOIN communes_change rc ON rc.id = r.change_id
  LEFT JOIN criteria_result f ON f.id = h.confirmed_result_id
  LEFT JOIN communes_change fc ON fc.id = f.change_id
  LEFT JOIN LATERAL (
       SELECT v.id, v.act
         FROM criteria_review v
         JOIN communes_change vc ON vc.id = v.change_id
        WHERE v.unit_id = h.unit_id AND v.criterion_id = %s
          AND v.result_ids @> ARRAY[r.id]
        ORDER BY vc.seq DESC
        LIMIT 1) AS v ON TRUE
 WHERE h.indicator_id = ANY(%s)
   AND h.unit_id IN (
       SELECT unit_id FROM criteria_review
        WHERE unit_id = ANY(%s) AND criterion_id = %s AND act = 'return')
   AND h.result_id IS DISTINCT FROM h.confirmed_result_id
 GROUP BY h.unit_id
HAVING bool_and(
       coalesce(v.act, '') = 'return'
       AND (f.id IS NULL OR (f.true_from, fc.seq) < (r.true_from, rc.seq)))
"""


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


def returns_now(criterion: CriterionDefinition, unit_ids: Collection[int]) -> dict[int, Review]:
    """Unit id → the return of the criterion that stands now, with its act; one query."""
    cells = ledger.cells_of(criterion)
    given = [criterion.id, cells, list(unit_ids), criterion.id]
    standing = RawSQL(_STANDING_NOW, given)
    found = Review.objects.filter(pk__in=standing).select_related("change__by", "department")
    return {review.unit_id: review for review in found}
