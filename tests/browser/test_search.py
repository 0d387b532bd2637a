"""The search by keyboard alone: open, type, choose, go; and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import DemoSite
from tests.browser.test_demo import enter_as


def chosen(page: Page) -> str:
    """The option that the box says is active, as a screen reader is told."""
    active = page.locator("#search-box").get_attribute("aria-activedescendant")
    option = page.locator(f"#{active}")
    expect(option).to_have_attribute("aria-selected", "true")
    return option.inner_text()


def test_a_unit_is_found_and_opened_by_keyboard_alone(page: Page):
    enter_as(page, "committee")
    page.goto("/overview/02/")
    page.keyboard.press("Control+k")
    box = page.locator("#search-box")
    expect(box).to_be_focused()
    page.keyboard.type("dong van")
    expect(page.locator("#results").get_by_role("option")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert "Huyện Đồng Văn" in chosen(page)
    page.keyboard.press("ArrowDown")
    assert "Thị trấn Đồng Văn" in chosen(page)
    page.keyboard.press("ArrowDown")
    assert "Huyện Đồng Văn" in chosen(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/communes/00721/"))
    expect(page.locator("main h1")).to_contain_text("Thị trấn Đồng Văn")


def test_enter_waits_for_the_list_of_what_was_typed(page: Page):
    enter_as(page, "committee")
    page.goto("/overview/02/")
    page.keyboard.press("/")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/overview/02/criteria/17/"))


def test_escape_gives_the_focus_back_and_a_slash_that_is_typed_stays_one(page: Page):
    enter_as(page, "commune")
    value = page.locator('.grid input[name="value"]').first
    value.focus()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#search-box")).to_be_focused()
    expect(page.locator("#results").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()
    expect(value).to_be_focused()


def test_an_officer_finds_only_her_commune(page: Page):
    enter_as(page, "commune")
    own = page.locator(".crumbs [aria-current]").inner_text()
    page.keyboard.press("Control+k")
    for query in ("xa", own.removeprefix("Xã ")):
        with page.expect_response(re.compile(r"/search/\?q=")):
            page.locator("#search-box").fill(query)
        units = page.locator('#results a[href^="/communes/"] b').all_inner_texts()
        assert set(units) <= {own, "Trang xã", "Nhập kết quả", "Gửi số liệu tháng"}


def test_it_works_on_a_phone_by_touch(browser: Browser, demo_site: DemoSite):
    context = browser.new_context(
        base_url=demo_site.address, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    enter_as(page, "committee")
    page.goto("/overview/02/")
    page.get_by_role("link", name=re.compile("^Tìm")).tap()
    page.locator("#search-box").fill("meo vac")
    expect(page.locator("#results").get_by_role("option").first).to_contain_text("Mèo Vạc")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Đóng").tap()
    expect(page.locator("#search")).to_be_hidden()
    context.close()


def test_without_scripts_the_button_leads_to_a_page(browser: Browser, demo_site: DemoSite):
    context = browser.new_context(base_url=demo_site.address, java_script_enabled=False)
    page = context.new_page()
    enter_as(page, "committee")
    page.goto("/overview/02/")
    page.get_by_role("link", name=re.compile("^Tìm")).click()
    page.get_by_role("textbox").fill("đồng văn")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=re.compile("^Huyện Đồng Văn")).click()
    page.wait_for_url(re.compile(r"/overview/026/"))
    context.close()
