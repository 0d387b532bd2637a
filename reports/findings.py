"""Headings that say what was found, in the phrases that reports of the programme use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_date, format_number
from criteria.figures import AVERAGE_PLACES
from criteria.months import month_end
from criteria.rules.types import Bracket, CriterionCount
from reports.charts.timeline import Timeline


def until(day: date) -> str:
    """How a report names a day: "Đến hết năm 2018", "Đến hết tháng 6/2018", "Đến ngày …"."""
    if day != month_end(day):
        return f"Đến ngày {format_date(day)}"
    if day.month == 12:
        return f"Đến hết năm {day.year}"
    return f"Đến hết tháng {day.month}/{day.year}"


def movement(change: int | Decimal | None, places: int = 0) -> str:
    """A change with its sign: "+5", "−7", "không đổi"; "" when there is nothing to compare."""
    if change is None:
        return ""
    text = format_number(Decimal(change), places)
    if not text.strip("−0,"):
        return "không đổi"
    return text if text.startswith("−") else f"+{text}"


def brackets_finding(brackets: Sequence[Bracket], before: dict[str, int]) -> str:
    """Which bracket gained most since the year's start, or which one is largest."""
    if not any(one.communes for one in brackets):
        return "Phân nhóm xã theo số tiêu chí đạt"
    if before:
        gained = max(brackets, key=lambda b: b.communes - before.get(b.label, 0))
        by = gained.communes - before.get(gained.label, 0)
        if by > 0:
            return f"Nhóm {lower(gained.label)} tăng nhiều nhất: thêm {by} xã"
    largest = max(brackets, key=lambda b: b.communes)
    return f"Đông nhất là nhóm {lower(largest.label)}: {largest.communes} xã"


def trend_finding(first: Decimal, last: Decimal, months: int) -> str:
    """How far the average moved over the months shown."""
    moved = last - first
    text = format_number(abs(moved), AVERAGE_PLACES)
    span = _span(months)
    if not text.strip("0,"):
        return f"Bình quân không đổi trong {span}"
    return f"Bình quân {'tăng' if moved > 0 else 'giảm'} {text} tiêu chí trong {span}"


def commune_finding(first: Decimal, last: Decimal, months: int) -> str:
    """How far the criteria met by one commune moved over the months shown."""
    moved = last - first
    if not moved:
        return f"Vẫn đạt {format_number(last, 0)} tiêu chí trong {_span(months)}"
    word = "Tăng" if moved > 0 else "Giảm"
    return f"{word} {format_number(abs(moved), 0)} tiêu chí trong {_span(months)}"


def criterion_trend_finding(first: Decimal, last: Decimal, months: int) -> str:
    """How many communes more, or less, meet a criterion over the months shown."""
    moved = last - first
    if not moved:
        return f"Vẫn {format_number(last, 0)} xã đạt trong {_span(months)}"
    word = "Thêm" if moved > 0 else "Giảm"
    return f"{word} {format_number(abs(moved), 0)} xã đạt trong {_span(months)}"


def line_finding(
    line: Timeline, say: Callable[[Decimal, Decimal, int], str] = trend_finding
) -> str:
    """How far a series moved over the months that can be compared with the last one."""
    if len(line.spots) < 2:
        return "Chưa đủ hai tháng để vẽ xu hướng"
    latest = line.latest
    if len(latest) < 2:
        why = line.why_not(line.spots[-2].month, line.spots[-1].month)
        return f"So với tháng trước {not_comparable(why or '')}"
    first, last = latest[0], latest[-1]
    months = (last.month.year - first.month.year) * 12 + last.month.month - first.month.month
    text = say(first.value, last.value, months)
    return text if len(latest) == len(line.spots) else f"{text}, từ {first.month:%m/%Y}"


def not_comparable(why: str) -> str:
    """What stands in the place of a change between figures that may not be compared."""
    return f"không so sánh được: {why}" if why else ""


def _span(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [f"{years} năm"] if years else []
    parts += [f"{rest} tháng"] if rest else []
    return " ".join(parts) or "kỳ này"


def criteria_finding(criteria: Sequence[CriterionCount]) -> str:
    """The criteria that hold back most communes, worst first."""
    worst = [c.name for c in criteria[:3] if c.met < c.communes]
    if not worst:
        return "Mọi tiêu chí đều đạt ở tất cả các xã"
    names = " và ".join([", ".join(lower(name) for name in worst[:-1]), lower(worst[-1])])
    text = names.removeprefix(" và ")
    return f"{text[0].upper()}{text[1:]} giữ chân nhiều xã nhất"


def parts_finding(names_from_best: Sequence[str], kind: str) -> str:
    """Who leads and who is last; `kind`: what the parts are called."""
    if len(names_from_best) < 2:
        return f"Kết quả theo {kind}"
    return f"{names_from_best[0]} dẫn đầu, {names_from_best[-1]} thấp nhất"


def lower(text: str) -> str:
    """`text` with a small first letter, for use inside a sentence."""
    return text[:1].lower() + text[1:]
