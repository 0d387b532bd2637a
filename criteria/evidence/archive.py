"""All evidence of a commune as one ZIP, written while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from django.conf import settings

from communes.models import UnitVersion
from criteria.cells import Cell
from criteria.evidence import names, reading
from criteria.models import Evidence
from criteria.sheets import Sheet

CHUNK = 256 * 1024
LINKS = "Liên kết.txt"
MISSING = "Tệp không còn trong kho.txt"
OLDER = "Của kết quả trước"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One member: its path inside the ZIP, and the file or the words it holds."""

    path: str
    file: Path | None = None
    words: str = ""


def entries(unit: UnitVersion, sheet: Sheet, *, seq: int | None = None) -> list[Entry]:
    """What the ZIP of a commune holds; one query for each cell that has evidence.

    As known at `seq` (None: now), like the sheet.
    """
    found: list[Entry] = []
    taken: set[str] = set()
    for group in sheet.criteria:
        number = group.criterion.number
        for cell in group.cells:
            if not cell.evidence.now and not cell.evidence.before:
                continue
            above = names.part(f"Tiêu chí {number:02} {group.criterion.name}", 60)
            folder = f"{above}/{names.part(_called(cell), 60)}"
            found += _of_cell(unit, cell, folder, taken, seq)
    root = names.part(f"Minh chứng {unit.full_name}", 60)
    return [Entry(path=f"{root}/{e.path}", file=e.file, words=e.words) for e in found]


def stream(members: Sequence[Entry]) -> Iterator[bytes]:
    """The bytes of the ZIP, a piece at a time; nothing is kept in memory or on disk."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for member in members:
            with archive.open(member.path, "w", force_zip64=True) as target:
                if member.file is None:
                    target.write(member.words.encode())
                else:
                    with member.file.open("rb") as source:
                        while chunk := source.read(CHUNK):
                            target.write(chunk)
                            yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def _called(cell: Cell) -> str:
    if cell.concludes:
        return "Kết luận chung"
    return f"Chỉ tiêu {cell.number} {cell.text}"


def _of_cell(
    unit: UnitVersion, cell: Cell, folder: str, taken: set[str], seq: int | None
) -> Iterator[Entry]:
    links: dict[str, list[str]] = {}
    missing: dict[str, list[str]] = {}
    rows = reading.attached(unit.unit_id, cell.indicator.id, seq=seq)
    now = {r.evidence.pk for r in rows if cell.result and r.result_id == cell.result.pk}
    for evidence in {row.evidence.pk: row.evidence for row in rows}.values():
        inside = folder if evidence.pk in now else f"{folder}/{OLDER}"
        if evidence.type == Evidence.Type.LINK:
            links.setdefault(inside, []).append(f"{evidence.name}: {evidence.url}")
            continue
        file = Path(settings.MEDIA_ROOT) / evidence.file.name
        if file.is_file():
            yield Entry(
                path=_free(f"{inside}/{names.clean(evidence.name, evidence.type)}", taken),
                file=file,
            )
        else:
            missing.setdefault(inside, []).append(evidence.name)
    for inside, said in links.items():
        yield Entry(path=_free(f"{inside}/{LINKS}", taken), words="\r\n".join(said))
    for inside, said in missing.items():
        yield Entry(path=_free(f"{inside}/{MISSING}", taken), words="\r\n".join(said))


def _free(path: str, taken: set[str]) -> str:
    """The path, or with a number where another member has it; case apart, as on Windows."""
    stem, _, ending = path.rpartition(".")
    place, tries = path, 1
    while place.casefold() in taken:
        tries += 1
        place = f"{stem} ({tries}).{ending}"
    taken.add(place.casefold())
    return place


class _Sink(RawIOBase):
    """A stream that only goes forward; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found = b"".join(self._written)
        self._written.clear()
        return found
