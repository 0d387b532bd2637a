"""Records one plan of a province as changes in time order, closing each of its months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from communes import units
from communes.audit import recording
from communes.models import Unit, UnitAttribute, User
from criteria import adoptions, months, recognition, sets
from criteria.models import CriteriaSet, Responsibility, Result, Review
from criteria.simulation import demo, submissions, successors
from criteria.simulation.beside import BesideRecorder
from criteria.simulation.plan import PlannedMonth, PlannedRecognition, PlannedResult, Planner
from criteria.simulation.questions import Questions
from criteria.simulation.scenario import Commune, Province
from criteria.simulation.timetable import Timetable

REASON = "Số liệu mô phỏng"
ORPHAN = "Mô phỏng: chưa rõ đơn vị kế thừa"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """How much was recorded."""

    results: int = 0
    reviews: int = 0
    recognitions: int = 0
    months: int = 0


@dataclass(kw_only=True)
class Recorder:
    """Writes the plan `stage`; `before` recorded the one before it, None for the first."""

    stage: Province
    province: Unit
    by: User
    data: Mapping[str, Any]
    before: Recorder | None = None
    beside: BesideRecorder | None = None
    counted: Loaded = field(default_factory=Loaded)
    heads: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = self.stage.first_month
        self.timetable = Timetable(self.stage.code)
        adopted = self._adopted()
        self.version = sets.version_in_force(adopted, first)
        self.questions = Questions(self.version, self.province, first)
        self.asked = self.questions.asked

    def _adopted(self) -> CriteriaSet:
        if self.stage.adoption is not None:
            return CriteriaSet.objects.get(code=self.stage.adoption.set_code)
        assert self.before is not None
        return self.before.version.set

    def months(self) -> Iterator[PlannedMonth]:
        """The months of the plan, once what its first month needs is written."""
        moment = self.timetable.turned_at(self.stage.first_month, opening=self.before is None)
        if self.stage.adoption is not None:
            self._adopt(moment)
        communes = self.communes = self._communes()
        ids = [commune.unit_id for commune in communes]
        if self.before is None or self.stage.adoption is not None:
            former = None
        else:
            self.heads = self.before.heads
            former = successors.start(
                ids, known=self.before.planner.ways, by=self.by, moment=moment
            )
            self.heads |= successors.heads(ids, known=self.before.planner.ways)
        self.planner = Planner(
            self.stage,
            communes,
            self.asked,
            self.questions.situation,
            recognised=recognition.statuses(ids, day=self.stage.first_month),
            before=self.before.planner if self.before and former is not None else None,
            former=former,
        )
        return self.planner.months()

    def _adopt(self, moment: datetime) -> None:
        adopts = self.stage.adoption
        assert adopts is not None
        with self._recording("demo.prepare", moment) as pending:
            demo.assign_departments(
                pending,
                self.data,
                province=self.province,
                version=self.version,
                from_on=adopts.from_on,
            )
            demo.group_communes(
                pending, province=self.province, version=self.version, on=self.stage.first_month
            )
        adoptions.adopt(
            province=self.province,
            set=self.version.set,
            from_on=adopts.from_on,
            decision=adopts.decision,
            by=self.by,
            simulated_at=moment,
        )

    def _adopt_beside(self, beside: BesideRecorder) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            with self._recording("demo.prepare", at) as pending:
                demo.assign_departments(
                    pending,
                    self.data,
                    province=self.province,
                    version=beside.version,
                    from_on=beside.adopts.from_on,
                )
            beside.adopt(self.heads, at)

        return act

    def _communes(self) -> list[Commune]:
        first = self.stage.first_month
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
            for month in self.stage.months
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
            (self.timetable.submitted_at(end), lambda at: self._submit(end, at)),
            (self.timetable.confirmed_at(end), lambda at: self._confirm(month, at)),
        ]
        if self.beside is not None and self.beside.begins_in(end):
            opened = self.timetable.turned_at(end, opening=False)
            acts.append((opened, self._adopt_beside(self.beside)))
        decisions = groupby(month.recognitions, key=lambda decision: decision.decided_on)
        for place, (day, found) in enumerate(decisions):
            moment = self.timetable.decided_at(day, self.stage.first_month, place)
            acts.append((moment, self._recognising(list(found))))
        for moment, act in sorted(acts, key=lambda pair: pair[0]):
            act(moment)
        months.close(
            province=self.province,
            month=end,
            by=self.by,
            simulated_at=self.timetable.closed_at(end),
        )
        self.counted = Loaded(
            results=self.counted.results + len(month.results),
            reviews=self.counted.reviews + len(month.confirmations),
            recognitions=self.counted.recognitions + len(month.recognitions),
            months=self.counted.months + 1,
        )

    def _enter(self, month: PlannedMonth, at: datetime) -> None:
        beside = self._beside(month)
        with self._recording("results.import", at) as pending:
            rows = [self._result(planned, month, pending.id) for planned in month.results]
            if beside is not None:
                rows += beside.results(month, self.planner, self.heads, pending.id)
            rows = Result.objects.bulk_create(rows, batch_size=5000)
        for row in rows:
            self.heads[row.unit_id, row.indicator_id] = row.pk

    def _beside(self, month: PlannedMonth) -> BesideRecorder | None:
        counts = self.beside is not None and self.beside.counts_in(month.month_end)
        return self.beside if counts else None

    def _result(self, planned: PlannedResult, month: PlannedMonth, change_id: int) -> Result:
        orphan = self.planner.former and planned.cause == Result.Cause.OPENING
        return self.questions.result(
            planned,
            month.month_end,
            change_id,
            indicator_id=planned.indicator_id,
            note=ORPHAN if orphan else "",
        )

    def _submit(self, month: date, at: datetime) -> None:
        sending = [one.unit_id for one in self.communes if one.counts_on(month)]
        with self._recording("submissions.submit", at) as pending:
            submissions.send_in(pending, sending, month, [self.asked.set_id])

    def _confirm(self, month: PlannedMonth, at: datetime) -> None:
        answering = Responsibility.objects.filter(province=self.province).order_by("-pk")
        departments = dict(answering.values_list("criterion_id", "department_id"))
        confirmed, indicators_of = [*month.confirmations], self.questions.indicators_of
        if (beside := self._beside(month)) is not None:
            confirmed += beside.confirmations(month, self.planner)
            indicators_of = indicators_of | beside.questions.indicators_of
        with self._recording("reviews.confirm", at) as pending:
            Review.objects.bulk_create(
                [
                    Review(
                        unit_id=planned.unit_id,
                        criterion_id=planned.criterion_id,
                        act=Review.Act.CONFIRM,
                        result_ids=[
                            self.heads[planned.unit_id, indicator]
                            for indicator in indicators_of[planned.criterion_id]
                        ],
                        department_id=departments.get(planned.criterion_id),
                        change_id=pending.id,
                    )
                    for planned in confirmed
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
