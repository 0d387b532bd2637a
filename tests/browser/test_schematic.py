"""By keyboard alone: over the map to a commune, and in the table from a filter to the reasons."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_demo import enter_as

FOCUSED = "() => document.activeElement.querySelector('title')?.textContent ?? ''"
BROADER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_arrows_lead_over_the_map_to_a_commune_and_through_the_table_to_the_reasons(page: Page):
    enter_as(page, "committee")
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
