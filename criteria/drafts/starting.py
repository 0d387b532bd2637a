"""Starting a draft: the next version of a set, or a set of the province's own."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from communes.models import Unit, User
from communes.vietnamese import fold, nfc
from criteria.drafts.records import DraftRefused, Repeated, about, writing
from criteria.models import (
    CONCLUSION_CODE,
    CriteriaSet,
    Criterion,
    Indicator,
    Requirement,
    SetVersion,
    Threshold,
    VersionCriterion,
)

_KEPT = (
    "issuer", "method", "na_counts_as", "na_counts_as_unverified", "bracket_cuts",
    "official_criteria", "official_indicators", "region_rules", "commune_groups", "notes",
)  # fmt: skip


def new_version(
    *,
    version: SetVersion,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> SetVersion:
    """A draft that says the same as `version`, as the next version of its set.

    Raises DraftRefused where a draft of the set is already there.
    """
    how = {"by": by, "request_id": request_id, "ip": ip}
    with suppress(Repeated), writing(version.set, "sets.draft", **how) as pending:
        _refuse_second_draft(version.set)
        last = SetVersion.objects.filter(set=version.set).order_by("-no").first()
        draft = SetVersion.objects.create(
            set=version.set,
            no=(last.no if last else 0) + 1,
            in_force_on=version.in_force_on,
            **{name: getattr(version, name) for name in _KEPT},
        )
        criteria = Criterion.objects.filter(set=version.set)
        _copy(version, draft, {row.pk: row for row in criteria}, same_set=True)
        pending.line(
            table=SetVersion._meta.db_table, key=about(draft), after={"from": about(version)}
        )
    return SetVersion.objects.select_related("set").filter(set=version.set).latest("no")


def new_set(
    *,
    province: Unit,
    name: str,
    tier: str,
    period: tuple[int, int],
    issuer: str,
    by: User | None,
    level: str = CriteriaSet.Level.COMMUNE,
    base: SetVersion | None = None,
    keeps: Collection[int] | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> SetVersion:
    """A set of the province's own with a first draft.

    With `base` it starts with that version's criteria (those numbered in `keeps`, else all):
    criteria of its own that ask the same measures, so that one entry gets a verdict from both.
    Raises DraftRefused for a name that is missing or taken.
    """
    name = nfc(name)
    if not 0 < len(name) <= 120:
        raise DraftRefused("Hãy ghi tên bộ tiêu chí, tối đa 120 ký tự.", "name")
    if period[0] > period[1]:
        raise DraftRefused("Năm cuối của giai đoạn không được trước năm đầu.", "period_to")
    how = {"clock": province.clock_id, "by": by, "request_id": request_id, "ip": ip}
    with suppress(Repeated), writing(None, "sets.new", **how) as pending:
        if CriteriaSet.objects.filter(name__iexact=name, province=province).exists():
            raise DraftRefused(f"Tỉnh đã có bộ tiêu chí tên “{name}”; hãy đặt tên khác.", "name")
        made = CriteriaSet.objects.create(
            code=_free_code(name),
            name=name,
            level=level,
            tier=tier,
            base=base.set if base else None,
            province=province,
            period_from=period[0],
            period_to=period[1],
        )
        kept = {key: getattr(base, key) for key in _KEPT} if base else {}
        kept |= {"issuer": nfc(issuer), "official_criteria": None, "official_indicators": None}
        draft = SetVersion.objects.create(
            set=made,
            no=1,
            in_force_on=base.in_force_on if base else date(period[0], 1, 1),
            **({"bracket_cuts": []} | kept),
        )
        if base:
            rows = Criterion.objects.filter(set=base.set)
            wanted = [row for row in rows if keeps is None or row.number in keeps]
            _copy(base, draft, _own_criteria(made, wanted), same_set=False)
        pending.line(
            table=CriteriaSet._meta.db_table,
            key=made.code,
            after={"name": name, "province": province.key, "base": base and about(base)},
        )
    made_now = SetVersion.objects.filter(set__name=name, set__province=province)
    return made_now.select_related("set__province__clock", "set__base").latest("no")


def _refuse_second_draft(criteria_set: CriteriaSet) -> None:
    there = SetVersion.objects.filter(set=criteria_set, status=SetVersion.Status.DRAFT).first()
    if there is not None:
        raise DraftRefused(
            f"Bộ này đang có dự thảo phiên bản {there.no}; hãy sửa tiếp hoặc xóa dự thảo đó trước."
        )


def _own_criteria(made: CriteriaSet, rows: Collection[Criterion]) -> dict[int, Criterion]:
    """Base criterion id → a criterion of the new set."""
    found = {
        row.pk: Criterion.objects.create(
            set=made, number=row.number, name=row.name, group_name=row.group_name
        )
        for row in rows
    }
    Indicator.objects.bulk_create(
        Indicator(criterion=row, code=CONCLUSION_CODE, position=0) for row in found.values()
    )
    return found


def _copy(
    source: SetVersion, draft: SetVersion, criteria: dict[int, Criterion], *, same_set: bool
) -> None:
    """Wordings, requirements and levels of `source`, for the criteria named by their old id."""
    for wording in VersionCriterion.objects.filter(version=source, criterion__in=criteria):
        VersionCriterion.objects.create(
            version=draft,
            criterion=criteria[wording.criterion_id],
            **_fields(wording, "version", "criterion"),
        )
    asked = Requirement.objects.filter(version=source, indicator__criterion__in=criteria)
    for row in asked.select_related("indicator__measure").order_by("pk"):
        indicator = row.indicator
        if not same_set:
            indicator = Indicator.objects.create(
                criterion=criteria[row.indicator.criterion_id],
                code=row.indicator.code,
                position=row.indicator.position,
                measure=row.indicator.measure,
            )
        made = Requirement.objects.create(
            version=draft, indicator=indicator, **_fields(row, "version", "indicator")
        )
        Threshold.objects.bulk_create(
            Threshold(
                requirement=made,
                **_fields(level, "requirement")
                | {"decision": level.decision or ("" if same_set else source.decision_number)},
            )
            for level in row.thresholds.order_by("pk")
        )


def _fields(row: Any, *but: str) -> dict[str, Any]:
    """The columns of a row as they are, without its id and those named."""
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in names if name not in but}


def _free_code(name: str) -> str:
    """A code for a set of this name that no other has."""
    base = slugify(fold(name))[:50] or "bo-tieu-chi"
    taken = set(CriteriaSet.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(
        code for n in range(1, 1000) if (code := base if n == 1 else f"{base}-{n}") not in taken
    )
