"""Everything that was ever recorded on one cell of a commune, latest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from criteria.evidence import Attached, attached
from criteria.models import Result, Review
from criteria.rules.types import Rule
from criteria.values import rule_text
from reports.audit.log import value_of


@dataclass(frozen=True, kw_only=True)
class Record:
    """One result with both its times: true from a day, recorded at a moment.

    `state` says whether it still counts; `reviews` are the acts of departments that named it,
    `evidence` is what bears it out.
    """

    result: Result
    value: str
    level: str
    state: str
    reviews: tuple[Review, ...]
    evidence: tuple[Attached, ...] = ()


def cell_history(unit_id: int, indicator_id: int) -> list[Record]:
    """All results of the cell, the one recorded last first; three queries."""
    results = list(
        Result.objects.filter(unit_id=unit_id, indicator_id=indicator_id)
        .select_related(
            "change__by", "indicator__measure", "threshold", "province_level", "replaced_by"
        )
        .order_by("-change__seq")
    )
    named = Q(pk__in=[])
    for result in results:
        named |= Q(result_ids__contains=[result.pk])
    reviews = list(
        Review.objects.filter(named, unit_id=unit_id)
        .select_related("department", "change__by")
        .order_by("change__seq")
    )
    holding = _holding(results)
    papers = attached(unit_id, indicator_id)
    return [
        Record(
            result=result,
            value="" if result.void else value_of(result),
            level=_level(result),
            state=_state(result, holding),
            reviews=tuple(review for review in reviews if result.pk in review.result_ids),
            evidence=tuple(paper for paper in papers if paper.result_id == result.pk),
        )
        for result in results
    ]


def _holding(results: list[Result]) -> int | None:
    """The result that holds: not void, not replaced, latest true from, then latest recorded."""
    standing = [row for row in results if not row.void and not hasattr(row, "replaced_by")]
    latest = max(standing, key=lambda row: (row.true_from, row.change.seq), default=None)
    return latest.pk if latest else None


def _state(result: Result, holding: int | None) -> str:
    if result.void:
        return "Dòng bỏ kết quả"
    if hasattr(result, "replaced_by"):
        return "Đã bỏ" if result.replaced_by.void else "Đã được sửa"
    return "Đang tính" if result.pk == holding else "Được thay bằng kết quả sau"


def _level(result: Result) -> str:
    """The level that the result was judged by, "" where an officer judged without one."""
    level = result.province_level or result.threshold
    return rule_text(Rule(level.rule), level.value) if level is not None else ""
