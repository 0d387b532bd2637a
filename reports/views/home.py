"""The front door: leads each person to the place of their work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.access import assignments_of, signed_in
from communes.models import Role
from reports.views.frame import place_of


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    for assignment in assignments_of(request.user):  # type: ignore[arg-type]
        try:
            unit = place_of(assignment)
        except (units.DateNotLoaded, units.UnknownUnit):
            continue
        if assignment.role == Role.COMMUNE:
            return redirect("entry", code=unit.code)
        return redirect("overview", code=unit.code)
    return TemplateResponse(request, "no_assignment.html", {}, status=403)
