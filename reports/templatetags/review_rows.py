"""The rows of the list that a department reviews, written without a template.

Five hundred communes stand on one page, and a template takes most of the time that the page
may take. Every part that comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from criteria.confirming.page import ReviewPage
from criteria.confirming.rows import CommuneRow, Shown
from reports.templatetags.verdicts import verdict_badge, verdict_sign

register = template.Library()


@register.simple_tag(takes_context=True)
def review_rows(
    context: Context, rows: Iterable[CommuneRow], page: ReviewPage, *, may_tick: bool, ticked: bool
) -> SafeString:
    """Each commune as a row: box, name, cells, both outcomes, what changed, who recorded it.

    A row with its evidence follows where there is any; few have, so that is a template.
    """
    address = reverse("commune", args=["CODE"]) + f"#criterion-{page.criterion.number}"
    parts = []
    for row in rows:
        parts.append(_row(row, page.differing, address, may_tick, ticked))
        if row.papers:
            papers = render_to_string("review/papers.html", {"row": row, "task": context["task"]})
            parts.append(
                '<tr class="papers"><td class="tick"></td>'
                f'<td class="text" colspan="{page.under_name}">{papers}</td></tr>\n'
            )
    return mark_safe("".join(parts))


def _row(
    row: CommuneRow, differing: Collection[str], address: str, may_tick: bool, ticked: bool
) -> str:
    name = escape(row.commune.full_name)
    box = ""
    if may_tick and row.can_be_reviewed:
        box = (
            f'<input type="checkbox" name="commune" value="{row.token}" aria-label="{name}"'
            f"{' checked' if ticked else ''}>"
        )
    here = escape(address.replace("CODE", row.commune.code))
    concluded = "<small>kết luận chung</small>" if row.reported.concluded else ""
    before = '<span class="soft">chưa lần nào</span>'
    since = ""
    if row.state.confirmed:
        before = verdict_badge(row.confirmed.outcome)
        since = _paragraphs(row.changes)
    if row.act:
        since += f'<p class="act">{escape(row.act)}</p>'
    entered = _paragraphs(row.entered) or '<p class="soft">chưa ghi kết quả nào</p>'
    return (
        f'<tr data-state="{row.state.state}"><td class="tick">{box}</td>'
        f'<th scope="row"><a href="{here}">{name}</a></th>'
        f"{''.join(_cell(cell, differing) for cell in row.cells)}"
        f'<td class="text" data-label="Xã báo cáo">'
        f"{verdict_badge(row.reported.outcome)}{concluded}</td>"
        f'<td class="text" data-label="Đã xác nhận">{before}</td>'
        f'<td class="text since" data-label="Thay đổi">{since}</td>'
        f'<td class="text" data-label="Ghi nhận">{entered}</td></tr>\n'
    )


def _cell(cell: Shown, differing: Collection[str]) -> str:
    said = [f"mức {cell.level}"] if cell.code in differing else []
    said += [cell.remark] if cell.remark else []
    notes = "".join(f"<small>{escape(one)}</small>" for one in said)
    figure = f"{escape(cell.figure)}&nbsp;" if cell.figure else ""
    return (
        f'<td class="num{" new" if cell.pending else ""}" data-label="{escape(cell.code)}">'
        f"{figure}{verdict_sign(cell.outcome)}{notes}</td>"
    )


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
