"""With text at 200 % no page scrolls sideways, on a laptop or on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.test_axe import PAGES
from tests.browser.test_demo import enter_as

MORE = [
    ("nobody", "/sign-in/"),
    ("nobody", "/password/forgot/"),
    ("nobody", "/password/set/MQ/no-token/"),
    ("nobody", "/gallery/"),
    ("office", "/overview/02/criteria/17/?on=2018-12-31"),
    ("office", "/communes/00706/?on=2018-12-31"),
    ("office", "/communes/00706/entry/"),
    ("office", "/provinces/02/entry/national-commune-2016-2020/17/?district=026"),
    ("office", "/people/"),
    ("office", "/criteria-sets/new/"),
    ("office", "/provinces/20/sets/"),
    ("office", "/reviews/02/national-commune-2016-2020/17/?show=all"),
    ("admin", "/people/1/"),
    ("admin", "/people/?q=zzz"),
]
ADDRESSES: dict[str, list[str]] = {}
for who, where in PAGES + MORE:
    ADDRESSES.setdefault(who, []).append(where)

# Twice as large, every fold open, and drawn twice: a table may have to take its scroll area first.
ENLARGE = """() => {
    document.documentElement.style.fontSize = '200%';
    document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
    const drawn = () => new Promise(requestAnimationFrame);
    return drawn().then(drawn).then(drawn);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
@pytest.mark.parametrize("role", ADDRESSES)
def test_text_at_200_percent_never_scrolls_the_page_sideways(page: Page, role, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if role != "nobody":
        enter_as(page, role)
    beyond = {}
    for address in ADDRESSES[role]:
        page.goto(address)
        page.evaluate(ENLARGE)
        beyond[address] = page.evaluate(SIDEWAYS)
    assert {address: pixels for address, pixels in beyond.items() if pixels > 0} == {}
