"""Loads one version of a criteria set as the plain data that the rules work on."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from django.db.models import Max

from criteria.models import (
    CONCLUSION_CODE,
    Criterion,
    Requirement,
    SetVersion,
    Threshold,
    ThresholdCheck,
)
from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    Rule,
    SetDefinition,
)


def definition(version: SetVersion) -> SetDefinition:
    """The whole of `version`. One small query when this process has loaded it before.

    A version that is not a draft never changes; only checks of its levels are added, so
    their latest id tells whether what is kept still holds.
    """
    if version.status == SetVersion.Status.DRAFT:
        return _load(version.pk)
    return _kept(version.pk, latest_check(version))


def latest_check(version: SetVersion) -> int | None:
    """The id of the last check of a level of this version; None when none was checked."""
    checks = ThresholdCheck.objects.filter(threshold__requirement__version=version)
    return checks.aggregate(latest=Max("pk"))["latest"]


@lru_cache(maxsize=32)
def _kept(version_id: int, latest_check: int | None) -> SetDefinition:
    return _load(version_id)


def _load(version_id: int) -> SetDefinition:
    version = SetVersion.objects.select_related("set").get(pk=version_id)
    levels: dict[int, list[Level]] = defaultdict(list)
    checked = set(
        ThresholdCheck.objects.filter(threshold__requirement__version=version).values_list(
            "threshold_id", flat=True
        )
    )
    for row in Threshold.objects.filter(requirement__version=version).order_by("pk"):
        levels[row.requirement_id].append(_level(row, checked=row.pk in checked))
    requirements = {row.indicator_id: row for row in Requirement.objects.filter(version=version)}
    criteria = Criterion.objects.filter(set=version.set).prefetch_related("indicators__measure")
    return SetDefinition(
        set_id=version.set_id,
        version_id=version.pk,
        code=version.set.code,
        name=version.set.name,
        tier=version.set.tier,
        bracket_cuts=tuple(version.bracket_cuts),
        na_counts_as_met=version.na_counts_as == SetVersion.NotApplicable.AS_MET,
        decision=version.decision_number,
        criteria=tuple(_criterion(row, requirements, levels) for row in criteria),
    )


def _level(row: Threshold, *, checked: bool) -> Level:
    return Level(
        selector=row.selector,
        rule=Rule(row.rule),
        value=row.value,
        checked=checked or not row.unverified,
        part=row.part,
        part_text=row.part_text,
        unit=row.part_unit,
        threshold_id=row.pk,
        source=row.source,
    )


def _criterion(
    row: Criterion, requirements: dict[int, Requirement], levels: dict[int, list[Level]]
) -> CriterionDefinition:
    indicators = []
    conclusion_id = None
    for indicator in row.indicators.all():
        if indicator.code == CONCLUSION_CODE:
            conclusion_id = indicator.pk
        elif indicator.pk in requirements:
            requirement = requirements[indicator.pk]
            indicators.append(
                IndicatorDefinition(
                    id=indicator.pk,
                    code=indicator.code,
                    text=requirement.text,
                    kind=indicator.measure.value_kind,
                    unit=indicator.measure.unit,
                    rule=Rule(requirement.rule),
                    requirement_id=requirement.pk,
                    levels=tuple(levels[requirement.pk]),
                    text_checked=not requirement.text_unverified,
                    note=requirement.note,
                )
            )
    return CriterionDefinition(
        id=row.pk,
        number=row.number,
        name=row.name,
        group_name=row.group_name,
        indicators=tuple(indicators),
        conclusion_id=conclusion_id,
    )
