"""The part of the overview that is fetched after the figures, and the same as a page of its own."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.guards import on_unit
from reports.asked import asked_in
from reports.lately import lately


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def lately_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    asked = asked_in(request, unit, on)
    page = lately(unit, on, request.known, asked)  # type: ignore[attr-defined]
    context = {
        "unit": unit,
        "on": on,
        "page": page,
        "answer": page.answer,
        "plan_code": units.province_of(unit, on).code,
    }
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return TemplateResponse(request, f"lately.html{'#sections' if fragment else ''}", context)
