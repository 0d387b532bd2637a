"""Records the simulated history of a province as changes in time order, closing each month.

Everything of one province is one transaction: an interrupted load leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from communes import units
from communes.audit import recording
from communes.models import Change, DataClock, Unit, UnitAttribute, User
from criteria import adoptions, cells, months, recognition, sets, standings
from criteria.definitions import definition
from criteria.models import (
    CellHead,
    CriteriaSet,
    MonthClosing,
    MonthStanding,
    Responsibility,
    Result,
    Review,
    SetVersion,
    Standing,
)
from criteria.rules.judge import program_judges, verdict
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import IndicatorDefinition, Judge, Level, SetDefinition
from criteria.simulation import demo
from criteria.simulation.plan import PlannedMonth, PlannedRecognition, PlannedResult, plan
from criteria.simulation.scenario import Commune, Province
from criteria.simulation.timetable import Timetable

REASON = "Số liệu mô phỏng"

type Progress = Callable[[str, date], None]


class LoadRefused(Exception):
    """The province cannot be loaded as it is; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """How much was recorded."""

    results: int = 0
    reviews: int = 0
    recognitions: int = 0
    months: int = 0


def is_loaded(entry: Province, province: Unit) -> bool:
    """Whether the history is there to its last month.

    Raises LoadRefused when something else is: half a history, or somebody's own entries.
    """
    if MonthClosing.objects.filter(province=province, month=entry.last_month).exists():
        return True
    if province.clock.simulated or Change.objects.filter(clock=province.clock).exists():
        raise LoadRefused(
            f"{entry.name}: đã có số liệu nhưng chưa đủ đến tháng {entry.last_month:%m/%Y}"
            " (lần nạp trước bị ngắt?). Hãy chạy `make demo-reset` rồi nạp lại."
        )
    return False


@transaction.atomic
def load_province(entry: Province, data: Mapping[str, Any], *, progress: Progress) -> Loaded:
    """Record the whole history of one province; `progress` hears of each month closed."""
    province = units.find(entry.code, entry.first_month).unit
    criteria_set = CriteriaSet.objects.get(code=data["set"])
    version = sets.version_in_force(criteria_set, entry.first_month)
    recorder = _Recorder(
        entry=entry,
        province=province,
        version=version,
        asked=definition(version),
        by=demo.office(data),
    )
    recorder.begin(data)
    for month in recorder.plan():
        recorder.record(month)
        progress(entry.name, month.month_end)
    standings.rebuild(province=province, on=months.month_end(months.working_day(province)))
    return recorder.loaded


def refresh_statistics() -> None:
    """Tell the planner of all that was written; the first pages should not wait for autovacuum.

    Not inside a load: ANALYZE would lock the ledger against the other provinces' until commit.
    """
    with connection.cursor() as cursor:
        for model in (Result, Review, Change, MonthStanding, CellHead, Standing):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


@dataclass(kw_only=True)
class _Recorder:
    entry: Province
    province: Unit
    version: SetVersion
    asked: SetDefinition
    by: User
    loaded: Loaded = field(default_factory=Loaded)
    heads: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timetable = Timetable(self.entry.code)
        self.situation = self._situation()
        self.questions = {
            indicator.id: _Question(indicator, self.situation)
            for criterion in self.asked.criteria
            for indicator in criterion.indicators
        }
        self.indicators_of = {
            criterion.id: [indicator.id for indicator in criterion.indicators]
            for criterion in self.asked.criteria
        }

    def _situation(self) -> Situation:
        """What selects the levels: the same for all communes of a demo province."""
        version = units.version_of(self.province.pk, self.entry.first_month)
        return cells.situation(version, self.entry.first_month)

    def begin(self, data: Mapping[str, Any]) -> None:
        """Mark the province as simulated and write what its first month needs."""
        DataClock.objects.filter(pk=self.province.clock_id).update(simulated=True)
        self.province.clock.refresh_from_db()
        moment = self.timetable.begun_at(self.entry.first_month)
        with self._recording("demo.prepare", moment) as pending:
            demo.prepare(
                pending,
                data,
                plan=self.entry,
                province=self.province,
                version=self.version,
            )
        adoptions.adopt(
            province=self.province,
            set=self.version.set,
            from_on=data["adoption"]["from_on"],
            decision=data["adoption"]["decision"],
            by=self.by,
            simulated_at=moment,
        )

    def plan(self) -> Any:
        return plan(self.entry, self._communes(), self.asked, self.situation)

    def _communes(self) -> list[Commune]:
        first = self.entry.first_month
        within = units.version_of(self.province.pk, first)
        border = set(
            UnitAttribute.objects.alive_on(first)
            .filter(key=UnitAttribute.Key.BORDER, value="yes")
            .values_list("unit_id", flat=True)
        )
        taking_part = {
            month: set(
                units.communes_in_programme(
                    units.version_of(self.province.pk, month), month
                ).values_list("unit_id", flat=True)
            )
            for month in self.entry.months
        }
        return [
            Commune(
                unit_id=version.unit_id,
                key=version.unit.key,
                district_id=version.parent_id or 0,
                border=version.unit_id in border,
                end=next((m for m in taking_part if version.unit_id not in taking_part[m]), None),
            )
            for version in units.communes_in_programme(within, first)
        ]

    def record(self, month: PlannedMonth) -> None:
        """Everything of one month in the order of its moments, its closing last."""
        end = month.month_end
        acts: list[tuple[datetime, Callable[[datetime], None]]] = [
            (self.timetable.entered_at(end), lambda at: self._enter(month, at)),
            (self.timetable.confirmed_at(end), lambda at: self._confirm(month, at)),
        ]
        decisions = groupby(month.recognitions, key=lambda decision: decision.decided_on)
        for place, (day, found) in enumerate(decisions):
            moment = self.timetable.decided_at(day, self.entry.first_month, place)
            acts.append((moment, self._recognising(list(found))))
        for moment, act in sorted(acts, key=lambda pair: pair[0]):
            act(moment)
        months.close(
            province=self.province,
            month=end,
            by=self.by,
            simulated_at=self.timetable.closed_at(end),
        )
        self.loaded = Loaded(
            results=self.loaded.results + len(month.results),
            reviews=self.loaded.reviews + len(month.confirmations),
            recognitions=self.loaded.recognitions + len(month.recognitions),
            months=self.loaded.months + 1,
        )

    def _enter(self, month: PlannedMonth, at: datetime) -> None:
        with self._recording("results.import", at) as pending:
            rows = Result.objects.bulk_create(
                [self._result(planned, month.month_end, pending.id) for planned in month.results],
                batch_size=5000,
            )
        for row in rows:
            self.heads[row.unit_id, row.indicator_id] = row.pk

    def _result(self, planned: PlannedResult, true_from: date, change_id: int) -> Result:
        question = self.questions[planned.indicator_id]
        return Result(
            unit_id=planned.unit_id,
            indicator_id=planned.indicator_id,
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
            change_id=change_id,
        )

    def _confirm(self, month: PlannedMonth, at: datetime) -> None:
        answering = Responsibility.objects.filter(province=self.province).order_by("-pk")
        departments = dict(answering.values_list("criterion_id", "department_id"))
        with self._recording("reviews.confirm", at) as pending:
            Review.objects.bulk_create(
                [
                    Review(
                        unit_id=planned.unit_id,
                        criterion_id=planned.criterion_id,
                        act=Review.Act.CONFIRM,
                        result_ids=[
                            self.heads[planned.unit_id, indicator]
                            for indicator in self.indicators_of[planned.criterion_id]
                        ],
                        department_id=departments.get(planned.criterion_id),
                        change_id=pending.id,
                    )
                    for planned in month.confirmations
                ],
                batch_size=5000,
            )

    def _recognising(self, decisions: list[PlannedRecognition]) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            first = decisions[0]
            found = Unit.objects.in_bulk([decision.unit_id for decision in decisions])
            recognition.recognise(
                units=[found[decision.unit_id] for decision in decisions],
                tier=self.asked.tier,
                set_version=self.version,
                number=first.number,
                decided_on=first.decided_on,
                effective_on=first.effective_on,
                year=first.year,
                round=first.round,
                by=self.by,
                simulated_at=at,
            )

        return act

    def _recording(self, action: str, at: datetime) -> Any:
        return recording(
            clock=self.province.clock_id,
            action=action,
            by=self.by,
            reason=REASON,
            simulated_at=at,
        )


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
