"""Verdicts in long tables: their components, rendered once for each outcome."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

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
