"""The questions asked everywhere about units, each with a day; a day not loaded is refused."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from communes.models import COUNTRY_CODE, RegisterPeriod, Tier, Unit, UnitVersion
from communes.models.units import UnitVersionQuerySet
from communes.vietnamese import format_date


class DateNotLoaded(LookupError):
    """The register of units has not been loaded for this day: refused, never counted."""

    def __init__(self, day: date, *, clock: str = COUNTRY_CODE) -> None:
        self.day = day
        loaded = RegisterPeriod.objects.filter(clock_id__in={COUNTRY_CODE, clock})
        spans = sorted(loaded.values_list("valid", flat=True), key=lambda x: x.lower or date.min)
        known = (
            "; ".join(_span(span.lower, span.upper) for span in spans) or "chưa có thời gian nào"
        )
        super().__init__(
            f"Chưa nạp đơn vị hành chính của ngày {format_date(day)}"
            f" (chưa nạp đơn vị của ngày này). Đã nạp: {known}."
        )


class UnknownUnit(LookupError):
    """No such unit on this day; the message says when the code was in use, if ever."""


def require_day(day: date, *, clock: str) -> None:
    """Refuse a day that neither the national register nor this province's covers."""
    if not _periods(day, {COUNTRY_CODE, clock}).exists():
        raise DateNotLoaded(day, clock=clock)


def require_day_of(version: UnitVersion, day: date) -> None:
    """:func:`require_day` for a unit; asked once for each version and day."""
    asked: set[date] = version.__dict__.setdefault("_loaded_days", set())
    if day not in asked:
        require_day(day, clock=version.unit.clock_id)
        asked.add(day)


def last_loaded_day(version: UnitVersion, day: date) -> date:
    """`day`, or the last day before it for which the unit's register was loaded.

    A day before everything loaded is answered as it is, and refused by whoever counts on it.
    """
    clocks = {COUNTRY_CODE, version.unit.clock_id}
    periods = RegisterPeriod.objects.filter(clock_id__in=clocks).values_list("valid", flat=True)
    ends = [
        day if period.upper is None else min(day, period.upper - timedelta(days=1))
        for period in periods
        if period.lower is None or period.lower <= day
    ]
    if not ends:
        return day
    version.__dict__.setdefault("_loaded_days", set()).add(max(ends))
    return max(ends)


def find(code: str, on: date) -> UnitVersion:
    """The unit that bore `code` on the day.

    Raises DateNotLoaded, or UnknownUnit saying when the code was in use.
    """
    version = _alive_where_loaded(on).filter(code=code).first()
    if version is None:
        other_days = list(UnitVersion.objects.filter(code=code).select_related("unit"))
        require_day(on, clock=other_days[0].unit.clock_id if other_days else COUNTRY_CODE)
        raise UnknownUnit(_not_alive(f"mang mã {code}", on, other_days))
    return _checked(version, on)


def version_of(unit_id: int, on: date) -> UnitVersion:
    """What the unit was called, and under whom it stood, on the day.

    Raises DateNotLoaded, or UnknownUnit when the unit was not alive.
    """
    version = _alive_where_loaded(on).filter(unit_id=unit_id).first()
    if version is None:
        unit = Unit.objects.filter(pk=unit_id).first()
        require_day(on, clock=unit.clock_id if unit else COUNTRY_CODE)
        lives = list(unit.versions.all()) if unit else []
        raise UnknownUnit(
            _not_alive(f"có khóa {unit.key}" if unit else f"mang số {unit_id}", on, lives)
        )
    return _checked(version, on)


def province_of(version: UnitVersion, on: date | None = None) -> UnitVersion:
    """The province the version falls in; a province answers itself.

    Asked once for each version and day. Without a day: as the province was called last while
    the version was in force.
    Raises UnknownUnit for the country.
    """
    if version.unit_id == version.province_id and (on is None or on in version.valid):
        return version
    if version.province_id is None:
        raise UnknownUnit(f"{version.full_name} không thuộc tỉnh nào")
    if on is not None:
        asked: dict[date, UnitVersion] = version.__dict__.setdefault("_provinces", {})
        if on not in asked:
            asked[on] = version_of(version.province_id, on)
        return asked[on]
    during = UnitVersion.objects.filter(
        unit_id=version.province_id, valid__overlap=version.valid
    ).select_related("unit__clock")
    return during.order_by("-valid")[0]


def communes_in_programme(version: UnitVersion, on: date) -> UnitVersionQuerySet:
    """Communes inside `version` that take part in the programme, in alphabetical order."""
    require_day_of(version, on)
    inside = UnitVersion.objects.alive_on(on).within(version).in_programme(on)
    return inside.order_by("sort_key", "code")


def districts_of(province: UnitVersion, on: date) -> UnitVersionQuerySet:
    """Districts of the province on the day, in alphabetical order; none since 1/7/2025."""
    require_day_of(province, on)
    districts = UnitVersion.objects.alive_on(on).filter(
        parent_id=province.unit_id, unit__tier=Tier.DISTRICT
    )
    return districts.order_by("sort_key", "code")


def ancestors(version: UnitVersion, on: date) -> list[UnitVersion]:
    """Province and district above the version on the day, the province first."""
    if version.unit.tier in (Tier.COUNTRY, Tier.PROVINCE):
        return []
    above = {version.parent_id, version.province_id}
    alive = UnitVersion.objects.alive_on(on).filter(unit_id__in=above)
    return sorted(
        (item for item in alive if item.unit.tier != Tier.COUNTRY),
        key=lambda item: item.unit_id != version.province_id,
    )


def _periods(day: date, clocks: set[str]) -> QuerySet[RegisterPeriod]:
    return RegisterPeriod.objects.filter(clock_id__in=clocks, valid__contains=day)


def _alive_where_loaded(day: date) -> UnitVersionQuerySet:
    """Versions alive on the day, each saying whether its province's register covers it."""
    own_or_national = Q(clock_id=OuterRef("unit__clock_id")) | Q(clock_id=COUNTRY_CODE)
    covering = RegisterPeriod.objects.filter(own_or_national, valid__contains=day)
    return UnitVersion.objects.alive_on(day).annotate(day_loaded=Exists(covering))


def _checked(version: UnitVersion, day: date) -> UnitVersion:
    if not version.day_loaded:
        raise DateNotLoaded(day, clock=version.unit.clock_id)
    version.__dict__["_loaded_days"] = {day}
    return version


def _not_alive(what: str, day: date, lives: list[UnitVersion]) -> str:
    text = f"Ngày {format_date(day)} không có đơn vị nào {what}"
    if not lives:
        return text
    lives.sort(key=lambda life: life.starts_on or date.min)
    when = "; ".join(
        f"{life.full_name} {_span(life.starts_on, life.valid.upper)}" for life in lives
    )
    return f"{text}. Trước hoặc sau đó: {when}"


def _span(first: date | None, end: date | None) -> str:
    """The half-open stretch as people say it, with its last day."""
    start = f"từ {format_date(first)}" if first else ""
    stop = f"đến {format_date(end - timedelta(days=1))}" if end else ""
    return f"{start} {stop}".strip() or "luôn luôn"
