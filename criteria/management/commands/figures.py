"""Prints the figures of a unit on a day, for people or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communes import units
from communes.vietnamese import format_date, format_number, format_percent
from criteria import knowledge
from criteria.days import read_day, unit_on
from criteria.figures import AVERAGE_PLACES, Figures, UnknownSet, as_json, figures


class Command(BaseCommand):
    help = "In số liệu tổng hợp của một đơn vị tại một ngày"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="Mã đơn vị: 02, 024, 00688 hoặc VN")
        parser.add_argument("--on", required=True, help="Ngày, dạng 2018-12-31")
        parser.add_argument("--known-at", help="Chỉ tính số liệu ghi nhận đến: 2018-04-05T17:00")
        parser.add_argument("--set", dest="set_code", help="Mã bộ tiêu chí")
        parser.add_argument("--json", action="store_true", help="In JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            unit, on = unit_on(options["unit"], read_day(options["on"]))
            known = knowledge.read(options["known_at"])
            answer = figures(unit, on, set_code=options["set_code"], known=known)
        except (ValueError, units.DateNotLoaded, units.UnknownUnit, UnknownSet) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(answer)))


def _state(answer: Figures) -> str:
    if answer.known:
        return f"theo số liệu {answer.known.label}"
    return "đã chốt" if answer.frozen else "chưa chốt"


def _lines(answer: Figures) -> list[str]:
    tally = answer.headline
    lines = ["SỐ LIỆU MÔ PHỎNG"] if answer.simulated else []
    lines += [
        f"{answer.unit.full_name}, tính đến {format_date(answer.on)} ({_state(answer)})",
        f"Bộ tiêu chí: {answer.asked.name or 'chưa áp dụng bộ nào'}",
        f"Xã được công nhận: {format_number(tally.recognised)}/{format_number(tally.communes)}"
        f" ({format_percent(tally.recognised, tally.communes)})",
        f"Bình quân: {format_number(tally.average, AVERAGE_PLACES)} tiêu chí/xã"
        f" ({format_number(tally.criteria_met)} tiêu chí ÷ {format_number(tally.communes)} xã)",
        f"Đã xác nhận: {format_number(answer.confirmed.criteria_met)} tiêu chí,"
        f" bình quân {format_number(answer.confirmed.average, AVERAGE_PLACES)}",
    ]
    if tally.assessed < tally.communes:
        known = f"{format_number(tally.assessed)}/{format_number(tally.communes)}"
        lines.append(f"Mới có kết quả của {known} xã.")
    lines += [f"  {b.label}: {format_number(b.communes)} xã" for b in tally.brackets]
    lines += [f"  Tiêu chí {c.number}. {c.name}: {c.met}/{c.communes}" for c in tally.criteria]
    return lines
