"""Numbers and dates as Vietnamese documents write them, and links that keep the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from communes import units
from communes.access import permissions
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from communes.vietnamese import format_date, format_number, format_percent
from criteria.figures import Figures
from criteria.models import CriteriaSet, PublishedFigure, Verdict
from criteria.months import month_end
from criteria.since_closing import recorded_since
from reports.asked import Asked

register = template.Library()


@register.filter
def number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """1518 → "1.518"; 10.59 with 2 places → "10,59"; None → "–"."""
    return format_number(Decimal(str(value)) if isinstance(value, float) else value, places)


@register.filter
def day(value: date | None) -> str:
    """31/12/2018."""
    return format_date(value) if value else ""


@register.filter
def month(value: date) -> str:
    """12/2018; the long tables of months take too long with Django's own filter."""
    return f"{value.month:02d}/{value.year}"


@register.filter
def width(value: float) -> str:
    """A share in percent for CSS and SVG, with a point whatever the language."""
    return f"{value:.1f}"


@register.simple_tag
def percent(part: int, whole: int, places: int = 1) -> str:
    """18,6%."""
    return format_percent(part, whole, places)


@register.simple_tag(takes_context=True)
def unit_url(context: Context, unit: UnitVersion, on: date | None = None) -> str:
    """The page of a unit on a day: the overview, or the commune page for a commune.

    As known up to the same moment as the page that links there, where it names one.
    """
    name = "commune" if unit.unit.tier == Tier.COMMUNE else "overview"
    address = reverse(name, args=[unit.code])
    # The country is asked for nothing but a day and a knowledge.
    more = known_kept(context) if unit.unit.tier == Tier.COUNTRY else kept_of_parts(context)
    return mark_safe(f"{address}?on={on.isoformat()}{more}" if on else address)


@register.simple_tag(takes_context=True)
def figure_url(context: Context, answer: Figures, figure: str, basis: str = "") -> str:
    """What a figure is made of; of the country there is no such page."""
    if answer.unit.unit.tier == Tier.COUNTRY:
        return "#basis"
    address = reverse("explain", args=[answer.unit.code, figure])
    more = f"&amp;basis={basis}" if basis else ""
    return mark_safe(f"{address}?on={answer.on.isoformat()}{kept(context)}{more}")


@register.simple_tag(takes_context=True)
def kept(context: Context) -> str:
    """What an address goes on with to stay with the knowledge and the filters of this page."""
    return mark_safe(known_kept(context) + filters_kept(context))


@register.simple_tag(takes_context=True)
def kept_of_parts(context: Context) -> str:
    """The same for other communes than those of this page: with its set and basis only."""
    asked = _asked(context)
    return mark_safe(known_kept(context) + _more(asked.query_of_parts if asked else ""))


@register.simple_tag(takes_context=True)
def kept_by_set(context: Context, set_code: str) -> str:
    """The same under another set, "" for the headline set."""
    asked = _asked(context)
    query = replace(asked, set_code=set_code or None).query if asked else ""
    return mark_safe(known_kept(context) + _more(query))


@register.simple_tag(takes_context=True)
def filters_kept(context: Context) -> str:
    """The filters of this page alone, without its knowledge."""
    asked = _asked(context)
    return mark_safe(_more(asked.query if asked else ""))


def known_kept(context: Context) -> str:
    known = getattr(context.get("request"), "known", None)
    return f"&amp;known={quote(known.address)}" if known else ""


def _asked(context: Context) -> Asked | None:
    found: Asked | None = getattr(context.get("request"), "asked", None)
    return found


def _more(query: str) -> str:
    return f"&amp;{escape(query)}" if query else ""


@register.simple_tag(takes_context=True)
def recorded_since_closing(context: Context, answer: Figures) -> bool:
    """Whether a closed month may read otherwise by now; asked of all its communes only."""
    asked = _asked(context)
    return not (asked and asked.narrowed) and recorded_since(answer)


@register.simple_tag
def trail(unit: UnitVersion, on: date) -> list[UnitVersion]:
    """The units above, from the country down."""
    return list(units.ancestors(unit, on))


@register.simple_tag
def published_days(unit: UnitVersion) -> list[date]:
    """Month-ends of which a total of the unit was printed elsewhere."""
    figures = PublishedFigure.objects.filter(unit_id=unit.unit_id).order_by("on")
    return list(figures.values_list("on", flat=True))


@register.simple_tag
def nearby_days(on: date) -> list[tuple[str, date]]:
    """The days people step to from `on`: the end of last year, of last month, of the next one."""
    end = month_end(on)
    return [
        ("Cuối năm trước", date(on.year - 1, 12, 31)),
        ("Cuối tháng trước", on.replace(day=1) - timedelta(days=1)),
        ("Cuối tháng này" if on != end else "Cuối tháng sau", month_end(on + timedelta(days=1))),
    ]


@register.simple_tag(takes_context=True)
def may(context: Context, what: str, unit: UnitVersion) -> bool:
    """Whether the person may ("read", "enter") a unit; asks no more than the view asked."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and Permission(what) in permissions(user, unit))


@register.filter
def short_set(name: str) -> str:
    """A set as a caption names it: "Bộ tiêu chí 2016–2020"; the whole name stands once."""
    for words in ("quốc gia ", "về xã ", "nông thôn mới ", "giai đoạn "):
        name = name.replace(words, "")
    return name


@register.filter
def tier_label(word: str) -> str:
    """The tier of a recognition in words, as it stands after "công nhận"."""
    if not word:
        return ""
    label = str(CriteriaSet.SetTier(word).label)
    return label.lower() if word == "standard" else f"nông thôn mới {label.lower()}"


_SIGNS = {"met": "✓", "not_met": "✕", "not_assessed": "–", "not_applicable": "○"}


@register.filter
def sign(outcome: str) -> str:
    """The sign that tells a verdict without colour."""
    return _SIGNS.get(outcome, "")


@register.filter
def words(outcome: str) -> str:
    """A verdict in words: "Đạt", "Chưa đạt", "Chưa đánh giá", "Không áp dụng"."""
    return str(Verdict(outcome).label)
