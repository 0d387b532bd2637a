"""A table pasted from Excel or Word: number or code, text, unit, rule, level, tab by tab.

A line with a number and a name alone is a criterion; any other is an indicator of the criterion
that its code begins with. Codes already there are changed, others added; nothing is taken away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from communes.audit import NothingToRecord
from communes.models import User
from communes.vietnamese import fold, nfc
from criteria.catalogue.levels import COMPARISONS
from criteria.catalogue.specs import IndicatorSpec, LevelSpec
from criteria.drafts.editing import (
    find,
    refuse_wrong,
    write_criterion,
    write_indicator,
)
from criteria.drafts.records import DraftRefused, editing, once, spec_of
from criteria.models import Criterion, Measure, SetVersion
from criteria.rules.levels import ALL
from criteria.rules.types import Rule
from criteria.selectors import read_levels, read_rule

COLUMNS = ("số hoặc mã", "nội dung", "đơn vị tính", "quy tắc", "mức")
_HEADINGS = {"so", "ma", "stt", "tt", "so hoac ma", "ma so"}
LONGEST = 2000
"""Lines; more is not a table of criteria."""


@dataclass(frozen=True, kw_only=True)
class LineError:
    """Which line and column is wrong, and what to do."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"Dòng {self.line}, cột {self.column}: {self.text}"


@dataclass(frozen=True, kw_only=True)
class PastedRow:
    """One line as it was understood; `what`: added, changed or same."""

    line: int
    code: str
    text: str
    what: str
    spec: IndicatorSpec | None = None


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A whole table: its rows, or all that is wrong with it."""

    rows: tuple[PastedRow, ...]
    errors: tuple[LineError, ...] = field(default=())

    def count(self, what: str) -> int:
        return sum(row.what == what for row in self.rows)

    @property
    def added(self) -> int:
        return self.count("added")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def same(self) -> int:
        return self.count("same")


def read_table(text: str, version: SetVersion, *, checked: bool = False) -> Pasted:
    """What a pasted table says of the draft; nothing is written.

    `checked`: its levels were compared with the decision's text.
    """
    reading = _Reading(version, checked)
    lines = unicodedata.normalize("NFC", text).splitlines()
    if len(lines) > LONGEST:
        reason = f"có {len(lines)} dòng; mỗi lần dán tối đa {LONGEST} dòng"
        return Pasted(
            rows=(), errors=(LineError(line=LONGEST + 1, column=COLUMNS[0], text=reason),)
        )
    for number, line in enumerate(lines, start=1):
        if line.strip():
            reading.read(number, [cell.strip() for cell in line.split("\t")])
    if not reading.rows and not reading.errors:
        reading.errors.append(LineError(line=1, column=COLUMNS[0], text="bảng trống"))
    return Pasted(rows=tuple(reading.rows), errors=tuple(reading.errors))


@once(Pasted(rows=()))
def paste(
    *,
    version: SetVersion,
    text: str,
    by: User | None,
    checked: bool = False,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Pasted:
    """Take a pasted table over into the draft, whole or not at all.

    Raises DraftRefused naming the first wrong line; :func:`read_table` names all of them.
    """
    found = Pasted(rows=())
    with editing(version, "sets.paste", by=by, request_id=request_id, ip=ip) as pending:
        found = read_table(text, version, checked=checked)
        if found.errors:
            raise DraftRefused(str(found.errors[0]), "table")
        for row in found.rows:
            try:
                if row.spec is None:
                    group = _group_name(version, int(row.code))
                    write_criterion(version, int(row.code), row.text, group, pending)
                else:
                    number = int(row.code.split(".")[0])
                    criterion = Criterion.objects.get(set=version.set, number=number)
                    write_indicator(version, criterion, row.spec, pending)
            except DraftRefused as refused:
                raise DraftRefused(f"Dòng {row.line}: {refused}", "table") from None
        if not pending.lines:
            raise NothingToRecord
    return found


class _Reading:
    """The lines read so far; a criterion of an earlier line counts for the later ones."""

    def __init__(self, version: SetVersion, checked: bool) -> None:
        self.version = version
        self.unverified = "none" if checked else "levels"
        self.groups = {group["code"]: group["name"] for group in version.commune_groups}
        self.criteria = {row.number: row for row in Criterion.objects.filter(set=version.set)}
        others = SetVersion.objects.filter(set=version.set)
        self.fixed = others.exclude(status=SetVersion.Status.DRAFT).exists()
        self.rows: list[PastedRow] = []
        self.errors: list[LineError] = []
        self.seen: dict[str, int] = {}

    def read(self, line: int, cells: Sequence[str]) -> None:
        code, text, unit, rule, level = (*cells, "", "", "", "", "")[:5]
        if not self.rows and not self.errors and fold(code) in _HEADINGS:
            return
        if len(cells) > 5 and any(cells[5:]):
            self._error(line, 4, f"có {len(cells)} cột; bảng chỉ có 5 cột: {', '.join(COLUMNS)}")
            return
        code = code.removesuffix(".").removeprefix("TC").strip()
        if not code or not code.split(".")[0].isdecimal() or not code.isascii():
            self._error(line, 0, f"“{code}” không phải số tiêu chí (12) hay mã chỉ tiêu (12.1)")
            return
        plain = code.isdecimal() and not (unit or rule or level)
        key = f"criterion {code}" if plain else code
        if key in self.seen:
            self._error(line, 0, f"{code} đã có ở dòng {self.seen[key]}")
            return
        self.seen[key] = line
        if plain:
            self._criterion(line, int(code), nfc(text))
        else:
            self._indicator(line, code, nfc(text), nfc(unit), rule, level)

    def _criterion(self, line: int, number: int, name: str) -> None:
        there = self.criteria.get(number)
        if not 0 < len(name) <= 160 or not 0 < number < 1000:
            self._error(line, 1, "hãy ghi tên tiêu chí, tối đa 160 ký tự")
            return
        if self.fixed and (there is None or there.name != name):
            why = f"đang có tên “{there.name}”" if there else "không có trong bộ"
            self._error(
                line, 1, f"tiêu chí {number} {why}; các phiên bản của một bộ có cùng các tiêu chí"
            )
            return
        what = "same" if there and there.name == name else "changed" if there else "added"
        if there is None:
            self.criteria[number] = Criterion(set=self.version.set, number=number, name=name)
        self.rows.append(PastedRow(line=line, code=str(number), text=name, what=what))

    def _indicator(
        self, line: int, code: str, text: str, unit: str, rule_text: str, level_text: str
    ) -> None:
        criterion = self.criteria.get(int(code.split(".")[0]))
        if criterion is None:
            reason = f"chưa có tiêu chí {code.split('.')[0]}; hãy thêm một dòng “số, tên” ở trên"
            self._error(line, 0, reason)
            return
        there = find(self.version, code)
        before = spec_of(there) if there else None
        if before and any(level.part for level in before.levels):
            reason = f"chỉ tiêu {code} có nhiều phần, giữ nguyên; hãy bỏ dòng này khỏi bảng"
            self._error(line, 0, reason)
            return
        try:
            rule = read_rule(rule_text) if rule_text else _rule_by_level(level_text)
        except ValueError as error:
            self._error(line, 3, str(error))
            return
        kind = _kind(rule, unit)
        try:
            found = read_levels(level_text, rule, self.groups, percent=kind == "percent")
        except ValueError as error:
            self._error(line, 4, str(error))
            return
        if not found and rule in (Rule.YES, Rule.BY_PROVINCE):
            found = {ALL: None if rule is Rule.BY_PROVINCE else _ONE}
        spec = IndicatorSpec(
            code=code,
            text=text,
            kind=kind,
            unit=unit,
            rule=rule.value,
            unverified=self.unverified,
            note=before.note if before else "",
            when=before.when if before else None,
            source=before.source if before else "",
            levels=tuple(
                LevelSpec(selector=selector, value=value, rule=rule.value)
                for selector, value in found.items()
            ),
        )
        self._checked(line, criterion, spec, before)

    def _checked(
        self, line: int, criterion: Criterion, spec: IndicatorSpec, before: IndicatorSpec | None
    ) -> None:
        try:
            refuse_wrong(criterion, spec)
        except DraftRefused as refused:
            columns = {"code": 0, "text": 1, "unit": 2, "rule": 3}
            self._error(line, columns.get(refused.field, 1), str(refused))
            return
        what = "added" if before is None else "same" if _asks_the_same(before, spec) else "changed"
        if before and what == "same":
            spec = before
        self.rows.append(PastedRow(line=line, code=spec.code, text=spec.text, what=what, spec=spec))

    def _error(self, line: int, column: int, text: str) -> None:
        self.errors.append(LineError(line=line, column=COLUMNS[column], text=text))


_ONE = Decimal(1)


def _rule_by_level(level_text: str) -> Rule:
    """The rule where the column is empty: told by the level, which may carry its sign."""
    folded = fold(nfc(level_text))
    if not folded:
        raise ValueError("hãy ghi quy tắc: ≥, ≤, >, <, =, Đạt hoặc Tỉnh")
    return read_rule(folded)


def _kind(rule: Rule, unit: str) -> str:
    if rule.value in COMPARISONS:
        if unit == "%":
            return Measure.ValueKind.PERCENT.value
        money = "dong" in fold(unit).split("/")[0].split() or "vnd" in fold(unit)
        return (Measure.ValueKind.MONEY if money else Measure.ValueKind.NUMBER).value
    return (Measure.ValueKind.BOOLEAN if rule is Rule.YES else Measure.ValueKind.TEXT).value


def _asks_the_same(before: IndicatorSpec, spec: IndicatorSpec) -> bool:
    one = {(level.selector, level.rule, level.value) for level in before.levels}
    other = {(level.selector, level.rule, level.value) for level in spec.levels}
    return (before.text, before.unit, before.rule, one) == (spec.text, spec.unit, spec.rule, other)


def _group_name(version: SetVersion, number: int) -> str:
    row = Criterion.objects.filter(set=version.set, number=number).first()
    return row.group_name if row else ""
