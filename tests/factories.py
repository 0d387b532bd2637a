"""Rows for tests: everything is defaulted, a test names only what matters to it.

The default world is one country, Hà Giang, its district Đồng Văn and numbered communes, alive
at all times, with every day loaded in the register.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from communes.models import (
    COUNTRY_CODE,
    DataClock,
    Department,
    Kind,
    RegisterPeriod,
    Tier,
    Unit,
    UnitAttribute,
    UnitVersion,
    User,
)
from communes.vietnamese import fold, sort_key

ALWAYS = DateRange(None, None, "[)")
_numbers = count(1)


def days(first: date | None = None, until: date | None = None) -> DateRange:
    """The stretch from `first` to before `until`; None leaves that end open."""
    return DateRange(first, until, "[)")


def make_clock(*, code: str = COUNTRY_CODE) -> DataClock:
    return DataClock.objects.get_or_create(code=code)[0]


def make_register_period(
    *, clock: str = COUNTRY_CODE, valid: DateRange = ALWAYS, note: str = "thử"
) -> RegisterPeriod:
    make_clock(code=clock)
    return RegisterPeriod.objects.create(clock_id=clock, valid=valid, note=note)


def make_version(
    *,
    code: str,
    name: str,
    kind: str,
    tier: str,
    clock: str,
    valid: DateRange = ALWAYS,
    parent: UnitVersion | None = None,
    unit: Unit | None = None,
) -> UnitVersion:
    """A version of `unit`, or of a new unit."""
    make_clock(code=clock)
    if unit is None:
        key = code if tier == Tier.COUNTRY else f"{code}@{valid.lower or date(2017, 1, 1)}"
        unit = Unit.objects.create(key=key, tier=tier, clock_id=clock)
    province_id = unit.id if tier == Tier.PROVINCE else parent and parent.province_id
    version = UnitVersion(
        unit=unit,
        valid=valid,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent and parent.unit_id,
        province_id=province_id,
        sort_key=sort_key(name),
        search_key=fold(name),
    )
    version.save()
    return version


def make_country(*, valid: DateRange = ALWAYS, loaded: DateRange | None = ALWAYS) -> UnitVersion:
    """The country, made once; `loaded` is the register's period (None: nothing loaded)."""
    there = UnitVersion.objects.filter(code=COUNTRY_CODE).select_related("unit").first()
    if there is not None:
        return there
    country = make_version(
        code=COUNTRY_CODE,
        name="Cả nước",
        kind=Kind.COUNTRY,
        tier=Tier.COUNTRY,
        clock=COUNTRY_CODE,
        valid=valid,
    )
    if loaded is not None:
        make_register_period(valid=loaded)
    return country


def make_province(
    *,
    code: str = "02",
    name: str = "Hà Giang",
    kind: str = Kind.PROVINCE,
    clock: str = "08",
    region: str | None = "tdmnpb",
    valid: DateRange = ALWAYS,
    unit: Unit | None = None,
) -> UnitVersion:
    """A province under the country, with its region over the same stretch."""
    province = make_version(
        code=code,
        name=name,
        kind=kind,
        tier=Tier.PROVINCE,
        clock=clock,
        valid=valid,
        parent=make_country(),
        unit=unit,
    )
    if region is not None:
        make_attribute(unit=province.unit, key="region", value=region, valid=valid)
    return province


def make_district(
    *,
    province: UnitVersion | None = None,
    code: str = "026",
    name: str = "Đồng Văn",
    kind: str = Kind.RURAL_DISTRICT,
    valid: DateRange | None = None,
    unit: Unit | None = None,
) -> UnitVersion:
    province = province or make_province()
    return make_version(
        code=code,
        name=name,
        kind=kind,
        tier=Tier.DISTRICT,
        clock=province.unit.clock_id,
        valid=valid or province.valid,
        parent=province,
        unit=unit,
    )


def make_commune(
    *,
    parent: UnitVersion | None = None,
    code: str | None = None,
    name: str | None = None,
    kind: str = Kind.COMMUNE,
    valid: DateRange | None = None,
    unit: Unit | None = None,
) -> UnitVersion:
    """A commune under a district, or under a province since 2025."""
    parent = parent or make_district()
    number = next(_numbers)
    return make_version(
        code=code or f"{90000 + number:05d}",
        name=name or f"Số {number}",
        kind=kind,
        tier=Tier.COMMUNE,
        clock=parent.unit.clock_id,
        valid=valid or parent.valid,
        parent=parent,
        unit=unit,
    )


def make_attribute(
    *, unit: Unit, key: str, value: str, valid: DateRange = ALWAYS, unverified: bool = False
) -> UnitAttribute:
    return UnitAttribute.objects.create(
        unit=unit, key=key, value=value, valid=valid, source="thử", unverified=unverified
    )


def make_user(*, username: str | None = None, display_name: str = "", **more: object) -> User:
    """A person who may sign in with the password "mat-khau-thu"."""
    return User.objects.create(
        username=username or f"nguoi-dung-{next(_numbers)}",
        password=_hash_of("mat-khau-thu"),
        display_name=display_name or "Người dùng thử",
        **more,
    )


@cache
def _hash_of(password: str) -> str:
    """Hashed as in an office, which takes long on purpose; so once only."""
    return make_password(password)


def make_department(*, code: str | None = None, name: str = "Sở Công Thương") -> Department:
    return Department.objects.create(code=code or f"so-{next(_numbers)}", name=name)
