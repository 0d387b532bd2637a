"""People in the browser: one is invited, follows the link, and signs in with a password."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Browser, Page

from tests.browser.demo import DemoSite
from tests.browser.test_demo import enter_as

PASSWORD = "một câu rất dài"


def invite(page: Page, *, role: str, unit: str, first_day: str = "") -> tuple[str, str]:
    """The administrator of the demo invites somebody; their name to sign in, and their link."""
    enter_as(page, "admin")
    page.goto("/people/invite/")
    name = f"{uuid4().hex[:12]}@example.vn"
    page.locator("#id_email").fill(name)
    page.locator("#id_display_name").fill("Người được mời thử")
    page.locator("#id_role").select_option(role)
    page.locator("#id_unit").fill(unit)
    if first_day:
        page.locator("#id_valid_from").fill(first_day)
    page.get_by_role("button", name="Mời", exact=True).click()
    page.wait_for_url(re.compile(r"/people/\d+/"))
    return name, page.locator("#link").input_value()


def visitor(browser: Browser, site: DemoSite) -> Page:
    """A page of somebody else, in a browser of their own; close its context at the end."""
    page = browser.new_context(base_url=site.address, locale="vi-VN").new_page()
    page.set_default_timeout(15_000)
    return page


def set_password(page: Page, link: str) -> None:
    """Follow a link to the end: the sign-in page that says the password is set."""
    page.goto(link)
    for box in page.locator('input[type="password"]').all():
        box.fill(PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_url("**/sign-in/?password=set")


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.locator("#username").fill(name)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    page.wait_for_load_state()
