"""Units side by side, or one unit on two days."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import days
from criteria.figures import figures
from criteria.guards import on_unit
from reports import compare
from reports.compare import Comparison, NotComparable


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE)
@require_GET
def compare_units(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    among = compare.siblings(request.user, unit, on)  # type: ignore[arg-type]
    codes = [code for code in request.GET.getlist("with") if code]
    found, why = None, ""
    try:
        found = _comparison(request, unit, on, compare.chosen(codes, among))
    except (NotComparable, units.UnknownUnit, units.DateNotLoaded, ValueError) as error:
        why = str(error)
    context = {
        "unit": unit,
        "on": on,
        "answer": found.sides[-1].answer if found else figures(unit, on),
        "found": found,
        "why": why,
        "among": among,
        "slots": [codes[place] if place < len(codes) else "" for place in range(compare.MOST - 1)],
        "then": request.GET.get("then", ""),
    }
    return TemplateResponse(request, "compare.html", context, status=422 if why else 200)


def _comparison(
    request: HttpRequest, unit: UnitVersion, on: date, others: list[UnitVersion]
) -> Comparison | None:
    """What the address asks for; None where it names neither another unit nor another day."""
    then = days.read_day(request.GET.get("then"))
    known = request.known  # type: ignore[attr-defined]
    if others and then is not None:
        raise NotComparable(
            "Hãy chọn một trong hai: so với đơn vị khác, hoặc so với một ngày khác."
        )
    if others:
        return compare.between_units([unit, *others], on, known)
    if then is None or then == on:
        return None
    before = units.version_of(unit.unit_id, then)
    both = [(then, before), (on, unit)]
    (first, old), (last, new) = sorted(both, key=lambda pair: pair[0])
    return compare.between_days(old, new, (first, last), known)
