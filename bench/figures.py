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


def paired(
    action: Callable[[], object], floor: Callable[[], object], *, times: int, warm_up: int = 3
) -> tuple[list[float], list[float]]:
    """Both in turn, so that a machine that slows down for a while slows both."""
    for _ in range(warm_up):
        action()
        floor()
    both = [
        (milliseconds(action, times=1, warm_up=0)[0], milliseconds(floor, times=1, warm_up=0)[0])
        for _ in range(times)
    ]
    return [one for one, _ in both], [other for _, other in both]


def row(
    taken: list[float],
    *,
    budget: float,
    floor: list[float] | None = None,
    ratio: float | None = None,
    unit: str = "ms",
    size: str,
    p95: bool = False,
) -> dict[str, Any]:
    """A line of results.json: within the budget, or within `ratio` × the floor.

    The median is judged, or the 95th percentile with `p95`, against the floor's median.
    """
    median = statistics.median(taken)
    slow = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else None
    judged = slow if p95 and slow is not None else median
    base = statistics.median(floor) if floor else None
    relative = judged / base if base else None
    within_ratio = ratio is not None and relative is not None and relative <= ratio
    words = (
        ("p95 " if p95 else "")
        + f"≤ {budget:g} {unit}"
        + (f" or ≤ {ratio:g} × floor" if ratio else "")
    )
    return {
        "median": round(median, 2),
        "p95": None if slow is None else round(slow, 2),
        "unit": unit,
        "floor": round(base, 2) if base else None,
        "ratio": round(relative, 1) if relative else None,
        "budget": words,
        "ok": judged <= budget or within_ratio,
        "size": size,
    }
