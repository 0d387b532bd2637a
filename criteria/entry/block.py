"""Entering a block of cells: one transaction and one change for all of them, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, UnitVersion, User
from criteria import months, sets, standings
from criteria.entry.asking import (
    Asking,
    asking,
    held,
    same,
    still_counting,
    verdicts,
)
from criteria.entry.judging import EntryRefused, Finding, new_result
from criteria.models import Result
from criteria.rules.levels import Situation
from criteria.rules.types import SetDefinition
from criteria.situations import situations

type Key = tuple[int, int]
"""(unit id, indicator id): one cell."""


@dataclass(frozen=True, kw_only=True)
class BlockCell:
    """A finding for one cell; `seen` is the id of the result that the person saw there."""

    commune: UnitVersion
    indicator_id: int
    finding: Finding
    seen: int | None

    @property
    def key(self) -> Key:
        return self.commune.unit_id, self.indicator_id


class BlockRefused(Exception):
    """Cells that cannot be stored, with the reason of each; nothing was written."""

    def __init__(self, faults: Sequence[tuple[BlockCell, str]]) -> None:
        super().__init__(f"{len(faults)} ô không ghi được.")
        self.faults = faults


class BlockChanged(Exception):
    """Cells on which somebody else stored another result meanwhile; nothing was written."""

    def __init__(self, conflicts: Sequence[tuple[BlockCell, Result | None]]) -> None:
        super().__init__(f"{len(conflicts)} ô vừa được người khác sửa.")
        self.conflicts = conflicts


def save_block(
    *,
    province: Unit,
    cells: Sequence[BlockCell],
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> int:
    """Record findings on many cells of one province, true from the end of the working month.

    Each is recorded for every adopted set that asks its measure, as by :func:`entry.save`. A
    cell given twice counts once, with its last finding. Returns how many cells were written;
    the same `request_id` again writes nothing, neither do findings equal to what holds.

    Raises BlockRefused, BlockChanged, or EntryRefused for an indicator that is not asked and a
    commune of another province; nothing is written in any of these cases.
    """
    cells = list({cell.key: cell for cell in cells}.values())
    month = months.month_end(months.working_day(province))
    if any(cell.commune.province_id != province.pk for cell in cells):
        raise EntryRefused("Có xã không thuộc tỉnh này.")
    indicators = {cell.indicator_id for cell in cells}
    units = {cell.commune.unit_id for cell in cells}
    adopted = sets.adopted_sets(province.pk, month)
    written = 0
    with recording(
        clock=province.clock_id, action="entry.save_block", by=by, ip=ip, request_id=request_id
    ) as pending:
        standings.lock(units, [one.pk for one in adopted])
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        # What was put in force while the save waited is what judges, so all is read from here on.
        asked_by = asking(indicators, still_counting(province.pk, adopted, month))
        where = situations(units, province.pk, month)
        _require_communes(cells)
        questions = {one.id for pairs in asked_by.values() for _, one in pairs}
        there = held(units, questions)
        new = _new_rows(cells, asked_by, where, month, pending.id, there)
        _require_seen(cells, new, there)
        if not new:
            raise NothingToRecord
        Result.objects.bulk_create(row for _, row in new.values())
        standings.follow(new.values(), change_id=pending.id)
        written = len(new.keys() & {cell.key for cell in cells})
    return written


def _require_communes(cells: Sequence[BlockCell]) -> None:
    wanted = {cell.commune.pk for cell in cells}
    if UnitVersion.objects.filter(pk__in=wanted).count() != len(wanted):
        raise EntryRefused("Lần sắp xếp lập ra một xã trong số này vừa được rút; hãy tải lại.")


def _new_rows(
    cells: Sequence[BlockCell],
    asked_by: dict[int, Asking],
    where: dict[int, Situation],
    month: date,
    change_id: int,
    there: dict[Key, Result | None],
) -> dict[Key, tuple[SetDefinition, Result]]:
    """What is to be written, each with its set; what was typed counts before what follows."""
    own = {cell.key for cell in cells}
    new: dict[Key, tuple[SetDefinition, Result]] = {}
    faults: list[tuple[BlockCell, str]] = []
    for cell in cells:
        unit_id, pairs = cell.commune.unit_id, asked_by[cell.indicator_id]
        try:
            found = list(verdicts(pairs, where[unit_id], cell.indicator_id, cell.finding))
        except EntryRefused as error:
            faults.append((cell, str(error)))
            continue
        for asked, one, judged in found:
            key = (unit_id, one.question.id)
            if key != cell.key and key in own:
                continue
            row = new_result(
                unit_id=unit_id,
                set_version_id=asked.version_id,
                asked=one,
                found=judged,
                true_from=month,
                note=cell.finding.note,
                cause=Result.Cause.ENTRY,
                change_id=change_id,
            )
            if not same(there.get(key), row):
                new[key] = (asked, row)
    if faults:
        raise BlockRefused(faults)
    return new


def _require_seen(
    cells: Iterable[BlockCell],
    new: dict[Key, tuple[SetDefinition, Result]],
    there: dict[Key, Result | None],
) -> None:
    conflicts = []
    for cell in cells:
        current = there.get(cell.key)
        if cell.key in new and (current.pk if current else None) != cell.seen:
            conflicts.append((cell, current))
    if conflicts:
        raise BlockChanged(conflicts)
