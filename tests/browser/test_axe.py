"""No page before the door or after it has a serious fault by axe-core's rules."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import people
from tests.browser.demo import ROOT, DemoSite
from tests.browser.test_demo import enter_as

ONLY_FAULTS = {"resultTypes": ["violations"]}
PHONE = {"width": 390, "height": 844}


def serious(page: Page) -> list[str]:
    """Rule, number of places and the first place of each serious fault."""
    return [
        f"{fault['id']} ×{len(fault['nodes'])}: {fault['nodes'][0]['html'][:160]}"
        for fault in Axe().run(page, options=ONLY_FAULTS).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def test_axe_finds_nothing_serious_before_the_door(page: Page):
    for address in ("/sign-in/", "/password/forgot/", "/password/set/MQ/none-such/", "/nowhere/"):
        page.goto(address)
        assert serious(page) == [], address
    page.goto("/password/forgot/")
    for typed, said in (("nobody", "chưa đúng"), ("nobody@example.vn", "đang được gửi")):
        page.locator("#id_email").fill(typed)
        page.get_by_role("button", name="Gửi đường dẫn").click()
        expect(page.locator("main")).to_contain_text(said)
        assert serious(page) == []


def test_axe_finds_nothing_serious_where_a_sign_in_fails_and_after_signing_out(page: Page):
    for said in ("chưa đúng", "tạm khóa"):
        while said not in page.locator("body").inner_text():
            people.sign_in(page, "nobody-of-axe@example.vn", "sai mật khẩu")
        assert serious(page) == []
    enter_as(page, "office")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in/")
    assert serious(page) == []
    page.context.clear_cookies()
    page.locator("#username").fill("x")
    page.locator("#password").fill("x")
    page.locator("#password").press("Enter")
    expect(page.locator("h1")).to_contain_text("đã mở quá lâu")
    assert serious(page) == []


def test_axe_finds_nothing_serious_from_the_invitation_to_the_device(
    page: Page, browser: Browser, demo_site: DemoSite
):
    enter_as(page, "admin")
    page.goto("/people/invite/")
    page.get_by_role("button", name="Mời", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Chưa mời được")
    assert serious(page) == []
    name, link = people.invite(page, role="committee", unit="02")
    assert serious(page) == []
    guest = people.visitor(browser, demo_site)
    guest.goto(link)
    assert serious(guest) == []
    guest.get_by_role("button", name="Đặt mật khẩu").click()
    expect(guest.get_by_role("alert").first).to_contain_text("Chưa đặt được mật khẩu")
    assert serious(guest) == []
    people.set_password(guest, link)
    assert serious(guest) == []
    guest.goto(link)
    expect(guest.locator("h1")).to_contain_text("không dùng được nữa")
    people.sign_in(guest, name)
    expect(guest.locator("h1")).to_contain_text("Giữ đăng nhập")
    assert serious(guest) == []
    guest.get_by_role("button", name="Giữ đăng nhập").click()
    guest.goto("/account/")
    assert serious(guest) == []
    guest.context.close()
    page.reload()
    expect(page.locator("main")).to_contain_text("Giữ đăng nhập đến")
    assert serious(page) == []


def test_axe_finds_nothing_serious_without_an_assignment(
    page: Page, browser: Browser, demo_site: DemoSite
):
    name, link = people.invite(page, role="office", unit="02", first_day="2090-01-01")
    guest = people.visitor(browser, demo_site)
    people.set_password(guest, link)
    people.sign_in(guest, name)
    expect(guest.locator("h1")).to_contain_text("chưa được phân công")
    assert serious(guest) == []
    guest.context.close()


def test_axe_finds_nothing_serious_on_a_refused_cell_and_in_the_search(page: Page):
    enter_as(page, "commune")
    with page.expect_response(lambda r: "/entry/15.1/" in r.url) as answer:
        page.locator('#row-15-1 input[name="value"]').fill("abc")
        page.locator('#row-15-1 input[name="value"]').press("Tab")
    assert answer.value.status == 422
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Trang xã").first.click()
    page.wait_for_load_state()
    assert serious(page) == []


def test_axe_finds_nothing_serious_on_the_page_of_an_error(page: Page):
    page.goto((ROOT / "templates" / "500.html").as_uri())
    expect(page.locator("h1")).to_contain_text("Phần mềm gặp lỗi")
    assert serious(page) == []
