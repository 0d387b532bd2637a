"""Whether anything was recorded after a month was closed that counts in that month."""

from __future__ import annotations

from datetime import date

from django.db import connection

from criteria import ledger
from criteria.figures import Figures
from criteria.models import Basis

# A row counts in the month by its own day, or by that of the row which it takes away.
_RESULTS = """
SELECT 1 FROM criteria_result r JOIN communes_change c ON c.id = r.change_id
 WHERE c.clock_id = %(clock)s AND c.seq > %(after)s AND c.seq <= %(until)s
   AND r.unit_id = ANY(%(units)s) AND r.indicator_id = ANY(%(indicators)s)
   AND (r.true_from <= %(day)s
        OR (SELECT o.true_from FROM criteria_result o WHERE o.id = r.replaces_id) <= %(day)s)
"""
_DECISIONS = """
SELECT 1 FROM criteria_recognition d JOIN communes_change c ON c.id = d.change_id
  LEFT JOIN criteria_recognition o ON o.id = d.refers_to_id
 WHERE c.clock_id = %(clock)s AND c.seq > %(after)s AND c.seq <= %(until)s
   AND d.unit_id = ANY(%(units)s) AND least(d.effective_on, o.effective_on) <= %(day)s
"""
_REVIEWS = """
SELECT 1 FROM criteria_review v JOIN communes_change c ON c.id = v.change_id
 CROSS JOIN unnest(v.result_ids) AS named (id)
  JOIN criteria_result r ON r.id = named.id
  LEFT JOIN criteria_result o ON o.id = r.replaces_id
 WHERE c.clock_id = %(clock)s AND c.seq > %(after)s AND c.seq <= %(until)s
   AND v.unit_id = ANY(%(units)s) AND r.indicator_id = ANY(%(indicators)s)
   AND least(r.true_from, o.true_from) <= %(day)s
"""

MOST = 4096
"""Answers kept; beyond them all are forgotten."""

type _Key = tuple[str, int, int, int, Basis]

_LOOKED: dict[_Key, tuple[int, bool]] = {}
"""Closing, unit, set and basis → up to which number was looked, and whether anything was there."""


def recorded_since(answer: Figures) -> bool:
    """Whether a closed month would read otherwise, or might, by what was recorded since.

    Results and decisions with a day up to the month's end; confirmations of such results where
    the figures are the confirmed ones. False where no closing answers. The ledger is only added
    to, so each stretch of it is looked through once: one query for what is new since the last
    look, none where nothing is.
    """
    closing = answer.closing
    if closing is None:
        return False
    clock = answer.unit.unit.clock
    key = (
        str(connection.settings_dict["NAME"]),
        closing.pk,
        answer.unit.unit_id,
        answer.asked.set_id,
        answer.basis,
    )
    until, found = _LOOKED.get(key, (closing.seq, False))
    if not found and until < clock.seq:
        found = _any(answer, clock.code, closing.month, after=until, until=clock.seq)
        if len(_LOOKED) >= MOST:
            _LOOKED.clear()
        _LOOKED[key] = clock.seq, found
    return found


def _any(answer: Figures, clock: str, day: date, *, after: int, until: int) -> bool:
    asked = [_RESULTS, _DECISIONS, *([_REVIEWS] if answer.basis == Basis.CONFIRMED else [])]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + " OR ".join(f"EXISTS ({one})" for one in asked),
            {
                "clock": clock,
                "after": after,
                "until": until,
                "day": day,
                "units": [row.unit_id for row in answer.rows],
                "indicators": ledger.indicator_ids(answer.asked),
            },
        )
        (found,) = cursor.fetchone()
    return bool(found)
