"""The sections of a monthly report that people write, and how what they wrote becomes text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

COLUMN = "|"
"""Between the columns of a line that becomes a row of a table."""


class Section(StrEnum):
    """Parts that no figure can write. Optional ones are printed only with a text."""

    DIRECTION = "direction"
    VILLAGES = "villages"
    PRODUCTS = "products"
    FUNDS = "funds"
    DIFFICULTIES = "difficulties"
    CAUSES = "causes"
    TASKS = "tasks"
    PROPOSALS = "proposals"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def hint(self) -> str:
        """What to write, in one line."""
        return _HINTS[self]

    @property
    def columns(self) -> Sequence[str]:
        """Heads of the table that lines with columns become; none where there is no table."""
        return _COLUMNS.get(self, ())


OPTIONAL = (Section.VILLAGES, Section.PRODUCTS, Section.FUNDS)
"""Their tables (B7 to B10) have no data in the program yet: words stand in for them."""

_LABELS = {
    Section.DIRECTION: "Công tác chỉ đạo, điều hành",
    Section.VILLAGES: "Thôn, khu dân cư kiểu mẫu, vườn mẫu",
    Section.PRODUCTS: "Chương trình Mỗi xã một sản phẩm (OCOP)",
    Section.FUNDS: "Huy động nguồn lực, giải ngân, nợ đọng xây dựng cơ bản",
    Section.DIFFICULTIES: "Tồn tại, hạn chế",
    Section.CAUSES: "Nguyên nhân",
    Section.TASKS: "Nhiệm vụ, giải pháp tháng tới",
    Section.PROPOSALS: "Kiến nghị, đề xuất",
}
_HINTS = {
    Section.DIRECTION: "Văn bản đã ban hành, cuộc họp, kiểm tra trong tháng.",
    Section.VILLAGES: "Số thôn, khu dân cư, vườn đạt chuẩn; phần mềm chưa có số liệu này.",
    Section.PRODUCTS: "Sản phẩm mới được xếp hạng; phần mềm chưa có số liệu này.",
    Section.FUNDS: "Vốn huy động, giải ngân, nợ đọng; phần mềm chưa có số liệu này.",
    Section.DIFFICULTIES: "Mỗi đoạn một ý.",
    Section.CAUSES: "Nguyên nhân khách quan, chủ quan.",
    Section.TASKS: "Mỗi dòng một nhiệm vụ.",
    Section.PROPOSALS: "Kiến nghị với Trung ương, tỉnh, sở, ngành.",
}
_COLUMNS: dict[Section, Sequence[str]] = {
    Section.PROPOSALS: (
        "Nội dung", "Đơn vị nêu", "Tiêu chí liên quan", "Cơ quan giải quyết", "Thời hạn",
        "Tình trạng",
    ),
    Section.TASKS: (
        "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Sản phẩm",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text taken apart: paragraphs, short lines, and rows of the section's table."""

    paragraphs: Sequence[str]
    points: Sequence[str]
    rows: Sequence[Sequence[str]]


def written(section: Section, text: str) -> Written:
    """Lines that begin with a dash are points, lines with columns rows, the rest paragraphs."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    tabular = [line for line in lines if section.columns and COLUMN in line]
    others = [line for line in lines if line not in tabular]
    points = [line for line in others if line.startswith(("-", "–", "+"))]
    return Written(
        paragraphs=tuple(line for line in others if line not in points),
        points=tuple(line.lstrip("-–+ ") for line in points),
        rows=tuple(tuple(_cells(line, len(section.columns))) for line in tabular),
    )


def _cells(line: str, wanted: int) -> Iterator[str]:
    """Just so many cells: what is missing is empty, what is too much stays in the last."""
    cells = [cell.strip() for cell in line.strip(COLUMN).split(COLUMN, wanted - 1)]
    yield from cells
    yield from [""] * (wanted - len(cells))
