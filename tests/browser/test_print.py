"""On paper: no frame, the notice of simulated data, the day, and heads that can be repeated."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.test_demo import enter_as

ON_SCREEN_ONLY = ".rail, .who, .find, .tools, .filters, .page-tools, .button, .keys"


@pytest.mark.parametrize(
    ("role", "address", "said"),
    [
        ("office", "/overview/02/?on=2018-12-31", "31/12/2018"),
        ("office", "/overview/024/?on=2018-12-31", "31/12/2018"),
        ("office", "/overview/02/criteria/11/?on=2018-12-31", "31/12/2018"),
        ("office", "/communes/00706/?on=2018-12-31", "31/12/2018"),
        ("office", "/communes/00706/entry/", "12/2019"),
        ("admin", "/people/?role=office", "lọc theo vai trò “Văn phòng điều phối NTM”"),
    ],
)
def test_a_page_on_paper_names_its_day_and_carries_no_frame(page: Page, role, address, said):
    enter_as(page, role)
    page.goto(address)
    page.emulate_media(media="print")
    for part in page.locator(ON_SCREEN_ONLY).all():
        expect(part).to_be_hidden()
    text = page.locator("body").inner_text()
    assert "SỐ LIỆU MÔ PHỎNG" in text
    assert said in text
    for head in page.locator("table.data > thead").all():
        if head.is_visible():
            expect(head).to_have_css("display", "table-header-group")
            # A button in it keeps Chromium from repeating it on the next sheet of paper.
            for button in head.locator("button").all():
                expect(button).to_have_css("display", "contents")
    assert page.locator(".scroller").evaluate_all(
        "(boxes) => boxes.every((box) => getComputedStyle(box).overflow === 'visible')"
    )


def test_the_matrix_prints_in_landscape_with_its_head_on_each_sheet(page: Page):
    enter_as(page, "office")
    page.goto("/matrix/02/?on=2018-12-31")
    sheets = PdfReader(BytesIO(page.pdf(format="A3", prefer_css_page_size=True))).pages
    assert len(sheets) > 1
    head = " ".join(map(str, range(1, 20)))
    for sheet in sheets[:2]:
        assert sheet.mediabox.width > sheet.mediabox.height
        assert head in " ".join(sheet.extract_text().split())
