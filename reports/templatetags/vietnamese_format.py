"""Numbers and dates as Vietnamese documents write them, and links that keep the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template
from django.urls import reverse

from communes import units
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date, format_number, format_percent

register = template.Library()


@register.filter
def number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """1518 → "1.518"; 10.59 with 2 places → "10,59"; None → "–"."""
    return format_number(Decimal(str(value)) if value is not None else None, places)


@register.filter
def day(value: date | None) -> str:
    """31/12/2018."""
    return format_date(value) if value else ""


@register.filter
def width(value: float) -> str:
    """A share in percent for CSS and SVG, with a point whatever the language."""
    return f"{value:.1f}"


@register.simple_tag
def percent(part: int, whole: int, places: int = 1) -> str:
    """18,6%."""
    return format_percent(part, whole, places)


@register.simple_tag
def unit_url(unit: UnitVersion, on: date | None = None) -> str:
    """The page of a unit on a day: the overview, or the commune page for a commune."""
    name = "commune" if unit.unit.tier == Tier.COMMUNE else "overview"
    return reverse(name, args=[unit.code]) + (f"?on={on.isoformat()}" if on else "")


@register.simple_tag
def trail(unit: UnitVersion, on: date) -> list[UnitVersion]:
    """The units above, from the country down."""
    return list(units.ancestors(unit, on))
