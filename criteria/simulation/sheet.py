"""The indicators of one commune: which hold a criterion back, and their figures."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from criteria.rules.judge import satisfies
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import CriterionDefinition, IndicatorDefinition, Level, SetDefinition
from criteria.simulation import values

HARD_KINDS = {"percent": 3.0, "money": 3.0, "number": 3.0, "text-rule": 2.0, "boolean": 1.0}
"""What a criterion fails on: figures and works more often than plain yes or no."""
FAIL_TOO = 0.22
"""Chance that another indicator of a criterion not met fails as well."""


@dataclass(kw_only=True)
class Cell:
    """One indicator of one commune; figures by part ("" for a plain indicator)."""

    indicator: IndicatorDefinition
    criterion: CriterionDefinition
    levels: Mapping[str, Level]
    met: bool = True
    figures: dict[str, Decimal] = field(default_factory=dict)
    sides: dict[str, bool] = field(default_factory=dict)

    @property
    def numeric(self) -> bool:
        """Whether it holds figures that are measured again each year."""
        return self.indicator.kind not in ("boolean", "text-rule") and bool(self.levels)

    @property
    def value(self) -> Decimal | None:
        return self.figures.get("")

    @property
    def parts(self) -> dict[str, Decimal] | None:
        found = {key: figure for key, figure in self.figures.items() if key}
        return found or None


class Sheet:
    """All indicators of one commune under one set. Methods return the cells they changed."""

    def __init__(self, asked: SetDefinition, situation: Situation, seed: str) -> None:
        self.rng = Random(f"sheet:{seed}")
        self.by_criterion: dict[int, list[Cell]] = {
            criterion.number: [
                Cell(
                    indicator=indicator,
                    criterion=criterion,
                    levels=_known(levels_in_force(indicator, situation)),
                )
                for indicator in asked_of(criterion)
            ]
            for criterion in asked.criteria
        }

    def use(self, situation: Situation) -> None:
        """Hold figures against the levels of another year from now on.

        An indicator that has levels in one of the years only keeps those it has.
        """
        for cell in self:
            levels = _known(levels_in_force(cell.indicator, situation))
            if levels.keys() == cell.levels.keys():
                cell.levels = levels

    def __iter__(self) -> Iterator[Cell]:
        for cells in self.by_criterion.values():
            yield from cells

    def take_over(self, other: Sheet) -> None:
        """Start with the findings of another commune under the same set."""
        for number, cells in self.by_criterion.items():
            for cell, known in zip(cells, other.by_criterion[number], strict=True):
                cell.met, cell.levels = known.met, known.levels
                cell.figures, cell.sides = dict(known.figures), dict(known.sides)

    def open(self, met: Iterable[int]) -> list[Cell]:
        """Give every indicator its first finding; the criteria in `met` are met."""
        wanted = frozenset(met)
        for number, cells in self.by_criterion.items():
            failing = [] if number in wanted else self._failing(cells)
            for cell in cells:
                self._set(cell, met=not any(cell is other for other in failing))
        return list(self)

    def meet(self, number: int) -> list[Cell]:
        """Whatever holds the criterion back is met now."""
        return [self._set(cell, met=True) for cell in self.by_criterion[number] if not cell.met]

    def lose(self, number: int) -> list[Cell]:
        """Mostly one indicator of the criterion is not met any more."""
        cells = self.by_criterion[number]
        return [self._set(self._one_of(cells), met=False)]

    def progress(self, number: int) -> list[Cell]:
        """One of several indicators that hold the criterion back is met; it stays not met."""
        failing = [cell for cell in self.by_criterion[number] if not cell.met]
        return [self._set(self.rng.choice(failing), met=True)] if len(failing) > 1 else []

    def measure_again(self, number: int, skip: Container[int] = ()) -> list[Cell]:
        """New figures for one criterion, the verdicts unchanged; not for indicators in `skip`."""
        cells = [
            cell
            for cell in self.by_criterion[number]
            if cell.numeric and cell.indicator.id not in skip
        ]
        for cell in cells:
            for part, level in cell.levels.items():
                cell.figures[part] = values.moved(
                    self.rng,
                    level,
                    cell.indicator.kind,
                    cell.figures[part],
                    met=cell.sides[part],
                )
            _keep_shares_within(cell)
        return cells

    def _set(self, cell: Cell, *, met: bool) -> Cell:
        cell.met = met
        if cell.indicator.kind == "boolean" or (cell.levels and not cell.numeric):
            cell.figures = {"": Decimal(met)}
        elif cell.numeric:
            parts = list(cell.levels)
            fails = None if met else self.rng.choice(parts)
            cell.sides = {part: part != fails for part in parts}
            cell.figures = {
                part: values.draw(self.rng, level, cell.indicator.kind, met=cell.sides[part])
                for part, level in cell.levels.items()
            }
            _keep_shares_within(cell)
        return cell

    def _failing(self, cells: list[Cell]) -> list[Cell]:
        first = self._one_of(cells)
        return [c for c in cells if c is first or self.rng.random() < FAIL_TOO]

    def _one_of(self, cells: list[Cell]) -> Cell:
        weights = [HARD_KINDS.get(cell.indicator.kind, 1.0) for cell in cells]
        return self.rng.choices(cells, weights)[0]


def asked_of(criterion: CriterionDefinition) -> tuple[IndicatorDefinition, ...]:
    """What is found on a criterion: its indicators, or the direct verdict where none is known."""
    conclusion = criterion.conclusion
    return criterion.indicators or (() if conclusion is None else (conclusion,))


def _known(levels: Mapping[str, Level] | None) -> Mapping[str, Level]:
    """The levels when every one of them has a figure, else none: there an officer judges."""
    if not levels or any(level.value is None for level in levels.values()):
        return {}
    return levels


def _keep_shares_within(cell: Cell) -> None:
    """A later part is a share of the households of the first ("trong đó"), so not above it."""
    parts = list(cell.levels)
    for part in parts[1:]:
        if cell.figures[part] > cell.figures[parts[0]]:
            cell.figures[part] = cell.figures[parts[0]]
            if not satisfies(cell.figures[part], cell.levels[part]):
                cell.sides[part] = False
