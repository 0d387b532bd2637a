"""Runs of the monthly report: asked for, made once, kept with payload, files and checksums.

Asking is a change of the province with its number. Making is the worker's: whoever takes a run
holds a lock of the database, so that a second taker goes away and a run that was broken off can
be taken again.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from communes import units
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, UnitVersion, User
from criteria.evidence import keeping
from criteria.models import MonthClosing
from reports.documents import formats
from reports.models import ReportRun
from reports.monthly.build import build
from reports.monthly.load import NoReport, load
from reports.monthly.payload import to_json

log = logging.getLogger(__name__)

ASK = "reports.ask"
STALE_AFTER = timedelta(seconds=20)
"""A run that nobody touched for so long may be made by the person who waits for it."""

State = ReportRun.State
UNEXPECTED = "Phần mềm gặp lỗi khi lập báo cáo; hãy lập lại, nếu vẫn lỗi hãy báo người quản trị"


class RunRefused(ValueError):
    """No run can be asked for; the message says why and what to do."""


def ask(
    *,
    province: Unit,
    month: date,
    by: User | None,
    draft: bool = False,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> ReportRun:
    """Record that a report is wanted; the same `request_id` gives the run it gave before.

    Refuses (RunRefused) where another run of the month is under way.
    """
    clock = province.clock_id
    with recording(clock=clock, action=ASK, by=by, ip=ip, request_id=request_id) as pending:
        Unit.objects.select_for_update().get(pk=province.pk)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        held = ReportRun.objects.filter(province=province, month=month).order_by("-pk").first()
        if held is not None and not held.ended and not is_stale(held):
            raise RunRefused(f"Báo cáo tháng {month:%m/%Y} đang được lập; hãy chờ lần này xong.")
        run = ReportRun.objects.create(
            province=province, month=month, draft=draft, change_id=pending.id
        )
        pending.line(
            table=ReportRun._meta.db_table,
            key=str(run.pk),
            after={"month": f"{month:%Y-%m}", "draft": draft},
        )
        return run
    return ReportRun.objects.get(change__clock=clock, change__request_id=request_id)


def is_stale(run: ReportRun) -> bool:
    """Whether nobody seems to be making a run that has not ended."""
    return not run.ended and timezone.now() - run.touched_at > STALE_AFTER


def make(run_id: int) -> bool:
    """Make the report of a run and keep it; False when it was made or is being made elsewhere.

    Whatever goes wrong is kept as the run's reason. Safe to run twice.
    """
    with _taken(run_id) as mine:
        run = ReportRun.objects.select_related("province__clock").get(pk=run_id)
        if not mine or run.ended:
            return False
        try:
            _make(run)
        except (NoReport, units.UnknownUnit, units.DateNotLoaded) as why:
            _fail(run, str(why))
        except OSError as error:
            log.exception("report run %s", run_id)
            _fail(run, f"Không ghi được tệp báo cáo: {error.strerror or type(error).__name__}.")
        except Exception as error:
            log.exception("report run %s", run_id)
            _fail(run, f"{UNEXPECTED} ({type(error).__name__}).")
        return True


def _make(run: ReportRun) -> None:
    _step(run, "Đọc số liệu", 10)
    province = units.version_of(run.province_id, run.month)
    closing = MonthClosing.objects.holding().filter(province=run.province, month=run.month).first()
    inputs = load(province, run.month, closing=closing)
    if inputs.why_empty:
        raise NoReport(inputs.why_empty)
    report = build(inputs)
    run.closing, run.seq, run.payload = closing, report.change_seq, to_json(report)
    run.parameters = {"basis": report.basis, "set": report.set_code, "marks": list(report.marks)}
    files = []
    for place, form in enumerate(formats.FORMS.values()):
        _step(run, f"Ghi tệp {form.label}", 30 + 60 * place // len(formats.FORMS))
        files.append(_kept(form.ending, form.write(report, province)))
    run.files, run.state, run.progress, run.step = files, State.DONE, 100, ""
    run.save()


def _kept(ending: str, content: bytes) -> dict[str, Any]:
    """The file below the media folder, by its checksum as evidence is."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = keeping.keep(io.BytesIO(content), sha256)
    return {"format": ending, "sha256": sha256, "size": len(content), "place": place}


def opened(run: ReportRun, ending: str) -> Path | None:
    """Where a file of a run lies; None where the run has none of that form or it is gone."""
    place = next((one["place"] for one in run.files if one["format"] == ending), None)
    path = Path(settings.MEDIA_ROOT) / place if place else None
    return path if path is not None and path.is_file() else None


def name(run: ReportRun, province: UnitVersion, ending: str) -> str:
    """What a file is called when it is saved."""
    return f"Báo cáo NTM {province.full_name} {run.month:%Y-%m} lần {run.pk}.{ending}"


def _step(run: ReportRun, said: str, progress: int) -> None:
    run.state, run.step, run.progress = State.RUNNING, said, progress
    run.save(update_fields=["state", "step", "progress", "touched_at"])


def _fail(run: ReportRun, why: str) -> None:
    run.state, run.step, run.reason = State.FAILED, "", why[:500]
    run.save(update_fields=["state", "step", "reason", "touched_at"])


@contextmanager
def _taken(run_id: int) -> Iterator[bool]:
    """Whether this process alone makes the run; the lock ends with the process at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('report_run'), %s)", [run_id])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('report_run'), %s)", [run_id])
