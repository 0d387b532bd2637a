"""Việc của tôi: the page that a person starts with, at one of their places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import signed_in
from communes.models import Role, User
from criteria.days import has_ended
from reports.views.frame import Frame, Place
from reports.work import work


def places_of_work(request: HttpRequest) -> list[Place]:
    """The person's places, without communes that have ended."""
    return [
        place
        for place in Frame(request).places
        if place.role != Role.COMMUNE or not has_ended(place.unit)
    ]


@signed_in
@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    me: User = request.user  # type: ignore[assignment]
    places = places_of_work(request)
    if not places:
        return TemplateResponse(request, "no_assignment.html", {}, status=403)
    chosen = next(
        (place for place in places if place.unit.code == request.GET.get("unit")), places[0]
    )
    roles = [place.role for place in places if place.unit.unit_id == chosen.unit.unit_id]
    context = {
        "work": work(me, chosen.unit, roles),
        "place": chosen,
        "units": list({place.unit.unit_id: place.unit for place in places}.values()),
        "work_page": True,
    }
    return TemplateResponse(request, "work.html", context)
