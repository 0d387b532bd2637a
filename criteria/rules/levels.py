"""Which level applies to a commune: the one place of precedence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from criteria.rules.types import IndicatorDefinition, Level


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What selects a level for one commune on one day."""

    region: str = ""
    group: str = ""
    year: int | None = None


def precedence(situation: Situation) -> tuple[str, ...]:
    """Selectors from the most to the least specific: year, commune group, region, all.

    The "national" column of the decisions stands beside the regions and is shown for
    reference; it is never applied to a commune.
    """
    selectors = []
    if situation.year is not None:
        selectors.append(f"year:{situation.year}")
    if situation.group:
        selectors.append(f"group:{situation.group}")
    if situation.region:
        selectors.append(f"region:{situation.region}")
    return (*selectors, "all")


def applicable(levels: Iterable[Level], situation: Situation) -> Level | None:
    """The most specific of `levels` (all of one part) for this commune, or None."""
    by_selector: Mapping[str, Level] = {level.selector: level for level in levels}
    for selector in precedence(situation):
        if selector in by_selector:
            return by_selector[selector]
    return None


def levels_in_force(
    indicator: IndicatorDefinition, situation: Situation
) -> dict[str, Level] | None:
    """The level of each part ("" for a plain indicator); None when any part has none."""
    chosen: dict[str, Level] = {}
    for part in indicator.parts or ("",):
        level = applicable((x for x in indicator.levels if x.part == part), situation)
        if level is None:
            return None
        chosen[part] = level
    return chosen
