"""Bảng xã – tiêu chí of a province or district, and its Excel."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.guards import on_unit
from criteria.models import Basis
from reports import groups
from reports.asked import Asked, asked_in
from reports.matrix import Filters, Matrix, Sort
from reports.matrix import matrix as matrix_of
from reports.matrix_table import matrix_head, matrix_rows, matrix_sheet
from reports.rereading import reread
from reports.views.workbooks import download


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def matrix(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The whole page, or for htmx the table alone with its address for the history."""
    page, asked = _page(request, unit, on)
    known = page.answer.known.address if page.answer.known else None
    own = page.filters.query(on=on.isoformat(), known=known)
    query = f"{own}&{asked.query}" if asked.query else own
    swapped = bool(getattr(request, "htmx", False))
    context = {
        "unit": unit,
        "on": on,
        "page": page,
        "swapped": swapped,
        "answer": page.answer,
        "bases": Basis,
        "groups": groups.choices(unit, on, asked.group),
        "tiers": groups.tier_choices(page.answer, asked.tier),
        "sorts": list(Sort),
        "query": query,
        "head": matrix_head(page, asked.query),
        "rows": matrix_rows(page, asked.query_of_parts),
    }
    if not swapped:
        context["reread"] = None if asked.narrowed else reread(page.answer)
    answer = TemplateResponse(request, "matrix.html#table" if swapped else "matrix.html", context)
    if swapped:
        answer["HX-Push-Url"] = f"{request.path}?{query}"
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def matrix_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    page, asked = _page(request, unit, on)
    return download(page.answer, [matrix_sheet(page)], about="Bảng xã – tiêu chí", only=asked.only)


def _page(request: HttpRequest, unit: UnitVersion, on: date) -> tuple[Matrix, Asked]:
    asked = asked_in(request, unit, on)
    answer = asked.answer(unit, on, request.known)  # type: ignore[attr-defined]
    return matrix_of(answer, Filters.read(request.GET)), asked
