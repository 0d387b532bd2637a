"""Guards of pages about a unit: which unit, day and set, and may this person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from communes import succession, units
from communes.access import GUARD_ATTRIBUTE, View, require, require_on_register, signed_in
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria import days, knowledge, sets

type Ask = Callable[[User, Permission, UnitVersion], None]
"""How a person is asked about: passes silently, or raises Http404 or PermissionDenied."""


def on_register(permission: Permission) -> Any:
    """Guard a view of a province's register of units: read by all who work inside it."""
    return on_unit(permission, Tier.PROVINCE, ask=require_on_register)


def on_unit(permission: Permission, *tiers: Tier, ask: Ask = require, day: str = "on") -> Any:
    """Guard a view of a unit: it gets ``unit`` and ``on`` in place of the code in its address.

    The address names the day as `day`. The frame around the page finds the unit in
    ``request.about``; a view of figures finds in ``request.known`` up to when what was recorded
    counts (``known`` in the address).

    Outside the person's scope 404, without the right 403, for a unit of another tier 404. A
    day that is no day, on which the unit did not exist, or whose units were not loaded, gets
    a page that says so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, code: str, **kwargs: Any) -> HttpResponse:
            try:
                unit, on = days.unit_on(code, days.read_day(request.GET.get(day)))
                known = knowledge.read(request.GET.get("known"))
            except (units.UnknownUnit, units.DateNotLoaded, ValueError) as error:
                return _refused_day(request, code, error, ask, day)
            if tiers and unit.unit.tier not in tiers:
                raise Http404("Trang này không dành cho đơn vị cấp đó.")
            ask(request.user, permission, unit)  # type: ignore[arg-type]
            request.about = unit  # type: ignore[attr-defined]
            request.known = known  # type: ignore[attr-defined]
            return view(request, *args, unit=unit, on=on, **kwargs)

        checked = signed_in(guarded)
        setattr(checked, GUARD_ATTRIBUTE, permission.value)
        return checked

    return decorate


def set_in_address(request: HttpRequest, unit: UnitVersion, on: date) -> str | None:
    """The code of the set that the address asks for; None for the headline set.

    Not found where the unit's province does not judge by it on the day.
    """
    code = request.GET.get("set") or None
    adopted = sets.adopted_sets(unit.province_id or unit.unit_id, on) if code else []
    if code is not None and code not in {one.code for one in adopted}:
        raise Http404(f"Bộ tiêu chí “{code}” không được áp dụng ngày này.")
    return code


def _refused_day(
    request: HttpRequest, code: str, why: Exception, ask: Ask, day: str
) -> HttpResponse:
    """The page of a day or moment that cannot be shown, with the way back; inside the scope."""
    try:
        unit, on = days.unit_on(code, None)
    except LookupError as error:
        raise Http404(str(error)) from error
    ask(request.user, Permission.READ, unit)  # type: ignore[arg-type]
    context = {
        "unit": unit,
        "why": str(why),
        "slip": isinstance(why, ValueError),
        "on": on,
        "day_name": day,
        "heirs": [] if isinstance(why, ValueError) else _heirs(request, unit, day),
    }
    return TemplateResponse(request, "refused_day.html", context, status=422)


def _heirs(request: HttpRequest, unit: UnitVersion, day: str) -> list[tuple[UnitVersion, date]]:
    """Who carries a unit on that had ended on the day asked for."""
    asked = days.read_day(request.GET.get(day))
    if asked is None or unit.last_day is None or asked <= unit.last_day:
        return []
    carried_on = succession.lineage_of([unit.unit_id]).heirs(unit.unit_id, asked)
    found = UnitVersion.objects.alive_on(asked).filter(unit_id__in=carried_on)
    return [(version, asked) for version in found.order_by("sort_key").select_related("unit")]
