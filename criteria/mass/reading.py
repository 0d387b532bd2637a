"""Takes the ledger over as arrays: results and reviews of some communes, one scan of each.

PostgreSQL strings the values of a column together in its binary form; numpy reads them without
making a Python object for a row, which would take ten times as long.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

from criteria.mass.holding import NEVER, Entries
from criteria.rules.types import Outcome

CODES = {
    Outcome.NOT_APPLICABLE: 0,
    Outcome.MET: 1,
    Outcome.NOT_ASSESSED: 2,
    Outcome.NOT_MET: 3,
}
"""Outcomes as numbers in the order in which they settle a criterion: the greatest one does."""

UNNUMBERED = NEVER - 1
"""The number of a change whose transaction is still running: later than any, and known."""

POSTGRES_EPOCH = 730_120
"""Ordinal of 1/1/2000, from which PostgreSQL counts days."""

_RESULTS = """
SELECT string_agg(int8send(r.id), ''),
       string_agg(int8send(r.unit_id), ''),
       string_agg(int8send(r.indicator_id), ''),
       string_agg(date_send(r.true_from), ''),
       string_agg(int8send(coalesce(c.seq, %(unnumbered)s)), ''),
       string_agg(int2send(CASE r.verdict {codes} END), ''),
       string_agg(int8send(r.id), '') FILTER (WHERE r.void),
       string_agg(int8send(r.id), '') FILTER (WHERE r.replaces_id IS NOT NULL),
       string_agg(int8send(r.replaces_id), '') FILTER (WHERE r.replaces_id IS NOT NULL)
  FROM criteria_result r LEFT JOIN communes_change c ON c.id = r.change_id
 WHERE r.unit_id = ANY(%(units)s) AND r.indicator_id = ANY(%(indicators)s)
""".format(codes=" ".join(f"WHEN '{one.value}' THEN {code}::int2" for one, code in CODES.items()))

_RESULT = (">i8", ">i8", ">i8", ">i4", ">i8", ">i2", ">i8", ">i8", ">i8")

# An array in its binary form: 20 bytes that describe it, then each length and value in 12 bytes.
_REVIEWS = """
SELECT string_agg(substr(array_send(v.result_ids), 21), ''),
       string_agg(int4send(cardinality(v.result_ids)), ''),
       string_agg(int8send(coalesce(c.seq, %(unnumbered)s)), ''),
       string_agg(boolsend(v.act = 'confirm'), '')
  FROM criteria_review v LEFT JOIN communes_change c ON c.id = v.change_id
 WHERE v.unit_id = ANY(%(units)s) AND v.criterion_id IN
       (SELECT i.criterion_id FROM criteria_indicator i WHERE i.id = ANY(%(indicators)s))
"""

_REVIEW = ([("length", ">i4"), ("id", ">i8")], ">i4", ">i8", "?")

type Numbers = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Results:
    """Rows of the ledger as columns, by cell, then day and number.

    `corrections` and `corrected` are places of rows: each of the first replaces one of the other.
    """

    id: Numbers
    by_id: Numbers
    cell: Numbers
    day: Numbers
    seq: Numbers
    code: Numbers
    void: Numbers
    corrections: Numbers
    corrected: Numbers


def entries(unit_ids: Sequence[int], indicator_ids: Sequence[int]) -> tuple[Entries, Entries]:
    """(reported, confirmed) of these cells; both lists of ids in rising order.

    The cell of the u-th unit and the i-th indicator has the number u × len(indicators) + i.
    """
    found = _results(unit_ids, indicator_ids)
    return _reported(found), _confirmed(found, *_reviews(found, unit_ids, indicator_ids))


def _results(unit_ids: Sequence[int], indicator_ids: Sequence[int]) -> Results:
    ids, unit, indicator, day, seq, code, void, corrections, corrected = _columns(
        _RESULTS, _RESULT, unit_ids, indicator_ids
    )
    cell = np.searchsorted(unit_ids, unit) * len(indicator_ids)
    cell += np.searchsorted(indicator_ids, indicator)
    day = day + POSTGRES_EPOCH
    order = np.lexsort((seq, day, cell))
    ids = ids[order]
    by_id = np.argsort(ids)
    corrections, corrected = (_places(ids, by_id, one) for one in (corrections, corrected))
    known = corrected >= 0
    is_void = np.zeros(len(ids), dtype=bool)
    is_void[_places(ids, by_id, void)] = True
    return Results(
        id=ids,
        by_id=by_id,
        cell=cell[order],
        day=day[order],
        seq=seq[order],
        code=code[order].astype(np.uint8),
        void=is_void,
        corrections=corrections[known],
        corrected=corrected[known],
    )


def _reviews(
    found: Results, unit_ids: Sequence[int], indicator_ids: Sequence[int]
) -> tuple[Numbers, Numbers, Numbers]:
    """(place of the result, number, whether it confirms) for each result that a review names."""
    named, many, seq, confirms = _columns(_REVIEWS, _REVIEW, unit_ids, indicator_ids)
    place = _places(found.id, found.by_id, named["id"])
    return place, np.repeat(seq, many), np.repeat(confirms, many)


def _reported(found: Results) -> Entries:
    """Each result counts from when it was recorded until a correction of it was."""
    until = np.full(len(found.id), NEVER)
    until[found.corrected] = found.seq[found.corrections]
    row = np.flatnonzero(~found.void)
    return _entries(found, row, found.seq[row], until[row])


def _confirmed(found: Results, place: Numbers, seq: Numbers, confirms: Numbers) -> Entries:
    """Each result counts from a confirmation to the next review of it that returns it.

    And not while a correction of it counts itself, be it a void.
    """
    order = np.lexsort((seq, place))
    place, seq, confirms = place[order], seq[order], confirms[order]
    until = np.full(len(place), NEVER)
    same = np.flatnonzero(place[1:] == place[:-1])
    until[same] = seq[same + 1]
    kept = confirms & (place >= 0)
    place, until = place[kept], until[kept]
    begins = np.maximum(seq[kept], found.seq[place])
    row, begins, until = _without_corrected(found, place, begins, until)
    standing = ~found.void[row]
    row, begins, until = row[standing], begins[standing], until[standing]
    order = np.argsort(row, kind="stable")
    return _entries(found, row[order], begins[order], until[order])


def _without_corrected(
    found: Results, row: Numbers, begins: Numbers, until: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Takes from the stretches of corrected results those of their corrections; few are."""
    counted = np.isin(row, found.corrections)
    spans: dict[int, list[tuple[int, int]]] = {}
    for one, first, end in zip(row[counted], begins[counted], until[counted], strict=True):
        spans.setdefault(int(one), []).append((int(first), int(end)))
    by_corrected = {
        int(old): spans[int(new)]
        for old, new in zip(found.corrected, found.corrections, strict=True)
        if int(new) in spans
    }
    if not by_corrected:
        return row, begins, until
    touched = np.isin(row, np.array(list(by_corrected)))
    left = [
        (int(one), *stretch)
        for one, first, end in zip(row[touched], begins[touched], until[touched], strict=True)
        for stretch in _minus((int(first), int(end)), by_corrected[int(one)])
    ]
    more = np.array(left, dtype=np.int64).reshape(-1, 3)
    return (
        np.concatenate([row[~touched], more[:, 0]]),
        np.concatenate([begins[~touched], more[:, 1]]),
        np.concatenate([until[~touched], more[:, 2]]),
    )


def _minus(span: tuple[int, int], holes: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a half-open stretch of numbers without others."""
    left = [span]
    for first, end in holes:
        left = [
            piece
            for begins, until in left
            for piece in ((begins, min(until, first)), (max(begins, end), until))
            if piece[0] < piece[1]
        ]
    return left


def _entries(found: Results, row: Numbers, begins: Numbers, until: Numbers) -> Entries:
    return Entries(
        cell=found.cell[row],
        day=found.day[row],
        seq=found.seq[row],
        code=found.code[row],
        known_from=begins,
        known_until=until,
    )


def _places(ids: Numbers, by_id: Numbers, wanted: Numbers) -> Numbers:
    """Where each wanted id stands in `ids`; -1 where it does not."""
    if not len(ids):
        return np.full(len(wanted), -1)
    found = by_id[np.searchsorted(ids, wanted, sorter=by_id).clip(max=len(ids) - 1)]
    return np.where(ids[found] == wanted, found, -1)


def _columns(
    query: str,
    kinds: Sequence[Any],
    unit_ids: Sequence[int],
    indicator_ids: Sequence[int],
) -> list[Numbers]:
    """The one row of a query, each of its strings as an array of numbers of this machine."""
    connection.ensure_connection()
    parameters = {
        "units": list(unit_ids), "indicators": list(indicator_ids), "unnumbered": UNNUMBERED,
    }  # fmt: skip
    # Django's own cursor reads every answer as text.
    with psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(query, parameters, binary=True).fetchone() or ()
    strung = zip(row, kinds, strict=True)
    return [_native(np.frombuffer(text or b"", kind)) for text, kind in strung]


def _native(numbers: Numbers) -> Numbers:
    """In the byte order of this machine, which counts several times faster."""
    return numbers.astype(numbers.dtype.newbyteorder("="))
