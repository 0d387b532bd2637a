"""The work of a commune's officer: what came back, the month to send in, cells to assess."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from communes import units
from communes.models import UnitVersion, User
from criteria import months, rejudging
from criteria.cells import Cell
from criteria.months import submitting
from criteria.months.commune_month import CommuneMonth, commune_month
from reports.work.tasks import Note, Task, some


def tasks(user: User, place: UnitVersion) -> Iterator[Task]:
    """The tasks of one commune: of its working month, and of older months that are open."""
    found = commune_month(place, months.month_end(months.working_day(place.province)))
    yield from _of_months(place, found)
    if found.sheet is None:
        return
    entry = reverse("entry", args=[place.code])
    for criterion, review in found.returned:
        who = str(review.department or review.change.by or "Văn phòng điều phối")
        yield Task(
            title=f"Sửa tiêu chí {criterion.number} {criterion.name}: bị trả lại",
            url=f"{entry}#criterion-{criterion.number}",
            act="Sửa kết quả",
            notes=(Note(text=f"“{review.reason}”", more=who),),
            since=timezone.localdate(review.change.at),
            urgent=True,
        )
    if found.missing:
        yield Task(
            title=f"Đánh giá {len(found.missing)} ô chưa đánh giá",
            url=entry,
            act="Nhập kết quả",
            notes=some(map(_cell, found.missing), "ô"),
        )
    province = units.province_of(place, found.month)
    again = rejudging.due(province, found.month, commune=place.unit_id)
    if again:
        yield Task(
            title=f"Đánh giá lại {len(again)} ô cần đánh giá lại",
            url=entry,
            act="Đánh giá lại",
            notes=some(
                (
                    Note(text=f"{one.now.question.code} {one.now.question.text}", more=one.words)
                    for one in again
                ),
                "ô",
            ),
        )
    if found.stale:
        yield Task(
            title=f"{len(found.stale)} ô chưa đánh giá lại năm {found.month.year}",
            url=entry,
            act="Xem và đánh giá lại",
        )


def _of_months(place: UnitVersion, working: CommuneMonth) -> Iterator[Task]:
    """One task for each open month that was not sent in, or changed since."""
    for month in working.open_months:
        page = working if month == working.month else None
        act = (
            page.standing
            if page
            else submitting.last_acts([place.unit_id], month).get(place.unit_id)
        )
        sent = act is not None and act.act == submitting.SUBMIT
        due = submitting.deadline(month)
        url = f"{reverse('commune_month', args=[place.code])}?month={month:%Y-%m}"
        when = {"due": due, "days_left": (due - working.today).days}
        if act is not None and not sent:
            who = str(act.change.by or "Văn phòng điều phối")
            yield Task(
                title=f"Gửi lại số liệu tháng {month:%m/%Y}: bị trả lại",
                url=url,
                act="Xem và gửi lại",
                notes=(Note(text=f"“{act.reason}”", more=who),),
                urgent=True,
                **when,
            )
        elif not sent:
            yield Task(title=f"Gửi số liệu tháng {month:%m/%Y}", url=url, act="Gửi số liệu", **when)
        elif page is not None and page.changed:
            yield Task(
                title=f"Gửi bổ sung tháng {month:%m/%Y}: {len(page.changed)} ô nhập sau khi gửi",
                url=url,
                act="Gửi bổ sung",
                **when,
            )


def _cell(cell: Cell) -> Note:
    if cell.concludes:
        return Note(text=f"Kết luận tiêu chí {cell.indicator.text}")
    return Note(text=f"{cell.number} {cell.text}")
