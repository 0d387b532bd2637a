"""What a person looks at when something is searched: the unit, day, moment, set and basis.

Whoever looks at 31/12/2018 and finds a commune is led to the commune of that day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from communes.models import COUNTRY_CODE, RegisterPeriod, Tier, UnitVersion
from criteria import knowledge, sets
from criteria.days import Opening, read_day
from criteria.models import Basis
from reports.screens import Moment

NAMES = ("at", "on", "known", "set", "basis")


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """As the page told it; None and "" where its address named nothing.

    `at` is the id of its unit, `known` its moment as an address names it.
    """

    at: int | None = None
    on: date | None = None
    known: str = ""
    set_code: str = ""
    basis: str = ""


NOTHING = LookedAt()


def read(given: Mapping[str, str]) -> LookedAt:
    """Out of an address; what is no unit, day, moment or basis is as if it were not said."""
    at, basis = given.get("at", ""), given.get("basis", "")
    return LookedAt(
        at=int(at) if at.isascii() and at.isdecimal() and len(at) < 10 else None,
        on=_day(given.get("on", "")),
        known=_moment(given.get("known", "")),
        set_code=given.get("set", ""),
        basis=basis if basis in Basis.values else "",
    )


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def _moment(text: str) -> str:
    try:
        found = knowledge.read(text)
    except ValueError:
        return ""
    return found.address if found else ""


def on_that_day(unit_ids: Collection[int], day: date) -> dict[int, Opening]:
    """The units that a page can show on the day, as they are called then; two queries."""
    periods = list(RegisterPeriod.objects.all())
    found = UnitVersion.objects.alive_on(day).filter(unit_id__in=unit_ids)
    return {one.unit_id: (one, day) for one in found if last_loaded(one, day, periods) == day}


def last_loaded(
    version: UnitVersion, until: date, periods: Collection[RegisterPeriod]
) -> date | None:
    """The last day, not after `until`, that the version lived and the register covers."""
    after = until + timedelta(days=1)
    stretches = [
        (
            max(version.valid.lower or date.min, period.valid.lower or date.min),
            min(version.valid.upper or after, period.valid.upper or after, after),
        )
        for period in periods
        if period.clock_id in (COUNTRY_CODE, version.unit.clock_id)
    ]
    ends = [end - timedelta(days=1) for begin, end in stretches if begin < end]
    return max(ends, default=None)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the pages that are found keep of the page looked at: on `day`, in `province_id`.

    Another province may not count by the set, another day may know nothing of the moment.
    """

    looked: LookedAt = NOTHING
    day: date | None = None
    province_id: int | None = None
    set_code: str = ""

    def query(self, unit: UnitVersion, on: date, *, set_code: str | None = None) -> str:
        """What the address of a page of the unit on that day goes on with.

        `set_code` takes the place of the set looked at.
        """
        said = [self.moment(on).query(), self.filters(unit, on, set_code=set_code)]
        return "&".join(filter(None, said))

    def moment(self, on: date) -> Moment:
        """The day, where one was chosen and it is this one, and the known moment of it."""
        return Moment(
            on=on if on == self.looked.on else None,
            known=self.looked.known if on == self.day else "",
        )

    def filters(self, unit: UnitVersion, on: date, *, set_code: str | None = None) -> str:
        """Set and basis, as a page of the unit on that day knows them."""
        there = on == self.day and unit.unit.tier != Tier.COUNTRY
        looked = self.set_of(unit) if there else ""
        kept = {
            "set": looked if set_code is None else set_code,
            "basis": self.looked.basis if there else "",
        }
        return urlencode({name: value for name, value in kept.items() if value})

    def set_of(self, unit: UnitVersion) -> str:
        """The set looked at, where the unit is judged by it."""
        same = (unit.province_id or unit.unit_id) == self.province_id
        return self.set_code if same else ""


NOTHING_KEPT = Kept()


def kept(looked: LookedAt, here: Opening | None) -> Kept:
    """What is kept by pages of the day of `here`, the unit looked at."""
    if here is None:
        return Kept(looked=looked, day=looked.on)
    unit, day = here
    province_id = unit.province_id or unit.unit_id
    adopted = sets.adopted_sets(province_id, day) if looked.set_code else []
    known = looked.set_code in {one.code for one in adopted}
    return Kept(
        looked=looked,
        day=looked.on or day,
        province_id=province_id,
        set_code=looked.set_code if known else "",
    )
