"""Small set definitions for tests of the pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    Rule,
    SetDefinition,
)


def make_level(
    value: float | None = 80, *, rule: str = ">=", selector: str = "all", **how
) -> Level:
    """A checked level "≥ 80 for all" unless said otherwise."""
    number = None if value is None else Decimal(str(value))
    return Level(
        selector=selector, rule=Rule(rule), value=number, checked=how.pop("checked", True), **how
    )


def make_indicator(id: int = 1, code: str = "1.1", *, levels: Sequence[Level] = (), **how):
    """A percentage with the given levels."""
    return IndicatorDefinition(
        id=id,
        code=code,
        text=f"Chỉ tiêu {code}",
        kind=how.pop("kind", "percent"),
        unit="%",
        rule=Rule(how.pop("rule", ">=")),
        levels=tuple(levels),
        **how,
    )


def make_definition(
    shape: Sequence[int], *, na_counts_as_met: bool = True, cuts: Sequence[int] = ()
) -> SetDefinition:
    """A set with ``shape[i]`` indicators in criterion i+1.

    Indicator j of criterion i has id 100·i + j; the conclusion on criterion i has id 100·i.
    """
    criteria = tuple(
        CriterionDefinition(
            id=number,
            number=number,
            name=f"Tiêu chí {number}",
            conclusion_id=100 * number,
            indicators=tuple(
                make_indicator(100 * number + place, f"{number}.{place}")
                for place in range(1, size + 1)
            ),
        )
        for number, size in enumerate(shape, start=1)
    )
    return SetDefinition(
        set_id=1,
        version_id=1,
        code="thu",
        name="Bộ thử",
        criteria=criteria,
        bracket_cuts=tuple(cuts),
        na_counts_as_met=na_counts_as_met,
    )
