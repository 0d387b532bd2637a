"""The entry sheet of one criterion: a row for each commune, a column for each indicator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import F
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from communes import units
from communes.models import UnitVersion
from criteria.cells import Cell
from criteria.forms import VERDICT_CHOICES, field_name
from criteria.grids.beside import as_text, last_year, needs_again
from criteria.ledger import Holding, cells_of
from criteria.models import CellHead, ProvinceLevel, Result, Threshold
from criteria.rules import rollup
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import (
    CriterionDefinition,
    CriterionOutcome,
    IndicatorDefinition,
    Level,
    Outcome,
    SetDefinition,
)
from criteria.situations import situations


@dataclass(frozen=True, kw_only=True)
class GridInput:
    """One text input of a cell."""

    name: str
    text: str
    held: str
    unit: str
    label: str


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One indicator of one commune with all that its fragment shows.

    `typed` holds what was sent and not stored; `state` and `says` tell how the save went.
    """

    commune: UnitVersion
    cell: Cell
    before: str
    again: bool
    year: int
    shows_level: bool = True
    state: str = ""
    error: str = ""
    conflict: Result | None = None
    typed: dict[str, str] | None = None

    @cached_property
    def key(self) -> str:
        return f"{self.commune.unit_id}-{self.cell.indicator.id}"

    @property
    def prefix(self) -> str:
        """What stands before the names of its fields in the form of the row."""
        return str(self.cell.indicator.id)

    @property
    def seen(self) -> int | str:
        return self.cell.result.pk if self.cell.result else ""

    @property
    def stale(self) -> bool:
        return self.cell.result is not None and not self.cell.reassessed

    @property
    def outcome(self) -> str:
        return self.cell.outcome.value

    @property
    def by_officer(self) -> bool:
        return self.cell.result is not None and self.cell.result.judged_by == "officer"

    @property
    def inputs(self) -> list[GridInput]:
        if not self.cell.numeric:
            return []
        found = []
        for part in self.cell.parts:
            name, held = field_name(part.key), part.value_text
            text = held if self.typed is None else self.typed.get(name, held)
            found.append(
                GridInput(name=name, text=text, held=held, unit=part.unit, label=part.text)
            )
        return found

    @property
    def chooses(self) -> bool:
        """Whether the officer gives the verdict here."""
        return not self.cell.numeric or not self.cell.judged_by_program

    @property
    def held_verdict(self) -> str:
        return self.cell.outcome.value if self.cell.result else ""

    @property
    def attributes(self) -> SafeString:
        """The attributes of the cell; in one piece, as hundreds of cells stand on a page."""
        return format_html(
            'data-cell="{}" data-code="{}" data-prefix="{}" data-seen="{}" data-state="{}"'
            ' data-label="{} {}"{}',
            self.key,
            self.cell.indicator.code,
            self.prefix,
            self.seen,
            self.state,
            self.cell.indicator.code,
            self.commune.name,
            _STALE if self.stale else "",
        )

    @property
    def controls(self) -> SafeString:
        """The inputs and the choice of a verdict, as far as they are asked for."""
        found = [self._input(one) for one in self.inputs]
        if self.chooses:
            found.append(self._choice())
        found.append(
            format_html(
                '<input type="hidden" form="r-{}" name="{}-seen" value="{}">',
                self.commune.unit_id, self.prefix, self.seen,
            )
        )  # fmt: skip
        return SafeString("".join(found))

    def _input(self, one: GridInput) -> SafeString:
        key, unit_id = self.key, self.commune.unit_id
        invalid = ' aria-invalid="true"' if self.state == "refused" else ""
        return format_html(
            '<label class="figure"><input type="text" form="r-{}" id="c-{}-{}" name="{}-{}"'
            ' value="{}" data-held="{}" data-nav inputmode="decimal" autocomplete="off"'
            ' maxlength="40" aria-label="{} {}{}" aria-describedby="c-{}-says"{}>'
            "<small>{}</small></label>",
            unit_id, key, one.name, self.prefix, one.name, one.text, one.held,
            self.cell.indicator.code, self.commune.name, one.label and f", {one.label}", key,
            SafeString(invalid), one.unit,
        )  # fmt: skip

    def _choice(self) -> SafeString:
        key, typed = self.key, self.typed or {}
        return format_html(
            '<select form="r-{}" id="c-{}-verdict" name="{}-verdict" data-held="{}" data-nav'
            ' aria-label="{} {}: đánh giá" aria-describedby="c-{}-says">{}</select>',
            self.commune.unit_id, key, self.prefix, self.held_verdict,
            self.cell.indicator.code, self.commune.name, key,
            _options(typed.get("verdict", self.held_verdict)),
        )  # fmt: skip

    @property
    def verdict(self) -> SafeString:
        """The verdict of the program; where the officer chooses it, the choice shows it."""
        return SafeString("") if self.chooses else _verdict(self.cell.outcome)

    @property
    def facts(self) -> str:
        """Level, last year's value and whether it was assessed this year, in one line."""
        before = f"{self.year - 1}: {self.before}" if self.before else ""
        stale = f"chưa đánh giá lại {self.year}" if self.stale and not self.again else ""
        return " · ".join(filter(None, (self.level, before, stale)))

    @property
    def level(self) -> str:
        """The level in one line, where the communes of the sheet differ in it."""
        if not self.shows_level or self.cell.concludes:
            return ""
        return level_line(self.cell)

    @property
    def recorded(self) -> str:
        return as_text(self.cell, self.cell.result)

    @property
    def own(self) -> str:
        """What was typed and not stored, in words."""
        typed = self.typed or {}
        figures = [typed.get(one.name, "") for one in self.inputs]
        label = dict(VERDICT_CHOICES[1:]).get(typed.get("verdict", ""), "")
        return " ".join(filter(None, (" và ".join(filter(None, figures)), label)))


@lru_cache(maxsize=8)
def _verdict(outcome: Outcome) -> SafeString:
    return SafeString(render_to_string("components/verdict.html", {"outcome": outcome.value}))


_STALE = SafeString(" data-stale")


@lru_cache(maxsize=32)
def _options(chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), label)
            for value, label in VERDICT_CHOICES
        ),
    )


def level_line(cell: Cell) -> str:
    """The level of a cell in one line: "≥ 85 %"."""
    return "; ".join(
        " ".join(filter(None, (part.text, part.level, part.level_unit))) for part in cell.parts
    )


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One commune of the sheet."""

    commune: UnitVersion
    cells: tuple[GridCell, ...]
    outcome: CriterionOutcome


@dataclass(frozen=True, kw_only=True)
class Column:
    """One indicator; `level` where it is the same for all communes shown."""

    indicator: IndicatorDefinition
    level: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """The communes of one district, or those under none."""

    district: UnitVersion | None
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, kw_only=True)
class CriterionGrid:
    """The whole sheet, or the part of it that was asked for."""

    asked: SetDefinition
    criterion: CriterionDefinition
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]

    @cached_property
    def rows(self) -> list[GridRow]:
        return [row for group in self.groups for row in group.rows]

    @cached_property
    def by_key(self) -> dict[tuple[int, int], GridCell]:
        return {
            (row.commune.unit_id, one.cell.indicator.id): one
            for row in self.rows
            for one in row.cells
        }


def entered(criterion: CriterionDefinition) -> tuple[IndicatorDefinition, ...]:
    """The columns of a criterion: its indicators, or the verdict on the whole of it."""
    if criterion.indicators or criterion.conclusion is None:
        return criterion.indicators
    return (criterion.conclusion,)


def load(
    province: UnitVersion,
    on: date,
    asked: SetDefinition,
    criterion: CriterionDefinition,
    *,
    communes: Sequence[UnitVersion],
    districts: Sequence[UnitVersion] = (),
    indicators: Collection[str] = (),
) -> CriterionGrid:
    """The sheet of these communes in a fixed number of queries; `indicators`: only these codes."""
    unit_ids = [commune.unit_id for commune in communes]
    shown = [one for one in entered(criterion) if not indicators or one.code in indicators]
    results = _results(unit_ids, cells_of(criterion))
    before = last_year(unit_ids, [one.id for one in shown], on)
    levels = _levels(province, unit_ids, shown, asked, on)
    columns, differing = _columns(shown, levels)

    def cell(commune: UnitVersion, indicator: IndicatorDefinition) -> GridCell:
        result = results.get(commune.unit_id, {}).get(indicator.id)
        one = Cell(
            indicator=indicator,
            levels=levels[commune.unit_id][indicator.id],
            result=result,
            confirmed=False,
            reassessed=result is not None and result.true_from.year == on.year,
        )
        last = before.get((commune.unit_id, indicator.id))
        return GridCell(
            commune=commune,
            cell=one,
            before=as_text(one, last, with_verdict=False) if last else "",
            again=needs_again(one),
            year=on.year,
            shows_level=indicator.id in differing,
        )

    def row(commune: UnitVersion) -> GridRow:
        return GridRow(
            commune=commune,
            cells=tuple(cell(commune, indicator) for indicator in shown),
            outcome=rollup.criterion_outcome(criterion, _heads(results.get(commune.unit_id, {}))),
        )

    return CriterionGrid(
        asked=asked,
        criterion=criterion,
        columns=columns,
        groups=_groups([row(commune) for commune in communes], districts),
    )


def communes_of(
    province: UnitVersion, on: date, district: UnitVersion | None = None
) -> list[UnitVersion]:
    """The communes of the sheet in its order, of one district where one is named."""
    found = units.communes_in_programme(province, on).select_related("unit")
    return [one for one in found if district is None or one.parent_id == district.unit_id]


def _results(
    unit_ids: Collection[int], indicator_ids: Collection[int]
) -> dict[int, dict[int, Result]]:
    """Unit id → indicator id → the result that holds now, with its level and change."""
    heads = CellHead.objects.filter(unit_id__in=unit_ids, indicator_id__in=indicator_ids)
    results = list(
        Result.objects.filter(pk__in=heads.values("result_id")).annotate(seq=F("change__seq"))
    )
    # A few levels judge hundreds of results: each is loaded once.
    levels = Threshold.objects.in_bulk({one.threshold_id for one in results if one.threshold_id})
    own = {one.province_level_id for one in results if one.province_level_id}
    own_levels = ProvinceLevel.objects.in_bulk(own) if own else {}
    found: dict[int, dict[int, Result]] = {}
    for result in results:
        result.threshold = levels.get(result.threshold_id)
        result.province_level = own_levels.get(result.province_level_id)
        found.setdefault(result.unit_id, {})[result.indicator_id] = result
    return found


def _heads(results: dict[int, Result]) -> dict[int, Holding]:
    return {
        indicator_id: Holding(
            outcome=Outcome(result.verdict),
            true_from=result.true_from,
            seq=result.seq,
            result_id=result.pk,
        )
        for indicator_id, result in results.items()
    }


type Levels = dict[int, dict[str, Level] | None]


def _levels(
    province: UnitVersion,
    unit_ids: Collection[int],
    indicators: Sequence[IndicatorDefinition],
    asked: SetDefinition,
    on: date,
) -> dict[int, Levels]:
    """Unit id → indicator id → levels; communes alike in every respect share one answer."""
    known: dict[object, Levels] = {}
    found = {}
    for unit_id, where in situations(unit_ids, province.unit_id, on).items():
        kind = _kind(where)
        if kind not in known:
            there = under(asked, where)
            known[kind] = {one.id: levels_in_force(one, there) for one in indicators}
        found[unit_id] = known[kind]
    return found


def _kind(where: Situation) -> object:
    return where.region, where.group, frozenset(where.attributes.items()), where.unverified


def _columns(
    indicators: Sequence[IndicatorDefinition], levels: dict[int, Levels]
) -> tuple[tuple[Column, ...], set[int]]:
    """The heads of the columns, and the indicators whose level differs between communes."""
    kinds = list({id(kind): kind for kind in levels.values()}.values())
    columns, differing = [], set()
    for one in indicators:
        empty = [
            Cell(indicator=one, levels=kind[one.id], result=None, confirmed=False, reassessed=False)
            for kind in kinds
        ]
        lines = list(dict.fromkeys("" if one.concludes else level_line(one) for one in empty))
        if len(lines) > 1:
            differing.add(one.id)
        columns.append(Column(indicator=one, level=lines[0] if len(lines) == 1 else ""))
    return tuple(columns), differing


def _groups(rows: Sequence[GridRow], districts: Sequence[UnitVersion]) -> tuple[Group, ...]:
    """By district in their order; communes under none of them stand together at the end."""
    known = {district.unit_id for district in districts}
    groups = [
        Group(
            district=district,
            rows=tuple(row for row in rows if row.commune.parent_id == district.unit_id),
        )
        for district in districts
    ]
    rest = tuple(row for row in rows if row.commune.parent_id not in known)
    return tuple(group for group in [*groups, Group(district=None, rows=rest)] if group.rows)
