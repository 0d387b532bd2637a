"""Loads the simulated history of a province, plan after plan.

Everything of one province is one transaction: an interrupted load leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from communes import units
from communes.models import Change, Unit
from criteria import months, standings
from criteria.models import CellHead, MonthClosing, MonthStanding, Result, Review, Standing
from criteria.simulation import demo, plans
from criteria.simulation.beside import BesideRecorder
from criteria.simulation.recorder import Loaded, Recorder
from criteria.simulation.scenario import Province
from criteria.simulation.timetable import Timetable

type Progress = Callable[[str, date], None]


class LoadRefused(Exception):
    """The province cannot be loaded as it is; the message says what to do."""


def is_loaded(entry: Province, province: Unit) -> bool:
    """Whether the history is there to its last month.

    Raises LoadRefused when something else is: half a history, or somebody's own entries.
    """
    if MonthClosing.objects.filter(province=province, month=entry.ends_on).exists():
        return True
    if province.clock.simulated or Change.objects.filter(clock=province.clock).exists():
        raise LoadRefused(
            f"{entry.name}: đã có số liệu nhưng chưa đủ đến tháng {entry.ends_on:%m/%Y}"
            " (lần nạp trước bị ngắt?). Hãy chạy `make demo-reset` rồi nạp lại."
        )
    return False


@transaction.atomic
def load_province(entry: Province, data: Mapping[str, Any], *, progress: Progress) -> Loaded:
    """Record the whole history of one province; `progress` hears of each month closed."""
    province = units.find(entry.code, entry.first_month).unit
    moment = Timetable(entry.code).turned_at(entry.first_month, opening=True)
    demo.prepare(plan=entry, province=province, moment=moment)
    counted = Loaded()
    recorder: Recorder | None = None
    by = demo.office(data)
    beside = (
        None
        if entry.beside is None
        else BesideRecorder(adopts=entry.beside, province=province, by=by)
    )
    for stage in entry.stages:
        recorder = Recorder(
            stage=stage,
            province=province,
            by=by,
            data=data,
            before=recorder,
            beside=beside,
            counted=counted,
        )
        for month in recorder.months():
            recorder.record(month)
            progress(entry.name, month.month_end)
        counted = recorder.counted
    standings.rebuild(province=province, on=months.month_end(months.working_day(province)))
    closed_at = Timetable(entry.code).closed_at(entry.ends_on)
    plans.plan(province=province, by=demo.office(data), at=closed_at)
    return counted


def refresh_statistics() -> None:
    """Tell the planner of all that was written; the first pages should not wait for autovacuum.

    Not inside a load: ANALYZE would lock the ledger against the other provinces' until commit.
    """
    with connection.cursor() as cursor:
        for model in (Result, Review, Change, MonthStanding, CellHead, Standing):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
