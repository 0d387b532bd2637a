"""The page of one commune: standing, criteria, indicators, decisions."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import permissions
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.cells import sheet
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.models import Recognition
from criteria.openings import told


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    answer = figures(unit, on)
    held = permissions(request.user, unit)  # type: ignore[arg-type]
    context = {
        "unit": unit,
        "on": on,
        "answer": answer,
        "standing": answer.rows[0] if answer.rows else None,
        "sheet": sheet(unit, on),
        "decisions": Recognition.objects.filter(unit_id=unit.unit_id, effective_on__lte=on)
        .select_related("set_version__set")
        .order_by("-effective_on", "-pk"),
        "opening": told(unit.unit_id, seq=answer.closing.seq if answer.closing else None),
        "may_decide": Permission.DECIDE_OPENINGS in held,
        "may_enter": bool(answer.rows)  # a commune outside the programme is not entered
        and Permission.ENTER in held,
    }
    return TemplateResponse(request, "commune.html", context)
