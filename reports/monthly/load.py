"""Reads from the database all that a month's report says, as known when the month was closed.

Figures come through the one door. For a closed month nothing recorded after its closing counts,
so that the same month gives the same report after later corrections; texts that people write and
settings are those of today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from communes import units
from communes.models import Tier, UnitAttribute, UnitVersion
from communes.vietnamese import fold
from criteria import access, headlines, ledger, months, move_words, moves
from criteria.decisions import reading as decisions
from criteria.figures import Figures, figures
from criteria.knowledge import Knowledge
from criteria.models import Basis, MonthClosing, Recognition, Result
from criteria.plans import reading as plans
from criteria.rules import rollup
from criteria.rules.types import SetDefinition
from reports import series
from reports.meeting import task_list
from reports.monthly import settings
from reports.monthly.inputs import (
    Commune,
    Compared,
    Decided,
    Department,
    Income,
    Inputs,
    Moment,
    MonthPoint,
    NotComparable,
    Part,
    Registered,
    Task,
)
from reports.monthly.phrases import lower
from reports.monthly.settings import Chosen
from reports.monthly.texts import texts_of

MOST_POINTS = 13


class NoReport(ValueError):
    """No report can be made of this unit and month; the message says why and what to do."""


def load(province: UnitVersion, month: date, *, closing: MonthClosing | None = None) -> Inputs:
    """Everything of the report of a province for the month ending on `month`.

    `closing` is the one to answer from, by default the one that holds. Raises NoReport for a
    unit that is no province and for a month that has not begun, DateNotLoaded as the door does.
    """
    _require(province, month)
    closing = closing or months.closing_of(province.unit_id, month)
    chosen = settings.chosen(province, month)
    answer = figures(province, month, closing=closing)
    basis = answer.basis if closing else chosen.basis
    asked = answer.asked
    if chosen.setup.brackets and asked.criteria:
        asked = replace(asked, bracket_cuts=tuple(chosen.setup.brackets))
    now = _moment(answer, asked, basis)
    before_day = month.replace(day=1) - timedelta(days=1)
    start_day = date(month.year - 1, 12, 31)
    earlier = {
        day: _earlier(province, day, closing, asked, basis) for day in {before_day, start_day}
    }
    before, start = earlier[before_day], earlier[start_day]
    seq = closing.seq if closing else None
    ids = list(now.rows)
    part_word, parts, communes = _communes(province, month, asked, now)
    return Inputs(
        unit_code=province.code,
        unit_name=province.full_name,
        month=month,
        asked=asked,
        basis=str(basis.label),
        closing_no=closing.no if closing else None,
        change_seq=closing.seq if closing else province.unit.clock.seq,
        simulated=answer.simulated,
        setup=chosen.setup,
        now=now,
        before=_compared("tháng trước", before_day, before, now),
        start=_compared("đầu năm", start_day, start, now),
        communes=communes,
        part_word=part_word,
        parts=parts,
        decided=_decided(ids, month, seq),
        registered=tuple(
            Registered(unit_id=unit_id, tier=tier)
            for unit_id, tier in sorted(plans.registrations(ids, month.year, seq=seq))
        ),
        targets={
            what: target.value
            for what, target in plans.targets(province.unit_id, month.year, seq=seq).items()
        },
        departments=_departments(province, month, asked),
        incomes=_incomes(asked, ids, month, start_day, seq),
        points=_points(answer, now, closing, chosen),
        moved=_moved(before, answer, basis),
        texts=texts_of(province.unit_id, month),
        tasks=tuple(
            Task(text=task.text, owner=owner, due_on=task.due_on)
            for task, owner in task_list.open_at(province, month, seq=seq)
        ),
    )


def _require(province: UnitVersion, month: date) -> None:
    if province.unit.tier != Tier.PROVINCE:
        raise NoReport(f"Báo cáo tháng chỉ lập cho tỉnh, thành phố; {province.full_name} không là.")
    if month != months.month_end(month):
        raise NoReport("Báo cáo tháng tính đến ngày cuối tháng.")
    last = months.month_end(months.working_day(province.unit))
    if month > last:
        raise NoReport(
            f"Tháng {month:%m/%Y} chưa đến; tháng đang làm việc của {province.full_name} là"
            f" {last:%m/%Y}."
        )


def _moment(answer: Figures, asked: SetDefinition, basis: Basis) -> Moment:
    """The answer on one basis, by the cut points of the office."""
    confirmed = basis == Basis.CONFIRMED
    tally = answer.confirmed if confirmed else answer.reported
    if asked.bracket_cuts != answer.asked.bracket_cuts and asked.set_id == answer.asked.set_id:
        tally = rollup.tally(asked, answer.rows, confirmed=confirmed)
    return Moment(
        day=answer.on,
        set_id=answer.asked.set_id,
        tally=tally,
        rows={row.unit_id: row for row in answer.rows if row.in_programme},
        confirmed=confirmed,
    )


type Earlier = tuple[Figures, Moment] | None


def _earlier(
    province: UnitVersion,
    day: date,
    closing: MonthClosing | None,
    asked: SetDefinition,
    basis: Basis,
) -> Earlier:
    """An earlier month-end as it stood closed when this month was closed.

    One that was not closed then is read from the ledger as known then. None where the unit was
    not there or nothing was known.
    """
    try:
        version = units.version_of(province.unit_id, day)
    except (units.UnknownUnit, units.DateNotLoaded):
        return None
    at = closing.change.at if closing else None
    held = months.closing_of(province.unit_id, day, at=at)
    if held is not None:
        answer = figures(version, day, closing=held)
    elif closing is not None:
        answer = figures(version, day, known=Knowledge(at=at))
    else:
        answer = figures(version, day)
    if not answer.reported.assessed:
        return None
    return answer, _moment(answer, asked, basis)


def _compared(label: str, day: date, earlier: Earlier, now: Moment) -> Compared:
    if earlier is None:
        return Compared(label=label, day=day, moment=None, why=NotComparable.NO_DATA)
    moment = earlier[1]
    why = NotComparable.NONE
    if moment.set_id != now.set_id:
        why = NotComparable.SET
    elif moment.rows.keys() != now.rows.keys():
        why = NotComparable.UNITS
    return Compared(label=label, day=day, moment=moment, why=why)


def _moved(before: Earlier, answer: Figures, basis: Basis) -> tuple[str, ...]:
    """Why the average and the recognised communes moved since the month before."""
    if before is None or before[0].asked.set_id != answer.asked.set_id:
        return ()
    found = moves.moves(before[0], answer, basis=basis)
    told = [
        f"{lower(move_words.name(one, found))} {', '.join(parts)}"
        for one in (found.explanation.average, found.explanation.recognised)
        if (parts := [f"{p.text} do {p.reason}" for p in move_words.parts(one) if p.amount])
    ]
    return (f"Thay đổi so với tháng trước gồm: {'; '.join(told)}.",) if told else ()


def _communes(
    province: UnitVersion, month: date, asked: SetDefinition, now: Moment
) -> tuple[str, tuple[Part, ...], tuple[Commune, ...]]:
    """The communes in alphabetical order inside their parts, and what the parts are."""
    ids, keys = list(now.rows), UnitAttribute.Key
    versions = {v.unit_id: v for v in UnitVersion.objects.alive_on(month).filter(unit_id__in=ids)}
    facts = _attributes(ids, month)
    districts = {row.district_id for row in now.rows.values() if row.district_id is not None}
    if districts:
        word, parts = "Huyện, thành phố", _districts(province, month, districts)
        part_of: Mapping[int, int | None] = {pk: row.district_id for pk, row in now.rows.items()}
    else:
        named = list(asked.commune_groups.items())
        numbers = {code: place for place, (code, _) in enumerate(named, start=1)}
        key = keys.COMMUNE_GROUP.value
        group = {pk: numbers.get(facts.get((pk, key), "")) for pk in ids}
        in_use = set(group.values())
        parts = tuple(Part(id=numbers[code], name=name) for code, name in named)
        parts = tuple(part for part in parts if part.id in in_use)
        word, part_of = ("Nhóm xã", group) if parts else ("", dict.fromkeys(ids))
    order = {part.id: place for place, part in enumerate(parts)}
    ids.sort(
        key=lambda pk: (
            order.get(part_of[pk] or 0, len(order)),
            versions[pk].sort_key if pk in versions else "",
            pk,
        )
    )
    return word, parts, tuple(
        Commune(
            unit_id=pk,
            name=versions[pk].full_name if pk in versions else f"Đơn vị số {pk}",
            part=part_of[pk],
            zone=facts.get((pk, keys.DIFFICULTY_ZONE.value), ""),
            hard=facts.get((pk, keys.SPECIAL_DIFFICULTY.value)) == "yes",
        )
        for pk in ids
    )  # fmt: skip


def _attributes(ids: Collection[int], month: date) -> dict[tuple[int, str], str]:
    keys = UnitAttribute.Key
    wanted = (keys.DIFFICULTY_ZONE, keys.SPECIAL_DIFFICULTY, keys.COMMUNE_GROUP)
    rows = UnitAttribute.objects.alive_on(month).filter(unit_id__in=ids, key__in=wanted)
    return {(pk, key): value for pk, key, value in rows.values_list("unit_id", "key", "value")}


def _districts(province: UnitVersion, month: date, ids: Collection[int]) -> tuple[Part, ...]:
    """The districts of the rows by name; one that the register no longer has keeps its number."""
    alive = units.districts_of(province, month).filter(unit_id__in=ids)
    found = [Part(id=version.unit_id, name=version.full_name) for version in alive]
    lost = sorted(set(ids) - {part.id for part in found})
    return (*found, *(Part(id=pk, name=f"Đơn vị số {pk}") for pk in lost))


def _decided(ids: Sequence[int], month: date, seq: int | None) -> tuple[Decided, ...]:
    """The recognitions that hold or held by the end of the month, with corrections in place."""
    return tuple(
        Decided(
            unit_id=one.row.unit_id,
            tier=one.stands.tier,
            year=one.stands.year,
            round=one.stands.round,
            number=one.stands.number,
            decided_on=one.stands.decided_on,
            revoked=one.revoked,
        )
        for one in decisions.recorded(ids, seq=seq)
        if one.row.act in (Recognition.Act.RECOGNISE, Recognition.Act.OPENING)
        and not one.mistaken
        and one.stands.effective_on <= month
    )


def _departments(
    province: UnitVersion, month: date, asked: SetDefinition
) -> dict[int, tuple[Department, ...]]:
    numbers = {criterion.id: criterion.number for criterion in asked.criteria}
    found = access.answering(province.unit_id, month, list(numbers))
    return {
        numbers[pk]: tuple(
            Department(name=row.department.name, checked=not row.unverified) for row in rows
        )
        for pk, rows in found.items()
    }


def _points(
    answer: Figures, now: Moment, closing: MonthClosing | None, chosen: Chosen
) -> tuple[MonthPoint, ...]:
    """The averages of the last year or so under the set of the report, this month the last."""
    if not answer.asked.set_id:
        return ()
    leads = headlines.stretches(answer.province_sets)
    found = series.series(
        answer.unit.unit_id,
        answer.unit.unit_id,
        leads,
        answer.basis if closing else chosen.basis,
        until=answer.on,
        at=closing.change.at if closing else None,
    )
    points = [
        MonthPoint(month=point.month, average=point.average, communes=point.communes)
        for point in found
        if point.set_id == now.set_id and point.average is not None and point.month < answer.on
    ]
    if now.tally.average is not None:
        points.append(
            MonthPoint(month=answer.on, average=now.tally.average, communes=now.tally.communes)
        )
    return tuple(points[-MOST_POINTS:])


def _incomes(
    asked: SetDefinition, ids: Sequence[int], month: date, start: date, seq: int | None
) -> dict[int, Income]:
    """Income and rate of poor households, where the set asks them as figures; two look-ups."""
    money = _cell(asked, "thu nhap", "money")
    poor = _cell(asked, "ngheo", "percent")
    wanted = [cell for cell in (money, poor) if cell is not None]
    if not wanted:
        return {}
    read = {day: _values(ids, wanted, day, seq) for day in (start, month)}
    return {
        pk: Income(
            start=read[start].get((pk, money or 0)),
            now=read[month].get((pk, money or 0)),
            poor=read[month].get((pk, poor or 0)),
        )
        for pk in ids
        if any((pk, cell) in read[month] for cell in wanted)
    }


def _cell(asked: SetDefinition, word: str, kind: str) -> int | None:
    """The first indicator of that kind in the criterion whose name holds the word."""
    return next(
        (
            indicator.id
            for criterion in asked.criteria
            if word in fold(criterion.name)
            for indicator in criterion.indicators
            if indicator.kind == kind
        ),
        None,
    )


def _values(
    ids: Sequence[int], cells: Sequence[int], day: date, seq: int | None
) -> dict[tuple[int, int], Decimal]:
    heads = ledger.reported(ids, cells, day=day, seq=seq)
    results = {
        held.result_id: (unit_id, cell)
        for unit_id, found in heads.items()
        for cell, held in found.items()
    }
    rows = Result.objects.filter(pk__in=list(results), value__isnull=False)
    return {results[pk]: value.normalize() + 0 for pk, value in rows.values_list("pk", "value")}
