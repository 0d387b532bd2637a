"""Entering at the keyboard, on a bad line, together with others, and in blocks from a spreadsheet.

Counted in keys: at ten keys a second one commune's indicators may take four minutes.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.demo import ROOT, DemoSite
from tests.browser.keyboard import go_to, stop
from tests.browser.test_axe import serious
from tests.browser.test_demo import enter_as
from tests.browser.test_keyboard import enter

COMMUNE, OTHER_COMMUNE = "/communes/00700/entry/", "/communes/00706/entry/"
HEALTH = "/provinces/02/entry/national-commune-2016-2020/15/"
UNDONE = re.compile(r"Đã hoàn tác lần lưu \d+ ô")
MOST_KEYS = 4 * 60 * 10
PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const how = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""
PERCENTAGES = """() => [...document.querySelectorAll("tr[data-cell]")].filter((row) =>
    row.querySelectorAll("[data-nav]").length === 1
    && row.querySelector("label.figure small")?.textContent === "%").map((row) => row.id)"""
"""The rows of a sheet that ask for one share each."""

MARK = os.getpid() % 900 * 10 + 1001
"""Four decimals, the last of them 1: the figures typed in this run are like no others."""


def times_stored(site: DemoSite, *figures: str) -> list[int]:
    """How many results of the ledger hold each of these figures."""
    values = [figure.replace(",", ".") for figure in figures]
    code = (
        "from criteria.models import Result;"
        f"print([Result.objects.filter(value=v).count() for v in {values}])"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code],
        cwd=ROOT,
        env=site.environment() | {"NTM_DEMO": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


@contextmanager
def server_stopped(site: DemoSite) -> Iterator[None]:
    """The processes that answer the web hold still; what is sent to them is not answered."""
    found = [pid for name in ("granian", "gunicorn", "runserver") for pid in site.children(name)]
    assert found
    for pid in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in found:
            os.kill(pid, signal.SIGCONT)


def sent(page: Page) -> None:
    """Wait until nothing is under way or waiting any more."""
    page.wait_for_function("() => window.ntm?.queue?.size() === 0", timeout=30_000)


class Typist:
    """A person at the keyboard whose keys are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def follow(self, name: str, *, tag: str) -> None:
        """Go by Tab to a link or button, and on to the page that Enter leads to."""
        go_to(self.page, name, tag=tag, with_key=self.press)
        with self.page.expect_navigation():
            self.press("Enter")


def fill(page: Page, typist: Typist) -> int:
    """Put a figure or a verdict into every cell of the sheet from the first on; how many."""
    page.locator("[data-nav]").first.focus()
    cells = page.locator("tr[data-cell]").count()
    filled = set()
    while len(filled) < cells:
        here = page.evaluate(
            "() => { const at = document.activeElement, cell = at.closest('[data-cell]');"
            " const inside = [...cell.querySelectorAll('[data-nav]')];"
            " return { cell: cell.id, choice: at.localName === 'select',"
            " last: inside.at(-1) === at } }"
        )
        typist.type("c") if here["choice"] else typist.type("50,5")
        filled.add(here["cell"])
        if here["last"] and len(filled) == cells:
            break
        # Between the figures of one indicator Tab; from the last of them Enter goes on.
        typist.press("Enter" if here["last"] else "ArrowRight")
        if (
            here["last"]
            and page.evaluate("() => document.activeElement.closest('tr').id") in filled
        ):
            break
    typist.press("Enter")
    sent(page)
    assert len(filled) == cells
    return cells


def test_a_commune_is_filled_and_its_month_sent_in_at_the_keyboard_alone(page: Page):
    enter(page, "Cán bộ xã")
    expect(page.locator("main h1")).to_contain_text("việc chờ bạn")
    typist = Typist(page)
    began = time.monotonic()
    typist.follow("Gửi số liệu tháng 12/2020", tag="a")
    assert serious(page) == []
    typist.follow("Nhập kết quả", tag="a")
    cells = fill(page, typist)
    assert cells == 49
    for state in ("refused", "asks", "conflict", "queued", "unsaved"):
        assert page.locator(f'tr[data-state="{state}"]').count() == 0
    filled = typist.keys
    typist.follow("Gửi số liệu tháng 12/2020", tag="a")
    typist.follow("Gửi số liệu tháng 12/2020:", tag="button")
    expect(page.get_by_role("status").first).to_contain_text("Đã gửi số liệu tháng 12/2020: ")
    took = time.monotonic() - began
    expect(page.locator("main h1")).to_have_text("Đã gửi số liệu tháng 12/2020")
    expect(page.locator("main")).to_contain_text("Gửi số liệu tháng: Cán bộ xã")
    assert serious(page) == []
    print(
        f"{cells} indicators filled and the month sent in with {typist.keys} keys"
        f" ({filled} of them up to the last figure): {typist.keys / 10:.0f} s at 10 keys a second;"
        f" this run took {took:.0f} s"
    )
    assert typist.keys <= MOST_KEYS
    page.goto(COMMUNE)
    expect(page.locator("#summary")).to_contain_text("49/49 chỉ tiêu đã đánh giá")
    expect(page.locator("#row-15-1-value")).to_have_value("50,5")
    assert page.locator("tr[data-stale]").count() == 0


def put(page: Page, row: str, figure: str) -> None:
    """Type a figure into a row and confirm it."""
    page.locator(f"#{row}-value").focus()
    page.keyboard.type(figure)
    page.keyboard.press("Enter")


def test_what_is_typed_while_the_server_or_the_session_is_gone_is_stored_once(
    page: Page, demo_site: DemoSite
):
    enter_as(page, "office")
    page.goto(OTHER_COMMUNE)
    rows = page.evaluate(PERCENTAGES)
    assert len(rows) >= 7
    figures = [f"4{n},{MARK}" for n, _ in enumerate(rows)]
    with server_stopped(demo_site):
        for row, figure in zip(rows, figures, strict=True):
            put(page, row, figure)
        # The first have reached the server, and the page has waited 20 s for its answers in vain.
        lost = f"{len(rows)} ô chờ gửi – mất kết nối, sẽ tự gửi lại"
        expect(page.locator("#line")).to_contain_text(lost, timeout=25_000)
        expect(page.locator(f"#{rows[0]}")).to_contain_text("Chờ gửi")
    sent(page)
    expect(page.locator("#line")).to_be_hidden()
    for row in rows:
        expect(page.locator(f"#{row}")).to_contain_text("Đã lưu")

    other = page.context.new_page()
    other.goto("/guide/")
    other.get_by_role("button", name="Đăng xuất").click()
    figures += [f"5{n},{MARK}" for n in range(2)]
    put(page, "row-15-1", figures[-2])
    ended = "1 ô chờ gửi – phiên làm việc đã hết. Đăng nhập lại (mở thẻ mới)"
    expect(page.locator("#line")).to_contain_text(ended)
    put(page, "row-14-2", figures[-1])
    enter_as(other, "office")
    page.bring_to_front()  # sent by itself, with the token of the new session
    sent(page)
    expect(page.locator("#row-15-1")).to_contain_text("Đã lưu")

    other.get_by_role("button", name="Đăng xuất").click()
    page.locator("#row-15-1-value").focus()
    last = f"55,{MARK}"
    page.keyboard.type(last)
    page.close(run_before_unload=False)  # in the middle of a cell
    enter_as(other, "office")
    other.goto(HEALTH)
    expect(other.locator("#line")).to_contain_text("1 ô gõ ở trang khác chưa gửi được")
    other.locator("#line a").click()
    expect(other.locator("#row-15-1")).to_contain_text("Đã lưu", timeout=30_000)
    expect(other.locator("#row-15-1-value")).to_have_value(last)
    assert times_stored(demo_site, *figures, last) == [1] * (len(rows) + 3)


def test_two_people_on_one_cell_choose_and_a_double_submit_writes_once(
    page: Page, demo_site: DemoSite
):
    enter_as(page, "office")
    page.goto(OTHER_COMMUNE)
    other = page.context.new_page()
    other.goto(OTHER_COMMUNE)
    for here, number in ((page, 61), (other, 62)):
        put(here, "row-14-2", f"{number},{MARK}")
        sent(here)
    row = other.locator("#row-14-2")
    expect(row).to_contain_text(f"vừa ghi 61,{MARK}")
    expect(row).to_contain_text(f"Số của bạn: 62,{MARK}")
    row.get_by_text("Vẫn lưu số của tôi").click()
    expect(row).to_contain_text("Đã lưu")
    page.locator("#row-14-2-value").fill(f"63,{MARK}")
    page.keyboard.press("Tab")
    expect(page.locator("#row-14-2")).to_contain_text(f"vừa ghi 62,{MARK}")
    page.locator("#row-14-2").get_by_text("Lấy số vừa ghi").click()
    expect(page.locator("#row-14-2-value")).to_have_value(f"62,{MARK}")
    double = page.evaluate(
        """async figure => {
            const cell = document.querySelector("#row-14-2");
            const fields = { ...window.ntm.grid.fields(cell), value: figure };
            const body = new URLSearchParams({ ...fields, request_id: crypto.randomUUID(),
                csrfmiddlewaretoken: window.ntm.cookie("csrftoken") });
            const send = () => fetch(cell.dataset.save, { method: "POST", body });
            return Promise.all([send(), send()]).then((all) => all.map((one) => one.status));
        }""",
        f"64,{MARK}",
    )
    assert double == [200, 200]
    page.reload()
    expect(page.locator("#row-14-2-value")).to_have_value(f"64,{MARK}")
    stored = times_stored(demo_site, *(f"6{n},{MARK}" for n in range(1, 5)))
    assert stored == [1, 1, 0, 1]


def take_back_a_slip(page: Page) -> None:
    """Ctrl+Z drops a change that is not saved yet, as Esc does; the next one, the last save."""
    page.goto(OTHER_COMMUNE)
    figure, choice = page.locator("#row-14-2-value"), page.locator("#row-8-2-verdict")
    before, verdict = figure.input_value(), choice.input_value()
    put(page, "row-14-2", f"66,{MARK}")
    sent(page)
    posted: list[str] = []
    page.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    for key in ("Escape", "Control+z"):
        choice.focus()
        page.keyboard.press("c" if verdict != "not_met" else "k")
        assert choice.input_value() != verdict
        page.keyboard.press(key)
        expect(page.locator("#row-8-2")).to_contain_text("Giữ như đã ghi")
        expect(choice).to_have_value(verdict)
    figure.focus()
    page.keyboard.type("9")
    page.keyboard.press("Control+z")
    expect(figure).to_have_value(f"66,{MARK}")
    choice.focus()
    assert posted == []
    page.keyboard.press("Control+z")
    undone = f"Đã hoàn tác 14.2: 66,{MARK} → {before}."
    expect(page.locator("#done")).to_have_text(undone, timeout=30_000)
    expect(page.locator("#done")).to_be_in_viewport(ratio=1)
    expect(figure).to_have_value(before)
    page.keyboard.press("Tab")
    sent(page)
    assert len(posted) == 1, posted


def test_a_province_is_pasted_previewed_applied_and_taken_back(page: Page, demo_site: DemoSite):
    enter_as(page, "office")
    page.goto(HEALTH)
    rows = page.locator("tr[data-code]").count()
    first = page.locator("input[data-nav]").first
    was = first.input_value()
    heading = page.locator("#summary").inner_text()
    lines = [f"{60 + n % 30},5\tx\t{5 + n % 40},25" for n in range(rows)]
    first.focus()
    page.evaluate(PASTE, "\r\n".join([*lines, "1\tx\t2", ""]))
    dialog = page.locator("#block")
    expect(dialog).to_contain_text(f"Vùng dán: {rows} dòng × 3 cột", timeout=30_000)
    expect(dialog).to_contain_text("Nằm ngoài bảng, bỏ qua: 1 dòng.")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Đã ghi", timeout=30_000)
    expect(page.locator("#done")).to_be_in_viewport(ratio=1)
    expect(first).to_have_value("60,5")
    expect(page.locator("td.enter").first).to_contain_text(re.compile(r"Đã lưu \d+:\d\d"))
    assert page.locator("#summary").inner_text() != heading
    first.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    expect(dialog).to_contain_text("2 ô sẽ đổi", timeout=30_000)
    expect(dialog).to_contain_text("Vùng điền: 2 dòng")
    page.keyboard.press("Escape")
    first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#done")).to_contain_text(UNDONE, timeout=30_000)
    expect(first).to_have_value(was)
    assert page.locator("#summary").inner_text() == heading
    assert stop(page).id == first.get_attribute("id")
    take_back_a_slip(page)
