"""A value held against the level: who may judge, and what follows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal

from criteria.rules.types import IndicatorDefinition, Level, Outcome, Rule

_COMPARE: Mapping[Rule, Callable[[Decimal, Decimal], bool]] = {
    Rule.AT_LEAST: operator.ge,
    Rule.AT_MOST: operator.le,
    Rule.LESS: operator.lt,
    Rule.MORE: operator.gt,
    Rule.EQUAL: operator.eq,
    Rule.YES: operator.eq,
}


def program_judges(indicator: IndicatorDefinition, levels: Mapping[str, Level] | None) -> bool:
    """Whether the program gives the verdict: every level known and checked, wording too.

    Otherwise (level empty, unchecked, left to the UBND tỉnh without its value, or asked under
    a condition in words) the officer does, and the cell says so.
    """
    if not levels or not indicator.text_checked or indicator.when:
        return False
    return all(
        level.checked and level.value is not None and not level.when for level in levels.values()
    )


def program_can_judge(indicator: IndicatorDefinition) -> bool:
    """Whether the program can give the verdict for every commune, by the set's levels alone.

    The "national" column is shown for reference and never applied, so it does not count.
    """
    levels = [level for level in indicator.levels if level.selector != "national"]
    return program_judges(indicator, {f"{n}": level for n, level in enumerate(levels)})


def satisfies(value: Decimal, level: Level) -> bool:
    """Whether `value`, in the unit of the level, meets it.

    Raises ValueError for a level that has no value.
    """
    if level.value is None:
        raise ValueError("mức quy định chưa có giá trị")
    return _COMPARE[level.rule](value, level.value)


def verdict(values: Mapping[str, Decimal], levels: Mapping[str, Level]) -> Outcome:
    """Met when every part meets its level ("" is the part of a plain indicator).

    A part without a value leaves the indicator not assessed, unless another part already
    fails.
    """
    outcomes = {
        part: satisfies(values[part], level) for part, level in levels.items() if part in values
    }
    if not all(outcomes.values()):
        return Outcome.NOT_MET
    if len(outcomes) < len(levels):
        return Outcome.NOT_ASSESSED
    return Outcome.MET
