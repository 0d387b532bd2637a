"""Who reads a criteria set and who may write a new version of it.

A national set is read by everybody who reads anything; a province's own set by whoever works
in that province. An office writes the sets of its own province. A national set is written here
only where the database serves one office alone: its text counts for every province that adopted
it (docs/decisions/0006-who-writes-a-new-version-of-a-national-set.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from communes.access import assignments_of
from communes.models import COUNTRY_CODE, Assignment, Tier, Unit, UnitVersion, User
from communes.roles import RIGHTS, Permission
from criteria import days
from criteria.models import CriteriaSet, SetAdoption


def reads_sets(user: User) -> bool:
    """Whether the person reads anything at all, and so the sets that it is judged by."""
    return any(True for _ in _holding(user, Permission.READ))


def edits_sets(user: User) -> bool:
    """Whether the person may edit sets of some province."""
    return any(True for _ in _holding(user, Permission.EDIT_SETS))


def reads(user: User, criteria_set: CriteriaSet) -> bool:
    """Whether the person may read this set."""
    owner = criteria_set.province
    return any(
        owner is None or held.unit.tier == Tier.COUNTRY or held.unit.clock_id == owner.clock_id
        for held in _holding(user, Permission.READ)
    )


def edits(user: User, criteria_set: CriteriaSet) -> bool:
    """Whether the person may write new versions of this set."""
    clocks = _clocks(user)
    if clocks is None:
        return True
    if criteria_set.province is not None:
        return criteria_set.province.clock_id in clocks
    adopting = set(SetAdoption.objects.values_list("province__clock", flat=True))
    return bool(clocks) and adopting <= clocks


def provinces_edited(user: User) -> list[UnitVersion]:
    """The provinces whose sets the person edits, as their pages open."""
    held = _holding(user, Permission.EDIT_SETS)
    ids = {one.unit_id for one in held if one.unit.tier == Tier.PROVINCE}
    return [version for version, _ in days.openings(ids).values()]


def provinces_read(user: User) -> list[tuple[UnitVersion, date]]:
    """The provinces that the person works in or for, with the day that their pages open with."""
    inside = days.openings({held.unit_id for held in _holding(user, Permission.READ)})
    ids = {version.province_id for version, _ in inside.values() if version.province_id}
    return sorted(days.openings(ids).values(), key=lambda found: found[0].sort_key)


def visible(user: User, sets: list[CriteriaSet]) -> list[CriteriaSet]:
    """Those of `sets` that the person may read."""
    return [one for one in sets if reads(user, one)]


def clock_of(criteria_set: CriteriaSet) -> str:
    """Whose number line the writes on this set are part of."""
    owner: Unit | None = criteria_set.province
    return COUNTRY_CODE if owner is None else owner.clock_id


def _clocks(user: User) -> set[str] | None:
    """The number lines on which the person may edit; None for all of them."""
    held = list(_holding(user, Permission.EDIT_SETS))
    if any(one.unit.tier == Tier.COUNTRY for one in held):
        return None
    return {one.unit.clock_id for one in held if one.unit.tier == Tier.PROVINCE}


def _holding(user: User, permission: Permission) -> Iterator[Assignment]:
    return (held for held in assignments_of(user) if permission in RIGHTS[held.role])
