"""The page of one commune: standing, criteria, indicators, decisions, history, lineage."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.access import permissions
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria.cells import sheet_under
from criteria.figures import NO_SET, figures
from criteria.guards import on_unit
from criteria.models import Recognition
from reports.commune_history import commune_history
from reports.lineage_page import lineage_view
from reports.readings import Reading


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    answer = figures(unit, on)
    province = units.province_of(unit, on)
    me: User = request.user  # type: ignore[assignment]
    lineage = lineage_view(unit, on, me)
    reading = Reading.asked(request.GET.get("reading"))
    context = {
        "unit": unit,
        "on": on,
        "answer": answer,
        "standing": answer.rows[0] if answer.rows else None,
        "sheet": sheet_under(answer.asked, unit, on, seq=answer.closing and answer.closing.seq)
        if answer.asked is not NO_SET
        else None,
        "decisions": Recognition.objects.filter(unit_id=unit.unit_id, effective_on__lte=on)
        .select_related("set_version__set")
        .order_by("-effective_on", "-pk"),
        "lineage": lineage,
        "history": commune_history(unit, answer, lineage, reading),
        # A commune outside the programme is not entered.
        "may_enter": bool(answer.rows) and Permission.ENTER in permissions(me, unit),
        "province": province if Permission.READ in permissions(me, province) else None,
    }
    return TemplateResponse(request, "commune.html", context)
