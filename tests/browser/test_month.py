"""The head's closing of a month, its report, and back with a reason; a commune sends its month in
at the end of the journey at the keyboard (test_entry_grid)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_axe import serious
from tests.browser.test_demo import enter_as

OVERVIEW = "/overview/42/?on=2020-12-31"


def make_report(page: Page) -> None:
    """The report of the closed month: a section is written, the worker makes the file."""
    page.goto("/reports/42/?month=2020-12")
    expect(page.locator("main")).to_contain_text("Đã chốt")
    page.locator("summary", has_text="Nhiệm vụ, giải pháp").press("Enter")
    page.locator("#text-tasks").fill("Rà soát | Sở Nội vụ | Các xã | 31/01/2021 | Báo cáo")
    page.locator("#section-tasks").get_by_role("button", name="Ghi mục này").press("Enter")
    expect(page.locator(".preview")).to_contain_text("B13. Nhiệm vụ tháng tới")
    page.get_by_role("button", name="Lập báo cáo tháng 12/2020").click()
    expect(page.locator("#runs")).to_contain_text("Đã lập", timeout=15_000)
    expect(page.locator("#runs")).to_contain_text("chốt lần 1")
    assert serious(page) == []


def test_a_month_is_closed_by_the_head_and_opened_again(page: Page):
    # Another province: closing moves its working month on, for all tests that come later.
    enter_as(page, "head")
    page.goto("/work?unit=42")
    page.get_by_role("link", name="Xem rồi chốt").click()
    expect(page.locator("main h1")).to_contain_text("chưa gửi")
    page.locator(".page-head").get_by_role("link").click()
    expect(page.locator("main h1")).to_contain_text("Chốt số liệu tháng 12/2020")
    assert serious(page) == []
    page.get_by_role("button", name="Chốt số liệu tháng 12/2020").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã chốt số liệu tháng 12/2020")
    page.goto(OVERVIEW)
    expect(page.locator(".chip.day")).to_contain_text("Đã chốt")

    make_report(page)
    page.goto("/provinces/42/months/2020-12/")
    page.locator("summary", has_text="Mở lại").click()
    page.get_by_label(re.compile("^Lý do mở lại")).fill("Số của một xã gửi nhầm")
    page.get_by_role("button", name="Mở lại tháng 12/2020").click()
    expect(page.locator("main")).to_contain_text("“Số của một xã gửi nhầm”")
    assert serious(page) == []
    page.goto(OVERVIEW)
    expect(page.locator(".chip.day")).not_to_contain_text("Đã chốt")
