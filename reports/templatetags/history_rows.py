"""The months of the overview's table, written without a template.

Sixty months and more stand folded on the page that is opened most, and a template takes a tenth of
the time the page may take for them. What comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from communes.vietnamese import format_number
from reports.history import HistoryRow

register = template.Library()


@register.simple_tag
def history_rows(rows: Iterable[HistoryRow]) -> SafeString:
    """Month, average, criteria met, communes, recognised, set, and what changed."""
    return mark_safe("".join(map(_row, rows)))


def _row(row: HistoryRow) -> str:
    point = row.point
    communes = format_number(point.communes)
    notes = [*([] if point.closed else ["Chưa chốt"]), *row.notes]
    return (
        f'<tr><th scope="row" data-value="{point.month.isoformat()}">'
        f"{point.month.month:02d}/{point.month.year}</th>"
        f'<td class="num strong">{format_number(point.average, 2)}</td>'
        f'<td class="num">{format_number(point.criteria_met)}</td>'
        f'<td class="num">{communes}</td>'
        f'<td class="num">{format_number(point.recognised)}/{communes}</td>'
        f'<td class="text">{escape(row.set_label)}, {point.of} tiêu chí</td>'
        f'<td class="text soft">{escape("; ".join(notes))}</td></tr>\n'
    )
