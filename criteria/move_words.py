"""Why figures moved, in words and as plain data: names of figures and reasons, rounded parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from communes.vietnamese import format_date, format_number, rounded
from criteria.figures import AVERAGE_PLACES
from criteria.moves import Moves
from criteria.rules.causes import Why
from criteria.rules.rounding import rounded_parts
from criteria.rules.why_moved import Figure, Part, What

REASONS = {
    Why.UNITS: "đơn vị thay đổi",
    Why.SET: "đổi bộ tiêu chí",
    Why.REVIEWED: "xác nhận hoặc trả lại sau",
    Why.CORRECTED: "đính chính hoặc ghi bổ sung",
    Why.BEGAN: "bắt đầu có kết quả",
    Why.NEWLY: "đạt thêm",
    Why.LOST: "không còn đạt",
    Why.UNASSESSED: "không còn được đánh giá",
}
RECOGNITION = {Why.NEWLY: "mới được công nhận", Why.LOST: "thôi được công nhận"}

NAMES = {
    What.AVERAGE: "Bình quân",
    What.MET: "Tiêu chí đạt",
    What.RECOGNISED: "Xã được công nhận đạt chuẩn",
    What.COMMUNES: "Xã trong Chương trình",
}
UNITS = {What.AVERAGE: "tiêu chí/xã", What.MET: "tiêu chí"}
"""What a figure counts; the others count communes."""

HUNDREDTH = Fraction(1, 10**AVERAGE_PLACES)


@dataclass(frozen=True, kw_only=True)
class ShownPart:
    """A part as it is shown: rounded so that the parts add up to the change that is shown."""

    part: Part
    reason: str
    amount: Decimal
    places: int

    @property
    def text(self) -> str:
        return signed(self.amount, self.places)


def reason(why: Why, what: What) -> str:
    """ "đạt thêm"; of recognition "mới được công nhận"."""
    return RECOGNITION.get(why, REASONS[why]) if what is What.RECOGNISED else REASONS[why]


def name(figure: Figure, found: Moves) -> str:
    """The figure as the screen calls it."""
    if figure.what is What.BRACKET:
        known = figure.key[0].isdigit() or figure.key.startswith("Dưới")
        return f"Nhóm {figure.key[0].lower()}{figure.key[1:]}" if known else figure.key
    if figure.what is What.CRITERION:
        names = {str(one.number): one.name for one in found.after.asked.criteria}
        return f"Tiêu chí {figure.key}. {names.get(figure.key, '')}".strip()
    return NAMES[figure.what]


def unit(figure: Figure) -> str:
    return UNITS.get(figure.what, "xã")


def places(figure: Figure) -> int:
    return AVERAGE_PLACES if figure.what is What.AVERAGE else 0


def parts(figure: Figure) -> list[ShownPart]:
    """The parts to be shown, by the method of the largest remainder where they are rounded."""
    exact = [part.amount for part in figure.parts]
    return [
        ShownPart(
            part=part,
            reason=reason(part.why, figure.what),
            amount=decimal(amount),
            places=places(figure),
        )
        for part, amount in zip(figure.parts, rounded_parts(exact, _step(figure)), strict=True)
    ]


def was_evened(figure: Figure) -> bool:
    """Whether a part is shown otherwise than it would be rounded alone, so that they add up."""
    exact = [part.amount for part in figure.parts]
    alone = [rounded_parts([amount], _step(figure))[0] for amount in exact]
    return alone != rounded_parts(exact, _step(figure))


def change(figure: Figure) -> Decimal | None:
    """The difference as it is shown; None where there is none to tell."""
    if figure.change is None:
        return None
    return decimal(rounded_parts([figure.change], _step(figure))[0])


def finding(figure: Figure, found: Moves) -> str:
    """ "Bình quân tăng 1,29 tiêu chí/xã: +1,32 do đạt thêm, −0,03 do không còn đạt"."""
    moved, label = change(figure), name(figure, found)
    if moved is None:
        return f"{label}: không so sánh được, có ngày chưa có kết quả đánh giá nào"
    shown = [part for part in parts(figure) if part.amount]
    why = ", ".join(f"{part.text} do {part.reason}" for part in shown)
    if not moved:
        text = f"{label} không đổi"
    else:
        size = format_number(abs(moved), places(figure))
        text = f"{label} {'tăng' if moved > 0 else 'giảm'} {size} {unit(figure)}"
    return f"{text}: {why}" if why else text


def signed(amount: Decimal | int, places: int = 0) -> str:
    """ "+1,32", "−0,03", "0"."""
    text = format_number(Decimal(amount), places)
    if not text.strip("−0,"):
        return "0"
    return text if text.startswith("−") else f"+{text}"


def decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def _step(figure: Figure) -> Fraction:
    return HUNDREDTH if figure.what is What.AVERAGE else Fraction(1)


def lines(found: Moves) -> list[str]:
    """For the command line: every figure that has parts, with them."""
    days = f"{format_date(found.before.on)} đến {format_date(found.after.on)}"
    told = [
        f"Thay đổi từ {days}, {found.basis.label.lower()}:",
        *(f"  {finding(one, found)}" for one in _moved(found.explanation.figures)),
    ]
    return told if len(told) > 1 else [*told, "  Không số nào thay đổi."]


def _moved(figures: Iterable[Figure]) -> list[Figure]:
    return [one for one in figures if one.parts or one.change is None]


def as_json(found: Moves) -> dict[str, Any]:
    """Why each figure moved, as plain data with fixed keys.

    Counts are whole numbers. Averages are strings with two decimals whose parts add up; `exact`
    is the part as a fraction.
    """
    return {
        "on": found.before.on.isoformat(),
        "set": found.before.asked.code or None,
        "frozen": found.before.frozen,
        "basis": found.basis.value,
        "figures": [_figure_json(one) for one in found.explanation.figures],
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    def told(amount: Fraction | None) -> str | int | None:
        if amount is None:
            return None
        if figure.what is What.AVERAGE:
            return str(rounded(decimal(amount), AVERAGE_PLACES))
        return int(amount)

    shown = parts(figure)
    return {
        "figure": figure.what.value,
        "key": figure.key,
        "before": told(figure.before),
        "after": told(figure.after),
        "change": told(figure.change),
        "parts": [
            {
                "why": one.part.why.value,
                "amount": told(Fraction(one.amount)),
                "exact": str(one.part.amount),
                "communes": len(one.part.shares),
            }
            for one in shown
        ],
    }
