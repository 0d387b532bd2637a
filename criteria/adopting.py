"""Taking a set into use in a province that is at work: what changes, and what is taken over.

Under the words of :mod:`criteria.adoptions` stands the act itself. Here it is refused for days
in closed months, and the results on measures that the new set shares with those already in use
are carried over, judged by the new set's own levels: one entry, several verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from communes import units
from communes.audit import Pending, already_recorded, recording
from communes.models import Unit, User
from communes.vietnamese import format_date
from criteria import adoptions, ledger, months, sets, standings
from criteria.adoptions import AdoptionRefused
from criteria.definitions import definition
from criteria.entry.judging import Asked, Finding, Judged, judged_beside
from criteria.models import CriteriaSet, Indicator, MonthClosing, Result, SetVersion
from criteria.rejudging.required import Requirements, values_of
from criteria.rules.types import Judge, Outcome, SetDefinition

TAKE_OVER = "sets.take_over"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What adopting a set changes from its day on."""

    set: CriteriaSet
    version: SetVersion
    headline_before: CriteriaSet | None
    headline_after: CriteriaSet | None
    communes: int
    assessed: int
    shared: int
    indicators: int
    later: bool


def preview(*, province: Unit, set: CriteriaSet, from_on: date, in_headline: bool) -> Preview:
    """What would change; raises AdoptionRefused as the act does."""
    refuse_closed(province, from_on)
    month = _month(province)
    version = _version(set, from_on)
    asked = definition(version)
    on = min(from_on, month)
    before = sets.headline_set(province.pk, from_on)
    here = units.communes_in_programme(units.version_of(province.pk, on), on)
    ids = list(here.values_list("unit_id", flat=True))
    return Preview(
        set=set,
        version=version,
        headline_before=before,
        headline_after=set if in_headline else before,
        communes=len(ids),
        assessed=len(assessed(ids, asked)),
        shared=len(_shared(sets.adopted_sets(province.pk, on), asked, on)),
        indicators=sum(len(criterion.indicators) for criterion in asked.criteria),
        later=from_on > month,
    )


def adopt(
    *,
    province: Unit,
    set: CriteriaSet,
    from_on: date,
    decision: str,
    in_headline: bool,
    take_over: bool,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
    simulated_at: datetime | None = None,
) -> int:
    """Adopt a set and, with `take_over`, carry results over; how many were written.

    Raises AdoptionRefused for a day in a closed month and for what ``adoptions.adopt`` refuses.
    """
    refuse_closed(province, from_on)
    written = 0
    with transaction.atomic():
        if already_recorded(clock=province.clock_id, request_id=request_id):
            return 0
        month = _month(province)
        # Asked before: the adoption may end the use of the sets that results are taken from.
        used = sets.adopted_sets(province.pk, month)
        adoptions.adopt(
            province=province,
            set=set,
            from_on=from_on,
            decision=decision,
            in_headline=in_headline,
            by=by,
            simulated_at=simulated_at,
        )
        if from_on > month:
            return 0
        asked = definition(sets.version_in_force(set, month))
        ids = standings.commune_ids(province)
        standings.lock(ids, [asked.set_id])
        with recording(
            clock=province.clock_id,
            action=TAKE_OVER,
            by=by,
            request_id=request_id,
            ip=ip,
            simulated_at=simulated_at,
        ) as pending:
            if take_over:
                shared = _shared(used, asked, month)
                rows = list(_taken_over(province, asked, shared, from_on, pending))
                Result.objects.bulk_create(rows, batch_size=5000)
                written = len(rows)
            standings.rewrite_whole(ids, asked, change_id=pending.id)
            pending.line(
                table=Result._meta.db_table,
                key=set.code,
                after={"taken_over": written, "from_on": from_on.isoformat()},
            )
    return written


def refuse_closed(province: Unit, from_on: date) -> None:
    """Refuse a day that closed months answer for."""
    holding = MonthClosing.objects.holding().filter(province=province)
    last = holding.aggregate(last=Max("month"))["last"]
    if last is not None and from_on <= last:
        raise AdoptionRefused(
            f"Tháng {last:%m/%Y} đã chốt và giữ nguyên bộ tiêu chí của nó; hãy chọn ngày sau"
            f" {format_date(last)}, hoặc mở lại các tháng từ ngày đó trước."
        )


def assessed(unit_ids: list[int], asked: SetDefinition) -> set[int]:
    """The communes of which anything is known under a set."""
    heads = ledger.reported(unit_ids, ledger.indicator_ids(asked))
    return {pk for pk, cells in heads.items() if any(_known(head) for head in cells.values())}


def _known(head: ledger.Holding) -> bool:
    return head.outcome is not Outcome.NOT_ASSESSED


def _month(province: Unit) -> date:
    return months.month_end(months.working_day(province))


def _version(criteria_set: CriteriaSet, on: date) -> SetVersion:
    try:
        return sets.version_in_force(criteria_set, on)
    except SetVersion.DoesNotExist as error:
        raise AdoptionRefused(str(error)) from None


type Shared = dict[int, tuple[SetDefinition, int]]
"""Indicator of a set → a set in use, and its indicator, that asks the same measure."""


def _shared(used: list[CriteriaSet], asked: SetDefinition, on: date) -> Shared:
    """Where results can be taken from; of several sets `used` the first."""
    others = [one for one in used if one.pk != asked.set_id]
    wanted = [one.id for criterion in asked.criteria for one in criterion.indicators]
    measures = dict(Indicator.objects.filter(pk__in=wanted).values_list("measure_id", "pk"))
    found: dict[int, tuple[SetDefinition, int]] = {}
    for other in others:
        theirs = definition(sets.version_in_force(other, on))
        ids = [one.id for criterion in theirs.criteria for one in criterion.indicators]
        for pk, measure_id in Indicator.objects.filter(pk__in=ids).values_list("pk", "measure_id"):
            if measure_id in measures:
                found.setdefault(measures[measure_id], (theirs, pk))
    return found


def _taken_over(
    province: Unit, asked: SetDefinition, shared: Shared, from_on: date, pending: Pending
) -> Iterator[Result]:
    """A result of the set for each that holds under another on the same measure."""
    required = Requirements(province, from_on)
    source = {pk for _, pk in shared.values()}
    heads = ledger.reported(required.unit_ids, [*source, *shared])
    ids = [
        cells[theirs].result_id
        for cells in heads.values()
        for own, (_, theirs) in shared.items()
        if theirs in cells and own not in cells
    ]
    results = Result.objects.in_bulk(ids)
    questions = {one.id: one for criterion in asked.criteria for one in criterion.indicators}
    for unit_id in required.unit_ids:
        cells = heads.get(unit_id, {})
        for own, (theirs, pk) in shared.items():
            if pk not in cells or own in cells:
                continue
            held = results[cells[pk].result_id]
            on = max(from_on, held.true_from)
            first = _asked(required, theirs, pk, unit_id, on)
            one = required.now(unit_id, questions[own], asked, on)
            yield _result(held, asked, one, first, on, pending)


def _asked(
    required: Requirements, asked: SetDefinition, indicator_id: int, unit_id: int, on: date
) -> Asked:
    questions = {one.id: one for criterion in asked.criteria for one in criterion.indicators}
    return required.now(unit_id, questions[indicator_id], asked, on)


def _result(
    held: Result, asked: SetDefinition, one: Asked, first: Asked, on: date, pending: Pending
) -> Result:
    values, outcome = values_of(held), Outcome(held.verdict)
    found = judged_beside(
        one,
        Finding(values=values, verdict=outcome, note=held.note),
        first=first,
        found=Judged(values=values, outcome=outcome, judge=Judge(held.judged_by)),
    )
    levels = list((one.levels or {}).values())
    only = levels[0] if len(levels) == 1 else None
    own = only.origin.own if only and only.origin else None
    return Result(
        unit_id=held.unit_id,
        indicator_id=one.question.id,
        set_version_id=asked.version_id,
        true_from=on,
        value=found.values.get(""),
        part_values={key: str(value) for key, value in found.values.items() if key} or None,
        threshold_id=only.threshold_id if only else None,
        province_level_id=own.id if own else None,
        verdict=found.outcome,
        judged_by=found.judge,
        note=held.note,
        cause=Result.Cause.REJUDGED,
        change_id=pending.id,
    )
