"""Decisions of recognition: recording them, and the status that follows on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from communes.audit import recording
from communes.models import Unit, User
from criteria.models import Recognition, SetVersion
from criteria.rules.status import Decision, status_on


def statuses(unit_ids: Collection[int], *, day: date, seq: int | None = None) -> dict[int, str]:
    """The highest tier each unit holds on `day` as known at `seq`; units with none are absent."""
    decisions: dict[int, list[Decision]] = defaultdict(list)
    rows = Recognition.objects.filter(unit_id__in=list(unit_ids)).values_list(
        "unit_id", "id", "act", "tier", "effective_on", "change__seq", "refers_to_id"
    )
    for unit_id, pk, act, tier, effective_on, number, refers_to in rows:
        decisions[unit_id].append(
            Decision(
                id=pk,
                act=act,
                tier=tier,
                effective_on=effective_on,
                seq=number,
                refers_to=refers_to,
            )
        )
    known = max((d.seq for found in decisions.values() for d in found), default=0)
    held = {
        unit_id: status_on(found, day=day, seq=known if seq is None else seq)
        for unit_id, found in decisions.items()
    }
    return {unit_id: tier for unit_id, tier in held.items() if tier}


def recognise(
    *,
    units: Collection[Unit],
    tier: str,
    set_version: SetVersion,
    number: str,
    decided_on: date,
    year: int,
    by: User | None,
    effective_on: date | None = None,
    round: int = 1,
    document: str = "",
    request_id: UUID | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Record one decision that recognises one or many communes of one province.

    `year` is the year of the assessment, which may be earlier than the decision. The
    decision takes effect on the day it is signed unless `effective_on` says otherwise.
    """
    _decide(
        act=Recognition.Act.RECOGNISE,
        units=units,
        by=by,
        request_id=request_id,
        simulated_at=simulated_at,
        fields={
            "tier": tier,
            "set_version": set_version,
            "number": number,
            "decided_on": decided_on,
            "effective_on": effective_on or decided_on,
            "year": year,
            "round": round,
            "document": document,
        },
    )


def revoke(
    *,
    units: Collection[Unit],
    tier: str,
    set_version: SetVersion,
    number: str,
    decided_on: date,
    by: User | None,
    effective_on: date | None = None,
    document: str = "",
    request_id: UUID | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Record a decision that takes a tier, and the higher ones, from communes.

    The earlier decision stays in the record (Quyết định 18/2022/QĐ-TTg, thu hồi).
    """
    _decide(
        act=Recognition.Act.REVOKE,
        units=units,
        by=by,
        request_id=request_id,
        simulated_at=simulated_at,
        fields={
            "tier": tier,
            "set_version": set_version,
            "number": number,
            "decided_on": decided_on,
            "effective_on": effective_on or decided_on,
            "year": decided_on.year,
            "document": document,
        },
    )


def _decide(
    *,
    act: Recognition.Act,
    units: Collection[Unit],
    by: User | None,
    request_id: UUID | None,
    simulated_at: datetime | None,
    fields: dict[str, object],
) -> None:
    clocks = {unit.clock_id for unit in units}
    if len(clocks) != 1:
        raise ValueError("Một quyết định công nhận chỉ gồm các xã của một tỉnh")
    with recording(
        clock=clocks.pop(),
        action=f"recognition.{act.value}",
        by=by,
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        Recognition.objects.bulk_create(
            Recognition(unit=unit, act=act, change_id=pending.id, **fields) for unit in units
        )
