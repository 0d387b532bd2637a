"""Prints the figures of a unit on a day, for people or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communes import units
from communes.vietnamese import format_date, format_number, format_percent
from criteria import move_words, moves
from criteria.days import read_day, unit_on
from criteria.figures import AVERAGE_PLACES, Figures, UnknownSet, as_json, figures
from criteria.moves import Moves


class Command(BaseCommand):
    help = "In số liệu tổng hợp của một đơn vị tại một ngày"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="Mã đơn vị: 02, 024, 00688 hoặc VN")
        parser.add_argument("--on", required=True, help="Ngày, dạng 2018-12-31")
        parser.add_argument("--set", dest="set_code", help="Mã bộ tiêu chí")
        parser.add_argument(
            "--since", help="Giải thích thay đổi từ một ngày trước, dạng 2017-12-31"
        )
        parser.add_argument("--json", action="store_true", help="In JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            unit, on = unit_on(options["unit"], read_day(options["on"]))
            answer = figures(unit, on, set_code=options["set_code"])
            moved = _since(answer, read_day(options["since"]), options["set_code"])
        except (ValueError, units.DateNotLoaded, units.UnknownUnit, UnknownSet) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = as_json(answer) | ({"since": move_words.as_json(moved)} if moved else {})
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            more = move_words.lines(moved) if moved else []
            self.stdout.write("\n".join([*_lines(answer), *more]))


def _since(answer: Figures, first: date | None, set_code: str | None) -> Moves | None:
    """Why the answer differs from that of an earlier day, if one is named."""
    if first is None:
        return None
    return moves.moves(moves.first_answer(answer, first, set_code=set_code), answer)


def _lines(answer: Figures) -> list[str]:
    tally = answer.headline
    lines = ["SỐ LIỆU MÔ PHỎNG"] if answer.simulated else []
    lines += [
        f"{answer.unit.full_name}, tính đến {format_date(answer.on)}"
        f" ({'đã chốt' if answer.frozen else 'chưa chốt'})",
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
