"""From what was loaded to the slides of a meeting: pure, and the same for screen and slide file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from communes.vietnamese import format_number
from criteria.explain import bracket_key
from criteria.rules.types import CriterionCount, Tally
from reports import findings
from reports.meeting import headings
from reports.meeting.deck import (
    Bar,
    BarsSlide,
    ChangedSlide,
    Deck,
    DifficultiesSlide,
    Due,
    DueSlide,
    HeadlineSlide,
    Moved,
    MovedCommune,
    Progress,
    Slide,
    TasksSlide,
    in_pages,
    words_of_day,
)
from reports.meeting.facts import Before, Facts, Shift, due_row, met_of, names_of, places

MOST_DUE, MOST_TASKS, MOST_MOVED, MOST_WORST, MOST_NEAREST = 9, 6, 8, 5, 9
"""Rows that a slide has room for in letters that a hall can read."""
MOST_PARTS, MOST_CRITERIA, MOST_NUMBERS = 16, 24, 6


def build(facts: Facts) -> Deck:
    """The slides in the order of the meeting; every figure of them comes out of `facts`."""
    slides: list[Slide] = [_headline(facts), _changed(facts), _brackets(facts)]
    slides += [
        *_criteria(facts),
        *_parts(facts),
        *_due(facts),
        _difficulties(facts),
        *_tasks(facts),
    ]
    return Deck(
        unit_code=facts.unit_code,
        unit_name=facts.unit_name,
        on=facts.on,
        state=facts.state,
        source=facts.source,
        simulated=facts.simulated,
        slides=slides,
        places=places(facts),
        criteria={one.number: one.name for one in facts.asked.criteria},
        brackets=[one.label for one in facts.tally.brackets],
    )


def _kicker(facts: Facts, words: str) -> str:
    return f"{words} · {words_of_day(facts.on)}"


FIGURES = (
    ("Xã được công nhận đạt chuẩn", "recognised", 0),
    ("Bình quân tiêu chí/xã", "average", 2),
    ("Tổng số tiêu chí đạt", "criteria_met", 0),
)
"""The figures that lead: name, where a tally and an earlier month keep them, decimals."""


def _moved(facts: Facts) -> list[Moved]:
    last = None if facts.broken else facts.last
    return [
        Moved(
            name=name,
            value=getattr(facts.tally, key),
            since_month=_change(facts.tally, last, key),
            since_year=_change(facts.tally, facts.year_start, key),
            places=decimals,
        )
        for name, key, decimals in FIGURES
    ]


def _change(now: Tally, before: Before | None, key: str) -> Decimal | int | None:
    """None where there is nothing to compare with, or nothing was assessed on one of the days."""
    new, old = getattr(now, key), getattr(before, key, None)
    return None if new is None or old is None else new - old


def _headline(facts: Facts) -> HeadlineSlide:
    tally, start = facts.tally, facts.year_start
    gained = tally.recognised - start.recognised if start else None
    border = ""
    if tally.border:
        border = (
            f"gồm {format_number(tally.recognised_border)}/{format_number(tally.border)}"
            " xã biên giới"
        )
    return HeadlineSlide(
        key="headline",
        kicker=_kicker(facts, facts.unit_name),
        heading=headings.headline(facts.unit_name, tally, facts.rows, gained),
        recognised=tally.recognised,
        communes=tally.communes,
        assessed=tally.assessed,
        average=tally.average,
        criteria_met=tally.criteria_met,
        moved=_moved(facts),
        border=border,
        brackets=_bracket_bars(facts) if tally.average is not None else (),
        before_label=_before_label(facts),
        since=facts.last.month if facts.last and not facts.broken else None,
    )


def _before_label(facts: Facts) -> str:
    return f"cuối năm {facts.year_start.month.year}" if facts.year_start else ""


def _changed(facts: Facts) -> ChangedSlide:
    found, last = _moved(facts), facts.last
    shifted = sorted(
        facts.shifts, key=lambda one: (-abs(len(one.gained) - len(one.dropped)), one.unit_id)
    )
    return ChangedSlide(
        key="changed",
        kicker=_kicker(facts, "Điều gì thay đổi"),
        heading=_changed_heading(facts, found),
        since=last.month if last else None,
        why_not=facts.why_not,
        moved=found,
        year_start=facts.year_start.month if facts.year_start else None,
        reasons=facts.reasons,
        communes=[_shift(facts, one) for one in shifted[:MOST_MOVED]],
        others=max(0, len(shifted) - MOST_MOVED),
        months=facts.months,
    )


def _changed_heading(facts: Facts, found: Sequence[Moved]) -> str:
    last = facts.last
    if last is None:
        return "Chưa so sánh được với tháng trước"
    if facts.broken:
        return headings.broken(last.month, facts.broken)
    average, recognised = found[1].since_month, found[0].since_month
    return headings.changed(
        last.month,
        None if average is None else Decimal(average),
        None if recognised is None else int(recognised),
    )


def _shift(facts: Facts, one: Shift) -> MovedCommune:
    said = []
    for word, numbers in (("đạt thêm", one.gained), ("không còn đạt", one.dropped)):
        if numbers:
            said.append(f"{word} {_numbers(numbers, facts)}")
    return MovedCommune(
        name=facts.names[one.unit_id].full,
        amount=len(one.gained) - len(one.dropped),
        words="; ".join(said),
    )


def _numbers(numbers: Sequence[int], facts: Facts) -> str:
    """ "10 Thu nhập"; several are told by number, many are counted."""
    if len(numbers) == 1:
        return f"{numbers[0]} {names_of(facts.asked).get(numbers[0], '')}".strip()
    if len(numbers) > MOST_NUMBERS:
        return f"{len(numbers)} tiêu chí"
    return f"tiêu chí {', '.join(map(str, numbers))}"


def _bracket_bars(facts: Facts) -> list[Bar]:
    before = facts.year_start.brackets if facts.year_start else {}
    found = facts.tally.brackets
    widest = max([1, *(one.communes for one in found), *before.values()])
    return [
        Bar(
            label=one.label,
            value=one.communes,
            of=widest,
            before=before.get(one.label) if before else None,
            note=findings.movement(one.communes - before[one.label]) if one.label in before else "",
            key=f"bracket:{at}",
            figure=bracket_key(one),
            shade=0 if one.low is None else min(at + 1, 5),
        )
        for at, one in enumerate(found)
    ]


def _brackets(facts: Facts) -> BarsSlide:
    before = dict(facts.year_start.brackets) if facts.year_start else {}
    return BarsSlide(
        key="brackets",
        kicker=_kicker(facts, "Nhóm xã theo số tiêu chí đạt"),
        heading=findings.brackets_finding(facts.tally.brackets, before),
        bars=_bracket_bars(facts),
        base=_base(facts),
        before_label=_before_label(facts),
        empty="Ngày này chưa có số liệu để phân nhóm.",
    )


def _base(facts: Facts) -> str:
    return f"Tính trên {format_number(facts.tally.communes)} xã tham gia Chương trình"


def _worst_first(facts: Facts) -> list[CriterionCount]:
    return sorted(facts.tally.criteria, key=lambda one: (one.met, one.number))


def _criterion_bar(one: CriterionCount) -> Bar:
    missing = one.communes - one.met
    return Bar(
        label=f"{one.number}. {one.name}",
        value=one.met,
        of=one.communes,
        note=f"còn {format_number(missing)} xã" if missing else "đủ",
        key=f"criterion:{one.number}",
    )


def _criteria(facts: Facts) -> Iterator[BarsSlide]:
    found = _worst_first(facts) if facts.tally.average is not None else []
    pages = in_pages(found, MOST_CRITERIA)
    for at, page in enumerate(pages, start=1):
        yield BarsSlide(
            key="criteria",
            kicker=_kicker(facts, "Từng tiêu chí, từ thấp đến cao"),
            heading=findings.criteria_finding(found) if found else "Chưa có kết quả theo tiêu chí",
            page=at,
            pages=len(pages),
            bars=[_criterion_bar(one) for one in page],
            base=_base(facts),
            value_label="Số xã đạt",
            empty="Ngày này chưa có kết quả đánh giá nào.",
        )


def _parts(facts: Facts) -> Iterator[BarsSlide]:
    """Districts or groups from the best average; nothing where the province has neither."""
    top = max(1, len(facts.asked.criteria))
    best = sorted(facts.parts, key=lambda one: (-(one[2].average or Decimal(-1)), one[1]))
    if not best:
        return
    known = [name for _, name, tally in best if tally.average is not None]
    pages = in_pages(best, MOST_PARTS)
    for at, page in enumerate(pages, start=1):
        yield BarsSlide(
            key="parts",
            kicker=_kicker(facts, f"Theo {facts.parts_kind}"),
            heading=headings.parts(known, facts.parts_kind),
            page=at,
            pages=len(pages),
            bars=[
                Bar(
                    label=name,
                    value=tally.average,
                    of=top,
                    note=f"{format_number(tally.recognised)}/{format_number(tally.communes)}"
                    " xã đạt chuẩn",
                    key=f"part:{pk}",
                )
                for pk, name, tally in page
            ],
            base=_base(facts),
            places=2,
            value_label="Bình quân tiêu chí/xã",
        )


def _due(facts: Facts) -> Iterator[DueSlide]:
    """The communes registered for the year; where nobody is, those nearest to the standard."""
    year = facts.on.year
    rows = sorted(
        facts.registered, key=lambda one: (one.progress is Progress.HOLDS, len(one.lacks), one.name)
    )
    heading = headings.due(rows, year) if rows else ""
    registered = bool(rows)
    if not registered:
        rows = _nearest(facts)
        heading = headings.nearest(rows, year)
    pages = in_pages(rows, MOST_DUE)
    for at, page in enumerate(pages, start=1):
        yield DueSlide(
            key="due",
            kicker=_kicker(facts, f"Xã phấn đấu đạt chuẩn năm {year}"),
            heading=heading,
            page=at,
            pages=len(pages),
            rows=page,
            registered=registered,
            year=year,
            target=facts.target,
        )


def _nearest(facts: Facts) -> list[Due]:
    rows = [
        row
        for row in facts.rows
        if row.in_programme and row.assessed and row.of and not row.recognised_tier
    ]
    rows.sort(key=lambda row: (row.of - met_of(facts, row), facts.names[row.unit_id].key))
    return [due_row(facts, row, tier="standard") for row in rows[:MOST_NEAREST]]


def _difficulties(facts: Facts) -> DifficultiesSlide:
    found = _worst_first(facts) if facts.tally.average is not None else []
    worst = [one for one in found if one.met < one.communes][:MOST_WORST]
    lost = [_shift(facts, one) for one in facts.shifts if one.dropped]
    first = worst[0] if worst else None
    return DifficultiesSlide(
        key="difficulties",
        kicker=_kicker(facts, "Khó khăn, vướng mắc"),
        heading=headings.difficulties(
            first.name if first else "",
            first.communes - first.met if first else 0,
            len(facts.waited),
            facts.tally.communes,
            lost,
        )
        if facts.tally.communes
        else "Ngày này chưa có số liệu",
        criteria=[_criterion_bar(one) for one in worst],
        late=[facts.names[pk].full for pk in facts.waited],
        sent=facts.tally.communes - len(facts.waited),
        communes=facts.tally.communes,
        unconfirmed=facts.unconfirmed,
        lost=lost,
        texts=facts.texts,
    )


def _tasks(facts: Facts) -> Iterator[TasksSlide]:
    pages = in_pages(facts.earlier, MOST_TASKS)
    for at, page in enumerate(pages, start=1):
        yield TasksSlide(
            key="tasks",
            kicker="Nhiệm vụ từ các cuộc họp trước",
            heading=headings.tasks(facts.earlier),
            page=at,
            pages=len(pages),
            tasks=page,
            empty="Nhiệm vụ ghi tại một cuộc họp mở đầu cuộc họp sau, với tình trạng của nó.",
        )
    yield TasksSlide(
        key="given",
        kicker="Nhiệm vụ của cuộc họp này",
        heading=headings.given(facts.given),
        tasks=facts.given,
        empty="Chưa ghi nhiệm vụ nào tại cuộc họp này.",
    )
