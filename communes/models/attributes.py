"""Dated facts about a unit that are not part of its name: region, border, programme."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from communes.models.units import Unit


class Region(models.TextChoices):
    """The seven regions of Quyết định 491, 1980 and 318/QĐ-TTg; levels differ by them."""

    NORTHERN_MOUNTAINS = "tdmnpb", "Trung du miền núi phía Bắc"
    RED_RIVER_DELTA = "dbsh", "Đồng bằng sông Hồng"
    NORTH_CENTRAL = "btb", "Bắc Trung Bộ"
    SOUTH_CENTRAL_COAST = "dhntb", "Duyên hải Nam Trung Bộ"
    CENTRAL_HIGHLANDS = "tn", "Tây Nguyên"
    SOUTH_EAST = "dnb", "Đông Nam Bộ"
    MEKONG_DELTA = "dbscl", "Đồng bằng sông Cửu Long"


class UnitAttributeQuerySet(models.QuerySet["UnitAttribute"]):
    def alive_on(self, day: date) -> UnitAttributeQuerySet:
        """Facts that hold on `day`."""
        return self.filter(valid__contains=day)


class UnitAttribute(models.Model):
    """One fact about one unit over one stretch of time, with its source.

    At most one value per unit, key and day (exclusion constraint in the database).
    """

    class Key(models.TextChoices):
        IN_PROGRAMME = "in_programme", "Tham gia Chương trình"
        REGION = "region", "Vùng"
        BORDER = "border", "Xã biên giới"
        DIFFICULTY_ZONE = "khu_vuc", "Khu vực I, II, III"
        SPECIAL_DIFFICULTY = "dac_biet_kho_khan", "Xã đặc biệt khó khăn"
        SAFE_ZONE = "atk", "Xã an toàn khu (ATK)"
        COMMUNE_GROUP = "commune_group", "Nhóm xã"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attributes")
    key = models.CharField(max_length=20, choices=Key)
    value = models.CharField(max_length=40)
    valid = DateRangeField()
    source = models.CharField(max_length=300)
    unverified = models.BooleanField(default=False)

    objects = UnitAttributeQuerySet.as_manager()

    class Meta:
        verbose_name = "đặc điểm của đơn vị"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.key}={self.value}"
