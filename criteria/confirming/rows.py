"""The rows of the list that a department reviews: one criterion of every commune of a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from communes.models import Change, UnitAttribute, UnitVersion
from communes.vietnamese import format_date, format_number
from criteria import ledger
from criteria.cells import Cell
from criteria.confirming.papers import Paper, papers_of
from criteria.confirming.states import CriterionState, State
from criteria.models import Result, Review, Verdict
from criteria.rules import rollup
from criteria.rules.levels import levels_in_force
from criteria.rules.types import CriterionDefinition, CriterionOutcome, Outcome
from criteria.situations import situation

CONCLUSION, OFFICE = "Kết luận chung", "Văn phòng điều phối"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One indicator as it is asked of a commune: an empty cell, and its level in one line."""

    cell: Cell
    level: str

    @property
    def by_officers(self) -> bool:
        """Whether officers judge its figures, as the level is not known or not checked."""
        return self.cell.numeric and not self.cell.judged_by_program


type Levels = Mapping[int, Asked]
"""Indicator id → how it is asked."""


class Found(NamedTuple):
    """What a row shows of a result; plain, because hundreds of communes stand on one page."""

    id: int
    value: Decimal | None
    part_values: dict[str, str] | None
    verdict: str
    judged_by: str
    note: str
    change_id: int


class Recorded(NamedTuple):
    """When a change was recorded, and by whom."""

    day: date
    name: str


class LastAct(NamedTuple):
    """The latest act on a criterion of a commune: what, when, in whose name, why."""

    id: int
    returns: bool
    day: date
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What holds on one indicator of one commune, as one cell of the list."""

    code: str
    figure: str
    outcome: Outcome
    pending: bool
    level: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class CommuneRow:
    """One commune: what it reports, what is confirmed, what changed since, who recorded it.

    `changes` and `entered` are lines of text, `act` says the latest act on the criterion,
    `papers` has the cells with evidence.
    """

    commune: UnitVersion
    state: CriterionState
    cells: tuple[Shown, ...]
    reported: CriterionOutcome
    confirmed: CriterionOutcome
    changes: tuple[str, ...]
    entered: tuple[str, ...]
    act: str
    papers: tuple[Paper, ...]

    @property
    def token(self) -> str:
        """The commune and the results seen there, as the form carries them: "12:55.60"."""
        return f"{self.commune.unit_id}:{'.'.join(map(str, self.state.seen))}"

    @property
    def can_be_reviewed(self) -> bool:
        return self.state.state is not State.NOTHING


def rows(
    communes: Sequence[UnitVersion],
    states: Mapping[int, CriterionState],
    criterion: CriterionDefinition,
    asked: Mapping[int, Levels],
) -> list[CommuneRow]:
    """The rows of these communes in their order; `asked` as :func:`levels_of` answers."""
    chosen = {commune.unit_id: states[commune.unit_id] for commune in communes}
    results = _results(chosen.values())
    recorded = _recorded({result.change_id for result in results.values()})
    last = _last_acts(chosen.values(), criterion)
    papers = papers_of(chosen.values())
    return [
        _row(
            commune,
            chosen[commune.unit_id],
            asked[commune.unit_id],
            results,
            recorded,
            last.get(commune.unit_id),
            papers.get(commune.unit_id, ()),
        )
        for commune in communes
    ]


def levels_of(
    communes: Sequence[UnitVersion], criterion: CriterionDefinition, on: date
) -> dict[int, Levels]:
    """Unit id → what is asked of it; communes alike in every attribute are asked the same."""
    attributes = (
        UnitAttribute.objects.alive_on(on)
        .filter(unit_id__in=[commune.unit_id for commune in communes])
        .order_by("key")
        .values_list("unit_id", "key", "value")
    )
    alike: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for unit_id, key, value in attributes:
        alike[unit_id].append((key, value))
    known: dict[tuple[object, ...], Levels] = {}
    found = {}
    for commune in communes:
        kind = (commune.province_id, *alike[commune.unit_id])
        if kind not in known:
            known[kind] = _levels(commune, criterion, on)
        found[commune.unit_id] = known[kind]
    return found


def _levels(commune: UnitVersion, criterion: CriterionDefinition, on: date) -> Levels:
    where = situation(commune, on)
    found = {}
    for indicator in criterion.indicators:
        cell = Cell(
            indicator=indicator,
            levels=levels_in_force(indicator, where),
            result=None,
            confirmed=False,
            reassessed=False,
        )
        words = (
            " ".join(filter(None, (part.text, part.level, part.unit if cell.numeric else "")))
            for part in cell.parts
        )
        found[indicator.id] = Asked(cell=cell, level="; ".join(words))
    return found


def _results(states: Iterable[CriterionState]) -> dict[int, Found]:
    """Every result that holds or was confirmed."""
    ids = {
        holding.result_id
        for state in states
        for heads in (state.reported, state.confirmed)
        for holding in heads.values()
    }
    columns = Result.objects.filter(pk__in=ids).values_list(*Found._fields)
    return {row[0]: Found(*row) for row in columns}


def _recorded(change_ids: Iterable[int]) -> dict[int, Recorded]:
    columns = Change.objects.filter(pk__in=change_ids).values_list(
        "pk", "at", "by__display_name", "by__username"
    )
    return {
        pk: Recorded(timezone.localtime(at).date(), name or username or "")
        for pk, at, name, username in columns
    }


def _last_acts(
    states: Iterable[CriterionState], criterion: CriterionDefinition
) -> dict[int, LastAct]:
    """Unit id → the return that stands there, or the latest act on the criterion."""
    found = list(states)
    by_unit = _acts(
        Review.objects.filter(criterion_id=criterion.id, unit_id__in=[one.unit_id for one in found])
        .order_by("unit_id", "-change__seq")
        .distinct("unit_id")
    )
    other = [
        one.last_return
        for one in found
        if one.last_return and by_unit[one.unit_id].id != one.last_return
    ]
    return by_unit | _acts(Review.objects.filter(pk__in=other)) if other else by_unit


def _acts(reviews: QuerySet[Review]) -> dict[int, LastAct]:
    """Unit id → its act, by plain columns."""
    columns = reviews.values_list(
        "unit_id",
        "pk",
        "act",
        "change__at",
        "department__name",
        "change__by__display_name",
        "change__by__username",
        "reason",
    )
    return {
        unit_id: LastAct(
            pk,
            act == Review.Act.RETURN,
            timezone.localtime(at).date(),
            department or display_name or username or OFFICE,
            reason,
        )
        for unit_id, pk, act, at, department, display_name, username, reason in columns
    }


def _row(
    commune: UnitVersion,
    state: CriterionState,
    asked: Levels,
    results: Mapping[int, Found],
    recorded: Mapping[int, Recorded],
    last: LastAct | None,
    papers: tuple[Paper, ...],
) -> CommuneRow:
    criterion = state.criterion
    return CommuneRow(
        commune=commune,
        state=state,
        cells=tuple(_shown(state, asked[one.id], results) for one in criterion.indicators),
        reported=rollup.criterion_outcome(criterion, state.reported),
        confirmed=rollup.criterion_outcome(criterion, state.confirmed),
        changes=tuple(_changes(state, asked, results)),
        entered=tuple(_entered(state, results, recorded)),
        act=_act(state, last),
        papers=papers,
    )


def _shown(state: CriterionState, asked: Asked, results: Mapping[int, Found]) -> Shown:
    indicator = asked.cell.indicator
    head = state.reported.get(indicator.id)
    result = results[head.result_id] if head else None
    figure = _figure(asked, result)
    by_officer = result is not None and result.judged_by == Result.JudgedBy.OFFICER
    other = bool(figure) and by_officer and asked.cell.judged_by_program
    said = ("cán bộ đánh giá khác mức" if other else "", result.note if result else "")
    return Shown(
        code=indicator.code,
        figure=figure,
        outcome=head.outcome if head else Outcome.NOT_ASSESSED,
        pending=indicator.id in state.pending,
        level=asked.level,
        remark=": ".join(filter(None, said)),
    )


def _figure(asked: Asked | None, result: Found | None) -> str:
    """The figures of a result as they are typed, "" where it holds a verdict alone."""
    if result is None or asked is None or not asked.cell.numeric:
        return ""
    if result.part_values:
        stored: dict[str, Any] = result.part_values
        keys = [part.key for part in asked.cell.parts if part.key in stored]
        return " và ".join(format_number(Decimal(stored[key])) for key in keys)
    return "" if result.value is None else format_number(result.value)


def _changes(state: CriterionState, asked: Levels, results: Mapping[int, Found]) -> Iterable[str]:
    """Old → new of each indicator that is not as it was confirmed; what was said again last."""
    if not state.pending:
        return
    codes = _codes(state.criterion)
    again = []
    for indicator_id in ledger.cells_of(state.criterion):
        if indicator_id not in state.pending:
            continue
        old, new = state.confirmed.get(indicator_id), state.reported.get(indicator_id)
        level = asked.get(indicator_id)
        before = _said(level, results.get(old.result_id) if old else None)
        after = _said(level, results.get(new.result_id) if new else None)
        if old is None:
            text = f"mới ghi {after}"
        elif new is None:
            text = f"{before} → đã bỏ"
        elif (before, old.outcome) == (after, new.outcome):
            again.append(codes[indicator_id])
            continue
        else:
            text = f"{before} → {after}"
            if old.outcome is not new.outcome and level is not None and level.cell.numeric:
                text += f" ({_label(old.outcome)} → {_label(new.outcome)})"
        yield f"{codes[indicator_id]}: {text}"
    if again:
        yield f"ghi lại, không đổi: {', '.join(again)}"


def _said(asked: Asked | None, result: Found | None) -> str:
    """A result in short: its figure where there is one, else the verdict."""
    if result is None:
        return ""
    return _figure(asked, result) or _label(Outcome(result.verdict))


def _label(outcome: Outcome) -> str:
    return str(Verdict(outcome.value).label)


def _codes(criterion: CriterionDefinition) -> dict[int, str]:
    codes = {indicator.id: indicator.code for indicator in criterion.indicators}
    return codes | {criterion.conclusion_id or 0: CONCLUSION}


def _entered(
    state: CriterionState, results: Mapping[int, Found], recorded: Mapping[int, Recorded]
) -> Iterable[str]:
    """Who recorded what waits and when; where nothing waits, the latest that was recorded."""
    groups: dict[Recorded, list[int]] = defaultdict(list)
    for indicator_id, head in state.reported.items():
        if indicator_id in state.pending or not state.pending:
            groups[recorded[results[head.result_id].change_id]].append(indicator_id)
    codes = _codes(state.criterion) if state.pending and len(groups) > 1 else {}
    for (day, name), found in sorted(groups.items(), reverse=True):
        which = f"{', '.join(codes[one] for one in found)}: " if codes else ""
        yield f"{which}{format_date(day)}{', ' + name if name else ''}"
        if not state.pending:
            return


def _act(state: CriterionState, last: LastAct | None) -> str:
    """The latest act in words: what, when, in whose name, why; "" where there was none."""
    if last is None or state.state is State.NOTHING:
        return ""
    what = "Trả lại" if last.returns else "Xác nhận"
    text = f"{what} {format_date(last.day)}, {last.name}"
    text += f": “{last.reason}”" if last.reason else ""
    return f"{text}; xã đã ghi lại" if last.returns and state.state is State.WAITING else text
