"""A meeting before the projector: the network fails, the deck goes on, and what was decided is
written once when the line is back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_axe import serious
from tests.browser.test_demo import enter_as

PROJECTOR = {"width": 1920, "height": 1080}
MEETING = "/meeting/02/?on=2018-12-31"
TASK = "Họp với các xã còn thiếu 1 tiêu chí"
SIZE = "(element) => parseFloat(getComputedStyle(element).fontSize)"


def test_a_meeting_goes_on_with_the_network_cable_out(page: Page):
    enter_as(page, "office")
    page.set_viewport_size(PROJECTOR)
    page.get_by_role("link", name="Trình chiếu họp").click()
    expect(page.locator(".slide.now .corner")).to_contain_text("đã chốt")
    page.goto(MEETING)
    shown = page.locator(".slide.now .big").first
    expect(shown).to_have_text("33/177 xã")  # as published
    assert 112 <= shown.evaluate(SIZE) <= 144

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    headings = page.locator(".slide :is(h1, h2)").all_inner_texts()
    seen = [page.locator(".slide.now :is(h1, h2)").inner_text()]
    for key in ["ArrowRight", "PageDown", "Space", *["ArrowRight"] * (len(headings) - 4)]:
        page.keyboard.press(key)
        expect(page.locator(".slide:visible")).to_have_count(1)
        expect(page.locator(".slide.now .corner")).to_contain_text("SỐ LIỆU MÔ PHỎNG")
        seen.append(page.locator(".slide.now :is(h1, h2)").inner_text())
    assert len(seen) == len(headings) >= 9
    assert len(set(seen)) == len(seen)
    expect(page.locator('.deck-bar [aria-current="true"]')).to_contain_text(f"Trang {len(seen)}:")
    page.keyboard.press("Home")
    expect(page.locator(".deck-bar a").first).to_have_attribute("aria-current", "true")

    # Two letters and more: a district, a commune with what it lacks, two communes of one name.
    page.keyboard.type("dong v")
    panel = page.get_by_role("dialog")
    expect(panel.locator("#jump-one")).to_contain_text("Huyện Đồng Văn")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.type("quan ba")
    expect(panel.locator("#jump-one h3")).to_have_text("Xã Quản Bạ")
    expect(panel.locator("#jump-one")).to_contain_text("Chưa đạt 1 tiêu chí")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.keyboard.type("ta lung")
    expect(panel.get_by_role("option")).to_have_text(
        ["Xã Tả Lủng, Huyện Đồng Văn", "Xã Tả Lủng, Huyện Mèo Vạc"]
    )
    page.keyboard.press("ArrowDown")
    expect(panel.locator("#jump-one")).to_contain_text("Huyện Mèo Vạc")
    page.keyboard.press("Escape")

    # Which communes miss the criterion that holds back most?
    page.locator(".deck-bar a").nth(3).click()
    worst = page.locator(".slide.now .bar-list li").first
    missing = int(re.sub(r"\D", "", worst.locator(".note").inner_text()))
    worst.locator("button").click()
    expect(panel.get_by_role("heading").first).to_contain_text(f"{missing} xã chưa đạt tiêu chí")
    expect(panel.get_by_role("option")).to_have_count(missing)
    page.keyboard.press("Escape")
    assert asked == []

    page.keyboard.press("End")
    page.get_by_label("Nhiệm vụ", exact=True).fill(TASK)
    page.get_by_label("Đơn vị thực hiện").select_option(label="Văn phòng điều phối")
    page.get_by_label("Hạn xong").fill("2021-03-31")
    page.get_by_role("button", name="Ghi nhiệm vụ").click()
    expect(page.locator("#task-says")).to_contain_text("được giữ trên máy này và sẽ tự gửi")
    expect(page.locator("#task-waiting")).to_contain_text(TASK)
    page.context.set_offline(False)
    expect(page.locator("#given-tasks tbody tr")).to_have_count(1)
    expect(page.locator("#task-waiting li")).to_have_count(0)
    page.reload()
    expect(page.locator("#given-tasks tbody tr")).to_have_count(1)

    page.goto("/meeting/02/tasks/?show=open")
    expect(page.locator("tbody tr", has_text=TASK)).to_have_count(1)
