"""A province's own set by the keyboard alone: drafted, pasted, put in force, judged again."""

import re

from playwright.sync_api import Page, expect

from tests.browser.keyboard import go_to, press
from tests.browser.test_demo import enter_as

NAME = "Bộ tiêu chí thử của tỉnh Sơn La"
WRONG = "15.1\tTỷ lệ người dân tham gia bảo hiểm y tế\t%\t≥\tchín mươi"
STRICTER = "15.1\tTỷ lệ người dân tham gia bảo hiểm y tế\t%\t≥\t99,9"


def type_in(page: Page, name: str, text: str) -> None:
    """Tab to a field and write over what is in it; a date as its box takes it."""
    go_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def choose(page: Page, name: str, words: str) -> None:
    """Tab to a list and step down to what begins so.

    Not by typing: the browser's driver presses no key for a Vietnamese letter.
    """
    go_to(page, name, tag="select")
    page.keyboard.press("Home")
    at = None
    while at != (at := page.evaluate("document.activeElement.selectedOptions[0].text.trim()")):
        if at.startswith(words):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"“{words}” is not offered under “{name}”")


def put_in_force(page: Page, day: str, number: str) -> None:
    """From the draft's page to the version in force, with the preview on the way."""
    go_to(page, "Ban hành…")
    press(page, "Enter")
    go_to(page, "Có hiệu lực từ ngày")
    page.keyboard.type(day)
    type_in(page, "Số quyết định", number)
    go_to(page, "Ngày ký")
    page.keyboard.type(day)
    type_in(page, "Văn bản (nơi lưu", "Văn bản thử")
    go_to(page, "Xem kết quả sẽ thay đổi")
    press(page, "Enter")
    go_to(page, "Ban hành phiên bản")
    press(page, "Enter")


def test_a_set_is_drafted_pasted_put_in_force_and_its_results_judged_again(page: Page) -> None:
    page.set_default_navigation_timeout(60_000)  # one request judges 9,212 results
    enter_as(page, "office")
    page.goto("/criteria-sets/new/?base=national-commune-2016-2020")
    choose(page, "Tỉnh", "Tỉnh Sơn La")
    type_in(page, "Tên bộ tiêu chí", NAME)
    type_in(page, "Giai đoạn từ năm", "2016")
    type_in(page, "đến năm", "2020")
    go_to(page, "Lập dự thảo")
    press(page, "Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("19 tiêu chí, 49 chỉ tiêu")
    put_in_force(page, "01012020", "1/QĐ-thử")
    expect(heading).to_contain_text("Không có kết quả nào được đánh giá lại")

    page.goto("/provinces/14/sets/")
    go_to(page, "Áp dụng một bộ tiêu chí")
    page.keyboard.press("Enter")
    choose(page, "Bộ tiêu chí", NAME)
    choose(page, "Cách dùng", "Tính song song")
    type_in(page, "Quyết định áp dụng", "2/QĐ-thử")
    go_to(page, "Xem điều sẽ thay đổi")
    press(page, "Enter")
    go_to(page, "Áp dụng", tag="button")
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("lấy sang")

    page.goto("/criteria-sets/")
    page.get_by_role("link", name=NAME).focus()
    press(page, "Enter")
    expect(page.locator(".fixed-version")).to_contain_text("không sửa được")
    go_to(page, "Lập phiên bản mới")
    press(page, "Enter")
    go_to(page, "Dán bảng từ Excel, Word")
    page.keyboard.press("Enter")
    type_in(page, "Bảng", WRONG)
    go_to(page, "Xem trước")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Dòng 1, cột mức")
    type_in(page, "Bảng", STRICTER)
    go_to(page, "Đã đối chiếu")
    page.keyboard.press("Space")
    go_to(page, "Xem trước")
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("đổi 1")
    go_to(page, "Ghi vào dự thảo")
    press(page, "Enter")
    put_in_force(page, "01012020", "3/QĐ-thử")
    expect(heading).to_contain_text(re.compile(r"[1-9][\d.]* kết quả được đánh giá lại"))
    expect(page.locator("tbody tr").first).to_contain_text("15.1")
