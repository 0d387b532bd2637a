"""Every journey by keyboard alone: no test here touches a mouse.

At each stop the focus is outlined, in the window and uncovered (keyboard.stop asks).
"""

from __future__ import annotations

import re
from urllib.parse import quote
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser import people
from tests.browser.demo import DemoSite
from tests.browser.keyboard import go_to, press, stop, walk

OVERVIEW = "/overview/02/?on=2018-12-31"


def enter(page: Page, label: str, address: str = "/") -> None:
    """Sign in to the demo by its button for a role, on the way to a page."""
    page.goto(f"/sign-in/?next={quote(address)}")
    go_to(page, label, tag="button")
    press(page, "Enter")


def enter_sheet(page: Page) -> None:
    """Sign in as the officer of a commune and go on from the work list to the sheet."""
    enter(page, "Cán bộ xã")
    go_to(page, "Nhập kết quả", tag="a")
    press(page, "Enter")


def test_signing_in_with_a_password_and_out(page: Page, browser: Browser, demo_site: DemoSite):
    name, link = people.invite(page, role="office", unit="02")
    guest = people.visitor(browser, demo_site)
    guest.goto(link)
    go_to(guest, "Mật khẩu mới")
    guest.keyboard.type(people.PASSWORD)
    go_to(guest, "Gõ lại mật khẩu mới")
    guest.keyboard.type(people.PASSWORD)
    press(guest, "Enter")
    expect(guest.get_by_role("status")).to_contain_text("Đã đặt mật khẩu")
    go_to(guest, "Thư điện tử")
    guest.keyboard.type(name)
    go_to(guest, "Mật khẩu")
    guest.keyboard.type(people.PASSWORD)
    go_to(guest, "Ghi nhớ trên máy này")
    guest.keyboard.press("Space")
    assert guest.get_by_role("checkbox").is_checked()
    go_to(guest, "Đăng nhập", tag="button")
    press(guest, "Enter")
    expect(guest).to_have_url(re.compile(r"/work\b"))
    go_to(guest, "Đăng xuất")
    press(guest, "Space")
    expect(guest).to_have_url(re.compile("/sign-in/$"))
    guest.context.close()


def test_a_wrong_password_leads_back_to_the_name(page: Page):
    page.goto("/sign-in/")
    go_to(page, "Thư điện tử")
    page.keyboard.type("khong-co@example.vn")
    go_to(page, "Mật khẩu")
    page.keyboard.type("sai")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("chưa đúng")
    assert stop(page).id == "username"


def test_from_the_overview_down_to_a_criterion_and_back_to_another_day(page: Page):
    enter(page, "Ban Chỉ đạo tỉnh", OVERVIEW)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link: on to the content
    assert go_to(page, "Tải Excel").tag == "a"
    go_to(page, "Huyện Mèo Vạc", tag="a")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/overview/027/"))
    go_to(page, "Xã Giàng Chu Phìn", tag="a")
    press(page, "Enter")
    expect(page.locator("h1")).to_contain_text("Xã Giàng Chu Phìn")
    go_to(page, "17 Môi trường", tag="a")
    page.keyboard.press("Enter")  # from the list of what is missing down to its rows
    go_to(page, "Môi trường", tag="a")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/overview/02/criteria/17/"))
    go_to(page, "Tính đến")
    page.keyboard.press("Enter")
    go_to(page, "Xem số liệu tính đến ngày")
    page.keyboard.type("12122017")  # the same day in browsers of every language
    go_to(page, "Xem", tag="button")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/criteria/17/.on=2017-12-12"))
    go_to(page, "Tính đến")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert stop(page).name.startswith("Tính đến")
    expect(page.locator(".pop")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".pop")).to_be_visible()
    go_to(page, "Tìm")  # out of the box: it does not stay open over the page
    expect(page.locator(".pop")).to_be_hidden()


def test_the_search_gives_the_focus_back_and_opens_a_commune(page: Page):
    enter(page, "Ban Chỉ đạo tỉnh", OVERVIEW)
    go_to(page, "Huyện Mèo Vạc")
    page.keyboard.press("Control+k")
    assert stop(page).id == "search-box"
    expect(page.get_by_role("option").first).to_be_visible()
    for _ in range(3):  # out of the box, and round inside the dialog
        page.keyboard.press("Tab")
    # Inside the dialog, or on the browser's own controls; never on the page behind.
    assert page.evaluate(
        "document.activeElement.closest('dialog, body').localName == 'dialog'"
        " || document.activeElement == document.body"
    )
    page.keyboard.press("Escape")
    assert stop(page).name == "Huyện Mèo Vạc"
    page.keyboard.press("Control+k")
    page.keyboard.type("giang chu phin")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/communes/\d+/"))
    expect(page.locator("h1")).to_contain_text("Xã Giàng Chu Phìn")


def test_a_table_is_sorted_and_filtered_and_the_chart_read_as_a_table(page: Page):
    enter(page, "Ban Chỉ đạo tỉnh", OVERVIEW)
    go_to(page, "Tỷ lệ", tag="button")
    head = page.locator("#districts thead th", has_text="Tỷ lệ")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert stop(page).name.startswith("Tỷ lệ")
    go_to(page, "Lọc Bảng", key="Shift+Tab")
    page.keyboard.type("meo vac")
    expect(page.locator("#districts tbody tr:not([hidden])")).to_have_count(1)
    go_to(page, "Huyện Mèo Vạc", tag="a")
    go_to(page, "Số liệu từng tháng", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#trend table")).to_be_visible()
    go_to(page, "Đến hết tháng", tag="button")
    page.keyboard.press("Enter")
    expect(page.locator("#trend thead th").first).to_have_attribute("aria-sort", "ascending")
    assert go_to(page, "Bảng: Số liệu từng tháng", key="Shift+Tab").tag == "div"
    page.keyboard.press("End")  # what scrolls is scrolled by keyboard
    page.wait_for_function("() => document.querySelector('#trend .scroll').scrollTop > 0")


def test_a_cell_is_entered_refused_and_corrected(page: Page):
    enter_sheet(page)
    row = page.locator("#row-15-1")
    go_to(page, "15.1", tag="input")
    was = row.locator("input[name=value]").input_value()
    to = "81,5" if was != "81,5" else "82,5"
    with page.expect_response(lambda r: "/entry/15.1/" in r.url) as answer:
        page.keyboard.type("120")
        page.keyboard.press("Enter")
    assert answer.value.status == 422
    expect(row).to_contain_text("vượt quá 100%")
    assert stop(page).id == "row-15-1-value"
    page.keyboard.press("Escape")
    with page.expect_response(lambda r: "/entry/15.1/" in r.url) as answer:
        page.keyboard.press("Control+a")
        page.keyboard.type(to)
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    expect(row).to_contain_text("Đã lưu")
    expect(row.locator("input[name=value]")).to_have_value(to)
    page.wait_for_function("() => document.activeElement.id.startsWith('row-15-2')")
    assert stop(page).name.startswith("15.2")
    go_to(page, "15.1", tag="input", key="Shift+Tab")


def test_a_verdict_is_saved_once_when_it_is_left_not_at_each_arrow(page: Page):
    enter_sheet(page)
    saves: list[str] = []
    page.on("request", lambda r: saves.append(r.url) if "/entry/6.2/" in r.url else None)
    choice = page.locator("#row-6-2-verdict")
    go_to(page, "6.2", tag="select")
    was = choice.input_value()
    step, back = ("ArrowDown", "ArrowUp") if was in ("", "met") else ("ArrowUp", "ArrowDown")
    page.keyboard.press("ArrowDown")  # in the grid the arrows go from cell to cell
    assert stop(page).name.startswith("6.3")
    page.keyboard.press("ArrowUp")
    assert choice.input_value() == was
    for key in ("F2", step):
        page.keyboard.press(key)
    assert choice.input_value() != was
    page.keyboard.press("Escape")
    assert (choice.input_value(), saves) == (was, [])
    for key in ("F2", step, back, step):
        page.keyboard.press(key)
    with page.expect_response(lambda r: "/entry/6.2/" in r.url) as answer:
        page.keyboard.press("Tab")
    assert answer.value.status == 200
    expect(page.locator("#row-6-2")).to_contain_text("Đã lưu")
    assert stop(page).id == "row-6-2-remark"
    now = choice.input_value()
    assert now != was
    go_to(page, "6.2", tag="select", key="Shift+Tab")
    for key in ("F2", back):
        page.keyboard.press(key)
    with page.expect_response(lambda r: "/entry/6.2/" in r.url):
        page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id.startsWith('row-6-3')")
    assert stop(page).name.startswith("6.3")
    assert len(saves) == 2


def test_an_excel_file_is_fetched(page: Page, tmp_path):
    enter(page, "Ban Chỉ đạo tỉnh", "/communes/00721/?on=2018-12-31")
    go_to(page, "Tải Excel")
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    path = tmp_path / "book.xlsx"
    fetched.value.save_as(path)
    assert load_workbook(path, read_only=True).sheetnames
    assert stop(page).name == "Tải Excel"


def test_a_person_is_invited_assigned_and_ended(page: Page):
    enter(page, "Quản trị", "/account/")
    go_to(page, "Người dùng", tag="a")
    press(page, "Enter")
    go_to(page, "Mời người dùng", tag="a")
    press(page, "Enter")
    go_to(page, "Thư điện tử")
    page.keyboard.type(f"{uuid4().hex[:12]}@example.vn")
    go_to(page, "Họ tên")
    page.keyboard.type("Người dùng bàn phím")
    go_to(page, "Vai trò", tag="select")
    page.keyboard.type("Ban")
    go_to(page, "Xã hoặc tỉnh")
    page.keyboard.type("Sao Hỏa")
    go_to(page, "Mời", tag="button")
    press(page, "Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Chưa mời được")
    go_to(page, "Xã hoặc tỉnh")
    page.keyboard.press("Control+a")
    page.keyboard.type("02")
    press(page, "Enter")
    expect(page.locator("h1")).to_contain_text("Người dùng bàn phím")
    go_to(page, "Đường dẫn đặt mật khẩu")
    page.keyboard.press("Control+a")
    assert "/password/set/" in page.evaluate("getSelection().toString()")

    go_to(page, "Thêm phân công", tag="summary")
    page.keyboard.press("Enter")
    go_to(page, "Vai trò", tag="select")
    page.keyboard.type("Văn phòng")
    go_to(page, "Xã hoặc tỉnh")
    page.keyboard.type("20")
    go_to(page, "Thêm phân công", tag="button")
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã thêm phân công.")

    go_to(page, "Kết thúc phân công Văn phòng", tag="summary")
    page.keyboard.press("Space")
    go_to(page, "Kết thúc ngay", tag="button")
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi ngày kết thúc")
    assert page.locator("tbody tr", has_text="Văn phòng điều phối NTM").count() == 0


@pytest.mark.parametrize(
    ("label", "address", "fewest"),
    [
        ("Cán bộ Văn phòng điều phối", OVERVIEW, 50),
        ("Cán bộ xã", "/communes/00700/entry/", 100),
        ("Cán bộ xã", "/", 8),
        ("Quản trị", "/people/invite/", 20),
    ],
)
def test_the_focus_goes_through_the_whole_page_and_out_at_its_end(
    page: Page, label: str, address: str, fewest: int
):
    enter(page, label, address)
    stops = walk(page)
    assert len(stops) >= fewest
    assert stops[0].name == "Đến nội dung chính"


def test_with_large_letters_or_on_a_phone_the_focus_stays_in_sight_too(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, "Cán bộ Văn phòng điều phối", "/guide/")
    assert len(walk(page)) >= 15
