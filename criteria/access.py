"""Which department answers for which criterion, and who may confirm and return its results.

Departments confirm; the office answers for the total (design: it consolidates, corrects and
closes). So the office and its head confirm or return only a criterion for which no department
answers on the day, and are then shown as the office itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from communes.access import assignments_of, covers
from communes.models import Department, Role, UnitVersion, User
from communes.roles import RIGHTS, Permission
from communes.vietnamese import sort_key
from criteria.models import Responsibility


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """In whose name a person reviews; no department: the office, where nobody else answers."""

    department: Department | None


def answering(
    province_id: int, on: date, criterion_ids: Collection[int]
) -> dict[int, list[Responsibility]]:
    """Criterion id → the departments of the province that answer for it on the day, by name.

    Several may share one criterion: each of them confirms it for all.
    """
    rows = Responsibility.objects.filter(
        province_id=province_id, criterion_id__in=criterion_ids, valid__contains=on
    ).select_related("department")
    found: dict[int, list[Responsibility]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: sort_key(row.department.name)):
        found[row.criterion_id].append(row)
    return found


def reviewer(
    user: User, version: UnitVersion, departments: Sequence[Responsibility]
) -> Reviewer | None:
    """In whose name the person may review a criterion on this unit and all inside it, if at all.

    `departments` are those that answer for the criterion (:func:`answering`).
    """
    by_id = {row.department_id: row.department for row in departments}
    for held in assignments_of(user):
        if Permission.REVIEW not in RIGHTS[held.role] or not covers(held, version):
            continue
        if held.role == Role.DEPARTMENT:
            if held.department_id in by_id:
                return Reviewer(department=by_id[held.department_id])
        elif not departments:
            return Reviewer(department=None)
    return None


def require_reviewer(
    user: User, version: UnitVersion, departments: Sequence[Responsibility]
) -> Reviewer:
    """:func:`reviewer`, or PermissionDenied with who answers instead.

    The guard of the page has asked for the scope and for the right to review at all.
    """
    found = reviewer(user, version, departments)
    if found is None:
        names = ", ".join(row.department.name for row in departments)
        raise PermissionDenied(
            f"Tiêu chí này do {names} xác nhận; tài khoản của bạn chỉ được xem."
            if names
            else "Tiêu chí này chưa phân công cho sở, ngành nào; Văn phòng điều phối xác nhận."
        )
    return found
