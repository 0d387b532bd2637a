"""No page has a serious fault of accessibility by axe-core's rules."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.test_demo import enter_as

CLOSED = "?on=2018-12-31"
PAGES = [
    ("office", f"/overview/02/{CLOSED}"),
    ("office", "/overview/02/"),
    ("office", f"/overview/024/{CLOSED}"),
    ("office", "/overview/02/?on=2022-01-01"),
    ("office", f"/overview/02/criteria/11/{CLOSED}"),
    ("office", "/search/?q=dong"),
    ("office", "/guide/"),
    ("office", "/nowhere/"),
    ("office", "/units/20/?on=2026-12-31"),
    ("office", "/units/02/events/"),
    ("office", "/units/20/events/new/"),
    ("office", "/units/20/events/new/?kind=merge"),
    ("office", "/units/20/attributes/"),
    ("commune", "/"),
    ("admin", "/people/"),
    ("admin", "/people/invite/"),
    ("committee", "/account/"),
]


def serious(page: Page) -> list[str]:
    """Rule, number of places and the first place of each serious fault."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']} ×{len(fault['nodes'])}: {fault['nodes'][0]['html'][:160]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("role", "address"), PAGES)
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious(page: Page, role, address, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    enter_as(page, role)
    page.goto(address)
    assert serious(page) == []


def test_axe_finds_nothing_serious_at_the_door_and_on_a_commune(page: Page):
    page.goto("/sign-in/")
    assert serious(page) == []
    enter_as(page, "commune")
    page.get_by_role("link", name="Trang xã").first.click()
    page.wait_for_load_state()
    assert serious(page) == []
