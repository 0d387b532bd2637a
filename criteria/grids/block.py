"""A block copied from a spreadsheet: which cells it covers, and what each of them would become."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from communes.models import UnitVersion
from communes.vietnamese import fold, format_number, nfc
from criteria.cells import Cell
from criteria.entry.block import BlockCell, Key
from criteria.entry.judging import Asked, EntryRefused, Finding, Judged, judged
from criteria.grids.beside import as_text
from criteria.models import Result, Verdict
from criteria.rejudging.required import values_of
from criteria.rules.types import Outcome
from criteria.values import read_value

MOST_CELLS = 20_000
WORDS: Mapping[str, Outcome] = {
    **dict.fromkeys(("dat", "d", "x", "co", "v", "✓", "1"), Outcome.MET),
    **dict.fromkeys(("chua dat", "khong dat", "c", "khong", "chua", "0", "✕"), Outcome.NOT_MET),
    **dict.fromkeys(("khong ap dung", "kad", "k"), Outcome.NOT_APPLICABLE),
    **dict.fromkeys(("chua danh gia", "cdg"), Outcome.NOT_ASSESSED),
}
BLANKS = frozenset({"", "-", "–", "—"})
_PARTS = re.compile(r"\s+và\s+|\s*[;|/]\s*")
_FIGURE = re.compile(r"[+\-−]?[\d.,]+(?:\s*%)?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One cell of a sheet, with the names of its row and column as the sheet shows them."""

    commune: UnitVersion
    cell: Cell
    row: str
    column: str

    @property
    def key(self) -> Key:
        return self.commune.unit_id, self.cell.indicator.id


type Layout = Sequence[Sequence[Place]]
"""The sheet as it is shown: rows of cells."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What one cell of a block does; `why` is why it cannot be stored, "" where it can."""

    place: Place
    text: str
    after: str = ""
    finding: Finding | None = None
    again: bool = False
    why: str = ""

    @property
    def before(self) -> str:
        return as_text(self.place.cell, self.place.cell.result) or "–"

    @property
    def as_sent(self) -> list[object]:
        """The cell as the form carries it to the server: unit, indicator, text, seen."""
        result = self.place.cell.result
        return [*self.place.key, self.text, result.pk if result else None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A block over a sheet: the cells that change, those that don't, and what cannot be."""

    cells: tuple[Planned, ...]
    kept: int
    blank: int
    marks: tuple[str, ...] = ()
    covers: tuple[Place, Place] | None = None
    size: tuple[int, int] = (0, 0)
    outside: tuple[int, int] = (0, 0)

    @property
    def changes(self) -> list[Planned]:
        return [one for one in self.cells if not one.why and not one.again]

    @property
    def again(self) -> list[Planned]:
        """Cells whose value stays, and counts as assessed this year."""
        return [one for one in self.cells if one.again]

    @property
    def refused(self) -> list[Planned]:
        return [one for one in self.cells if one.why]

    @property
    def to_write(self) -> list[Planned]:
        return [one for one in self.cells if not one.why]


def table(text: str) -> list[list[str]]:
    """The rows and columns of a copied block: tabs between cells, quotes as spreadsheets set them.

    Raises EntryRefused for nothing at all, and for more than a sheet can hold.
    """
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    cleaned = cleaned.removesuffix("\n")
    if not cleaned.strip():
        raise EntryRefused("Vùng dán không có gì. Hãy chép các ô trong Excel rồi dán lại.")
    try:
        rows = list(csv.reader(io.StringIO(cleaned), delimiter="\t"))
    except csv.Error as error:
        raise EntryRefused(f"Vùng dán không đọc được: {error}") from error
    if sum(map(len, rows)) > MOST_CELLS:
        raise EntryRefused(f"Vùng dán quá lớn: tối đa {MOST_CELLS} ô một lần.")
    return [[nfc(cell) for cell in row] or [""] for row in rows]


def plan(layout: Layout, at: Key, text: str) -> Plan:
    """What a block would do from the cell `at` on, rightwards and downwards.

    Raises EntryRefused when the sheet has no such cell, or the block cannot be read.
    """
    block = table(text)
    top, left = _position(layout, at)
    width = max(map(len, block))
    fits = (min(len(block), len(layout) - top), min(width, len(layout[top]) - left))
    marks = _marks(block)
    cells: list[tuple[Place, str]] = []
    blank = 0
    for r in range(fits[0]):
        for c in range(fits[1]):
            place = layout[top + r][left + c]
            said = block[r][c] if c < len(block[r]) else ""
            if said in BLANKS:
                if c not in marks or place.cell.numeric:
                    blank += 1
                    continue
                said = "Chưa đạt"
            cells.append((place, said))
    planned = list(planned_of(cells))
    last = layout[top + fits[0] - 1][left + fits[1] - 1]
    return Plan(
        cells=tuple(planned),
        kept=len(cells) - len(planned),
        blank=blank,
        marks=tuple(dict.fromkeys(layout[top][left + c].column for c in marks if c < fits[1])),
        covers=(layout[top][left], last),
        size=fits,
        outside=(len(block) - fits[0], width - fits[1]),
    )


def planned_of(cells: Iterable[tuple[Place, str]]) -> Iterator[Planned]:
    """What each cell becomes; nothing for those that hold the same and were assessed this year."""
    for place, text in cells:
        try:
            finding = read(place.cell, text)
            same = unchanged(place.cell, finding)
            if same and place.cell.reassessed:
                continue
            finding = finding_for(place.cell, finding)
            found = _judged(place.cell, finding)
        except (EntryRefused, ValueError) as error:
            yield Planned(place=place, text=text, why=str(error))
            continue
        label = str(Verdict(found.outcome.value).label)
        figures = _typed(place.cell, finding)
        after = f"{figures} {label}" if figures else label
        yield Planned(place=place, text=text, after=after, finding=finding, again=same)


def block_cells(planned: Iterable[Planned], seen: Mapping[Key, int | None]) -> list[BlockCell]:
    """The cells as the action takes them; `seen` is what the preview showed on each."""
    return [
        BlockCell(
            commune=one.place.commune,
            indicator_id=one.place.cell.indicator.id,
            finding=one.finding,
            seen=seen[one.place.key],
        )
        for one in planned
        if one.finding is not None
    ]


def read(cell: Cell, text: str) -> Finding:
    """What a text says of a cell: "71,5", "71,5 Đạt", "95 và 40", "x", "Chưa đạt".

    Raises ValueError with a message for the cell.
    """
    said = nfc(text)
    word = WORDS.get(fold(said))
    if not cell.numeric:
        if word is None:
            raise ValueError(f"“{said}” không phải là đánh giá; hãy ghi Đạt, Chưa đạt hoặc x.")
        return Finding(values={}, verdict=word)
    if word is not None and not said[0].isdigit():
        return Finding(values={}, verdict=word)
    figures, word = _figures_and_word(said)
    parts = cell.parts
    if len(figures) > len(parts):
        raise ValueError(f"“{said}” có {len(figures)} số; chỉ tiêu này hỏi {len(parts)} số.")
    values = {
        part.key: read_value(cell.indicator, figure, unit=part.unit)
        for part, figure in zip(parts, figures, strict=False)
    }
    return Finding(values=values, verdict=word)


def _figures_and_word(said: str) -> tuple[list[str], Outcome | None]:
    pieces = [piece for piece in _PARTS.split(said) if piece]
    found = _FIGURE.match(pieces[-1])
    rest = pieces[-1][found.end() :].strip(" ()") if found else ""
    if not rest:
        return pieces, None
    word = WORDS.get(fold(rest))
    if word is None:
        raise ValueError(f"“{said}” không phải là số; ví dụ: 71,5 hoặc 71,5 Đạt")
    assert found is not None
    return [*pieces[:-1], found.group().strip()], word


def unchanged(cell: Cell, finding: Finding) -> bool:
    """Whether a finding says what the cell holds; one without a verdict leaves that as it is."""
    if cell.result is None:
        return False
    if finding.note and finding.note != cell.result.note:
        return False
    if finding.verdict not in (None, cell.outcome):
        return False
    if not cell.numeric:
        return finding.verdict is not None
    if not finding.values:
        return finding.verdict is not None and not values_of(cell.result)
    return dict(finding.values) == values_of(cell.result)


def finding_for(cell: Cell, finding: Finding) -> Finding:
    """The finding; where it says what holds, with the verdict and the note that hold there."""
    result = cell.result
    if result is None or not unchanged(cell, finding):
        return finding
    by_officer = result.judged_by == Result.JudgedBy.OFFICER
    return Finding(
        values=finding.values,
        verdict=cell.outcome if by_officer or not cell.numeric else None,
        note=result.note,
    )


def _judged(cell: Cell, finding: Finding) -> Judged:
    """The finding, judged; refused for want of a verdict alone, it says where to write that."""
    try:
        return judged(Asked(question=cell.indicator, levels=cell.levels), finding)
    except EntryRefused as error:
        given = _typed(cell, finding)
        complete = bool(given) and len(finding.values) == len(cell.parts)
        if not complete or cell.judged_by_program or finding.verdict is not None:
            raise
        message = f"{error} Ghi đánh giá ngay sau số, ví dụ: {given} Đạt."
        raise EntryRefused(message) from None


def _typed(cell: Cell, finding: Finding) -> str:
    values: Mapping[str, Decimal] = finding.values if cell.numeric else {}
    return " và ".join(format_number(value) for value in values.values())


def _marks(block: Sequence[Sequence[str]]) -> set[int]:
    """The columns in which only marks (x) stand: there, a blank cell says Chưa đạt."""
    found = set()
    for c in range(max(map(len, block))):
        said = {row[c].lower() for row in block if c < len(row)} - BLANKS
        if said and said <= {"x", "✓", "v"}:
            found.add(c)
    return found


def _position(layout: Layout, at: Key) -> tuple[int, int]:
    for r, row in enumerate(layout):
        for c, place in enumerate(row):
            if place.key == at:
                return r, c
    raise EntryRefused("Bảng không còn ô bắt đầu dán; hãy tải lại trang.")
