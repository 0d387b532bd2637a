"""A real browser on a running site. No ORM here: Playwright runs an event loop of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import demo
from tests.browser.demo import DemoSite

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


def chromium_path() -> str | None:
    """The Chromium of this machine; CHROMIUM names another one."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium_path()
    if executable is None:
        pytest.skip(f"no Chromium found (CHROMIUM, {', '.join(NAMES)}): browser tests left out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_site() -> Iterator[DemoSite]:
    """The whole demo with its real services and data, started once for all journeys."""
    scratch = Path(tempfile.mkdtemp(prefix="ntm-demo-"))
    site = demo.start(scratch / "data")
    yield site
    if site.process.poll() is None:
        demo.stop(site.process)
    shutil.rmtree(scratch, ignore_errors=True)


@pytest.fixture
def page(browser: Browser, demo_site: DemoSite) -> Iterator[Page]:
    """A page of a fresh visitor at the demo; any script error or refused script fails the test."""
    context = browser.new_context(
        base_url=demo_site.address,
        viewport={"width": 1366, "height": 768},
        locale="vi-VN",
        service_workers="block",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert faults == []
