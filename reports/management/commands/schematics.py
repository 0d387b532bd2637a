"""Place the communes of every province on its schematic map, and say how well that went."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from communes import units
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date, format_number
from reports.models import SchematicPlace
from reports.schematic import kept
from reports.schematic.points import points_of
from reports.schematic.quality import Quality, quality


class Command(BaseCommand):
    help = "Xếp ô cho các xã trên Sơ đồ xã của từng tỉnh (chạy lại nhiều lần được)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=_day, help="ngày của danh sách xã (mặc định: hôm nay)")
        parser.add_argument("--unit", help="mã một tỉnh (mặc định: mọi tỉnh)")
        parser.add_argument("--report", action="store_true", help="in chất lượng của từng sơ đồ")

    def handle(self, *, on: date | None, unit: str | None, report: bool, **options: Any) -> None:
        day, began, made = on or timezone.localdate(), time.monotonic(), 0
        provinces = UnitVersion.objects.alive_on(day).filter(unit__tier=Tier.PROVINCE)
        if unit:
            provinces = provinces.filter(code=unit)
        found: list[Quality] = []
        try:
            for province in provinces.order_by("code"):
                districts = kept.programme(province, day)
                made += kept.keep(province_id=province.unit_id, districts=districts)
                if report:
                    found.append(_quality(province, districts))
                    self.stdout.write(_line(province, found[-1]))
        except units.DateNotLoaded as error:
            raise CommandError(str(error)) from error
        if found:
            self.stdout.write(_sum(found))
        took = format_number(round(time.monotonic() - began, 1), 1)
        self.stdout.write(
            f"{format_date(day)}: {len(provinces)} tỉnh, {made} sơ đồ xếp mới, sau {took} giây."
        )


def _quality(province: UnitVersion, districts: dict[int, int | None]) -> Quality:
    listed = sorted(districts)
    rows = SchematicPlace.objects.filter(
        schematic__province_id=province.unit_id, schematic__digest=kept.digest(listed)
    )
    places = {pk: (x, y) for pk, x, y in rows.values_list("unit_id", "x", "y")}
    points = points_of(listed, districts)
    return quality(points, [places[pk] for pk in listed], [districts[pk] for pk in listed])


def _line(province: UnitVersion, found: Quality) -> str:
    said = (
        f"{province.code} {province.full_name:28} {found.communes:4} xã"
        f" · chồng nhau {found.overlapping}"
        f" · cách xã lân cận {format_number(round(found.mean_apart, 2), 2)} ô"
        f" · kề nhau {found.touching:.0%}"
    )
    return said + (f" · huyện liền {found.connected}/{found.districts}" if found.districts else "")


def _sum(found: list[Quality]) -> str:
    communes = sum(one.communes for one in found)
    apart = sum(one.mean_apart * one.communes for one in found) / max(communes, 1)
    overlapping = sum(one.overlapping for one in found)
    districts = sum(one.districts for one in found)
    return (
        f"Cộng {format_number(communes)} xã, mỗi xã một ô; chồng nhau {overlapping};"
        f" cách xã lân cận bình quân {format_number(round(apart, 2), 2)} ô;"
        f" huyện liền một mảnh {sum(one.connected for one in found)}/{districts}."
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"ngày “{text}” sai; ví dụ: 2025-07-01") from None
