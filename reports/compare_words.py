"""What a comparison says in sentences: its heading, and what cannot be held side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from communes.models import UnitVersion
from communes.vietnamese import format_date, format_number
from criteria.figures import NO_SET
from reports.asked import Asked
from reports.compare_parts import Side, change, same_set
from reports.templatetags.vietnamese_format import short_set


def of_units(sides: Sequence[Side], *, ranked: bool) -> str:
    """Who leads by how much; no rank where the sides do not count alike."""
    names = _listed([side.version.full_name for side in sides])
    if len(sides) == 1:
        return names
    if not same_set(sides):
        return f"{names} tính theo các bộ tiêu chí khác nhau, nên không xếp hơn kém"
    if sides[0].is_commune:
        known = [(Decimal(side.met), side) for side in sides if side.met is not None]
        unit, places = "tiêu chí", 0
    else:
        known = [(side.tally.average, side) for side in sides if side.tally.average is not None]
        unit, places = "tiêu chí/xã", 2
    if len(known) < 2:
        return f"Chưa đủ số liệu để so sánh {names}"
    if not ranked:
        late = _listed([side.version.full_name for side in sides if side.beyond])
        return f"{late} chưa cập nhật số liệu đến ngày này, nên không xếp hơn kém"
    known.sort(key=lambda pair: pair[0])
    (low, last), (high, first) = known[0], known[-1]
    if low == high:
        return f"{len(known)} đơn vị cùng đạt {format_number(high, places)} {unit}"
    return (
        f"{first.version.full_name} đạt {format_number(high, places)} {unit}, hơn"
        f" {last.version.full_name} {format_number(high - low, places)}"
    )


def of_days(sides: Sequence[Side]) -> str:
    """How far a unit moved from the first day to the second."""
    then, now = sides
    span = f"Từ {format_date(then.answer.on)} đến {format_date(now.answer.on)}"
    if not same_set(sides):
        return f"{span}, {now.version.full_name} đổi bộ tiêu chí"
    if now.is_commune:
        moved = change(sides, lambda tally: tally.criteria_met, 0, True)
        unit = "số tiêu chí đạt"
    else:
        moved = change(sides, lambda tally: tally.average, 2, True)
        unit = "bình quân tiêu chí/xã"
    if not moved:
        return f"{span}, {now.version.full_name} chưa đủ số liệu để so sánh"
    if moved == "không đổi":
        return f"{span}, {unit} của {now.version.full_name} không đổi"
    word = "giảm" if moved.startswith("−") else "tăng"
    return f"{span}, {unit} của {now.version.full_name} {word} {moved.lstrip('+−')}"


def remarks(sides: Sequence[Side], asked: Asked, *, over_time: bool) -> list[str]:
    """Why sides cannot be held against each other, or only with care."""
    said = [
        _sets_differ(sides, over_time),
        _nobody_there(sides, asked, over_time),
        _not_all_assessed(sides, asked, over_time),
        _outdated(sides),
    ]
    return [one for one in said if one]


def set_not_used(
    name: str,
    without: Sequence[tuple[UnitVersion, date]],
    sides: Sequence[Side],
    *,
    over_time: bool,
) -> str:
    """That not all sides count by the set of the address, and by what they were counted."""
    name = short_set(name)
    who = _listed([_named(version, day, over_time) for version, day in without])
    each = "mỗi ngày" if over_time else "mỗi đơn vị"
    instead = f"theo {_set_of(sides[0])}" if same_set(sides) else "theo bộ tiêu chí đang áp dụng"
    return f"{who} không tính theo {name}, nên {each} được tính {instead}."


def _sets_differ(sides: Sequence[Side], over_time: bool) -> str:
    if same_set(sides):
        return ""
    by_set: dict[str, list[str]] = defaultdict(list)
    for side in sides:
        by_set[_set_of(side)].append(_name(side, over_time))
    names = "; ".join(f"{_listed(members)} theo {name}" for name, members in by_set.items())
    return (
        f"{names}. Số tiêu chí đạt và bình quân vì vậy không so sánh được, từng tiêu chí không đặt"
        " cạnh nhau."
    )


def _nobody_there(sides: Sequence[Side], asked: Asked, over_time: bool) -> str:
    found = [_name(side, over_time) for side in sides if side.without_communes]
    return f"{_listed(found)} không có {asked.communes} nào tham gia Chương trình." if found else ""


def _not_all_assessed(sides: Sequence[Side], asked: Asked, over_time: bool) -> str:
    """As the overview says of one unit."""
    result = "kết quả đã được xác nhận" if sides[0].confirmed else "kết quả"
    if sides[0].is_commune:
        found = [_name(side, over_time) for side in sides if side.met is None]
        return f"{_listed(found)} chưa có {result}." if found else ""
    found = [
        f"{_name(side, over_time)} {format_number(side.tally.assessed)}"
        f"/{format_number(side.tally.communes)} {asked.communes}"
        for side in sides
        if side.tally.assessed < side.tally.communes
    ]
    if not found:
        return ""
    return (
        f"Mới có {result} của một phần số xã: {_listed(found)}. Bình quân và tỷ lệ tính trên tổng"
        " số xã; các xã chưa có kết quả chưa cộng thêm tiêu chí nào."
    )


def _outdated(sides: Sequence[Side]) -> str:
    late = [side for side in sides if side.beyond]
    found = [f"{side.version.full_name} ({side.beyond:%m/%Y})" for side in late]
    if not found:
        return ""
    day = format_date(max(side.answer.on for side in late))
    return (
        f"Ngày {day} nằm sau tháng đang cập nhật của {_listed(list(dict.fromkeys(found)))}: sau"
        " tháng đó chưa có số liệu, ở đây là kết quả ghi từ trước."
    )


def _set_of(side: Side) -> str:
    """ "Bộ tiêu chí … (19 tiêu chí)"."""
    asked = side.answer.asked
    if asked.set_id == NO_SET.set_id:
        return "chưa bộ tiêu chí nào"
    return f"{short_set(asked.name)} ({len(asked.criteria)} tiêu chí)"


def _name(side: Side, over_time: bool) -> str:
    return _named(side.version, side.answer.on, over_time)


def _named(version: UnitVersion, day: date, over_time: bool) -> str:
    return f"{version.full_name} ngày {format_date(day)}" if over_time else version.full_name


def _listed(names: Sequence[str]) -> str:
    """ "A, B và C"."""
    return " và ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
