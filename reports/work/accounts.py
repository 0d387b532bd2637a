"""The work of an administrator: accounts that cannot be used yet, and communes without any."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from communes import units
from communes.models import Tier, UnitVersion, User
from communes.people import listing
from communes.people.listing import Filters
from communes.people.states import State
from criteria import months
from criteria.months.lateness import officers_of
from reports.work.tasks import Note, Task, some


def tasks(user: User, place: UnitVersion) -> Iterator[Task]:
    """People who have set no password, accounts that are locked, communes without an officer."""
    people = listing.rows(user, Filters(ended=True))
    for state, what, act in (
        (State.INVITED, "người chưa đặt mật khẩu", "Gửi lại đường dẫn"),
        (State.LOCKED, "tài khoản đang khóa", "Xem người dùng"),
    ):
        found = [row.person for row in people if row.state is state]
        if found:
            yield Task(
                title=f"{len(found)} {what}",
                url=reverse("people") + ("?ended=1" if state is State.LOCKED else ""),
                act=act,
                notes=some(
                    (Note(text=str(one), url=reverse("person", args=[one.pk])) for one in found),
                    "người",
                ),
            )
    if place.unit.tier == Tier.PROVINCE:
        yield from _without_officers(place)


def _without_officers(place: UnitVersion) -> Iterator[Task]:
    on = months.month_end(months.working_day(place.province))
    communes = list(units.communes_in_programme(place, on))
    there = officers_of([one.unit_id for one in communes])
    missing = [one for one in communes if one.unit_id not in there]
    if missing:
        yield Task(
            title=f"{len(missing)}/{len(communes)} xã chưa có tài khoản cán bộ xã",
            url=reverse("invite"),
            act="Mời người dùng",
            notes=some((Note(text=one.full_name) for one in missing), "xã"),
        )
