"""Which level applies to a commune, and why: the one place of precedence.

1. The column is that of the commune's own region, else of its province; a rule of the set may
   put communes with an attribute into another region's column (:func:`under`).
2. Of the levels whose conditions all hold, the one with the most conditions applies; of equally
   many the year counts before the group, the group before other attributes, the region last.
   The "national" column of the decisions is shown for reference and never applied.
3. Where no level is for the year of the assessment, that of the latest year before it goes on.
   No source says so, hence it is not a checked level: the officer judges.
4. A level left to the UBND tỉnh takes the province's own value: again the most specific that
   fits, and of several for the same communes the latest that has begun.
5. A part that has levels for other regions only is not asked of the commune.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Protocol

from criteria.rules.types import (
    IndicatorDefinition,
    Level,
    Origin,
    OwnLevel,
    RegionRule,
    SetDefinition,
)

REGION, GROUP, YEAR = "region", "group", "year"
ALL, NATIONAL = "all", "national"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What selects the levels for one commune on one day.

    `year` is the year of the assessment. `unverified` names which of region, group and
    attributes nobody has checked. `own` is all that the province ever set; of these count those
    that have begun by `on` and were not replaced.
    """

    region: str = ""
    group: str = ""
    year: int | None = None
    on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    unverified: frozenset[str] = frozenset()
    own: tuple[OwnLevel, ...] = ()
    region_rule: RegionRule | None = None
    group_name: str = ""

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """Everything that a condition of a selector may ask for."""
        return {
            **self.attributes,
            REGION: self.region,
            GROUP: self.group,
            YEAR: "" if self.year is None else str(self.year),
        }


class Selected(Protocol):
    """Something that is meant for the communes a selector names."""

    @property
    def selector(self) -> str: ...


@cache
def conditions(selector: str) -> tuple[tuple[str, str], ...]:
    """("region", "btb"), ("year", "2022") of "region:btb+year:2022"; none of "all"."""
    if selector == ALL:
        return ()
    pairs = (condition.partition(":") for condition in selector.split("+"))
    return tuple((key, value) for key, _, value in pairs)


def joined(selectors: Iterable[str]) -> str:
    """One selector that asks for all of `selectors`, its conditions in a fixed order."""
    found = {pair for selector in selectors for pair in conditions(selector)}
    ranked = sorted(found, key=lambda pair: (_RANK.get(pair[0], _OTHER), pair))
    return "+".join(":".join(pair) if pair[1] else pair[0] for pair in ranked) or ALL


_RANK = {NATIONAL: 0, REGION: 1, GROUP: 3, YEAR: 4}
_OTHER = 2


def under(asked: SetDefinition, situation: Situation) -> Situation:
    """The situation as one set sees it: its rule on regions applied, its groups named.

    The first rule that applies counts; one that leaves the commune in its region is none.
    """
    situation = replace(
        situation, group_name=asked.commune_groups.get(situation.group, situation.group)
    )
    for rule in asked.region_rules:
        if situation.attributes.get(rule.attribute) == rule.value:
            if rule.region == situation.region:
                return situation
            certain = rule.checked and rule.attribute not in situation.unverified
            unverified = situation.unverified - {REGION} | (set() if certain else {REGION})
            return replace(
                situation, region=rule.region, region_rule=rule, unverified=frozenset(unverified)
            )
    return situation


def applicable(levels: Iterable[Level], situation: Situation) -> Level | None:
    """Which of `levels` (all of one part) applies to this commune, with its origin; or None."""
    levels = tuple(levels)
    level = _most_specific(levels, situation)
    if level is not None:
        return _applied(level, situation)
    for year in _years_before(situation.year, levels):
        level = _most_specific(levels, replace(situation, year=year))
        if level is not None:
            return replace(_applied(level, situation, instead_of=situation.year), checked=False)
    return None


def levels_in_force(
    indicator: IndicatorDefinition, situation: Situation
) -> dict[str, Level] | None:
    """The level of each part that is asked ("" for a plain indicator).

    None when any part has no level, or none is asked.
    """
    chosen: dict[str, Level] = {}
    for part in indicator.parts or ("",):
        levels = [level for level in indicator.levels if level.part == part]
        level = applicable(levels, situation)
        if level is not None:
            chosen[part] = _filled(level, indicator, situation)
        elif not (part and _for_other_regions(levels, situation)):
            return None
    return chosen or None


def _most_specific[T: Selected](levels: Iterable[T], situation: Situation) -> T | None:
    """The first of the levels that fit with the most, then the strongest, conditions."""
    facts = situation.facts
    fitting = [
        level
        for level in levels
        if all(value and facts.get(key) == value for key, value in conditions(level.selector))
    ]
    return max(fitting, key=_specificity, default=None)


def _specificity(level: Selected) -> tuple[int, list[int]]:
    ranks = [_RANK.get(key, _OTHER) for key, _ in conditions(level.selector)]
    return len(ranks), sorted(ranks, reverse=True)


def _years_before(year: int | None, levels: Iterable[Level]) -> list[int]:
    """The years that levels are given for before `year`, the latest first."""
    given = {
        int(value) for level in levels for key, value in conditions(level.selector) if key == YEAR
    }
    return sorted((one for one in given if year is not None and one < year), reverse=True)


def _applied(level: Level, situation: Situation, *, instead_of: int | None = None) -> Level:
    asked_for = {key for key, _ in conditions(level.selector)}
    return replace(
        level,
        checked=level.checked and not asked_for & situation.unverified,
        origin=Origin(
            selector=level.selector,
            decision=level.decision,
            region_rule=situation.region_rule if REGION in asked_for else None,
            group_name=situation.group_name or situation.group,
            instead_of=instead_of,
        ),
    )


def _filled(level: Level, indicator: IndicatorDefinition, situation: Situation) -> Level:
    """A level left to the province with the province's value in it, where there is one."""
    if level.value is not None:
        return level
    replaced = {own.replaces for own in situation.own}
    counting = [
        own
        for own in situation.own
        if indicator.id in own.indicator_ids
        and own.part == level.part
        and situation.on is not None
        and own.from_on <= situation.on
        and own.id not in replaced
    ]
    latest_first = sorted(counting, key=lambda own: (own.from_on, own.id), reverse=True)
    own = _most_specific(latest_first, situation)
    if own is None:
        return level
    asked_for = {key for key, _ in conditions(own.selector)}
    return replace(
        level,
        rule=own.rule,
        value=own.value,
        unit=own.unit or level.unit,
        checked=not asked_for & situation.unverified,
        origin=Origin(
            selector=own.selector,
            decision=own.decision,
            region_rule=situation.region_rule if REGION in asked_for else None,
            group_name=situation.group_name or situation.group,
            own=own,
        ),
    )


def _for_other_regions(levels: Iterable[Level], situation: Situation) -> bool:
    """Whether the levels are all for regions that are not the commune's."""
    asked_for = [dict(conditions(level.selector)) for level in levels]
    regions = {found.get(REGION, "") for found in asked_for if NATIONAL not in found}
    return bool(situation.region and regions) and not regions & {"", situation.region}
