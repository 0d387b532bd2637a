"""The links of the left rail: the person's units, and the commune that is being looked at."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from communes import units
from communes.access import permissions
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.days import has_ended

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
    overviews: dict[int, Link] = {}
    for place in context["frame"].places:
        if place.unit.unit.tier == Tier.COMMUNE:
            communes[place.unit.unit_id] = place.unit
        else:
            overviews[place.unit.unit_id] = _overview(place.unit, here, name, day)
    if here is not None and here.unit.tier == Tier.COMMUNE:
        communes.setdefault(here.unit_id, here)
    groups = [("Tổng quan", list(overviews.values()))] if overviews else []
    if register := _register(context, here):
        groups.append(("Danh mục", [register]))
    for unit in communes.values():
        shown = here is not None and unit.unit_id == here.unit_id
        enters = Permission.ENTER in permissions(request.user, unit)
        if shown and not context.get("may_enter", True):
            enters = False
        links = _commune(unit, enters, name if shown else "", day)
        groups.append((unit.full_name, links))
    return groups


def _register(context: Context, here: UnitVersion | None) -> Link | None:
    """The units of the province being looked at, or else of the person's own."""
    places = [place.unit for place in context["frame"].places]
    for unit in [*([here] if here is not None else []), *places]:
        if unit.province_id is not None:
            url = reverse("units", args=[units.province_of(unit).code])
            return Link(label="Đơn vị hành chính", url=url, current=context.get("units_page") or "")
    return None


def _overview(unit: UnitVersion, here: UnitVersion | None, name: str, day: str) -> Link:
    current = ""
    if here is not None and unit.unit_id == here.unit_id and name == "overview":
        current = "page"
    elif here is not None and unit.unit_id == here.province_id:
        current = "true"
    url = reverse("overview", args=[unit.code]) + day
    return Link(label=unit.full_name, url=url, current=current)


def _commune(unit: UnitVersion, enters: bool, name: str, day: str) -> list[Link]:
    def link(label: str, page: str, query: str) -> Link:
        url = reverse(page, args=[unit.code]) + query
        return Link(label=label, url=url, current="page" if name == page else "")

    ended = has_ended(unit)
    if ended and not day:  # its code may be another's by now
        day = f"?on={unit.last_day}"
    links = [link("Trang xã", "commune", day)]
    if enters and not ended:
        links.append(link("Nhập kết quả", "entry", ""))
    return links
