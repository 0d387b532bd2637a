"""The end of the demo: in the last file of this folder, for the others share the running one."""

from __future__ import annotations

from tests.browser.demo import DemoSite, is_running, stop


def test_one_ctrl_c_stops_everything(demo_site: DemoSite):
    before = demo_site.children("")
    assert len(before) > 5
    assert stop(demo_site.process) == 0
    assert [pid for pid in before if is_running(pid)] == []
