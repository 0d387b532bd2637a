"""B3: every figure of the province for all its month-ends from the ledger, nothing stored used."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bench.data import World
from bench.figures import paired, row
from communes.models import Unit
from criteria import mass
from criteria.mass import Moment


def measure(world: World) -> dict[str, Any]:
    province = world.province.unit
    moments = [Moment(day) for day in world.month_ends]
    taken, floor = paired(lambda: every_figure(province, moments), _one_pass, times=7, warm_up=1)
    size = f"{world.values:,} values, {len(moments)} months"
    return {"B3 province": row(taken, budget=1000, floor=floor, ratio=3, size=size)}


def every_figure(province: Unit, moments: list[Moment]) -> int:
    """The province and its districts, both bases, every set; how many figures that were."""
    return sum(2 * len(one.tallies) for one in mass.of_province(province, moments))


def _one_pass() -> None:
    """What was found in every row of the ledger, read by SQL alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, indicator_id, true_from, verdict FROM criteria_result")
        cursor.fetchall()
