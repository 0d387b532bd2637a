"""Addresses of many commune pages at once: one look-up, then only the code is put in."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from django.urls import reverse

from criteria.figures import Figures

_CODE = "00000"


def around_code(answer: Figures, query: str = "") -> tuple[str, str]:
    """What stands before and after the code of a commune in the address of its page.

    On the day of the answer, as known when it is, and with the `query` of set and basis
    (:attr:`reports.asked.Asked.query_of_parts`); as it stands in HTML.
    """
    before, _, after = reverse("commune", args=[_CODE]).partition(_CODE)
    after += f"?on={answer.on.isoformat()}"
    if answer.known:
        after += f"&amp;known={quote(answer.known.address)}"
    if query:
        after += f"&amp;{escape(query)}"
    return before, after
