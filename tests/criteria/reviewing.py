"""Departments and their acts, for tests of confirming."""

from __future__ import annotations

from typing import Any

from communes.models import Assignment, Department, Role, UnitVersion, User
from criteria import adoptions, reviews
from criteria.confirming.states import CriterionState, read
from criteria.models import CriteriaSet, Criterion, Responsibility, Review
from criteria.reviews import Act, Reviewed
from tests.criteria.factories_sets import make_set
from tests.criteria.world import JANUARY, World
from tests.factories import ALWAYS, make_department, make_user

CONFIRM, RETURN = Review.Act.CONFIRM, Review.Act.RETURN


def criterion_id(world: World, number: int, set_id: int | None = None) -> int:
    return Criterion.objects.get(set_id=set_id or world.asked.set_id, number=number).pk


def make_answering(
    world: World, *numbers: int, name: str = "Sở Xây dựng", **how: Any
) -> Department:
    """A department that answers for these criteria of the world's province."""
    department = how.pop("department", None) or make_department(name=name)
    for number in numbers:
        Responsibility.objects.create(
            criterion_id=criterion_id(world, number),
            department=department,
            province=world.province.unit,
            valid=how.get("valid", ALWAYS),
        )
    return department


def make_person(
    version: UnitVersion, role: Role, department: Department | None = None, **how: Any
) -> User:
    """A person with one role on a unit."""
    user = make_user(**how)
    Assignment.objects.create(
        user=user, role=role, unit=version.unit, department=department, valid=ALWAYS
    )
    return user


def state(world: World, commune: UnitVersion, number: int) -> CriterionState:
    """How a criterion of a commune stands now."""
    criterion = next(c for c in world.asked.criteria if c.number == number)
    return read([commune.unit_id], [criterion])[commune.unit_id, criterion.id]


def act(
    world: World,
    commune: UnitVersion,
    number: int,
    what: Review.Act = CONFIRM,
    seen: tuple[int, ...] | None = None,
) -> Act:
    """An act of somebody who saw all that holds now, unless `seen` says what."""
    return Act(
        unit_id=commune.unit_id,
        criterion_id=criterion_id(world, number),
        act=what,
        seen=state(world, commune, number).seen if seen is None else seen,
    )


def confirm(world: World, *communes: UnitVersion, number: int, **how: Any) -> Reviewed:
    acts = [act(world, commune, number) for commune in communes]
    how.setdefault("by", world.officer)
    return reviews.review(province=world.province.unit, acts=acts, **how)


def send_back(
    world: World, *communes: UnitVersion, number: int, reason: str = "Thiếu minh chứng", **how: Any
) -> Reviewed:
    acts = [act(world, commune, number, RETURN) for commune in communes]
    how.setdefault("by", world.officer)
    return reviews.review(province=world.province.unit, acts=acts, reason=reason, **how)


def adopt_beside(world: World, code: str = "tinh", **how: Any) -> CriteriaSet:
    """A second set that the province judges by, beside the headline."""
    beside = make_set(code=code, base=world.asked.code, **how)
    adoptions.adopt(
        province=world.province.unit,
        set=beside,
        from_on=JANUARY.replace(day=1),
        decision="02/QĐ-UBND",
        by=None,
        in_headline=False,
    )
    return beside
