"""B2: from a cell saved to the headline of the province that shows it, HTTP to HTTP."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from bench.data import World
from bench.figures import milliseconds, row
from bench.site import Browser, running, session_of
from communes.vietnamese import format_number
from criteria.figures import figures

TIMES = 40


def measure(world: World) -> dict[str, Any]:
    cells = world.cells()
    with running() as port:
        officers = [Browser(port, session_of(who)) for who in world.officers(TIMES + 3)]
        reader = Browser(port, session_of(world.reader))
        taken, shown = [], set()
        for officer in officers:
            cell = next(cells)
            started = time.perf_counter()
            status, answer = officer.post(
                cell.address, value=cell.value, seen=cell.seen, request_id=uuid4()
            )
            assert status == 200, (status, answer[:500])
            status, page = reader.get("/overview/02/")
            taken.append(1000 * (time.perf_counter() - started))
            assert status == 200, status
            met = figures(world.province, world.open_month).headline.criteria_met
            assert f"{format_number(met)} tiêu chí" in page, f"the page does not show {met}"
            shown.add(met)
        assert len(shown) > 1, "no save moved a key figure"

        def two_empty_pages() -> None:
            officers[0].get("/search/")
            reader.get("/search/")

        floor = milliseconds(two_empty_pages, times=TIMES)
    size = f"{world.values:,} values"
    found = row(taken[3:], budget=200, floor=floor, ratio=4, size=size, p95=True)
    return {"B2 save to headline": found}
