"""Entering results: one save, one transaction, one verdict for each set that asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import Unit, UnitVersion, User
from criteria import months, sets, standings
from criteria.definitions import counting, definition
from criteria.entry.asking import asking, held, same, still_counting, verdicts
from criteria.entry.judging import EntryRefused, Finding, new_result
from criteria.models import Result
from criteria.rules.types import Judge, SetDefinition
from criteria.situations import situation

__all__ = ["ChangedMeanwhile", "EntryRefused", "Finding", "save", "void", "voided"]


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
    adopted = sets.adopted_sets(commune.province_id or 0, month)
    with recording(
        clock=commune.unit.clock_id,
        action="entry.save",
        by=by,
        ip=ip,
        request_id=request_id,
    ) as pending:
        standings.lock([commune.unit_id], [one.pk for one in adopted])
        if already_recorded(clock=commune.unit.clock_id, request_id=request_id):
            raise NothingToRecord
        # What was put in force while the save waited is what judges, so all is read from here on.
        asked_in = still_counting(commune.province_id, adopted, month)
        asked_by = asking([indicator_id], asked_in)[indicator_id]
        where = situation(commune, day)
        if not UnitVersion.objects.filter(pk=commune.pk).exists():
            raise EntryRefused("Lần sắp xếp lập ra xã này vừa được rút; hãy tải lại trang.")
        there = held([commune.unit_id], [question.id for _, question in asked_by])
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
            for asked, one, found in verdicts(asked_by, where, indicator_id, finding)
        ]
        now = {row.indicator_id: there.get((commune.unit_id, row.indicator_id)) for row in rows}
        new = {row.indicator_id: row for row in rows if not same(now[row.indicator_id], row)}
        if not new:
            raise NothingToRecord
        current = now[indicator_id]
        if indicator_id in new and (current.pk if current else None) != seen:
            raise ChangedMeanwhile(current)
        Result.objects.bulk_create(new.values())
        written = [(asked, new[one.id]) for asked, one in asked_by if one.id in new]
        standings.follow(written, change_id=pending.id)


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
        Result.objects.bulk_create(voided(row, reason, pending) for row in rows)
        province = result.unit.versions.latest("valid").province
        standings.follow(by_wording_in_force(rows, province), change_id=pending.id)


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


def by_wording_in_force(
    rows: Iterable[Result], province: Unit
) -> list[tuple[SetDefinition, Result]]:
    """Each result with the wording that its set counts by now, which may follow its own.

    That of a set that the province has left is the result's own.
    """
    counted = counting(province.pk, months.month_end(months.working_day(province)))
    in_force = {one.set_id: one for one in counted}
    return [
        (in_force.get(row.set_version.set_id) or definition(row.set_version), row) for row in rows
    ]


def voided(row: Result, reason: str, pending: Pending) -> Result:
    """The row of the ledger that takes back `row`."""
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
