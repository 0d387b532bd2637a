"""The findings that head the slides of a meeting: pure, from counts to sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_number
from criteria.rules.types import CommuneStanding, Tally
from reports.findings import movement
from reports.meeting.deck import Due, Moved, MovedCommune, Progress, Task

NEAR = 5
"""A commune that lacks no more than a fifth of the criteria is near the standard."""


def nearness(of: int) -> int:
    """How many criteria a commune may lack and still be near: 4 of 19, 2 of 10, 4 of 20."""
    return math.ceil(of / NEAR)


def headline(unit: str, tally: Tally, rows: Iterable[CommuneStanding], gained: int | None) -> str:
    """ "Từ đầu năm thêm 5 xã đạt chuẩn; còn 144 xã, trong đó 5 xã chỉ thiếu 1–4 tiêu chí".

    `gained` is the change in communes recognised since the year's start, None where it cannot
    be told.
    """
    if not tally.communes:
        return f"{unit} không có xã nào tham gia Chương trình"
    if tally.average is None:
        return f"{_n(tally.communes)} xã tham gia Chương trình chưa có kết quả đánh giá"
    left = tally.communes - tally.recognised
    if not left:
        return f"Cả {_n(tally.communes)} xã đã được công nhận đạt chuẩn"
    if gained is None:
        said = f"{_n(tally.recognised)} xã đã đạt chuẩn"
    elif gained > 0:
        said = f"Từ đầu năm thêm {_n(gained)} xã đạt chuẩn"
    elif gained < 0:
        said = f"Từ đầu năm số xã đạt chuẩn giảm {_n(-gained)}"
    else:
        said = "Từ đầu năm chưa thêm xã đạt chuẩn"
    open_ = [row for row in rows if row.in_programme and row.assessed and not row.recognised_tier]
    limit = nearness(max((row.of for row in open_), default=0))
    near = sum(0 < row.of - row.met <= limit for row in open_)
    full = sum(row.of == row.met for row in open_)
    text = f"{said}; còn {_n(left)} xã"
    if full:
        return f"{text}, trong đó {_n(full)} xã đã đủ tiêu chí, chờ quyết định"
    if near:
        return f"{text}, trong đó {_n(near)} xã chỉ thiếu {_up_to(limit)} tiêu chí"
    return f"{text}, chưa xã nào thiếu dưới {limit + 1} tiêu chí"


def changed(since: date, average: Decimal | None, recognised: int | None) -> str:
    """ "So với tháng 11: bình quân tăng 0,12 tiêu chí/xã, thêm 2 xã được công nhận"."""
    said = []
    if average is not None:
        size = format_number(abs(average), 2)
        if not size.strip("0,"):
            said.append("bình quân không đổi")
        else:
            said.append(f"bình quân {'tăng' if average > 0 else 'giảm'} {size} tiêu chí/xã")
    if recognised:
        word = "thêm" if recognised > 0 else "bớt"
        said.append(f"{word} {_n(abs(recognised))} xã được công nhận")
    elif recognised == 0:
        said.append("số xã được công nhận không đổi")
    return f"So với tháng {since.month}/{since.year}: {', '.join(said) or 'chưa so sánh được'}"


def broken(since: date, why: str) -> str:
    """Where units or the set changed since then."""
    return f"So với tháng {since.month}/{since.year}: không so sánh trực tiếp được, {why}"


def changes(moved: Moved, since: date | None) -> list[tuple[str, str]]:
    """(amount, since when) for the line below a headline figure; empty without a comparison."""
    told = []
    if since and moved.since_month is not None:
        amount = movement(moved.since_month, moved.places)
        told.append((amount, f"so với tháng {since.month}"))
    if moved.since_year is not None:
        told.append((movement(moved.since_year, moved.places), "từ đầu năm"))
    return told


def due(rows: Sequence[Due], year: int) -> str:
    """ "3/8 xã đăng ký năm 2020 đã được công nhận; 2 xã còn thiếu 1 tiêu chí"."""
    done = sum(row.progress is Progress.HOLDS for row in rows)
    said = [f"{done}/{len(rows)} xã đăng ký năm {year} đã được công nhận"]
    if full := sum(row.progress is Progress.COMPLETE for row in rows):
        said.append(f"{full} xã đủ tiêu chí, chờ quyết định")
    lacking = Counter(len(row.lacks) for row in rows if row.progress is Progress.LACKS)
    if lacking:
        fewest = min(lacking)
        said.append(f"{lacking[fewest]} xã còn thiếu {fewest} tiêu chí")
    return "; ".join(said)


def nearest(rows: Sequence[Due], year: int) -> str:
    """Where nobody is registered: how near the nearest communes are."""
    said = f"Năm {year} chưa có xã nào đăng ký"
    if not rows:
        return said
    full = sum(not row.lacks for row in rows)
    lacking = [len(row.lacks) for row in rows if row.lacks]
    if full:
        said += f"; {full} xã đã đủ tiêu chí, chờ quyết định"
    if lacking:
        low, high = min(lacking), max(lacking)
        span = f"{low}" if low == high else f"{low}–{high}"
        said += f"; {len(lacking)} xã gần đạt nhất còn thiếu {span} tiêu chí"
    return said


def difficulties(
    worst: str, missing: int, waited: int, communes: int, lost: Sequence[MovedCommune]
) -> str:
    """ "Thu nhập giữ chân 120 xã; 12 xã chưa gửi số liệu tháng"."""
    said = []
    if worst and missing:
        said.append(f"{worst} giữ chân nhiều xã nhất: {_n(missing)}/{_n(communes)} xã")
    if waited:
        said.append(f"{_n(waited)} xã chưa gửi số liệu tháng")
    if lost:
        said.append(f"{_n(len(lost))} xã không còn đạt tiêu chí đã đạt")
    return "; ".join(said[:2]) or "Không có xã nào chậm, không còn tiêu chí nào chưa đạt"


def tasks(found: Sequence[Task]) -> str:
    """ "3/7 nhiệm vụ của các cuộc họp trước đã xong; 2 nhiệm vụ quá hạn"."""
    if not found:
        return "Chưa có nhiệm vụ nào từ các cuộc họp trước"
    done = sum(task.state == "done" for task in found)
    late = sum(task.late for task in found)
    text = f"{done}/{len(found)} nhiệm vụ của các cuộc họp trước đã xong"
    return f"{text}; {late} nhiệm vụ quá hạn" if late else text


def given(found: Sequence[Task]) -> str:
    """What this meeting gave so far."""
    return f"Cuộc họp này giao {len(found)} nhiệm vụ" if found else "Ghi nhiệm vụ của cuộc họp này"


def parts(names: Sequence[str], kind: str) -> str:
    """Who leads and who is last, best first."""
    if len(names) < 2:
        return f"Kết quả theo {kind}"
    return f"{names[0]} dẫn đầu, {names[-1]} thấp nhất"


def _n(number: int) -> str:
    return format_number(number)


def _up_to(limit: int) -> str:
    return "1" if limit == 1 else f"1–{limit}"
