"""A department at its list, by keyboard alone, and the commune that gets something back."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.demo import DemoSite
from tests.browser.test_demo import enter_as

REASON = "Chưa có biên bản nghiệm thu kênh mương."


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') || ''")


def test_without_scripts_all_can_be_ticked_and_the_summary_comes_first(
    browser: Browser, demo_site: DemoSite
):
    context = browser.new_context(base_url=demo_site.address, java_script_enabled=False)
    page = context.new_page()
    enter_as(page, "department")
    page.goto("/reviews/02/national-commune-2016-2020/17/")
    page.get_by_role("link", name="Chọn tất cả").click()
    ticked = page.locator("input[name=commune]:checked").count()
    assert ticked == page.locator("input[name=commune]").count() > 0
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("main h1")).to_contain_text(f"Xác nhận {ticked} xã")
    page.get_by_role("link", name="Quay lại danh sách").click()
    assert page.locator("input[name=commune]").count() == ticked
    context.close()
