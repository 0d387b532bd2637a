"""Two to four units side by side on one day, or one unit on two days: figures out of one door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes import units
from communes.access import readable
from communes.models import Tier, UnitVersion, User
from communes.vietnamese import format_date, format_number
from criteria.figures import figures
from criteria.knowledge import Knowledge
from reports.compare_parts import Part, Side, change, parts_of, same_set

MOST = 4
"""Units side by side; more is no comparison but a list."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The whole page; `note` where something cannot be compared."""

    sides: tuple[Side, ...]
    over_time: bool
    heading: str
    parts: tuple[Part, ...]
    note: str = ""


class NotComparable(ValueError):
    """These cannot stand side by side; the message says why and what to do."""


def siblings(user: User, version: UnitVersion, on: date) -> list[UnitVersion]:
    """The units of the same tier that the person may read, alphabetically; itself left out."""
    if version.unit.tier == Tier.PROVINCE:
        alive = UnitVersion.objects.alive_on(on).filter(unit__adoptions__isnull=False)
        found = list(alive.distinct().order_by("sort_key", "code"))
    elif version.unit.tier == Tier.DISTRICT:
        found = list(units.districts_of(units.province_of(version, on), on))
    else:
        found = list(units.communes_in_programme(units.province_of(version, on), on))
    allowed = readable(user, found)
    return [one for one in found if one.unit_id in allowed and one.unit_id != version.unit_id]


def between_units(
    versions: Sequence[UnitVersion], on: date, known: Knowledge | None = None
) -> Comparison:
    """Units of one tier beside each other on a day, each under its headline set."""
    sides = tuple(Side(version=one, answer=figures(one, on, known=known)) for one in versions)
    return Comparison(
        sides=sides,
        over_time=False,
        heading=_heading_of_units(sides),
        parts=parts_of(sides, over_time=False),
        note=_note(sides),
    )


def between_days(
    then: UnitVersion, now: UnitVersion, days: tuple[date, date], known: Knowledge | None = None
) -> Comparison:
    """One unit, as it was called on each, on two days; the earlier first."""
    sides = (
        Side(version=then, answer=figures(then, days[0], known=known)),
        Side(version=now, answer=figures(now, days[1], known=known)),
    )
    return Comparison(
        sides=sides,
        over_time=True,
        heading=_heading_of_days(*sides),
        parts=parts_of(sides, over_time=True),
        note=_note(sides),
    )


def chosen(codes: Collection[str], among: Sequence[UnitVersion]) -> list[UnitVersion]:
    """The units that an address names by code, in its order.

    Raises NotComparable for one that is not there and for too many.
    """
    by_code = {one.code: one for one in among}
    missing = [code for code in codes if code not in by_code]
    if missing:
        raise NotComparable(
            f"Không so sánh được với đơn vị mã “{missing[0]}”: hãy chọn đơn vị cùng cấp trong"
            " danh sách."
        )
    if len(codes) >= MOST:
        raise NotComparable(f"So sánh nhiều nhất {MOST} đơn vị; hãy bỏ bớt.")
    return [by_code[code] for code in dict.fromkeys(codes)]


def _heading_of_units(sides: Sequence[Side]) -> str:
    if sides[0].is_commune:
        known = [
            (Decimal(side.answer.rows[0].met), side)
            for side in sides
            if side.answer.rows and side.answer.rows[0].assessed
        ]
        unit, places = "tiêu chí", 0
    else:
        known = [(side.tally.average, side) for side in sides if side.tally.average is not None]
        unit, places = "tiêu chí/xã", 2
    if len(known) < 2:
        return " và ".join(side.version.full_name for side in sides)
    known.sort(key=lambda pair: pair[0])
    (low, last), (high, first) = known[0], known[-1]
    if low == high:
        return f"{len(known)} đơn vị cùng đạt {format_number(high, places)} {unit}"
    return (
        f"{first.version.full_name} đạt {format_number(high, places)} {unit}, hơn"
        f" {last.version.full_name} {format_number(high - low, places)}"
    )


def _heading_of_days(then: Side, now: Side) -> str:
    span = f"Từ {format_date(then.answer.on)} đến {format_date(now.answer.on)}"
    if not same_set((then, now)):
        return f"{span}, {now.version.full_name} đổi bộ tiêu chí"
    if now.is_commune:
        moved = change((then, now), lambda tally: tally.criteria_met, 0, True)
        unit = "số tiêu chí đạt"
    else:
        moved = change((then, now), lambda tally: tally.average, 2, True)
        unit = "bình quân tiêu chí/xã"
    if not moved:
        return f"{span}, {now.version.full_name} chưa đủ số liệu để so sánh"
    if moved == "không đổi":
        return f"{span}, {unit} của {now.version.full_name} không đổi"
    word = "giảm" if moved.startswith("−") else "tăng"
    return f"{span}, {unit} của {now.version.full_name} {word} {moved.lstrip('+−')}"


def _note(sides: Sequence[Side]) -> str:
    if same_set(sides):
        return ""
    names = "; ".join(
        f"{side.version.full_name} ngày {format_date(side.answer.on)}:"
        f" {side.answer.asked.name or 'chưa áp dụng bộ nào'}"
        for side in sides
    )
    return f"Các cột theo bộ tiêu chí khác nhau, nên không đặt cạnh nhau từng tiêu chí. {names}."
