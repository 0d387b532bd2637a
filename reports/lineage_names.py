"""What the units of a lineage are called on a page, and where their own pages open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from communes import access
from communes.models import Tier, User
from communes.succession import Surroundings
from communes.vietnamese import format_date
from criteria import days


@dataclass(frozen=True, kw_only=True)
class Named:
    """A unit as the list names it; `url` is "" where the reader may not open it."""

    name: str
    span: str
    url: str
    here: bool


class Names:
    """What each unit is called, from when to when, and where its page opens."""

    def __init__(self, around: Surroundings, on: date, user: User) -> None:
        self.around = around
        alive = {
            pk: version
            for pk, versions in around.versions.items()
            for version in versions
            if on in version.valid
        }
        others = [pk for pk in around.versions if pk not in alive]
        self.opened = {pk: (version, on) for pk, version in alive.items()}
        self.opened |= days.openings(others) if others else {}
        self.readable = access.readable(user, [version for version, _ in self.opened.values()])

    def of(self, unit_id: int) -> Named:
        versions = self.around.versions[unit_id]
        return Named(
            name=versions[-1].full_name,
            span=span(versions[0].starts_on, versions[-1].last_day),
            url=self.url(unit_id),
            here=unit_id == self.around.unit_id,
        )

    def url(self, unit_id: int) -> str:
        """The page of a unit, on the day it is looked at or else in its own time."""
        if unit_id == self.around.unit_id or unit_id not in self.readable:
            return ""
        version, day = self.opened[unit_id]
        page = "commune" if version.unit.tier == Tier.COMMUNE else "overview"
        return f"{reverse(page, args=[version.code])}?on={day.isoformat()}"


def span(first: date | None, last: date | None) -> str:
    """From when to when: "đến 31/12/2019", "01/01/2020 – 30/06/2025", "từ 01/07/2025"."""
    if first and last:
        return f"{format_date(first)} – {format_date(last)}"
    if first:
        return f"từ {format_date(first)}"
    return f"đến {format_date(last)}" if last else "từ trước 2017"
