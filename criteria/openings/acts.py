"""The acts of an opening: results taken over from predecessors, and that taken back.

Each is one change with one audit line per unit, for one unit or all units of a rearrangement:
all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, User
from communes.vietnamese import nfc
from criteria.models import Result
from criteria.openings import loading, writing
from criteria.openings.records import TAKE_OVER
from criteria.openings.refusals import (
    OpeningRefused,
    StartChanged,
    require_document,
    require_new_unit,
    require_takable,
    require_undecided,
    require_undoable,
)
from criteria.openings.shapes import Choices, Start
from criteria.rules.opening import Key, Pick

BATCH = 5000


def take_over(
    *,
    unit: Unit,
    pick: Pick,
    document: str,
    by: User | None,
    choices: Choices | None = None,
    seen: str | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> int:
    """Let a new unit start with results of its predecessors; returns how many were written.

    By `pick` the program finds the predecessor of each criterion, or `choices` name it where
    `pick` is CHOSEN; a criterion that they leave out starts as not assessed. Each result that
    counts there is copied, true from the unit's first day. `seen` is the fingerprint of the
    start that the person was shown. The same `request_id` again writes nothing.

    Raises OpeningRefused (StartChanged where `seen` no longer holds); nothing is written then.
    """
    how = {"by": by, "request_id": request_id, "ip": ip, "simulated_at": simulated_at}
    return _take_over([unit], {unit.pk: (pick, choices)}, nfc(document), seen, how)


def take_over_proposed(
    *,
    units: Collection[Unit],
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> int:
    """Let several new units of one province start by the proposal, by one document.

    Everything of each unit comes from its lowest predecessor; returns how many results were
    written. Raises OpeningRefused with one reason for each unit that cannot start so; nothing
    is written then.
    """
    how = {"by": by, "request_id": request_id, "ip": ip, "simulated_at": simulated_at}
    wanted = {unit.pk: (Pick.LOWEST, None) for unit in units}
    return _take_over(units, wanted, nfc(document), None, how)


def undo(
    *,
    units: Collection[Unit],
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> int:
    """Take back the openings of some units, while nothing rests on them; returns the results.

    Each result is replaced by a void one: the unit is as if nothing had been taken over.
    Raises OpeningRefused without a reason, for a unit without an opening, and with what rests
    on it.
    """
    reason = nfc(reason)
    if not reason:
        raise OpeningRefused("Hãy ghi lý do hoàn tác.")
    clock, written = _one_clock(units), 0
    with recording(
        clock=clock,
        action="opening.undo",
        by=by,
        ip=ip,
        reason=reason,
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        writing.lock(units)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        starts = loading.starts([unit.pk for unit in units])
        _all_or_nothing(require_undoable, starts)
        rows = writing.voids(starts, reason, pending)
        Result.objects.bulk_create(rows, batch_size=BATCH)
        for start in starts.values():
            writing.line(pending, start, before=start.choices)
        writing.rewrite(starts, pending)
        written = len(rows)
    return written


def _take_over(
    units: Collection[Unit],
    wanted: Mapping[int, tuple[Pick, Choices | None]],
    document: str,
    seen: str | None,
    how: dict[str, Any],
) -> int:
    require_document(document)
    clock, written = _one_clock(units), 0
    with recording(clock=clock, action=TAKE_OVER, reason=document, **how) as pending:
        writing.lock(units)
        if already_recorded(clock=clock, request_id=how["request_id"]):
            raise NothingToRecord
        starts = loading.starts([unit.pk for unit in units])
        until = writing.working_month_ends(starts)
        chosen: dict[int, dict[Key, int]] = {}

        def check(start: Start) -> None:
            pick, choices = wanted[start.unit.unit_id]
            require_new_unit(start, until[start.unit.province_id])
            require_undecided(start)
            if seen is not None and seen != start.fingerprint:
                raise StartChanged
            found = dict(choices or {}) if pick is Pick.CHOSEN else start.proposal(pick)
            require_takable(start, found)
            chosen[start.unit.unit_id] = found

        _all_or_nothing(check, starts)
        rows = writing.copies(starts, chosen, pending)
        Result.objects.bulk_create(rows, batch_size=BATCH)
        for pk, start in starts.items():
            writing.line(pending, start, after=chosen[pk], pick=wanted[pk][0])
        writing.rewrite(starts, pending)
        written = len(rows)
    return written


def _one_clock(units: Collection[Unit]) -> str:
    clocks = {unit.clock_id for unit in units}
    if not clocks:
        raise OpeningRefused("Hãy chọn ít nhất một đơn vị.")
    if len(clocks) > 1:
        raise ValueError("Một lần ghi kết quả ban đầu chỉ gồm các đơn vị của một tỉnh")
    return clocks.pop()


def _all_or_nothing(check: Callable[[Start], None], starts: Mapping[int, Start]) -> None:
    """Check every start and refuse with all the reasons found."""
    refused = []
    for start in starts.values():
        try:
            check(start)
        except OpeningRefused as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise OpeningRefused(*(reason for error in refused for reason in error.reasons))
