"""Which unit and day a page is about when its address names a code and perhaps a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from communes import units
from communes.models import UnitVersion
from criteria import months

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
"""A day outside is a slip of the keyboard."""


def read_day(text: str | None) -> date | None:
    """The day named in an address as 2018-12-31 or 31/12/2018; None when none is named.

    Raises ValueError with a message when it is not a day.
    """
    if not text:
        return None
    try:
        written = "/" in text
        day = datetime.strptime(text, "%d/%m/%Y").date() if written else date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"“{text}” không phải là ngày; hãy ghi dạng 31/12/2018 hoặc 2018-12-31."
        ) from error
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"Năm {day.year} nằm ngoài khoảng {EARLIEST_YEAR}–{LATEST_YEAR}.")
    return day


type Opening = tuple[UnitVersion, date]
"""A unit as it is called on the day that its pages open with, and that day."""


def unit_on(code: str, on: date | None) -> Opening:
    """The unit with this code on `on`, or on the day that its pages open with.

    That day is brought back to the last one whose units were loaded.

    Raises units.DateNotLoaded and units.UnknownUnit.
    """
    if on is not None:
        return units.find(code, on), on
    versions = list(
        UnitVersion.objects.filter(code=code).select_related("unit__clock", "province__clock")
    )
    if not versions:
        return units.find(code, timezone.localdate()), timezone.localdate()
    version, day = _opening(versions, _working_month_ends(versions))
    return version, units.last_loaded_day(version, day)


def openings(unit_ids: Collection[int]) -> dict[int, Opening]:
    """What each unit is called and the day its pages open with, for many units at once."""
    versions = list(UnitVersion.objects.filter(unit_id__in=unit_ids).select_related("unit__clock"))
    ends = _working_month_ends(versions)
    by_unit: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in versions:
        by_unit[version.unit_id].append(version)
    return {unit_id: _opening(found, ends) for unit_id, found in by_unit.items()}


def has_ended(version: UnitVersion) -> bool:
    """Whether the unit, whatever it is called by then, is gone before its working month ends."""
    if version.valid.upper is None:
        return False
    ends = months.working_month_ends([version.province_id] if version.province_id else [])
    end = ends.get(version.province_id or 0, timezone.localdate())
    lives = UnitVersion.objects.filter(unit_id=version.unit_id)
    lasting = lives.filter(Q(valid__endswith=None) | Q(valid__endswith__gt=end))
    return not lasting.exists()


def _working_month_ends(versions: Iterable[UnitVersion]) -> dict[int, date]:
    return months.working_month_ends(v.province_id for v in versions if v.province_id)


def _opening(versions: Sequence[UnitVersion], ends: Mapping[int, date]) -> Opening:
    """The version alive at the end of its province's working month, if a set was adopted.

    Otherwise the last version: today, or on the last day of its life.
    """
    latest_first = sorted(versions, key=lambda v: v.valid.upper or date.max, reverse=True)
    for version in latest_first:
        end = ends.get(version.province_id or 0)
        if end is not None and end in version.valid:
            return version, end
    last = latest_first[0]
    return last, last.last_day or timezone.localdate()
