"""What a set asks of the communes of a demo province: levels by year, and who judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from communes import units
from communes.models import Unit
from criteria.definitions import definition
from criteria.models import Result, SetVersion
from criteria.rules.judge import program_judges, verdict
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import IndicatorDefinition, Judge, Level
from criteria.simulation.plan import PlannedResult
from criteria.simulation.sheet import asked_of
from criteria.situations import situation


class Questions:
    """The indicators of one version of a set with the levels of a province, year by year.

    The same for all communes of a demo province.
    """

    def __init__(self, version: SetVersion, province: Unit, on: date) -> None:
        self.version = version
        self.asked = definition(version)
        self.situation: Situation = situation(units.version_of(province.pk, on), on, self.asked)
        self.indicators_of = {
            criterion.id: [indicator.id for indicator in asked_of(criterion)]
            for criterion in self.asked.criteria
        }
        self._indicators = {
            indicator.id: indicator
            for criterion in self.asked.criteria
            for indicator in asked_of(criterion)
        }
        self._of = cache(self._question)

    def result(
        self,
        planned: PlannedResult,
        true_from: date,
        change_id: int,
        *,
        indicator_id: int,
        note: str = "",
    ) -> Result:
        """The row of the ledger for what the plan found, on this set's own indicator."""
        question = self._of(indicator_id, true_from.year)
        return Result(
            unit_id=planned.unit_id,
            indicator_id=indicator_id,
            set_version_id=self.version.pk,
            true_from=true_from,
            value=planned.value,
            part_values={part: str(figure) for part, figure in planned.part_values.items()}
            if planned.part_values
            else None,
            threshold_id=question.threshold_id,
            verdict=planned.outcome.value,
            judged_by=question.judge(planned).value,
            cause=planned.cause,
            note=note,
            change_id=change_id,
        )

    def _question(self, indicator_id: int, year: int) -> _Question:
        where = replace(self.situation, year=year, on=date(year, 12, 31))
        return _Question(self._indicators[indicator_id], where)


class _Question:
    """One indicator with the levels that apply: who judges it, by which level."""

    def __init__(self, indicator: IndicatorDefinition, situation: Situation) -> None:
        self.indicator = indicator
        self.levels: Mapping[str, Level] = levels_in_force(indicator, situation) or {}
        self.by_program = program_judges(indicator, self.levels)
        only = next(iter(self.levels.values())) if len(self.levels) == 1 else None
        self.threshold_id = only.threshold_id if only else None

    def judge(self, planned: PlannedResult) -> Judge:
        """Who gave the verdict; where it was the program, the plan must agree with it."""
        if not self.by_program:
            return Judge.OFFICER
        values = dict(planned.part_values or {})
        if planned.value is not None:
            values[""] = planned.value
        found = verdict(values, self.levels)
        if found is not planned.outcome:
            raise AssertionError(f"{self.indicator.code}: {values} → {found}, {planned.outcome}")
        return Judge.RULE
