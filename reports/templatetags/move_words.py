"""Words of the page "why it moved"."""

from __future__ import annotations

from django import template

from criteria.figures import Figures, Source

register = template.Library()

_WORDS = {
    Source.CLOSED: "đã chốt",
    Source.NOW: "đang cập nhật",
    Source.LOOKUP: "tra lại, chưa chốt",
}


@register.filter
def source_words(answer: Figures) -> str:
    """Where the figures of a day were read, inside a sentence."""
    return f"theo số liệu {answer.known.label}" if answer.known else _WORDS[answer.source]
