"""What the page of one criterion shows: how many communes meet it, where not, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from communes import units
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_number
from criteria import ledger, months
from criteria.cells import Cell, situation
from criteria.figures import Figures, Source, figures
from criteria.models import Basis, Responsibility
from criteria.rules import rollup
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CommuneStanding,
    CriterionCount,
    CriterionDefinition,
    CriterionOutcome,
    IndicatorDefinition,
    Outcome,
    Tally,
)
from reports import findings

ORDER = (Outcome.NOT_MET, Outcome.NOT_ASSESSED, Outcome.MET, Outcome.NOT_APPLICABLE)
"""How communes are listed: first those that still have work to do."""


class UnknownCriterion(LookupError):
    """The set that counts on the day has no criterion of that number."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a group of communes stands: those that meet the criterion as the door counts them."""

    count: CriterionCount
    outcomes: Counter[Outcome]

    @property
    def missing(self) -> int:
        """Communes that do not count as meeting it, whatever the reason."""
        return self.count.communes - self.count.met

    @property
    def not_met(self) -> int:
        return self.outcomes[Outcome.NOT_MET]

    @property
    def not_assessed(self) -> int:
        return self.outcomes[Outcome.NOT_ASSESSED]

    @property
    def not_applicable(self) -> int:
        return self.outcomes[Outcome.NOT_APPLICABLE]

    @property
    def assessed(self) -> bool:
        return self.not_assessed < self.count.communes

    @property
    def share(self) -> float:
        return 100 * self.count.met / self.count.communes if self.count.communes else 0.0


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """The level required of one commune group; `group` "" stands for all (other) communes."""

    group: str
    cell: Cell


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """An indicator with its levels and what holds over the communes judged by indicators."""

    indicator: IndicatorDefinition
    levels: tuple[LevelRow, ...]
    outcomes: Counter[Outcome]

    @property
    def met(self) -> int:
        return self.outcomes[Outcome.MET]

    @property
    def not_met(self) -> int:
        return self.outcomes[Outcome.NOT_MET]

    @property
    def not_assessed(self) -> int:
        return self.outcomes[Outcome.NOT_ASSESSED]

    @property
    def not_applicable(self) -> int:
        return self.outcomes[Outcome.NOT_APPLICABLE]

    @property
    def unverified(self) -> bool:
        """Whether a level or the wording still has to be compared with the decision."""
        return any(row.cell.level_unverified for row in self.levels)

    @property
    def source(self) -> str:
        found = (row.cell.level_source for row in self.levels)
        return "; ".join(dict.fromkeys(source for source in found if source))


@dataclass(frozen=True, kw_only=True)
class CommuneRow:
    """A commune's verdict, why, and whether it is another one than at the year's start."""

    version: UnitVersion
    outcome: Outcome
    because_of: tuple[str, ...]
    confirmed: bool
    before: Outcome | None

    @property
    def gained(self) -> bool:
        return self.before in (Outcome.NOT_MET, Outcome.NOT_ASSESSED) and self._met

    @property
    def lost(self) -> bool:
        return self.before is Outcome.MET and self.outcome is Outcome.NOT_MET

    @property
    def awaits(self) -> bool:
        """Whether it was reported as met and its department has not confirmed that."""
        return self._met and not self.confirmed

    @property
    def _met(self) -> bool:
        return self.outcome is Outcome.MET


@dataclass(frozen=True, kw_only=True)
class DistrictRow:
    """A district with its communes, those still to do first; no version: no district."""

    version: UnitVersion | None
    standing: Standing
    communes: tuple[CommuneRow, ...]


@dataclass(frozen=True, kw_only=True)
class CriterionPage:
    """Everything on the page; its counts come out of `answer`, its reasons from the ledger."""

    answer: Figures
    criterion: CriterionDefinition
    standing: Standing
    reported: Standing
    confirmed: Standing
    year_start: CriterionCount | None
    year_start_on: date
    awaiting: int
    indicators: tuple[IndicatorRow, ...]
    concluded: int
    groups: tuple[DistrictRow, ...]
    departments: tuple[Responsibility, ...]
    before: CriterionDefinition | None
    after: CriterionDefinition | None

    @property
    def name(self) -> str:
        return f"Tiêu chí {self.criterion.number} {self.criterion.name}"

    @property
    def change(self) -> str:
        """Change in communes that meet it since the start of the year."""
        if self.year_start is None:
            return ""
        return findings.movement(self.standing.count.met - self.year_start.met)

    @cached_property
    def districts(self) -> list[DistrictRow]:
        """The districts inside a province; none where there are none."""
        if self.answer.unit.unit.tier != Tier.PROVINCE:
            return []
        return [group for group in self.groups if group.version is not None]

    @property
    def districts_heading(self) -> str:
        worst = self.districts[0]
        missing = worst.standing.missing
        if not missing:
            return "Mọi huyện, thành phố đều đạt ở tất cả các xã"
        ties = sum(row.standing.missing == missing for row in self.districts)
        if ties > 1:
            return f"{ties} huyện, thành phố còn nhiều xã nhất, mỗi nơi {missing} xã"
        name = worst.version.full_name if worst.version else ""
        return f"{name} còn nhiều xã nhất: {missing} xã"

    @property
    def indicators_heading(self) -> str:
        if not self.indicators:
            return "Tiêu chí này được kết luận chung, không theo từng chỉ tiêu"
        worst = max(self.indicators, key=lambda row: (row.not_met, row.not_assessed))
        code = worst.indicator.code
        if worst.not_met:
            count = f"{format_number(worst.not_met)} xã chưa đạt"
            if len(self.indicators) == 1:
                return f"Chỉ tiêu {code}: {count}"
            return f"Chỉ tiêu {code} giữ chân nhiều xã nhất: {count}"
        if worst.not_assessed:
            return f"Chỉ tiêu {code} còn {format_number(worst.not_assessed)} xã chưa đánh giá"
        return "Không chỉ tiêu nào còn giữ chân xã"


def criterion_page(version: UnitVersion, on: date, number: int) -> CriterionPage | None:
    """Load the page of a criterion of a province or district; a fixed number of queries.

    None where no set counts on the day. Raises UnknownCriterion.
    """
    answer = figures(version, on)
    if not answer.asked.criteria:
        return None
    place, criterion = _criterion(answer, number)
    rows = [row for row in answer.rows if row.in_programme]
    year_start_on = date(on.year - 1, 12, 31)
    then = _then(answer, year_start_on)
    outcomes = _outcomes(rows, number, answer.basis)
    confirmed = _outcomes(rows, number, Basis.CONFIRMED)
    reasons = _reasons(answer, criterion, rows)
    communes = {
        row.unit_id: CommuneRow(
            version=named,
            outcome=outcomes[row.unit_id],
            because_of=_because_of(reasons[row.unit_id][0], outcomes[row.unit_id]),
            confirmed=confirmed[row.unit_id] is Outcome.MET,
            before=_before(then, number, answer.basis).get(row.unit_id),
        )
        for row in rows
        if (named := _names(answer, rows).get(row.unit_id))
    }
    around = answer.asked.criteria
    return CriterionPage(
        answer=answer,
        criterion=criterion,
        standing=_standing(answer.headline, number, outcomes.values()),
        reported=_standing(
            answer.reported, number, _outcomes(rows, number, Basis.REPORTED).values()
        ),
        confirmed=_standing(answer.confirmed, number, confirmed.values()),
        year_start=None,
        year_start_on=year_start_on,
        awaiting=0,
        indicators=(),
        concluded=0,
        groups=(),
        departments=(),
        before=around[place - 1] if place else None,
        after=around[place + 1] if place + 1 < len(around) else None,
    )
