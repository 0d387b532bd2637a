"""Bảng xã – tiêu chí of a province or district, and its Excel."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.figures import figures
from criteria.guards import on_unit, set_in_address
from reports.matrix import Filters, Matrix, Sort
from reports.matrix import matrix as matrix_of
from reports.matrix_table import matrix_head, matrix_rows, matrix_sheet
from reports.rereading import reread
from reports.views.workbooks import download


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def matrix(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The whole page, or for htmx the table alone with its address for the history."""
    page, set_code = _page(request, unit, on)
    known = page.answer.known.address if page.answer.known else None
    query = page.filters.query(on=on.isoformat(), known=known, set=set_code)
    swapped = bool(getattr(request, "htmx", False))
    context = {
        "unit": unit,
        "on": on,
        "page": page,
        "answer": page.answer,
        "asked_set": set_code,
        "sorts": list(Sort),
        "query": query,
        "head": matrix_head(page, set_code),
        "rows": matrix_rows(page, set_code),
    }
    if not swapped:
        context["reread"] = reread(page.answer)
    answer = TemplateResponse(request, "matrix.html#table" if swapped else "matrix.html", context)
    if swapped:
        answer["HX-Push-Url"] = f"{request.path}?{query}"
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def matrix_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    page, _ = _page(request, unit, on)
    return download(page.answer, [matrix_sheet(page)], about="Bảng xã – tiêu chí")


def _page(request: HttpRequest, unit: UnitVersion, on: date) -> tuple[Matrix, str | None]:
    set_code = set_in_address(request, unit, on)
    answer = figures(unit, on, set_code=set_code, known=request.known)  # type: ignore[attr-defined]
    return matrix_of(answer, Filters.read(request.GET)), set_code
