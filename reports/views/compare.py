"""Units side by side, or one unit on two days, and the Excel of either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import days
from criteria.guards import on_unit
from criteria.models import Basis
from reports import compare, groups
from reports.asked import Asked, asked_in
from reports.compare import Comparison, NotComparable
from reports.compare_tables import compare_heading, compare_tables
from reports.views.workbooks import attachment
from reports.workbook import workbook

REFUSED = (NotComparable, units.UnknownUnit, units.DateNotLoaded, ValueError)


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE)
@require_GET
def compare_units(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    among = compare.siblings(request.user, unit, on)  # type: ignore[arg-type]
    asked = _asked(request, unit, on)
    codes, then = _beside(request)
    found, why = None, ""
    try:
        found = _comparison(request, unit, on, among, asked)
    except REFUSED as error:
        why = str(error)
    known = request.known  # type: ignore[attr-defined]
    shown = found or compare.between_units([unit], on, known, asked)
    request.asked = shown.links  # type: ignore[attr-defined]
    context = {
        "unit": unit,
        "on": on,
        "answer": shown.own.answer,
        "found": found,
        "why": why,
        "among": among,
        "slots": [*codes, *[""] * compare.MOST][: compare.MOST - 1],
        "then": then,
        **_counted_by(unit, on, shown, asked),
        **_kept(codes, then, shown, asked),
    }
    return TemplateResponse(request, "compare.html", context, status=422 if why else 200)


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE)
@require_GET
def compare_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """What the page shows; the unit alone where the address names nothing beside it."""
    among = compare.siblings(request.user, unit, on)  # type: ignore[arg-type]
    asked, known = _asked(request, unit, on), request.known  # type: ignore[attr-defined]
    try:
        found = _comparison(request, unit, on, among, asked)
    except REFUSED as error:
        raise Http404(str(error)) from error
    found = found or compare.between_units([unit], on, known, asked)
    simulated = any(side.answer.simulated for side in found.sides)
    content = workbook(compare_tables(found), heading=compare_heading(found), simulated=simulated)
    said = " ".join(filter(None, ("NTM So sánh", unit.full_name, found.asked.only)))
    return attachment(content, f"{said} {on.isoformat()}.xlsx")


def _counted_by(unit: UnitVersion, on: date, shown: Comparison, asked: Asked) -> dict[str, Any]:
    """What the fields offer by which all sides are counted: the groups of any; a commune has none.

    What is asked for stands among them though no side has such communes.
    """
    found = {"asked": asked, "sets": compare.counting((unit, on)), "bases": Basis}
    if unit.unit.tier == Tier.COMMUNE:
        return found
    offered = {
        word for side in shown.sides for word, _ in groups.choices(side.version, side.answer.on)
    } | {asked.group}
    return found | {
        "groups": [(word, said[2]) for word, said in groups.GROUPS.items() if word in offered],
        "tiers": groups.tier_choices(shown.own.answer, asked.tier),
    }


def _kept(codes: list[str], then: str, shown: Comparison, asked: Asked) -> dict[str, Any]:
    """What forms and links of the page keep of its address.

    The workbook is told of a set that did not count, so that it says so too.
    """
    also = [*(("with", code) for code in codes), *([("then", then)] if then else [])]
    unused = [("set", asked.set_code)] if asked.set_code != shown.asked.set_code else []
    return {
        "also": also,
        "also_query": urlencode(also),
        "excel_query": urlencode([*also, *unused]),
    }


def _asked(request: HttpRequest, unit: UnitVersion, on: date) -> Asked:
    """The filters of the address; a commune is one, and not narrowed to any."""
    found = asked_in(request, unit, on, any_set=True)
    if unit.unit.tier == Tier.COMMUNE:
        found = replace(found, group="", tier="")
        request.asked = found  # type: ignore[attr-defined]
    return found


def _beside(request: HttpRequest) -> tuple[list[str], str]:
    """The codes of the other units, and the other day, as the address has them."""
    return [code for code in request.GET.getlist("with") if code], request.GET.get("then", "")


def _comparison(
    request: HttpRequest, unit: UnitVersion, on: date, among: list[UnitVersion], asked: Asked
) -> Comparison | None:
    """What the address asks for; None where it names neither another unit nor another day."""
    codes, day = _beside(request)
    others, then = compare.chosen(codes, among), days.read_day(day)
    known = request.known  # type: ignore[attr-defined]
    if others and then is not None:
        raise NotComparable(
            "Hãy chọn một trong hai: so với đơn vị khác, hoặc so với một ngày khác."
        )
    if others:
        return compare.between_units([unit, *others], on, known, asked)
    if then is None or then == on:
        return None
    before = units.version_of(unit.unit_id, then)
    return compare.between_days((unit, on), (before, then), known, asked)
