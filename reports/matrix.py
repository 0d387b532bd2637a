"""Bảng xã – tiêu chí: every commune with every criterion, sorted, filtered, with its sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from communes.models import Kind, Tier, UnitVersion
from communes.vietnamese import format_number
from criteria.figures import Figures
from criteria.models import Basis
from criteria.plans import reading
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, CriterionDefinition, Outcome

LACKING = (Outcome.NOT_MET, Outcome.NOT_ASSESSED)
NEAR = 2
"""How few criteria a commune may lack to be named as near the standard."""


class Sort(StrEnum):
    """The order of the communes."""

    MISSING = "missing"
    DISTRICT = "district"
    NAME = "name"

    @property
    def label(self) -> str:
        return _SORTS[self]


_SORTS = {
    Sort.MISSING: "Còn thiếu ít nhất trước",
    Sort.DISTRICT: "Theo huyện, thành phố",
    Sort.NAME: "Theo vần",
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks to see; "" and None: everything."""

    sort: Sort = Sort.MISSING
    district: str = ""
    bracket: str = ""
    missing: int | None = None
    registered: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """A word that is not known here asks for nothing."""
        sort, missing = given.get("sort", ""), given.get("missing", "")
        return cls(
            sort=Sort(sort) if sort in set(Sort) else Sort.MISSING,
            district=given.get("district", ""),
            bracket=given.get("bracket", ""),
            missing=int(missing) if missing.isascii() and missing.isdigit() else None,
            registered=given.get("registered") == "1",
        )

    def query(self, **more: str | None) -> str:
        """As an address names it, after `more`."""
        said = {
            **more,
            "sort": self.sort if self.sort is not Sort.MISSING else "",
            "district": self.district,
            "bracket": self.bracket,
            "missing": "" if self.missing is None else str(self.missing),
            "registered": "1" if self.registered else "",
        }
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A commune with its verdicts on the basis of the answer; `lacks` are criterion numbers."""

    unit_id: int
    code: str
    name: str
    sort_key: str
    district_id: int | None
    met: int
    of: int
    known: bool
    outcomes: Mapping[int, Outcome]
    lacks: tuple[int, ...]
    bracket: str
    recognised_tier: str
    registered: bool


@dataclass(frozen=True, kw_only=True)
class District:
    """A district as the choice and the group heads name it."""

    unit_id: int
    code: str
    name: str
    sort_key: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The table; `lines` are all communes of the answer, `shown` those that the filters leave."""

    answer: Figures
    filters: Filters
    lines: Sequence[Line]
    shown: Sequence[Line]
    districts: Sequence[District]

    @property
    def criteria(self) -> Sequence[CriterionDefinition]:
        return self.answer.asked.criteria

    @property
    def brackets(self) -> list[tuple[str, str]]:
        """(word of the address, label) of each bracket that has communes."""
        found = self.answer.headline.brackets
        return [(bracket_word(one.low), one.label) for one in found if one.communes]

    @cached_property
    def met_by_number(self) -> Counter[int]:
        """Criterion → how many of the communes shown count as meeting it."""
        as_met = rollup.counts_as_met(self.answer.asked)
        return Counter(
            number for line in self.shown for number, one in line.outcomes.items() if one in as_met
        )

    @property
    def groups(self) -> list[tuple[District | None, list[Line]]]:
        """The lines shown under their districts, or all together."""
        if self.filters.sort is not Sort.DISTRICT or not self.districts:
            return [(None, list(self.shown))]
        inside: dict[int | None, list[Line]] = defaultdict(list)
        for line in self.shown:
            inside[line.district_id].append(line)
        named = [one for one in self.districts if one.unit_id in inside]
        groups: list[tuple[District | None, list[Line]]] = [(x, inside[x.unit_id]) for x in named]
        return groups + ([(None, inside[None])] if None in inside else [])

    @property
    def heading(self) -> str:
        """How many communes have everything, and how many nearly."""
        known = [line for line in self.lines if line.known]
        if not known:
            return "Chưa xã nào có kết quả đánh giá"
        full = sum(not line.lacks for line in known)
        near = sum(1 <= len(line.lacks) <= NEAR for line in known)
        said = [f"{format_number(full)}/{format_number(len(self.lines))} xã đạt đủ tiêu chí"]
        if near:
            said.append(f"{format_number(near)} xã chỉ còn thiếu 1–{NEAR} tiêu chí")
        elif not full:
            least = min(len(line.lacks) for line in known)
            said.append(f"xã gần nhất còn thiếu {least}")
        return ", ".join(said)

    @property
    def asks(self) -> str:
        """The filters in words; "" where everything is shown."""
        named = {one.code: one.name for one in self.districts}
        labels = dict(self.brackets)
        wanted = self.filters
        said = [named.get(wanted.district, ""), labels.get(wanted.bracket, "")]
        said += [
            f"thiếu tiêu chí {one.number} {one.name}"
            for one in self.criteria
            if one.number == wanted.missing
        ]
        said.append(f"đăng ký năm {self.answer.on.year}" if wanted.registered else "")
        return " · ".join(words for words in said if words)


def bracket_word(low: int | None) -> str:
    """How an address names a bracket: by its lowest number."""
    return "none" if low is None else str(low)


def matrix(answer: Figures, filters: Filters) -> Matrix:
    """The communes of an answer by criterion; two queries beside the answer's."""
    rows = [row for row in answer.rows if row.in_programme]
    ids = {row.unit_id for row in rows} | {row.district_id for row in rows if row.district_id}
    found = UnitVersion.objects.filter(valid__contains=answer.on, unit_id__among=list(ids))
    kinds = dict(Kind.choices)
    named = {
        unit_id: (code, f"{kinds[kind]} {name}", key)
        for unit_id, code, kind, name, key in found.values_list(
            "unit_id", "code", "kind", "name", "sort_key"
        )
    }
    listed = reading.registered_in(answer, answer.asked.tier)
    word_of, numbers = _bracket_words(answer), [one.number for one in answer.asked.criteria]
    lines = [
        _line(row, named[row.unit_id], answer.basis, word_of, numbers, row.unit_id in listed)
        for row in rows
        if row.unit_id in named
    ]
    districts: list[District] = []
    if answer.unit.unit.tier == Tier.PROVINCE:
        inside = {row.district_id for row in rows if row.district_id in named}
        districts = sorted(
            (
                District(unit_id=pk, code=code, name=name, sort_key=key)
                for pk in inside
                if pk is not None
                for code, name, key in [named[pk]]
            ),
            key=lambda one: one.sort_key,
        )
    shown = sorted(_left(lines, filters, districts), key=_order(filters.sort))
    return Matrix(answer=answer, filters=filters, lines=lines, shown=shown, districts=districts)


def _bracket_words(answer: Figures) -> dict[int, str]:
    asked = answer.asked
    return {
        met: bracket_word(low)
        for _, low, high in rollup.bracket_bounds(asked.bracket_cuts, len(asked.criteria))
        for met in range(low, high + 1)
    }


def _line(
    row: CommuneStanding,
    named: tuple[str, str, str],
    basis: Basis,
    word_of: Mapping[int, str],
    numbers: Sequence[int],
    registered: bool,
) -> Line:
    confirmed = basis == Basis.CONFIRMED
    outcomes = row.outcomes_by(confirmed)
    met = row.met_by(confirmed)
    known = any(one is not Outcome.NOT_ASSESSED for one in outcomes.values())
    code, name, key = named
    return Line(
        unit_id=row.unit_id,
        code=code,
        name=name,
        sort_key=key,
        district_id=row.district_id,
        met=met,
        of=row.of,
        known=known,
        outcomes=outcomes,
        lacks=tuple(
            number for number in numbers if outcomes.get(number, Outcome.NOT_ASSESSED) in LACKING
        ),
        bracket=word_of.get(met, "") if known else bracket_word(None),
        recognised_tier=row.recognised_tier,
        registered=registered,
    )


def _left(lines: Iterable[Line], filters: Filters, districts: Iterable[District]) -> Iterable[Line]:
    wanted = {one.unit_id for one in districts if one.code == filters.district}
    for line in lines:
        if wanted and line.district_id not in wanted:
            continue
        if filters.bracket and line.bracket != filters.bracket:
            continue
        if filters.missing is not None and filters.missing not in line.lacks:
            continue
        if filters.registered and not line.registered:
            continue
        yield line


def _order(sort: Sort) -> Callable[[Line], tuple[object, ...]]:
    """Nothing known stands last: how far it is to the standard is not known either."""
    if sort is Sort.NAME:
        return lambda line: (line.sort_key, line.code)
    return lambda line: (not line.known, len(line.lacks), line.sort_key, line.code)
