"""Everything that was ever recorded on one cell of a commune, latest first.

Which result counts is what the figures of the day count, as known at their moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from criteria import returns
from criteria.evidence import Attached, attached
from criteria.figures import Figures, How
from criteria.ledger import Holding
from criteria.models import Basis, Result, Review
from criteria.rules.types import Rule
from criteria.values import rule_text
from reports.audit.log import value_of


@dataclass(frozen=True, kw_only=True)
class Record:
    """One result with both its times: true from a day, recorded at a moment.

    `state` says whether it counts, `counts` that it does; one `apart` is true after the day of
    the page or was recorded after its moment. `reviews` are the acts of departments that named
    it, `evidence` is what bears it out.
    """

    result: Result
    value: str
    level: str
    state: str
    counts: bool
    apart: bool
    reviews: tuple[Review, ...]
    evidence: tuple[Attached, ...] = ()


def cell_history(answer: Figures, indicator_id: int) -> list[Record]:
    """All results of the cell of the commune of `answer`, the one recorded last first.

    Three queries, and what the door asks for the results that hold.
    """
    unit_id = answer.unit.unit_id
    results = list(
        Result.objects.filter(unit_id=unit_id, indicator_id=indicator_id)
        .select_related(
            "change__by",
            "indicator__measure",
            "threshold",
            "province_level",
            "replaced_by__change",
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
    reported, confirmed = (
        found.get(unit_id, {}).get(indicator_id)
        for found in returns.heads(answer, [unit_id], [indicator_id])
    )
    counted = confirmed if answer.basis == Basis.CONFIRMED else reported
    papers = attached(unit_id, indicator_id)
    sent_back = _sent_back(reviews, answer.how)
    return [
        Record(
            result=result,
            value="" if result.void else value_of(result),
            level=_level(result),
            state=_state(result, counted, reported, answer.how, result.pk in sent_back),
            counts=_is(result, counted),
            apart=bool(_apart(result, answer.how)),
            reviews=tuple(review for review in reviews if result.pk in review.result_ids),
            evidence=tuple(paper for paper in papers if paper.result_id == result.pk),
        )
        for result in results
    ]


def _is(result: Result, head: Holding | None) -> bool:
    return head is not None and head.result_id == result.pk


def _sent_back(reviews: Iterable[Review], how: How) -> set[int]:
    """The results that stand as returned, by the acts in their order that are known."""
    found: set[int] = set()
    for review in reviews:
        if how.seq is None or review.change.seq <= how.seq:
            named = set(review.result_ids)
            found = found | named if review.act == Review.Act.RETURN else found - named
    return found


def _state(
    result: Result,
    counted: Holding | None,
    reported: Holding | None,
    how: How,
    sent_back: bool,
) -> str:
    if _is(result, counted):
        return "Đang tính"
    if reasons := _apart(result, how):
        return ", ".join([*reasons, *(["dòng bỏ kết quả"] if result.void else [])]).capitalize()
    if result.void:
        return "Dòng bỏ kết quả"
    replaced = getattr(result, "replaced_by", None)
    if replaced is not None and _is_known(replaced, how):
        return "Đã bỏ" if replaced.void else "Đã được sửa"
    if _is(result, reported):
        return f"Chưa tính: {'bị trả lại' if sent_back else 'chờ xác nhận'}"
    return "Được thay bằng kết quả sau"


def _apart(result: Result, how: How) -> list[str]:
    """Why a result is none of the day and moment of the page; nothing where it is."""
    reasons = []
    if not _is_known(result, how):
        reasons.append("ghi sau lúc chốt tháng" if how.closing else "ghi sau thời điểm đang xem")
    if result.true_from > how.day:
        reasons.append("có hiệu lực sau ngày đang xem")
    return reasons


def _is_known(result: Result, how: How) -> bool:
    return how.seq is None or result.change.seq <= how.seq


def _level(result: Result) -> str:
    """The level that the result was judged by, "" where an officer judged without one."""
    level = result.province_level or result.threshold
    return rule_text(Rule(level.rule), level.value) if level is not None else ""
