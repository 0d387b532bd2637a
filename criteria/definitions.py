"""Loads what the rules work on as plain data: a version of a set, a province's own levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Max

from criteria import sets
from criteria.kept import Kept, Stamp, stamp
from criteria.models import (
    CONCLUSION_CODE,
    Criterion,
    Indicator,
    ProvinceLevel,
    Requirement,
    SetVersion,
    Threshold,
    ThresholdCheck,
    VersionCriterion,
)
from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    OwnLevel,
    RegionRule,
    Rule,
    SetDefinition,
)

_LATEST_CHECKS: Kept[int, int | None] = Kept()
_OWN_LEVELS: Kept[int, tuple[OwnLevel, ...]] = Kept()


def definition(version: SetVersion) -> SetDefinition:
    """The whole of `version`; :func:`definitions` for one."""
    return definitions([version])[version.pk]


def counting(province_unit_id: int, on: date) -> list[SetDefinition]:
    """All that the province judges its communes by on `on`, the headline first.

    One small query when they are kept.
    """
    now = stamp()
    versions = sets.of_province(province_unit_id, now).counting(on)
    return list(definitions(versions, now).values())


def definitions(
    versions: Collection[SetVersion], now: Stamp | None = None
) -> dict[int, SetDefinition]:
    """The whole of many versions by id; one small query when they are kept.

    A version that is not a draft never changes; only checks of its levels are added, so their
    latest id tells whether what was loaded of it before still holds.
    """
    drafts = {one.pk for one in versions if one.status == SetVersion.Status.DRAFT}
    settled = [one.pk for one in versions if one.pk not in drafts]
    checks = _LATEST_CHECKS.many(settled, _latest_checks, now)
    return {
        one.pk: _load(one.pk) if one.pk in drafts else _kept(one.pk, checks[one.pk])
        for one in versions
    }


def _latest_checks(version_ids: list[int]) -> dict[int, int | None]:
    """Version id → the id of the last check of a level of it; None when none was checked."""
    checks = (
        ThresholdCheck.objects.filter(threshold__requirement__version__in=version_ids)
        .values_list("threshold__requirement__version")
        .annotate(latest=Max("pk"))
    )
    return dict.fromkeys(version_ids) | dict(checks)


def own_levels(province_id: int) -> tuple[OwnLevel, ...]:
    """Everything the province ever set for the levels that sets leave to it.

    What was withdrawn is left out together with the row that withdrew it. One small query when
    they are kept.
    """
    return _OWN_LEVELS.one(province_id, lambda: _own_levels_of(province_id))


def _own_levels_of(province_id: int) -> tuple[OwnLevel, ...]:
    rows = list(
        ProvinceLevel.objects.filter(province_id=province_id)
        .exclude(withdrawn=True)
        .exclude(replaced_by__withdrawn=True)
        .select_related("requirement__indicator__criterion")
        .order_by("pk")
    )
    kept_by_overlays = _kept_by_overlays([row.requirement.indicator for row in rows])
    return tuple(
        OwnLevel(
            id=row.pk,
            indicator_ids=frozenset(
                {row.requirement.indicator_id, *kept_by_overlays[row.requirement.indicator_id]}
            ),
            part=row.part,
            selector=row.selector,
            rule=Rule(row.rule),
            value=row.value,
            unit=row.unit,
            from_on=row.from_on,
            decision=row.decision,
            replaces=row.replaces_id,
        )
        for row in rows
    )


def _kept_by_overlays(indicators: Sequence[Indicator]) -> dict[int, set[int]]:
    """Indicator id → those of overlays of its set that ask the same measure."""
    found: dict[int, set[int]] = defaultdict(set)
    if not indicators:
        return found
    asking = Indicator.objects.filter(
        measure__in={one.measure_id for one in indicators},
        criterion__set__base__in={one.criterion.set_id for one in indicators},
    ).values_list("pk", "measure_id", "criterion__set__base_id")
    for pk, measure_id, base_id in asking:
        for one in indicators:
            if (one.measure_id, one.criterion.set_id) == (measure_id, base_id):
                found[one.pk].add(pk)
    return found


@lru_cache(maxsize=32)
def _kept(version_id: int, latest_check: int | None) -> SetDefinition:
    return _load(version_id)


def _load(version_id: int) -> SetDefinition:
    version = SetVersion.objects.select_related("set").get(pk=version_id)
    levels: dict[int, list[Level]] = defaultdict(list)
    checks = ThresholdCheck.objects.filter(threshold__requirement__version=version)
    checked = set(checks.values_list("threshold_id", flat=True))
    compared = set(checks.values_list("threshold__requirement_id", flat=True))
    for row in Threshold.objects.filter(requirement__version=version).order_by("pk"):
        levels[row.requirement_id].append(_level(row, version, checked=row.pk in checked))
    indicators = {
        row.indicator_id: _indicator(row, levels[row.pk], compared=row.pk in compared)
        for row in Requirement.objects.filter(version=version).select_related("indicator__measure")
    }
    wordings = {row.criterion_id: row for row in VersionCriterion.objects.filter(version=version)}
    criteria = Criterion.objects.filter(set=version.set).prefetch_related("indicators")
    return SetDefinition(
        set_id=version.set_id,
        version_id=version.pk,
        code=version.set.code,
        name=version.set.name,
        tier=version.set.tier,
        bracket_cuts=tuple(version.bracket_cuts),
        na_counts_as_met=version.na_counts_as == SetVersion.NotApplicable.AS_MET,
        decision=version.decision_number,
        region_rules=tuple(_region_rule(rule) for rule in version.region_rules),
        commune_groups={group["code"]: group["name"] for group in version.commune_groups},
        criteria=tuple(
            _criterion(row, wordings.get(row.pk) or VersionCriterion(), indicators)
            for row in criteria
        ),
    )


def _region_rule(rule: dict[str, Any]) -> RegionRule:
    return RegionRule(
        attribute=rule["attribute"],
        value=rule["value"],
        region=rule["region"],
        label=rule["label"],
        checked=not rule["unverified"],
    )


def _level(row: Threshold, version: SetVersion, *, checked: bool) -> Level:
    return Level(
        selector=row.selector,
        rule=Rule(row.rule),
        value=row.value,
        checked=checked or not row.unverified,
        part=row.part,
        part_text=row.part_text,
        unit=row.part_unit,
        when=row.part_when,
        threshold_id=row.pk,
        decision=row.decision or version.decision_number,
        source=row.source,
    )


def _indicator(row: Requirement, levels: list[Level], *, compared: bool) -> IndicatorDefinition:
    """`compared`: a level was checked against the decision, and the wording with it."""
    return IndicatorDefinition(
        id=row.indicator_id,
        code=row.indicator.code,
        text=row.text,
        kind=row.indicator.measure.value_kind,
        unit=row.indicator.measure.unit,
        rule=Rule(row.rule),
        requirement_id=row.pk,
        levels=tuple(levels),
        text_checked=compared or not row.text_unverified,
        when=row.when or "",
        note=row.note,
    )


def _criterion(
    row: Criterion, wording: VersionCriterion, indicators: dict[int, IndicatorDefinition]
) -> CriterionDefinition:
    found = list(row.indicators.all())
    judged = [] if wording.indicators_incomplete else found
    return CriterionDefinition(
        id=row.pk,
        number=row.number,
        name=row.name,
        group_name=row.group_name,
        name_checked=not wording.name_unverified,
        indicators=tuple(indicators[one.pk] for one in judged if one.pk in indicators),
        conclusion_id=next((one.pk for one in found if one.code == CONCLUSION_CODE), None),
    )
