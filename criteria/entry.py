"""Entering results: one save, one transaction, one verdict for each set that asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import UnitVersion, User
from criteria import cells, months, sets, standings
from criteria.definitions import definition
from criteria.models import CellHead, CriteriaSet, Indicator, Result
from criteria.rules.judge import program_judges, verdict
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    IndicatorDefinition,
    Judge,
    Level,
    Outcome,
    SetDefinition,
)
from criteria.values import takes_numbers


class EntryRefused(ValueError):
    """What was typed cannot be stored; the message goes to the cell."""


class ChangedMeanwhile(Exception):
    """Somebody else stored another result on the cell after this person read it."""

    def __init__(self, current: Result | None) -> None:
        super().__init__("Ô này vừa được người khác sửa.")
        self.current = current


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an officer says of one indicator: figures by part, or a verdict, or both."""

    values: Mapping[str, Decimal]
    verdict: Outcome | None = None
    note: str = ""


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
    asking = list(_asking(commune, indicator, month))
    if not asking:
        raise EntryRefused("Chỉ tiêu này không thuộc bộ tiêu chí đang áp dụng của tỉnh.")
    where = cells.situation(commune, day)
    with recording(
        clock=commune.unit.clock_id,
        action="entry.save",
        by=by,
        ip=ip,
        request_id=request_id,
    ) as pending:
        standings.lock([commune.unit_id], [asked.set_id for asked, _ in asking])
        if already_recorded(clock=commune.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        if not UnitVersion.objects.filter(pk=commune.pk).exists():
            raise EntryRefused("Lần sắp xếp lập ra xã này vừa được rút; hãy tải lại trang.")
        current = _head(commune.unit_id, indicator_id)
        rows = [
            _result(commune, asked, question, finding, where, day, pending)
            for asked, question in asking
        ]
        if current and _same(current, next(r for r in rows if r.indicator_id == indicator_id)):
            raise NothingToRecord
        if (current.pk if current else None) != seen:
            raise ChangedMeanwhile(current)
        Result.objects.bulk_create(rows)
        for asked, question in asking:
            standings.rewrite(
                commune.unit_id, asked, indicators=[question.id], change_id=pending.id
            )


def void(*, result: Result, reason: str, by: User, request_id: UUID | None = None) -> None:
    """Take back one result recorded by mistake, with a reason; the older fact holds again.

    Raises EntryRefused without a reason or when the result was replaced before.
    """
    if not reason.strip():
        raise EntryRefused("Hãy ghi lý do bỏ kết quả này.")
    asked = definition(result.set_version)
    with recording(
        clock=result.unit.clock_id,
        action="entry.void",
        by=by,
        reason=reason,
        request_id=request_id,
    ) as pending:
        standings.lock([result.unit_id], [asked.set_id])
        if already_recorded(clock=result.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        if Result.objects.filter(replaces=result).exists():
            raise EntryRefused("Kết quả này đã được thay thế hoặc đã bỏ.")
        Result.objects.create(
            unit=result.unit,
            indicator=result.indicator,
            set_version=result.set_version,
            true_from=result.true_from,
            verdict=result.verdict,
            judged_by=Judge.OFFICER,
            note=reason,
            cause=Result.Cause.ENTRY,
            replaces=result,
            void=True,
            change_id=pending.id,
        )
        standings.rewrite(
            result.unit_id, asked, indicators=[result.indicator_id], change_id=pending.id
        )


def _asking(
    commune: UnitVersion, indicator: Indicator, on: date
) -> Iterator[tuple[SetDefinition, IndicatorDefinition]]:
    """Each adopted set that asks the indicator's measure, with its own indicator for it."""
    for adopted in sets.adopted_sets(commune.province_id, on):
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
        for question in criterion.indicators:
            if question.id in ids:
                return question
    return None


def _head(unit_id: int, indicator_id: int) -> Result | None:
    head = (
        CellHead.objects.filter(unit_id=unit_id, indicator_id=indicator_id)
        .select_related("result")
        .first()
    )
    return head.result if head else None


def _same(current: Result, row: Result) -> bool:
    fields = ("true_from", "value", "part_values", "verdict", "note", "judged_by")
    return all(getattr(current, name) == getattr(row, name) for name in fields)


def _result(
    commune: UnitVersion,
    asked: SetDefinition,
    question: IndicatorDefinition,
    finding: Finding,
    where: Situation,
    day: date,
    pending: Pending,
) -> Result:
    levels = levels_in_force(question, where)
    values = dict(finding.values)
    if not takes_numbers(question) and finding.verdict and finding.verdict.settles:
        values = {"": Decimal(finding.verdict is Outcome.MET)} if question.kind == "boolean" else {}
    found, judge = finding.verdict, Judge.OFFICER
    by_program = program_judges(question, levels)
    if levels and by_program and set(values) == set(levels):
        found, judge = _judged(verdict(values, levels), finding)
    elif found is None or (by_program and found.settles and not finding.note.strip()):
        raise EntryRefused(_what_is_missing(question, values, levels))
    if not found.settles:
        values = {}
    level = next(iter(levels.values())) if levels and len(levels) == 1 else None
    return Result(
        unit_id=commune.unit_id,
        indicator_id=question.id,
        set_version_id=asked.version_id,
        true_from=day,
        value=values.get(""),
        part_values={key: str(value) for key, value in values.items() if key} or None,
        threshold_id=level.threshold_id if level else None,
        verdict=found,
        judged_by=judge,
        note=finding.note,
        cause=Result.Cause.ENTRY,
        change_id=pending.id,
    )


def _judged(by_rule: Outcome, finding: Finding) -> tuple[Outcome, Judge]:
    if finding.verdict is None or finding.verdict is by_rule:
        return by_rule, Judge.RULE
    if not finding.note.strip():
        raise EntryRefused(
            "Đánh giá khác với mức quy định: hãy ghi lý do vào ô ghi chú rồi lưu lại."
        )
    return finding.verdict, Judge.OFFICER


def _what_is_missing(
    question: IndicatorDefinition,
    values: Mapping[str, Decimal],
    levels: Mapping[str, Level] | None,
) -> str:
    if takes_numbers(question) and not values:
        return "Hãy nhập số, ví dụ 71,5."
    if takes_numbers(question) and question.parts and len(values) < len(question.parts):
        return "Hãy nhập đủ các số của chỉ tiêu này."
    if not levels:
        why = "chưa có mức quy định"
    elif any(level.value is None for level in levels.values()):
        why = "mức do UBND tỉnh quy định, chưa nạp"
    else:
        why = "mức quy định chưa đối chiếu với văn bản"
    return f"Hãy chọn Đạt hoặc Chưa đạt: {why} nên cán bộ đánh giá."
