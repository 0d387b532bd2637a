"""How a merged commune starts, decided with the keyboard alone; and without scripts."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import ROOT, DemoSite
from tests.browser.test_axe import serious
from tests.browser.test_demo import enter_as


@pytest.fixture(scope="module")
def merged(demo_site: DemoSite) -> list[str]:
    """Codes of new communes of the demo: of three old ones, and of two."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.mergers", "3", "2"],
        cwd=ROOT,
        env=demo_site.environment() | {"DJANGO_SETTINGS_MODULE": "ntm_site.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def focus_by_tab(page: Page, wanted: str, *, most: int = 90) -> None:
    """Press Tab until the element is focused; fails when the keyboard cannot reach it."""
    target = page.locator(wanted)
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by keyboard")


def test_a_start_is_decided_and_taken_back_by_keyboard_alone(page: Page, merged: list[str]):
    enter_as(page, "office")
    page.goto(f"/communes/{merged[0]}/opening/")
    starts = page.locator(".starts")
    focus_by_tab(page, "#preset-worst")
    with page.expect_response(re.compile("/choose/")):
        page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("bắt đầu với")
    expect(page.locator("#preset-worst")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#preset-worst")).to_be_focused()
    worst = int(re.search(r"(\d+)/19", starts.inner_text()).group(1))
    # From the first met criterion to "không kế thừa": one less.
    met = page.locator("#choices tr:has(:checked ~ .met) :checked").first
    group = page.locator(f'input[name="{met.get_attribute("name")}"]')
    met.focus()
    for _ in range(group.count() - 1):
        if not group.last.is_checked():
            page.keyboard.press("ArrowRight")
    expect(starts).to_contain_text(f"{worst - 1}/19")
    expect(page.locator("#said")).to_contain_text(f"{worst - 1}/19")
    expect(page.locator("#preset-worst")).to_have_attribute("aria-pressed", "false")
    focus_by_tab(page, "#id_document_number")
    page.keyboard.type("Quyết định 12/QĐ-UBND")
    page.keyboard.press("Tab")
    page.locator("#id_document_on").fill("2020-01-20")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_contain_text(f"sẽ bắt đầu với {worst - 1}/19")
    focus_by_tab(page, "main .acts .button:first-child")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good").last).to_contain_text(f"Bắt đầu với {worst - 1}/19")
    page.goto(f"/communes/{merged[0]}/")
    expect(page.locator("main h1")).to_contain_text(f"đạt {worst - 1}/19 tiêu chí")
    page.goto(f"/communes/{merged[0]}/opening/")
    focus_by_tab(page, "section:first-of-type .undo summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Ghi nhầm")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("lại chờ quyết định kết quả ban đầu")


def test_all_that_wait_are_decided_without_scripts_on_a_phone(
    browser: Browser, demo_site: DemoSite, merged: list[str]
):
    context = browser.new_context(
        base_url=demo_site.address,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    enter_as(page, "office")
    page.goto(f"/communes/{merged[1]}/opening/")
    page.get_by_role("button", name="Kết quả tốt nhất").click()
    expect(page.locator("#preset-best")).to_have_attribute("aria-pressed", "true")
    page.goto("/provinces/14/openings/")
    waiting = page.locator(".new-units tbody tr").count()
    page.get_by_role("link", name=re.compile("^Ghi theo đề xuất")).click()
    page.get_by_label("Văn bản làm căn cứ").fill("Quyết định 12/QĐ-UBND")
    page.get_by_label("Ngày ký").fill("2020-01-20")
    page.get_by_role("button", name="Ghi cho các đơn vị đã chọn").click()
    expect(page.locator("main h1")).to_contain_text(f"{waiting}/{waiting} đơn vị mới")
    context.close()


@pytest.mark.parametrize("width", [390, 1366])
def test_the_pages_fit_the_screen_and_axe_finds_nothing_serious(
    page: Page, merged: list[str], width: int
):
    page.set_viewport_size({"width": width, "height": 800})
    enter_as(page, "office")
    for address in (
        f"/communes/{merged[0]}/opening/",
        "/provinces/14/openings/",
        "/provinces/14/openings/proposed/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert serious(page) == []
