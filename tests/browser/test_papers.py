"""Evidence by keyboard from the upload to the ZIP, and a decision on two communes."""

from __future__ import annotations

import io
import re
import zipfile

from playwright.sync_api import Page, expect

from tests.browser.test_axe import serious
from tests.browser.test_demo import enter_as
from tests.browser.test_reviews import tab_to

NAME = "Biên bản nghiệm thu.pdf"
PDF = {"name": NAME, "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
PAGE = {"name": NAME, "mimeType": "application/pdf", "buffer": b"<html></html>"}


def send(page: Page, file: dict[str, object]) -> None:
    """Choose a file and send it, by keyboard."""
    box = page.get_by_label("Tệp từ máy của bạn")
    tab_to(page, box)
    expect(box).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    tab_to(page, page.get_by_role("button", name="Tải lên"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_evidence_is_sent_used_again_and_packed_by_keyboard_alone(page: Page):
    page.on("filechooser", lambda _: None)  # asked for throughout: switching it on takes a moment
    enter_as(page, "commune")
    page.locator("#row-1-1 .evidence a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/evidence/1\.1/$"))
    send(page, PAGE)
    expect(page.get_by_role("alert").first).to_contain_text("Nội dung tệp không phải là")
    assert serious(page) == []
    send(page, PDF)
    expect(page.get_by_role("heading", name="1 minh chứng của kết quả này")).to_be_visible()
    kept = page.request.get(page.get_by_role("link", name=NAME).get_attribute("href"))
    assert kept.body() == PDF["buffer"]
    assert "sandbox" in kept.headers["content-security-policy"]

    page.goto(page.url.replace("/1.1/", "/1.2/"))
    tab_to(page, page.get_by_role("button", name="Dùng lại"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    packed = page.request.get(page.get_by_role("link", name="(.zip)").get_attribute("href"))
    names = zipfile.ZipFile(io.BytesIO(packed.body())).namelist()
    assert [name.rsplit("/", 1)[1] for name in names] == [NAME, NAME]
    page.get_by_role("link", name="Nhập kết quả").click()
    expect(page.locator("#row-1-2 .evidence")).to_contain_text("1 minh chứng")


def test_two_communes_are_recognised_after_a_preview(page: Page):
    enter_as(page, "office")
    page.goto("/provinces/42/decisions/")
    page.get_by_role("link", name="Ghi quyết định công nhận").click()
    page.get_by_label("Số quyết định").fill("MP-9/QĐ-UBND")
    page.get_by_label("Ngày ký").fill("2020-12-20")
    page.get_by_label("Năm đánh giá").fill("2020")  # the open month may be of the next year by now
    boxes = page.locator("input[name=commune]")
    names = [boxes.nth(place).get_attribute("aria-label") for place in (0, 1)]
    for name in names:
        page.get_by_role("searchbox", name="Lọc Bảng: Xã trong quyết định").fill(name)
        page.keyboard.press("Enter")  # narrows the list and sends nothing
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("h1")).to_contain_text("Công nhận 2 xã")
    for name in names:
        expect(page.locator("main")).to_contain_text(name)
    assert serious(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã ghi Quyết định MP-9/QĐ-UBND công nhận 2 xã.")).to_be_visible()
    row = page.locator("tr", has_text="MP-9/QĐ-UBND")
    for name in names:
        expect(row).to_contain_text(name)
