"""The front door: leads each person to their work, and those who only read to the figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import signed_in
from communes.models import Succession, UnitVersion
from reports.views.frame import Frame
from reports.views.work import places_of_work
from reports.work.asking import LISTS


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
    places = places_of_work(request)
    if any(place.role in LISTS for place in places):
        return redirect("work")
    if places:
        return redirect("overview", code=places[0].unit.code)
    ended = [place.unit for place in Frame(request).places]
    if ended:
        return TemplateResponse(request, "ended_unit.html", {"ended": _ended(ended)}, status=403)
    return TemplateResponse(request, "no_assignment.html", {}, status=403)
