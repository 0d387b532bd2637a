"""The links of the left rail: the person's units, and the commune that is being looked at."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from communes.access import permissions
from communes.models import Role, Tier, UnitVersion
from communes.roles import RIGHTS, Permission

register = template.Library()

REVIEWING = {
    "review_queue": "page",
    "review_list": "true",
    "review_check": "true",
    "review": "true",
}
"""Pages of the group "Chờ xác nhận", and how they are the current one."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of the rail; `current` is a value of aria-current, "" elsewhere."""

    label: str
    url: str
    current: str = ""


@register.simple_tag(takes_context=True)
def rail_links(context: Context) -> list[tuple[str, list[Link]]]:
    """Groups of links with their headings; a day chosen in the address is kept."""
    request = context["request"]
    here: UnitVersion | None = context.get("unit")
    name = request.resolver_match.url_name if request.resolver_match else ""
    day = f"?on={request.GET['on']}" if here and request.GET.get("on") else ""
    communes: dict[int, UnitVersion] = {}
    overviews: dict[int, Link] = {}
    waiting: dict[int, Link] = {}
    for place in context["frame"].places:
        if place.unit.unit.tier == Tier.COMMUNE:
            communes[place.unit.unit_id] = place.unit
        else:
            overviews[place.unit.unit_id] = _overview(place.unit, here, name, day)
            if place.unit.unit.tier != Tier.COUNTRY and Permission.REVIEW in RIGHTS[place.role]:
                waiting[place.unit.unit_id] = _waiting(place.unit, here, name)
    if here is not None and here.unit.tier == Tier.COMMUNE:
        communes.setdefault(here.unit_id, here)
    groups = [("Tổng quan", list(overviews.values()))] if overviews else []
    if waiting:
        # A department begins with what waits for it.
        departments = [place for place in context["frame"].places if place.role == Role.DEPARTMENT]
        groups.insert(0 if departments else len(groups), ("Chờ xác nhận", list(waiting.values())))
    for unit in communes.values():
        shown = here is not None and unit.unit_id == here.unit_id
        enters = Permission.ENTER in permissions(request.user, unit)
        if shown and not context.get("may_enter", True):
            enters = False
        links = _commune(unit, enters, name if shown else "", day)
        groups.append((unit.full_name, links))
    return groups


def _overview(unit: UnitVersion, here: UnitVersion | None, name: str, day: str) -> Link:
    current = ""
    if here is not None and unit.unit_id == here.unit_id and name == "overview":
        current = "page"
    elif here is not None and unit.unit_id == here.province_id and name not in REVIEWING:
        current = "true"
    url = reverse("overview", args=[unit.code]) + day
    return Link(label=unit.full_name, url=url, current=current)


def _waiting(unit: UnitVersion, here: UnitVersion | None, name: str) -> Link:
    there = here is not None and here.unit_id == unit.unit_id
    current = REVIEWING.get(name, "")
    url = reverse("review_queue", args=[unit.code])
    return Link(label=unit.full_name, url=url, current=current if there else "")


def _commune(unit: UnitVersion, enters: bool, name: str, day: str) -> list[Link]:
    def link(label: str, page: str, query: str) -> Link:
        url = reverse(page, args=[unit.code]) + query
        return Link(label=label, url=url, current="page" if name == page else "")

    links = [link("Trang xã", "commune", day)]
    if enters:
        links.append(link("Nhập kết quả", "entry", ""))
    return links
