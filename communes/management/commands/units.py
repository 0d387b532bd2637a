"""Prints how many administrative units there are on a day, for people or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communes import unit_counts, units
from communes.models import COUNTRY_CODE, Tier
from communes.vietnamese import format_date, format_number

NAMES: Mapping[Tier, str] = {
    Tier.PROVINCE: "Cấp tỉnh",
    Tier.DISTRICT: "Cấp huyện",
    Tier.COMMUNE: "Cấp xã",
}


class Command(BaseCommand):
    help = "In số đơn vị hành chính tại một ngày, theo cấp và loại, và thay đổi của ngày đó"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", required=True, help="Ngày, dạng 2025-07-01")
        parser.add_argument("--unit", default=COUNTRY_CODE, help="Mã đơn vị: 20, 180 hoặc VN")
        parser.add_argument("--json", action="store_true", help="In JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            on = date.fromisoformat(options["on"])
        except ValueError as error:
            raise CommandError(
                f"“{options['on']}” không phải là ngày; hãy ghi dạng 2025-07-01."
            ) from error
        try:
            answer = unit_counts.count(units.find(options["unit"], on), on)
        except (units.DateNotLoaded, units.UnknownUnit) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            data = unit_counts.as_json(answer)
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(answer)))


def _lines(answer: unit_counts.UnitCounts) -> list[str]:
    lines = [f"{answer.unit.full_name}, ngày {format_date(answer.on)}"]
    for tier, kinds in answer.kinds.items():
        if kinds:
            total = format_number(answer.total(tier))
            lines.append(f"{NAMES[tier]}: {total} ({_parts(kinds, unit_counts.label_of_kind)})")
    lines.append(f"Xã tham gia Chương trình: {format_number(answer.in_programme)}")
    lines += [
        f"Thay đổi trong ngày, {NAMES[tier].lower()}:"
        f" {_parts(changes, unit_counts.label_of_change)}"
        for tier, changes in answer.changes.items()
        if changes
    ]
    return lines


def _parts(numbers: Mapping[str, int], label: Callable[[str], str]) -> str:
    largest_first = sorted(numbers.items(), key=lambda item: -item[1])
    return ", ".join(f"{format_number(number)} {label(key)}" for key, number in largest_first)
