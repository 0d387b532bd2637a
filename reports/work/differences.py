"""Work of the head and of administrators: figures that the nightly check found different."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from communes.models import Tier, UnitVersion, User
from criteria import figure_checks
from criteria.check import provinces
from reports.work.tasks import Note, Task

MOST_SHOWN = 2


def tasks(user: User, place: UnitVersion) -> Iterator[Task]:
    """One task for each province of the place, until somebody notes how it was seen to."""
    inside = [place.unit_id] if place.unit.tier == Tier.PROVINCE else []
    if place.unit.tier == Tier.COUNTRY:
        inside = [province.pk for province in provinces()]
    for outcome in figure_checks.latest(inside).values():
        if outcome.waits:
            where = f" của {figure_checks.name_of(outcome.province)}" if len(inside) > 1 else ""
            yield Task(
                title=f"{outcome.differing} số tổng hợp{where} sai khác với tính lại từ kết quả"
                " đã ghi",
                url=reverse("figure_check", args=[outcome.pk]),
                act="Xem và ghi nhận",
                notes=tuple(Note(text=words) for words in outcome.differences[:MOST_SHOWN]),
                since=timezone.localdate(outcome.started_at),
                alarm=True,
            )
