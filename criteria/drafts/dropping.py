"""Throwing a draft away, while nothing rests on it."""

from __future__ import annotations

from uuid import UUID

from communes.models import User
from criteria.drafts.editing import remove
from criteria.drafts.records import DraftRefused, about, editing, once
from criteria.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    Requirement,
    SetAdoption,
    SetVersion,
    VersionCriterion,
)


@once(None)
def drop(
    *,
    version: SetVersion,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Delete a draft, and its set where that never had another version.

    Raises DraftRefused for a version in force, and where something rests on the set.
    """
    with editing(version, "sets.drop_draft", by=by, request_id=request_id, ip=ip) as pending:
        alone = not SetVersion.objects.filter(set=version.set).exclude(pk=version.pk).exists()
        if alone and (why := _rests_on(version.set)):
            raise DraftRefused(why)
        pending.line(
            table=SetVersion._meta.db_table,
            key=about(version),
            before={"set": version.set.name, "no": version.no},
        )
        for row in Requirement.objects.filter(version=version).select_related("indicator__measure"):
            remove(row)
        VersionCriterion.objects.filter(version=version).delete()
        version.delete()
        if alone:
            Indicator.objects.filter(criterion__set=version.set).delete()
            Criterion.objects.filter(set=version.set).delete()
            version.set.delete()


def _rests_on(criteria_set: CriteriaSet) -> str:
    if SetAdoption.objects.filter(set=criteria_set).exists():
        return "Tỉnh đã áp dụng bộ này nên không xóa được."
    if criteria_set.overlays.exists():
        return "Có bộ tiêu chí khác dựa trên bộ này nên không xóa được."
    return ""
