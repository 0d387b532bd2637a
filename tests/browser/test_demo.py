"""The demo as its users meet it: `make demo`'s own processes, real data, a real browser."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import DemoSite

OPEN_MONTH, LAST_CLOSED = "2020-12-31", "2020-11-30"
ROADS = ["2.1", "2.2", "2.3", "2.4"]


@pytest.mark.parametrize(
    ("unit", "on", "communes", "recognised", "criteria_met", "average"),
    [
        ("20", "2017-12-31", 207, 36, (1790, 1791), "8.65"),
        ("02", "2018-12-31", 177, 33, (1874, 1875), "10.59"),
        ("02", "2016-12-31", 177, 16, (1518, 1518), "8.58"),
        ("14", "2019-12-31", 188, 41, None, None),
        ("42", "2018-12-31", 229, 158, (4053, 4054), "17.70"),
    ],
)
def test_published_month_ends_are_closed_and_match(
    demo_site: DemoSite, unit, on, communes, recognised, criteria_met, average
):
    answer = demo_site.figures(unit, on)
    assert answer["frozen"] is True
    assert (answer["communes"], answer["recognised"]) == (communes, recognised)
    if criteria_met:
        assert criteria_met[0] <= answer["criteria_met"] <= criteria_met[1]
        assert answer["average"] == average
    assert sum(bracket["communes"] for bracket in answer["brackets"]) == communes
    assert answer["confirmed"]["criteria_met"] <= answer["criteria_met"]


def enter_as(page: Page, role: str) -> None:
    """Sign in by the demo's button for a role; an officer goes on to her sheet."""
    page.goto("/sign-in/")
    page.locator(f'form:has(input[name="role"][value="{role}"]) button').click()
    page.wait_for_url(re.compile(r"/(overview|work)/"))
    if role == "commune":
        page.get_by_role("link", name="Nhập kết quả", exact=True).first.click()
        page.wait_for_url(re.compile(r"/entry/"))


@pytest.mark.parametrize(
    ("code", "on", "said"),
    [
        ("02", "2018-12-31", ["33/177", "18,6%", "10,59", "Đã chốt"]),
        ("20", "2017-12-31", ["36/207", "17,4%", "8,65", "Đã chốt"]),
    ],
)
def test_the_overview_says_what_the_provinces_published(page: Page, code, on, said):
    enter_as(page, "committee")
    page.goto(f"/overview/{code}/?on={on}")
    text = page.inner_text("main")
    for words in said[:3]:
        assert words in text
    assert said[3] in page.inner_text("body")
    assert "SỐ LIỆU MÔ PHỎNG" in page.inner_text("body").upper()


def set_verdict(page: Page, code: str, verdict: str) -> None:
    """Choose a verdict in the row of an indicator and wait until the row says it is saved."""
    row = page.locator(f"#row-{code.replace('.', '-')}")
    select = row.locator('select[name="verdict"]')
    if select.input_value() == verdict:
        return
    with page.expect_response(lambda r: f"/entry/{code}/" in r.url) as answer:
        select.select_option(verdict)
    assert answer.value.status == 200
    expect(row.locator('select[name="verdict"]')).to_have_value(verdict)


@contextmanager
def worker_stopped(site: DemoSite) -> Iterator[None]:
    workers = site.children("celery")
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def test_a_criterion_that_becomes_met_counts_at_once_with_and_without_a_worker(
    page: Page, demo_site: DemoSite
):
    enter_as(page, "commune")
    for code in ROADS:
        set_verdict(page, code, "met")
    open_before = demo_site.figures("02", OPEN_MONTH)["criteria_met"]
    closed_before = demo_site.figures("02", LAST_CLOSED)

    set_verdict(page, "2.3", "not_met")
    assert demo_site.figures("02", OPEN_MONTH)["criteria_met"] == open_before - 1
    expect(page.locator("#summary")).to_contain_text(f"{open_before - 1:,}".replace(",", "."))
    with worker_stopped(demo_site):
        set_verdict(page, "2.3", "met")
        assert demo_site.figures("02", OPEN_MONTH)["criteria_met"] == open_before
        expect(page.locator("#summary")).to_contain_text(f"{open_before:,}".replace(",", "."))
    assert demo_site.figures("02", LAST_CLOSED) == closed_before


def test_a_bad_value_is_refused_in_its_row_and_the_old_one_stays(page: Page, demo_site: DemoSite):
    enter_as(page, "commune")
    row = page.locator("#row-15-1")
    before = row.locator('input[name="value"]').input_value()
    for typed, why in [("abc", "không phải là số"), ("120", "vượt quá 100%")]:
        with page.expect_response(lambda r: "/entry/15.1/" in r.url) as answer:
            row.locator('input[name="value"]').fill(typed)
            row.locator('input[name="value"]').press("Tab")
        assert answer.value.status == 422
        expect(row).to_contain_text(why)
    page.reload()
    assert page.locator('#row-15-1 input[name="value"]').input_value() == before


def test_two_people_on_one_cell_are_told_and_nothing_is_lost(page: Page, demo_site: DemoSite):
    enter_as(page, "commune")
    other = page.context.new_page()
    other.goto(page.url)
    set_verdict(other, "6.2", "not_met")
    set_verdict(other, "6.2", "met")
    row = page.locator("#row-6-2")
    with page.expect_response(lambda r: "/entry/6.2/" in r.url) as answer:
        row.locator('select[name="verdict"]').select_option("not_applicable")
    assert answer.value.status == 409
    expect(row).to_contain_text("Cán bộ xã")


def test_the_entry_sheet_works_without_javascript(browser, demo_site: DemoSite):
    context = browser.new_context(base_url=demo_site.address, java_script_enabled=False)
    page = context.new_page()
    enter_as(page, "commune")
    row = page.locator("#row-6-2")
    now = row.locator('select[name="verdict"]').input_value()
    row.locator('select[name="verdict"]').select_option("not_met" if now == "met" else "met")
    row.get_by_role("button", name="Lưu").click()
    page.wait_for_url(re.compile(r"#row-6-2$"))
    assert page.locator('#row-6-2 select[name="verdict"]').input_value() != now
    context.close()
