"""The entry sheet of one criterion: a row for each commune, a column for each indicator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import F
from django.utils.safestring import SafeString

from communes import units
from communes.models import UnitVersion
from communes.models.units import UnitVersionQuerySet
from criteria import evidence
from criteria.cells import Cell
from criteria.grids.beside import as_text, last_year, needs_again
from criteria.grids.cell import GridCell, level_line, verdict_of
from criteria.ledger import Holding, cells_of
from criteria.models import CellHead, ProvinceLevel, Result, Review, Threshold
from criteria.returns import returns_now
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
class GridRow:
    """One commune of the sheet; `returned`: the return of its criterion that stands."""

    commune: UnitVersion
    cells: tuple[GridCell, ...]
    outcome: CriterionOutcome
    returned: Review | None = None

    @property
    def verdict(self) -> SafeString:
        return verdict_of(self.outcome.outcome)


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

    @property
    def returned(self) -> list[GridRow]:
        """The communes whose criterion was sent back and waits for them."""
        return [row for row in self.rows if row.returned]

    @cached_property
    def by_key(self) -> dict[tuple[int, int], GridCell]:
        return {
            (row.commune.unit_id, one.cell.indicator.id): one
            for row in self.rows
            for one in row.cells
        }


_NO_EVIDENCE = evidence.Counted()


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
    held = {
        (unit_id, one.id): found[one.id].pk
        for unit_id, found in results.items()
        for one in shown
        if one.id in found
    }
    papers = evidence.counted(held)
    levels = _levels(province, unit_ids, shown, asked, on)
    returned = returns_now(criterion, unit_ids)
    columns, differing = _columns(shown, levels)

    def cell(commune: UnitVersion, indicator: IndicatorDefinition) -> GridCell:
        result = results.get(commune.unit_id, {}).get(indicator.id)
        one = Cell(
            indicator=indicator,
            levels=levels[commune.unit_id][indicator.id],
            result=result,
            confirmed=False,
            reassessed=result is not None and result.true_from.year == on.year,
            evidence=papers.get((commune.unit_id, indicator.id), _NO_EVIDENCE),
        )
        last = before.get((commune.unit_id, indicator.id))
        return GridCell(
            commune=commune,
            cell=one,
            before=as_text(one, last, with_verdict=False) if last else "",
            again=needs_again(one),
            year=on.year,
            set_code=asked.code,
            shows_level=indicator.id in differing,
        )

    def row(commune: UnitVersion) -> GridRow:
        return GridRow(
            commune=commune,
            cells=tuple(cell(commune, indicator) for indicator in shown),
            outcome=rollup.criterion_outcome(criterion, _heads(results.get(commune.unit_id, {}))),
            returned=returned.get(commune.unit_id),
        )

    return CriterionGrid(
        asked=asked,
        criterion=criterion,
        columns=columns,
        groups=_groups([row(commune) for commune in communes], districts),
    )


def communes_of(
    province: UnitVersion, on: date, district: UnitVersion | None = None
) -> UnitVersionQuerySet:
    """The communes of the sheet in its order, of one district where one is named."""
    found = units.communes_in_programme(province, on)
    return found.filter(parent_id=district.unit_id) if district else found


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
