"""The page of one commune: standing, criteria, indicators, decisions."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import permissions
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.cells import sheet
from criteria.days import has_ended
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.models import Recognition


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    answer = figures(unit, on)
    context = {
        "unit": unit,
        "on": on,
        "answer": answer,
        "standing": answer.rows[0] if answer.rows else None,
        "sheet": sheet(unit, on),
        "decisions": Recognition.objects.filter(unit_id=unit.unit_id, effective_on__lte=on)
        .select_related("set_version__set")
        .order_by("-effective_on", "-pk"),
        "may_enter": bool(answer.rows)  # a commune outside the programme is not entered
        and not has_ended(unit)
        and Permission.ENTER in permissions(request.user, unit),  # type: ignore[arg-type]
    }
    return TemplateResponse(request, "commune.html", context)
