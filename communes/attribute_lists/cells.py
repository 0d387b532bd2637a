"""A pasted or uploaded list as rows of cells, each with its line number; all cells are text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook

MOST_LINES, MOST_COLUMNS, LONGEST_CELL = 3000, 12, 300
LARGEST_FILE, LARGEST_UNPACKED = 2_000_000, 60_000_000


class ListRefused(ValueError):
    """The list cannot be read at all; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """One line of the list as it was given."""

    number: int
    cells: tuple[str, ...]


def from_text(text: str) -> list[Cells]:
    """Lines of cells set apart by tabs (as pasted from Excel), semicolons or commas.

    Raises ListRefused.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    filled = [line for line in text.splitlines() if line.strip()]
    if not filled:
        raise ListRefused("Chưa có dòng nào: hãy dán danh sách hoặc chọn tệp.")
    counts = {mark: sum(mark in line for line in filled) for mark in "\t;,"}
    mark = next((mark for mark in "\t;," if counts[mark] * 2 > len(filled)), "\t")
    rows = csv.reader(io.StringIO(text), delimiter=mark, quotechar='"', strict=False)
    try:
        return _kept([(rows.line_num, row) for row in rows])
    except csv.Error as error:
        raise ListRefused(f"Không đọc được dòng {rows.line_num}; hãy dán lại.") from error


def from_file(name: str, content: bytes) -> list[Cells]:
    """The first sheet of an Excel workbook, or a CSV file.

    Raises ListRefused.
    """
    if len(content) > LARGEST_FILE:
        raise ListRefused("Tệp lớn quá 2 MB; hãy chỉ giữ danh sách xã.")
    if name.lower().endswith((".xlsx", ".xlsm")):
        return _from_workbook(content)
    if name.lower().endswith(".xls"):
        raise ListRefused("Tệp .xls cũ không đọc được; hãy lưu lại thành .xlsx hoặc CSV.")
    for encoding in ("utf-8-sig", "utf-16"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            break
        try:
            return from_text(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise ListRefused("Không đọc được tệp; hãy lưu thành .xlsx, hoặc CSV kiểu UTF-8.")


def as_text(rows: Iterable[Cells]) -> str:
    """The rows as text that :func:`from_text` reads back, each on the line it had."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    line = 1
    for row in rows:
        out.write("\n" * (row.number - line))
        writer.writerow(row.cells)
        line = row.number + 1
    return out.getvalue()


def _from_workbook(content: bytes) -> list[Cells]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise ListRefused("Tệp Excel quá lớn; hãy chỉ giữ danh sách xã.")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS, values_only=True)
        return _kept([(number, [_text(v) for v in row]) for number, row in enumerate(rows, 1)])
    except ListRefused:
        raise
    except Exception as error:  # a damaged file makes the library raise nearly anything
        raise ListRefused("Không đọc được tệp Excel; hãy lưu lại thành .xlsx rồi gửi.") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _kept(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Cells]:
    """The lines that say something, without the blanks at their end."""
    found = []
    for number, row in rows:
        told = [" ".join(cell.split())[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
        while told and not told[-1]:
            told.pop()
        if told:
            found.append(Cells(number=number, cells=tuple(told)))
    if not found:
        raise ListRefused("Danh sách không có dòng nào.")
    if len(found) > MOST_LINES:
        raise ListRefused(f"Danh sách dài quá {MOST_LINES} dòng; hãy chia nhỏ.")
    return found
