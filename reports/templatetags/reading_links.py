"""Links between the two readings of a page; everything else in the address is kept."""

from __future__ import annotations

from django import template
from django.template import Context

from reports.readings import Reading

register = template.Library()


@register.simple_tag(takes_context=True)
def reading_links(context: Context, shown: Reading) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one shown) of each reading."""
    found = []
    for reading in Reading:
        query = context["request"].GET.copy()
        query["reading"] = reading.value
        found.append((reading.label, f"?{query.urlencode()}", reading is shown))
    return found
