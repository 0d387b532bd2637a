"""The rows of a criterion's sheet, drawn without a template: hundreds of them stand on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from criteria.grids.criterion import GridRow


@dataclass(frozen=True, kw_only=True)
class Form:
    """What the forms of the rows have in common: where they are sent, the token of the page."""

    rows_address: str
    query: str
    token: str


def rows(found: Sequence[GridRow], *, set_code: str, form: Form) -> SafeString:
    """The rows of one group of communes, each with its form for a browser without scripts."""
    # The address of each sheet, made once: 177 look-ups of a route take as long as a query.
    sheet = escape(reverse("entry", args=[_CODE]) + f"?set={quote(set_code)}")
    return SafeString("".join(_row(row, sheet, form) for row in found))


_CODE = "0"
"""Stands for the code of a commune in an address."""


def _row(row: GridRow, sheet: str, form: Form) -> str:
    unit_id, code = row.commune.unit_id, escape(row.commune.code)
    name = escape(row.commune.name)
    action = f"{escape(form.rows_address)}{code}/{escape(form.query)}"
    return (
        f'<tr id="row-{unit_id}" data-code="{code}">'
        f'<th scope="row"><a href="{sheet.replace(f"/{_CODE}/", f"/{code}/")}">{name}</a>'
        f"{sent_back(row)}</th>"
        f"{''.join(cell.drawn for cell in row.cells)}"
        f'<td class="text">{outcome(row)}<form id="r-{unit_id}" method="post" action="{action}"'
        f' class="save"><input type="hidden" name="csrfmiddlewaretoken" value="{form.token}">'
        f'<button class="button small quiet" type="submit">Lưu<span class="sr"> {name}</span>'
        "</button></form></td></tr>"
    )


def outcome(row: GridRow, *, swapped: bool = False) -> SafeString:
    """The outcome of the criterion in one commune; `swapped`: it replaces the one on the page."""
    swap = ' hx-swap-oob="true"' if swapped else ""
    return SafeString(f'<span id="o-{row.commune.unit_id}"{swap}>{row.verdict}</span>')


def sent_back(row: GridRow, *, swapped: bool = False) -> SafeString:
    """Why its department sent the criterion of one commune back, and when; else an empty place."""
    back, said = row.returned, ""
    if back is not None:
        said = render_to_string("entry/sent_back.html", {"review": back})
    swap = ' hx-swap-oob="true"' if swapped else ""
    return SafeString(f'<span class="back" id="b-{row.commune.unit_id}"{swap}>{said}</span>')
