"""No page is forgotten when axe looks: it opens each GET of the matrix, or says why not."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.access.matrix import rows
from tests.browser.test_every_page import PAGES

JOURNEYS = {
    "close_month": "tests/browser/test_month.py",
    "sign_in": "tests/browser/test_axe.py",
    "password_forgot": "tests/browser/test_axe.py",
    "password_set": "tests/browser/test_axe.py",
    "name_device": "tests/browser/test_axe.py",
    "invite": "tests/browser/test_axe.py",
    "person": "tests/browser/test_axe.py",
    "work": "tests/browser/test_every_page.py",
    "opening": "tests/browser/test_openings.py",
    "openings": "tests/browser/test_openings.py",
    "openings_proposed": "tests/browser/test_openings.py",
}
"""Held against axe on the way; "work" is where "/" leads."""

NO_PAGE = {
    "health": "a word for machines",
    "set": "leads on to its version",
    "evidence_file": "the file itself",
    "evidence_zip": "a file",
    "meeting_slides": "a file",
    "monthly_file": "a file",
    "yearly_sheet": "a file",
    "yearly_sheet_pdf": "a file",
    "entry_headline": "a fragment of the entry sheet",
    "monthly_runs": "a fragment of the month's report",
}

NOT_HELD = {
    "commune_month": "seldom opened: the sheet sends the month in",
    "correct_decision": "like new_decision, which is held",
    "draft": "walked by keyboard in tests/browser/test_sets.py, not yet held there",
    "draft_indicator": "one form of a draft",
    "figure_check": "there only after an alarm",
    "new_set": "at large text only",
    "put_in_force": "walked by keyboard in tests/browser/test_sets.py, not yet held there",
    "reassess": "seldom opened",
    "rejudged": "walked by keyboard in tests/browser/test_sets.py, not yet held there",
    "set_compare": "seldom opened",
    "unit_event": "walked by keyboard in tests/browser/test_unit_events.py, not yet held there",
    "unit_event_edges": "a form about one event",
}
"""Each page costs CI 1.6 s: these are left out, and why."""


def test_every_page_is_held_against_axe_or_named_with_the_reason():
    opened = set()
    for _, address in PAGES:
        with suppress(Resolver404):  # the page of an unknown address is held too
            opened.add(resolve(urlsplit(address).path).url_name)
    pages = {row.name for row in rows() if row.method == "GET"}
    named = {*JOURNEYS, *NO_PAGE, *NOT_HELD}
    workbooks = {name for name in pages if name.endswith("_workbook")}
    assert pages - workbooks - opened == named
    assert len(named) == len(JOURNEYS) + len(NO_PAGE) + len(NOT_HELD)
