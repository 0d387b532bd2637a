"""B5: a month's report from the database to its four files, one after the other.

Each time another closed month: Typst remembers what it has laid out, and the same data again would
cost nothing. The first month is measured as well, with fonts that nobody has read yet.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from bench.data import World
from bench.figures import row
from reports.documents.formats import FORMS
from reports.monthly.build import build
from reports.monthly.load import load

TIMES = 5


def measure(world: World) -> dict[str, Any]:
    made = [_made(world, month) for month in world.month_ends[-TIMES:]]
    for part in made[0]:
        seconds = ", ".join(f"{one[part]:.2f}" for one in made)
        print(f"    {part:12} {seconds} s")
    size = f"{len(world.communes)} communes, {len(world.month_ends)} months"
    return {"B5": row([sum(one.values()) for one in made], budget=4, unit="s", size=size)}


def _made(world: World, month: date) -> dict[str, float]:
    """Seconds of each step of a month."""
    taken, last = {}, time.perf_counter()

    def step(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        taken[name], last = now - last, now

    report = build(load(world.province, month))
    step("figures")
    for form in FORMS.values():
        assert form.write(report, world.province)
        step(form.label)
    return taken
