"""A person at the keyboard: where the focus stands, whether it can be seen, and how to get on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

WHERE = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const style = getComputedStyle(at);
    const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2];
    const top = document.elementFromPoint(x, y);
    const said = at.ariaLabel ?? at.labels?.[0]?.innerText ?? at.innerText;
    return {
        name: (said || at.textContent || at.id).replace(/\\s+/g, " ").trim().slice(0, 80),
        tag: at.localName,
        id: at.id,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
        seen: Boolean(top) && (at.contains(top) || top.contains(at)),
    };
}"""
LONGEST_WAY = 400
TWICE_ROUND = 20
"""Stops that look alike come often, in a list for example; and the parts of a date are one."""


@dataclass(frozen=True)
class Stop:
    """What has the focus. `ring`: it is outlined; `seen`: it lies in the window, uncovered."""

    name: str
    tag: str
    id: str
    ring: bool
    seen: bool


def stop(page: Page) -> Stop | None:
    """Where the focus is; None on the page itself. Fails where a person could not see it."""
    found = page.evaluate(WHERE)
    if found is None:
        return None
    here = Stop(**found)
    assert here.ring, f"no visible focus on {here}"
    assert here.seen, f"the focus is out of sight or covered on {here}"
    return here


def go_to(
    page: Page,
    name: str,
    *,
    tag: str = "",
    key: str = "Tab",
    with_key: Callable[[str], None] | None = None,
) -> Stop:
    """Press Tab (or another key) until the focus is on what is called so; all stops are visible.

    `with_key` is how a key is pressed, where somebody counts them.
    """
    passed: dict[Stop | None, int] = {}
    while max(passed.values(), default=0) < TWICE_ROUND:
        (with_key or page.keyboard.press)(key)
        here = stop(page)
        if here and here.name.startswith(name) and tag in ("", here.tag):
            return here
        passed[here] = passed.get(here, 0) + 1
    raise AssertionError(f"“{name}” was not reached; passed: {[s and s.name for s in passed]}")


def walk(page: Page) -> list[Stop]:
    """From the beginning of a page through all its stops and out at its end."""
    stops: list[Stop] = []
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        here = stop(page)
        if here is None or here in stops[:1]:
            return stops
        stops.append(here)
    raise AssertionError(f"the focus does not leave the page: {stops[-10:]}")


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.keyboard.press(key)
