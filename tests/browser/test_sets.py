"""A set of the province by the keyboard alone: drafted and put in force."""

from playwright.sync_api import Page, expect

from tests.browser.keyboard import go_to, press
from tests.browser.test_demo import enter_as

NAME = "Bộ tiêu chí thử của tỉnh Sơn La"


def type_in(page: Page, name: str, text: str) -> None:
    """Tab to a field and write over what is in it; a date as its box takes it."""
    go_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def choose(page: Page, name: str, words: str) -> None:
    """Tab to a list and choose by typing."""
    go_to(page, name)
    page.keyboard.type(words)


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


def test_a_set_of_the_province_is_drafted_and_put_in_force(page: Page) -> None:
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
    expect(heading).to_contain_text("Không có kết quả nào phải đánh giá lại")
