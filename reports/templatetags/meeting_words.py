"""Changes of figures as the slides of a meeting write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template

from reports import findings
from reports.meeting import headings
from reports.meeting.deck import Moved

register = template.Library()


@register.filter
def signed(amount: Decimal | int | None, places: int = 0) -> str:
    """ "+0,12", "−2", "không đổi"; "–" where there is nothing to compare with."""
    return findings.movement(amount, places) or "–"


@register.filter
def changes(moved: Moved, since: date | None) -> list[tuple[str, str]]:
    """(amount, since when) for the line below a headline figure."""
    return headings.changes(moved, since)
