"""In the demo, errors look as they do in an office, although DEBUG is on."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults


class VietnameseErrors:
    """Puts the site's own page in the place of Django's technical one, which is in English.

    The traceback stays in the log of the web server.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 404:
            return defaults.page_not_found(request, Http404())
        if answer.status_code == 500:
            return defaults.server_error(request)
        return answer
