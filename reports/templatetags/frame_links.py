"""The links of the left rail: the person's units, the province's screens, the commune looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse

from communes import units
from communes.access import permissions
from communes.models import Role, Tier, UnitVersion
from communes.roles import Permission
from criteria.days import has_ended
from reports.work.asking import LISTS

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of the rail; `current` is a value of aria-current, "" elsewhere."""

    label: str
    url: str
    current: str = ""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A screen of a province: who sees it (None: whoever works in it), and the pages under it.

    `dated`: it keeps the day and the known moment of the page that leads to it; `counted`: its
    set, basis and groups as well.
    """

    label: str
    name: str
    needs: Permission | None
    pages: frozenset[str] = frozenset()
    dated: bool = False
    counted: bool = False

    def link(self, province: UnitVersion, name: str, day: str, filters: str) -> Link:
        current = "page" if name == self.name else "true" if name in self.pages else ""
        kept = [day] if self.dated and day else []
        kept += [filters] if self.counted and filters else []
        url = reverse(self.name, args=[province.code]) + ("?" + "&".join(kept) if kept else "")
        return Link(label=self.label, url=url, current=current)


SCREENS = (
    Screen(
        label="Bảng xã – tiêu chí", name="matrix", needs=Permission.READ, dated=True, counted=True
    ),
    Screen(
        label="Nhập theo tiêu chí",
        name="entry_choose",
        needs=Permission.ENTER,
        pages=frozenset({"entry_grid", "preview_grid_block", "apply_grid_block"}),
    ),
    Screen(
        label="Chờ xác nhận",
        name="review_queue",
        needs=Permission.REVIEW,
        pages=frozenset({"review_list", "review_check", "review"}),
    ),
    Screen(
        label="Công nhận",
        name="decisions",
        needs=Permission.READ,
        dated=True,
        pages=frozenset({"new_decision", "correct_decision"}),
    ),
    Screen(
        label="Kế hoạch và đăng ký",
        name="plans",
        needs=Permission.READ,
        pages=frozenset({"set_target", "register_communes", "withdraw_registration"}),
    ),
    Screen(
        label="Trình chiếu họp",
        name="meeting",
        needs=Permission.READ,
        dated=True,
        pages=frozenset({"meeting_tasks", "record_task", "turn_task"}),
    ),
    Screen(
        label="Chốt số liệu tháng",
        name="months",
        needs=Permission.OVERSEE_MONTH,
        pages=frozenset({"month", "close_month", "reopen_month"}),
    ),
    Screen(
        label="Báo cáo tháng",
        name="monthly",
        needs=Permission.READ,
        pages=frozenset({"write_section", "make_monthly", "make_run_now", "report_settings"}),
    ),
    Screen(
        label="Đơn vị mới",
        name="openings",
        needs=Permission.DECIDE_OPENINGS,
        pages=frozenset({"openings_proposed", "record_proposed", "undo_openings"}),
    ),
    Screen(
        label="Đơn vị hành chính",
        name="units",
        needs=None,
        pages=frozenset(
            {"unit_events", "unit_event", "new_unit_event", "unit_event_edges", "unit_attributes"}
        ),
    ),
    Screen(
        label="Nhật ký thay đổi",
        name="change_log",
        needs=Permission.READ_LOG,
        pages=frozenset({"change"}),
    ),
)


@register.simple_tag(takes_context=True)
def rail_links(context: Context) -> list[tuple[str, list[Link]]]:
    """Groups of links with their headings; a day chosen in the address is kept."""
    request = context["request"]
    here: UnitVersion | None = context.get("unit")
    name = request.resolver_match.url_name if request.resolver_match else ""
    kept = {key: request.GET[key] for key in ("on", "known") if here and request.GET.get(key)}
    day = urlencode(kept)
    places = context["frame"].places
    communes: dict[int, UnitVersion] = {}
    overviews: dict[int, Link] = {}
    for place in places:
        if place.unit.unit.tier == Tier.COMMUNE:
            communes[place.unit.unit_id] = place.unit
        else:
            overviews[place.unit.unit_id] = _overview(place.unit, here, name, day)
    if here is not None and here.unit.tier == Tier.COMMUNE:
        communes.setdefault(here.unit_id, here)
    groups = [("Tổng quan", list(overviews.values()))] if overviews else []
    if work := _work(context, here, name, day):
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
        links = _commune(unit, enters, name if shown else "", day)
        groups.append((unit.full_name, links))
    return groups


def _work(
    context: Context, here: UnitVersion | None, name: str, day: str
) -> tuple[str, list[Link]] | None:
    """The screens of the province being looked at, or else of the person's first one."""
    places = [place.unit for place in context["frame"].places]
    province = _province(here, places, context.get("on"))
    if province is None:
        return None
    held = permissions(context["request"].user, province)
    if here is None or here.province_id != province.unit_id:
        day = ""  # it may lie outside the life of this province
    asked = getattr(context["request"], "asked", None) if day or here == province else None
    filters = asked.query if asked else ""
    shown = (screen for screen in SCREENS if screen.needs in {None, *held})
    links = [screen.link(province, name, day, filters) for screen in shown]
    return (province.full_name, links) if links else None


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


def _overview(unit: UnitVersion, here: UnitVersion | None, name: str, day: str) -> Link:
    current = ""
    if here is not None and unit.unit_id == here.unit_id and name == "overview":
        current = "page"
    elif here is not None and unit.unit_id == here.province_id:
        current = "true"
    url = _with(reverse("overview", args=[unit.code]), day)
    return Link(label=unit.full_name, url=url, current=current)


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _commune(unit: UnitVersion, enters: bool, name: str, day: str) -> list[Link]:
    def link(label: str, page: str, query: str) -> Link:
        url = _with(reverse(page, args=[unit.code]), query)
        return Link(label=label, url=url, current="page" if name == page else "")

    ended = has_ended(unit)
    if ended and not day:  # its code may be another's by now
        day = f"on={unit.last_day}"
    links = [link("Trang xã", "commune", day)]
    if enters and not ended:
        links.append(link("Nhập kết quả", "entry", ""))
        links.append(link("Gửi số liệu tháng", "commune_month", ""))
    return links
