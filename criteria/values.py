"""Figures of a cell: reading what was typed, and saying the level and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from communes.models import Region, UnitAttribute
from communes.vietnamese import format_date, format_number, parse_number
from criteria.rules.judge import satisfies
from criteria.rules.levels import GROUP, REGION, YEAR, conditions
from criteria.rules.types import IndicatorDefinition, Level, Origin, Outcome, Rule

NUMERIC_KINDS = frozenset({"percent", "number", "money"})
_LARGEST = Decimal(10) ** 12
_VERDICT_WORD = {Outcome.MET: "Đạt", Outcome.NOT_MET: "Chưa đạt"}


def takes_numbers(
    indicator: IndicatorDefinition, levels: Mapping[str, Level] | None = None
) -> bool:
    """Whether the cell holds figures; the others hold only Đạt or Chưa đạt.

    What the UBND tỉnh sets is figures where it set a figure.
    """
    own = [level for level in (levels or {}).values() if level.origin and level.origin.own]
    if own:
        return any(level.rule is not Rule.YES for level in own)
    return indicator.kind in NUMERIC_KINDS and indicator.rule is not Rule.BY_PROVINCE


def read_value(indicator: IndicatorDefinition, text: str, *, unit: str = "") -> Decimal:
    """The figure typed for one (part of an) indicator; `unit` is that of the part.

    Raises ValueError with a message for the cell: not a number, negative, or a percentage
    above 100.
    """
    value = parse_number(text)
    if value < 0:
        raise ValueError(f"“{text}” là số âm; hãy nhập từ 0 trở lên.")
    if (indicator.kind == "percent" or unit == "%") and value > 100:
        raise ValueError(f"“{text}” vượt quá 100%; tỷ lệ phải từ 0 đến 100.")
    if value >= _LARGEST or -value.as_tuple().exponent > 4:  # type: ignore[operator]
        raise ValueError(f"“{text}” quá lớn hoặc có quá 4 chữ số thập phân.")
    return value


def level_text(level: Level) -> str:
    """A level as the sheet shows it: "≥ 36", "Đạt"."""
    return rule_text(level.rule, level.value)


def rule_text(rule: Rule, value: Decimal | None) -> str:
    """A rule with its value; without one the UBND tỉnh sets it."""
    if value is None:
        return "UBND tỉnh quy định"
    if rule is Rule.YES:
        return _VERDICT_WORD[Outcome.MET]
    sign = {Rule.AT_LEAST: "≥", Rule.AT_MOST: "≤"}.get(rule, rule.value)
    return f"{sign} {format_number(value)}"


def gap_text(value: Decimal | None, level: Level | None) -> str:
    """How far a value is from a level it does not meet: "còn thiếu 8,5", "vượt 2"; else "".

    In the unit of the level. Of a level that only a greater or lesser value meets, the distance
    to it; a value that equals it is told as such.
    """
    if value is None or level is None or level.value is None or level.rule not in _SHORT:
        return ""
    if satisfies(value, level):
        return ""
    distance = abs(level.value - value)
    return (
        f"{_SHORT[level.rule]} {format_number(distance)}" if distance else "mới bằng mức quy định"
    )


_SHORT = {
    Rule.AT_LEAST: "còn thiếu",
    Rule.MORE: "còn thiếu",
    Rule.AT_MOST: "vượt",
    Rule.LESS: "vượt",
    Rule.EQUAL: "lệch",
}


def origin_text(level: Level) -> str:
    """Why this level applies, for the reader: region, group, year, decision.

    "Vùng Tây Nguyên · năm 2023 · 318/QĐ-TTg"; "UBND tỉnh quy định: 12/QĐ-UBND từ 01/3/2019".
    """
    origin = level.origin
    if origin is None:
        return ""
    said = [_condition(key, value, origin) for key, value in conditions(origin.selector)]
    if origin.own is not None:
        decided = f"{origin.decision} từ {format_date(origin.own.from_on)}"
        return " · ".join([f"UBND tỉnh quy định: {decided}", *said])
    return " · ".join([*said, origin.decision or "chưa rõ số quyết định"])


def _condition(key: str, value: str, origin: Origin) -> str:
    if key == REGION:
        names = dict(Region.choices)
        rule = f" ({origin.region_rule.label})" if origin.region_rule else ""
        return f"Vùng {names.get(value, value)}{rule}"
    if key == GROUP:
        return origin.group_name or f"nhóm {value}"
    if key == YEAR:
        missing = f", chưa có mức năm {origin.instead_of}" if origin.instead_of else ""
        return f"năm {value}{missing}"
    if key == UnitAttribute.Key.DIFFICULTY_ZONE:
        return f"Khu vực {value}"
    name = dict(UnitAttribute.Key.choices).get(key, key)
    return name if value == "yes" else f"{name}: {value}"
