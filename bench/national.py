"""The country beside the province of the other measurements: how long, how much memory, and
whether the province's page feels it.

The other provinces are written by SQL month by month, as years of work would leave them: results
of all of them in the order of time, one change for the results and one for the confirmations of
each. They have units, results, reviews, heads and standings, and no closed months.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection

from bench import overview
from bench.data import World
from bench.figures import row
from communes.models import Change, DataClock, Tier, Unit, UnitVersion
from communes.vietnamese import fold, sort_key
from criteria.models import CriteriaSet, SetAdoption
from tests.factories import ALWAYS, make_district, make_province

COMMUNES, OF_ONE, WORKERS = 8909, 177, 2
FIRST_CODE = 10

_RESULTS = """
INSERT INTO criteria_result (unit_id, indicator_id, set_version_id, true_from, value, verdict,
                             judged_by, note, cause, void, change_id)
SELECT u, i, %(version)s, %(end)s::date, CASE WHEN met THEN 80 ELSE 20 END,
       CASE WHEN met THEN 'met' ELSE 'not_met' END, 'rule', '', 'entry', false, change
  FROM unnest(%(units)s::bigint[], %(changes)s::bigint[]) AS commune(u, change)
 CROSS JOIN unnest(%(indicators)s::bigint[]) AS indicator(i)
 CROSS JOIN LATERAL (SELECT abs(hashint8(u * 131 + i)) %% 100 < 40 + %(number)s / 2 AS met) AS j
 ORDER BY u, i
"""
_REVIEWS = """
INSERT INTO criteria_review (unit_id, criterion_id, act, result_ids, reason, change_id)
SELECT r.unit_id, i.criterion_id, 'confirm', array_agg(r.id), '', %(first)s + r.change_id
  FROM criteria_result r JOIN criteria_indicator i ON i.id = r.indicator_id
 WHERE r.true_from = %(end)s AND r.change_id = ANY(%(changes)s)
   AND abs(hashint8(r.unit_id * 31 + i.criterion_id)) %% 100 < 96
 GROUP BY r.unit_id, i.criterion_id, r.change_id
"""
_HEADS = """
INSERT INTO criteria_cellhead (unit_id, indicator_id, result_id, verdict, confirmed_result_id)
SELECT unit_id, indicator_id, id, verdict, id FROM criteria_result
 WHERE true_from = %(end)s AND unit_id = ANY(%(units)s)
"""
_STANDINGS = """
INSERT INTO criteria_standing
       (unit_id, set_id, met, met_confirmed, "of", outcomes, outcomes_confirmed, change_id)
SELECT u, set_id, met, met_confirmed, "of", outcomes, outcomes_confirmed, NULL
  FROM unnest(%(units)s::bigint[]) AS u
 CROSS JOIN (SELECT * FROM criteria_standing WHERE unit_id = %(like)s) AS one
"""


def measure(world: World, communes: int, say: Callable[[str], object]) -> dict[str, Any]:
    """B1 with the province alone, then the country beside it: B3 of all, and B1 once more."""
    alone = overview.measure(world)
    provinces = add(world, communes - len(world.communes), say)
    values = communes * len(_cells(world)) * len(world.month_ends)
    size = f"{communes:,} communes, {values:,} values"
    found = _recomputed(provinces, world, size)
    for name, measured in overview.measure(world).items():
        if measured["unit"] == "ms":
            times = measured["median"] / alone[name]["median"]
            found[f"{name} beside the country"] = row(
                [times], budget=1.5, unit="× alone", size=size
            )
    return found


def _cells(world: World) -> list[int]:
    """What is filled in: every indicator, no direct conclusions."""
    return [one.id for criterion in world.asked.criteria for one in criterion.indicators]


def add(world: World, communes: int, say: Callable[[str], object]) -> list[int]:
    """Write so many communes in provinces of the size of the first; all provinces' ids."""
    started = time.monotonic()
    units: dict[int, list[int]] = {}
    adopted = CriteriaSet.objects.get(pk=world.asked.set_id)
    while communes > 0:
        number = FIRST_CODE + len(units)
        province = make_province(code=str(number), name=f"Tỉnh {number}", clock=str(number))
        SetAdoption.objects.create(
            province=province.unit, set=adopted, from_on="2016-12-01", decision="01/QĐ-UBND"
        )
        units[province.unit_id] = _communes(province, min(OF_ONE, communes))
        communes -= OF_ONE
    with connection.cursor() as cursor:
        # No check of each foreign key: the rows are ours, and there are tens of millions.
        cursor.execute("SET session_replication_role = replica")
        for number, end in enumerate(world.month_ends):
            _month(cursor, world, units, number, end)
            if number % 12 == 0:
                say(f"  {end:%m/%Y}: {time.monotonic() - started:.0f} s")
        every = [unit for inside in units.values() for unit in inside]
        cursor.execute(_HEADS, {"end": world.month_ends[-1], "units": every})
        cursor.execute(_STANDINGS, {"units": every, "like": world.communes[0].unit_id})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    say(f"{len(every):,} communes more: {time.monotonic() - started:.0f} s")
    return [world.province.unit_id, *units]


def _communes(province: UnitVersion, number: int) -> list[int]:
    district = make_district(province=province, code=f"9{province.code}", name="Huyện 1")
    codes = [f"{province.code}{place:03d}" for place in range(number)]
    units = Unit.objects.bulk_create(
        Unit(key=f"{code}@2016", tier=Tier.COMMUNE, clock=province.unit.clock) for code in codes
    )
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit,
            valid=ALWAYS,
            code=code,
            name=f"Số {code}",
            kind="xa",
            parent_id=district.unit_id,
            province_id=province.unit_id,
            sort_key=sort_key(f"Số {code}"),
            search_key=fold(f"Số {code}"),
        )
        for unit, code in zip(units, codes, strict=True)
    )
    return [unit.pk for unit in units]


def _month(cursor: Any, world: World, units: dict[int, list[int]], number: int, end: Any) -> None:
    """All provinces' results of a month, and what their departments confirmed of them."""
    clocks = dict(Unit.objects.filter(pk__in=units).values_list("pk", "clock_id"))
    at = datetime(end.year, end.month, 25, 3, tzinfo=UTC)
    made = [
        Change.objects.bulk_create(
            Change(clock_id=clocks[pk], seq=seq, at=at, action="bench", backdated=True)
            for pk in units
        )
        for seq in (2 * number + 1, 2 * number + 2)
    ]
    DataClock.objects.filter(pk__in=clocks.values()).update(seq=2 * number + 2)
    changes = {pk: change.pk for pk, change in zip(units, made[0], strict=True)}
    parameters = {
        "version": world.asked.version_id,
        "indicators": _cells(world),
        "units": [unit for inside in units.values() for unit in inside],
        "end": end,
        "number": number,
    }
    parameters["changes"] = [changes[pk] for pk, inside in units.items() for _ in inside]
    cursor.execute(_RESULTS, parameters)
    parameters |= {"changes": list(changes.values()), "first": made[1][0].pk - made[0][0].pk}
    cursor.execute(_REVIEWS, parameters)
    if number == 0:
        cursor.execute("ANALYZE criteria_result, criteria_review, communes_change")


def _recomputed(provinces: list[int], world: World, size: str) -> dict[str, Any]:
    """Every figure of every province, by a few processes; wall time, and the memory of all.

    The floor is one pass of SQL over the same rows, by as many processes.
    """
    with ProcessPoolExecutor(
        WORKERS, mp_context=get_context("spawn"), initializer=django.setup
    ) as processes:
        floor, _ = _timed(processes, _one_pass, [(pk,) for pk in provinces])
        seconds, done = _timed(processes, _one, [(pk, world.month_ends) for pk in provinces])
    by_process: dict[int, int] = {}
    for process, bytes_, _ in done:
        by_process[process] = max(by_process.get(process, 0), bytes_)
    each = statistics.median(taken for _, _, taken in done)
    print(f"  one province in {each:.2f} s (median), {len(provinces)} provinces")
    budget = round(max(60 * len(provinces) * OF_ONE / COMMUNES, 1), 1)
    return {
        "B3 country": row([seconds], budget=budget, floor=[floor], ratio=3, unit="s", size=size),
        "B3 country: memory": row(
            [sum(by_process.values()) / 2**20], budget=2048, unit="MB", size=size
        ),
    }


def _timed(
    processes: ProcessPoolExecutor, job: Callable[..., Any], calls: list[tuple[Any, ...]]
) -> tuple[float, list[Any]]:
    """Seconds until all calls are answered, and the answers."""
    started = time.perf_counter()
    jobs = [processes.submit(job, *call) for call in calls]
    answers = [one.result() for one in jobs]
    return time.perf_counter() - started, answers


def _one_pass(province_id: int) -> None:
    """Every row of a province's ledger, read by SQL alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, indicator_id, true_from, verdict FROM criteria_result"
            " WHERE unit_id IN (SELECT unit_id FROM communes_unitversion WHERE province_id = %s)",
            [province_id],
        )
        cursor.fetchall()


def _one(province_id: int, month_ends: list[Any]) -> tuple[int, int, float]:
    """(process, its bytes and its server process's at their most, seconds) of one province."""
    from pathlib import Path

    from bench.recompute import every_figure
    from criteria.mass import Moment

    started = time.perf_counter()
    province = Unit.objects.select_related("clock").get(pk=province_id)
    assert every_figure(province, [Moment(end) for end in month_ends])
    seconds = time.perf_counter() - started
    server = connection.connection.info.backend_pid
    lines = Path(f"/proc/{server}/status").read_text().splitlines()
    private = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return server, 1024 * (mine + private), seconds
