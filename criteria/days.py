"""Which unit and day a page is about when its address names a code and perhaps a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from communes import units
from communes.models import RegisterPeriod, Tier, UnitVersion
from criteria import months
from criteria.models import SetAdoption


def read_day(text: str | None) -> date | None:
    """The day named in an address as 2018-12-31; None when none is named.

    Raises ValueError with a message when it is not a day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” không phải là ngày; hãy ghi dạng 2018-12-31.") from error


def unit_on(code: str, on: date | None) -> tuple[UnitVersion, date]:
    """The unit with this code on `on`, or on the day that the page opens with.

    Without a day: the end of its province's working month where it has results; otherwise
    today, or the last day of its life that the register knows.

    Raises units.DateNotLoaded and units.UnknownUnit.
    """
    if on is None:
        on = default_day(code)
    return units.find(code, on), on


def default_day(code: str) -> date:
    """The day that pages of the unit with this code open with."""
    versions = UnitVersion.objects.filter(code=code).select_related(
        "unit__clock", "province__clock"
    )
    for version in versions:
        province = version.unit if version.unit.tier == Tier.PROVINCE else version.province
        if province and SetAdoption.objects.filter(province=province).exists():
            working = months.month_end(months.working_day(province))
            if _alive(version, working):
                return working
    today = timezone.localdate()
    ends = [version.last_day for version in versions]
    if not ends or None in ends:
        return today
    return _last_loaded(max(end for end in ends if end is not None))


def _alive(version: UnitVersion, day: date) -> bool:
    return (version.valid.lower is None or version.valid.lower <= day) and (
        version.valid.upper is None or day < version.valid.upper
    )


def _last_loaded(day: date) -> date:
    """`day`, or the last day before it whose units were loaded."""
    best = date.min
    for period in RegisterPeriod.objects.filter(clock_id="VN"):
        if period.valid.lower <= day:
            upper = period.valid.upper
            best = max(best, day if upper is None else min(day, upper - timedelta(days=1)))
    return day if best == date.min else best
