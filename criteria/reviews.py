"""Confirming and returning what communes reported: one act over one or many communes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Change, Department, Unit, UnitVersion, User
from communes.vietnamese import nfc
from criteria import ledger, months, standings
from criteria.confirming.states import State, read
from criteria.definitions import counting
from criteria.ledger import LastReview
from criteria.models import Result, Review
from criteria.rules.types import CriterionDefinition, SetDefinition

CONFIRM, RETURN = Review.Act.CONFIRM, Review.Act.RETURN


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is done with one criterion of one commune, and the results that were seen there."""

    unit_id: int
    criterion_id: int
    act: Review.Act
    seen: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """What an act did: communes written, and those with newer results than were confirmed."""

    communes: int
    newer: tuple[int, ...] = ()


class ReviewRefused(ValueError):
    """Nothing was written; the message names the communes and says what to do."""


class _Row(NamedTuple):
    """A result as a review needs to know it."""

    id: int
    unit_id: int
    change_id: int
    measure_id: int | None
    criterion_id: int
    set_id: int


class _Place(NamedTuple):
    """Where a review is written: a criterion (of a set) of a commune."""

    unit_id: int
    criterion_id: int
    set_id: int


type Beside = Mapping[int, list[_Row]]
"""Result id → the rows that the same save wrote for other sets that ask the same measure."""


def review(
    *,
    province: Unit,
    acts: Sequence[Act],
    by: User | None,
    department: Department | None = None,
    reason: str = "",
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> Reviewed:
    """Confirm or return criteria of communes of one province, in the name of `department`.

    A confirmation names all results that were seen, a return those of them that are not
    confirmed (all, where all are: the confirmation is taken back); what was saved meanwhile
    stays as it is and is named in the answer. With each result go those that the same save
    wrote for the other adopted sets that ask its measure, as reviews of their criteria.
    Confirming what is confirmed already writes nothing; neither does the same `request_id`.

    Raises ReviewRefused, with nothing written: no acts, nothing seen, a result of another
    cell, a commune outside the province, a return without a reason.
    """
    reason = nfc(reason)
    month = months.month_end(months.working_day(province))
    asked = {one.set_id: one for one in counting(province.pk, month)}
    seen = _rows(acts)
    _check(province, acts, reason, seen, asked.values(), month)
    beside = _beside(seen.values(), asked)
    places = [*seen.values(), *(row for rows in beside.values() for row in rows)]
    units = {act.unit_id for act in acts}
    written: set[int] = set()
    with recording(
        clock=province.clock_id,
        action="reviews." + "-".join(sorted({act.act.value for act in acts})),
        by=by,
        ip=ip,
        reason=reason,
        request_id=request_id,
        simulated_at=simulated_at,
    ) as pending:
        standings.lock(units, {row.set_id for row in places})
        if (done := already_recorded(clock=province.clock_id, request_id=request_id)) is not None:
            written = _units_of(done)
            raise NothingToRecord
        last = ledger.last_reviews([row.id for row in places])
        rows = _reviews(acts, seen, beside, last)
        if not rows:
            raise NothingToRecord
        Review.objects.bulk_create(
            Review(
                unit_id=place.unit_id,
                criterion_id=place.criterion_id,
                act=act,
                result_ids=sorted(ids),
                reason=reason if act == RETURN else "",
                department=department,
                change_id=pending.id,
            )
            for (place, act), ids in rows.items()
        )
        _rewrite({place for place, _ in rows}, asked, pending.id)
        written = {place.unit_id for place, _ in rows}
    return Reviewed(communes=len(written), newer=_newer(acts, asked.values()))


def _rows(acts: Iterable[Act]) -> dict[int, _Row]:
    """The results named in the acts, by id; those that do not exist are missing."""
    ids = {result_id for act in acts for result_id in act.seen}
    return {row.id: row for row in _columns(Result.objects.filter(pk__in=ids))}


def _beside(seen: Collection[_Row], asked: Collection[int]) -> Beside:
    """What the saves of these results wrote for other sets that ask the same measures."""
    measured = [row for row in seen if row.measure_id is not None]
    if len(asked) < 2 or not measured:
        return {}
    siblings: dict[tuple[int, int, int | None], list[_Row]] = defaultdict(list)
    for row in _columns(
        Result.objects.filter(
            unit_id__in={row.unit_id for row in measured},
            change_id__in={row.change_id for row in measured},
            indicator__measure_id__in={row.measure_id for row in measured},
            indicator__criterion__set_id__in=asked,
        )
    ):
        siblings[row.unit_id, row.change_id, row.measure_id].append(row)
    return {
        row.id: [
            other
            for other in siblings[row.unit_id, row.change_id, row.measure_id]
            if other.set_id != row.set_id
        ]
        for row in measured
    }


def _columns(results: object) -> Iterable[_Row]:
    columns = (
        "id", "unit_id", "change_id", "indicator__measure_id", "indicator__criterion_id",
        "indicator__criterion__set_id",
    )  # fmt: skip
    return (_Row(*row) for row in results.values_list(*columns))  # type: ignore[attr-defined]


def _reviews(
    acts: Iterable[Act],
    seen: Mapping[int, _Row],
    beside: Beside,
    last: Mapping[int, LastReview],
) -> dict[tuple[_Place, Review.Act], set[int]]:
    """Where a review is to be written, of which act, naming which results."""
    confirmed = {result_id for result_id, one in last.items() if one.confirms}
    named: dict[tuple[_Place, Review.Act], set[int]] = defaultdict(set)
    for act in acts:
        ids: Collection[int] = act.seen
        if act.act == RETURN:
            ids = [one for one in ids if one not in confirmed] or ids
        for result_id in ids:
            for row in (seen[result_id], *beside.get(result_id, ())):
                place = _Place(row.unit_id, row.criterion_id, row.set_id)
                named[place, act.act].add(row.id)
    both: list[set[int]] = [
        {i for (_, act), ids in named.items() if act == one for i in ids} for one in Review.Act
    ]
    if set.intersection(*both):
        raise ReviewRefused("Không thể vừa xác nhận vừa trả lại cùng một kết quả.")
    return {
        (place, act): ids
        for (place, act), ids in named.items()
        if act == RETURN or not ids <= confirmed
    }


def _rewrite(places: Collection[_Place], asked: Mapping[int, SetDefinition], change: int) -> None:
    """Bring heads and standings up to date, set by set."""
    for set_id in {place.set_id for place in places}:
        of_set = [place for place in places if place.set_id == set_id]
        criteria = {place.criterion_id for place in of_set}
        standings.rewrite(
            sorted({place.unit_id for place in of_set}),
            asked[set_id],
            indicators=[
                indicator
                for criterion in asked[set_id].criteria
                if criterion.id in criteria
                for indicator in ledger.cells_of(criterion)
            ],
            change_id=change,
        )


def _newer(acts: Iterable[Act], asked: Iterable[SetDefinition]) -> tuple[int, ...]:
    """Communes of which something still waits although what was seen there was confirmed."""
    confirmed = {(act.unit_id, act.criterion_id) for act in acts if act.act == CONFIRM}
    wanted = {criterion_id for _, criterion_id in confirmed}
    criteria = [c for one in asked for c in one.criteria if c.id in wanted]
    states = read(sorted({unit_id for unit_id, _ in confirmed}), criteria)
    waiting = {key[0] for key in confirmed if states[key].state is not State.CONFIRMED}
    return tuple(sorted(waiting))


def _units_of(change: Change) -> set[int]:
    return set(Review.objects.filter(change=change).values_list("unit_id", flat=True))


def _check(
    province: Unit,
    acts: Sequence[Act],
    reason: str,
    seen: Mapping[int, _Row],
    asked: Collection[SetDefinition],
    month: date,
) -> None:
    if not acts:
        raise ReviewRefused("Hãy chọn ít nhất một xã.")
    if not reason and any(act.act == RETURN for act in acts):
        raise ReviewRefused("Hãy ghi lý do trả lại, để xã biết cần sửa gì.")
    if len({(act.unit_id, act.criterion_id) for act in acts}) < len(acts):
        raise ReviewRefused("Mỗi tiêu chí của một xã chỉ xác nhận hoặc trả lại một lần.")
    criteria: dict[int, CriterionDefinition] = {c.id: c for one in asked for c in one.criteria}
    communes = UnitVersion.objects.alive_on(month).filter(
        province=province, unit_id__in={act.unit_id for act in acts}
    )
    names = {commune.unit_id: commune.full_name for commune in communes}
    faults = [
        f"{names.get(act.unit_id, 'xã ngoài tỉnh')}: {fault}"
        for act in acts
        if (fault := _fault(act, names, criteria, seen))
    ]
    if faults:
        raise ReviewRefused("; ".join(faults[:5]) + ("; …" if faults[5:] else "") + ".")


def _fault(
    act: Act,
    names: Mapping[int, str],
    criteria: Mapping[int, CriterionDefinition],
    seen: Mapping[int, _Row],
) -> str:
    """Why this act cannot be, "" where it can."""
    if act.unit_id not in names:
        return "không phải xã của tỉnh này"
    criterion = criteria.get(act.criterion_id)
    if criterion is None:
        return "tiêu chí không thuộc bộ tiêu chí đang áp dụng của tỉnh"
    if not act.seen:
        return f"chưa có kết quả nào của tiêu chí {criterion.number} để xác nhận hoặc trả lại"
    for result_id in act.seen:
        row = seen.get(result_id)
        if row is None or (row.unit_id, row.criterion_id) != (act.unit_id, act.criterion_id):
            return f"có kết quả không thuộc tiêu chí {criterion.number} của xã; hãy tải lại trang"
    return ""
