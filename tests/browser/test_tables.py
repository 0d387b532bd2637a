"""The tools of tables: sort, filter, copy for Excel, density; and nothing without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from communes.vietnamese import parse_number, sort_key
from tests.browser.demo import DemoSite
from tests.browser.test_demo import enter_as


@pytest.fixture
def districts(page: Page) -> Locator:
    """The districts of Hà Giang, as the committee sees them."""
    enter_as(page, "committee")
    page.goto("/overview/02/?on=2018-12-31")
    return page.locator("#districts")


def column(section: Locator, number: int) -> list[str]:
    """The cells of a column as they are read, hidden rows left out."""
    cells = section.locator(f"tbody tr:not([hidden]) > :nth-child({number})")
    return cells.all_inner_texts()


def test_numbers_are_sorted_as_numbers_and_names_as_vietnamese(districts: Locator):
    as_made = column(districts, 1)
    share = districts.get_by_role("button", name="Tỷ lệ")
    share.press("Enter")
    head = districts.locator("thead th", has_text="Tỷ lệ")
    expect(head).to_have_attribute("aria-sort", "descending")
    numbers = [parse_number(text) for text in column(districts, 3)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 3
    share.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    share.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert column(districts, 1) == as_made
    districts.get_by_role("button", name="Huyện").click()
    names = column(districts, 1)
    assert names == sorted(names, key=sort_key)
    assert districts.locator("table > :last-child th").inner_text() == "Toàn tỉnh"


def test_the_filter_reads_without_accents_and_says_how_many_are_left(districts: Locator):
    box = districts.get_by_role("searchbox")
    box.fill("dong van")
    assert column(districts, 1) == ["Huyện Đồng Văn"]
    expect(districts.get_by_role("status")).to_contain_text("1/11 dòng")
    expect(districts.locator("tfoot")).to_be_visible()
    box.fill("")
    assert len(column(districts, 1)) == 11


def test_what_is_copied_is_a_table_with_numbers_that_excel_reads(page: Page, districts: Locator):
    districts.get_by_role("searchbox").fill("đồng văn")
    page.evaluate(
        """() => {
            const add = document.addEventListener.bind(document);
            const watched = (act) => (event) => {
                act(event);
                const kinds = ["text/plain", "text/html"];
                window.copied = kinds.map((kind) => event.clipboardData.getData(kind));
            };
            document.addEventListener = (kind, act, how) =>
                add(kind, kind === "copy" ? watched(act) : act, how);
        }"""
    )
    districts.get_by_role("button", name="Chép").click()
    plain, html = page.evaluate("window.copied")
    lines = [line.split("\t") for line in plain.split("\r\n")]
    assert lines[0][1:3] == ["Xã được công nhận", "Trên tổng số"]
    assert [line[0] for line in lines[1:]] == ["Huyện Đồng Văn", "Toàn tỉnh"]
    assert lines[2][1:] == ["33", "177", "18,6%", "10,59"]
    assert 'x:num="10.59"' in html
    assert "0.186" in html
    expect(districts.get_by_role("status")).to_contain_text("Đã chép 3 dòng")


def test_density_is_remembered_on_every_page(page: Page, districts: Locator):
    row = districts.locator("tbody tr").first
    loose = row.bounding_box()["height"]
    button = districts.get_by_role("button", name="Dòng sát")
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert row.bounding_box()["height"] < loose
    page.goto("/communes/00721/?on=2018-12-31")
    expect(page.get_by_role("button", name="Dòng sát")).to_have_attribute("aria-pressed", "true")


def test_a_table_in_groups_is_filtered_with_the_heads_of_its_groups(page: Page):
    enter_as(page, "committee")
    page.goto("/communes/00706/")
    page.get_by_role("searchbox").first.fill("dien")
    shown = page.locator(".sheet tbody tr:not([hidden])")
    assert "Điện" in " ".join(shown.all_inner_texts())
    assert shown.count() < 20
    assert page.locator(".sheet .sort").count() == 0


def test_a_wide_table_scrolls_in_itself_under_its_head(page: Page, districts: Locator):
    page.set_viewport_size({"width": 390, "height": 844})
    districts.locator("table").evaluate("(table) => { table.style.minWidth = '60rem'; }")
    districts.locator(".scroller").evaluate("(box) => { box.style.height = '15rem'; }")
    scroller = districts.locator(".scroller.wider")
    expect(scroller).to_have_attribute("tabindex", "0")
    scroller.evaluate("(box) => box.scrollTo(200, 80)")
    # In one reading: a chart drawn above meanwhile would move all three.
    frame, corner, first = scroller.evaluate(
        "(box) => [box, box.querySelector('thead th'), box.querySelectorAll('tbody th')[5]]"
        ".map((part) => { const at = part.getBoundingClientRect(); return [at.x, at.y]; })"
    )
    assert abs(corner[0] - frame[0]) < 2
    assert abs(corner[1] - frame[1]) < 2
    assert abs(first[0] - frame[0]) < 2


def test_without_scripts_the_table_stands_alone(browser: Browser, demo_site: DemoSite):
    context = browser.new_context(base_url=demo_site.address, java_script_enabled=False)
    page = context.new_page()
    enter_as(page, "committee")
    page.goto("/overview/02/")
    assert page.locator("#districts tbody tr").count() == 11
    assert page.locator(".tools, .sort").count() == 0
    context.close()
