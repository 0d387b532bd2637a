"""Reads the ledger: the results that hold on a day as known at a change number, in bulk.

The SQL here says what ``criteria.rules.ledger`` says row by row; tests hold them together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from criteria.rules.types import CriterionDefinition, Head, Outcome, SetDefinition

NOT_NUMBERED_YET = 2**62
"""Stands for the number of a change whose transaction is still running: later than any."""

# For each cell its history is walked from the latest fact back, by the index `result_cell_history`,
# until one holds: a province's cells of one day take 80 ms, sorting its whole ledger took 1 s.
_STATE = """
SELECT u.id AS unit_id, i.id AS indicator_id, s.*
  FROM unnest(%(units)s::bigint[]) AS u (id)
 CROSS JOIN unnest(%(indicators)s::bigint[]) AS i (id)
 CROSS JOIN LATERAL (
       SELECT r.id AS result_id, r.verdict, r.true_from, coalesce(c.seq, %(unnumbered)s) AS seq
         FROM criteria_result r
         LEFT JOIN communes_change c ON c.id = r.change_id
        WHERE r.unit_id = u.id AND r.indicator_id = i.id
          AND r.true_from <= %(day)s AND NOT r.void
          AND coalesce(c.seq, %(unnumbered)s) <= %(seq)s
          AND {confirmed_only}
          AND NOT EXISTS (
                SELECT 1 FROM criteria_result x
                  LEFT JOIN communes_change xc ON xc.id = x.change_id
                 WHERE x.replaces_id = r.id AND coalesce(xc.seq, %(unnumbered)s) <= %(seq)s
                   AND {replacement_confirmed})
        ORDER BY r.true_from DESC, coalesce(c.seq, %(unnumbered)s) DESC
        LIMIT 1) AS s
"""

# Whether the latest review that names a result confirms it; by the index `review_names_result`.
_IS_CONFIRMED = """(
          SELECT v.act FROM criteria_review v
            LEFT JOIN communes_change vc ON vc.id = v.change_id
           WHERE v.result_ids @> ARRAY[{result}.id] AND coalesce(vc.seq, %(unnumbered)s) <= %(seq)s
           ORDER BY coalesce(vc.seq, %(unnumbered)s) DESC
           LIMIT 1) = 'confirm'"""

_REPORTED = _STATE.format(confirmed_only="TRUE", replacement_confirmed="TRUE")
_CONFIRMED = _STATE.format(
    confirmed_only=_IS_CONFIRMED.format(result="r"),
    replacement_confirmed=_IS_CONFIRMED.format(result="x"),
)

_LAST_REVIEWS = """
SELECT w.id, v.act, v.id
  FROM unnest(%(results)s::bigint[]) AS w (id)
 CROSS JOIN LATERAL (
       SELECT v.id, v.act
         FROM criteria_review v
         LEFT JOIN communes_change vc ON vc.id = v.change_id
        WHERE v.result_ids @> ARRAY[w.id] AND coalesce(vc.seq, %(unnumbered)s) <= %(seq)s
        ORDER BY coalesce(vc.seq, %(unnumbered)s) DESC
        LIMIT 1) AS v
"""


@dataclass(frozen=True, kw_only=True)
class Holding(Head):
    """A result that holds, with its identity."""

    result_id: int


class Recorded(NamedTuple):
    """What was found: value, figures by part, verdict. Plain: hundreds stand on one page."""

    value: Decimal | None
    part_values: Mapping[str, str] | None
    verdict: str


@dataclass(frozen=True, kw_only=True)
class LastReview:
    """The latest act that names a result: a confirmation or a return, and which."""

    review_id: int
    confirms: bool


type Heads = dict[int, dict[int, Holding]]
"""unit id → indicator id → the result that holds."""


def indicator_ids(definition: SetDefinition) -> list[int]:
    """Every indicator of the set, conclusions included."""
    return [cell for criterion in definition.criteria for cell in cells_of(criterion)]


def cells_of(criterion: CriterionDefinition) -> list[int]:
    """Every indicator of a criterion, its conclusion last."""
    ids = [indicator.id for indicator in criterion.indicators]
    return ids if criterion.conclusion_id is None else [*ids, criterion.conclusion_id]


def reported(
    unit_ids: Collection[int],
    indicators: Collection[int],
    *,
    day: date = date.max,
    seq: int | None = None,
) -> Heads:
    """What holds on `day` as known at `seq` (None: everything recorded) for these cells.

    Rows written earlier in the running transaction count as the latest known.
    """
    return _read(_REPORTED, unit_ids, indicators, day, seq)


def confirmed(
    unit_ids: Collection[int],
    indicators: Collection[int],
    *,
    day: date = date.max,
    seq: int | None = None,
) -> Heads:
    """The same over the results that their department confirmed and did not return since."""
    return _read(_CONFIRMED, unit_ids, indicators, day, seq)


def recorded_on(
    unit_ids: Collection[int], indicators: Collection[int], *, day: date
) -> dict[tuple[int, int], Recorded]:
    """(unit id, indicator id) → what held on a day as everything recorded says; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.unit_id, s.indicator_id, v.value, v.part_values, v.verdict"
            f" FROM ({_REPORTED}) AS s JOIN criteria_result v ON v.id = s.result_id",
            _parameters(unit_ids, indicators, day, None),
        )
        return {
            (unit_id, indicator_id): Recorded(
                value, json.loads(parts) if isinstance(parts, str) else parts, verdict
            )
            for unit_id, indicator_id, value, parts, verdict in cursor
        }


def last_reviews(result_ids: Collection[int], *, seq: int | None = None) -> dict[int, LastReview]:
    """Result id → the latest review that names it; none where none does.

    As known at `seq` (None: everything recorded).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_REVIEWS,
            {
                "results": list(result_ids),
                "seq": NOT_NUMBERED_YET if seq is None else seq,
                "unnumbered": NOT_NUMBERED_YET,
            },
        )
        return {
            result_id: LastReview(review_id=review_id, confirms=act == "confirm")
            for result_id, act, review_id in cursor
        }


def _read(
    sql: str, unit_ids: Collection[int], indicators: Collection[int], day: date, seq: int | None
) -> Heads:
    heads: Heads = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(unit_ids, indicators, day, seq))
        for unit_id, indicator_id, result_id, verdict, true_from, number in cursor:
            heads[unit_id][indicator_id] = Holding(
                outcome=Outcome(verdict), true_from=true_from, seq=number, result_id=result_id
            )
    return heads


def _parameters(
    unit_ids: Collection[int], indicators: Collection[int], day: date, seq: int | None
) -> dict[str, object]:
    return {
        "units": list(unit_ids),
        "indicators": list(indicators),
        "day": day,
        "seq": NOT_NUMBERED_YET if seq is None else seq,
        "unnumbered": NOT_NUMBERED_YET,
    }
