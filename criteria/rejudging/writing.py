"""Writes what was judged again: results appended, standings brought up to date, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from communes.audit import NothingToRecord, Pending, recording
from communes.models import ChangeLine, Unit, User
from criteria import months, sets, standings
from criteria.definitions import definition
from criteria.models import Result, SetAdoption, SetVersion
from criteria.rejudging.plans import Plan, Rejudged, plan
from criteria.rules.types import SetDefinition

REJUDGE = "sets.rejudge"
BATCH = 5000


def rejudge(
    *, province: Unit, asked: SetDefinition, from_on: date, about: str, by: User | None
) -> Plan:
    """Judge the results of a province again by the version `asked`, counting from `from_on`.

    `about` names the version in the audit line. Everything in one transaction; a second call
    writes nothing. Returns what was done.
    """
    with transaction.atomic():
        lock(province, [asked], from_on)
        found = plan(province=province, asked=[asked], from_on=from_on)
        with recording(clock=province.clock_id, action=REJUDGE, by=by) as pending:
            if not found.rejudged and _done(province, about):
                raise NothingToRecord
            write(found, pending, by=by)
            pending.line(
                table=SetVersion._meta.db_table,
                key=about,
                after={"province": province.key, "from_on": from_on.isoformat(), **counts(found)},
            )
    return found


def lock(province: Unit, asked: Sequence[SetDefinition], from_on: date) -> None:
    """Wait for whoever is saving results of the province, and make later savers wait."""
    standings.lock(standings.commune_ids(province), {one.set_id for one in asked})


def write(found: Plan, pending: Pending, *, by: User | None) -> None:
    """Append the results of a plan and rewrite the standings; the standings must be locked.

    A cell with several results in the stretch gets one in each of several changes, the first
    of them `pending`.
    """
    for number, rows in enumerate(found.rounds()):
        if number == 0:
            _append(rows, pending)
            continue
        with recording(clock=found.province.clock_id, action=REJUDGE, by=by) as more:
            _append(rows, more)
    for asked in found.asked:
        standings.rewrite_whole(found.requirements.unit_ids, asked, change_id=pending.id)


def counts(found: Plan) -> dict[str, Any]:
    """The plan in figures, for the audit."""
    return {
        "rejudged": len(found.rejudged),
        "newly_met": found.newly_met,
        "lost": found.lost,
        "carried": len(found.carried),
    }


def counting_provinces(set_id: int) -> list[tuple[Unit, date]]:
    """Provinces that judge by the set in their working month, with that month's end."""
    ids = SetAdoption.objects.values_list("province", flat=True)
    provinces = Unit.objects.filter(pk__in=set(ids)).select_related("clock").order_by("clock", "pk")
    ends = months.working_month_ends([province.pk for province in provinces])
    return [
        (province, ends[province.pk])
        for province in provinces
        if set_id in {one.pk for one in sets.adopted_sets(province.pk, ends[province.pk])}
    ]


def rejudge_version(version: SetVersion, *, by: User | None) -> int:
    """Judge again wherever the set counts; safe to run twice. Returns the results written."""
    written = 0
    for province, _ in counting_provinces(version.set_id):
        found = rejudge(
            province=province,
            asked=definition(version),
            from_on=version.in_force_on,
            about=about(version),
            by=by,
        )
        written += len(found.rejudged)
    return written


def about(version: SetVersion) -> str:
    """A version in the audit: "national-commune-2016-2020 v2"."""
    return f"{version.set.code} v{version.no}"


def done(version: SetVersion) -> set[int]:
    """The provinces (by id) in which the results were judged again by this version."""
    provinces = counting_provinces(version.set_id)
    return {province.pk for province, _ in provinces if _done(province, about(version))}


def _done(province: Unit, key: str) -> bool:
    lines = ChangeLine.objects.filter(change__clock=province.clock_id, change__action=REJUDGE)
    return lines.filter(key=key, after__province=province.key).exists()


def _append(rows: Sequence[Rejudged], pending: Pending) -> None:
    Result.objects.bulk_create((one.row(pending.id) for one in rows), batch_size=BATCH)
