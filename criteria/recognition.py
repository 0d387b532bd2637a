"""Decisions of recognition: recording them, and the status that follows on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, UnitVersion, User
from communes.vietnamese import format_date, nfc
from criteria.decisions import reading
from criteria.models import Recognition, SetVersion
from criteria.rules.status import TIERS, Decision, status_on

LONGEST_NUMBER = 60
NOTHING_CHANGES = "Không có gì thay đổi so với quyết định đã ghi."


class DecisionRefused(ValueError):
    """The decision cannot be recorded so; the message says why and what to do."""


def statuses(unit_ids: Collection[int], *, day: date, seq: int | None = None) -> dict[int, str]:
    """The highest tier each unit holds on `day` as known at `seq`; units with none are absent."""
    return tiers(unit_ids, [(day, seq)])[0]


def tiers(
    unit_ids: Collection[int], moments: Collection[tuple[date, int | None]]
) -> list[dict[int, str]]:
    """:func:`statuses` at each of many days as known at their numbers, in one query."""
    decisions = _replayed(unit_ids)
    latest = _latest(decisions)
    return [_held(decisions, day=day, seq=latest if seq is None else seq) for day, seq in moments]


def with_more(
    unit_ids: Collection[int], more: Mapping[int, Collection[Decision]], *, day: date
) -> tuple[dict[int, str], dict[int, str]]:
    """:func:`statuses` on `day` now, and after more decisions or corrections, by unit id.

    They are taken as what is recorded next, whatever their numbers.
    """
    decisions = _replayed(unit_ids)
    seq = _latest(decisions) + 1
    before = _held(decisions, day=day, seq=seq)
    for unit_id in more.keys() & set(unit_ids):
        decisions[unit_id] += [replace(one, seq=seq) for one in more[unit_id]]
    return before, _held(decisions, day=day, seq=seq)


def _replayed(unit_ids: Collection[int]) -> dict[int, list[Decision]]:
    """Unit id → every decision on it as the rules replay them; one query."""
    decisions: dict[int, list[Decision]] = defaultdict(list)
    rows = Recognition.objects.filter(unit_id__among=unit_ids).values_list(
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
    return decisions


def _latest(decisions: Mapping[int, list[Decision]]) -> int:
    return max((d.seq for found in decisions.values() for d in found), default=0)


def _held(decisions: Mapping[int, list[Decision]], *, day: date, seq: int) -> dict[int, str]:
    return {
        unit_id: tier
        for unit_id, found in decisions.items()
        if (tier := status_on(found, day=day, seq=seq))
    }


def recognise(
    *,
    units: Collection[Unit],
    tier: str,
    set_version: SetVersion | None,
    number: str,
    decided_on: date,
    year: int,
    by: User | None,
    effective_on: date | None = None,
    round: int = 1,
    document: str = "",
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Record one decision that recognises one or many communes of one province.

    `year` is the year of the assessment, which may be earlier than the decision. The
    decision takes effect on the day it is signed unless `effective_on` says otherwise.
    A commune may be recognised again under another set, not twice under one. The same
    `request_id` again writes nothing. Raises DecisionRefused.
    """
    _decide(
        act=Recognition.Act.RECOGNISE,
        units=units,
        by=by,
        request_id=request_id,
        ip=ip,
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
    set_version: SetVersion | None,
    number: str,
    decided_on: date,
    by: User | None,
    year: int | None = None,
    effective_on: date | None = None,
    document: str = "",
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> None:
    """Record a decision that takes a tier, and the higher ones, from communes that hold it.

    The earlier decision stays in the record (Quyết định 18/2022/QĐ-TTg, thu hồi). `year` is
    that of the assessment, the year of the decision unless given. Raises DecisionRefused.
    """
    _decide(
        act=Recognition.Act.REVOKE,
        units=units,
        by=by,
        request_id=request_id,
        ip=ip,
        simulated_at=simulated_at,
        fields={
            "tier": tier,
            "set_version": set_version,
            "number": number,
            "decided_on": decided_on,
            "effective_on": effective_on or decided_on,
            "year": year or decided_on.year,
            "document": document,
        },
    )


def correct(
    *,
    decisions: Collection[Recognition],
    keeps: Collection[int],
    tier: str,
    set_version: SetVersion | None,
    number: str,
    decided_on: date,
    effective_on: date,
    year: int,
    reason: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Put right what was typed wrong in one decision, given by its rows as first recorded.

    The rows stay; a correction stands in the place of each. A commune whose unit is not in
    `keeps` was named by mistake: it is as if the decision had not been. Closed months stay as
    they were closed. Raises DecisionRefused without a reason, or where nothing would change.
    """
    reason = nfc(reason)
    if not reason:
        raise DecisionRefused("Hãy ghi lý do đính chính.")
    fields = {
        "tier": tier,
        "set_version": set_version,
        "number": _number(number),
        "decided_on": _signed(decided_on),
        "effective_on": effective_on,
        "year": year,
    }
    clock = _clock([row.unit for row in decisions])
    with recording(
        clock=clock, action="recognition.correct", by=by, reason=reason, ip=ip,
        request_id=request_id,
    ) as pending:  # fmt: skip
        _begin(clock, request_id)
        stands = {one.row.pk: one.stands for one in reading.recorded(_ids(decisions))}
        rows = [
            Recognition(
                unit_id=row.unit_id,
                act=Recognition.Act.CORRECT,
                round=row.round,
                document=row.document,
                refers_to=row,
                change_id=pending.id,
                **(fields if row.unit_id in keeps else fields | {"tier": ""}),
            )
            for row in decisions
        ]
        new = [row for row in rows if _differs(row, stands[row.refers_to_id], fields)]  # type: ignore[index]
        if not new:
            raise DecisionRefused(NOTHING_CHANGES)
        Recognition.objects.bulk_create(new)


def _differs(row: Recognition, stands: Recognition, fields: Collection[str]) -> bool:
    return any(getattr(row, name) != getattr(stands, name) for name in fields)


def _ids(decisions: Collection[Recognition]) -> list[int]:
    return [row.unit_id for row in decisions]


def _decide(
    *,
    act: Recognition.Act,
    units: Collection[Unit],
    by: User | None,
    request_id: UUID | None,
    ip: str | None,
    simulated_at: datetime | None,
    fields: dict[str, Any],
) -> None:
    fields["number"] = _number(fields["number"])
    if simulated_at is None:
        _signed(fields["decided_on"])
    clock = _clock(units)
    with recording(
        clock=clock,
        action=f"recognition.{act.value}",
        by=by,
        ip=ip,
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        _begin(clock, request_id)
        _require_new(act, units, fields)
        Recognition.objects.bulk_create(
            Recognition(unit=unit, act=act, change_id=pending.id, **fields) for unit in units
        )


def _begin(clock: str, request_id: UUID | None) -> None:
    """One at a time in a province, and each request once."""
    locks.take(f"recognition:{clock}")
    if already_recorded(clock=clock, request_id=request_id):
        raise NothingToRecord


def _clock(units: Collection[Unit]) -> str:
    clocks = {unit.clock_id for unit in units}
    if not clocks:
        raise DecisionRefused("Hãy chọn ít nhất một xã.")
    if len(clocks) != 1:
        raise DecisionRefused("Một quyết định công nhận chỉ gồm các xã của một tỉnh.")
    return clocks.pop()


def _number(number: str) -> str:
    number = nfc(number)
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise DecisionRefused(f"Hãy ghi số quyết định, tối đa {LONGEST_NUMBER} ký tự.")
    return number


def _signed(decided_on: date) -> date:
    if decided_on > timezone.localdate():
        raise DecisionRefused(f"Ngày ký {format_date(decided_on)} chưa đến.")
    return decided_on


def _require_new(act: Recognition.Act, units: Collection[Unit], fields: dict[str, Any]) -> None:
    """Refuse a recognition that holds already under the set, and a revocation of nothing."""
    tier, version = fields["tier"], fields["set_version"]
    found = reading.recorded([unit.pk for unit in units])
    if act == Recognition.Act.REVOKE:
        held = statuses([unit.pk for unit in units], day=fields["effective_on"])
        rank = {unit.pk: TIERS.index(held[unit.pk]) for unit in units if unit.pk in held}
        wrong = [unit.pk for unit in units if rank.get(unit.pk, -1) < TIERS.index(tier)]
        why = "không giữ mức này vào ngày quyết định thu hồi có hiệu lực"
    else:
        wrong = [
            one.row.unit_id
            for one in found
            if one.row.act == act
            and not one.mistaken
            and not one.revoked
            and one.stands.tier == tier
            and _set_id(one.stands.set_version) == _set_id(version)
        ]
        why = "đã được công nhận mức này theo cùng bộ tiêu chí"
    if wrong:
        names = UnitVersion.objects.filter(unit_id__in=wrong).order_by("unit_id", "valid")
        last = {version.unit_id: version.full_name for version in names}
        raise DecisionRefused(f"{', '.join(sorted(last.values()))} {why}; hãy bỏ chọn.")


def _set_id(version: SetVersion | None) -> int | None:
    return version.set_id if version else None
