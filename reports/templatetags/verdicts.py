"""Verdicts in long tables: their components, rendered once for each outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from criteria.confirming.rows import Shown

register = template.Library()


@lru_cache
def _once(component: str, outcome: str) -> SafeString:
    return SafeString(render_to_string(component, {"outcome": str(outcome)}).strip())


@register.filter
def verdict_badge(outcome: str) -> SafeString:
    """A verdict by sign and word."""
    return _once("components/verdict.html", outcome)


@register.filter
def verdict_sign(outcome: str) -> SafeString:
    """A verdict by its sign alone; the word is there for screen readers."""
    return _once("components/verdict_sign.html", outcome)


@register.filter
def review_cell(cell: Shown, differing: Collection[str]) -> SafeString:
    """One cell of the list of those who confirm: thousands stand on one page, so no template."""
    new = " new" if cell.pending else ""
    figure = f"{escape(cell.figure)}&nbsp;" if cell.figure else ""
    said = [f"mức {cell.level}"] if cell.code in differing else []
    said += [cell.remark] if cell.remark else []
    notes = "".join(f"<small>{escape(one)}</small>" for one in said)
    return mark_safe(
        f'<td class="num{new}" data-label="{escape(cell.code)}">'
        f"{figure}{verdict_sign(cell.outcome)}{notes}</td>"
    )


@register.filter
def paragraphs(lines: Iterable[str]) -> SafeString:
    """Each line as a paragraph of its own."""
    return mark_safe("".join(f"<p>{escape(line)}</p>" for line in lines))
