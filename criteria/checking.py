"""Marking levels as compared with the decision's text: who, when, by which document."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from communes.audit import NothingToRecord
from communes.models import User
from communes.vietnamese import nfc
from criteria.drafts.records import about, once, writing
from criteria.models import SetVersion, Threshold, ThresholdCheck


class CheckRefused(ValueError):
    """Levels cannot be marked; the message says why."""


@once(0)
def mark(
    *,
    version: SetVersion,
    levels: Collection[int],
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> int:
    """Record that somebody compared levels (by id) of a version with a document; how many.

    From then on the program judges where every level of an indicator is checked. Verdicts that
    officers gave stay, and their cells are listed to be assessed again. Levels that are checked
    already are left alone. Raises CheckRefused without a document, and for no level at all.
    """
    document = nfc(document)
    if not 0 < len(document) <= 200:
        raise CheckRefused("Hãy ghi văn bản đã dùng để đối chiếu, tối đa 200 ký tự.")
    if version.status == SetVersion.Status.DRAFT:
        raise CheckRefused("Ở dự thảo, hãy đánh dấu “đã đối chiếu” ngay khi sửa chỉ tiêu.")
    rows = Threshold.objects.filter(
        requirement__version=version, pk__in=list(levels), unverified=True, checks=None
    ).exclude(by_province=True)
    if not levels:
        raise CheckRefused("Hãy chọn ít nhất một mức đã đối chiếu.")
    written = 0
    with writing(version.set, "sets.check_levels", by=by, request_id=request_id, ip=ip) as pending:
        found = list(rows.order_by("pk"))
        if not found:
            raise NothingToRecord
        ThresholdCheck.objects.bulk_create(
            ThresholdCheck(threshold=row, document=document, change_id=pending.id) for row in found
        )
        pending.line(
            table=ThresholdCheck._meta.db_table,
            key=about(version),
            after={"levels": [row.pk for row in found], "document": document},
        )
        written = len(found)
    return written


def unchecked(version: SetVersion) -> list[int]:
    """Ids of every level of the version that nobody has compared yet."""
    rows = Threshold.objects.filter(requirement__version=version, unverified=True, checks=None)
    return list(rows.exclude(by_province=True).order_by("pk").values_list("pk", flat=True))
