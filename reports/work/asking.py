"""Which tasks a person has at a place: each role asks its own list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from communes.models import Role, UnitVersion, User
from reports.work import accounts, commune, department, differences, office
from reports.work.tasks import Task, Work, in_order

type Ask = Callable[[User, UnitVersion], Iterable[Task]]

LISTS: dict[str, tuple[Ask, ...]] = {
    Role.COMMUNE: (commune.tasks,),
    Role.DEPARTMENT: (department.tasks,),
    Role.OFFICE: (office.tasks,),
    Role.HEAD: (differences.tasks, office.tasks),
    Role.ADMIN: (differences.tasks, accounts.tasks),
}
"""Role → its lists; a role without any reads only."""


def work(user: User, place: UnitVersion, roles: Iterable[str]) -> Work:
    """What waits for a person who holds these roles on a place; the number of queries does not
    grow with the communes inside it.
    """
    lists = list(dict.fromkeys(ask for role in roles for ask in LISTS.get(role, ())))
    tasks = [task for ask in lists for task in ask(user, place)]
    return Work(tasks=in_order(tasks), reads_only=not lists)
