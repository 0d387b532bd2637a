"""Judging again what is known: for a set taken into use, a new version, a new level.

Verdicts change only by a recorded result, so each cell that gets another verdict gets a result
of its own; closed months keep what they froze.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, User
from criteria import months, sets, standings
from criteria.definitions import definition
from criteria.judging import Asked, Finding, Judged, judged_beside, new_result
from criteria.models import CellHead, CriteriaSet, Indicator, Result
from criteria.rules.judge import verdict
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import IndicatorDefinition, Judge, Outcome, SetDefinition
from criteria.situations import situations

type Cell = tuple[int, int]
"""Unit and indicator."""


def rejudge(
    *,
    province: Unit,
    criteria_set: CriteriaSet,
    by: User | None,
    request_id: UUID | None = None,
    simulated_at: datetime | None = None,
) -> list[Result]:
    """Bring the results of an adopted set up to its levels of today; returns what was written.

    A cell without a result takes what holds on the same measure under another adopted set, with
    the verdict of its own level. A verdict that the program gave and would not give any more is
    given anew, from the day the new version or level counts; the year's level stays that of the
    assessment. What an officer judged stays. Asked twice, it writes nothing more.
    """
    written: list[Result] = []
    with recording(
        clock=province.clock_id,
        action="sets.rejudge",
        by=by,
        reason=str(criteria_set),
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        unit_ids = standings.commune_ids(province)
        standings.lock(unit_ids, [criteria_set.pk])
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        again = _Again(province, criteria_set, unit_ids, pending.id)
        written = [*again.taken_over(), *again.judged_anew()]
        if not written:
            raise NothingToRecord
        Result.objects.bulk_create(written, batch_size=5000)
        touched = {row.unit_id for row in written}
        standings.rewrite_whole(touched, again.asked, change_id=pending.id)
    return written


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A result that holds, and how its set asked for it."""

    result: Result
    asked: SetDefinition
    question: IndicatorDefinition

    @property
    def order(self) -> tuple[date, int]:
        return self.result.true_from, self.result.change.seq

    @property
    def finding(self) -> Finding:
        values = {key: Decimal(one) for key, one in (self.result.part_values or {}).items()}
        if self.result.value is not None:
            values[""] = self.result.value
        outcome = Outcome(self.result.verdict)
        return Finding(values=values, verdict=outcome, note=self.result.note)


class _Again:
    """What holds in a province, as one set judges it."""

    def __init__(
        self, province: Unit, criteria_set: CriteriaSet, unit_ids: list[int], change_id: int
    ) -> None:
        self.province = province
        self.change_id = change_id
        self.unit_ids = unit_ids
        self.month = months.month_end(months.working_day(province))
        self.version = sets.version_in_force(criteria_set, self.month)
        self.asked = definition(self.version)
        self.own: dict[Cell, _Known] = {}
        self.elsewhere: dict[Cell, _Known] = {}
        self._situations: dict[date, dict[int, Situation]] = {}
        self._read()

    def taken_over(self) -> Iterator[Result]:
        """Results for the cells that have none, from another set that asks the same measure."""
        questions = _questions(self.asked)
        for (unit_id, indicator_id), known in sorted(self.elsewhere.items()):
            if (unit_id, indicator_id) in self.own:
                continue
            day = known.result.true_from
            where = self._situation(unit_id, day)
            first = _asked(known.asked, known.question, where)
            mine = _asked(self.asked, questions[indicator_id], where)
            before = Judged(
                values=known.finding.values,
                outcome=Outcome(known.result.verdict),
                judge=Judge(known.result.judged_by),
            )
            found = judged_beside(mine, known.finding, first=first, found=before)
            yield self._result(known, mine, found, day)

    def judged_anew(self) -> Iterator[Result]:
        """Results for the cells whose verdict the program would not give any more."""
        for (unit_id, _), known in sorted(self.own.items()):
            if known.result.judged_by != Judge.RULE:
                continue
            day = known.result.true_from
            where = replace(self._situation(unit_id, self.month), year=day.year)
            mine = _asked(self.asked, known.question, where)
            values = known.finding.values
            if not (mine.by_program and mine.levels and set(values) == set(mine.levels)):
                continue
            outcome = verdict(values, mine.levels)
            if outcome is known.finding.verdict:
                continue
            owned = (level.origin.own for level in mine.levels.values() if level.origin)
            since = max(
                [day, self.version.in_force_on, *(own.from_on for own in owned if own is not None)]
            )
            found = Judged(values=values, outcome=outcome, judge=Judge.RULE)
            yield self._result(known, mine, found, since)

    def _read(self) -> None:
        """What holds in the province now under this set and the others it judges by."""
        adopted = sets.adopted_sets(self.province.pk, self.month)
        others = [definition(sets.version_in_force(one, self.month)) for one in adopted]
        asked_by = {
            indicator_id: (one, question)
            for one in [*others, self.asked]
            for indicator_id, question in _questions(one).items()
        }
        measure_of = dict(Indicator.objects.filter(pk__in=asked_by).values_list("pk", "measure_id"))
        mine = {measure_of[indicator_id]: indicator_id for indicator_id in _questions(self.asked)}
        heads = CellHead.objects.filter(
            unit_id__in=self.unit_ids, indicator_id__in=list(asked_by), result__isnull=False
        ).select_related("result__change")
        for head in heads:
            asked, question = asked_by[head.indicator_id]
            assert head.result is not None
            known = _Known(result=head.result, asked=asked, question=question)
            indicator_id = mine.get(measure_of[head.indicator_id])
            if asked.set_id == self.asked.set_id:
                self.own[head.unit_id, head.indicator_id] = known
            elif indicator_id is not None:
                cell = (head.unit_id, indicator_id)
                if cell not in self.elsewhere or self.elsewhere[cell].order < known.order:
                    self.elsewhere[cell] = known

    def _situation(self, unit_id: int, on: date) -> Situation:
        if on not in self._situations:
            self._situations[on] = situations(self.unit_ids, self.province.pk, on)
        return self._situations[on][unit_id]

    def _result(self, known: _Known, mine: Asked, found: Judged, since: date) -> Result:
        return new_result(
            unit_id=known.result.unit_id,
            set_version_id=self.asked.version_id,
            asked=mine,
            found=found,
            true_from=since,
            note=known.result.note,
            cause=Result.Cause.REJUDGED,
            change_id=self.change_id,
        )


def _questions(asked: SetDefinition) -> dict[int, IndicatorDefinition]:
    return {one.id: one for criterion in asked.criteria for one in criterion.indicators}


def _asked(asked: SetDefinition, question: IndicatorDefinition, where: Situation) -> Asked:
    return Asked(question=question, levels=levels_in_force(question, under(asked, where)))
