"""Simulated submissions: every closed month came in, the open one has some communes late."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from random import Random

from django.utils import timezone

from communes import units
from communes.audit import NothingToRecord, Pending, recording
from communes.models import Assignment, Change, Role, Unit, UnitVersion, User
from criteria import months
from criteria.models import Assessment, Submission
from criteria.months.submitting import asked_in
from criteria.simulation.timetable import Timetable

REASON = "Số liệu mô phỏng"
LATE = 0.12
"""The share of communes that have not sent in the open month."""


def send_in(
    pending: Pending, unit_ids: Iterable[int], month: date, set_ids: Collection[int] = ()
) -> None:
    """Rows of one change: these communes sent in the month; December's with the year's sheets."""
    rows = [
        Submission(unit_id=unit_id, month=month, act=Submission.Act.SUBMIT, change_id=pending.id)
        for unit_id in unit_ids
    ]
    Submission.objects.bulk_create(rows)
    if month.month == 12:
        Assessment.objects.bulk_create(
            Assessment(unit_id=row.unit_id, year=month.year, set_id=set_id)
            for row in rows
            for set_id in set_ids
        )


def send_in_the_open_month(province: Unit, *, code: str, by: User) -> None:
    """Most communes of the working month, not those of an officer of the demo; once."""
    province = Unit.objects.select_related("clock").get(pk=province.pk)
    month = months.month_end(months.working_day(province))
    here = units.communes_in_programme(units.version_of(province.pk, month), month)
    if (
        not province.clock.simulated
        or Submission.objects.filter(month=month, unit__in=here.values("unit_id")).exists()
    ):
        return
    held = Assignment.objects.filter(role=Role.COMMUNE).values("unit_id")
    chosen = [one for one in here.exclude(unit_id__in=held) if not _late(one, month)]
    last = Change.objects.filter(clock=province.clock).order_by("-seq").values_list("at", flat=True)
    moment = min(Timetable(code).submitted_at(month), timezone.now())
    if (before := last.first()) is not None:
        moment = max(moment, before)
    with recording(
        clock=province.clock_id,
        action="submissions.submit",
        by=by,
        reason=REASON,
        simulated_at=moment,
    ) as pending:
        if not chosen:
            raise NothingToRecord
        asked = [one.set_id for one in asked_in(province.pk, month)]
        send_in(pending, [one.unit_id for one in chosen], month, asked)


def _late(commune: UnitVersion, month: date) -> bool:
    return Random(f"late:{commune.unit.key}:{month}").random() < LATE
