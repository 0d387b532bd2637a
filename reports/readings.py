"""The two readings of a series: on the units of their time, and on the units of today.

On today's units a merged province goes back to the sum of those it was made of: numerators and
denominators added, and only where every one of them has a figure under the same set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from communes.lineage import Kin, Lineage
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date
from criteria import headlines
from criteria.headlines import Lead
from criteria.models import Basis
from criteria.months import month_end
from reports import series
from reports.series import Point


class Reading(StrEnum):
    """Which units a series of the past is told on."""

    THEN = "then"
    TODAY = "today"

    @property
    def label(self) -> str:
        """The words of the screen."""
        when = "lúc báo cáo" if self is Reading.THEN else "hiện nay"
        return f"Theo đơn vị hành chính {when}"

    @classmethod
    def asked(cls, text: str | None) -> Reading:
        """The reading named in an address; that of the time where none or no such is named."""
        return cls.TODAY if text == cls.TODAY else cls.THEN


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A series on today's units. `holes` are the months that could not be added, `gaps` why.

    `begins` is the first day of the unit itself; `members` are the units added before it.
    """

    points: list[Point]
    holes: frozenset[date] = frozenset()
    gaps: tuple[str, ...] = ()
    begins: date | None = None
    members: tuple[UnitVersion, ...] = ()
    leads: tuple[Lead, ...] = ()


def joined(
    unit: UnitVersion,
    own: Sequence[Point],
    lineage: Lineage,
    basis: Basis,
    *,
    until: date,
    at: datetime | None = None,
) -> Joined:
    """The series of a province or district together with those it was made of."""
    begins = min((edge.day for edge in lineage.before(unit.unit_id)), default=None)
    if begins is None:
        return Joined(points=list(own))
    members = _last_versions(lineage.predecessors(unit.unit_id))
    provinces = {pk: version.province_id or pk for pk, version in members.items()}
    leads = headlines.leads_of(set(provinces.values()))
    found = {
        pk: {
            point.month: point
            for point in series.series(
                pk, provinces[pk], leads[provinces[pk]], basis, until=until, at=at
            )
        }
        for pk in members
    }
    known = [month for points in found.values() for month in points if month < begins]
    if not known:
        names = _names(members.values(), unit)
        unknown = f"Trước {format_date(begins)}: chưa có số liệu của {names} để cộng."
        return Joined(points=list(own), gaps=(unknown,), begins=begins)
    added: list[Point] = []
    missing: list[tuple[date, str]] = []
    for month in _months(min(known), min(begins - timedelta(days=1), until)):
        origins = lineage.origins(unit.unit_id, month)
        why = _why_not(origins, {pk: found[pk].get(month) for pk in origins}, members, unit)
        if why:
            missing.append((month, why))
        else:
            added.append(series.added([found[pk][month] for pk in origins]))
    return Joined(
        points=[*added, *(point for point in own if point.month >= begins)],
        holes=frozenset(month for month, _ in missing),
        gaps=_told(missing),
        begins=begins,
        members=tuple(sorted(members.values(), key=lambda version: version.sort_key)),
        leads=tuple(
            sorted({x for found in leads.values() for x in found}, key=lambda x: x.from_on)
        ),
    )


def _last_versions(unit_ids: Iterable[int]) -> dict[int, UnitVersion]:
    """What each unit was called last."""
    rows = UnitVersion.objects.filter(
        unit_id__in=list(unit_ids), unit__tier__in=[Tier.PROVINCE, Tier.DISTRICT]
    )
    return {row.unit_id: row for row in rows.select_related("unit__clock").order_by("valid")}


def _why_not(
    origins: Mapping[int, Kin],
    points: Mapping[int, Point | None],
    members: Mapping[int, UnitVersion],
    unit: UnitVersion,
) -> str:
    """Why the points of a month cannot be added; "" when they can."""
    split = [members[pk] for pk, kin in origins.items() if not kin.whole]
    if split:
        return f"{_names(split, unit)} chỉ nhập một phần nên không cộng được"
    absent = [members[pk] for pk, point in points.items() if point is None]
    if absent:
        return f"thiếu số liệu của {_names(absent, unit)}"
    if len({point.set_id for point in points.values() if point}) > 1:
        return f"{_names([members[pk] for pk in points], unit)} tính theo bộ tiêu chí khác nhau"
    return ""


def _names(versions: Iterable[UnitVersion], unit: UnitVersion) -> str:
    """Units in alphabetical order; one that shares the name of `unit` is told apart."""
    ordered = sorted(versions, key=lambda version: version.sort_key)
    return ", ".join(
        version.full_name + (" (cũ)" if version.full_name == unit.full_name else "")
        for version in ordered
    )


def _months(first: date, until: date) -> list[date]:
    """Every month-end from `first` up to `until`."""
    found = [first]
    while (following := month_end(found[-1] + timedelta(days=1))) <= until:
        found.append(following)
    return found


def _told(missing: Sequence[tuple[date, str]]) -> tuple[str, ...]:
    """ "12/2016–11/2019: thiếu số liệu của …", one for each stretch with the same reason."""
    stretches: list[tuple[date, date, str]] = []
    for month, why in missing:
        if stretches and stretches[-1][2] == why and _follows(stretches[-1][1], month):
            stretches[-1] = (stretches[-1][0], month, why)
        else:
            stretches.append((month, month, why))
    return tuple(
        f"{first:%m/%Y}{f'–{last:%m/%Y}' if last != first else ''}: {why}, nên để trống."
        for first, last, why in stretches
    )


def _follows(month: date, later: date) -> bool:
    return month_end(month + timedelta(days=1)) == later
