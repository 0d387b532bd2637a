"""Why communes miss a criterion: its indicators, their levels, and what holds on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from criteria import ledger
from criteria.cells import Cell
from criteria.figures import Figures
from criteria.models import Basis
from criteria.rules import rollup
from criteria.rules.levels import GROUP, Situation, conditions, levels_in_force, under
from criteria.rules.types import (
    CriterionDefinition,
    CriterionOutcome,
    Head,
    IndicatorDefinition,
    Outcome,
    SetDefinition,
)
from criteria.situations import situation


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """The level required of some communes; `communes` "" stands for all (other) communes."""

    communes: str
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
        day=answer.how.day,
        seq=answer.how.seq,
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
            levels=_levels(answer.asked, indicator, where),
            outcomes=Counter(
                heads[indicator.id].outcome if indicator.id in heads else Outcome.NOT_ASSESSED
                for heads in judged
            ),
        )
        for indicator in criterion.indicators
    )


def _levels(
    asked: SetDefinition, indicator: IndicatorDefinition, where: Situation
) -> tuple[LevelRow, ...]:
    """The level of all communes, or one for each kind of communes that the set tells apart."""
    found = [
        LevelRow(
            communes=asked.commune_groups.get(group, f"Nhóm {group}"),
            cell=_cell(indicator, under(asked, replace(where, group=group))),
        )
        for group in _groups(indicator)
    ]
    others = _cell(indicator, under(asked, where))
    found += _elsewhere(asked, indicator, where, others)
    if not found or others.levels is not None:
        found.append(LevelRow(communes="", cell=others))
    return tuple(found)


def _groups(indicator: IndicatorDefinition) -> list[str]:
    """The commune groups that the levels of an indicator name, in their order."""
    named = (pair for level in indicator.levels for pair in conditions(level.selector))
    return list(dict.fromkeys(value for key, value in named if key == GROUP))


def _elsewhere(
    asked: SetDefinition, indicator: IndicatorDefinition, where: Situation, others: Cell
) -> list[LevelRow]:
    """Communes that a rule of the set puts into another region's column, where that differs."""
    by_level: dict[tuple[str, ...], list[str]] = {}
    cells: dict[tuple[str, ...], Cell] = {}
    for rule in asked.region_rules:
        moved = replace(where, attributes={rule.attribute: rule.value})
        cell = _cell(indicator, under(asked, moved))
        level = tuple(part.level for part in cell.parts)
        if level != tuple(part.level for part in others.parts):
            doubt = "" if rule.checked else " (chưa đối chiếu)"
            by_level.setdefault(level, []).append(rule.label + doubt)
            cells.setdefault(level, cell)
    return [
        LevelRow(communes=_sentence(", ".join(labels)), cell=cells[level])
        for level, labels in by_level.items()
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(indicator: IndicatorDefinition, where: Situation) -> Cell:
    """An empty cell of the sheet: it knows its level and whether that was checked."""
    return Cell(
        indicator=indicator,
        levels=levels_in_force(indicator, where),
        result=None,
        confirmed=False,
        reassessed=False,
    )
