"""The overview of a country, province or district."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.beside import beside
from criteria.guards import on_unit
from reports.lineage_page import lineage_view
from reports.overview import overview
from reports.readings import Reading
from reports.rereading import reread
from reports.schematic import views as schematic


@on_unit(Permission.READ, Tier.COUNTRY, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def overview_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    page = overview(unit, on, Reading.asked(request.GET.get("reading")), request.known)
    context = {"unit": unit, "on": on, "page": page, "answer": page.answer}
    context["reread"] = reread(page.answer)
    context["beside"] = beside(page.answer)
    if page.tally.average is not None:
        named = {part.version.unit_id: part.version.full_name for part in page.parts}
        context["schematic"] = schematic.progress(page.answer, districts=named)
    if page.history.has_lineage:
        context["lineage"] = lineage_view(unit, on, request.user)  # type: ignore[arg-type]
    return TemplateResponse(request, "overview.html", context)
