"""What a figure is made of."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.explain import UnknownFigure
from criteria.guards import on_unit
from reports.asked import asked_in
from reports.explain_page import ExplainPage, explain_page, explain_table
from reports.rereading import reread
from reports.views.workbooks import download


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def explain_figure(request: HttpRequest, unit: UnitVersion, on: date, figure: str) -> HttpResponse:
    page = _page(request, unit, on, figure)
    context = {
        "unit": unit,
        "on": on,
        "page": page,
        "answer": page.answer,
        "reread": None if request.asked.narrowed else reread(page.answer),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "explain.html", context)


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def explain_workbook(
    request: HttpRequest, unit: UnitVersion, on: date, figure: str
) -> HttpResponse:
    page = _page(request, unit, on, figure)
    return download(page.answer, [explain_table(page)], about=page.explained.title)


def _page(request: HttpRequest, unit: UnitVersion, on: date, figure: str) -> ExplainPage:
    asked = asked_in(request, unit, on)
    answer = asked.answer(unit, on, request.known)  # type: ignore[attr-defined]
    try:
        return explain_page(answer, figure, asked.basis)
    except UnknownFigure as error:
        raise Http404(str(error)) from error
