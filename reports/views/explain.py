"""What a figure is made of."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.explain import UnknownFigure
from criteria.figures import figures
from criteria.guards import on_unit, set_in_address
from criteria.models import Basis
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
        "reread": reread(page.answer),
        "asked_set": set_in_address(request, unit, on),
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
    set_code = set_in_address(request, unit, on)
    answer = figures(unit, on, set_code=set_code, known=request.known)  # type: ignore[attr-defined]
    wanted = request.GET.get("basis")
    if wanted and wanted not in Basis.values:
        raise Http404("Không có căn cứ số liệu này.")
    try:
        return explain_page(answer, figure, Basis(wanted) if wanted else None)
    except UnknownFigure as error:
        raise Http404(str(error)) from error
