"""One commune's sheet: every cell with its level, result, verdict and who recorded it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from communes.models import UnitVersion
from communes.vietnamese import format_number
from criteria import ledger, returns
from criteria.elsewhere import Elsewhere, elsewhere
from criteria.evidence import Counted, counted
from criteria.figures import NO_SET, Question, figures
from criteria.ledger import Heads, Holding
from criteria.models import Basis, Result, Review, Verdict
from criteria.rules import rollup
from criteria.rules.judge import program_judges
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CONCLUSION,
    CriterionDefinition,
    CriterionOutcome,
    IndicatorDefinition,
    Level,
    Outcome,
    Rule,
    SetDefinition,
)
from criteria.situations import situation
from criteria.values import gap_text, level_text, origin_text, takes_numbers


@dataclass(frozen=True, kw_only=True)
class Part:
    """One figure of a cell: its level and what was entered; key "" for a plain indicator.

    `when` is the condition in words under which it is asked; `level_unit` follows a level that
    is a figure; `gap` is how far the value is from a level that it does not meet.
    """

    key: str
    text: str
    unit: str
    level: str
    value: Decimal | None
    when: str = ""
    level_unit: str = ""
    gap: str = ""

    @property
    def value_text(self) -> str:
        """The figure as it is typed, "" when there is none."""
        return "" if self.value is None else format_number(self.value)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One indicator of one commune: what is asked, what holds, and what is known about it.

    The direct verdict on a criterion whose indicators are not known is a cell as well.
    `elsewhere` are other verdicts that other sets give on the same value.
    """

    indicator: IndicatorDefinition
    levels: dict[str, Level] | None
    result: Result | None
    confirmed: bool
    reassessed: bool
    elsewhere: tuple[Elsewhere, ...] = ()
    returned: bool = False
    evidence: Counted = field(default_factory=Counted)

    @property
    def review_words(self) -> str:
        """What its department did with the result that holds, in words; "" without a result."""
        if self.result is None:
            return ""
        return "trả lại" if self.returned else "đã xác nhận" if self.confirmed else "chờ xác nhận"

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.result.verdict) if self.result else Outcome.NOT_ASSESSED

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(Verdict(self.outcome.value).label)

    @property
    def numeric(self) -> bool:
        return takes_numbers(self.indicator, self.levels)

    @property
    def concludes(self) -> bool:
        """Whether this is the direct verdict on a whole criterion."""
        return self.indicator.kind == CONCLUSION

    @property
    def number(self) -> str:
        """The number of the indicator, as it is printed."""
        return "" if self.concludes else self.indicator.code

    @property
    def text(self) -> str:
        """What is asked."""
        return "Kết luận chung cho cả tiêu chí" if self.concludes else self.indicator.text

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
    def level_origin(self) -> str:
        """Why this level applies to the commune: region, group, year, decision."""
        return "; ".join(dict.fromkeys(origin_text(x) for x in (self.levels or {}).values()))

    @property
    def parts(self) -> list[Part]:
        """The figures of the cell in order, each with its level; one for a plain indicator."""
        if self.concludes:
            return [Part(key="", text="", unit="", level="", value=None)]
        stored = (self.result.part_values or {}) if self.result else {}
        found = []
        for key in self.levels or self.indicator.parts or ("",):
            level = (self.levels or {}).get(key)
            asked = level or next((x for x in self.indicator.levels if x.part == key), None)
            unit = asked.unit if asked and asked.unit else self.indicator.unit
            is_figure = level and level.value is not None and level.rule is not Rule.YES
            value = self.result.value if self.result and not key else None
            if key in stored:
                value = Decimal(stored[key])
            found.append(
                Part(
                    key=key,
                    text=asked.part_text if asked else "",
                    unit=unit,
                    level=level_text(level) if level else "Chưa có mức quy định",
                    value=value,
                    when=asked.when if asked else "",
                    level_unit=unit if is_figure else "",
                    gap=gap_text(value, level) if is_figure else "",
                )
            )
        return found


@dataclass(frozen=True, kw_only=True)
class CriterionCells:
    """A criterion of the sheet with its outcome and cells; `returned`: the return that stands.

    `outcome` is as reported; `counted` is on the `basis` that leads the sheet.
    """

    criterion: CriterionDefinition
    outcome: CriterionOutcome
    confirmed: CriterionOutcome
    cells: tuple[Cell, ...]
    returned: Review | None = None
    basis: Basis = Basis.REPORTED

    @property
    def counted(self) -> CriterionOutcome:
        return self.confirmed if self.basis == Basis.CONFIRMED else self.outcome

    @property
    def label(self) -> str:
        return str(Verdict(self.counted.outcome.value).label)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A commune under one set on one day; `heads`: indicator → the result that holds.

    `met` is as reported; `counted_met` is on the `basis` that leads the sheet.
    """

    asked: SetDefinition
    on: date
    heads: Mapping[int, Holding]
    criteria: tuple[CriterionCells, ...]
    met: int
    met_confirmed: int
    of: int
    basis: Basis = Basis.REPORTED

    @property
    def counted_met(self) -> int:
        return self.met_confirmed if self.basis == Basis.CONFIRMED else self.met

    @property
    def known(self) -> bool:
        """Whether anything is known on the basis that leads it."""
        if self.basis == Basis.CONFIRMED:
            found = (criterion.confirmed.outcome for criterion in self.criteria)
            return any(outcome is not Outcome.NOT_ASSESSED for outcome in found)
        return bool(self.assessed)

    @property
    def cells(self) -> list[Cell]:
        return [cell for criterion in self.criteria for cell in criterion.cells]

    @property
    def returned(self) -> list[CriterionCells]:
        """The criteria that their department sent back and that wait for the commune."""
        return [criterion for criterion in self.criteria if criterion.returned]

    @property
    def assessed(self) -> int:
        """How many cells have a verdict."""
        return self._judged(self._entered)

    @property
    def progress(self) -> str:
        """How much has a verdict, in words: "30/49 chỉ tiêu đã đánh giá"."""
        concluding = [one for one in self._entered if one.kind == CONCLUSION]
        single = [one for one in self._entered if one.kind != CONCLUSION]
        said = {"chỉ tiêu đã đánh giá": single, "tiêu chí đã có kết luận": concluding}
        return ", ".join(
            f"{self._judged(asked)}/{len(asked)} {words}" for words, asked in said.items() if asked
        )

    @property
    def stale(self) -> int:
        """How many verdicts were not assessed again in the year of the sheet."""
        held = [self.heads[one.id] for one in self._entered if one.id in self.heads]
        return sum(head.true_from.year != self.on.year for head in held)

    @property
    def _entered(self) -> list[IndicatorDefinition]:
        return [one for criterion in self.asked.criteria for one in _entered(criterion)]

    def _judged(self, asked: Iterable[IndicatorDefinition]) -> int:
        """How many of these have a verdict."""
        held = [self.heads[one.id] for one in asked if one.id in self.heads]
        return sum(head.outcome is not Outcome.NOT_ASSESSED for head in held)


@dataclass(frozen=True, kw_only=True)
class SetCount:
    """How many criteria a commune meets under one of the sets it is judged by."""

    code: str
    name: str
    met: int
    of: int
    assessed: bool


def counts_beside(
    version: UnitVersion, answer: Question, *, basis: Basis = Basis.REPORTED
) -> list[SetCount]:
    """How the commune stands under every set that its province judges by, that of `answer` first.

    Empty where it is judged by one set alone, or does not take part in the programme.
    """
    if answer.headline_set is None or not answer.other_sets:
        return []
    found = []
    confirmed = basis == Basis.CONFIRMED
    adopted = [answer.headline_set, *answer.other_sets]
    for one in sorted(adopted, key=lambda one: one.pk != answer.asked.set_id):
        for row in figures(version, answer.on, set_code=one.code, known=answer.known).rows:
            found.append(
                SetCount(
                    code=one.code,
                    name=one.name,
                    met=row.met_by(confirmed),
                    of=row.of,
                    assessed=row.assessed_by(confirmed),
                )
            )
    return found


def empty_cell(asked: SetDefinition, code: str, where: Situation) -> Cell | None:
    """What a cell asks of a commune, whatever is recorded there; None without such."""
    for criterion in asked.criteria:
        for indicator in _entered(criterion):
            if indicator.code == code:
                return Cell(
                    indicator=indicator,
                    levels=levels_in_force(indicator, where),
                    result=None,
                    confirmed=False,
                    reassessed=False,
                )
    return None


def sheet(
    version: UnitVersion,
    answer: Question,
    *,
    where: Situation | None = None,
    only: int | None = None,
    basis: Basis = Basis.REPORTED,
) -> Sheet | None:
    """The sheet of a commune that belongs to `answer`, of it or of its province.

    It is of the same day, set and closing: on a closed month-end the results are those known
    when it was closed, in the working month those that hold now. None where no set counts.
    `where` is what selects the levels, where that is known already. With `only` the values,
    notes and evidence of that indicator alone are read and it is the one cell of the sheet;
    outcomes and counts are of all. What it counts as met follows `basis`.
    """
    if answer.asked is NO_SET:
        return None
    on, asked = answer.on, answer.asked
    indicators = ledger.indicator_ids(asked)
    reported, confirmed = returns.heads(answer, [version.unit_id], indicators)
    heads = reported.get(version.unit_id, {})
    agreed = confirmed.get(version.unit_id, {})
    shown = {pk: head for pk, head in heads.items() if only in (None, pk)}
    results = Result.objects.select_related("change__by", "threshold", "province_level").in_bulk(
        [head.result_id for head in shown.values()]
    )
    where = where or situation(version, on, asked)
    papers = counted(
        {(version.unit_id, indicator): head.result_id for indicator, head in shown.items()},
        seq=answer.how.seq,
    )
    others = elsewhere(version, answer, shown, where)
    standing = rollup.standing(asked, unit_id=version.unit_id, heads=heads, heads_confirmed=agreed)
    returned = _returned(asked, reported, confirmed, answer.how.seq)

    def cell(criterion: CriterionDefinition, indicator: IndicatorDefinition) -> Cell:
        head = heads.get(indicator.id)
        confirmed = head is not None and head == agreed.get(indicator.id)
        return Cell(
            indicator=indicator,
            levels=levels_in_force(indicator, where),
            result=results[head.result_id] if head else None,
            confirmed=confirmed,
            reassessed=head is not None and head.true_from.year == on.year,
            evidence=papers.get((version.unit_id, indicator.id), Counted()),
            elsewhere=others.get(indicator.id, ()),
            returned=criterion.id in returned and not confirmed,
        )

    return Sheet(
        asked=asked,
        on=on,
        heads=heads,
        met=standing.met,
        met_confirmed=standing.met_confirmed,
        of=standing.of,
        basis=basis,
        criteria=tuple(
            CriterionCells(
                criterion=criterion,
                outcome=rollup.criterion_outcome(criterion, heads),
                confirmed=rollup.criterion_outcome(criterion, agreed),
                cells=tuple(
                    cell(criterion, indicator)
                    for indicator in _entered(criterion)
                    if only in (None, indicator.id)
                ),
                returned=returned.get(criterion.id),
                basis=basis,
            )
            for criterion in asked.criteria
        ),
    )


def _returned(
    asked: SetDefinition, reported: Heads, confirmed: Heads, seq: int | None
) -> dict[int, Review]:
    """Criterion id → the return that stands; the heads are of one commune."""
    back = returns.standing_returns(asked.criteria, reported, confirmed, seq=seq)
    reviews = Review.objects.select_related("change__by", "department")
    found = reviews.in_bulk(back.values()) if back else {}
    return {criterion_id: found[review_id] for (_, criterion_id), review_id in back.items()}


def _entered(criterion: CriterionDefinition) -> tuple[IndicatorDefinition, ...]:
    """What is entered for a criterion: its indicators, or the verdict on the whole of it."""
    if criterion.indicators or criterion.conclusion is None:
        return criterion.indicators
    return (criterion.conclusion,)
