"""Words of the page "why it moved"."""

from __future__ import annotations

from django import template

from criteria.figures import Source

register = template.Library()

_WORDS = {
    Source.CLOSED: "đã chốt",
    Source.NOW: "đang cập nhật",
    Source.LOOKUP: "tra lại, chưa chốt",
}


@register.filter
def source_words(source: Source) -> str:
    """Where the figures of a day were read, inside a sentence."""
    return _WORDS[source]
