"""What a version asks by one indicator, read back as the values that a file would state."""

from __future__ import annotations

from collections.abc import Sequence

from criteria.catalogue.specs import IndicatorSpec, LevelSpec
from criteria.models import Requirement, Threshold


def recorded(requirement: Requirement, levels: Sequence[Threshold]) -> IndicatorSpec:
    """The indicator with its levels in their order; its decision is the set's own."""
    indicator, measure = requirement.indicator, requirement.indicator.measure
    unread = "levels" if any(level.unverified for level in levels) else "none"
    return IndicatorSpec(
        code=indicator.code,
        text=requirement.text,
        kind=measure.value_kind,
        rule=requirement.rule,
        unit=measure.unit,
        unverified="text" if requirement.text_unverified else unread,
        when=requirement.when,
        note=requirement.note,
        source=levels[0].source if levels else "",
        measure=measure.code,
        levels=tuple(
            LevelSpec(
                selector=level.selector,
                value=level.value,
                rule=level.rule,
                part=level.part,
                part_text=level.part_text,
                part_unit=level.part_unit,
                part_when=level.part_when,
            )
            for level in levels
        ),
    )
