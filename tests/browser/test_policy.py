"""Scripts run from our own files alone, and the tests notice where that is tried otherwise."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.demo import DemoSite

INLINE = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
}"""
HANDLER = """() => {
    document.body.insertAdjacentHTML("beforeend", "<a id=tried onclick='window.ran = true'>x</a>");
    document.getElementById("tried").click();
}"""
FOREIGN = """() => {
    const script = document.createElement("script");
    script.src = "data:,window.ran = true";
    document.body.append(script);
}"""


@pytest.mark.parametrize("attack", [INLINE, HANDLER, FOREIGN], ids=["inline", "handler", "foreign"])
def test_a_script_in_a_page_is_refused_and_noticed_on_any_page_of_any_context(
    browser: Browser, demo_site: DemoSite, faults: list[str], attack: str
):
    context = browser.new_context(base_url=demo_site.address)
    for _ in range(2):
        page = context.new_page()
        page.goto("/sign-in/")
        page.evaluate(attack)
        page.wait_for_timeout(100)
        assert page.evaluate("window.ran") is None
    context.close()
    assert len(faults) == 2
    assert "Content Security Policy" in faults[0]
    faults.clear()


def test_a_script_that_fails_is_noticed(browser: Browser, demo_site: DemoSite, faults: list[str]):
    page = browser.new_page(base_url=demo_site.address)
    page.goto("/sign-in/")
    page.evaluate("() => setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(100)
    page.context.close()
    assert faults == ["broken"]
    faults.clear()


def test_a_page_without_a_policy_is_noticed(page: Page, faults: list[str]):
    page.route("**/sign-in/", lambda route: route.fulfill(body="<h1>x</h1>"))
    page.goto("/sign-in/")
    assert len(faults) == 1
    assert faults[0].endswith("/sign-in/: no policy")
    faults.clear()
