"""The register of a province: its units on a day, as a page and as Excel."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import permissions
from communes.models import Kind, UnitVersion
from communes.roles import Permission
from criteria.guards import on_register
from reports.units_page import Filters, UnitsPage, heading, units_page, units_table
from reports.views.workbooks import attachment
from reports.workbook import workbook


@on_register(Permission.READ)
@require_GET
def units_list(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    held = permissions(request.user, unit)  # type: ignore[arg-type]
    context = {
        "unit": unit,
        "on": on,
        "page": _page(request, unit, on),
        "kinds": [(kind.value, kind.label) for kind in Kind],
        "may_change": Permission.CHANGE_UNITS in held,
        "may_open": Permission.READ in held,
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "units.html", context)


@on_register(Permission.READ)
@require_GET
def units_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    page = _page(request, unit, on)
    simulated = unit.unit.clock.simulated
    content = workbook([units_table(page)], heading=heading(page), simulated=simulated)
    return attachment(content, f"NTM đơn vị hành chính {unit.full_name} {on.isoformat()}.xlsx")


def _page(request: HttpRequest, unit: UnitVersion, on: date) -> UnitsPage:
    filters = Filters(
        kind=request.GET.get("kind", ""),
        parent=request.GET.get("parent", ""),
        programme=request.GET.get("programme", ""),
    )
    return units_page(unit, on, filters)
