"""Who has not sent in a month, and whose it is; what came in after a commune had sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from communes import units
from communes.models import Assignment, Role, UnitVersion, User
from criteria.models import Submission
from criteria.months import submitting

_SAVED_AFTER = """
WITH sent AS (
    SELECT DISTINCT ON (s.unit_id) s.unit_id, s.act, c.seq
      FROM criteria_submission s
      JOIN communes_change c ON c.id = s.change_id
     WHERE s.month = %(month)s AND s.unit_id = ANY(%(units)s)
     ORDER BY s.unit_id, c.seq DESC
)
SELECT r.unit_id, count(DISTINCT r.indicator_id)
  FROM communes_change c
  JOIN criteria_result r ON r.change_id = c.id
  JOIN sent ON sent.unit_id = r.unit_id AND sent.act = 'submit'
 WHERE c.clock_id = %(clock)s AND c.seq > (SELECT min(seq) FROM sent)
   AND c.seq > sent.seq AND r.true_from <= %(month)s
 GROUP BY r.unit_id
"""


@dataclass(frozen=True, kw_only=True)
class Waited:
    """A commune of the programme whose month did not come in, or was sent back.

    `officers` are those who may send it in today; nobody: the commune has no account yet.
    """

    version: UnitVersion
    returned: Submission | None
    officers: tuple[User, ...]


@dataclass(frozen=True, kw_only=True)
class Submissions:
    """A province's month: communes that sent in and those waited for, and from when it is late."""

    month: date
    today: date
    communes: int
    waited: tuple[Waited, ...]

    @property
    def deadline(self) -> date:
        return submitting.deadline(self.month)

    @property
    def late(self) -> bool:
        """Whether the deadline has passed; whoever has not sent in is late from then on."""
        return self.today > self.deadline

    @property
    def sent(self) -> int:
        return self.communes - len(self.waited)

    @property
    def sent_back(self) -> int:
        """Communes whose month was returned and not sent in again."""
        return sum(one.returned is not None for one in self.waited)


def submissions(province: UnitVersion, month: date, *, today: date) -> Submissions:
    """How far a month has come in; a fixed number of queries."""
    communes = list(units.communes_in_programme(province, month))
    acts = submitting.last_acts([one.unit_id for one in communes], month)
    open_ones = [
        one
        for one in communes
        if one.unit_id not in acts or acts[one.unit_id].act != submitting.SUBMIT
    ]
    officers = officers_of([one.unit_id for one in open_ones])
    return Submissions(
        month=month,
        today=today,
        communes=len(communes),
        waited=tuple(
            Waited(
                version=one,
                returned=acts.get(one.unit_id),
                officers=tuple(officers.get(one.unit_id, ())),
            )
            for one in open_ones
        ),
    )


def officers_of(unit_ids: Collection[int]) -> dict[int, list[User]]:
    """Commune → the officers whose account is open today; one query."""
    held = Assignment.objects.alive_on(timezone.localdate()).filter(
        unit_id__in=unit_ids, role=Role.COMMUNE, user__is_active=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for assignment in held.select_related("user").order_by("pk"):
        found[assignment.unit_id].append(assignment.user)
    return found


def saved_after_sending(clock: str, unit_ids: Collection[int], month: date) -> dict[int, int]:
    """Commune → cells saved after its submission of the month that stands; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SAVED_AFTER, {"month": month, "units": list(unit_ids), "clock": clock})
        return dict(cursor.fetchall())
