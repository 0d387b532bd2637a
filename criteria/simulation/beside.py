"""A set that a demo province judges by beside its headline: one entry, two counts.

Each simulated finding is recorded under this set as well, in the same change; what only this
set asks gets findings of its own, in a way that does not disturb the plan of the headline.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from random import Random

from communes.models import Unit, User
from criteria import adopting, sets
from criteria.models import CriteriaSet, Indicator, Result
from criteria.rules.types import Outcome
from criteria.simulation.plan import PlannedConfirmation, PlannedMonth, PlannedResult, Planner
from criteria.simulation.questions import Questions
from criteria.simulation.scenario import Adoption

SHARE_AT_FIRST = 0.30
SHARE_A_MONTH = 0.01
"""Of the communes that meet the whole headline set, those that meet what is asked besides."""

type Heads = MutableMapping[tuple[int, int], int]
"""(commune, indicator) → the result that holds."""


@dataclass(kw_only=True)
class BesideRecorder:
    """Records one set beside the headline, from the month of its adoption on.

    It goes along with every plan of the province in turn. `met` are the communes that meet
    what only this set asks, `found` those with a finding on it this month.
    """

    adopts: Adoption
    province: Unit
    by: User
    met: set[int] = field(default_factory=set)
    found: list[int] = field(default_factory=list)
    months: int = 0

    def __post_init__(self) -> None:
        adopted = CriteriaSet.objects.get(code=self.adopts.set_code)
        self.version = sets.version_in_force(adopted, self.adopts.from_on)
        self.questions = Questions(self.version, self.province, self.adopts.from_on)
        self._criterion_of = {
            indicator_id: criterion_id
            for criterion_id, ids in self.questions.indicators_of.items()
            for indicator_id in ids
        }
        asked = Indicator.objects.filter(pk__in=self._criterion_of, measure__isnull=False)
        mine = dict(asked.values_list("measure_id", "pk"))
        others = Indicator.objects.filter(measure__in=mine).exclude(pk__in=mine.values())
        rows = list(others.values_list("pk", "criterion_id", "measure_id"))
        self._kept = {pk: mine[measure_id] for pk, _, measure_id in rows}
        self._criterion_beside = {
            criterion_id: self._criterion_of[mine[measure_id]]
            for _, criterion_id, measure_id in rows
        }
        kept = set(self._criterion_beside.values())
        self._own = {
            criterion_id: ids
            for criterion_id, ids in self.questions.indicators_of.items()
            if criterion_id not in kept
        }

    def begins_in(self, month: date) -> bool:
        """Whether the set is taken into use in this month."""
        return month.replace(day=1) <= self.adopts.from_on <= month

    def counts_in(self, month: date) -> bool:
        """Whether the set counts at this month-end."""
        return self.adopts.from_on <= month

    def adopt(self, heads: Heads, at: datetime) -> None:
        """Take the set into use, and over what is known, as an office does."""
        adopting.adopt(
            province=self.province,
            set=self.version.set,
            from_on=self.adopts.from_on,
            decision=self.adopts.decision,
            in_headline=False,
            take_over=True,
            by=self.by,
            simulated_at=at,
        )
        taken = Result.objects.filter(set_version=self.version)
        for unit_id, indicator_id, pk in taken.values_list("unit_id", "indicator_id", "pk"):
            heads[unit_id, indicator_id] = pk

    def results(
        self, month: PlannedMonth, planner: Planner, heads: Heads, change_id: int
    ) -> Iterator[Result]:
        """The findings of a month once more, and those on what only this set asks."""
        for planned in (*month.results, *self._own_findings(month.month_end, planner, heads)):
            mine = self._kept.get(planned.indicator_id, planned.indicator_id)
            if mine in self._criterion_of:
                yield self.questions.result(planned, month.month_end, change_id, indicator_id=mine)

    def _own_findings(self, end: date, planner: Planner, heads: Heads) -> Iterator[PlannedResult]:
        """First findings on every commune, then on those that have come to meet it.

        What a commune has to show is not known, so there are verdicts and no figures.
        """
        self.met |= {new for new, old in planner.former.items() if old in self.met}
        share = SHARE_AT_FIRST + SHARE_A_MONTH * self.months
        self.months += 1
        self.found = []
        for course in planner.courses:
            unit_id = course.commune.unit_id
            if not course.commune.counts_on(end) or unit_id in self.met:
                continue
            rng = Random(f"beside:{course.commune.key}")
            ready = len(course.met) == len(planner.criterion_ids)
            if ready and rng.random() < share:
                self.met.add(unit_id)
            elif any((unit_id, asked) in heads for ids in self._own.values() for asked in ids):
                continue
            self.found.append(unit_id)
            for criterion_id, asked in self._own.items():
                missing = None if unit_id in self.met else rng.choice(asked)
                for indicator_id in asked:
                    yield PlannedResult(
                        unit_id=unit_id,
                        criterion_id=criterion_id,
                        indicator_id=indicator_id,
                        outcome=Outcome.NOT_MET if indicator_id == missing else Outcome.MET,
                        value=None,
                        part_values=None,
                        cause=Result.Cause.ENTRY,
                    )

    def confirmations(self, month: PlannedMonth, planner: Planner) -> Iterator[PlannedConfirmation]:
        """What the departments confirm of the headline, here as well; the office the rest.

        In the first month also what was taken over, but for what is late under the headline.
        """
        here = [c.commune.unit_id for c in planner.courses if c.commune.counts_on(month.month_end)]
        confirmed = [(row.unit_id, row.criterion_id) for row in month.confirmations]
        if self.begins_in(month.month_end):
            confirmed = [
                key
                for key in product(here, planner.criterion_ids.values())
                if key not in planner.late
            ]
        for unit_id, criterion_id in confirmed:
            if criterion_id in self._criterion_beside:
                yield PlannedConfirmation(
                    unit_id=unit_id, criterion_id=self._criterion_beside[criterion_id]
                )
        for unit_id, criterion_id in product(self.found, self._own):
            yield PlannedConfirmation(unit_id=unit_id, criterion_id=criterion_id)
