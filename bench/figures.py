"""How a measurement is taken and judged: medians against a floor of the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any


def milliseconds(action: Callable[[], object], *, times: int, warm_up: int = 3) -> list[float]:
    """Wall time of `times` calls after a warm-up, in ms."""
    for _ in range(warm_up):
        action()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def row(
    taken: list[float],
    *,
    budget: float,
    floor: list[float] | None = None,
    ratio: float | None = None,
    unit: str = "ms",
    size: str,
) -> dict[str, Any]:
    """A line of results.json: within the budget, or within `ratio` × the floor."""
    median = statistics.median(taken)
    base = statistics.median(floor) if floor else None
    relative = median / base if base else None
    within_ratio = ratio is not None and relative is not None and relative <= ratio
    words = f"≤ {budget:g} {unit}" + (f" or ≤ {ratio:g} × floor" if ratio else "")
    return {
        "median": round(median, 2),
        "p95": round(statistics.quantiles(taken, n=20)[-1], 2) if len(taken) > 1 else None,
        "unit": unit,
        "floor": round(base, 2) if base else None,
        "ratio": round(relative, 1) if relative else None,
        "budget": words,
        "ok": median <= budget or within_ratio,
        "size": size,
    }
