"""The list of criteria sets, and one version as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes.models import UnitVersion, User
from criteria.definitions import definitions
from criteria.models import (
    CriteriaSet,
    SetAdoption,
    SetVersion,
    ThresholdCheck,
    VersionCriterion,
)
from criteria.rules.judge import program_can_judge
from criteria.rules.types import CriterionDefinition, IndicatorDefinition, Level, SetDefinition
from criteria.selectors import selector_words
from criteria.set_pages import access as set_access
from criteria.values import level_text


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A province counts by a set from a day on."""

    province: UnitVersion
    from_on: date
    in_headline: bool
    decision: str


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a version holds: criteria, indicators, and how many of these a program can judge."""

    criteria: int
    indicators: int
    judged: int
    concluded: int


@dataclass(frozen=True, kw_only=True)
class ListedSet:
    """One set of the list with the version that speaks for it; drafts only for its editors."""

    set: CriteriaSet
    version: SetVersion
    versions: tuple[SetVersion, ...]
    counted: Counted
    adopted: tuple[Adopted, ...]


def listed(user: User) -> list[ListedSet]:
    """Every set the person may read, by level and period, the latest first."""
    rows = CriteriaSet.objects.select_related("province__clock", "base").order_by(
        "level", "-period_from", "tier", "name"
    )
    readable = {row.pk: row for row in rows if set_access.reads(user, row)}
    versions: dict[int, list[SetVersion]] = defaultdict(list)
    edited = {pk for pk, row in readable.items() if set_access.edits(user, row)}
    for version in SetVersion.objects.filter(set__in=readable).order_by("-no"):
        version.set = readable[version.set_id]
        if version.status != SetVersion.Status.DRAFT or version.set_id in edited:
            versions[version.set_id].append(version)
    adopted = adoptions(user)
    speaking = {pk: _speaking(versions[pk]) for pk in readable if pk in versions}
    asked = definitions(speaking.values())
    order = list(CriteriaSet.Level.values)
    found = [
        ListedSet(
            set=readable[pk],
            version=version,
            versions=tuple(versions[pk]),
            counted=counted(asked[version.pk]),
            adopted=tuple(adopted[pk]),
        )
        for pk, version in speaking.items()
    ]
    return sorted(found, key=lambda one: order.index(one.set.level))


def adoptions(user: User) -> dict[int, list[Adopted]]:
    """Set id → since when each of the person's provinces counts by it."""
    provinces = {version.unit_id: version for version, _ in set_access.provinces_read(user)}
    found: dict[int, list[Adopted]] = defaultdict(list)
    for row in SetAdoption.objects.filter(province__in=provinces).order_by("from_on", "pk"):
        found[row.set_id].append(
            Adopted(
                province=provinces[row.province_id],
                from_on=row.from_on,
                in_headline=row.in_headline,
                decision=row.decision,
            )
        )
    return found


def counted(asked: SetDefinition) -> Counted:
    """How much a version holds."""
    indicators = [one for criterion in asked.criteria for one in criterion.indicators]
    return Counted(
        criteria=len(asked.criteria),
        indicators=len(indicators),
        judged=sum(program_can_judge(one) for one in indicators),
        concluded=sum(not criterion.indicators for criterion in asked.criteria),
    )


def _speaking(versions: Iterable[SetVersion]) -> SetVersion:
    """The version in force, else the latest."""
    found = list(versions)
    in_force = [one for one in found if one.status == SetVersion.Status.IN_FORCE]
    return (in_force or found)[0]


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """One level with who compared it with the decision, and when."""

    level: Level
    check: ThresholdCheck | None

    groups: Mapping[str, str]

    @property
    def text(self) -> str:
        return level_text(self.level)

    @property
    def whom(self) -> str:
        return selector_words(self.level.selector, self.groups)


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """An indicator with its levels part by part."""

    indicator: IndicatorDefinition
    parts: tuple[tuple[str, str, tuple[LevelRow, ...]], ...]

    @property
    def judged(self) -> bool:
        return program_can_judge(self.indicator)


@dataclass(frozen=True, kw_only=True)
class CriterionRow:
    """A criterion with what its version says beside its indicators."""

    criterion: CriterionDefinition
    wording: VersionCriterion
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True, kw_only=True)
class VersionPage:
    """One version whole."""

    version: SetVersion
    asked: SetDefinition
    counted: Counted
    criteria: tuple[CriterionRow, ...]
    versions: tuple[SetVersion, ...]
    unchecked: int

    @property
    def groups(self) -> list[dict[str, Any]]:
        return list(self.version.commune_groups)


def version_page(version: SetVersion, *, drafts: bool) -> VersionPage:
    """Everything that the page of a version shows; `drafts`: the person sees drafts beside it."""
    asked = definitions([version])[version.pk]
    rows = ThresholdCheck.objects.filter(threshold__requirement__version=version)
    checks = {row.threshold_id: row for row in rows.select_related("change__by").order_by("pk")}
    wordings = {row.criterion_id: row for row in VersionCriterion.objects.filter(version=version)}
    versions = SetVersion.objects.filter(set=version.set).order_by("no")
    if not drafts:
        versions = versions.exclude(status=SetVersion.Status.DRAFT)
    levels = [
        level
        for criterion in asked.criteria
        for one in criterion.indicators
        for level in one.levels
    ]
    return VersionPage(
        version=version,
        asked=asked,
        counted=counted(asked),
        criteria=tuple(
            CriterionRow(
                criterion=criterion,
                wording=wordings.get(criterion.id) or VersionCriterion(),
                indicators=tuple(
                    indicator_row(one, checks, asked.commune_groups) for one in criterion.indicators
                ),
            )
            for criterion in asked.criteria
        ),
        versions=tuple(versions),
        unchecked=sum(not level.checked and level.value is not None for level in levels),
    )


def indicator_row(
    indicator: IndicatorDefinition, checks: dict[int, ThresholdCheck], groups: Mapping[str, str]
) -> IndicatorRow:
    """The levels of an indicator under each of its parts ("" for a plain one)."""
    parts = []
    for key in indicator.parts or ("",):
        own = [level for level in indicator.levels if level.part == key]
        named = own[0] if own else None
        parts.append(
            (
                named.part_text if named else "",
                (named.unit if named else "") or indicator.unit,
                tuple(
                    LevelRow(level=level, check=checks.get(level.threshold_id or 0), groups=groups)
                    for level in own
                ),
            )
        )
    return IndicatorRow(indicator=indicator, parts=tuple(parts))
