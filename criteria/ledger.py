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

_STATE = """
SELECT DISTINCT ON (r.unit_id, r.indicator_id)
       r.unit_id, r.indicator_id, r.id, r.verdict, r.true_from, coalesce(c.seq, %(unnumbered)s)
  FROM criteria_result r
  LEFT JOIN communes_change c ON c.id = r.change_id
 WHERE r.unit_id = ANY(%(units)s) AND r.indicator_id = ANY(%(indicators)s)
   AND r.true_from <= %(day)s AND NOT r.void
   AND coalesce(c.seq, %(unnumbered)s) <= %(seq)s
   AND {confirmed_only}
   AND NOT EXISTS (
         SELECT 1 FROM criteria_result x
           LEFT JOIN communes_change xc ON xc.id = x.change_id
          WHERE x.replaces_id = r.id AND coalesce(xc.seq, %(unnumbered)s) <= %(seq)s
            AND {replacement_confirmed})
 ORDER BY r.unit_id, r.indicator_id, r.true_from DESC, coalesce(c.seq, %(unnumbered)s) DESC
"""

# A review names results of its own criterion, so that only the reviews of the criteria that are
# asked for are unfolded; and it is never older than a result that it names.
_CONFIRMED = """
WITH reviewed AS MATERIALIZED (
  SELECT DISTINCT ON (result_id) result_id, v.act
    FROM criteria_review v
    LEFT JOIN communes_change vc ON vc.id = v.change_id
   CROSS JOIN LATERAL unnest(v.result_ids) AS result_id
   WHERE v.unit_id = ANY(%(units)s) AND coalesce(vc.seq, %(unnumbered)s) <= %(reviewed)s
     AND v.criterion_id IN
         (SELECT i.criterion_id FROM criteria_indicator i WHERE i.id = ANY(%(indicators)s))
   ORDER BY result_id, coalesce(vc.seq, %(unnumbered)s) DESC
), confirmed AS MATERIALIZED (SELECT result_id FROM reviewed WHERE act = 'confirm')
"""

_LAST_REVIEWS = """
WITH wanted AS MATERIALIZED (
  SELECT r.id, i.criterion_id, coalesce(rc.seq, %(unnumbered)s) AS seq
    FROM criteria_result r
    JOIN criteria_indicator i ON i.id = r.indicator_id
    LEFT JOIN communes_change rc ON rc.id = r.change_id
   WHERE r.id = ANY(%(results)s)
)
SELECT DISTINCT ON (w.id) w.id, v.act, v.id
  FROM criteria_review v
  LEFT JOIN communes_change vc ON vc.id = v.change_id
 CROSS JOIN LATERAL unnest(v.result_ids) AS result_id
  JOIN wanted w ON w.id = result_id
 WHERE v.unit_id = ANY(%(units)s)
   AND v.criterion_id IN (SELECT criterion_id FROM wanted)
   AND coalesce(vc.seq, %(unnumbered)s) >= (SELECT min(seq) FROM wanted)
   AND coalesce(vc.seq, %(unnumbered)s) <= %(seq)s
 ORDER BY w.id, coalesce(vc.seq, %(unnumbered)s) DESC
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
    sql = _STATE.format(confirmed_only="TRUE", replacement_confirmed="TRUE")
    return _read(sql, unit_ids, indicators, day, seq)


def confirmed(
    unit_ids: Collection[int],
    indicators: Collection[int],
    *,
    day: date = date.max,
    seq: int | None = None,
    reviewed: int | None = None,
) -> Heads:
    """The same over the results that their department confirmed and did not return since.

    `reviewed` is the number up to which its acts count, where that is another than `seq`.
    """
    sql = _CONFIRMED + _STATE.format(
        confirmed_only="r.id IN (SELECT result_id FROM confirmed)",
        replacement_confirmed="x.id IN (SELECT result_id FROM confirmed)",
    )
    return _read(sql, unit_ids, indicators, day, seq, reviewed=reviewed)


def recorded_on(
    unit_ids: Collection[int], indicators: Collection[int], *, day: date
) -> dict[tuple[int, int], Recorded]:
    """(unit id, indicator id) → what held on a day as everything recorded says; one query."""
    state = _STATE.format(confirmed_only="TRUE", replacement_confirmed="TRUE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.unit_id, s.indicator_id, v.value, v.part_values, v.verdict"
            f" FROM ({state}) AS s JOIN criteria_result v ON v.id = s.id",
            _parameters(unit_ids, indicators, day, None),
        )
        return {
            (unit_id, indicator_id): Recorded(
                value, json.loads(parts) if isinstance(parts, str) else parts, verdict
            )
            for unit_id, indicator_id, value, parts, verdict in cursor
        }


def last_reviews(
    unit_ids: Collection[int], result_ids: Collection[int], *, seq: int | None = None
) -> dict[int, LastReview]:
    """Result id → the latest review of these units that names it; none where none does.

    As known at `seq` (None: everything recorded).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_REVIEWS,
            {
                "units": list(unit_ids),
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
    sql: str,
    unit_ids: Collection[int],
    indicators: Collection[int],
    day: date,
    seq: int | None,
    *,
    reviewed: int | None = None,
) -> Heads:
    heads: Heads = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(unit_ids, indicators, day, seq, reviewed))
        for unit_id, indicator_id, result_id, verdict, true_from, number in cursor:
            heads[unit_id][indicator_id] = Holding(
                outcome=Outcome(verdict), true_from=true_from, seq=number, result_id=result_id
            )
    return heads


def _parameters(
    unit_ids: Collection[int],
    indicators: Collection[int],
    day: date,
    seq: int | None,
    reviewed: int | None = None,
) -> dict[str, object]:
    known = NOT_NUMBERED_YET if seq is None else seq
    return {
        "units": list(unit_ids),
        "indicators": list(indicators),
        "day": day,
        "seq": known,
        "reviewed": known if reviewed is None else reviewed,
        "unnumbered": NOT_NUMBERED_YET,
    }
