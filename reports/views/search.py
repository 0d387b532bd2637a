"""The search: a page of its own, and the list that the box of every page shows."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from communes.access import signed_in
from reports.looked_at import read
from reports.search import search


@signed_in
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    looked = read(request.GET)
    query, user = request.GET.get("q", ""), request.user
    found = search(query, user, at=looked.at, looked=looked)  # type: ignore[arg-type]
    name = "search.html#results" if getattr(request, "htmx", False) else "search.html"
    answer = TemplateResponse(request, name, {"found": found, "search_page": True})
    patch_vary_headers(answer, ["HX-Request"])
    return answer
