"""Prints the figures of a unit on a day, for people or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from communes import units
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date, format_number, format_percent
from criteria import knowledge, move_words, moves
from criteria.cells import Cell
from criteria.days import read_day, unit_on
from criteria.explain import UnknownFigure, explain
from criteria.figures import AVERAGE_PLACES, Figures, UnknownSet, as_json, figures
from criteria.grids.beside import as_text
from criteria.models import Verdict
from criteria.moves import Moves
from criteria.sheets import sheet


class Command(BaseCommand):
    help = "In số liệu tổng hợp của một đơn vị tại một ngày"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="Mã đơn vị: 02, 024, 00688 hoặc VN")
        parser.add_argument("--on", required=True, help="Ngày, dạng 2018-12-31")
        parser.add_argument("--known-at", help="Chỉ tính số liệu ghi nhận đến: 2018-04-05T17:00")
        parser.add_argument("--set", dest="set_code", help="Mã bộ tiêu chí")
        parser.add_argument(
            "--since", help="Giải thích thay đổi từ một ngày trước, dạng 2017-12-31"
        )
        parser.add_argument(
            "--explain",
            metavar="FIGURE",
            help="Số liệu gồm những gì: recognised, average, criteria-met, unconfirmed, communes,"
            " bracket-15…; với một xã: từng tiêu chí và chỉ tiêu",
        )
        parser.add_argument("--json", action="store_true", help="In JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            unit, on = unit_on(options["unit"], read_day(options["on"]))
            known = knowledge.read(options["known_at"])
            answer = figures(unit, on, set_code=options["set_code"], known=known)
            moved = _since(answer, read_day(options["since"]), options["set_code"])
        except (ValueError, units.DateNotLoaded, units.UnknownUnit, UnknownSet) as error:
            raise CommandError(str(error)) from error
        if options["explain"]:
            try:
                self.stdout.write("\n".join(_explained(answer, options["explain"])))
            except UnknownFigure as error:
                raise CommandError(str(error)) from error
        elif options["json"]:
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


def _explained(answer: Figures, key: str) -> Iterator[str]:
    """The fraction of a figure, its communes with their criteria; of a commune its sheet."""
    found = explain(answer, key)
    if answer.simulated:
        yield "SỐ LIỆU MÔ PHỎNG"
    yield f"{found.title}, {answer.unit.full_name}, {format_date(answer.on)} ({_state(answer)})"
    yield f"{answer.asked.name} · {answer.basis.label}"
    quotient = f" = {format_number(found.value, AVERAGE_PLACES)}" if found.value else ""
    yield f"{found.numerator} {found.unit} ÷ {found.denominator}{quotient}. {found.rule}"
    if answer.unit.unit.tier == Tier.COMMUNE:
        yield from _sheet(answer)
        return
    versions = UnitVersion.objects.alive_on(answer.on).filter(
        unit_id__among=[one.row.unit_id for one in found.shares]
    )
    names = {version.unit_id: f"{version.code} {version.full_name}" for version in versions}
    for one in (*found.counted, *found.others):
        criteria = ", ".join(str(number) for number in one.criteria) or "không có"
        yield f"  {one.part:>3}  {names.get(one.row.unit_id, '')}: tiêu chí {criteria}"


def _sheet(answer: Figures) -> Iterator[str]:
    """Criterion by criterion: indicator, value, level with its source, verdict, who and when."""
    found = sheet(answer.unit, answer, basis=answer.basis)
    for group in found.criteria if found else ():
        yield f"  {group.criterion.number}. {group.criterion.name}: {group.label}"
        for cell in group.cells:
            level = "; ".join(f"{p.level} {p.level_unit}".strip() for p in cell.parts if p.level)
            source = f" [{cell.level_source}]" if cell.level_source else ""
            yield (
                f"     {cell.indicator.code.replace('*', 'kết luận')}:"
                f" {as_text(cell, cell.result) or 'chưa có'}"
                f" | mức {level or 'không có'}{source} | {Verdict(cell.outcome.value).label}"
                f" | {cell.evidence.now} minh chứng | {_recorded(cell)}"
                f"{f' | {cell.since_words}' if cell.since_words else ''}"
            )


def _recorded(cell: Cell) -> str:
    if cell.result is None:
        return "chưa ghi"
    change = cell.result.change
    at = timezone.localtime(change.at)
    return f"{change.by or 'không rõ người'}, {at:%H:%M} {format_date(at.date())}"


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
