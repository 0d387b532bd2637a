"""Every page, signed in as each role: no serious fault by axe-core's rules, on a laptop and with
everything unfolded on a phone; and with text at 200 % nothing scrolls the page sideways.

Each page is opened once for all of it: opening it is what takes the time.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.test_axe import PHONE, serious
from tests.browser.test_demo import enter_as

LAPTOP = {"width": 1366, "height": 768}
CLOSED = "?on=2018-12-31"
ROLES = ["office", "head", "commune", "department", "committee", "admin"]
PAGES = [
    ("office", f"/overview/02/{CLOSED}"),
    ("office", "/overview/02/"),
    ("office", f"/overview/024/{CLOSED}"),
    ("office", "/overview/02/?on=2022-01-01"),
    ("office", f"/overview/02/criteria/11/{CLOSED}"),
    ("office", f"/matrix/024/{CLOSED}"),
    ("office", "/moves/02/?from=2017-12-31&to=2018-12-31&basis=confirmed"),
    ("office", f"/communes/00721/{CLOSED}"),
    ("office", "/reviews/02/"),
    ("department", "/reviews/02/national-commune-2016-2020/17/"),
    ("office", "/search/?q=dong"),
    ("office", "/search/?q=zzzz"),
    ("office", "/gallery/"),
    ("office", "/nowhere/"),
    ("office", "/units/20/?on=2026-12-31"),
    ("office", "/units/02/events/"),
    ("office", "/units/20/events/new/"),
    ("office", "/units/20/events/new/?kind=merge"),
    ("office", "/units/20/attributes/"),
    ("office", "/criteria-sets/"),
    ("office", "/criteria-sets/national-commune-2026-2030/1/"),
    ("office", "/provinces/42/levels/"),
    ("office", "/provinces/20/sets/"),
    ("office", f"/communes/00721/position/{CLOSED}"),
    ("office", "/provinces/20/departments/"),
    ("office", "/provinces/02/log/"),
    ("office", "/provinces/02/log/162/"),
    ("office", f"/communes/00721/cells/17.1/{CLOSED}"),
    ("office", "/people/"),
    ("department", "/communes/00721/entry/"),
    ("office", "/provinces/02/entry/"),
    ("office", "/provinces/02/entry/national-commune-2016-2020/17/?district=026"),
    ("office", "/communes/00721/entry/"),
    ("office", "/communes/00721/evidence/1.1/"),
    ("office", "/provinces/02/decisions/"),
    ("office", "/provinces/02/decisions/new/"),
    ("office", "/provinces/02/plans/"),
    ("office", f"/meeting/02/{CLOSED}"),
    ("office", "/meeting/02/tasks/?show=all"),
    ("office", "/"),
    ("head", "/provinces/02/months/"),
    ("head", "/provinces/02/months/2020-11/"),
    ("head", "/reports/02/?month=2018-12"),
    ("head", "/reports/02/settings/"),
    ("commune", "/"),
    ("admin", "/people/"),
    ("admin", "/people/?q=zzzz"),
    ("admin", "/operations/"),
    ("committee", "/account/"),
    ("committee", f"/overview/02/explain/average/{CLOSED}"),
    ("committee", f"/overview/02/lately/{CLOSED}"),
    ("committee", f"/compare/02/{CLOSED}&with=14"),
    *((role, "/guide/") for role in ROLES),
]
"""Held against both."""

MORE = [
    ("nobody", "/sign-in/"),
    ("nobody", "/password/forgot/"),
    ("nobody", "/password/set/MQ/no-token/"),
    ("nobody", "/gallery/"),
    ("office", "/overview/02/criteria/17/?on=2018-12-31"),
    ("office", "/communes/00706/?on=2018-12-31"),
    ("office", "/communes/00706/entry/"),
    ("office", "/criteria-sets/new/"),
    ("office", "/reviews/02/national-commune-2016-2020/17/?show=all"),
    ("admin", "/people/1/"),
]
"""Held against large text alone."""

UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
# Drawn twice: a table may have to take its scroll area first.
DRAWN = """() => {
    const drawn = () => new Promise(requestAnimationFrame);
    return drawn().then(drawn).then(drawn);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_every_page_of_a_role_is_accessible_and_grows_with_its_text(page: Page, role):
    if role != "nobody":
        enter_as(page, role)
    faults: dict[str, list[str]] = {}
    for who, address in PAGES:
        if who == role:
            faults[address] = [*_by_axe(page, address), *_too_wide(page)]
    for who, address in MORE:
        if who == role:
            page.goto(address)
            faults[f"{address} (large)"] = _too_wide(page)
    assert {address: found for address, found in faults.items() if found} == {}


def _by_axe(page: Page, address: str) -> list[str]:
    """As the page comes on a laptop, and with everything unfolded on a phone."""
    page.set_viewport_size(LAPTOP)
    page.goto(address)
    found = serious(page)
    page.set_viewport_size(PHONE)
    page.evaluate(UNFOLD)
    return found + serious(page)


def _too_wide(page: Page) -> list[str]:
    """By how much the open page scrolls sideways with text twice as large, on either screen."""
    page.evaluate(UNFOLD)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = []
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        page.evaluate(DRAWN)
        if (beyond := page.evaluate(SIDEWAYS)) > 0:
            found.append(f"{beyond} px beyond {size['width']}")
    return found
