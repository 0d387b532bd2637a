"""The worker killed at random moments of a roll-up of many provinces, broker and database too.

Of six provinces when it is named alone, of the country after `national`.

Not a budget but a proof: afterwards what is stored equals what the ledger says, nothing made
ready is behind its province, and Vận hành tells which jobs were cut short.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Count, F, Max
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import national
from bench.data import World
from bench.deadline import differences
from bench.figures import row
from communes.audit import recording
from communes.models import Assignment, DataClock, Role, Tier, Unit, UnitVersion
from criteria import standings
from criteria.models import SetAdoption, Standing
from ntm_site.devservices import postgres, processes, valkey
from reports.models import TaskRun
from tests.factories import ALWAYS, make_user

KILLS, BROKER_AT, DATABASE_AT = 20, (6, 13), (9, 16)
COMMUNES = 5 * national.OF_ONE
READY, LONGEST = 15, 0.5
"""Seconds in which a worker begins if there is anything to do; and for each province, how many
it is at work at most before it is killed, half of what the whole takes or so."""

PATIENCE = 150, 5
"""Seconds to wait for all to be done: so many, and so many more for each province."""
SEED = 20181231


def measure(world: World, broker: subprocess.Popen[bytes]) -> dict[str, Any]:
    folder = Path(settings.DATA_DIR)
    if not _others(world):
        national.add(world, COMMUNES, print)  # else the whole country was measured before
    others = _others(world)
    for pk in others:
        # What was added has standings of any kind: now they are those of its results.
        standings.rebuild(province=Unit.objects.get(pk=pk), on=world.open_month)
    chance = random.Random(SEED)
    cut, kinds = 0, []
    began, worker = timezone.now(), _worker(folder)
    for number in range(1, KILLS + 1):
        if not _at_work(began):
            _roll_everything_up()
            _at_work(began)
        time.sleep(chance.uniform(0.1, LONGEST * (1 + len(others))))
        cut += _open().count()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        if number in BROKER_AT:
            os.killpg(broker.pid, signal.SIGKILL)
            broker.wait()
            broker = valkey.start(folder)
            kinds.append("broker")
        if number in DATABASE_AT:
            _restart_database(folder)
            kinds.append("database")
        began, worker = timezone.now(), _worker(folder)
    print(f"    {KILLS} times kill -9 with {cut} jobs under way; restarts: {', '.join(kinds)}")
    try:
        patience = PATIENCE[0] + PATIENCE[1] * len(others)
        waited = _until_done(patience)
        told = _told(world)
    finally:
        processes.stop(worker)
        processes.stop(broker)
    communes = Standing.objects.values("unit").distinct().count()
    size = f"{1 + len(others)} provinces, {communes:,} communes, {KILLS} kills"
    wrong = sum(differences(_as_world(pk)) for pk in (world.province.unit_id, *others))
    return {
        "outage differences": row([float(wrong)], budget=0, unit="rows", size=size),
        "outage behind": row([float(_behind().count())], budget=0, unit="provinces", size=size),
        "outage never ended": row([float(_open().count())], budget=0, unit="jobs", size=size),
        "outage not told": row([float(not told)], budget=0, unit="pages", size=size),
        "outage recovery": row([waited], budget=patience, unit="s", size=size),
    }


def _others(world: World) -> list[int]:
    """The provinces beside the one of the other measurements."""
    adopted = SetAdoption.objects.exclude(province=world.province.unit)
    return list(adopted.order_by("province").values_list("province", flat=True).distinct())


def _worker(folder: Path) -> subprocess.Popen[bytes]:
    """The worker with its schedule, as the office starts it."""
    return processes.start(
        [
            *(sys.executable, "-m", "celery", "-A", "ntm_site", "worker", "--beat"),
            *("--schedule", str(folder / "schedule"), "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
        ],
        log=folder / "logs" / "worker.log",
        cwd=settings.BASE_DIR,
    )


def _at_work(since: datetime) -> bool:
    """Wait until a worker of that moment is at a province's job; whether it came to one."""
    mine = _open().filter(started_at__gte=since, province__isnull=False)
    return any(mine.exists() or time.sleep(0.1) for _ in range(10 * READY))


def _roll_everything_up() -> None:
    """Something is recorded everywhere, and the night's check is handed out."""
    from criteria.tasks import check_all_figures
    from reports.tasks import prepare_stale

    for clock in DataClock.objects.filter(units__adoptions__isnull=False).distinct():
        with recording(clock=clock.pk, action="bench", by=None):
            pass
    prepare_stale.delay()
    check_all_figures.delay()


def _restart_database(folder: Path) -> None:
    """End every process of PostgreSQL at once, and start it again."""
    connection.close()
    pid = int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    time.sleep(2)  # its children notice, and end
    for _ in range(6):
        # The wheel waits ten seconds for a server that may be reading its log for longer.
        with contextlib.suppress(subprocess.TimeoutExpired, AssertionError):
            postgres.ensure_running(folder)
            return
        time.sleep(5)


def _until_done(patience: float) -> float:
    """Seconds until nothing is behind and no job is under way."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        try:
            if not _behind().exists() and not _open().exists():
                return time.monotonic() - began
        except OperationalError:
            connection.close()
        time.sleep(1)
    return time.monotonic() - began


def _behind() -> Any:
    """The provinces whose prepared series are older than what they recorded."""
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False)
    done = provinces.annotate(done=Max("prepared_series__seq"))
    return done.exclude(done=F("clock__seq")).exclude(closings=None)


def _open() -> Any:
    return TaskRun.objects.filter(outcome=TaskRun.Outcome.RUNNING)


def _told(world: World) -> bool:
    """Whether jobs were cut short, and the operator's page says so."""
    operator = make_user()
    country = Unit.objects.get(tier=Tier.COUNTRY)
    Assignment.objects.create(user=operator, role=Role.ADMIN, unit=country, valid=ALWAYS)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(operator)
    page = client.get(reverse("operations"))
    lost = TaskRun.objects.filter(outcome=TaskRun.Outcome.LOST).exists()
    print(f"    jobs by outcome: {dict(_outcomes())}")
    return page.status_code == 200 and lost and "Bị ngắt" in page.content.decode()


def _outcomes() -> Any:
    return TaskRun.objects.values_list("outcome").annotate(Count("pk"))


def _as_world(province_id: int) -> Any:
    """What `differences` asks for, of another province."""
    return SimpleNamespace(province=UnitVersion.objects.get(unit_id=province_id))
