"""Plans of the simulation for its tests: the real provinces from the fixtures, and a small one.

Importable without Django, so that another process can make a plan as well.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from criteria.rules.levels import Situation
from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    Outcome,
    Rule,
    SetDefinition,
)
from criteria.simulation.plan import PlannedMonth, plan
from criteria.simulation.scenario import Commune, Province, provinces

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
PLAN_FILE = FIXTURES / "demo" / "provinces.yaml"
REGISTER = FIXTURES / "units" / "register-before-2025.csv"
ATTRIBUTES = FIXTURES / "units" / "attributes.csv"
SET_FILE = FIXTURES / "criteria_sets" / "national-commune-2016-2020.yaml"
REAL = ("20", "02", "14", "42")
SMALL = "small"


# ── What the plans are made of ────────────────────────────────────────────────────────────────


def read_set() -> SetDefinition:
    data = yaml.safe_load(SET_FILE.read_text(encoding="utf-8"))
    ids = iter(range(1, 10_000))
    return SetDefinition(
        set_id=1,
        version_id=1,
        code=data["code"],
        name=data["name"],
        bracket_cuts=tuple(data["bracket_cuts"]),
        criteria=tuple(
            CriterionDefinition(
                id=next(ids),
                number=criterion["number"],
                name=criterion["name"],
                indicators=tuple(
                    IndicatorDefinition(
                        id=next(ids),
                        code=entry["code"],
                        text=entry["text"],
                        kind=entry["kind"],
                        unit=entry.get("unit", ""),
                        rule=Rule(entry["rule"]),
                        levels=tuple(read_levels(entry)),
                    )
                    for entry in criterion["indicators"]
                ),
            )
            for criterion in data["criteria"]
        ),
    )


def read_levels(entry: dict[str, Any]) -> Iterator[Level]:
    for part in entry.get("parts") or [{"key": "", "rule": entry["rule"], **entry}]:
        for selector, value in part["levels"].items():
            whole = selector in ("all", "national")
            yield Level(
                selector=selector if whole else f"region:{selector}",
                rule=Rule(part["rule"]),
                value=None if value == "by-province" else Decimal(str(float(value))),
                checked=True,
                part=part["key"],
            )


def read_communes(province: str) -> list[Commune]:
    with ATTRIBUTES.open(encoding="utf-8", newline="") as stream:
        border = {row["unit"] for row in csv.DictReader(stream) if row["key"] == "border"}
    with REGISTER.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    top = next(row["unit"] for row in rows if row["code"] == province)
    districts = {row["unit"]: int(row["code"]) for row in rows if row["parent"] == top}
    return [
        Commune(
            unit_id=int(row["code"]),
            key=row["unit"],
            district_id=districts[row["parent"]],
            border=row["unit"] in border,
            first_day=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            end=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        )
        for row in rows
        if row["kind"] == "xa"
        and row["parent"] in districts
        and (row["valid_from"] or "0") <= "2016-12-31"
    ]


def small_province() -> Province:
    rounds = [("2015-06-17", 1), ("2016-06-15", 1), ("2017-07-19", 1), ("2017-11-15", 2)]
    return provinces(
        {
            "sets": {
                "small": {
                    "difficulty": {number: number / 20 for number in range(1, 20)},
                    "fragility": {1: 1, 5: 2, 11: 1},
                }
            },
            "provinces": [
                {
                    "code": "99",
                    "name": "Tỉnh nhỏ",
                    "clock": "99",
                    "stages": [
                        {
                            "adopts": {
                                "set_code": "small",
                                "from_on": date(2016, 12, 1),
                                "decision": "01/QĐ-UBND",
                            },
                            "first_month": date(2016, 12, 31),
                            "last_month": date(2018, 3, 31),
                            "anchors": [
                                {
                                    "day": date(2016, 12, 31),
                                    "criteria_met": 470,
                                    "brackets": [
                                        {"low": 19, "high": 19, "communes": 2},
                                        {"low": 10, "high": 15, "communes": 8},
                                        {"low": 3, "high": 9, "communes": 50},
                                    ],
                                },
                                {"day": date(2017, 12, 31), "criteria_met": 530, "lowest": 4},
                                {"day": date(2018, 3, 31), "criteria_met": 541},
                            ],
                            "rounds": [
                                {"decided_on": date.fromisoformat(day), "communes": number}
                                for day, number in rounds
                            ],
                        },
                        {
                            "first_month": date(2018, 4, 30),
                            "last_month": date(2018, 9, 30),
                            "anchors": [{"day": date(2018, 9, 30), "rise": 20}],
                            "rounds": [{"decided_on": date(2018, 8, 15), "communes": 1}],
                        },
                    ],
                }
            ],
        }
    )[0]


def small_communes() -> list[Commune]:
    """Sixty communes in four districts; the last leaves the programme in May 2017."""
    return [
        Commune(
            unit_id=1000 + number,
            key=f"{number:05}@2017-01-01",
            district_id=number % 4,
            border=number % 7 == 0,
            end=date(2017, 5, 10) if number == 59 else None,
        )
        for number in range(60)
    ]


def province_of(code: str) -> Province:
    if code == SMALL:
        return small_province()
    data = yaml.safe_load(PLAN_FILE.read_text(encoding="utf-8"))
    return next(found for found in provinces(data) if found.code == code)


def communes_of(code: str) -> list[Commune]:
    return small_communes() if code == SMALL else read_communes(code)


def situation_of(code: str) -> Situation:
    return Situation(region="btb" if code == "42" else "tdmnpb", year=2017)


@cache
def planned(code: str) -> tuple[PlannedMonth, ...]:
    return tuple(plan(province_of(code), communes_of(code), read_set(), situation_of(code)))


def digest(code: str) -> str:
    months = plan(province_of(code), communes_of(code), read_set(), situation_of(code))
    return hashlib.sha256(repr(tuple(months)).encode()).hexdigest()


# ── What follows from a plan, worked out the plain way ────────────────────────────────────────

type States = list[tuple[PlannedMonth, dict[int, set[int]]]]


@cache
def states(code: str) -> States:
    """Each month with the criteria (by number) that every commune meets at its end."""
    asked = read_set()
    found: States = []
    outcomes: dict[tuple[int, int], Outcome] = {}
    communes = communes_of(code)
    for month in planned(code):
        for result in month.results:
            outcomes[result.unit_id, result.indicator_id] = result.outcome
        met = {
            commune.unit_id: {
                criterion.number
                for criterion in asked.criteria
                if all(outcomes[commune.unit_id, x.id] is Outcome.MET for x in criterion.indicators)
            }
            for commune in communes
            if commune.counts_on(month.month_end)
        }
        found.append((month, met))
    return found


def recognised(code: str, day: date) -> set[int]:
    decisions = [d for month in planned(code) for d in month.recognitions]
    return {d.unit_id for d in decisions if d.effective_on <= day}
