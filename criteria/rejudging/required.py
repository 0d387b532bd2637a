"""What was required of a commune when a result was recorded, and what is required of it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from communes.models import Unit, UnitVersion
from criteria import standings
from criteria.definitions import definitions, own_levels
from criteria.entry.judging import Asked
from criteria.models import ProvinceLevel, Result
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import IndicatorDefinition, Level, OwnLevel, Rule, SetDefinition
from criteria.situations import situations

type Needed = tuple[str, str, Mapping[str, tuple[str, Decimal | None, str]]]
"""Rule and condition of the indicator, and (rule, value, condition) of each part asked."""


class Requirements:
    """Answers for the communes of one province, everything asked once and kept."""

    def __init__(
        self, province: Unit, since: date, *, own: Sequence[OwnLevel] | None = None
    ) -> None:
        self.province = province
        self.own = own
        self._since = since
        self._situations: dict[tuple[date, bool], dict[int, Situation]] = {}
        self._levels: dict[object, dict[str, Level] | None] = {}
        self._definitions: dict[int, SetDefinition] = {}

    @cached_property
    def communes(self) -> Mapping[int, Sequence[UnitVersion]]:
        """Unit id → what each commune that lives on some day from `since` was and is called."""
        found: dict[int, list[UnitVersion]] = defaultdict(list)
        rows = UnitVersion.objects.communes().filter(province=self.province)
        for row in rows.select_related("unit__clock").order_by("valid"):
            found[row.unit_id].append(row)
        return {
            pk: lives
            for pk, lives in found.items()
            if lives[-1].valid.upper is None or lives[-1].valid.upper > self._since
        }

    @cached_property
    def unit_ids(self) -> list[int]:
        return [pk for pk in standings.commune_ids(self.province) if pk in self.communes]

    def now(
        self, unit_id: int, question: IndicatorDefinition, asked: SetDefinition, on: date
    ) -> Asked:
        """The indicator as the set asks it of the commune on a day."""
        where = self._where(unit_id, on, then=False)
        return Asked(question=question, levels=self._applying(question, asked, where))

    def then(self, result: Result, question: IndicatorDefinition) -> Needed:
        """What the result was judged against: as recorded with it, else as it was then."""
        asked = self._definition_of(result)
        before = _questions(asked).get(result.indicator_id, question)
        if found := recorded(result):
            return before.rule.value, before.when, found
        where = self._where(result.unit_id, result.true_from, then=True)
        where = _as_known(where, self._own_by_change, result.change_id)
        return needed(Asked(question=before, levels=self._applying(before, asked, where)))

    def know_versions_of(self, results: Iterable[Result]) -> None:
        """Load the versions by which these results were judged, all at once."""
        versions = {row.set_version_id: row.set_version for row in results}
        self._definitions |= definitions(versions.values())

    def _definition_of(self, result: Result) -> SetDefinition:
        if result.set_version_id not in self._definitions:
            self.know_versions_of([result])
        return self._definitions[result.set_version_id]

    def _where(self, unit_id: int, on: date, *, then: bool) -> Situation:
        key = (on, then)
        if key not in self._situations:
            own = self._all_own if then else self.own
            province_id = self.province.pk
            self._situations[key] = situations(self.communes.keys(), province_id, on, own=own)
        return self._situations[key][unit_id]

    def _applying(
        self, question: IndicatorDefinition, asked: SetDefinition, where: Situation
    ) -> dict[str, Level] | None:
        """The levels that apply; alike communes are asked for once."""
        facts = (where.region, where.group, where.year, where.on, where.unverified)
        attributes = frozenset(where.attributes.items())
        key = (asked.version_id, question.id, facts, attributes, tuple(o.id for o in where.own))
        if key not in self._levels:
            self._levels[key] = levels_in_force(question, under(asked, where))
        return self._levels[key]

    @cached_property
    def _all_own(self) -> tuple[OwnLevel, ...]:
        return own_levels(self.province.pk)

    @cached_property
    def _own_by_change(self) -> Mapping[int, int]:
        """Own level id → the change that recorded it."""
        rows = ProvinceLevel.objects.filter(province=self.province)
        return dict(rows.values_list("pk", "change_id"))


def needed(asked: Asked) -> Needed:
    """What an indicator requires, in a form that can be compared."""
    levels = (asked.levels or {}).items()
    return (
        asked.question.rule.value,
        asked.question.when,
        {part: (level.rule.value, level.value, level.when) for part, level in levels},
    )


def values_of(result: Result) -> dict[str, Decimal]:
    """The figures of a result by part; "" is that of a plain indicator."""
    found = {part: Decimal(value) for part, value in (result.part_values or {}).items()}
    return found if result.value is None else {"": result.value, **found}


def _questions(asked: SetDefinition) -> dict[int, IndicatorDefinition]:
    return {one.id: one for criterion in asked.criteria for one in criterion.indicators}


def recorded(result: Result) -> Mapping[str, tuple[str, Decimal | None, str]] | None:
    """The one level stored with a result."""
    level = result.threshold
    if level is None:
        return None
    own = result.province_level
    if own is not None:
        return {level.part: (own.rule, own.value, level.part_when)}
    return {level.part: (Rule(level.rule).value, level.value, level.part_when)}


def _as_known(where: Situation, by_change: Mapping[int, int], change_id: int) -> Situation:
    """The situation without the own levels that were recorded after the change."""
    known = tuple(own for own in where.own if by_change.get(own.id, 0) < change_id)
    return where if known == where.own else replace(where, own=known)
