"""The sentences of the report, made from figures in the phrases that the trade uses.

Every percentage names its base, every figure its numerator and denominator. Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_number, format_percent
from criteria.rules.types import Bracket, CriterionCount, Tally

PROGRAMME = "tổng số xã tham gia Chương trình"


@dataclass(frozen=True, kw_only=True)
class Style:
    """Decimals of averages and of percentages."""

    average: int = 2
    percent: int = 1


def two_digits(number: int) -> str:
    """A count as formal text writes it: 2 → "02", 33 → "33", 1518 → "1.518"."""
    return f"{number:02d}" if 0 <= number < 10 else format_number(number)


def communes(number: int) -> str:
    """ "02 xã"."""
    return f"{two_digits(number)} xã"


def percent(part: int, whole: int, style: Style) -> str:
    """ "18,6%"; "–" without a whole."""
    return format_percent(part, whole, style.percent)


def until(day: date) -> str:
    """ "đến hết năm 2018", "đến hết tháng 6/2018"."""
    return f"đến hết năm {day.year}" if day.month == 12 else f"đến hết tháng {day.month}/{day.year}"


def lower(text: str) -> str:
    """`text` with a small first letter, for use inside a sentence."""
    return text[:1].lower() + text[1:]


def change(
    now: Decimal | int, before: Decimal | int, unit: str, since: str, places: int = 0
) -> str:
    """ "tăng 02 xã so với tháng trước", "giảm 0,12 tiêu chí/xã so với đầu năm", "không đổi …"."""
    moved = Decimal(now) - Decimal(before)
    size = format_number(abs(moved), places) if places else two_digits(int(abs(moved)))
    if not size.strip("0,"):
        return f"không đổi so với {since}"
    return f"{'tăng' if moved > 0 else 'giảm'} {size} {unit} so với {since}"


def headline(unit_name: str, day: date, tally: Tally, style: Style, *, border: bool = True) -> str:
    """How many communes are recognised so far, out of how many, and in percent of what."""
    if not tally.recognised:
        return (
            f"Lũy kế {until(day)}, {lower(unit_name)} chưa có xã nào trong"
            f" {communes(tally.communes)} tham gia Chương trình được công nhận đạt chuẩn"
            " nông thôn mới."
        )
    share = percent(tally.recognised, tally.communes, style)
    of_them = (
        f", trong đó có {communes(tally.recognised_border)} biên giới"
        if border and tally.recognised_border
        else ""
    )
    return (
        f"Lũy kế {until(day)}, {lower(unit_name)} có"
        f" {fraction(tally.recognised, tally.communes)} xã được công nhận đạt chuẩn"
        f" nông thôn mới, bằng {share} {PROGRAMME}{of_them}."
    )


def fraction(part: int, whole: int) -> str:
    """ "33/177", "02/09"."""
    return f"{two_digits(part)}/{two_digits(whole)}"


def average(tally: Tally, style: Style) -> str:
    """ "Các xã đạt 1.874 tiêu chí, bình quân 10,59 tiêu chí/xã (tính trên 177 xã)"."""
    if tally.average is None:
        return "Chưa có kết quả đánh giá nên chưa tính được bình quân tiêu chí/xã."
    return (
        f"Các xã đạt {format_number(tally.criteria_met)} tiêu chí, bình quân"
        f" {format_number(tally.average, style.average)} tiêu chí/xã (tính trên"
        f" {communes(tally.communes)})."
    )


def since(now: Tally, before: Tally, label: str, style: Style) -> str:
    """How communes recognised and the average moved against an earlier day."""
    parts = [f"số xã được công nhận {change(now.recognised, before.recognised, 'xã', label)}"]
    if now.average is not None and before.average is not None:
        moved = change(now.average, before.average, "tiêu chí/xã", label, style.average)
        parts.append(f"bình quân {moved}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def bracket(found: Bracket) -> str:
    """A group as a phrase: "đạt từ 15–18 tiêu chí", "đạt dưới 5 tiêu chí", "chưa đánh giá"."""
    if found.low is None or found.high is None:
        return "chưa đánh giá"
    if found.low == found.high:
        return f"đạt {found.low} tiêu chí"
    if found.low == 0:
        return f"đạt dưới {found.high + 1} tiêu chí"
    return f"đạt từ {found.low}–{found.high} tiêu chí"


def brackets_of(total: int) -> str:
    """What the lines of :func:`brackets` stand under: the base of their percentages."""
    return f"Phân nhóm {communes(total)} theo số tiêu chí đạt (tỷ lệ tính trên {PROGRAMME}):"


def brackets(
    found: Sequence[Bracket], total: int, before: Sequence[Bracket], style: Style
) -> list[str]:
    """One line a group, the best first: "chỉ còn" where the lowest one shrank, "không còn xã dưới
    …" where the lowest ones are empty.
    """
    known = [one for one in found if one.low is not None]
    unknown = [one for one in found if one.low is None and one.communes]
    lines, empty = list(known), None
    while lines and not lines[-1].communes:
        empty = lines.pop()
    told = []
    for one in lines:
        if not one.communes:
            told.append(f"Không có xã {bracket(one)};")
            continue
        only = one is known[-1] and _shrank(one, before)
        text = f"{communes(one.communes)} {bracket(one)}"
        share = percent(one.communes, total, style)
        told.append(f"{'Chỉ còn ' if only else ''}{text} ({share});")
    if empty is not None and lines and lines[-1].low:
        told.append(f"Không còn xã dưới {lines[-1].low} tiêu chí;")
    told += [f"{communes(one.communes)} chưa đánh giá;" for one in unknown]
    return [*told[:-1], f"{told[-1][:-1]}."] if told else []


def _shrank(one: Bracket, before: Sequence[Bracket]) -> bool:
    earlier = next((b.communes for b in before if (b.low, b.high) == (one.low, one.high)), 0)
    return one.communes < earlier


def all_met(tally: Tally, of: int) -> str:
    """Communes that meet every criterion beside those recognised: two counts, never one."""
    full = sum(b.communes for b in tally.brackets if b.low == b.high == of)
    if not of or not any(b.low == b.high == of for b in tally.brackets):
        return ""
    if full == tally.recognised:
        return (
            f"Số xã đạt đủ {of} tiêu chí bằng số xã đã có quyết định công nhận ({communes(full)})."
        )
    return (
        f"Số xã đạt đủ {of} tiêu chí là {communes(full)}; số xã đã có quyết định công nhận là"
        f" {communes(tally.recognised)}."
    )


def tiers(standard: int, higher: Sequence[tuple[str, int]], style: Style) -> str:
    """Higher tiers as shares of the recognised communes, which contain them."""
    told = [
        f"{communes(number)} đạt chuẩn {name} ({percent(number, standard, style)} số xã đạt chuẩn)"
        for name, number in higher
        if number
    ]
    if not told:
        names = ", ".join(name for name, _ in higher)
        return f"Chưa có xã được công nhận đạt chuẩn {names}."
    return f"Trong {communes(standard)} đạt chuẩn có {'; '.join(told)}."


def plan(stands: int, target: int, year: int, style: Style) -> str:
    """How far the year's plan for recognised communes is."""
    return (
        f"So với kế hoạch năm {year} ({communes(target)}), đạt"
        f" {percent(stands, target, style)} kế hoạch ({fraction(stands, target)} xã)."
    )


def criteria(now: Sequence[CriterionCount], style: Style) -> list[str]:
    """Which criteria most communes meet and which fewest, with numerator and denominator."""
    if not now or not now[0].communes:
        return []
    ranked = sorted(now, key=lambda one: (-one.met, one.number))
    if ranked[-1].met == ranked[-1].communes:
        return [f"Cả {len(ranked)} tiêu chí đều đạt ở tất cả các xã."]

    def told(some: Sequence[CriterionCount]) -> str:
        return "; ".join(
            f"tiêu chí {one.number} {one.name} {fraction(one.met, one.communes)} xã"
            f" ({percent(one.met, one.communes, style)})"
            for one in some
        )

    most = min(3, len(ranked))
    return [
        f"Nhiều xã đạt nhất: {told(ranked[:most])}.",
        f"Ít xã đạt nhất: {told(ranked[::-1][:most])}.",
    ]


def criteria_moved(
    now: Sequence[CriterionCount], before: Sequence[CriterionCount], label: str
) -> str:
    """Which criteria gained and lost communes against an earlier day."""
    earlier = {one.number: one.met for one in before}
    moved = [(one.met - earlier.get(one.number, 0), one) for one in now]
    up = sorted((m for m in moved if m[0] > 0), key=lambda m: (-m[0], m[1].number))[:3]
    down = sorted((m for m in moved if m[0] < 0), key=lambda m: (m[0], m[1].number))[:3]
    if not up and not down:
        return f"So với {label}, số xã đạt của từng tiêu chí không đổi."
    parts = []
    if up:
        parts.append("tăng nhiều nhất: " + ", ".join(_moved(one, by) for by, one in up))
    if down:
        parts.append("giảm: " + ", ".join(_moved(one, -by) for by, one in down))
    return f"So với {label}, {'; '.join(parts)}."


def _moved(one: CriterionCount, by: int) -> str:
    return f"tiêu chí {one.number} {one.name} ({two_digits(by)} xã)"


def registered(
    *, year: int, number: int, done: int, met: int, of: int, earlier: int | None, style: Style
) -> str:
    """The communes on the year's list: criteria met out of those asked, and how many are done."""
    if not number:
        return f"Năm {year} chưa ghi nhận xã đăng ký phấn đấu đạt chuẩn."
    text = (
        f"Năm {year} có {communes(number)} đăng ký phấn đấu đạt chuẩn; các xã này đạt"
        f" {format_number(met)}/{format_number(of)} tiêu chí"
    )
    if earlier is not None:
        text += f", {change(met, earlier, 'tiêu chí', 'đầu năm')}"
    if not done:
        return f"{text}; chưa có xã nào trong số này được công nhận."
    return (
        f"{text}; {fraction(done, number)} xã đã được công nhận"
        f" ({percent(done, number, style)} số xã đăng ký)."
    )


# ── What does not add up is said, not smoothed ────────────────────────────────────────────────


def warnings(now: Tally, parts: Sequence[Tally], *, fell: int, why: str) -> list[str]:
    """Sums that don't agree, communes without results, and a cumulative count that fell."""
    found = []
    grouped = sum(b.communes for b in now.brackets)
    if now.brackets and grouped != now.communes:
        found.append(
            f"Cộng các nhóm được {communes(grouped)}, khác tổng số {communes(now.communes)}."
        )
    if parts:
        for label, total, added in (
            ("số xã", now.communes, sum(p.communes for p in parts)),
            ("số tiêu chí đạt", now.criteria_met, sum(p.criteria_met for p in parts)),
            ("số xã được công nhận", now.recognised, sum(p.recognised for p in parts)),
        ):
            if added != total:
                found.append(
                    f"Cộng {label} theo địa bàn được {format_number(added)}, khác số toàn tỉnh"
                    f" {format_number(total)}."
                )
    if now.recognised > now.communes:
        found.append(
            f"Số xã được công nhận ({now.recognised}) lớn hơn tổng số xã ({now.communes})."
        )
    if 0 < now.assessed < now.communes:
        found.append(
            f"Mới có kết quả của {fraction(now.assessed, now.communes)} xã; bình quân vẫn tính trên"
            f" {communes(now.communes)}."
        )
    if fell > 0:
        reason = f" do {why}" if why else "; hãy kiểm tra quyết định thu hồi, đính chính"
        found.append(f"Số xã được công nhận lũy kế giảm {communes(fell)} so với đầu năm{reason}.")
    return found
