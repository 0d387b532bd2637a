"""Month-end series of a unit over all its sets: closed months as frozen, open ones by look-up.

Each point names the set it was counted by: the one that the province led with that month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from communes import units
from communes.models import Unit, UnitVersion
from criteria import days, headlines, months
from criteria.figures import Figures, figures
from criteria.headlines import Lead, lead_on
from criteria.models import Basis, MonthClosing, MonthFigure, MonthStanding
from criteria.rules.status import TIERS
from criteria.rules.types import Tally
from reports.models import PreparedSeries


@dataclass(frozen=True, kw_only=True)
class Point:
    """A unit at one month-end: criteria met over communes, and how many were recognised.

    `of` is the number of criteria of the set it was counted by, `criteria` (number of a criterion,
    communes that meet it), `tiers` (tier above the first, communes that hold just that one).
    """

    month: date
    set_id: int
    of: int
    communes: int
    recognised: int
    criteria_met: int
    assessed: int
    closed: bool
    brackets: tuple[tuple[str, int], ...] = ()
    criteria: tuple[tuple[int, int], ...] = ()
    tiers: tuple[tuple[str, int], ...] = ()

    @property
    def average(self) -> Decimal | None:
        if not self.communes or not self.assessed:
            return None
        return Decimal(self.criteria_met) / Decimal(self.communes)


def point_of(answer: Figures, tally: Tally) -> Point:
    """An answer of the day as a point that is not closed."""
    return Point(
        month=answer.on,
        set_id=answer.asked.set_id,
        of=len(answer.asked.criteria),
        communes=tally.communes,
        recognised=tally.recognised,
        criteria_met=tally.criteria_met,
        assessed=tally.assessed,
        closed=False,
        brackets=tuple((b.label, b.communes) for b in tally.brackets),
        criteria=tuple((c.number, c.met) for c in tally.criteria),
        tiers=_tiers(row.recognised_tier for row in answer.rows if row.in_programme),
    )


def _tiers(held: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many communes hold each tier above the first, lowest first."""
    counts = Counter(held)
    return tuple((tier, counts[tier]) for tier in TIERS[1:] if counts[tier])


def added(points: Sequence[Point]) -> Point:
    """The sum of several units at one month-end under one set; closed when all of them are."""
    return replace(
        points[0],
        communes=sum(point.communes for point in points),
        recognised=sum(point.recognised for point in points),
        criteria_met=sum(point.criteria_met for point in points),
        assessed=sum(point.assessed for point in points),
        closed=all(point.closed for point in points),
        brackets=_sums(point.brackets for point in points),
        criteria=_sums(point.criteria for point in points),
        tiers=_sums(point.tiers for point in points),
    )


def _sums[Key](counts: Iterable[Iterable[tuple[Key, int]]]) -> tuple[tuple[Key, int], ...]:
    found: dict[Key, int] = {}
    for pairs in counts:
        for key, number in pairs:
            found[key] = found.get(key, 0) + number
    return tuple(found.items())


def closed_points(unit_id: int, province_id: int, basis: Basis) -> dict[int, list[Point]]:
    """Every closed month-end of a province or district, oldest first, by set; one query."""
    found: dict[int, list[Point]] = defaultdict(list)
    rows = _closed(unit_id, province_id, basis).order_by("closing__month")
    for row in rows.values_list(*_CLOSED):
        found[row[0]].append(_closed_point(*row))
    return found


def _closed(
    unit_id: int, province_id: int, basis: Basis, at: datetime | None = None
) -> QuerySet[MonthFigure]:
    holding = MonthClosing.objects.holding(at).filter(province_id=province_id)
    frozen = MonthFigure.objects.filter(unit_id=unit_id, basis=basis, closing__in=holding)
    return frozen.annotate(held=ArraySubquery(_above_the_first(unit_id, province_id)))


_CLOSED = ("set_id", "closing__month", "figures", "held")


def _above_the_first(unit_id: int, province_id: int) -> QuerySet[MonthStanding, str]:
    """The tiers above the first that communes of the unit held when a month was closed."""
    rows = MonthStanding.objects.filter(
        closing=OuterRef("closing"),
        set=OuterRef("set"),
        in_programme=True,
        recognised_tier__in=TIERS[1:],
    )
    if unit_id != province_id:
        rows = rows.filter(district=unit_id)
    return rows.values_list("recognised_tier", flat=True)


def _closed_point(set_id: int, month: date, stored: dict[str, Any], held: list[str]) -> Point:
    """A month as it was frozen."""
    return Point(
        month=month,
        set_id=set_id,
        of=len(stored["criteria"]),
        communes=stored["communes"],
        recognised=stored["recognised"],
        criteria_met=stored["criteria_met"],
        assessed=stored["assessed"],
        closed=True,
        brackets=tuple((b["label"], b["communes"]) for b in stored["brackets"]),
        criteria=tuple((c["number"], c["met"]) for c in stored["criteria"]),
        tiers=_tiers(held),
    )


def series(
    unit_id: int,
    province_id: int,
    leads: Sequence[Lead],
    basis: Basis,
    *,
    until: date,
    at: datetime | None = None,
) -> list[Point]:
    """The month-ends up to `until`, oldest first, each by the set of its time.

    The working month is not among them. What the worker made ready is used while no closing
    or reopening is younger than it; else, with a second query, the closed months themselves.
    With `at` they are the months that were closed at that moment.
    """
    found: list[Point] = []
    if at is None:
        fresh = PreparedSeries.objects.filter(
            unit_id=unit_id, basis=basis, seq__gte=_last_closing_seq(province_id)
        )
        found = [
            _point(stored) for points in fresh.values_list("points", flat=True) for stored in points
        ]
    if not found:
        closed = _closed(unit_id, province_id, basis, at).filter(_in_their_time(leads))
        found = [_closed_point(*row) for row in closed.values_list(*_CLOSED)]
    leading = [
        point
        for point in found
        if point.month <= until
        and (lead := lead_on(leads, point.month)) is not None
        and lead.set_id == point.set_id
    ]
    return sorted(leading, key=lambda point: point.month)


def _in_their_time(leads: Iterable[Lead]) -> Q:
    """Only the months of each set in which the province led with it."""
    chosen = Q(pk__in=[])
    for lead in leads:
        month = Q(set_id=lead.set_id, closing__month__gte=lead.from_on)
        if lead.until is not None:
            month &= Q(closing__month__lt=lead.until)
        chosen |= month
    return chosen


def _last_closing_seq(province_id: int) -> Func:
    """The number of the latest closing or reopening of a province, inside a query."""
    closings = MonthClosing.objects.filter(province_id=province_id).order_by().values("province")
    latest = closings.annotate(
        seq=Greatest(Max("change__seq"), Coalesce(Max("reopening__change__seq"), Value(0)))
    )
    return Coalesce(Subquery(latest.values("seq")), Value(0))


def prepare(province: Unit) -> int:
    """Make the series of a province and its districts ready; returns how many were written.

    One for each set that months were closed under, headline or not: which set led when is
    decided by whoever reads. Writes nothing when the province has recorded nothing since the
    last time.
    """
    seq = province.clock.seq
    done = PreparedSeries.objects.filter(unit=province).aggregate(Max("seq"))["seq__max"]
    if done is not None and done >= seq:
        return 0
    top, opened = days.openings([province.pk])[province.pk]
    day = units.last_loaded_day(top, opened)
    leads = headlines.leads(province.pk)
    rows = []
    for version in (top, *units.districts_of(top, day)):
        for basis in Basis:
            by_set = closed_points(version.unit_id, province.pk, basis)
            for point in _open_months(version, basis, by_set, leads, until=day):
                by_set[point.set_id].append(point)
            rows += [
                PreparedSeries(
                    unit_id=version.unit_id,
                    set_id=set_id,
                    basis=basis,
                    seq=seq,
                    points=[
                        asdict(point) | {"month": point.month.isoformat()}
                        for point in sorted(points, key=lambda point: point.month)
                    ],
                )
                for set_id, points in by_set.items()
            ]
    PreparedSeries.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit", "set", "basis"],
        update_fields=["seq", "points", "prepared_at"],
    )
    return len(rows)


def _open_months(
    version: UnitVersion,
    basis: Basis,
    closed: dict[int, list[Point]],
    leads: Sequence[Lead],
    *,
    until: date,
) -> list[Point]:
    """Months between the first closed one and the month of `until` that are open (again)."""
    known = {(point.set_id, point.month) for points in closed.values() for point in points}
    if not known:
        return []
    found = []
    month = min(month for _, month in known)
    while month < months.month_end(until):
        lead = lead_on(leads, month)
        if lead is not None and (lead.set_id, month) not in known:
            with suppress(units.DateNotLoaded):
                answer = figures(version, month)
                tally = answer.confirmed if basis == Basis.CONFIRMED else answer.reported
                found.append(point_of(answer, tally))
        month = months.month_end(month + timedelta(days=1))
    return found


def _point(stored: dict[str, object]) -> Point:
    fields = dict(stored)
    fields["month"] = date.fromisoformat(str(fields["month"]))
    for counts in ("brackets", "criteria", "tiers"):
        fields[counts] = tuple(tuple(pair) for pair in fields.get(counts, ()))  # type: ignore[attr-defined]
    return Point(**fields)  # type: ignore[arg-type]
