"""Editing a draft: its head, its criteria, its indicators with their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from communes.audit import NothingToRecord, Pending
from communes.models import User
from communes.vietnamese import nfc
from criteria.catalogue.criteria import KIND_RULES
from criteria.catalogue.levels import COMPARISONS
from criteria.catalogue.specs import IndicatorSpec, LevelSpec
from criteria.drafts.records import DraftRefused, about, editing, once, spec_json, spec_of
from criteria.models import (
    CONCLUSION_CODE,
    Criterion,
    Indicator,
    Measure,
    Requirement,
    SetVersion,
    Threshold,
    VersionCriterion,
)

_CODE = 12


@once(None)
def set_head(
    *,
    version: SetVersion,
    issuer: str,
    na_counts_as: str,
    bracket_cuts: Sequence[int],
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Who issues it, how "not applicable" counts, and the brackets of communes."""
    with editing(version, "sets.draft_head", by=by, request_id=request_id, ip=ip) as pending:
        after = {
            "issuer": nfc(issuer),
            "na_counts_as": na_counts_as,
            "bracket_cuts": sorted(set(bracket_cuts), reverse=True),
        }
        _update(version, after, pending)


@once(None)
def put_criterion(
    *,
    version: SetVersion,
    number: int,
    name: str,
    by: User | None,
    group_name: str = "",
    lead_agency: str = "",
    concluded: bool = False,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Add a criterion, or change the one with this number.

    `concluded`: its indicators are not all known, so it is concluded directly. The number and
    name are shared by all versions of the set and fixed once one was in force: DraftRefused.
    """
    with editing(version, "sets.criterion", by=by, request_id=request_id, ip=ip) as pending:
        criterion = write_criterion(version, number, nfc(name), nfc(group_name), pending)
        wording, _ = VersionCriterion.objects.get_or_create(version=version, criterion=criterion)
        wording.indicators_incomplete = concluded
        if wording.lead_agency != nfc(lead_agency):
            wording.lead_agency, wording.lead_agency_unverified = nfc(lead_agency), False
        wording.save()


@once(None)
def drop_criterion(
    *,
    version: SetVersion,
    criterion: Criterion,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Take a criterion with its indicators out of a set that never was in force."""
    with editing(version, "sets.drop_criterion", by=by, request_id=request_id, ip=ip) as pending:
        if _was_in_force(version):
            raise DraftRefused(
                "Các phiên bản của một bộ có cùng các tiêu chí: không bỏ được tiêu chí ở phiên bản"
                " mới. Muốn bỏ, hãy lập bộ tiêu chí khác dựa trên bộ này."
            )
        before = {"number": criterion.number, "name": criterion.name}
        for row in Requirement.objects.filter(version=version, indicator__criterion=criterion):
            remove(row)
        VersionCriterion.objects.filter(version=version, criterion=criterion).delete()
        criterion.indicators.all().delete()
        criterion.delete()
        pending.line(table=Criterion._meta.db_table, key=about(version), before=before)


@once(None)
def put_indicator(
    *,
    version: SetVersion,
    criterion: Criterion,
    spec: IndicatorSpec,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Add an indicator to the draft, or change the one with this code.

    Levels of an indicator with parts are kept as they are. Raises DraftRefused for what cannot
    be asked: a rule that does not fit the kind, a comparison without unit, another unit than
    versions in force measure it by.
    """
    with editing(version, "sets.indicator", by=by, request_id=request_id, ip=ip) as pending:
        if not write_indicator(version, criterion, spec, pending):
            raise NothingToRecord


@once(None)
def drop_indicator(
    *,
    version: SetVersion,
    code: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Ask an indicator no more; what older versions recorded on it stays."""
    with editing(version, "sets.drop_indicator", by=by, request_id=request_id, ip=ip) as pending:
        row = find(version, code)
        if row is None:
            raise NothingToRecord
        pending.line(
            table=Requirement._meta.db_table,
            key=f"{about(version)} {code}",
            before=spec_json(spec_of(row)),
        )
        remove(row)


def find(version: SetVersion, code: str) -> Requirement | None:
    """What the version asks under this code."""
    rows = Requirement.objects.filter(version=version, indicator__code=code)
    return rows.select_related("indicator__measure", "indicator__criterion").first()


def write_criterion(
    version: SetVersion, number: int, name: str, group_name: str, pending: Pending
) -> Criterion:
    """The criterion with this number, added or renamed inside a change."""
    row = Criterion.objects.filter(set=version.set, number=number).first()
    if not 0 < number < 1000:
        raise DraftRefused("Số tiêu chí từ 1 đến 999.", "number")
    if not 0 < len(name) <= 160:
        raise DraftRefused("Hãy ghi tên tiêu chí, tối đa 160 ký tự.", "name")
    if row and (row.name, row.group_name) == (name, group_name):
        return row
    if _was_in_force(version):
        what = (
            f"tiêu chí {number} đang có tên “{row.name}”" if row else f"chưa có tiêu chí {number}"
        )
        raise DraftRefused(
            f"Ở phiên bản đã có hiệu lực, {what}. Các phiên bản của một bộ có cùng các tiêu chí;"
            " muốn thêm hay đổi tên tiêu chí, hãy lập bộ tiêu chí của tỉnh dựa trên bộ này."
        )
    before = {"name": row.name, "group": row.group_name} if row else None
    if row is None:
        row = Criterion(set=version.set, number=number)
    row.name, row.group_name = name, group_name
    row.save()
    Indicator.objects.get_or_create(criterion=row, code=CONCLUSION_CODE, defaults={"position": 0})
    VersionCriterion.objects.get_or_create(version=version, criterion=row)
    pending.line(
        table=Criterion._meta.db_table,
        key=f"{about(version)} {number}",
        before=before,
        after={"name": name, "group": group_name},
    )
    return row


def write_indicator(
    version: SetVersion, criterion: Criterion, spec: IndicatorSpec, pending: Pending
) -> bool:
    """The indicator inside a change; False where it says what the draft already says."""
    refuse_wrong(criterion, spec)
    row = find(version, spec.code)
    before = spec_of(row) if row else None
    if row and row.indicator.criterion_id != criterion.pk:
        raise DraftRefused(f"Mã {spec.code} đã dùng ở tiêu chí khác.", "code")
    keeps_parts = bool(before and any(level.part for level in before.levels))
    if before and keeps_parts:
        spec = replace(spec, levels=before.levels, rule=before.rule, unverified=before.unverified)
    if before and _same(before, spec):
        return False
    indicator = row.indicator if row else _indicator(version, criterion, spec)
    _measure(version, indicator, spec)
    if row is None:
        row = Requirement(version=version, indicator=indicator)
    row.text, row.rule, row.note, row.when = spec.text, spec.rule, spec.note, spec.when
    row.text_unverified = spec.unverified == "text"
    row.save()
    if not keeps_parts:
        _write_levels(row, spec)
    pending.line(
        table=Requirement._meta.db_table,
        key=f"{about(version)} {spec.code}",
        before=spec_json(before),
        after=spec_json(spec),
    )
    return True


def refuse_wrong(criterion: Criterion, spec: IndicatorSpec) -> None:
    """Refuse what no version may ask."""
    number = str(criterion.number)
    if not spec.code or len(spec.code) > _CODE or " " in spec.code:
        raise DraftRefused(f"Mã chỉ tiêu “{spec.code}” phải viết liền, tối đa 12 ký tự.", "code")
    if spec.code != number and not spec.code.startswith(f"{number}."):
        raise DraftRefused(f"Mã {spec.code} không thuộc tiêu chí {number} ({number}.…).", "code")
    if not 0 < len(spec.text) <= 400:
        raise DraftRefused("Hãy ghi nội dung chỉ tiêu, tối đa 400 ký tự.", "text")
    if spec.rule not in KIND_RULES[Measure.ValueKind(spec.kind)]:
        raise DraftRefused("Quy tắc không hợp với loại số liệu.", "rule")
    if spec.rule in COMPARISONS and not spec.unit and not any(x.part for x in spec.levels):
        raise DraftRefused("So sánh bằng số thì phải có đơn vị tính.", "unit")


def remove(row: Requirement) -> None:
    """Take an indicator out of a draft, and out of the set where no version ever asked it."""
    indicator = row.indicator
    row.thresholds.all().delete()
    row.delete()
    others = Requirement.objects.filter(indicator=indicator).exists()
    if not others and not indicator.results.exists():
        measure = indicator.measure
        indicator.delete()
        if measure and not measure.indicators.exists():
            measure.delete()


def _write_levels(row: Requirement, spec: IndicatorSpec) -> None:
    """The levels of the spec; those that stay keep their source and their marks."""
    there = {level.selector: level for level in row.thresholds.all()}
    wanted = {level.selector: level for level in spec.levels}
    for selector, level in there.items():
        new = wanted.get(selector)
        if new and (new.value, new.rule) == (level.value, level.rule):
            wanted.pop(selector)
            if level.unverified and spec.unverified == "none":
                level.unverified = False
                level.save()
        else:
            level.delete()
    Threshold.objects.bulk_create(_level(row, level, spec) for level in wanted.values())


def _level(row: Requirement, level: LevelSpec, spec: IndicatorSpec) -> Threshold:
    return Threshold(
        requirement=row,
        rule=level.rule,
        selector=level.selector,
        value=level.value,
        by_province=level.value is None,
        source=spec.source,
        unverified=spec.unverified != "none",
    )


def _indicator(version: SetVersion, criterion: Criterion, spec: IndicatorSpec) -> Indicator:
    """The indicator of the set with this code; a new one comes after the others."""
    there = Indicator.objects.filter(criterion=criterion, code=spec.code)
    if (known := there.select_related("measure").first()) is not None:
        return known
    last = criterion.indicators.aggregate(last=Max("position"))["last"] or 0
    code = f"{version.set.code}.{spec.code}"
    taken = set(Measure.objects.filter(code__startswith=code).values_list("code", flat=True))
    free = next(c for n in range(1, 1000) if (c := code if n == 1 else f"{code}-{n}") not in taken)
    measure = Measure.objects.create(
        code=free, name=spec.text, unit=spec.unit, value_kind=spec.kind
    )
    return Indicator.objects.create(
        criterion=criterion, code=spec.code, position=last + 1, measure=measure
    )


def _measure(version: SetVersion, indicator: Indicator, spec: IndicatorSpec) -> None:
    """Unit and kind of what is measured; they are fixed where another version or set asks it."""
    measure = indicator.measure
    assert measure is not None
    if (measure.unit, measure.value_kind) == (spec.unit, spec.kind):
        return
    elsewhere = Requirement.objects.filter(indicator__measure=measure).filter(
        ~Q(version=version) | ~Q(indicator=indicator)
    )
    if elsewhere.exists():
        raise DraftRefused(
            f"Chỉ tiêu {spec.code} đang đo bằng đơn vị “{measure.unit or 'không có'}” ở bộ hoặc"
            " phiên bản khác, nên không đổi đơn vị tính hay loại số liệu được. Hãy bỏ chỉ tiêu này"
            " rồi thêm chỉ tiêu có mã khác.",
            "unit",
        )
    measure.unit, measure.value_kind, measure.name = spec.unit, spec.kind, spec.text
    measure.save()


def _same(one: IndicatorSpec, other: IndicatorSpec) -> bool:
    names = ("text", "kind", "rule", "unit", "note", "unverified")
    if any(getattr(one, name) != getattr(other, name) for name in names):
        return False
    if (one.when or "") != (other.when or ""):
        return False
    levels = [{(x.part, x.selector, x.rule, x.value) for x in y.levels} for y in (one, other)]
    return levels[0] == levels[1]


def _was_in_force(version: SetVersion) -> bool:
    others = SetVersion.objects.filter(set=version.set)
    return others.exclude(status=SetVersion.Status.DRAFT).exists()


def _update(version: SetVersion, after: dict[str, Any], pending: Pending) -> None:
    before = {name: getattr(version, name) for name in after}
    if before == after:
        raise NothingToRecord
    SetVersion.objects.filter(pk=version.pk).update(**after)
    pending.line(table=SetVersion._meta.db_table, key=about(version), before=before, after=after)
