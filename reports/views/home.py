"""The front door: leads each person to the place of their work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import signed_in
from communes.models import Role
from reports.views.frame import Frame


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    for place in Frame(request).places:
        name = "entry" if place.role == Role.COMMUNE else "overview"
        return redirect(name, code=place.unit.code)
    return TemplateResponse(request, "no_assignment.html", {}, status=403)
