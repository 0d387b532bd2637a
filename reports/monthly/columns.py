"""What the tables of the report share: their names, their columns, the line they stand on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from criteria.rules.types import Tally
from reports.monthly import phrases
from reports.monthly.inputs import Inputs
from reports.tables import Column, Kind, Table, Value

NAMES = {
    "B1": "Tổng hợp kết quả đạt chuẩn toàn tỉnh",
    "B2": "Phân nhóm xã theo số tiêu chí đạt",
    "B3": "Kết quả thực hiện theo từng tiêu chí",
    "B4": "Kết quả của từng xã theo từng tiêu chí",
    "B5": "Xã được công nhận trong năm",
    "B6": "Xã đăng ký phấn đấu đạt chuẩn trong năm",
    "B7": "Thôn, khu dân cư kiểu mẫu, vườn mẫu",
    "B8": "Nguồn vốn huy động",
    "B9": "Nợ đọng xây dựng cơ bản",
    "B10": "Sản phẩm OCOP",
    "B11": "Thu nhập, hộ nghèo",
    "B12": "Khó khăn, kiến nghị",
    "B13": "Nhiệm vụ tháng tới",
}
NO_DATA_YET = ("B7", "B8", "B9", "B10")
"""Nothing of these is recorded in the program."""

TT = Column(label="TT", kind=Kind.COUNT, width=5)


def text(label: str, width: int = 24, group: str = "") -> Column:
    return Column(label=label, width=width, group=group)


def count(label: str, *, group: str = "", summed: bool = False) -> Column:
    return Column(label=label, kind=Kind.COUNT, width=9, group=group, summed=summed)


def table(
    code: str,
    inputs: Inputs,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    total: Sequence[Value] | None = None,
    *,
    title: str = "",
) -> Table:
    return Table(
        name=code,
        title=title or NAMES[code],
        base=f"{inputs.unit_name}, tính {phrases.until(inputs.month)} · {inputs.asked.name}"
        f" · {inputs.basis}",
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        total=tuple(total) if total is not None else None,
    )


def known(tally: Tally, number: int) -> int | None:
    return number if tally.assessed else None
