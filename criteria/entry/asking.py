"""Which of the sets that a province judges by ask the measure of an indicator, and the verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from criteria.definitions import counting
from criteria.entry.judging import Asked, EntryRefused, Finding, Judged, judged, judged_beside
from criteria.kept import Kept
from criteria.models import CellHead, CriteriaSet, Indicator, Result
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import IndicatorDefinition, SetDefinition

type Asking = list[tuple[SetDefinition, IndicatorDefinition]]
"""Each adopted set that asks an indicator's measure, with its own indicator for it."""


def asking(indicator_ids: Collection[int], among: Collection[SetDefinition]) -> dict[int, Asking]:
    """Indicator id → who of these sets asks; one small query where that is kept.

    Raises EntryRefused for an indicator that none of them asks by that id.
    """
    asked = {one.set_id: one for one in among}
    questions = {pk: _questions(one) for pk, one in asked.items()}
    places = tuple(sorted(indicator_ids)), tuple(sorted(asked))
    siblings = _SIBLINGS.one(places, lambda: _siblings(*places))
    found: dict[int, Asking] = {}
    for indicator_id in indicator_ids:
        ids = siblings.get(indicator_id, {})
        found[indicator_id] = [
            (asked[pk], questions[pk][one])
            for pk in asked
            if (one := next((i for i in ids.get(pk, ()) if i in questions[pk]), None)) is not None
        ]
        if all(question.id != indicator_id for _, question in found[indicator_id]):
            raise EntryRefused("Chỉ tiêu này không thuộc bộ tiêu chí đang áp dụng của tỉnh.")
    return found


def still_counting(
    province_id: int | None, adopted: Sequence[CriteriaSet], on: date
) -> list[SetDefinition]:
    """The wordings in force of the sets that a save has locked, read anew.

    EntryRefused where the province adopted others while the save waited for its lock.
    """
    asked = counting(province_id or 0, on)
    if [one.set_id for one in asked] != [one.pk for one in adopted]:
        raise EntryRefused("Tỉnh vừa đổi bộ tiêu chí áp dụng; hãy tải lại trang rồi ghi lại.")
    return asked


def _questions(asked: SetDefinition) -> dict[int, IndicatorDefinition]:
    return {
        question.id: question
        for criterion in asked.criteria
        for question in (*criterion.indicators, criterion.conclusion)
        if question is not None
    }


type _Siblings = dict[int, dict[int, list[int]]]
_SIBLINGS: Kept[tuple[tuple[int, ...], tuple[int, ...]], _Siblings] = Kept()


def _siblings(indicator_ids: Collection[int], set_ids: Collection[int]) -> _Siblings:
    """Indicator id → set id → the indicators there that ask the same; in its own set itself."""
    own = list(
        Indicator.objects.filter(pk__in=indicator_ids).values_list(
            "pk", "measure_id", "criterion__set_id"
        )
    )
    by_measure: dict[int, list[tuple[int, int]]] = defaultdict(list)
    others = [set_id for set_id in set_ids if any(set_id != mine for _, _, mine in own)]
    if others:
        rows = Indicator.objects.filter(
            measure_id__in=[measure for _, measure, _ in own if measure is not None],
            criterion__set_id__in=others,
        ).values_list("pk", "measure_id", "criterion__set_id")
        for pk, measure_id, set_id in rows:
            by_measure[measure_id or 0].append((set_id, pk))
    found: dict[int, dict[int, list[int]]] = {}
    for pk, measure_id, mine in own:
        found[pk] = defaultdict(list)
        for set_id, other in by_measure.get(measure_id or 0, ()):
            if set_id != mine:
                found[pk][set_id].append(other)
        found[pk][mine] = [pk]
    return found


def verdicts(
    asked: Sequence[tuple[SetDefinition, IndicatorDefinition]],
    where: Situation,
    indicator_id: int,
    finding: Finding,
) -> Iterator[tuple[SetDefinition, Asked, Judged]]:
    """The verdict of each set, first that on whose sheet the finding was made.

    Raises EntryRefused as that set does; the others never refuse.
    """
    as_asked = [
        (one, Asked(question=question, levels=levels_in_force(question, under(one, where))))
        for one, question in asked
    ]
    set_first, first = next(pair for pair in as_asked if pair[1].question.id == indicator_id)
    found = judged(first, finding)
    yield set_first, first, found
    for other, one in as_asked:
        if one is not first:
            yield other, one, judged_beside(one, finding, first=first, found=found)


def held(
    unit_ids: Collection[int], indicator_ids: Collection[int]
) -> dict[tuple[int, int], Result | None]:
    """(unit id, indicator id) → what holds on each of the cells now; missing where nothing does."""
    heads = CellHead.objects.filter(unit_id__in=unit_ids, indicator_id__in=indicator_ids)
    found = heads.select_related("result__change__by")
    return {(head.unit_id, head.indicator_id): head.result for head in found}


def same(current: Result | None, row: Result) -> bool:
    """Whether a new row would say nothing that does not hold already."""
    if current is None:
        return False
    fields = ("true_from", "value", "part_values", "verdict", "note", "judged_by")
    return all(getattr(current, name) == getattr(row, name) for name in fields)
