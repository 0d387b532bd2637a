"""The front door: leads each person to the place of their work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import signed_in
from communes.models import Role, Succession, UnitVersion
from criteria.days import has_ended
from reports.views.frame import Frame

START = {Role.COMMUNE: "entry", Role.DEPARTMENT: "review_queue"}
"""Role → where its work begins; everybody else begins at the overview."""


def _ended(units: list[UnitVersion]) -> list[tuple[UnitVersion, list[str]]]:
    """Units that have ended, each with the names of those that carry it on."""
    edges = Succession.objects.filter(old__in=[unit.unit_id for unit in units])
    found: dict[int, list[str]] = {unit.unit_id: [] for unit in units}
    for edge in edges.select_related("event").order_by("new__key"):
        new = UnitVersion.objects.alive_on(edge.event.effective_on).get(unit_id=edge.new_id)
        found[edge.old_id].append(f"{new.full_name} ({new.code})")
    return [(unit, found[unit.unit_id]) for unit in units]


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    ended = []
    for place in Frame(request).places:
        if place.role == Role.COMMUNE and has_ended(place.unit):
            ended.append(place.unit)
            continue
        return redirect(START.get(place.role, "overview"), code=place.unit.code)
    if ended:
        return TemplateResponse(request, "ended_unit.html", {"ended": _ended(ended)}, status=403)
    return TemplateResponse(request, "no_assignment.html", {}, status=403)
