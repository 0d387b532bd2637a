"""Why communes miss a criterion: its indicators, their levels, and what holds on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from criteria import ledger, months
from criteria.cells import Cell, situation
from criteria.figures import Figures, Source
from criteria.models import Basis
from criteria.rules import rollup
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CriterionDefinition,
    CriterionOutcome,
    Head,
    IndicatorDefinition,
    Outcome,
)


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """The level required of one commune group; `group` "" stands for all (other) communes."""

    group: str
    cell: Cell


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Communes counted by their outcome."""

    outcomes: Counter[Outcome]

    @property
    def not_met(self) -> int:
        return self.outcomes[Outcome.NOT_MET]

    @property
    def not_assessed(self) -> int:
        return self.outcomes[Outcome.NOT_ASSESSED]

    @property
    def not_applicable(self) -> int:
        return self.outcomes[Outcome.NOT_APPLICABLE]


@dataclass(frozen=True, kw_only=True)
class IndicatorRow(Counted):
    """An indicator with its levels and what holds over the communes judged by indicators."""

    indicator: IndicatorDefinition
    levels: tuple[LevelRow, ...]

    @property
    def met(self) -> int:
        return self.outcomes[Outcome.MET]

    @property
    def unverified(self) -> bool:
        """Whether a level or the wording still has to be compared with the decision."""
        return any(row.cell.level_unverified for row in self.levels)

    @property
    def source(self) -> str:
        found = (row.cell.level_source for row in self.levels)
        return "; ".join(dict.fromkeys(source for source in found if source))


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a commune has its outcome: the verdict with its reasons, and the results it is of."""

    verdict: CriterionOutcome
    heads: Mapping[int, Head]


def reasons(
    answer: Figures, criterion: CriterionDefinition, unit_ids: Iterable[int]
) -> dict[int, Reason]:
    """Commune → what holds on the indicators, known as the figures of the day know it."""
    asked = [indicator.id for indicator in criterion.indicators]
    if criterion.conclusion_id is not None:
        asked.append(criterion.conclusion_id)
    read = ledger.confirmed if answer.basis == Basis.CONFIRMED else ledger.reported
    ids = list(unit_ids)
    heads = read(
        ids,
        asked,
        # Standings hold what is so at the end of the working month, on each of its days.
        day=months.month_end(answer.on) if answer.source is Source.NOW else answer.on,
        seq=answer.closing.seq if answer.closing else None,
    )
    return {
        unit_id: Reason(
            verdict=rollup.criterion_outcome(criterion, heads.get(unit_id, {})),
            heads=heads.get(unit_id, {}),
        )
        for unit_id in ids
    }


def indicators(
    answer: Figures, criterion: CriterionDefinition, found: Iterable[Reason]
) -> tuple[IndicatorRow, ...]:
    """Each indicator with its levels, counted over the communes judged by indicators."""
    where = situation(answer.unit, answer.on)
    judged = [reason.heads for reason in found if not reason.verdict.concluded]
    return tuple(
        IndicatorRow(
            indicator=indicator,
            levels=_levels(indicator, where),
            outcomes=Counter(
                heads[indicator.id].outcome if indicator.id in heads else Outcome.NOT_ASSESSED
                for heads in judged
            ),
        )
        for indicator in criterion.indicators
    )


def _levels(indicator: IndicatorDefinition, where: Situation) -> tuple[LevelRow, ...]:
    """The level of all communes, or one per commune group where the set tells groups apart."""
    names = dict.fromkeys(
        level.selector.removeprefix("group:")
        for level in indicator.levels
        if level.selector.startswith("group:")
    )
    found = [
        LevelRow(group=name, cell=_cell(indicator, replace(where, group=name))) for name in names
    ]
    others = _cell(indicator, replace(where, group=""))
    if not found or others.levels is not None:
        found.append(LevelRow(group="", cell=others))
    return tuple(found)


def _cell(indicator: IndicatorDefinition, where: Situation) -> Cell:
    """An empty cell of the sheet: it knows its level and whether that was checked."""
    return Cell(
        indicator=indicator,
        levels=levels_in_force(indicator, where),
        result=None,
        confirmed=False,
        reassessed=False,
    )
