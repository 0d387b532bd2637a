"""Administrative units as legal identities, and what they were called when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from communes.models.audit import DataClock

COUNTRY_CODE = "VN"


class Tier(models.TextChoices):
    """Where a unit stands in the hierarchy; districts end on 30/6/2025."""

    COUNTRY = "country", "Cả nước"
    PROVINCE = "province", "Tỉnh, thành phố"
    DISTRICT = "district", "Huyện"
    COMMUNE = "commune", "Xã"


class Kind(models.TextChoices):
    """The legal kind of a unit over one stretch of time."""

    COUNTRY = "country", "Nước"
    PROVINCE = "tinh", "Tỉnh"
    CITY = "thanh_pho", "Thành phố"
    URBAN_DISTRICT = "quan", "Quận"
    RURAL_DISTRICT = "huyen", "Huyện"
    TOWN = "thi_xa", "Thị xã"
    COMMUNE = "xa", "Xã"
    WARD = "phuong", "Phường"
    TOWNSHIP = "thi_tran", "Thị trấn"
    SPECIAL_ZONE = "dac_khu", "Đặc khu"


class Unit(models.Model):
    """A legal identity: what a decision establishes and a later one ends.

    Results, recognitions and assignments point here. Code, name, kind and parent belong to
    a :class:`UnitVersion`; codes are reused, so a code alone never identifies a unit.
    """

    key = models.CharField(max_length=24, unique=True, help_text="Khóa trong tệp danh mục")
    tier = models.CharField(max_length=8, choices=Tier)
    clock = models.ForeignKey("communes.DataClock", models.PROTECT, related_name="units")

    clock_id: str

    class Meta:
        verbose_name = "đơn vị hành chính"
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="unit_tier_known")
        ]

    def __str__(self) -> str:
        return self.key


class UnitPoint(models.Model):
    """A point inside a commune, in degrees (WGS 84): enough for a schematic, no boundary."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="point", verbose_name="đơn vị"
    )
    longitude = models.FloatField()
    latitude = models.FloatField()

    class Meta:
        verbose_name = "điểm nằm trong xã"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.longitude:.4f} {self.latitude:.4f}"


class UnitVersionQuerySet(models.QuerySet["UnitVersion"]):
    """Versions are always asked for by a day; there is no undated list."""

    def alive_on(self, day: date) -> UnitVersionQuerySet:
        """Versions in force on `day` (first day included, last day excluded)."""
        return self.filter(valid__contains=day).select_related("unit__clock")

    def communes(self) -> UnitVersionQuerySet:
        """Only commune-level units: xã, phường, thị trấn, đặc khu."""
        return self.filter(unit__tier=Tier.COMMUNE)

    def within(self, version: UnitVersion) -> UnitVersionQuerySet:
        """Versions inside the given country, province, district or commune, itself included."""
        tier = version.unit.tier
        if tier == Tier.COUNTRY:
            return self
        if tier == Tier.PROVINCE:
            return self.filter(province_id=version.unit_id)
        return self.filter(Q(parent_id=version.unit_id) | Q(unit_id=version.unit_id))

    def in_programme(self, day: date) -> UnitVersionQuerySet:
        """Communes that take part in the programme on `day`.

        A dated attribute ``in_programme`` decides; without one, every xã takes part and no
        phường, thị trấn or đặc khu does.
        """
        from communes.models.attributes import UnitAttribute

        flagged = (
            UnitAttribute.objects.alive_on(day)
            .filter(key=UnitAttribute.Key.IN_PROGRAMME)
            .values("unit_id")
        )
        # Two small sets, hashed once, rather than a look-up for each of 9,000 communes.
        return self.communes().filter(
            Q(unit_id__in=flagged.filter(value="yes"))
            | (Q(kind=Kind.COMMUNE) & ~Q(unit_id__in=flagged))
        )


class UnitVersion(models.Model):
    """What a unit was called, and under whom it stood, over one stretch of time.

    `valid` is half-open. An open lower end means "already so when the register begins".
    The database refuses two versions of a unit on one day, one code twice on one day, and a
    parent that does not live through the whole stretch. `province` is the province the unit
    falls in; a province falls in itself, the country in none.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    valid = DateRangeField()
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="child_versions")
    province = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="inner_versions")
    # 80 characters take up to 401: two digits a letter, seven a lone numeral, one a tone.
    sort_key = models.CharField(max_length=401, help_text="Thứ tự chữ cái tiếng Việt")
    search_key = models.CharField(max_length=120, help_text="Tên không dấu, chữ thường")

    objects = UnitVersionQuerySet.as_manager()

    unit_id: int
    parent_id: int | None
    province_id: int | None

    class Meta:
        verbose_name = "tên gọi theo thời gian của đơn vị"
        indexes = [
            GistIndex(fields=["province", "valid"], name="unitversion_province_valid"),
            GistIndex(fields=["parent", "valid"], name="unitversion_parent_valid"),
            models.Index(fields=["code"], name="unitversion_code"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"

    @property
    def full_name(self) -> str:
        """The kind and the name as documents write them: "Xã Yên Định", "Tỉnh Hà Giang"."""
        if self.kind == Kind.COUNTRY:
            return self.name
        return f"{Kind(self.kind).label} {self.name}"

    @property
    def starts_on(self) -> date | None:
        """First day of this version; None when it is older than the register."""
        return self.valid.lower

    @property
    def last_day(self) -> date | None:
        """Last day on which this version was in force; None while it still is."""
        from datetime import timedelta

        return self.valid.upper - timedelta(days=1) if self.valid.upper else None


class RegisterPeriod(models.Model):
    """A stretch of time for which the register of units has been loaded.

    A day outside every period is refused, never counted. A period of a single clock widens
    the national one for that province alone.
    """

    clock: models.ForeignKey[DataClock, DataClock] = models.ForeignKey(
        "communes.DataClock", models.PROTECT, related_name="register_periods"
    )
    valid = DateRangeField()
    note = models.CharField(max_length=200)

    class Meta:
        verbose_name = "thời gian đã nạp danh mục đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["clock", "valid"], name="registerperiod_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.valid}"
