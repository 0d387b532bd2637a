"""The links of the left rail: the person's units, the province's screens, the commune looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django import template
from django.template import Context
from django.urls import reverse

from communes import units
from communes.access import permissions
from communes.models import Role, Tier, UnitVersion
from communes.roles import Permission
from criteria.days import has_ended
from reports.looked_at import NAMES
from reports.screens import PRESENT, SCREENS, Moment, Screen, address
from reports.work.asking import LISTS

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of the rail; `current` is a value of aria-current, "" elsewhere."""

    label: str
    url: str
    current: str = ""


@register.simple_tag(takes_context=True)
def looked_at(context: Context) -> list[tuple[str, str]]:
    """What the search is told of the page: its unit, the day and moment of its address, its set
    and basis; as :func:`reports.looked_at.read` takes them.
    """
    given, here = context["request"].GET, context.get("unit")
    if here is None:  # the page of the search itself
        return [(name, given[name]) for name in NAMES if given.get(name)]
    moment = _moment(context)
    found = {"at": f"{here.unit_id}", "on": f"{moment.on or ''}", "known": moment.known}
    found |= {name: given.get(name, "") for name in ("set", "basis")}
    return list(found.items())


_CHOOSES_BY = {"moves": "to", "monthly": "month", "commune_month": "month", "plans": "year"}
"""Pages whose address names their day by another word than `on`."""


def _moment(context: Context) -> Moment:
    """The day that the address chose, in whatever words, and its known moment."""
    request, here = context["request"], context.get("unit")
    if here is None:
        return PRESENT
    page, arguments = request.resolver_match.url_name, request.resolver_match.kwargs
    chosen = request.GET.get(_CHOOSES_BY.get(page, "on")) or "month" in arguments
    known = getattr(request, "known", None)
    return Moment(on=context.get("on") if chosen else None, known=known.address if known else "")


@register.simple_tag(takes_context=True)
def rail_links(context: Context) -> list[tuple[str, list[Link]]]:
    """Groups of links with their headings; a day chosen in the address is kept."""
    request = context["request"]
    here: UnitVersion | None = context.get("unit")
    name = request.resolver_match.url_name if request.resolver_match else ""
    moment = _moment(context)
    places = context["frame"].places
    communes: dict[int, UnitVersion] = {}
    overviews: dict[int, Link] = {}
    for place in places:
        if place.unit.unit.tier == Tier.COMMUNE:
            communes[place.unit.unit_id] = place.unit
        else:
            overviews[place.unit.unit_id] = _overview(context, place.unit, name, moment)
    if here is not None and here.unit.tier == Tier.COMMUNE:
        communes.setdefault(here.unit_id, here)
    groups = [("Tổng quan", list(overviews.values()))] if overviews else []
    if work := _work(context, here, name, moment):
        # A department begins with what waits for it.
        first = any(place.role == Role.DEPARTMENT for place in places)
        groups.insert(0 if first else len(groups), work)
    if any(place.role in LISTS for place in places):
        current = "page" if name == "work" else ""
        groups.insert(
            0, ("Bắt đầu", [Link(label="Việc của tôi", url=reverse("work"), current=current)])
        )
    for unit in communes.values():
        shown = here is not None and unit.unit_id == here.unit_id
        enters = Permission.ENTER in permissions(request.user, unit)
        if shown and not context.get("may_enter", True):
            enters = False
        links = _commune(context, unit, enters, name if shown else "", moment)
        groups.append((unit.full_name, links))
    return groups


def _work(
    context: Context, here: UnitVersion | None, name: str, moment: Moment
) -> tuple[str, list[Link]] | None:
    """The screens of the province being looked at, or else of the person's first one."""
    places = [place.unit for place in context["frame"].places]
    province = _province(here, places, context.get("on"))
    if province is None:
        return None
    held = permissions(context["request"].user, province)
    if here is None or here.province_id != province.unit_id:
        moment = PRESENT  # its day may lie outside the life of this province
    filters = _filters(context, province, moment)
    shown = (screen for screen in SCREENS if screen.needs in {None, *held})
    links = [
        Link(
            label=screen.label,
            url=screen.url(province, moment, filters),
            current=_current(screen, name),
        )
        for screen in shown
    ]
    return (province.full_name, links) if links else None


def _current(screen: Screen, name: str) -> str:
    return "page" if name == screen.name else "true" if name in screen.pages else ""


def _filters(context: Context, unit: UnitVersion, moment: Moment) -> str:
    """The filters of the page that pages of `unit` keep: of its own province on the same day."""
    here, asked = context.get("unit"), getattr(context["request"], "asked", None)
    if here is None or asked is None:
        return ""
    if here.unit_id != unit.unit_id and moment.on is None:
        return ""  # each opens with a day of its own
    provinces = {one.province_id or one.unit_id for one in (here, unit)}
    if len(provinces) > 1:
        return ""
    return str(asked.query_of_parts if unit.unit.tier == Tier.COMMUNE else asked.query)


def _province(
    here: UnitVersion | None, places: list[UnitVersion], on: date | None
) -> UnitVersion | None:
    """The province of `here` among the person's own places, or of the first place in one."""
    provinces = [place for place in places if place.unit.tier == Tier.PROVINCE]
    for province in provinces:
        if here is not None and here.province_id == province.unit_id:
            return province
    if provinces:
        return provinces[0]
    if here is not None and here.province_id:
        return units.province_of(here, on)
    inside = next(iter(places), None)
    return units.province_of(inside) if inside is not None and inside.province_id else None


def _overview(context: Context, unit: UnitVersion, name: str, moment: Moment) -> Link:
    here, current = context.get("unit"), ""
    if here is not None and unit.unit_id == here.unit_id and name == "overview":
        current = "page"
    elif here is not None and unit.unit_id == here.province_id:
        current = "true"
    url = address("overview", unit, _query(moment, _filters(context, unit, moment)))
    return Link(label=unit.full_name, url=url, current=current)


def _query(moment: Moment, filters: str) -> str:
    return "&".join(filter(None, [moment.query(), filters]))


def _commune(
    context: Context, unit: UnitVersion, enters: bool, name: str, moment: Moment
) -> list[Link]:
    def link(label: str, page: str, query: str = "") -> Link:
        url = address(page, unit, query)
        return Link(label=label, url=url, current="page" if name == page else "")

    ended = has_ended(unit)
    filters = _filters(context, unit, moment)
    if ended and moment.on is None:  # its code may be another's by now
        moment, filters = replace(moment, on=unit.last_day), ""
    links = [link("Trang xã", "commune", _query(moment, filters))]
    if enters and not ended:
        links.append(link("Nhập kết quả", "entry"))
        links.append(link("Gửi số liệu tháng", "commune_month"))
    return links
