"""What a file of a criteria set states, as plain values; and the error that lists its faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from criteria.catalogue.yaml_lines import Fault


@dataclass(frozen=True, kw_only=True)
class LevelSpec:
    """One level: for a selector, or left to the province (`value` None)."""

    selector: str
    value: Decimal | None
    rule: str
    part: str = ""
    part_text: str = ""
    part_unit: str = ""
    part_when: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorSpec:
    """`decision` names the base's decision for what is kept of it; empty is the set's own."""

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
    decision: str = ""
    measure: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class CriterionSpec:
    """`incomplete`: there are more indicators than were found, so it is concluded directly."""

    number: int
    name: str
    group: str = ""
    indicators: tuple[IndicatorSpec, ...] = ()
    lead_agency: str = ""
    lead_agency_unverified: bool = False
    name_unverified: bool = False
    incomplete: bool = False
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class RegionRuleSpec:
    """Communes whose `attribute` has `value` are judged by the levels of `region`."""

    attribute: str
    value: str
    region: str
    label: str
    source: str = ""
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class CommuneGroupSpec:
    """A group of communes that levels tell apart, and how it is made up."""

    code: str
    name: str
    definition: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteSpec:
    """Something that a reader of the set should know."""

    text: str
    source: str = ""
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What the decision states, None where not found; `missing` of its indicators were not read."""

    criteria: int | None = None
    indicators: int | None = None
    missing: int = 0
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Criteria taken over from the base as they are: all of them, or those with these numbers."""

    numbers: tuple[int, ...] | None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class SetSpec:
    """One version of one criteria set, as its file states it.

    `province` is the key of the province that owns the set, "" for a national one.
    """

    code: str
    name: str
    level: str
    tier: str
    period: tuple[int | None, int | None]
    decision_number: str
    decision_date: date | None
    issuer: str
    in_force_on: date
    bracket_cuts: tuple[int, ...]
    criteria: tuple[CriterionSpec, ...]
    version: int = 1
    based_on: str = ""
    province: str = ""
    kept: Kept | None = None
    in_force_on_unverified: bool = False
    na_counts_as: str = "met"
    na_counts_as_unverified: bool = False
    totals: Totals = Totals()
    cuts_line: int = 0
    region_rules: tuple[RegionRuleSpec, ...] = ()
    commune_groups: tuple[CommuneGroupSpec, ...] = ()
    notes: tuple[NoteSpec, ...] = ()
    checksum: str = ""
    file: str = ""

    @property
    def indicators(self) -> tuple[IndicatorSpec, ...]:
        return tuple(one for criterion in self.criteria for one in criterion.indicators)


class CatalogueError(Exception):
    """The files cannot be taken over; says every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
