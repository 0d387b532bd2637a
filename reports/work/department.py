"""The work of a department: its criteria with communes that wait, the longest wait first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from communes import units
from communes.models import UnitVersion, User
from criteria import ledger, months
from criteria.confirming.queue import queue
from criteria.rules.types import CriterionDefinition
from reports.work.tasks import Note, Task

_OLDEST = """
SELECT i.criterion_id, min(c.at)
  FROM criteria_cellhead h
  JOIN criteria_indicator i ON i.id = h.indicator_id
  JOIN criteria_result r ON r.id = h.result_id
  JOIN communes_change c ON c.id = r.change_id
 WHERE h.unit_id = ANY(%(units)s) AND h.indicator_id = ANY(%(indicators)s)
   AND h.result_id IS DISTINCT FROM h.confirmed_result_id
 GROUP BY i.criterion_id
"""


def tasks(user: User, place: UnitVersion) -> Iterator[Task]:
    """A task for each criterion that the person may confirm and some commune waits for."""
    today = months.working_day(place.province)
    on = months.month_end(today)
    waiting = [row for row in queue(user, place, on=on, today=today) if row.own and row.waiting]
    since = oldest(place, on, [row.criterion for row in waiting])
    for row in waiting:
        changed = row.counts.changed
        yield Task(
            title=f"Xác nhận tiêu chí {row.criterion.number} {row.criterion.name}:"
            f" {row.waiting} xã chờ",
            url=reverse("review_list", args=[place.code, row.asked.code, row.criterion.number]),
            act="Xem và xác nhận",
            notes=(Note(text=f"{changed} xã thay đổi sau khi đã xác nhận"),) if changed else (),
            since=since.get(row.criterion.id),
        )


def oldest(
    place: UnitVersion, on: date, criteria: Collection[CriterionDefinition]
) -> dict[int, date]:
    """Criterion id → the day on which its longest waiting result was recorded; two queries."""
    communes = list(units.communes_in_programme(place, on).values_list("unit_id", flat=True))
    indicators = [one for criterion in criteria for one in ledger.cells_of(criterion)]
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, {"units": communes, "indicators": indicators})
        rows: list[tuple[int, datetime]] = cursor.fetchall()
    return {criterion_id: timezone.localdate(at) for criterion_id, at in rows}
