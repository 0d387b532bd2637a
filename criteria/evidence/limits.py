"""A request that announces more than a file of evidence may have is refused unread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from criteria.evidence.acts import LARGEST

logger = logging.getLogger(__name__)

LARGEST_REQUEST = LARGEST + 1024 * 1024
"""Bytes: one file and the few fields beside it."""


def refuse_too_large(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: before anybody, the check of forged forms included, reads the body.

    A body without an announced length counts as empty (WSGI), so this bound holds for all.
    """

    def refusing(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdecimal() or int(announced) <= LARGEST_REQUEST:
            return get_response(request)
        who = request.user.pk if request.user.is_authenticated else None
        logger.warning("request of %s bytes refused: %s by %s", announced, request.path, who)
        answer = render(request, "too_large.html", status=413)
        answer.headers["Connection"] = "close"
        return answer

    return refusing
