"""The search: a page of its own, and the list that the box of every page shows."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from communes.access import signed_in
from reports.search import search


@signed_in
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    at = request.GET.get("at", "")
    found = search(
        request.GET.get("q", ""),
        request.user,  # type: ignore[arg-type]
        at=int(at) if at.isascii() and at.isdecimal() and len(at) < 10 else None,
    )
    name = "search.html#results" if getattr(request, "htmx", False) else "search.html"
    answer = TemplateResponse(request, name, {"found": found, "search_page": True})
    patch_vary_headers(answer, ["HX-Request"])
    return answer
