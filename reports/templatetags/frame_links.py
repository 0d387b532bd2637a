"""The links of the left rail: the person's units, and the commune that is being looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from communes.access import permissions
from communes.models import Tier, UnitVersion
from communes.roles import Permission

register = template.Library()


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
    overviews, provinces = [], []
    for place in context["frame"].places:
        if place.unit.unit.tier == Tier.COMMUNE:
            communes[place.unit.unit_id] = place.unit
        else:
            overviews.append(_overview(place.unit, here, name, day))
        if place.unit.unit.tier == Tier.PROVINCE:
            provinces.append(place.unit)
    if here is not None and here.unit.tier == Tier.COMMUNE:
        communes.setdefault(here.unit_id, here)
    groups = [("Tổng quan", overviews)] if overviews else []
    for province in provinces:
        links = _province(province, request.user, name, day)
        if links and (len(provinces) == 1 or (here and here.province_id == province.unit_id)):
            groups.append((province.full_name, links))
    for unit in communes.values():
        shown = here is not None and unit.unit_id == here.unit_id
        links = _commune(unit, request.user, name if shown else "", day)
        groups.append((unit.full_name, links))
    return groups


def _overview(unit: UnitVersion, here: UnitVersion | None, name: str, day: str) -> Link:
    current = ""
    if here is not None and unit.unit_id == here.unit_id and name == "overview":
        current = "page"
    elif here is not None and unit.unit_id == here.province_id:
        current = "true"
    url = reverse("overview", args=[unit.code]) + day
    return Link(label=unit.full_name, url=url, current=current)


def _province(unit: UnitVersion, user: Any, name: str, day: str) -> list[Link]:
    """What the office does for a province as a whole."""
    if Permission.DECIDE_OPENINGS not in permissions(user, unit):
        return []
    current = {"openings": "page", "openings_proposed": "true"}.get(name, "")
    url = reverse("openings", args=[unit.code]) + day
    return [Link(label="Đơn vị mới", url=url, current=current)]


def _commune(unit: UnitVersion, user: Any, name: str, day: str) -> list[Link]:
    def link(label: str, page: str, query: str) -> Link:
        url = reverse(page, args=[unit.code]) + query
        return Link(label=label, url=url, current="page" if name == page else "")

    links = [link("Trang xã", "commune", day)]
    if Permission.ENTER in permissions(user, unit):
        links.append(link("Nhập kết quả", "entry", ""))
    return links
