"""Whom an administrator manages: the units inside theirs, and the people who work there.

A unit that has ended counts where it last stood, so that assignments to it can still be seen
and ended.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.access import assignments_of
from communes.models import Assignment, Tier, UnitVersion, User
from communes.models.assignments import AssignmentQuerySet
from communes.models.units import UnitVersionQuerySet
from communes.people.refusals import NotYours
from communes.roles import RIGHTS, Permission


def known_versions(day: date) -> UnitVersionQuerySet:
    """Each unit once: as it is called on `day`, or was called last before it."""
    begun = Q(valid__startswith=None) | Q(valid__startswith__lte=day)
    later = UnitVersion.objects.filter(
        begun, unit=OuterRef("unit"), valid__fully_gt=OuterRef("valid")
    )
    return UnitVersion.objects.filter(begun, ~Exists(later)).select_related("unit__clock")


def versions_by_unit(unit_ids: set[int]) -> dict[int, UnitVersion]:
    """What each of these units is called today, or was called last."""
    found = known_versions(timezone.localdate()).filter(unit_id__in=unit_ids)
    return {version.unit_id: version for version in found}


def managed_units(by: User) -> UnitVersionQuerySet:
    """The units on which `by` may manage people; one that `by` reaches twice comes twice.

    Inside a province that has ended are the units that were inside it at its end, wherever
    they belong today.
    """
    today = timezone.localdate()
    held = [a.unit for a in assignments_of(by) if Permission.MANAGE_PEOPLE in RIGHTS[a.role]]
    if any(unit.tier == Tier.COUNTRY for unit in held):
        return known_versions(today)
    own = versions_by_unit({unit.pk for unit in held})
    by_day: dict[date, list[int]] = {}
    for unit_id, version in own.items():
        day = min(today, version.last_day or today)
        by_day.setdefault(day, []).append(unit_id)
    inside = Q(pk__in=[])
    for day, ids in by_day.items():
        mine = Q(unit_id__in=ids) | Q(parent_id__in=ids) | Q(province_id__in=ids)
        inside |= Q(pk__in=known_versions(day).filter(mine).values("pk"))
    return UnitVersion.objects.filter(inside).select_related("unit__clock")


def managed_assignments(by: User) -> AssignmentQuerySet:
    """All assignments, ended ones too, on the units that `by` manages."""
    return Assignment.objects.filter(unit_id__in=managed_units(by).values("unit_id"))


def managed_people(by: User) -> QuerySet[User]:
    """Everybody who has, or had, an assignment there."""
    return User.objects.filter(pk__in=managed_assignments(by).values("user_id"))


def require_unit(by: User | None, unit_id: int) -> UnitVersion:
    """The unit as it is called now. Raises NotYours when `by` may not manage people there."""
    known = known_versions(timezone.localdate()) if by is None else managed_units(by)
    version = known.filter(unit_id=unit_id).order_by("-valid").first()
    if version is None:
        raise NotYours("Đơn vị này nằm ngoài phạm vi quản trị của bạn.", field="unit")
    return version


def require_person(by: User | None, person: User) -> None:
    """Raises NotYours when the person never worked on a unit that `by` manages."""
    if by is not None and not managed_people(by).filter(pk=person.pk).exists():
        raise NotYours("Người này nằm ngoài phạm vi quản trị của bạn.")


def works_elsewhere(by: User, person: User) -> bool:
    """Whether the person holds, or will hold, rights on a unit that `by` does not manage.

    Whoever gets a link to set this person's password gets those rights with it.
    """
    today = timezone.localdate()
    rights = Assignment.objects.filter(user=person).filter(
        Q(valid__endswith=None) | Q(valid__endswith__gt=today)
    )
    return rights.exclude(unit_id__in=managed_units(by).values("unit_id")).exists()
