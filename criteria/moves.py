"""Why the figures of a unit moved between two answers of the door, and what lies behind it.

The first day is read again as the second knows it: a correction of the first day is no movement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from communes import units
from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date
from criteria import ledger, recognition
from criteria.figures import Figures, figures
from criteria.ledger import NOT_NUMBERED_YET, Heads
from criteria.models import Basis, MonthClosing, Result, Review
from criteria.rules import rollup
from criteria.rules.causes import Cause, Reading, Step, Why
from criteria.rules.types import CommuneStanding, CriterionDefinition, IndicatorDefinition
from criteria.rules.why_moved import Explanation, explain


class NotExplained(ValueError):
    """The two days cannot be compared so; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Two answers about one unit, and why each figure moved between them, on one basis."""

    before: Figures
    after: Figures
    basis: Basis
    explanation: Explanation

    @property
    def confirmed(self) -> bool:
        return self.basis == Basis.CONFIRMED

    @property
    def forgets(self) -> bool:
        """Whether the second answer knows less than the first: it was closed before that."""
        first, second = known_at(self.before), known_at(self.after)
        return second is not None and (first is None or second < first)


@dataclass(frozen=True, kw_only=True)
class _Knowledge:
    """Up to which change a day is read, and up to which change reviews count."""

    day: date
    seq: int
    reviewed: int


def known_at(answer: Figures) -> int | None:
    """The number of the change up to which an answer knows; None: everything recorded."""
    return answer.how.seq


def require_comparable(version: UnitVersion, first: date, last: date) -> None:
    """Refuse the country, and days in the wrong order; raises NotExplained."""
    if version.unit.tier == Tier.COUNTRY:
        raise NotExplained(
            "Chương trình giải thích thay đổi theo từng tỉnh, từng huyện; hãy chọn một tỉnh."
        )
    if first >= last:
        raise NotExplained(
            f"Ngày đầu ({format_date(first)}) phải trước ngày sau ({format_date(last)})."
        )


def first_answer(answer: Figures, first: date, *, set_code: str | None = None) -> Figures:
    """The answer of an earlier day about the unit of `answer`, as known when that one is.

    Raises NotExplained for days in the wrong order, for the country, and for a unit that was
    not there on `first`; DateNotLoaded and UnknownSet as the door does.
    """
    require_comparable(answer.unit, first, answer.on)
    try:
        earlier = units.version_of(answer.unit.unit_id, first)
    except units.UnknownUnit as error:
        raise NotExplained(
            f"{error}. Đơn vị hình thành khi sắp xếp là đơn vị khác, chỉ so sánh được từ ngày đó."
        ) from error
    return figures(earlier, first, set_code=set_code, known=answer.known)


def last_closed_before(province_id: int, day: date) -> date | None:
    """The latest month-end before `day` that is closed; None where there is none."""
    closed = MonthClosing.objects.holding().filter(province_id=province_id, month__lt=day)
    return closed.order_by("-month").values_list("month", flat=True).first()


def usual_first(version: UnitVersion, last: date) -> date:
    """The day that `last` is compared with unless one is named: the last closed month-end.

    Without one, the end of the month before.
    """
    closed = last_closed_before(version.province_id or version.unit_id, last)
    return closed or last.replace(day=1) - timedelta(days=1)


def moves(before: Figures, after: Figures, *, basis: Basis | None = None) -> Moves:
    """Why every figure moved from one answer to the other; at most six queries.

    On the basis of the second answer's headline unless another is named. Both answers are of
    one unit.
    """
    chosen = after.basis if basis is None else basis
    found = explain(
        Reading.of(before.asked, before.rows),
        Reading.of(after.asked, after.rows),
        steps=_steps(before, after, chosen),
        confirmed=chosen == Basis.CONFIRMED,
    )
    return Moves(before=before, after=after, basis=chosen, explanation=found)


def _steps(before: Figures, after: Figures, basis: Basis) -> list[Step]:
    """The first day read again for the communes counted at both: only those that may differ."""
    there = {row.unit_id for row in after.rows if row.in_programme}
    rows = {row.unit_id: row for row in before.rows if row.in_programme and row.unit_id in there}
    first, reviewed, again = _knowledge(before, after)
    steps = []

    def read(why: Why, known: _Knowledge, unit_ids: Collection[int]) -> None:
        rows.update(_read([rows[pk] for pk in rows if pk in unit_ids], after, known, basis))
        steps.append(Step(why=why, rows=dict(rows)))

    same_set = before.asked.set_id == after.asked.set_id
    if same_set and before.asked.version_id != after.asked.version_id:
        read(Why.SET, first, rows.keys())
    if again != first:
        if same_set and basis == Basis.CONFIRMED:
            read(Why.REVIEWED, reviewed, _reviewed_since(rows, first, again))
        touched = _recorded_since(rows, first, again) if same_set else set()
        read(Why.CORRECTED, again, touched)
        steps[-1] = replace(steps[-1], rows=_with_status(rows, before, again))
    return steps


def _window(first: _Knowledge, again: _Knowledge) -> Q:
    """The changes that one of the two knows and the other does not."""
    low, high = sorted([first.seq, again.seq])
    return Q(change__seq__gt=low, change__seq__lte=high)


def _reviewed_since(unit_ids: Iterable[int], first: _Knowledge, again: _Knowledge) -> set[int]:
    """The communes with a review that only one of the two knows; one query."""
    found = Review.objects.filter(_window(first, again), unit_id__among=list(unit_ids))
    return set(found.values_list("unit_id", flat=True))


def _recorded_since(unit_ids: Iterable[int], first: _Knowledge, again: _Knowledge) -> set[int]:
    """The communes with a result about the day that only one of the two knows; one query.

    What replaces another result may hold from a later day, and still take that one away.
    """
    about = Q(true_from__lte=first.day) | Q(replaces__isnull=False)
    found = Result.objects.filter(_window(first, again), about, unit_id__among=list(unit_ids))
    return set(found.values_list("unit_id", flat=True))


def _knowledge(before: Figures, after: Figures) -> tuple[_Knowledge, _Knowledge, _Knowledge]:
    """The first day as it was answered, with the reviews since, and as the second day knows it."""
    seqs = [known_at(before), known_at(after)]
    first, second = (NOT_NUMBERED_YET if seq is None else seq for seq in seqs)
    day = before.how.day
    return (
        _Knowledge(day=day, seq=first, reviewed=first),
        _Knowledge(day=day, seq=first, reviewed=second),
        _Knowledge(day=day, seq=second, reviewed=second),
    )


def _heads(
    unit_ids: Collection[int], indicators: Collection[int], known: _Knowledge, basis: Basis
) -> Heads:
    if basis == Basis.CONFIRMED:
        return ledger.confirmed(
            unit_ids, indicators, day=known.day, seq=known.seq, reviewed=known.reviewed
        )
    return ledger.reported(unit_ids, indicators, day=known.day, seq=known.seq)


def _read(
    rows: Sequence[CommuneStanding], after: Figures, known: _Knowledge, basis: Basis
) -> dict[int, CommuneStanding]:
    """`rows` rolled up anew on one basis, under the wording of the second day; one query."""
    if not rows:
        return {}
    ids = [row.unit_id for row in rows]
    heads = _heads(ids, ledger.indicator_ids(after.asked), known, basis)
    confirmed = basis == Basis.CONFIRMED
    return {
        row.unit_id: replace(
            rollup.standing(
                after.asked,
                unit_id=row.unit_id,
                heads={} if confirmed else heads.get(row.unit_id, {}),
                heads_confirmed=heads.get(row.unit_id, {}) if confirmed else {},
            ),
            recognised_tier=row.recognised_tier,
        )
        for row in rows
    }


def _with_status(
    rows: Mapping[int, CommuneStanding], before: Figures, known: _Knowledge
) -> dict[int, CommuneStanding]:
    """`rows` with the recognition of the first day as known at the second; one query."""
    tiers = recognition.statuses(list(rows), day=before.on, seq=known.seq)
    return {pk: replace(row, recognised_tier=tiers.get(pk, "")) for pk, row in rows.items()}


type Cells = dict[tuple[int, int, Why], tuple[IndicatorDefinition, ...]]
"""(unit id, number of the criterion, reason) → the cells whose results changed."""

_MOVED = frozenset({Why.NEWLY, Why.LOST, Why.UNASSESSED})


def cells_behind(found: Moves, causes: Iterable[Cause]) -> Cells:
    """The cells behind causes: those whose verdict changed, or else whose result did.

    At most four queries. Nothing for units that came or went and for a set that changed: no
    result stands behind those.
    """
    wanted = [c for c in causes if c.numbers and c.why in _MOVED | {Why.REVIEWED, Why.CORRECTED}]
    first, reviewed, again = _knowledge(found.before, found.after)
    last = _Knowledge(day=found.after.how.day, seq=again.seq, reviewed=again.reviewed)
    pairs = {
        **dict.fromkeys(_MOVED, (again, last)),
        Why.REVIEWED: (first, reviewed),
        Why.CORRECTED: (reviewed if found.confirmed else first, again),
    }
    asked = {criterion.number: criterion for criterion in found.after.asked.criteria}
    needed: dict[_Knowledge, list[Cause]] = {}
    for cause in wanted:
        for known in pairs[cause.why]:
            needed.setdefault(known, []).append(cause)
    heads = {
        known: _heads(
            sorted({cause.unit_id for cause in those}),
            sorted({i for c in those for n in c.numbers for i in ledger.cells_of(asked[n])}),
            known,
            found.basis,
        )
        for known, those in needed.items()
    }
    return {
        (cause.unit_id, number, cause.why): _changed(
            asked[number],
            *(heads[known].get(cause.unit_id, {}) for known in pairs[cause.why]),
        )
        for cause in wanted
        for number in cause.numbers
    }


def _changed(
    criterion: CriterionDefinition,
    old: Mapping[int, ledger.Holding],
    new: Mapping[int, ledger.Holding],
) -> tuple[IndicatorDefinition, ...]:
    cells = [*criterion.indicators, *([criterion.conclusion] if criterion.conclusion else [])]
    results, verdicts = [], []
    for cell in cells:
        was, now = old.get(cell.id), new.get(cell.id)
        if (was and was.result_id) != (now and now.result_id):
            results.append(cell)
            if (was and was.outcome) != (now and now.outcome):
                verdicts.append(cell)
    return tuple(verdicts or results)
