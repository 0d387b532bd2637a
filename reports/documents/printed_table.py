"""A table as it lies on paper: how wide its columns are, how large its letters, what is printed.

Pure. Word and PDF take the same answer, so that a table looks the same in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reports.documents import printing
from reports.documents.printing import HeadCell
from reports.monthly.content import TableBlock
from reports.tables import Column, Kind, Table

PORTRAIT, LANDSCAPE = 165, 252
"""Millimetres between the margins of A4."""
PADDING = 0.8
"""Millimetres left and right of a text in its cell."""
SIZES, ANNEX_SIZES, SMALLER = (11, 10), (10,), (10, 9, 8)
POINT = 25.4 / 72
LONGEST_WORD, LONGEST_LINE = 34.0, 80.0
"""Millimetres: a longer word is broken, a longer line runs over several."""
HEAD_LINES = 4
"""A head of more lines is too high."""
BOLD = 1.1
"""How much wider bold letters are."""
FEW = 10
"""So many rows have no usual length: each counts."""
TALL = 900
"""Letters in one cell from which its row may be broken over two pages."""
NARROW = 6
"""Columns up to this width (in letters) hold a number or a sign and are centred."""
_WORD = re.compile(r"[^\s-]*-|[^\s-]+")
"""A line may end behind a hyphen too."""
_SLIM, _WIDE = frozenset(" .,:;'!|ijlt/()-[]I"), frozenset("mwMW%—…")


@dataclass(frozen=True, kw_only=True)
class PrintedTable:
    """What stands where; `widths` in millimetres, `size` in points, `rows` as texts.

    `aligns` are left, center or right, one a column. `wide`: it needs a landscape page.
    `head_lines` are the lines of text that each row of the head holds. `tall` are the rows that
    are too high to be kept on one page.
    """

    caption: str
    base: str
    note: str
    size: int
    wide: bool
    widths: list[float]
    aligns: list[str]
    heads: list[list[HeadCell]]
    head_lines: list[int]
    rows: list[list[str]]
    total: list[str] | None
    tall: list[int]


def printed(block: TableBlock, *, annex: bool = False) -> PrintedTable:
    """The largest letters with which it fits upright; else it lies on its side."""
    table = block.table
    rows = [_texts(row, table.columns) for row in table.rows]
    total = None if table.total is None else _texts(table.total, table.columns)
    every = [*rows, total] if total else rows
    size, room = _fit(table, every, annex)
    widths, heads = _widths(table.columns, every, size, room), printing.heads(table.columns)
    return PrintedTable(
        caption=printing.caption(block),
        base=table.base,
        note=block.note,
        size=size,
        wide=room == LANDSCAPE,
        widths=widths,
        aligns=[_align(column) for column in table.columns],
        heads=heads,
        head_lines=_head_lines(heads, widths, size),
        rows=rows,
        total=total,
        tall=[n for n, row in enumerate(rows) if max(map(len, row), default=0) > TALL],
    )


def _texts(row: Sequence[object], columns: Sequence[Column]) -> list[str]:
    return [
        printing.written(value, column)  # type: ignore[arg-type]
        for value, column in zip(row, columns, strict=True)
    ]


def _align(column: Column) -> str:
    if column.width <= NARROW or column.kind is Kind.DAY:
        return "center"
    return "left" if column.kind is Kind.TEXT else "right"


def _fit(table: Table, rows: Sequence[Sequence[str]], annex: bool) -> tuple[int, int]:
    """Size of the letters and room on the page: where names have at most about two lines."""
    ways = [] if annex else [(size, PORTRAIT) for size in SIZES]
    ways += [(size, LANDSCAPE) for size in (ANNEX_SIZES if annex else SIZES)]
    for size, room in ways:
        if sum(_fair(table.columns, rows, size)) <= room:
            return size, room
    for size in SMALLER:
        if sum(_least(table.columns, rows, size)) <= LANDSCAPE:
            return size, LANDSCAPE
    return SMALLER[-1], LANDSCAPE


def _fair(columns: Sequence[Column], rows: Sequence[Sequence[str]], size: int) -> list[float]:
    """How wide each column should be to be read with ease: its texts have at most about two
    lines, its head at most four.
    """
    fair, em = [], size * POINT
    for place, (column, width) in enumerate(zip(columns, _least(columns, rows, size), strict=True)):
        text = min(0.58 * _usual(rows, place) * em, LONGEST_LINE / 2)
        head = BOLD * _measure(column.label) / HEAD_LINES * em
        wished = max(text, head) if column.kind is Kind.TEXT else head
        fair.append(max(width, wished + 2 * PADDING))
    return fair


def _usual(rows: Sequence[Sequence[str]], place: int) -> float:
    """How long the texts of a column are, in em; one very long name widens no column of many."""
    lines = sorted(_measure(row[place]) for row in rows)
    if not lines:
        return 0.0
    return lines[-1] if len(lines) <= FEW else lines[int(0.95 * (len(lines) - 1))]


def _least(columns: Sequence[Column], rows: Sequence[Sequence[str]], size: int) -> list[float]:
    """How narrow each column may be: its longest word in the head, the group or a cell."""
    least = []
    for place, column in enumerate(columns):
        longest = max(_longest_word(text) for text in {row[place] for row in rows} | {""})
        longest = max(longest, BOLD * _longest_word(column.label))
        if column.group:
            together = sum(c.group == column.group for c in columns)
            longest = max(longest, BOLD * _longest_word(column.group) / together)
        least.append(min(longest * size * POINT, LONGEST_WORD) + 2 * PADDING)
    # Columns of the same kind side by side, as those of the criteria, are equally wide.
    alike: dict[tuple[str, str, int], float] = {}
    keys = [(c.group, "" if c.width <= NARROW else c.label, c.width) for c in columns]
    for key, column, width in zip(keys, columns, least, strict=True):
        if column.group:
            alike[key] = max(width, alike.get(key, 0.0))
    return [alike.get(key, width) for key, width in zip(keys, least, strict=True)]


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], size: int, room: int
) -> list[float]:
    """Millimetres of each column; together they fill the room.

    Step by step as far as the room goes: words whole, then what is fair, then column by column
    on one line.
    """
    widths = _least(columns, rows, size)
    if sum(widths) >= room:
        return [round(width * room / sum(widths), 2) for width in widths]
    fair = _fair(columns, rows, size)
    share = min(1.0, (room - sum(widths)) / max(sum(fair) - sum(widths), 1e-9))
    widths = [low + (high - low) * share for low, high in zip(widths, fair, strict=True)]
    em = size * POINT
    lines = [min(_usual(rows, n) * em, LONGEST_LINE) + 2 * PADDING for n in range(len(columns))]
    gaps = [max(0.0, line - width) for line, width in zip(lines, widths, strict=True)]
    for place in sorted(range(len(columns)), key=lambda place: gaps[place]):
        widths[place] += min(gaps[place], max(0.0, room - sum(widths)))
    # What is left over goes to the columns of text; narrow columns of signs stay narrow.
    open_to = [column.width > NARROW for column in columns]
    if not any(open_to):
        open_to = [True] * len(columns)
    over = room - sum(widths)
    all_of_them = sum(w for w, is_open in zip(widths, open_to, strict=True) if is_open)
    return [
        round(width + (over * width / all_of_them if is_open else 0), 2)
        for width, is_open in zip(widths, open_to, strict=True)
    ]


def _head_lines(heads: list[list[HeadCell]], widths: list[float], size: int) -> list[int]:
    """A cell over two rows needs the lines of both: not every program sees to it by itself."""

    def lines(cell: HeadCell) -> int:
        room = sum(widths[cell.place : cell.place + cell.across]) - 2 * PADDING
        return _lines(cell.text, room / size / POINT / BOLD)

    found = [max((lines(c) for c in row if c.down == 1), default=1) for row in heads]
    both = max((lines(cell) for cell in heads[0] if cell.down > 1), default=0)
    found[-1] = max(found[-1], both - sum(found[:-1]))
    return found


def _lines(text: str, room: float) -> int:
    """On how many lines a text of words is set in a room of so many em."""
    lines, left = 1, room
    for word in text.split():
        wide = _measure(word)
        if left < room and wide > left:
            lines, left = lines + 1, room
        left -= wide + _em(" ")
    return lines


@lru_cache(maxsize=8192)
def _longest_word(text: str) -> float:
    return max((_measure(word) for word in _WORD.findall(text)), default=0.0)


@lru_cache(maxsize=8192)
def _measure(text: str) -> float:
    """About how wide a text is, in em; a letter with its marks is as wide as without."""
    if text.isdecimal():
        return 0.5 * len(text)
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return 1.06 * sum(_em(char) for char in plain)


def _em(char: str) -> float:
    if char in _SLIM:
        return 0.32
    if char in _WIDE:
        return 0.88
    return 0.70 if char.isupper() else 0.5
