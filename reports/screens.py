"""The screens of a province: who sees them, and what their addresses keep of another page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from urllib.parse import urlencode

from django.urls import reverse

from communes.models import UnitVersion
from communes.roles import Permission


class Keeps(Enum):
    """By what a screen shows figures: the day, its month or its year; none of it: the present."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The day and the known moment that an address names, None and "" where it names none."""

    on: date | None = None
    known: str = ""

    def query(self, keeps: Keeps | None = Keeps.DAY) -> str:
        """The moment as the address of a screen names it; "" where it keeps nothing."""
        said: dict[str, str] = {}
        if self.on and keeps is Keeps.MONTH:
            said["month"] = f"{self.on:%Y-%m}"
        elif self.on and keeps is Keeps.YEAR:
            said["year"] = f"{self.on.year}"
        elif self.on and keeps:
            said["on"] = self.on.isoformat()
        if self.known and keeps in (Keeps.DAY, Keeps.YEAR):
            said["known"] = self.known
        return urlencode(said)


PRESENT = Moment()


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A screen of a province: who sees it (None: whoever works in it), and the pages under it.

    `counted`: it keeps set, basis and groups as well.
    """

    label: str
    name: str
    needs: Permission | None
    pages: frozenset[str] = frozenset()
    keeps: Keeps | None = None
    counted: bool = False

    def url(self, province: UnitVersion, moment: Moment = PRESENT, filters: str = "") -> str:
        kept = [moment.query(self.keeps), filters if self.counted else ""]
        return address(self.name, province, "&".join(filter(None, kept)))


def address(page: str, unit: UnitVersion, query: str = "") -> str:
    return reverse(page, args=[unit.code]) + (f"?{query}" if query else "")


SCREENS = (
    Screen(
        label="Bảng xã – tiêu chí",
        name="matrix",
        needs=Permission.READ,
        keeps=Keeps.DAY,
        counted=True,
    ),
    Screen(
        label="Nhập theo tiêu chí",
        name="entry_choose",
        needs=Permission.ENTER,
        pages=frozenset({"entry_grid", "preview_grid_block", "apply_grid_block"}),
    ),
    Screen(
        label="Chờ xác nhận",
        name="review_queue",
        needs=Permission.REVIEW,
        pages=frozenset({"review_list", "review_check", "review"}),
    ),
    Screen(
        label="Công nhận",
        name="decisions",
        needs=Permission.READ,
        keeps=Keeps.DAY,
        pages=frozenset({"new_decision", "correct_decision"}),
    ),
    Screen(
        label="Kế hoạch và đăng ký",
        name="plans",
        needs=Permission.READ,
        keeps=Keeps.YEAR,
        pages=frozenset({"set_target", "register_communes", "withdraw_registration"}),
    ),
    Screen(
        label="Trình chiếu họp",
        name="meeting",
        needs=Permission.READ,
        keeps=Keeps.DAY,
        pages=frozenset({"meeting_tasks", "record_task", "turn_task"}),
    ),
    Screen(
        label="Chốt số liệu tháng",
        name="months",
        needs=Permission.OVERSEE_MONTH,
        pages=frozenset({"month", "close_month", "reopen_month"}),
    ),
    Screen(
        label="Báo cáo tháng",
        name="monthly",
        needs=Permission.READ,
        keeps=Keeps.MONTH,
        pages=frozenset({"write_section", "make_monthly", "make_run_now", "report_settings"}),
    ),
    Screen(
        label="Đơn vị mới",
        name="openings",
        needs=Permission.DECIDE_OPENINGS,
        pages=frozenset({"openings_proposed", "record_proposed", "undo_openings"}),
    ),
    Screen(
        label="Đơn vị hành chính",
        name="units",
        needs=None,
        keeps=Keeps.DAY,
        pages=frozenset(
            {"unit_events", "unit_event", "new_unit_event", "unit_event_edges", "unit_attributes"}
        ),
    ),
    Screen(
        label="Nhật ký thay đổi",
        name="change_log",
        needs=Permission.READ_LOG,
        pages=frozenset({"change"}),
    ),
)
