"""A department at its list, by keyboard alone, and the commune that gets something back."""

from __future__ import annotations

import re

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


def test_three_communes_are_confirmed_and_one_returned_by_keyboard_alone(
    page: Page, browser: Browser, demo_site: DemoSite
):
    context = browser.new_context(base_url=demo_site.address, locale="vi-VN")
    officer = context.new_page()
    enter_as(officer, "commune")
    place = re.match(r"(Xã .+?) đạt", officer.locator("main h1").inner_text())[1]

    enter_as(page, "department")
    rail = page.get_by_role("navigation", name="Các trang")
    tab_to(page, rail.get_by_role("link", name="Chờ xác nhận"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/reviews/02/$"))
    tab_to(page, page.get_by_role("link", name="3. Thủy lợi"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/reviews/02/[\w-]+/3/$"))
    waiting = page.locator("input[name=commune]").count()
    assert waiting >= 4

    tab_to(page, page.get_by_label("Chọn tất cả"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-says]")).to_have_text(f"Đã chọn 3/{waiting} xã đang hiện")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/check/$"))
    expect(page.locator("main h1")).to_contain_text("Xác nhận 3 xã")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/3/$"))
    expect(page.get_by_text("Đã xác nhận 3 xã, tiêu chí 3.")).to_be_visible()
    assert page.locator("input[name=commune]").count() == waiting - 3

    every = page.get_by_role("link", name="Tất cả")
    tab_to(page, every)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"show=all"))
    communes = int(re.search(r"\d+", every.inner_text())[0])
    expect(page.locator("input[name=commune]")).to_have_count(communes)
    expect(every).to_be_focused()
    tab_to(page, page.get_by_label("Chọn tất cả"))
    for _ in range(communes):
        page.keyboard.press("ArrowDown")
        if focused(page) == place:
            break
    page.keyboard.press("Space")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Xác nhận 1 xã…")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/check/$"))
    expect(page.get_by_label("Lý do trả lại")).to_be_focused()
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"show=all"))
    expect(page.get_by_text("Đã trả lại 1 xã, tiêu chí 3.")).to_be_visible()

    officer.reload()
    back = officer.get_by_role("region", name="Tiêu chí bị trả lại")
    expect(back).to_contain_text(REASON)
    expect(back).to_contain_text("Sở Nông nghiệp và PTNT")
    context.close()


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
