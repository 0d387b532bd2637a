"""Refuses to start when an address leads to a view that is neither guarded nor declared open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from communes.access import GUARD_ATTRIBUTE


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (address, view) of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback
        else:
            yield from views(entry, prefix + str(entry.pattern))


@register(Tags.security)
def every_view_is_guarded(app_configs: object, **kwargs: object) -> list[Error]:
    """An error for each view without a guard of ``communes.access`` or ``criteria.guards``."""
    return [
        Error(
            f"The view of /{address} is neither guarded nor declared open.",
            hint="Wear @signed_in, @on_unit(...) or @open_to_all.",
            id="ntm.E001",
        )
        for address, view in views()
        if not hasattr(view, GUARD_ATTRIBUTE)
    ]
