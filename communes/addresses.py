"""From which network address a request comes."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address; behind our own proxy, the one that the proxy saw.

    Only the last entry of X-Forwarded-For is the proxy's word; what stands before it was sent
    by the visitor and can be invented.
    """
    seen = str(request.META.get("REMOTE_ADDR") or "")
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or seen
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return None
