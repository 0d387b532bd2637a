"""A real browser on a running site. No ORM here: Playwright runs an event loop of its own.

Whatever page a test opens, in whatever context: a script error, a script that the content policy
refuses, or a page that comes without that policy fails the test.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

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
def faults() -> list[str]:
    """What went wrong on any page since the last test."""
    return []


@pytest.fixture(autouse=True)
def no_faults(faults: list[str]) -> Iterator[None]:
    """Set up before the pages of a test, so asked after the last of them is closed."""
    faults.clear()
    yield
    assert faults == []


def watch(browser: Browser, faults: list[str]) -> None:
    """Listen to every page of every context that is made from now on."""
    make = browser.new_context

    def watched(**how: object) -> BrowserContext:
        context = make(**how)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda said: refused_script(said.text, faults))
        context.on("response", lambda answer: without_policy(answer, faults))
        return context

    browser.new_context = watched
    browser.new_page = lambda **how: watched(**how).new_page()


def refused_script(said: str, faults: list[str]) -> None:
    if "Content Security Policy" in said:
        faults.append(said)


def without_policy(answer: Response, faults: list[str]) -> None:
    """A page, or a file in its place, has to come with a policy that keeps scripts to our files."""
    if answer.request.resource_type != "document" or not answer.url.startswith("http"):
        return
    policy = answer.headers.get("content-security-policy", "")
    if "script-src 'self'" not in [rule.strip() for rule in policy.split(";")]:
        faults.append(f"{answer.url}: {policy or 'no policy'}")


@pytest.fixture(scope="session")
def browser(faults: list[str]) -> Iterator[Browser]:
    executable = chromium_path()
    if executable is None:
        pytest.skip(f"no Chromium found (CHROMIUM, {', '.join(NAMES)}): browser tests left out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        watch(browser, faults)
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
    """A page of a fresh visitor at the demo."""
    context = browser.new_context(
        base_url=demo_site.address,
        viewport={"width": 1366, "height": 768},
        locale="vi-VN",
        service_workers="block",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
