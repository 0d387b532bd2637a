"""One commune's sheet: every cell with its level, result, verdict and who recorded it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from communes.models import UnitAttribute, UnitVersion
from communes.vietnamese import format_number
from criteria import ledger
from criteria.figures import NO_SET, Figures
from criteria.models import Result, Verdict
from criteria.rules import rollup
from criteria.rules.judge import program_judges
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CriterionDefinition,
    CriterionOutcome,
    IndicatorDefinition,
    Level,
    Outcome,
    SetDefinition,
)
from criteria.values import level_text, takes_numbers


@dataclass(frozen=True, kw_only=True)
class Part:
    """One figure of a cell: its level and what was entered; key "" for a plain indicator."""

    key: str
    text: str
    unit: str
    level: str
    value: Decimal | None

    @property
    def value_text(self) -> str:
        """The figure as it is typed, "" when there is none."""
        return "" if self.value is None else format_number(self.value)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One indicator of one commune: what is asked, what holds, and what is known about it."""

    indicator: IndicatorDefinition
    levels: dict[str, Level] | None
    result: Result | None
    confirmed: bool
    reassessed: bool

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.result.verdict) if self.result else Outcome.NOT_ASSESSED

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(Verdict(self.outcome.value).label)

    @property
    def numeric(self) -> bool:
        return takes_numbers(self.indicator)

    @property
    def judged_by_program(self) -> bool:
        """Whether the program gives the verdict for a value entered now."""
        return program_judges(self.indicator, self.levels)

    @property
    def level_unverified(self) -> bool:
        """Whether the level or wording still has to be compared with the decision."""
        levels = (self.levels or {}).values()
        known = [level for level in levels if level.value is not None]
        return not self.indicator.text_checked or any(not level.checked for level in known)

    @property
    def level_source(self) -> str:
        """Where the level that applies was read."""
        return "; ".join(
            dict.fromkeys(level.source for level in (self.levels or {}).values() if level.source)
        )

    @property
    def parts(self) -> list[Part]:
        """The figures of the cell in order, each with its level; one for a plain indicator."""
        stored = (self.result.part_values or {}) if self.result else {}
        found = []
        for key in self.indicator.parts or ("",):
            level = (self.levels or {}).get(key)
            value = self.result.value if self.result and not key else None
            if key in stored:
                value = Decimal(stored[key])
            found.append(
                Part(
                    key=key,
                    text=level.part_text if level else "",
                    unit=(level.unit if level and level.unit else self.indicator.unit),
                    level=level_text(level) if level else "Chưa có mức quy định",
                    value=value,
                )
            )
        return found


@dataclass(frozen=True, kw_only=True)
class CriterionCells:
    """A criterion of the sheet with its outcome and cells."""

    criterion: CriterionDefinition
    outcome: CriterionOutcome
    confirmed: CriterionOutcome
    cells: tuple[Cell, ...]

    @property
    def label(self) -> str:
        return str(Verdict(self.outcome.outcome.value).label)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A commune under one set on one day."""

    asked: SetDefinition
    criteria: tuple[CriterionCells, ...]
    met: int
    met_confirmed: int
    of: int

    @property
    def cells(self) -> list[Cell]:
        return [cell for criterion in self.criteria for cell in criterion.cells]

    @property
    def assessed(self) -> int:
        """How many indicators have a verdict."""
        return sum(cell.outcome is not Outcome.NOT_ASSESSED for cell in self.cells)

    @property
    def stale(self) -> int:
        """How many verdicts were not assessed again in the year of the sheet."""
        return sum(cell.result is not None and not cell.reassessed for cell in self.cells)


def situation(version: UnitVersion, on: date) -> Situation:
    """What selects the levels for a commune on a day: its province's region, group and year."""
    keys = (UnitAttribute.Key.REGION, UnitAttribute.Key.COMMUNE_GROUP)
    found: dict[str, str] = {}
    rows = UnitAttribute.objects.alive_on(on).filter(
        unit_id__in=[version.province_id, version.unit_id], key__in=keys
    )
    for row in sorted(rows, key=lambda row: row.unit_id == version.unit_id):
        found[row.key] = row.value
    return Situation(
        region=found.get(UnitAttribute.Key.REGION, ""),
        group=found.get(UnitAttribute.Key.COMMUNE_GROUP, ""),
        year=on.year,
    )


def sheet(version: UnitVersion, answer: Figures) -> Sheet | None:
    """The sheet of a commune that belongs to `answer`, the figures of it or of its province.

    It is of the same day, set and closing: on a closed month-end the results are those known
    when it was closed. None where no set counts.
    """
    if answer.asked is NO_SET:
        return None
    on, asked = answer.on, answer.asked
    seq = answer.closing.seq if answer.closing else None
    indicators = ledger.indicator_ids(asked)
    reported = ledger.reported([version.unit_id], indicators, day=on, seq=seq)
    confirmed = ledger.confirmed([version.unit_id], indicators, day=on, seq=seq)
    heads = reported.get(version.unit_id, {})
    agreed = confirmed.get(version.unit_id, {})
    results = Result.objects.select_related("change__by").in_bulk(
        [head.result_id for head in heads.values()]
    )
    where = situation(version, on)
    standing = rollup.standing(asked, unit_id=version.unit_id, heads=heads, heads_confirmed=agreed)

    def cell(indicator: IndicatorDefinition) -> Cell:
        head = heads.get(indicator.id)
        return Cell(
            indicator=indicator,
            levels=levels_in_force(indicator, where),
            result=results[head.result_id] if head else None,
            confirmed=head is not None and head == agreed.get(indicator.id),
            reassessed=head is not None and head.true_from.year == on.year,
        )

    return Sheet(
        asked=asked,
        met=standing.met,
        met_confirmed=standing.met_confirmed,
        of=standing.of,
        criteria=tuple(
            CriterionCells(
                criterion=criterion,
                outcome=rollup.criterion_outcome(criterion, heads),
                confirmed=rollup.criterion_outcome(criterion, agreed),
                cells=tuple(cell(indicator) for indicator in criterion.indicators),
            )
            for criterion in asked.criteria
        ),
    )
