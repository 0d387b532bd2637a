"""The people of an administrator's scope as a table: names, roles, places and dates alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from communes.people.listing import Filters, Row
from communes.vietnamese import format_date, format_number
from reports.tables import Column, Kind, Table

HELD = {"now": "đang giữ", "later": "chưa bắt đầu", "ended": "đã kết thúc"}


def people_heading(filters: Filters, on: date) -> str:
    """What stands on the sheet: the day, and which people were asked for."""
    chosen = f" · lọc theo {filters.in_words}" if filters.any else ""
    return f"Người dùng ngày {format_date(on)}{chosen}"


def people_table(rows: Sequence[Row], filters: Filters) -> Table:
    """One line an assignment, in the order of the page; a person of several comes again."""
    lines = [(row, held) for row in rows for held in row.held]
    whom = "kể cả" if filters.ended else "không kể"
    return Table(
        name="Người dùng",
        title="Người dùng và phân công",
        base=f"{format_number(len(rows))} người, {format_number(len(lines))} phân công trong"
        f" phạm vi của người xuất; {whom} phân công đã kết thúc và tài khoản đã khóa.",
        columns=[
            Column(label="Họ tên hoặc chức danh", width=30),
            Column(label="Tên đăng nhập", width=32),
            Column(label="Vai trò", width=24),
            Column(label="Sở, ngành", width=34),
            Column(label="Đơn vị", width=30),
            Column(label="Mã đơn vị", width=9),
            Column(label="Từ ngày", kind=Kind.DAY),
            Column(label="Đến hết ngày", kind=Kind.DAY),
            Column(label="Phân công", width=13),
            Column(label="Đăng nhập lần cuối", kind=Kind.DAY),
            Column(label="Tài khoản", width=20),
        ],
        rows=[
            [
                str(row.person),
                row.person.username,
                str(held.assignment.get_role_display()),
                str(held.assignment.department) if held.assignment.department else None,
                held.where,
                held.unit.code if held.unit else None,
                held.first_day,
                held.last_day,
                HELD[held.state],
                _last_sign_in(row),
                str(row.state.label),
            ]
            for row, held in lines
        ],
    )


def _last_sign_in(row: Row) -> date | None:
    at = row.person.last_login
    return timezone.localdate(at) if at else None
