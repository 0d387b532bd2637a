"""Small criteria sets for tests, written by the same loader as the real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from criteria import catalogue
from criteria.catalogue.specs import (
    CommuneGroupSpec,
    CriterionSpec,
    IndicatorSpec,
    Kept,
    LevelSpec,
    RegionRuleSpec,
    SetSpec,
)
from criteria.models import CriteriaSet

type Level = int | float | str
type Criteria = Mapping[int, Mapping[str, str]]

COMPARISONS = (">=", "<=", "<", ">", "=")
TWO_CRITERIA: Criteria = {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}}


def make_set(
    code: str = "nho",
    criteria: Criteria = TWO_CRITERIA,
    *,
    regions: Mapping[str, Mapping[str, Level]] | None = None,
    parts: Mapping[str, Mapping[str, str]] | None = None,
    measures: Mapping[str, str] | None = None,
    unverified: Collection[str] | Mapping[str, str] = (),
    name: str = "",
    level: str = "commune",
    tier: str = "standard",
    period: tuple[int | None, int | None] = (2016, 2020),
    in_force_on: date = date(2016, 12, 1),
    na_counts_as: str = "met",
    bracket_cuts: tuple[int, ...] | None = None,
    base: str = "",
    keeps: Collection[int] | Literal["all"] = (),
    province: str = "",
    region_rules: Collection[RegionRuleSpec] = (),
    commune_groups: Mapping[str, str] | None = None,
    version: int = 1,
    decision: str = "01/QĐ-TTg",
) -> CriteriaSet:
    """A set in force, from rules like ">= 80", "yes", "by-province" or ">= by-province".

    A criterion without indicators, ``{3: {}}``, can only be concluded directly. `regions`
    replaces the level of an indicator: ``{"1.1": {"national": 80, "tdmnpb": 70}}`` (commune
    groups as ``"group:nhom1"``, years as ``"year:2017"``, nothing at all as ``{}``); `parts`
    gives it several: ``{"1.1": {"clean": ">= 60"}}``. `unverified` names indicators whose
    levels were not read, or says what was not: ``{"1.1": "text"}``. `measures` asks a
    measure of another set: ``{"1.1": "other.3"}``; `keeps` takes criteria of the base over.
    """
    unread = unverified if isinstance(unverified, Mapping) else dict.fromkeys(unverified, "levels")

    def indicator(indicator_code: str, wanted: str) -> IndicatorSpec:
        rule, value = _rule(wanted)
        plain = LevelSpec(selector="all", value=value, rule=rule)
        levels = [plain]
        if indicator_code in (regions or {}):
            levels = [
                LevelSpec(selector=_selector(key), value=_value(level), rule=rule)
                for key, level in (regions or {})[indicator_code].items()
            ]
        if indicator_code in (parts or {}):
            levels = []
            for key, part in (parts or {})[indicator_code].items():
                part_rule, part_value = _rule(part)
                levels.append(
                    LevelSpec(
                        selector="all",
                        value=part_value,
                        rule=part_rule,
                        part=key,
                        part_text=f"Nội dung {key}",
                        part_unit="%" if part_rule in COMPARISONS else "",
                    )
                )
        return IndicatorSpec(
            code=indicator_code,
            text=f"Chỉ tiêu {indicator_code}",
            kind=_kind(rule),
            unit="%" if rule in COMPARISONS else "",
            rule=rule,
            levels=tuple(levels),
            unverified=unread.get(indicator_code, "none"),
            source="Quyết định thử",
            measure=(measures or {}).get(indicator_code, ""),
        )

    spec = SetSpec(
        code=code,
        name=name or f"Bộ tiêu chí {code}",
        level=level,
        tier=tier,
        period=period,
        decision_number=decision,
        decision_date=date(2016, 10, 17),
        issuer="Thủ tướng Chính phủ",
        in_force_on=in_force_on,
        bracket_cuts=bracket_cuts or (len(criteria),),
        criteria=tuple(
            CriterionSpec(
                number=number,
                name=f"Tiêu chí {number}",
                indicators=tuple(indicator(one, wanted) for one, wanted in asked.items()),
            )
            for number, asked in criteria.items()
        ),
        version=version,
        based_on=base,
        kept=Kept(numbers=None if keeps == "all" else tuple(keeps)) if keeps else None,
        province=province,
        region_rules=tuple(region_rules),
        commune_groups=tuple(
            CommuneGroupSpec(code=code, name=name) for code, name in (commune_groups or {}).items()
        ),
        na_counts_as=na_counts_as,
        checksum="",
        file=f"{code}.yaml",
    )
    checksum = hashlib.sha256(repr(spec).encode()).hexdigest()
    catalogue.load([replace(spec, checksum=checksum)])
    return CriteriaSet.objects.get(code=code)


def _rule(wanted: str) -> tuple[str, Decimal | None]:
    """The rule and level in ">= 80", "yes", "by-province", ">= by-province"."""
    rule, _, level = wanted.partition(" ")
    if rule == "yes":
        return rule, Decimal(1)
    return rule, _value(level) if level else None


def _value(level: Level) -> Decimal | None:
    if level == "yes":
        return Decimal(1)
    return None if level == "by-province" else Decimal(str(level))


def _selector(key: str) -> str:
    return key if key in ("all", "national") or ":" in key else f"region:{key}"


def _kind(rule: str) -> str:
    if rule in COMPARISONS:
        return "percent"
    return "boolean" if rule == "yes" else "text-rule"
