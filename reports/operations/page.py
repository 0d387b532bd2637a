"""What the page Vận hành shows, read for one operator: their provinces, jobs, services, backups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from communes.access import assignments_of
from communes.models import Tier, Unit, User
from communes.roles import RIGHTS, Permission
from criteria import figure_checks
from criteria.check import provinces as all_provinces
from criteria.days import openings
from criteria.models import FigureCheck
from reports.models import BackupRecord, Pulse, TaskRun
from reports.operations import machinery
from reports.operations.machinery import Broker, Database, Versions
from reports.operations.words import label

SILENT_AFTER = timedelta(minutes=5)
"""The schedule sends something every minute; this long without is a fault."""

BACKUP_TOO_OLD = timedelta(days=2)
MOST_RUNS = 10
MOST_TO_SEE_TO = 50


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run of a job with its name in words and where it ran."""

    run: TaskRun
    label: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Province:
    """What was made ready for a province and when, and its last check.

    `behind`: something was recorded since; the worker sees to that within a minute.
    """

    name: str
    prepared_at: datetime | None
    behind: bool
    check: FigureCheck | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything of the page; `troubles` are what has to be seen to, in words."""

    provinces: list[Province]
    broker: Broker
    workers: list[str]
    schedule_at: datetime | None
    schedule_silent: bool
    to_see_to: list[Job]
    recent: list[Job]
    database: Database
    versions: Versions
    backup: BackupRecord | None
    restore: BackupRecord | None

    @property
    def troubles(self) -> list[str]:
        found = [
            ("Hàng đợi không trả lời", not self.broker.answers),
            ("Không có tiến trình chạy nền nào", self.broker.answers and not self.workers),
            ("Lịch chạy nền đã dừng", self.schedule_silent and self.schedule_at is not None),
            (f"{len(self.to_see_to)} công việc lỗi", bool(self.to_see_to)),
            (f"{self.differing} tỉnh có số sai khác", bool(self.differing)),
            ("Chưa sao lưu trong 2 ngày qua", self.backup_too_old),
        ]
        return [words for words, holds in found if holds]

    @property
    def differing(self) -> int:
        return sum(one.check is not None and one.check.waits for one in self.provinces)

    @property
    def backup_too_old(self) -> bool:
        return self.backup is None or timezone.now() - self.backup.taken_at > BACKUP_TOO_OLD


def provinces_of(user: User) -> list[Unit]:
    """The provinces that a person operates and that have figures, in the order of their numbers."""
    held = [one.unit for one in assignments_of(user) if Permission.OPERATE in RIGHTS[one.role]]
    found = all_provinces()
    if any(unit.tier == Tier.COUNTRY for unit in held):
        return found
    own = {unit.pk for unit in held}
    return [province for province in found if province.pk in own]


def runs_of(provinces: Collection[Unit]) -> Q:
    """Runs about these provinces, and those about none."""
    return Q(province__in=[one.pk for one in provinces]) | Q(province=None)


def page(user: User) -> Page:
    """Read everything; services that do not answer are told as such, never waited for."""
    provinces = provinces_of(user)
    names = {pk: one.full_name for pk, (one, _) in openings([p.pk for p in provinces]).items()}
    runs = TaskRun.objects.filter(runs_of(provinces)).order_by("-started_at")
    wrong = runs.filter(again_at=None, outcome__in=(TaskRun.Outcome.FAILED, TaskRun.Outcome.LOST))
    pulse = Pulse.objects.filter(name=Pulse.SCHEDULE).first()
    broker = machinery.broker()
    database = machinery.database()
    return Page(
        provinces=_provinces(provinces, names),
        broker=broker,
        workers=machinery.workers() if broker.answers else [],
        schedule_at=pulse.at if pulse else None,
        schedule_silent=pulse is None or timezone.now() - pulse.at > SILENT_AFTER,
        to_see_to=_jobs(wrong[:MOST_TO_SEE_TO], names),
        recent=_jobs(runs[:MOST_RUNS], names),
        database=database,
        versions=machinery.versions(database),
        backup=_last(BackupRecord.Kind.BACKUP),
        restore=_last(BackupRecord.Kind.RESTORE, proved=True),
    )


def _provinces(provinces: Sequence[Unit], names: dict[int, str]) -> list[Province]:
    prepared = {
        row["pk"]: (row["at"], row["seq"])
        for row in Unit.objects.filter(pk__in=[one.pk for one in provinces])
        .annotate(at=Max("prepared_series__prepared_at"), seq=Max("prepared_series__seq"))
        .values("pk", "at", "seq")
    }
    checks = figure_checks.latest([one.pk for one in provinces])
    return [
        Province(
            name=names[one.pk],
            prepared_at=prepared[one.pk][0],
            behind=(prepared[one.pk][1] or 0) < one.clock.seq,
            check=checks.get(one.pk),
        )
        for one in provinces
    ]


def _jobs(runs: Collection[TaskRun], names: dict[int, str]) -> list[Job]:
    return [
        Job(run=run, label=label(run.name), place=names.get(run.province_id, ""))  # type: ignore[attr-defined]
        for run in runs
    ]


def _last(kind: BackupRecord.Kind, **more: bool) -> BackupRecord | None:
    return BackupRecord.objects.filter(kind=kind, **more).order_by("-at").first()
