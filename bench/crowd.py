"""The crowd: 20 people at once save every cell of a province, each cell once.

All 20 may enter every commune, and neighbours in a person's order lie in different communes, so
they meet at the same rows again and again. Afterwards every save must stand in the ledger,
exactly once and with its value, and the standings must equal a recomputation.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from bench.data import CellToSave, World
from bench.deadline import deadlocks, differences
from bench.figures import row
from bench.site import Browser, running, session_of
from criteria.models import Result

PEOPLE = 20
VALUES = ("41,37", "61,37")
"""Below and above the level; no other measurement saves these."""


@dataclass(frozen=True, kw_only=True)
class Save:
    """One save that was sent; `error` is what came back instead of a stored cell, or ""."""

    request: UUID
    value: str
    error: str


def measure(world: World) -> dict[str, Any]:
    before = deadlocks()
    cells = list(islice(world.cells(), len(world.communes) * len(_indicators(world))))
    sessions = [session_of(who) for who in world.editors(PEOPLE)]
    with running() as port, ThreadPoolExecutor(PEOPLE) as pool:
        began = time.perf_counter()
        parts = pool.map(
            lambda number: _save(Browser(port, sessions[number]), cells[number::PEOPLE], number),
            range(PEOPLE),
        )
        saves = [save for part in parts for save in part]
        took = time.perf_counter() - began
    errors = [save.error for save in saves if save.error]
    print("\n".join(f"    {error}" for error in sorted(set(errors))[:5]))
    counted = {
        "lost": (_not_once(saves), "saves"),
        "errors": (len(errors), "answers"),
        "differences": (differences(world), "rows"),
        "deadlocks": (deadlocks() - before, "deadlocks"),
    }
    size = f"{len(saves):,} saves by {PEOPLE} people, {world.values:,} values"
    rate = len(saves) / took
    return {
        f"crowd {name}": row([float(number)], budget=0, unit=unit, size=size)
        for name, (number, unit) in counted.items()
    } | {
        "crowd rate": row([-rate], budget=0, unit="saves/s", size=size)
        | {"median": round(rate, 1), "budget": "recorded"}
    }


def _indicators(world: World) -> list[int]:
    return [one.id for criterion in world.asked.criteria for one in criterion.indicators]


def _save(browser: Browser, cells: Sequence[CellToSave], person: int) -> list[Save]:
    """One person's saves, one after the other; an error is noted and not tried again."""
    done = []
    for number, cell in enumerate(cells):
        request, value = uuid4(), VALUES[(number + person) % 2]
        try:
            status, answer = browser.post(
                cell.address, value=value, seen=cell.seen, request_id=request
            )
            error = "" if status == 200 else f"{status} {answer[:80]}"
        except OSError as failed:
            error = type(failed).__name__
        done.append(Save(request=request, value=value, error=error))
    browser.close()
    return done


def _not_once(saves: Sequence[Save]) -> int:
    """How many saves do not stand in the ledger exactly once and with their value."""
    rows = Result.objects.filter(change__request_id__in=[save.request for save in saves])
    stored = Counter(rows.values_list("change__request_id", "value"))
    sent = {(save.request, Decimal(save.value.replace(",", "."))) for save in saves}
    return sum(stored[one] != 1 for one in sent) + len(stored.keys() - sent)
