"""A province's own values for levels that sets leave to the UBND tỉnh: set, replaced, withdrawn.

Each act judges the results of the province again by appended results, in the same change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import Unit, User
from communes.vietnamese import format_date, nfc
from criteria import months, rejudging, sets
from criteria.definitions import counting, own_levels
from criteria.models import CriteriaSet, Indicator, ProvinceLevel, Requirement, Threshold
from criteria.rejudging.writing import lock
from criteria.rules.types import OwnLevel, Rule, SetDefinition

_TRIED = 2**62
"""Id of a level that is only tried: later than any recorded one."""


class LevelRefused(ValueError):
    """The level cannot be recorded; `field` names the field of the form, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A level as the office decides it."""

    requirement: Requirement
    rule: Rule
    value: Decimal
    from_on: date
    decision: str
    part: str = ""
    selector: str = "all"
    unit: str = ""
    replaces: ProvinceLevel | None = None


@dataclass(frozen=True, kw_only=True)
class LeftToProvince:
    """One level that a set leaves to the province, with what the province made of it."""

    set: CriteriaSet
    requirement: Requirement
    part: str
    part_text: str
    unit: str
    own: tuple[ProvinceLevel, ...]


def left_to_province(province: Unit, on: date) -> list[LeftToProvince]:
    """Every level by province of the sets that count on a day, criterion by criterion.

    An indicator that an overlay keeps is filled through its base, where that counts as well.
    """
    found: list[LeftToProvince] = []
    seen: set[tuple[int, str]] = set()
    adopted = sets.of_province(province.pk).counting(on)
    bases = {version.set.base_id for version in adopted}
    for version in sorted(adopted, key=lambda one: one.set_id not in bases):
        rows = Threshold.objects.filter(requirement__version=version, by_province=True)
        rows = rows.select_related("requirement__indicator__measure")
        order = ("requirement__indicator__criterion__number", "requirement__indicator__position")
        for row in rows.select_related("requirement__indicator__criterion").order_by(*order, "pk"):
            key = (row.requirement.indicator.measure_id or 0, row.part)
            if key in seen:
                continue
            seen.add(key)
            found.append(
                LeftToProvince(
                    set=version.set,
                    requirement=row.requirement,
                    part=row.part,
                    part_text=row.part_text,
                    unit=row.part_unit or row.requirement.indicator.measure.unit,
                    own=tuple(_live(province, row.requirement, row.part)),
                )
            )
    return found


def _live(province: Unit, requirement: Requirement, part: str) -> Iterator[ProvinceLevel]:
    """What counts or will count, the latest first; replaced and withdrawn ones do not."""
    rows = ProvinceLevel.objects.filter(
        province=province,
        requirement__indicator=requirement.indicator_id,
        part=part,
        withdrawn=False,
        replaced_by=None,
    )
    yield from rows.select_related("change__by").order_by("-from_on", "-pk")


def preview(province: Unit, wanted: Wanted) -> rejudging.Plan:
    """What recording the level would do; nothing is written. Raises LevelRefused."""
    _refuse(province, wanted)
    tried = OwnLevel(
        id=_TRIED,
        indicator_ids=_indicators(wanted.requirement),
        value=wanted.value,
        from_on=wanted.from_on,
        decision=wanted.decision,
        replaces=wanted.replaces.pk if wanted.replaces else None,
        selector=wanted.selector,
        rule=wanted.rule,
        part=wanted.part,
        unit=wanted.unit,
    )
    own = (*own_levels(province.pk), tried)
    return _plan(province, wanted.requirement, _since(wanted), own=own)


def set_level(
    *,
    province: Unit,
    wanted: Wanted,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> rejudging.Plan | None:
    """Record the province's own level and judge its results again; None for a repeated request.

    With `replaces` it takes the place of one recorded before, as if that had never counted.
    Raises LevelRefused without a decision, for a day after the working month, and for a level
    that the set does not leave to the province.
    """
    _refuse(province, wanted)
    row = ProvinceLevel(
        requirement=wanted.requirement,
        province=province,
        part=wanted.part,
        selector=wanted.selector,
        rule=wanted.rule,
        value=wanted.value,
        unit=wanted.unit,
        from_on=wanted.from_on,
        decision=nfc(wanted.decision),
        replaces=wanted.replaces,
    )
    return _record(row, "levels.set", _since(wanted), by=by, request_id=request_id, ip=ip)


def withdraw(
    *,
    level: ProvinceLevel,
    reason: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> rejudging.Plan | None:
    """Take back a level recorded by mistake, with a reason; results are judged again.

    Raises LevelRefused without a reason, and for a level replaced or withdrawn before.
    """
    reason = nfc(reason)
    if not 0 < len(reason) <= 200:
        raise LevelRefused("Hãy ghi lý do rút mức này, tối đa 200 ký tự.", "reason")
    _refuse_replaced(level)
    row = ProvinceLevel(
        requirement=level.requirement,
        province=level.province,
        part=level.part,
        selector=level.selector,
        rule=level.rule,
        value=level.value,
        unit=level.unit,
        from_on=level.from_on,
        decision=reason,
        replaces=level,
        withdrawn=True,
    )
    how = {"by": by, "request_id": request_id, "ip": ip}
    return _record(row, "levels.withdraw", level.from_on, **how)


def _record(
    row: ProvinceLevel,
    action: str,
    since: date,
    *,
    by: User | None,
    request_id: UUID | None,
    ip: str | None,
) -> rejudging.Plan | None:
    province, found = row.province, None
    clock = province.clock_id
    with recording(clock=clock, action=action, by=by, request_id=request_id, ip=ip) as pending:
        lock(province, _asking(province, row.requirement), since)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        if row.replaces is not None:
            _refuse_replaced(row.replaces)
        row.change_id = pending.id
        row.save()
        found = _plan(province, row.requirement, since)
        rejudging.write(found, pending, by=by)
        _line(row, pending, found)
    return found


def _line(row: ProvinceLevel, pending: Pending, found: rejudging.Plan) -> None:
    pending.line(
        table=ProvinceLevel._meta.db_table,
        key=str(row.pk),
        before={"replaces": row.replaces_id} if row.replaces_id else None,
        after={
            "requirement": row.requirement_id,
            "selector": row.selector,
            "value": str(row.value),
            "from_on": row.from_on.isoformat(),
            "decision": row.decision,
            "withdrawn": row.withdrawn,
            **rejudging.counts(found),
        },
    )


def _plan(
    province: Unit,
    requirement: Requirement,
    since: date,
    *,
    own: Sequence[OwnLevel] | None = None,
) -> rejudging.Plan:
    return rejudging.plan(
        province=province,
        asked=_asking(province, requirement),
        from_on=since,
        own=own,
        indicators=_indicators(requirement),
    )


def _asking(province: Unit, requirement: Requirement) -> list[SetDefinition]:
    """The sets that count in the working month and are filled by a level of the requirement."""
    on = months.month_end(months.working_day(province))
    indicators = _indicators(requirement)
    return [
        asked
        for asked in counting(province.pk, on)
        if any(one.id in indicators for criterion in asked.criteria for one in criterion.indicators)
    ]


def _indicators(requirement: Requirement) -> frozenset[int]:
    """The indicator itself and those of overlays of its set that ask the same measure."""
    indicator = requirement.indicator
    kept = Indicator.objects.filter(
        measure=indicator.measure_id, criterion__set__base=indicator.criterion.set_id
    )
    return frozenset({indicator.pk, *kept.values_list("pk", flat=True)})


def _since(wanted: Wanted) -> date:
    """The day from which results may change: that of the level replaced counts as well."""
    days = [wanted.from_on, *([wanted.replaces.from_on] if wanted.replaces else [])]
    return min(days)


def _refuse(province: Unit, wanted: Wanted) -> None:
    left = wanted.requirement.thresholds.filter(part=wanted.part, by_province=True)
    if not left.exists():
        raise LevelRefused(
            "Bộ tiêu chí không để mức này cho UBND tỉnh quy định. Muốn nâng mức, hãy lập bộ"
            " tiêu chí của tỉnh dựa trên bộ này."
        )
    if not 0 < len(nfc(wanted.decision)) <= 200:
        raise LevelRefused("Hãy ghi quyết định của tỉnh, tối đa 200 ký tự.", "decision")
    if wanted.rule is Rule.BY_PROVINCE:
        raise LevelRefused("Hãy chọn quy tắc so sánh.", "rule")
    month = months.month_end(months.working_day(province))
    if wanted.from_on > month:
        raise LevelRefused(
            f"Tháng đang nhập số liệu kết thúc {format_date(month)}; mức có hiệu lực sau ngày đó"
            " thì hãy ghi khi đến tháng ấy.",
            "from_on",
        )
    if wanted.replaces is not None:
        _refuse_replaced(wanted.replaces)


def _refuse_replaced(level: ProvinceLevel) -> None:
    if level.withdrawn or ProvinceLevel.objects.filter(replaces=level).exists():
        raise LevelRefused("Mức này đã được thay hoặc đã rút; hãy tải lại trang.")
