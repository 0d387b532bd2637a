"""What interrupts the series of a unit: days on which its set or its communes changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from communes.models import COUNTRY_CODE, EventUnit, Kind, UnitEvent
from communes.vietnamese import format_date
from criteria.headlines import Lead
from reports.charts.timeline import Happening

_KINDS = {
    UnitEvent.Kind.RECLASSIFY: "đơn vị chuyển loại",
    UnitEvent.Kind.MOVE: "đơn vị chuyển địa bàn",
}
REARRANGED = "sắp xếp đơn vị hành chính"


@dataclass(frozen=True, kw_only=True)
class UnitChanges:
    """`communes`: days on which communes ended, began, changed kind or place in the unit.

    `unit_itself`: whether the unit has predecessors or successors of its own.
    """

    communes: tuple[Happening, ...]
    unit_itself: bool


def set_starts(leads: Iterable[Lead]) -> list[Happening]:
    """The days from which a set leads: "Từ 2022: Bộ 318/QĐ-TTg"."""
    return [
        Happening(day=lead.from_on, label=f"Từ {_begin(lead.from_on)}: {lead.label}")
        for lead in leads
    ]


def _begin(day: date) -> str:
    """A first day as short as it can be said: 2022, 07/2022, 08/03/2022."""
    if (day.month, day.day) == (1, 1):
        return f"{day.year}"
    return f"{day:%m/%Y}" if day.day == 1 else format_date(day)


_CHANGES = """
SELECT e.effective_on, e.kind, p.unit_id = ANY(%(units)s)
  FROM communes_unitevent e
  JOIN communes_eventunit p ON p.event_id = e.id
  JOIN communes_unitversion v ON v.unit_id = p.unit_id
 WHERE NOT e.withdrawn AND e.clock_id = ANY(%(clocks)s)
   AND ((p.unit_id = ANY(%(units)s)
         AND EXISTS (SELECT FROM communes_succession s
                      WHERE s.event_id = e.id AND p.unit_id IN (s.old_id, s.new_id)))
        OR (e.effective_on > %(after)s AND e.effective_on <= %(until)s
            AND (v.province_id = ANY(%(units)s) OR v.parent_id = ANY(%(units)s))
            AND v.kind = %(xa)s
            AND (v.valid @> e.effective_on OR v.valid @> e.effective_on - 1)
            AND (p.part <> %(changed)s OR e.kind = ANY(%(counted)s))))
 GROUP BY 1, 2, 3
 ORDER BY 1
"""


def unit_changes(unit_ids: Collection[int], clock: str, *, after: date, until: date) -> UnitChanges:
    """What happened to the xã of provinces or districts after one day and up to another.

    A name alone interrupts nothing. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGES,
            {
                "units": list(unit_ids),
                "clocks": [clock, COUNTRY_CODE],
                "after": after,
                "until": until,
                "xa": Kind.COMMUNE,
                "changed": EventUnit.Part.CHANGED,
                "counted": list(_KINDS),
            },
        )
        rows = list(cursor)
    kinds: dict[date, set[str]] = {}
    for day, kind, itself in rows:
        if not itself:
            kinds.setdefault(day, set()).add(kind)
    return UnitChanges(
        communes=tuple(
            Happening(day=day, label=f"{format_date(day)}: {_said(found)}")
            for day, found in sorted(kinds.items())
        ),
        unit_itself=any(itself for *_, itself in rows),
    )


def _said(kinds: Collection[str]) -> str:
    """One kind in its words, where nothing else happened that day."""
    if len(kinds) == 1:
        return _KINDS.get(UnitEvent.Kind(*kinds), REARRANGED)
    return REARRANGED
