"""The end of the demo: in the last file of this folder, for the others share the running one."""

from __future__ import annotations

import time

from tests.browser.demo import DemoSite, is_running, stop

LONGEST_END = 5
"""What a child has started itself is killed, and ends a moment after the demo."""


def test_one_ctrl_c_stops_everything(demo_site: DemoSite):
    before = demo_site.children("")
    assert len(before) > 5
    assert stop(demo_site.process) == 0
    deadline = time.monotonic() + LONGEST_END
    while (left := [pid for pid in before if is_running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
