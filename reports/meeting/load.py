"""Loads what a meeting is shown, all of it from the one door, and hands it to the pure builder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from textwrap import shorten

from django.utils import timezone

from communes import units
from communes.models import DataClock, UnitVersion
from communes.vietnamese import format_date, format_number
from criteria import months, move_words, moves
from criteria.figures import AVERAGE_PLACES, Figures
from criteria.knowledge import Knowledge
from criteria.models import MonthClosing
from criteria.months import lateness
from criteria.moves import Moves, NotExplained
from criteria.rules.causes import Why
from criteria.rules.types import Totals
from reports.charts.timeline import Spot, Timeline
from reports.charts.trend import Trend, trend
from reports.meeting.build import build
from reports.meeting.deck import Deck, MonthValue, Reason
from reports.meeting.facts import Before, Facts, Name, Shift
from reports.meeting.registered import registered, target
from reports.meeting.task_list import tasks_of
from reports.monthly import texts
from reports.monthly.sections import Section
from reports.overview import Overview, overview

SHOWN_MONTHS = 36
MOST_SAID, LONGEST_SAID = 3, 150
"""Paragraphs of the office on a slide, and letters of each."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A deck with the answer that it was made from; `page` is the overview of the same answer."""

    deck: Deck
    page: Overview
    month: date
    today: date

    @cached_property
    def drawing(self) -> Trend | None:
        """The average over the months up to the day as a line; None with fewer than two."""
        stretch = Timeline(spots=_stretch(self.page))
        return trend(stretch, unit="tiêu chí/xã", places=AVERAGE_PLACES)

    @property
    def answer(self) -> Figures:
        return self.page.answer


def bound(province: UnitVersion, on: date | None) -> tuple[UnitVersion, date]:
    """The province and day that a meeting opens with: the last closed month unless one is named.

    A province that never closed a month opens with its working month.
    """
    if on is None:
        on = moves.last_closed_before(province.unit_id, date.max)
        on = on or months.month_end(months.working_day(province.unit))
    return units.version_of(province.unit_id, on), on


def meeting(province: UnitVersion, on: date, *, known: Knowledge | None = None) -> Meeting:
    """The deck of a province on a day: a closed month as it was frozen, or else as known at
    `known` (now, where none is named), so that what is shown does not move during the meeting.

    The office's own words and the state of tasks are those of now. A bounded number of queries.
    """
    if known is None and months.closing_of(province.unit_id, on) is None:
        known = Knowledge(at=timezone.now())
    page = overview(province, on, known=known)
    today = months.working_day(province.unit)
    return Meeting(
        deck=build(_facts(page, province, on, today)),
        page=page,
        month=months.month_end(on),
        today=today,
    )


def _facts(page: Overview, province: UnitVersion, on: date, today: date) -> Facts:
    answer = page.answer
    last, why_not = _last_month(answer)
    there = {version.unit_id: version for version in units.communes_in_programme(province, on)}
    parts_kind, parts, part_of = _parts(page)
    shifts = _shifts(last) if last else []
    names = {pk: _name(version, part_of.get(pk, 0)) for pk, version in there.items()}
    names |= _gone({one.unit_id for one in shifts} - names.keys(), answer, last)
    names |= _gone({row.unit_id for row in answer.rows} - names.keys(), answer, last)
    waited = lateness.submissions(province, months.month_end(on), today=today).waited
    names |= {
        o.version.unit_id: _name(o.version, 0) for o in waited if o.version.unit_id not in names
    }
    month = months.month_end(on)
    earlier, given = tasks_of(province, month, today=today)
    return Facts(
        unit_code=province.code,
        unit_name=province.full_name,
        on=on,
        state=_state(answer),
        source=_source(answer),
        simulated=answer.simulated,
        confirmed=answer.headline is answer.confirmed,
        asked=answer.asked,
        tally=page.tally,
        rows=answer.rows,
        names=names,
        year_start=_year_start(page),
        last=_before(last.before) if last else None,
        why_not=why_not,
        broken=page.history.comparable(last.before.on)[1] if last else "",
        reasons=_reasons(last) if last else (),
        shifts=shifts,
        months=[MonthValue(month=spot.month, value=spot.value) for spot in _stretch(page)],
        parts=parts,
        parts_kind=parts_kind,
        registered=registered(answer, names, dict((pk, name) for pk, name, _ in parts)),
        target=target(province, on.year, page.tally),
        waited=[one.version.unit_id for one in waited],
        unconfirmed=page.unconfirmed,
        earlier=earlier,
        given=given,
        texts=_difficulties(province, month),
    )


def _stretch(page: Overview) -> tuple[Spot, ...]:
    """The months up to the day that one line joins: no break of set, units or data in them."""
    line = page.history.line
    return line.segments[-1][-SHOWN_MONTHS:] if line.spots else ()


def _state(answer: Figures) -> str:
    """Of a month-end whether it is closed, and up to when what was recorded counts."""
    closing, said = answer.how.closing or answer.how.closed, []
    if answer.on == months.month_end(answer.on):
        again = f" lần {closing.no}" if closing and closing.no > 1 else ""
        said.append(f"đã chốt{again}" if closing else "chưa chốt")
    return ", ".join([*said, *([answer.known.label] if answer.known else [])])


def _source(answer: Figures) -> str:
    """Set, basis, day and number of the last change counted, as the notes of a slide name them."""
    seq = answer.how.seq
    if seq is None:
        seq = DataClock.objects.values_list("seq", flat=True).get(pk=answer.unit.unit.clock_id)
    return (
        f"{answer.asked.name or 'Chưa áp dụng bộ tiêu chí'} · {answer.basis.label} · tính đến"
        f" {format_date(answer.on)} · {_state(answer)} · số ghi nhận {format_number(seq)}"
    )


def _name(version: UnitVersion, part: int) -> Name:
    return Name(code=version.code, full=version.full_name, key=version.search_key, part=part)


def _gone(unit_ids: Iterable[int], answer: Figures, last: Moves | None) -> dict[int, Name]:
    """Communes that are named and not in the programme on the day: as they were called last."""
    ids = list(unit_ids)
    if not ids:
        return {}
    days = [answer.on, *([last.before.on] if last else [])]
    found: dict[int, Name] = {}
    for day in reversed(days):
        for version in UnitVersion.objects.alive_on(day).filter(unit_id__in=ids):
            found[version.unit_id] = _name(version, 0)
    return found


def _last_month(answer: Figures) -> tuple[Moves | None, str]:
    """Why the figures moved since the last closed month before the day, or why that is not told."""
    first = moves.usual_first(answer.unit, answer.on)
    try:
        before = moves.first_answer(answer, first)
    except (NotExplained, LookupError) as error:
        return None, str(error)
    if before.headline.average is None or answer.headline.average is None:
        which = before if before.headline.average is None else answer
        return None, f"Đến {format_date(which.on)} chưa có kết quả đánh giá nào để so sánh."
    return moves.moves(before, answer), ""


def _before(answer: Figures) -> Before:
    tally = answer.headline
    return Before(
        month=answer.on,
        recognised=tally.recognised,
        average=tally.average,
        criteria_met=tally.criteria_met,
    )


def _year_start(page: Overview) -> Before | None:
    point = page.year_start
    if point is None:
        return None
    return Before(
        month=point.month,
        recognised=point.recognised,
        average=point.average,
        criteria_met=point.criteria_met,
        brackets=dict(point.brackets),
    )


def _reasons(found: Moves) -> list[Reason]:
    parts = move_words.parts(found.explanation.average)
    return [Reason(words=part.reason, amount=part.amount) for part in parts if part.amount]


def _shifts(found: Moves) -> list[Shift]:
    """Criteria gained and lost by commune; those that came or went as units are not told so."""
    gained: dict[int, set[int]] = defaultdict(set)
    dropped: dict[int, set[int]] = defaultdict(set)
    for cause in found.explanation.causes:
        if cause.why not in (Why.UNITS, Why.SET):
            gained[cause.unit_id] |= set(cause.gained)
            dropped[cause.unit_id] |= set(cause.dropped)
    return [
        Shift(
            unit_id=pk,
            gained=tuple(sorted(gained[pk] - dropped[pk])),
            dropped=tuple(sorted(dropped[pk] - gained[pk])),
        )
        for pk in gained
        if gained[pk] != dropped[pk]
    ]


def _parts(page: Overview) -> tuple[str, list[tuple[int, str, Totals]], dict[int, int]]:
    """Districts; where there are none the groups of communes; and which commune is in which."""
    if page.parts:
        found = [(one.version.unit_id, one.version.full_name, one.tally) for one in page.parts]
        inside = {row.unit_id: row.district_id or 0 for row in page.answer.rows}
        return "huyện, thành phố", found, inside
    numbered = list(enumerate(page.groups, start=1))
    inside = {pk: number for number, group in numbered for pk in group.communes}
    return "nhóm xã", [(number, one.label, one.tally) for number, one in numbered], inside


def _difficulties(province: UnitVersion, month: date) -> list[str]:
    """What the month's report says of difficulties, as much of it as a slide holds."""
    said = texts.texts_of(province.unit_id, month).get(Section.DIFFICULTIES, "")
    lines = [line for line in said.split("\n") if line]
    return [shorten(line, LONGEST_SAID, placeholder="…") for line in lines[:MOST_SAID]]


def closed_months(province: UnitVersion) -> list[date]:
    """The closed month-ends of a province, latest first: what a meeting can be bound to."""
    held = MonthClosing.objects.holding().filter(province_id=province.unit_id)
    return list(held.order_by("-month").values_list("month", flat=True))
