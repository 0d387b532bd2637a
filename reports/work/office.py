"""The work of the provincial office and its head: who is late, what waits, what to close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from communes import units
from communes.access import permissions
from communes.models import UnitVersion, User
from communes.roles import Permission
from criteria import months, openings
from criteria.confirming.queue import Waiting, queue
from criteria.months import lateness
from criteria.months.lateness import Submissions
from criteria.months.review import by_department
from criteria.openings.listing import State
from reports.work.tasks import Note, Task, some


def tasks(user: User, place: UnitVersion) -> Iterator[Task]:
    """The tasks of a province, as the office or its head reads them."""
    today = months.working_day(place.province)
    on = months.month_end(today)
    closes = Permission.CLOSE in permissions(user, place)
    waiting = queue(user, place, on=on, today=today)
    for month in months.open_months(place.province):
        province = units.version_of(place.unit_id, month)
        found = lateness.submissions(province, month, today=today)
        if month <= today:
            yield _close(place, found, sum(row.waiting for row in waiting), closes)
        if found.waited:
            yield _late(place, found)
    yield from _unconfirmed(place, on, waiting)
    new = [row for row in openings.new_units(place, on) if row.state is State.WAITING]
    if new:
        yield Task(
            title=f"Quyết định kết quả ban đầu của {len(new)} đơn vị mới",
            url=reverse("openings", args=[place.code]),
            act="Xem đề xuất",
            notes=some((Note(text=row.version.full_name) for row in new), "đơn vị"),
            since=min(row.start.first_day for row in new if row.start.first_day),
        )


def _close(place: UnitVersion, found: Submissions, waiting: int, closes: bool) -> Task:
    missing = [
        f"{len(found.waited)} xã chưa gửi" if found.waited else "",
        f"{waiting} lượt chưa xác nhận" if waiting else "",
    ]
    left = ", ".join(part for part in missing if part)
    label = f"tháng {found.month:%m/%Y}"
    return Task(
        title=f"Chốt số liệu {label}" if closes else f"Chánh Văn phòng chốt số liệu {label}",
        url=reverse("month", args=[place.code, f"{found.month:%Y-%m}"]),
        act="Xem rồi chốt" if closes else "Xem tình hình",
        notes=(Note(text=f"còn {left}" if left else "mọi xã đã gửi, mọi kết quả đã xác nhận"),),
        since=found.month,
    )


def _late(place: UnitVersion, found: Submissions) -> Task:
    word = "chậm gửi" if found.late else "chưa gửi"
    label = f"{found.month:%m/%Y}"
    return Task(
        title=f"{len(found.waited)}/{found.communes} xã {word} số liệu tháng {label}",
        url=reverse("month", args=[place.code, f"{found.month:%Y-%m}"]) + "#late",
        act="Xem danh sách",
        notes=some(
            (
                Note(
                    text=one.version.full_name,
                    url=f"{reverse('commune_month', args=[one.version.code])}"
                    f"?month={found.month:%Y-%m}",
                    more=", ".join(map(str, one.officers)) or "chưa có tài khoản cán bộ xã",
                )
                for one in found.waited
            ),
            "xã",
        ),
        due=found.deadline,
        days_left=(found.deadline - found.today).days,
    )


def _unconfirmed(place: UnitVersion, on: date, waiting: list[Waiting]) -> Iterator[Task]:
    """What departments have to confirm: reminded of by the office; its own criteria it confirms."""
    groups = by_department(waiting)
    own = [group for group in groups if group.department is None]
    others = [group for group in groups if group.department is not None]
    for group in own:
        yield Task(
            title=f"Xác nhận {group.waiting} lượt ở tiêu chí chưa phân công cho sở, ngành",
            url=reverse("review_queue", args=[place.code]),
            act="Xem và xác nhận",
        )
    if others:
        total = sum(row.waiting for row in waiting if row.departments)
        yield Task(
            title=f"{len(others)} sở, ngành còn {total} lượt chờ xác nhận",
            url=reverse("review_queue", args=[place.code]),
            act="Xem từng tiêu chí",
            notes=some(
                (Note(text=str(one.department), more=f"{one.waiting} lượt") for one in others),
                "sở, ngành",
            ),
        )
