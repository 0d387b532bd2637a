"""Why the figures of a province or district moved between two days, and its Excel."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import moves
from criteria.days import read_day
from criteria.figures import UnknownSet
from criteria.guards import on_unit, set_in_address
from criteria.models import Basis
from criteria.moves import NotExplained
from reports.moves_page import MovesPage, UnknownFigure, moves_page
from reports.moves_tables import moves_heading, moves_tables
from reports.views.workbooks import attachment
from reports.workbook import workbook


@on_unit(Permission.READ, Tier.COUNTRY, Tier.PROVINCE, Tier.DISTRICT, day="to")
@require_GET
def why_moved(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    context = {"unit": unit, "on": on, "bases": Basis}
    try:
        context["first"] = first = _first(request, unit, on)
        context["page"] = _page(request, unit, first, on)
    except (NotExplained, units.DateNotLoaded, UnknownSet, ValueError) as error:
        context["why"] = str(error)
    status = 200 if "page" in context else 422
    return TemplateResponse(request, "moves.html", context, status=status)


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT, day="to")
@require_GET
def moves_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    try:
        page = _page(request, unit, _first(request, unit, on), on)
    except (NotExplained, units.DateNotLoaded, UnknownSet, ValueError) as error:
        raise Http404(str(error)) from error
    content = workbook(
        moves_tables(page), heading=moves_heading(page), simulated=page.after.simulated
    )
    days = f"{page.before.on.isoformat()} {page.after.on.isoformat()}"
    return attachment(content, f"NTM {unit.full_name} thay đổi {days}.xlsx")


def _first(request: HttpRequest, unit: UnitVersion, last: date) -> date:
    """The day to compare with: as the address says, else the last closed month-end before."""
    return read_day(request.GET.get("from")) or moves.usual_first(unit, last)


def _page(request: HttpRequest, unit: UnitVersion, first: date, last: date) -> MovesPage:
    asked = request.GET.get("basis")
    basis = Basis(asked) if asked in Basis.values else None
    key, known = request.GET.get("figure", ""), getattr(request, "known", None)
    try:
        return moves_page(
            unit,
            first,
            last,
            basis=basis,
            key=key,
            known=known,
            set_code=set_in_address(request, unit, last),
        )
    except UnknownFigure as error:
        raise Http404(str(error)) from error
