"""Month-end series of a unit: closed months as frozen, open ones by look-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max

from communes import units
from communes.models import Unit, UnitVersion
from criteria import months, sets
from criteria.figures import figures
from criteria.models import Basis, MonthClosing, MonthFigure
from reports.models import PreparedSeries


@dataclass(frozen=True, kw_only=True)
class Point:
    """A unit at one month-end: criteria met over communes, and how many were recognised."""

    month: date
    communes: int
    recognised: int
    criteria_met: int
    assessed: int
    closed: bool
    brackets: tuple[tuple[str, int], ...] = ()

    @property
    def average(self) -> Decimal | None:
        if not self.communes or not self.assessed:
            return None
        return Decimal(self.criteria_met) / Decimal(self.communes)


def closed_points(unit_id: int, province_id: int, set_id: int, basis: Basis) -> list[Point]:
    """Every closed month-end of a province or district, oldest first; one query."""
    rows = (
        MonthFigure.objects.filter(
            unit_id=unit_id,
            set_id=set_id,
            basis=basis,
            closing__in=MonthClosing.objects.holding().filter(province_id=province_id),
        )
        .order_by("closing__month")
        .values_list("closing__month", "figures")
    )
    return [
        Point(
            month=month,
            communes=stored["communes"],
            recognised=stored["recognised"],
            criteria_met=stored["criteria_met"],
            assessed=stored["assessed"],
            closed=True,
            brackets=tuple((b["label"], b["communes"]) for b in stored["brackets"]),
        )
        for month, stored in rows
    ]


def series(
    version: UnitVersion, province: UnitVersion, set_id: int, basis: Basis, *, until: date
) -> list[Point]:
    """The month-ends up to `until`, oldest first, without the working month.

    What the worker made ready is used while no closing or reopening is younger than it.
    """
    prepared = PreparedSeries.objects.filter(
        unit_id=version.unit_id, set_id=set_id, basis=basis
    ).first()
    if prepared is not None and prepared.seq >= last_closing_seq(province.unit_id):
        points = [_point(stored) for stored in prepared.points]
    else:
        points = closed_points(version.unit_id, province.unit_id, set_id, basis)
    return [point for point in points if point.month <= until]


def last_closing_seq(province_id: int) -> int:
    """The number of the latest closing or reopening of a province; 0 without any."""
    found = MonthClosing.objects.filter(province_id=province_id).aggregate(
        closed=Max("change__seq"), reopened=Max("reopening__change__seq")
    )
    return max(found["closed"] or 0, found["reopened"] or 0)


def prepare(province: Unit) -> int:
    """Make the series of a province and its districts ready; returns how many were written.

    Writes nothing when the province has recorded nothing since the last time.
    """
    seq = province.clock.seq
    done = PreparedSeries.objects.filter(unit=province).aggregate(Max("seq"))["seq__max"]
    if done is not None and done >= seq:
        return 0
    working = months.month_end(months.working_day(province))
    adopted = sets.headline_set(province.pk, working)
    if adopted is None:
        return 0
    top = units.version_of(province.pk, working)
    rows = []
    for version in (top, *units.districts_of(top, working)):
        for basis in Basis:
            points = closed_points(version.unit_id, province.pk, adopted.pk, basis)
            points += _open_months(version, basis, points, until=working)
            rows.append(
                PreparedSeries(
                    unit_id=version.unit_id,
                    set=adopted,
                    basis=basis,
                    seq=seq,
                    points=[
                        asdict(point) | {"month": point.month.isoformat()}
                        for point in sorted(points, key=lambda point: point.month)
                    ],
                )
            )
    PreparedSeries.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit", "set", "basis"],
        update_fields=["seq", "points", "prepared_at"],
    )
    return len(rows)


def _open_months(
    version: UnitVersion, basis: Basis, closed: Iterable[Point], *, until: date
) -> list[Point]:
    """Months between the first closed one and the working month that are open (again)."""
    known = {point.month for point in closed}
    if not known:
        return []
    found = []
    month = min(known)
    while month < until:
        if month not in known:
            answer = figures(version, month)
            tally = answer.confirmed if basis == Basis.CONFIRMED else answer.reported
            found.append(
                Point(
                    month=month,
                    communes=tally.communes,
                    recognised=tally.recognised,
                    criteria_met=tally.criteria_met,
                    assessed=tally.assessed,
                    closed=False,
                    brackets=tuple((b.label, b.communes) for b in tally.brackets),
                )
            )
        month = months.month_end(month + timedelta(days=1))
    return found


def _point(stored: dict[str, object]) -> Point:
    fields = dict(stored)
    fields["month"] = date.fromisoformat(str(fields["month"]))
    fields["brackets"] = tuple(tuple(pair) for pair in fields["brackets"])  # type: ignore[attr-defined]
    return Point(**fields)  # type: ignore[arg-type]
