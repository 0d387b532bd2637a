"""A merger recorded and withdrawn by keyboard alone, with its preview between."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.demo import DemoSite
from tests.browser.test_demo import enter_as

PROVINCE, DAY, LATER = "20", "2026-12-01", "2026-12-31"


def tab_to(page: Page, name: str) -> None:
    """Tab on until the box called `name` has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"no way by Tab to {name}")


def test_three_communes_are_merged_previewed_confirmed_and_withdrawn(
    page: Page, demo_site: DemoSite
):
    before = demo_site.figures(PROVINCE, LATER)["communes"]
    enter_as(page, "office")
    page.goto(f"/units/{PROVINCE}/?on={LATER}")
    page.get_by_role("link", name="Sắp xếp", exact=True).press("Enter")
    page.get_by_role("link", name="Ghi sắp xếp mới").press("Enter")
    page.get_by_role("link", name="Sáp nhập").press("Enter")

    page.get_by_label("Có hiệu lực từ ngày").fill(DAY)
    tab_to(page, "instrument")
    page.keyboard.type("1/NQ-UBTVQH16")
    for typed in ("that khe", "06001", "Xã Tân Tiến"):
        tab_to(page, "ends.unit")
        page.keyboard.type(typed)
    tab_to(page, "begins.code")
    page.keyboard.type("06040")
    tab_to(page, "begins.name")
    page.keyboard.type("Thất Khê")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Sáp nhập từ ngày 01/12/2026")
    shown = page.locator("main").inner_text()
    for said in ("Xã Đoàn Kết → Xã Thất Khê: toàn bộ", "Kết quả ban đầu do văn phòng quyết định"):
        assert said in shown
    assert demo_site.figures(PROVINCE, LATER)["communes"] == before
    confirm = page.get_by_role("button", name="Ghi nhận")
    expect(confirm).to_be_focused()
    confirm.press("Enter")

    page.wait_for_url(re.compile(r"/events/\d+/$"))
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận")
    event = page.url
    assert demo_site.figures(PROVINCE, LATER)["communes"] == before - 2
    page.goto(f"/units/{PROVINCE}/?on={LATER}")
    assert f"{before - 2} đơn vị tham gia" in page.locator("main").inner_text()

    page.goto(event)
    page.locator("summary", has_text="Rút lần sắp xếp này").press("Enter")
    tab_to(page, "reason")
    page.keyboard.type("Ghi thử")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã rút")
    assert demo_site.figures(PROVINCE, LATER)["communes"] == before
