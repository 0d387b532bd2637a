"""Three units of one code, followed through their lineage by the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.keyboard import Stop, go_to, press, stop
from tests.browser.test_axe import PHONE, serious
from tests.browser.test_demo import enter_as

NOW, TOWN, FIRST = (f"/communes/06040/{on}" for on in ("", "?on=2025-06-30", "?on=2024-11-30"))
IN_DRAWING = "document.activeElement.closest('.drawn') !== null"
EDGES = """(all) => all.map((link) => link.getAttribute("href"))"""
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll("#lineage :not(.sr)")]
    .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth)
    .map((one) => one.outerHTML.slice(0, 80))"""


def boxes(page: Page, first: str) -> list[Stop]:
    """Tab to a box of the drawing and on through the others."""
    found = [go_to(page, first, tag="a")]
    while page.evaluate(IN_DRAWING):
        page.keyboard.press("Tab")
        found.append(stop(page))
    return found[:-1]


def follow(page: Page, name: str, heading: str) -> None:
    go_to(page, name, tag="a")
    assert page.evaluate(IN_DRAWING)
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text(re.compile(heading))


def test_three_units_of_one_code_each_with_their_results_are_followed_by_keyboard_alone(page: Page):
    enter_as(page, "office")
    page.goto(NOW)
    expect(page.locator("h1")).to_have_text(re.compile(r"^Xã Thất Khê đạt \d+/10 tiêu chí"))
    drawn = boxes(page, "Xã Chi Lăng, đến 30/06/2025")
    assert [box.name for box in drawn] == [
        "Xã Chi Lăng, đến 30/06/2025",
        "Xã Chí Minh, đến 30/06/2025",
        "Xã Đại Đồng, đến 30/11/2024",
        "Thị trấn Thất Khê, đến 30/11/2024",
        "Thị trấn Thất Khê, 01/12/2024 – 30/06/2025",
    ]
    assert stop(page).name == "Danh sách các lần sắp xếp"
    page.keyboard.press("Enter")
    listed = page.locator("#lineage .listed")
    assert set(listed.locator("a").evaluate_all(EDGES)) == set(
        page.locator("#lineage svg a").evaluate_all(EDGES)
    )
    told = listed.locator(".from > li").all_inner_texts()
    for extent, kind in (("toàn bộ", "whole"), ("một phần", "part")):
        lines = page.locator(f"#lineage path.{kind}").count()
        assert sum(extent in line for line in told) == lines > 0

    page.goto(NOW)
    follow(page, "Xã Đại Đồng", r"^Xã Đại Đồng đạt \d+/19 tiêu chí")
    follow(page, "Thị trấn Thất Khê, 01/12/2024", "^Thị trấn Thất Khê chưa có kết quả")
    follow(page, "Xã Thất Khê", r"^Xã Thất Khê đạt \d+/10 tiêu chí")

    page.set_viewport_size(PHONE)
    for address in (NOW, TOWN, FIRST):
        page.goto(address)
        assert page.evaluate(SIDEWAYS) == [], address
    page.goto(NOW)
    expect(page.locator("#lineage svg")).to_be_hidden()
    assert page.locator("#lineage .narrow-only .from > li").all_inner_texts() == told
    assert serious(page) == []
    go_to(page, "Xã Đại Đồng", tag="a")
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text(re.compile("^Xã Đại Đồng đạt"))
