"""B7: the first view of the overview in a browser: bytes, shift, and text before the chart.

The shift of the other pages with charts and long tables too, on a laptop and on a phone.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from bench.data import World
from bench.figures import row
from bench.site import running, session_of
from tests.browser.conftest import QUIET, chromium_path

SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
WATCH_SHIFT = (
    "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
    " if (!e.hadRecentInput) window.shift += e.value; })"
    ".observe({type: 'layout-shift', buffered: true});"
)


def measure(world: World) -> dict[str, Any]:
    executable = chromium_path()
    if executable is None:
        print("B7 left out: no Chromium found")
        return {}
    cookie = session_of(world.reader)
    with running() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        context = browser.new_context(viewport=SIZES[0])
        context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": f"http://127.0.0.1:{port}"}]
        )
        site = f"http://127.0.0.1:{port}"
        seen = _view(context.new_page(), f"{site}/overview/02/")
        shifts = _shifts(context.new_page(), site, _others(world))
        browser.close()
    print("\n".join(f"    {size / 1000:8.1f} KB  {url}" for url, size in seen["requests"]))
    size = f"{world.values:,} values"
    return {
        "B7 bytes": row([seen["bytes"] / 1000], budget=150, unit="KB", size=size),
        "B7 CLS": row([seen["shift"]], budget=0.05, unit="", size=size),
        "B7 CLS elsewhere": row([max(shifts)], budget=0.05, unit="", size=size),
        "B7 text first": row([0.0 if seen["readable"] else 1.0], budget=0, unit="", size=size),
    }


def _others(world: World) -> list[str]:
    code, number = world.province.code, world.asked.criteria[0].number
    return [
        reverse("overview", args=[code]),
        reverse("criterion", args=[code, number]),
        reverse("matrix", args=[code]),
        reverse("meeting", args=[code]),
        reverse("commune", args=[world.communes[0].code]),
    ]


def _shifts(page: Page, site: str, addresses: list[str]) -> list[float]:
    """How far each page moved while it was drawn, in each size."""
    page.add_init_script(WATCH_SHIFT)
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        for address in addresses:
            page.goto(site + address, wait_until="networkidle")
            found.append(page.evaluate("window.shift"))
            print(f"    shift {found[-1]:.3f}  {size['width']}  {address}")
    return found


def _view(page: Page, address: str) -> dict[str, Any]:
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    network.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
    )
    held: list[Any] = []
    page.route("**/plotly*.js", lambda route: held.append(route))
    page.add_init_script(WATCH_SHIFT)
    page.goto(address, wait_until="load")
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(800)
    readable = page.locator("h1").is_visible() and page.locator("svg.trend").count() == 1
    for route in held:
        route.continue_()
    page.wait_for_timeout(2500)
    requests = [(names[key], size) for key, size in sizes.items() if key in names]
    return {
        "requests": requests,
        "bytes": sum(size for url, size in requests if "plotly" not in url),
        "shift": page.evaluate("window.shift"),
        "readable": readable,
    }
