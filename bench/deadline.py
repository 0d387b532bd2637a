"""B6: the deadline hour. 207 people save in an open loop while 20 watch the overview.

Saves are sent by the clock, whether or not earlier ones were answered, and a late answer counts
from the moment it was due. Afterwards every save must stand in the ledger, once.
"""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from bench.data import CellToSave, World
from bench.figures import row
from bench.site import Browser, running, session_of
from communes.models import Change
from criteria import check

RATE, SECONDS = 100, 120
STEPS, STEP_SECONDS = (10, 20, 30, 40, 60, 80, 100, 130, 160, 200), 12
WARM_UP = 4, 5
"""The first requests of a fresh server load its pages; an hour before the deadline it has run."""
OFFICERS, WATCHERS, WATCH_EVERY = 207, 20, 5.0
SLOWEST = 1.0
"""Seconds within which 99 of 100 saves are answered at a rate that counts as sustained."""


@dataclass
class Outcome:
    """How a stretch of saves went; `late` are seconds from when each was due to its answer."""

    late: list[float] = field(default_factory=list)
    sent: list[UUID] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.late, n=100)[-1] if len(self.late) > 1 else 0.0


def measure(world: World) -> dict[str, Any]:
    before = deadlocks()
    with running() as port:
        crowd = _Crowd(world, port)
        crowd.save(*WARM_UP)
        sustained = 0
        for rate in STEPS:
            went = crowd.save(rate, STEP_SECONDS)
            print(f"    {rate:4} saves/s: p99 {1000 * went.p99:6.0f} ms, {len(went.errors)} errors")
            if went.errors or went.p99 > SLOWEST:
                break
            sustained = rate
        went = crowd.save(RATE, SECONDS)
        crowd.close()
    lost = len(went.sent) - Change.objects.filter(request_id__in=went.sent).count()
    differing = differences(world)
    assert deadlocks() == before, "deadlocks"
    size = f"{len(went.sent):,} saves, {world.values:,} values"
    errors = went.errors + crowd.watched.errors
    print("\n".join(f"    {error}" for error in sorted(set(errors))[:5]))
    return {
        "B6 p99": row([1000 * went.p99], budget=1000, size=size),
        "B6 lost": row([float(lost)], budget=0, unit="saves", size=size),
        "B6 errors": row([float(len(errors))], budget=0, unit="answers", size=size),
        "B6 watchers": row([1000 * late for late in crowd.watched.late], budget=0, size=size)
        | {"budget": "recorded", "ok": True},
        "B6 differences": row([float(differing)], budget=0, unit="rows", size=size),
        "B6 sustained": row([float(-sustained)], budget=0, unit="saves/s", size=size)
        | {"median": float(sustained), "budget": "recorded"},
    }


class _Crowd:
    """Officers with a session each, and watchers who look at the overview again and again."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.cells = world.cells()
        self.sessions = [session_of(who) for who in world.officers(OFFICERS)]
        self.port = port
        self.kept = threading.local()
        self.pool = ThreadPoolExecutor(max_workers=64)
        self.over = threading.Event()
        self.watched = Outcome()
        watching = session_of(world.reader)
        self.watchers = [
            threading.Thread(target=self._watch, args=(watching, n), daemon=True)
            for n in range(WATCHERS)
        ]
        for watcher in self.watchers:
            watcher.start()

    def save(self, rate: int, seconds: int) -> Outcome:
        went = Outcome()
        begin = time.perf_counter() + 0.5
        for number in range(rate * seconds):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            self.pool.submit(self._one, went, due, next(self.cells))
        while len(went.late) + len(went.errors) < rate * seconds:
            time.sleep(0.05)
        return went

    def _one(self, went: Outcome, due: float, cell: CellToSave) -> None:
        request = uuid4()
        went.sent.append(request)
        try:
            status, answer = self._browser(cell.commune).post(
                cell.address, value=cell.value, seen=cell.seen, request_id=request
            )
        except (OSError, HTTPException) as error:
            went.errors.append(type(error).__name__)
            return
        if status != 200:
            went.errors.append(f"{status} {answer[:80]}")
            return
        went.late.append(time.perf_counter() - due)

    def _browser(self, commune: int) -> Browser:
        """This thread's connection of an officer of the commune; some communes have two."""
        mine: dict[str, Browser] = self.kept.__dict__.setdefault("browsers", {})
        of_commune = self.sessions[commune :: len(self.world.communes)]
        session = of_commune[threading.get_ident() % len(of_commune)]
        if session not in mine:
            mine[session] = Browser(self.port, session)
        return mine[session]

    def _watch(self, session: str, number: int) -> None:
        browser = Browser(self.port, session)
        self.over.wait(number * WATCH_EVERY / WATCHERS)
        while not self.over.is_set():
            began = time.perf_counter()
            try:
                status, _ = browser.get("/overview/02/")
            except (OSError, HTTPException) as error:
                self.watched.errors.append(f"watcher: {type(error).__name__}")
            else:
                self.watched.late.append(time.perf_counter() - began)
                if status != 200:
                    self.watched.errors.append(f"watcher: {status}")
            self.over.wait(WATCH_EVERY)

    def close(self) -> None:
        self.over.set()
        self.pool.shutdown()
        for watcher in self.watchers:
            watcher.join()


def differences(world: World) -> int:
    """How many standings of the working month differ from a full recomputation."""
    with transaction.atomic():
        return sum(map(bool, check.differences_now(world.province.unit)))


def deadlocks() -> int:
    """How many PostgreSQL has counted in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (found,) = cursor.fetchone()
    return int(found)
