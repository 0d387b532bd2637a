"""What a file of a criteria set states, as plain values; and the error that lists its faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from criteria.yaml_lines import Fault


@dataclass(frozen=True, kw_only=True)
class LevelSpec:
    """One level: for a selector, or left to the province (`value` None)."""

    selector: str
    value: Decimal | None
    rule: str
    part: str = ""
    part_text: str = ""
    part_unit: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorSpec:
    code: str
    text: str
    kind: str
    rule: str
    levels: tuple[LevelSpec, ...]
    unit: str = ""
    unverified: str = "none"
    when: str | None = None
    note: str = ""
    source: str = ""
    measure: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class CriterionSpec:
    number: int
    name: str
    group: str = ""
    indicators: tuple[IndicatorSpec, ...] = ()
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class SetSpec:
    """One version of one criteria set, as its file states it."""

    code: str
    name: str
    level: str
    tier: str
    period: tuple[int, int]
    decision_number: str
    decision_date: date | None
    issuer: str
    in_force_on: date
    bracket_cuts: tuple[int, ...]
    criteria: tuple[CriterionSpec, ...]
    version: int = 1
    based_on: str = ""
    na_counts_as: str = "met"
    checksum: str = ""
    file: str = ""


class CatalogueError(Exception):
    """The files cannot be taken over; says every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
