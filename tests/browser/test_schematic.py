"""By keyboard alone: over the map to a commune, and in the table from a filter to the reasons."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_demo import enter_as

FOCUSED = "() => document.activeElement.querySelector('title')?.textContent ?? ''"
BROADER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def clicked(*links: Locator) -> list[str]:
    """Press one after the other; what was pressed."""
    pressed = []
    for link in links:
        pressed.append(link.inner_text())
        link.click()
    return pressed


def leads_to_the_communes_that_hold_back(page: Page) -> list[str]:
    """From the page after sign-in: which criterion misses most communes, and which are they?"""
    worst = page.locator("#criteria tbody tr").first
    missing = re.search(r"còn (\d+) xã", worst.inner_text())
    assert missing
    pressed = clicked(worst.get_by_role("link"))
    expect(page.locator("h1")).to_contain_text(f"còn {missing[1]} xã")
    listed = page.get_by_role("heading", name=f"{missing[1]} xã chưa đạt")
    expect(listed).to_be_visible()
    return pressed


def leads_to_evidence(page: Page) -> list[str]:
    """From the headline figure down to the evidence of one indicator of one commune."""
    pressed = clicked(
        page.locator('.figures a[href*="explain/average"]'),
        page.locator('td a[href*="#criterion-1"]').first,
        page.locator('#criterion-1 a[href*="/cells/"]').first,
        page.get_by_role("link", name="Minh chứng của ô này"),
    )
    expect(page.locator("h1")).to_contain_text("inh chứng")
    return pressed


def filters_swap_what_is_below_them(page: Page) -> None:
    """The choice stays where it is and keeps the focus; sentence, chart and address follow."""
    figures = page.locator(".figures").element_handle()
    choice = page.get_by_label("Căn cứ")
    choice.focus()
    choice.select_option("confirmed")
    expect(page.locator("h1")).to_contain_text("10,44 tiêu chí/xã, số liệu đã xác nhận")
    expect(choice).to_be_focused()
    assert page.url.endswith("/overview/02/?on=2018-12-31&basis=confirmed")
    assert not figures.evaluate("node => node.isConnected")
    page.locator("#trend").scroll_into_view_if_needed()
    expect(page.locator("#trend .js-plotly-plot")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).not_to_contain_text("số liệu đã xác nhận")


def test_arrows_lead_over_the_map_to_a_commune_and_through_the_table_to_the_reasons(page: Page):
    enter_as(page, "committee")
    assert len(leads_to_the_communes_that_hold_back(page)) <= 3
    page.goto("/overview/02/?on=2018-12-31")
    filters_swap_what_is_below_them(page)
    assert len(leads_to_evidence(page)) <= 5
    page.goto("/overview/02/?on=2018-12-31")
    hexagons = page.locator("#schematic svg a")
    expect(hexagons).to_have_count(177)
    assert page.locator('#schematic svg a[tabindex="0"]').count() == 1
    hexagons.first.focus()
    seen = [page.evaluate(FOCUSED)]
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "End"):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert all(re.match(r"Xã .+, (Huyện|Thành phố) .+: đạt \d+/19 tiêu chí", said) for said in seen)
    assert len(set(seen[:5])) == 5
    assert seen[5] == seen[3]
    expect(page.locator("[data-pointed]")).to_have_text(seen[-1])
    assert page.locator('#schematic svg a[tabindex="0"]').count() == 1
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(seen[-1].split(",")[0])
    assert "on=2018-12-31" in page.url

    page.go_back()
    page.get_by_role("link", name="Xem dạng bảng").press("Enter")
    rows = page.locator("#matrix tbody tr")
    expect(rows).to_have_count(177)
    choice = page.get_by_label("Thiếu tiêu chí", exact=True)
    choice.focus()
    page.keyboard.press("9")
    expect(rows).to_have_count(118)
    assert "missing=9" in page.url and "sort=" not in page.url
    expect(choice).to_be_focused()
    expect(page.locator("#matrix [role=status]")).to_contain_text("118/177 xã")
    page.locator("#matrix tbody a").first.focus()
    for key in ("ArrowDown", "End", "ArrowLeft"):
        page.keyboard.press(key)
    cell = page.locator("#matrix tbody tr").nth(1).locator("td:nth-last-child(2) a")
    expect(cell).to_be_focused()
    page.go_back()
    expect(page.locator("#matrix tbody tr")).to_have_count(177)
    page.locator("#matrix tbody td a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/communes/\d+/\?on=2018-12-31#criterion-1$"))

    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/matrix/02/?on=2018-12-31&missing=9", "/overview/02/?on=2018-12-31"):
        page.goto(address)
        assert page.evaluate(BROADER) == 0
