"""Cần đánh giá lại: cells whose verdict rests on a level that is not the one required now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from communes import units
from communes.models import UnitVersion
from criteria import ledger
from criteria.definitions import counting
from criteria.entry.judging import Asked
from criteria.models import Result, ThresholdCheck
from criteria.rejudging.required import Requirements, needed
from criteria.rules.types import CriterionDefinition, Outcome, SetDefinition


class Why(StrEnum):
    """What happened since the verdict."""

    LEVEL = "level"
    YEAR = "year"
    CHECKED = "checked"


WORDS = {
    Why.LEVEL: "mức quy định đã đổi",
    Why.YEAR: "mức năm nay khác mức lúc đánh giá",
    Why.CHECKED: "mức đã được đối chiếu sau khi cán bộ đánh giá",
}


@dataclass(frozen=True, kw_only=True)
class Due:
    """A cell to be assessed again, and why."""

    commune: UnitVersion
    asked: SetDefinition
    criterion: CriterionDefinition
    now: Asked
    result: Result
    why: Why

    @property
    def words(self) -> str:
        return WORDS[self.why]

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.result.verdict)


def due(province: UnitVersion, on: date, *, commune: int | None = None) -> list[Due]:
    """Every such cell of the communes in the programme on `on`, by commune and indicator.

    `commune` (its unit's id) asks for one of them alone.
    """
    inside = units.communes_in_programme(province, on)
    if commune is not None:
        inside = inside.filter(unit_id=commune)
    communes = {one.unit_id: one for one in inside}
    required = Requirements(province.unit, on)
    found: list[Due] = []
    for asked in counting(province.unit_id, on):
        found += _of_set(required, communes, asked, on)
    order = {pk: n for n, pk in enumerate(communes)}
    return sorted(found, key=lambda one: order[one.commune.unit_id])


def _of_set(
    required: Requirements, communes: dict[int, UnitVersion], asked: SetDefinition, on: date
) -> Iterator[Due]:
    questions = {
        one.id: (criterion, one) for criterion in asked.criteria for one in criterion.indicators
    }
    heads = ledger.reported(list(communes), questions.keys(), day=on)
    ids = [head.result_id for cells in heads.values() for head in cells.values()]
    results = list(
        Result.objects.filter(pk__in=ids)
        .select_related("set_version__set", "threshold", "province_level", "change")
        .order_by("unit_id", "indicator__criterion__number", "indicator__position")
    )
    required.know_versions_of(results)
    checks = _checks(asked)
    for result in results:
        if not Outcome(result.verdict).settles or result.unit_id not in required.communes:
            continue
        criterion, question = questions[result.indicator_id]
        now = required.now(result.unit_id, question, asked, on)
        why = _why(required, result, now, asked, checks, on)
        if why is not None:
            yield Due(
                commune=communes[result.unit_id],
                asked=asked,
                criterion=criterion,
                now=now,
                result=result,
                why=why,
            )


def _why(
    required: Requirements,
    result: Result,
    now: Asked,
    asked: SetDefinition,
    checks: dict[int, datetime],
    on: date,
) -> Why | None:
    if needed(now) != required.then(result, now.question):
        same_version = result.set_version_id == asked.version_id
        return Why.YEAR if same_version and result.true_from.year < on.year else Why.LEVEL
    if result.judged_by != Result.JudgedBy.OFFICER or not now.by_program:
        return None
    checked_at = [checks.get(level.threshold_id or 0) for level in (now.levels or {}).values()]
    late = [at for at in checked_at if at is not None and at > result.change.at]
    return Why.CHECKED if late else None


def _checks(asked: SetDefinition) -> dict[int, datetime]:
    """Level id → when it was first compared with the decision."""
    rows = ThresholdCheck.objects.filter(threshold__requirement__version_id=asked.version_id)
    found: dict[int, datetime] = {}
    for threshold_id, at in rows.order_by("-pk").values_list("threshold_id", "change__at"):
        found[threshold_id] = at
    return found
