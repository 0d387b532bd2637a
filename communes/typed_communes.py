"""Which unit of a province somebody means by a code or a name, in a form or in a pasted list.

Names are compared as they are spelt, wherever the tone stands (Hòa, Hoà); only where no name is
spelt so, without accents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from communes.models import Kind, UnitVersion
from communes.people.typed_units import without_kind
from communes.vietnamese import fold, nfc, spelling

CODE_DIGITS = 5
_CODE = re.compile(r"[0-9]{1,5}(?![0-9])")
_ABBREVIATIONS = {"x.": "xã ", "p.": "phường ", "tt.": "thị trấn ", "đk.": "đặc khu "}

type _Index = dict[object, list[UnitVersion]]


@dataclass
class Register:
    """The units of one province on one day, found by what people type."""

    units: Iterable[UnitVersion]

    def __post_init__(self) -> None:
        self._by_code: _Index = defaultdict(list)
        self._by_spelling: _Index = defaultdict(list)
        self._by_letters: _Index = defaultdict(list)
        for unit in self.units:
            self._by_code[unit.code].append(unit)
            self._by_spelling[spelling(unit.name)].append(unit)
            self._by_letters[unit.search_key].append(unit)

    def meant(self, text: str) -> list[UnitVersion]:
        """The units that `text` may mean: none, the one, or those it does not tell apart.

        A code counts by itself, also without its leading zeros and with the name behind it.
        """
        typed = _written_out(nfc(text))
        code = _CODE.match(typed)
        if code and (found := self._by_code.get(code[0].zfill(CODE_DIGITS))):
            return found
        bare, kind = without_kind(fold(typed))
        name = " ".join(typed.split()[len(kind.split()) :])
        for index, key, of_kind in (
            (self._by_spelling, spelling(name), kind),
            (self._by_spelling, spelling(typed), ""),
            (self._by_letters, bare, kind),
            (self._by_letters, fold(typed), ""),
        ):
            if fitting := [unit for unit in index.get(key, ()) if _is(unit, of_kind)]:
                return fitting
        return []


def as_typed(unit: UnitVersion) -> str:
    """What stands in a box once this unit is chosen; typed again it means this unit."""
    return f"{unit.code} · {unit.full_name}"


def told_apart(units: Iterable[UnitVersion]) -> str:
    """Units of one name with their codes, for the message that asks which one."""
    return "; ".join(f"{unit.code} ({unit.full_name})" for unit in units)


def _written_out(text: str) -> str:
    for short, long in _ABBREVIATIONS.items():
        if text.lower().startswith(short):
            return long + text[len(short) :].strip()
    return text


def _is(unit: UnitVersion, kind: str) -> bool:
    return not kind or fold(Kind(unit.kind).label) == kind
