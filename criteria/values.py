"""Reads what an officer typed into a cell, in the unit and within the bounds of the measure."""

from __future__ import annotations

from decimal import Decimal

from communes.vietnamese import format_number, parse_number
from criteria.rules.types import IndicatorDefinition, Level, Outcome, Rule

NUMERIC_KINDS = frozenset({"percent", "number", "money"})
_LARGEST = Decimal(10) ** 12
_VERDICT_WORD = {Outcome.MET: "Đạt", Outcome.NOT_MET: "Chưa đạt"}


def takes_numbers(indicator: IndicatorDefinition) -> bool:
    """Whether the cell holds figures; the others hold only Đạt or Chưa đạt."""
    return indicator.kind in NUMERIC_KINDS and indicator.rule is not Rule.BY_PROVINCE


def read_value(indicator: IndicatorDefinition, text: str) -> Decimal:
    """The figure typed for one (part of an) indicator.

    Raises ValueError with a message for the cell: not a number, negative, or a percentage
    above 100.
    """
    value = parse_number(text)
    if value < 0:
        raise ValueError(f"“{text}” là số âm; hãy nhập từ 0 trở lên.")
    if indicator.kind == "percent" and value > 100:
        raise ValueError(f"“{text}” vượt quá 100%; tỷ lệ phải từ 0 đến 100.")
    if value >= _LARGEST or -value.as_tuple().exponent > 4:  # type: ignore[operator]
        raise ValueError(f"“{text}” quá lớn hoặc có quá 4 chữ số thập phân.")
    return value


def level_text(level: Level) -> str:
    """A level as the sheet shows it: "≥ 36 triệu đồng/người/năm", "Đạt"."""
    if level.value is None:
        return "UBND tỉnh quy định"
    if level.rule is Rule.YES:
        return _VERDICT_WORD[Outcome.MET]
    sign = {Rule.AT_LEAST: "≥", Rule.AT_MOST: "≤"}.get(level.rule, level.rule.value)
    return f"{sign} {format_number(level.value)}"
