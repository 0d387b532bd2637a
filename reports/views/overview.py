"""The overview of a country, province or district."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.beside import beside
from criteria.guards import on_unit
from criteria.models import Basis
from reports import groups
from reports.asked import asked_in
from reports.lineage_page import lineage_view
from reports.overview import overview
from reports.readings import Reading
from reports.rereading import reread
from reports.schematic import views as schematic


@on_unit(Permission.READ, Tier.COUNTRY, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def overview_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    asked = asked_in(request, unit, on)
    reading = Reading.asked(request.GET.get("reading"))
    page = overview(unit, on, reading, request.known, asked)  # type: ignore[attr-defined]
    context = {"unit": unit, "on": on, "page": page, "answer": page.answer, "bases": Basis}
    if unit.unit.tier != Tier.COUNTRY:
        context["groups"] = groups.choices(unit, on, asked.group)
        context["tiers"] = groups.tier_choices(page.answer, asked.tier)
    context["reread"] = None if asked.narrowed else reread(page.answer)
    context["beside"] = None if asked.set_code else beside(page.answer)
    if page.tally.average is not None:
        named = {part.version.unit_id: part.version.full_name for part in page.parts}
        context["schematic"] = schematic.progress(
            page.answer, districts=named, query=asked.query_of_parts
        )
    if page.history.has_lineage:
        context["lineage"] = lineage_view(unit, on, request.user)  # type: ignore[arg-type]
    response = TemplateResponse(request, "overview.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        given = urlencode({name: value for name, value in request.GET.items() if value})
        response["HX-Push-Url"] = f"{request.path}?{given}"
    return response
