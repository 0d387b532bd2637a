"""One commune's sheet: its cells by criterion, and what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from communes.models import UnitVersion
from criteria import ledger, returns
from criteria.cells import Cell, Since, entered
from criteria.elsewhere import elsewhere
from criteria.evidence import Counted, counted
from criteria.figures import NO_SET, Question
from criteria.ledger import Heads, Holding
from criteria.models import Basis, Result, Review, Verdict
from criteria.rules import rollup
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CONCLUSION,
    CriterionDefinition,
    CriterionOutcome,
    IndicatorDefinition,
    Outcome,
    SetDefinition,
)
from criteria.situations import situation


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
    """A commune under one set on one day; `heads`: indicator → the result that is reported.

    `met` and `assessed` are as reported. Its cells, `counted_met`, `progress` and `stale` are on
    the `basis` that leads the sheet, for which `counted` are the results.
    """

    asked: SetDefinition
    on: date
    heads: Mapping[int, Holding]
    counted: Mapping[int, Holding]
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
        return _judged(self.heads, self._entered)

    @property
    def progress(self) -> str:
        """How much has a verdict, in words: "30/49 chỉ tiêu đã đánh giá"."""
        concluding = [one for one in self._entered if one.kind == CONCLUSION]
        single = [one for one in self._entered if one.kind != CONCLUSION]
        said = {"chỉ tiêu đã đánh giá": single, "tiêu chí đã có kết luận": concluding}
        if self.basis == Basis.CONFIRMED:
            said = {
                "chỉ tiêu có kết quả đã xác nhận": single,
                "tiêu chí có kết luận đã xác nhận": concluding,
            }
        return ", ".join(
            f"{_judged(self.counted, asked)}/{len(asked)} {words}"
            for words, asked in said.items()
            if asked
        )

    @property
    def stale(self) -> int:
        """How many verdicts were not assessed again in the year of the sheet."""
        held = [self.counted[one.id] for one in self._entered if one.id in self.counted]
        return sum(head.true_from.year != self.on.year for head in held)

    @property
    def _entered(self) -> list[IndicatorDefinition]:
        return [one for criterion in self.asked.criteria for one in entered(criterion)]


def _judged(heads: Mapping[int, Holding], asked: Iterable[IndicatorDefinition]) -> int:
    """How many of these have a verdict."""
    held = [heads[one.id] for one in asked if one.id in heads]
    return sum(head.outcome is not Outcome.NOT_ASSESSED for head in held)


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
    outcomes and counts are of all. What its cells hold and what counts as met follow `basis`.
    """
    if answer.asked is NO_SET:
        return None
    on, asked = answer.on, answer.asked
    indicators = ledger.indicator_ids(asked)
    reported, confirmed = returns.heads(answer, [version.unit_id], indicators)
    heads = reported.get(version.unit_id, {})
    agreed = confirmed.get(version.unit_id, {})
    counts = agreed if basis == Basis.CONFIRMED else heads
    shown = {pk: head for pk, head in counts.items() if only in (None, pk)}
    results = Result.objects.select_related("change__by", "threshold", "province_level").in_bulk(
        [head.result_id for head in shown.values()]
    )
    where = where or situation(version, on, asked)
    papers = counted(
        {(version.unit_id, indicator): head.result_id for indicator, head in shown.items()},
        seq=answer.how.seq,
    )
    others = elsewhere(version, answer, shown, where, basis=basis)
    standing = rollup.standing(asked, unit_id=version.unit_id, heads=heads, heads_confirmed=agreed)
    returned = _returned(asked, reported, confirmed, answer.how.seq)

    def cell(criterion: CriterionDefinition, indicator: IndicatorDefinition) -> Cell:
        head, reported = counts.get(indicator.id), heads.get(indicator.id)
        confirmed = agreed.get(indicator.id)
        evidence = papers.get((version.unit_id, indicator.id), Counted())
        if head != reported:  # what bears out the later result is not of an earlier one
            evidence = replace(evidence, before=0)
        return Cell(
            indicator=indicator,
            levels=levels_in_force(indicator, where),
            result=results[head.result_id] if head else None,
            confirmed=head is not None and head == confirmed,
            reassessed=head is not None and head.true_from.year == on.year,
            evidence=evidence,
            elsewhere=others.get(indicator.id, ()),
            returned=criterion.id in returned and reported != confirmed,
            since=_since(head, reported),
        )

    return Sheet(
        asked=asked,
        on=on,
        heads=heads,
        counted=counts,
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
                    for indicator in entered(criterion)
                    if only in (None, indicator.id)
                ),
                returned=returned.get(criterion.id),
                basis=basis,
            )
            for criterion in asked.criteria
        ),
    )


def _since(shown: Holding | None, reported: Holding | None) -> Since:
    if shown == reported:
        return Since.NOTHING
    if reported is None or (shown is not None and reported.order < shown.order):
        return Since.TAKEN_BACK
    return Since.RECORDED


def _returned(
    asked: SetDefinition, reported: Heads, confirmed: Heads, seq: int | None
) -> dict[int, Review]:
    """Criterion id → the return that stands; the heads are of one commune."""
    back = returns.standing_returns(asked.criteria, reported, confirmed, seq=seq)
    reviews = Review.objects.select_related("change__by", "department")
    found = reviews.in_bulk(back.values()) if back else {}
    return {criterion_id: found[review_id] for (_, criterion_id), review_id in back.items()}
