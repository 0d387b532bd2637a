"""The page of one criterion over all communes of a province or district, and its Excel.

Both are of the headline set, or of the adopted set that the address names (`?set=`).
"""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.figures import figures
from criteria.guards import on_unit
from reports.asked import Asked, asked_in
from reports.criterion_history import CriterionHistory, criterion_history
from reports.criterion_page import CriterionPage, UnknownCriterion, criterion_page
from reports.criterion_tables import criterion_tables
from reports.rereading import reread
from reports.schematic import views as schematic
from reports.schematic.views import SchematicView
from reports.views.workbooks import download


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def criterion(request: HttpRequest, unit: UnitVersion, on: date, number: int) -> HttpResponse:
    asked = asked_in(request, unit, on)
    page = _page(request, unit, on, number, asked)
    answer = page.answer if page else figures(unit, on, known=request.known)
    context = {
        "unit": unit,
        "on": on,
        "page": page,
        "answer": answer,
        "reread": None if asked.narrowed else reread(answer),
        "schematic": _schematic(page, asked) if page else None,
        "history": _history(page, asked) if page else None,
    }
    return TemplateResponse(request, "criterion.html", context)


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def criterion_workbook(
    request: HttpRequest, unit: UnitVersion, on: date, number: int
) -> HttpResponse:
    asked = asked_in(request, unit, on)
    page = _page(request, unit, on, number, asked)
    if page is None:
        raise Http404("Ngày này chưa áp dụng bộ tiêu chí nào.")
    return download(
        page.answer, criterion_tables(page), about=f"tiêu chí {number}", only=asked.only
    )


def _history(page: CriterionPage, asked: Asked) -> CriterionHistory | None:
    """Of some of the communes no month is kept."""
    if asked.narrowed or not page.standing.assessed:
        return None
    return criterion_history(page.answer, page.criterion.number)


def _schematic(page: CriterionPage, asked: Asked) -> SchematicView | None:
    if not page.standing.assessed:
        return None
    outcomes = {
        version.unit_id: row.outcome for group in page.groups for version, row in group.communes
    }
    named = {row.version.unit_id: row.version.full_name for row in page.districts if row.version}
    return schematic.criterion(
        page.answer,
        page.criterion.number,
        outcomes,
        districts=named,
        query=asked.query_of_parts,
    )


def _page(
    request: HttpRequest, unit: UnitVersion, on: date, number: int, asked: Asked
) -> CriterionPage | None:
    try:
        return criterion_page(unit, on, number, known=request.known, asked=asked)
    except UnknownCriterion as error:
        raise Http404(str(error)) from error
