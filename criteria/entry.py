"""Entering results: one save, one transaction, one verdict for each set that asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import UnitVersion, User
from criteria import months, sets, standings
from criteria.definitions import definition
from criteria.judging import (
    Asked,
    EntryRefused,
    Finding,
    Judged,
    judged,
    judged_beside,
    new_result,
)
from criteria.models import CellHead, CriteriaSet, Indicator, Result
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import IndicatorDefinition, Judge, SetDefinition
from criteria.situations import situation


class ChangedMeanwhile(Exception):
    """Somebody else stored another result on the cell after this person read it."""

    def __init__(self, current: Result | None) -> None:
        super().__init__("Ô này vừa được người khác sửa.")
        self.current = current


def save(
    *,
    commune: UnitVersion,
    indicator_id: int,
    finding: Finding,
    seen: int | None,
    by: User,
    true_from: date | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Record a finding on one cell, for every adopted set that asks the same measure.

    `seen` is the id of the result that the person saw there, None for an empty cell.
    `true_from` defaults to the end of the working month and may be earlier, never later.
    The same `request_id` again writes nothing; neither does a finding equal to what holds.

    Raises EntryRefused for what cannot be stored and ChangedMeanwhile when `seen` no longer
    holds; nothing is written in either case.
    """
    month = months.month_end(months.working_day(commune.province))
    day = true_from or month
    if day > month:
        raise EntryRefused(f"Ngày ghi nhận không được sau ngày {month:%d/%m/%Y}.")
    indicator = Indicator.objects.select_related("measure", "criterion").get(pk=indicator_id)
    adopted = sets.adopted_sets(commune.province_id, month)
    with recording(
        clock=commune.unit.clock_id,
        action="entry.save",
        by=by,
        ip=ip,
        request_id=request_id,
    ) as pending:
        standings.lock([commune.unit_id], _sets_that_ask(indicator, adopted))
        if already_recorded(clock=commune.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        # What was put in force while the save waited is what judges, so all is read from here on.
        if sets.adopted_sets(commune.province_id, month) != adopted:
            raise EntryRefused("Tỉnh vừa đổi bộ tiêu chí áp dụng; hãy tải lại trang rồi ghi lại.")
        asking = list(_asking(indicator, adopted, month))
        if all(question.id != indicator_id for _, question in asking):
            raise EntryRefused("Chỉ tiêu này không thuộc bộ tiêu chí đang áp dụng của tỉnh.")
        where = situation(commune, day)
        if not UnitVersion.objects.filter(pk=commune.pk).exists():
            raise EntryRefused("Lần sắp xếp lập ra xã này vừa được rút; hãy tải lại trang.")
        held = _held(commune.unit_id, [question.id for _, question in asking])
        rows = [
            new_result(
                unit_id=commune.unit_id,
                set_version_id=asked.version_id,
                asked=one,
                found=found,
                true_from=day,
                note=finding.note,
                cause=Result.Cause.ENTRY,
                change_id=pending.id,
            )
            for asked, one, found in _judged(asking, where, indicator_id, finding)
        ]
        new = {row.indicator_id: row for row in rows if not _same(held[row.indicator_id], row)}
        if not new:
            raise NothingToRecord
        current = held[indicator_id]
        if indicator_id in new and (current.pk if current else None) != seen:
            raise ChangedMeanwhile(current)
        Result.objects.bulk_create(new.values())
        for asked, question in asking:
            if question.id in new:
                standings.rewrite(
                    commune.unit_id, asked, indicators=[question.id], change_id=pending.id
                )


def void(*, result: Result, reason: str, by: User, request_id: UUID | None = None) -> None:
    """Take back one result recorded by mistake, with a reason; the older fact holds again.

    What the same entry recorded for other sets that ask the measure is taken back with it.
    Raises EntryRefused without a reason or when the result was replaced before.
    """
    if not reason.strip():
        raise EntryRefused("Hãy ghi lý do bỏ kết quả này.")
    rows = _of_one_entry(result)
    with recording(
        clock=result.unit.clock_id,
        action="entry.void",
        by=by,
        reason=reason,
        request_id=request_id,
    ) as pending:
        standings.lock([result.unit_id], [row.set_version.set_id for row in rows])
        if already_recorded(clock=result.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        replaced = set(
            Result.objects.filter(replaces__in=rows).values_list("replaces_id", flat=True)
        )
        if result.pk in replaced:
            raise EntryRefused("Kết quả này đã được thay thế hoặc đã bỏ.")
        rows = [row for row in rows if row.pk not in replaced]
        Result.objects.bulk_create(_void(row, reason, pending) for row in rows)
        for row in rows:
            standings.rewrite(
                row.unit_id,
                definition(row.set_version),
                indicators=[row.indicator_id],
                change_id=pending.id,
            )


def _of_one_entry(result: Result) -> list[Result]:
    """The result and those that the same entry recorded on the same measure."""
    same = Result.objects.filter(pk=result.pk)
    if result.indicator.measure_id is not None:
        same |= Result.objects.filter(
            change_id=result.change_id,
            unit_id=result.unit_id,
            indicator__measure_id=result.indicator.measure_id,
        )
    return list(same.select_related("set_version__set").order_by("pk"))


def _void(row: Result, reason: str, pending: Pending) -> Result:
    return Result(
        unit_id=row.unit_id,
        indicator_id=row.indicator_id,
        set_version=row.set_version,
        true_from=row.true_from,
        verdict=row.verdict,
        judged_by=Judge.OFFICER,
        note=reason,
        cause=Result.Cause.ENTRY,
        replaces=row,
        void=True,
        change_id=pending.id,
    )


def _sets_that_ask(indicator: Indicator, among: Sequence[CriteriaSet]) -> set[int]:
    """The sets, by id, any version of which asks the indicator's measure."""
    ids = {one.pk for one in among}
    rows = Indicator.objects.filter(criterion__set__in=ids, measure__isnull=False)
    asking = rows.filter(measure=indicator.measure_id).values_list("criterion__set", flat=True)
    return set(asking) | ids & {indicator.criterion.set_id}


def _asking(
    indicator: Indicator, among: Sequence[CriteriaSet], on: date
) -> Iterator[tuple[SetDefinition, IndicatorDefinition]]:
    """Each of these sets that asks the indicator's measure, with its own indicator for it."""
    for adopted in among:
        asked = definition(sets.version_in_force(adopted, on))
        question = _question(asked, indicator, adopted)
        if question is not None:
            yield asked, question


def _question(
    asked: SetDefinition, indicator: Indicator, adopted: CriteriaSet
) -> IndicatorDefinition | None:
    ids = {indicator.pk}
    if indicator.criterion.set_id != adopted.pk:
        ids = set(
            Indicator.objects.filter(
                measure=indicator.measure, measure__isnull=False, criterion__set=adopted
            ).values_list("pk", flat=True)
        )
    for criterion in asked.criteria:
        for question in (*criterion.indicators, criterion.conclusion):
            if question is not None and question.id in ids:
                return question
    return None


def _judged(
    asking: Sequence[tuple[SetDefinition, IndicatorDefinition]],
    where: Situation,
    indicator_id: int,
    finding: Finding,
) -> Iterator[tuple[SetDefinition, Asked, Judged]]:
    """The verdict of each set, first that on whose sheet the finding was made."""
    as_asked = [
        (asked, Asked(question=question, levels=levels_in_force(question, under(asked, where))))
        for asked, question in asking
    ]
    definition_first, first = next(pair for pair in as_asked if pair[1].question.id == indicator_id)
    found = judged(first, finding)
    yield definition_first, first, found
    for asked, one in as_asked:
        if one is not first:
            yield asked, one, judged_beside(one, finding, first=first, found=found)


def _held(unit_id: int, indicator_ids: Sequence[int]) -> dict[int, Result | None]:
    """What holds on each of the cells now."""
    heads = CellHead.objects.filter(unit_id=unit_id, indicator_id__in=indicator_ids)
    found = {head.indicator_id: head.result for head in heads.select_related("result")}
    return {indicator_id: found.get(indicator_id) for indicator_id in indicator_ids}


def _same(current: Result | None, row: Result) -> bool:
    if current is None:
        return False
    fields = ("true_from", "value", "part_values", "verdict", "note", "judged_by")
    return all(getattr(current, name) == getattr(row, name) for name in fields)
