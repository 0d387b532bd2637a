"""Rows of cells read as lines: which unit, which value, from when to when; or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from communes import units
from communes.attribute_lists import values
from communes.attribute_lists.cells import Cells, ListRefused
from communes.models import UnitVersion
from communes.typed_communes import Register, told_apart
from communes.vietnamese import fold, format_date

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
_HEADS = {
    "code": {"ma", "ma xa", "ma don vi", "ma dvhc", "ma so", "code", "ma hoac ten"},
    "name": {"ten", "ten xa", "xa", "don vi", "ten don vi", "xa phuong", "xa, phuong", "ten dvhc"},
    "value": {"gia tri", "value", "khu vuc", "nhom", "nhom xa", "vung"},
    "first": {"tu", "tu ngay", "from", "hieu luc", "ngay hieu luc", "hieu luc tu"},
    "last": {"den", "den ngay", "den het ngay", "until"},
}
_WITHOUT_HEAD = {"code": 0, "value": 1, "first": 2, "last": 3}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list. With a `problem` it is shown and cannot be applied.

    It holds from `first` to before `until`; None: until another value follows.
    """

    number: int
    typed: str
    unit: UnitVersion | None = None
    value: str = ""
    first: date | None = None
    until: date | None = None
    problem: str = ""


def read(
    rows: Sequence[Cells], *, key: str, province: UnitVersion, default_first: date | None
) -> list[Line]:
    """Every line, understood or with its problem.

    Columns are told by their heads; without heads they are code or name, value, first day and
    last day. `default_first` is taken where a line names no day. Raises ListRefused.
    """
    columns, body = _columns(rows, key)
    reader = _Reader(key, province, default_first)
    return [reader.line(row, {c: _at(row, n) for c, n in columns.items()}) for row in body]


def _columns(rows: Sequence[Cells], key: str) -> tuple[Mapping[str, int], Sequence[Cells]]:
    about = {fold(str(values.Key(key).label)), key}
    found: dict[str, int] = {}
    for place, cell in enumerate(rows[0].cells):
        word = fold(cell).strip(" .:*")
        for column, heads in _HEADS.items():
            if word in heads or (column == "value" and word in about):
                found.setdefault(column, place)
    if "value" in found and ("code" in found or "name" in found):
        return found, rows[1:]
    if len(found) > 1:
        raise ListRefused(
            "Dòng tiêu đề cần có cột “Mã” hoặc “Tên” và cột “Giá trị”;"
            " “Từ ngày” và “Đến hết ngày” nếu cần."
        )
    return _WITHOUT_HEAD, rows


def _at(row: Cells, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


class _Reader:
    def __init__(self, key: str, province: UnitVersion, default_first: date | None) -> None:
        self.key, self.province, self.default_first = key, province, default_first
        self._registers: dict[date, Register | str] = {}

    def line(self, row: Cells, given: Mapping[str, str]) -> Line:
        typed = " ".join(part for part in (given.get("code"), given.get("name")) if part)
        try:
            first = _day(given.get("first", "")) or self.default_first
            if first is None:
                raise ValueError("thiếu ngày bắt đầu; hãy ghi ở cột ngày hoặc ở ô chung")
            last = _day(given.get("last", ""))
            if last is not None and last < first:
                raise ValueError("ngày cuối trước ngày đầu")
            unit = self._unit(given, first)
            value = values.read(self.key, given.get("value", ""))
        except ValueError as error:
            return Line(number=row.number, typed=typed, problem=str(error))
        return Line(
            number=row.number,
            typed=typed,
            unit=unit,
            value=value,
            first=first,
            until=last + timedelta(days=1) if last else None,
        )

    def _unit(self, given: Mapping[str, str], first: date) -> UnitVersion:
        texts = [text for text in (given.get("code"), given.get("name")) if text]
        if not texts:
            raise ValueError("thiếu mã hoặc tên xã")
        register = self._register(first)
        if isinstance(register, str):
            raise ValueError(register)
        meant = [register.meant(text) for text in texts]
        for text, found in zip(texts, meant, strict=True):
            if not found:
                raise ValueError(
                    f"ngày {format_date(first)} trong {self.province.full_name}"
                    f" không có xã, phường nào là “{text}”"
                )
        both = [unit for unit in meant[0] if all(unit in found for found in meant)]
        if not both:
            raise ValueError(f"mã là của {told_apart(meant[0])}, không khớp với tên “{texts[1]}”")
        if len(both) > 1:
            raise ValueError(f"có {len(both)} đơn vị tên này, hãy ghi mã: {told_apart(both)}")
        return both[0]

    def _register(self, day: date) -> Register | str:
        if day not in self._registers:
            self._registers[day] = self._made(day)
        return self._registers[day]

    def _made(self, day: date) -> Register | str:
        try:
            units.require_day(day, clock=self.province.unit.clock_id)
        except units.DateNotLoaded as error:
            return str(error)
        alive = UnitVersion.objects.alive_on(day).communes().within(self.province)
        return Register(list(alive))


def _day(text: str) -> date | None:
    """A day as people and spreadsheets write it. Raises ValueError."""
    if not text:
        return None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        if EARLIEST <= day < LATEST:
            return day
    raise ValueError(f"ngày “{text}” chưa đúng; hãy ghi như 31/12/2025")
