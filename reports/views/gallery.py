"""Every component with its states on one page, for those who build pages; not in production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import open_to_all
from reports.samples import samples


@open_to_all
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404("Chỉ có khi phát triển phần mềm.")
    return TemplateResponse(request, "gallery.html", samples())
