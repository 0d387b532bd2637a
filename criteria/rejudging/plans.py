"""What judging again would write: worked out before anything is written, shown, then written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes.models import Unit, UnitVersion
from criteria import ledger
from criteria.entry.judging import Asked
from criteria.models import Result
from criteria.rejudging.required import Requirements, needed, values_of
from criteria.rules.judge import verdict
from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Judge,
    Outcome,
    OwnLevel,
    SetDefinition,
)


@dataclass(frozen=True, kw_only=True)
class Rejudged:
    """A result and the verdict that it gets by the new level; true from the day `on`."""

    held: Result
    asked: SetDefinition
    criterion: CriterionDefinition
    one: Asked
    values: dict[str, Decimal]
    outcome: Outcome
    on: date

    @property
    def before(self) -> Outcome:
        return Outcome(self.held.verdict)

    @property
    def moves(self) -> bool:
        """Whether the verdict is another one."""
        return self.outcome is not self.before

    def row(self, change_id: int) -> Result:
        """The result to append."""
        levels = list((self.one.levels or {}).values())
        only = levels[0] if len(levels) == 1 else None
        own = only.origin.own if only and only.origin else None
        return Result(
            unit_id=self.held.unit_id,
            indicator_id=self.held.indicator_id,
            set_version_id=self.asked.version_id,
            true_from=self.on,
            value=self.held.value,
            part_values=self.held.part_values,
            threshold_id=only.threshold_id if only else None,
            province_level_id=own.id if own and own.id else None,
            verdict=self.outcome,
            judged_by=Judge.RULE,
            note=self.held.note,
            cause=Result.Cause.REJUDGED,
            change_id=change_id,
        )


@dataclass(frozen=True, kw_only=True)
class NamedMove:
    """A verdict that becomes another one, with the commune as it is called."""

    commune: UnitVersion
    row: Rejudged


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A verdict that stands although the level changed: the program may not judge it."""

    held: Result
    criterion: CriterionDefinition
    question: IndicatorDefinition


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that a change of levels does in one province."""

    province: Unit
    requirements: Requirements
    asked: tuple[SetDefinition, ...]
    rejudged: tuple[Rejudged, ...] = ()
    carried: tuple[Carried, ...] = ()

    @property
    def moves(self) -> list[Rejudged]:
        """Those whose verdict becomes another one."""
        return [one for one in self.rejudged if one.moves]

    @property
    def named_moves(self) -> list[NamedMove]:
        """The same with their communes, by commune."""
        lives = self.requirements.communes
        found = [NamedMove(commune=lives[one.held.unit_id][-1], row=one) for one in self.moves]
        return sorted(found, key=lambda one: one.commune.sort_key)

    @property
    def newly_met(self) -> int:
        return sum(one.outcome is Outcome.MET for one in self.moves)

    @property
    def lost(self) -> int:
        return sum(one.before is Outcome.MET for one in self.moves)

    def rounds(self) -> Iterator[list[Rejudged]]:
        """The rows in parts that hold each cell once: one change writes one result of a cell."""
        parts: list[list[Rejudged]] = []
        count: dict[tuple[int, int], int] = {}
        for one in self.rejudged:
            key = (one.held.unit_id, one.held.indicator_id)
            at = count.get(key, 0)
            count[key] = at + 1
            if at == len(parts):
                parts.append([])
            parts[at].append(one)
        yield from parts


def plan(
    *,
    province: Unit,
    asked: Sequence[SetDefinition],
    from_on: date,
    own: Sequence[OwnLevel] | None = None,
    indicators: Collection[int] | None = None,
) -> Plan:
    """What counting by `asked` from `from_on` on does to the results of a province.

    `own` stands in for the levels that the province set, `indicators` narrows the cells.
    Results that hold on `from_on`, and those that follow, are looked at; nothing is written.
    """
    required = Requirements(province, from_on, own=own)
    rejudged: list[Rejudged] = []
    carried: list[Carried] = []
    for one in asked:
        questions = {
            question.id: (criterion, question)
            for criterion in one.criteria
            for question in criterion.indicators
            if indicators is None or question.id in indicators
        }
        results = _results(required.unit_ids, questions.keys(), from_on)
        required.know_versions_of(results)
        for held in results:
            criterion, question = questions[held.indicator_id]
            found = _judged_again(required, one, criterion, question, held, from_on)
            if isinstance(found, Rejudged):
                rejudged.append(found)
            elif found is not None:
                carried.append(found)
    return Plan(
        province=province,
        requirements=required,
        asked=tuple(asked),
        rejudged=tuple(rejudged),
        carried=tuple(carried),
    )


def _judged_again(
    required: Requirements,
    asked: SetDefinition,
    criterion: CriterionDefinition,
    question: IndicatorDefinition,
    held: Result,
    from_on: date,
) -> Rejudged | Carried | None:
    on = max(from_on, held.true_from)
    now = required.now(held.unit_id, question, asked, on)
    if needed(now) == required.then(held, question):
        return None
    values = values_of(held)
    outcome = Outcome(held.verdict)
    if now.by_program and now.levels and set(values) == set(now.levels):
        if outcome is Outcome.NOT_APPLICABLE:
            return None
        return Rejudged(
            held=held,
            asked=asked,
            criterion=criterion,
            one=now,
            values=values,
            outcome=verdict(values, now.levels),
            on=on,
        )
    return Carried(held=held, criterion=criterion, question=question) if outcome.settles else None


def _results(unit_ids: Collection[int], indicators: Collection[int], day: date) -> list[Result]:
    """What holds on `day`, and what follows it, cell by cell in the order of the ledger."""
    heads = ledger.reported(unit_ids, indicators, day=day)
    ids = {head.result_id for cells in heads.values() for head in cells.values()}
    later = (
        Result.objects.filter(
            unit_id__in=list(unit_ids),
            indicator_id__in=list(indicators),
            true_from__gt=day,
            void=False,
            replaced_by=None,
        )
        .order_by("unit_id", "indicator_id", "true_from", "-change__seq")
        .distinct("unit_id", "indicator_id", "true_from")
        .values_list("pk", flat=True)
    )
    rows = Result.objects.filter(pk__in=ids | set(later)).select_related(
        "set_version__set", "threshold", "province_level"
    )
    return list(rows.order_by("unit_id", "indicator_id", "true_from"))
