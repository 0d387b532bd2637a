"""The tables of figures, B1 to B3: which rows and columns they have. Pure.

A table without data is None: it is left out and named, never printed empty.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from communes.vietnamese import rounded
from criteria.rules.types import Tally
from reports.monthly import phrases, totals
from reports.monthly.columns import NAMES, TT, count, known, table, text
from reports.monthly.inputs import Inputs, Moment
from reports.tables import Column, Kind, Table, Value, share

type Number = Decimal | int | None

# ── B1 ────────────────────────────────────────────────────────────────────────────────────────


def summary(inputs: Inputs) -> Table:
    """B1: every headline figure at the year's start, a month ago and now, with the year's plan."""
    year, now = inputs.month.year, inputs.now
    places = inputs.setup.average_places
    columns = (
        TT,
        text("Nội dung", 34),
        text("Đơn vị tính", 11),
        Column(label=f"Kết quả đến 31/12/{year - 1}", kind=Kind.FIGURE, width=12),
        Column(label="Kết quả tháng trước", kind=Kind.FIGURE, width=12),
        Column(label="Kết quả đến hết tháng báo cáo", kind=Kind.FIGURE, width=12),
        Column(label="Tăng (+), giảm (−) so với tháng trước", kind=Kind.FIGURE, width=12),
        Column(label="Tăng (+), giảm (−) so với đầu năm", kind=Kind.FIGURE, width=12),
        Column(label=f"Kế hoạch năm {year}", kind=Kind.FIGURE, width=12),
        Column(label="% so với kế hoạch", kind=Kind.SHARE, width=11, of=(5, 8)),
    )
    rows: list[list[Value]] = []

    def add(
        label: str,
        unit: str,
        found: list[Number],
        *,
        digits: int = 0,
        target: Decimal | None = None,
        same_set: bool = True,
    ) -> None:
        start, before, value = found
        base_start, base_before = start, before
        if inputs.start.base is None:
            base_start = None
            start = None if same_set else start
        if inputs.before.base is None:
            base_before = None
            before = None if same_set else before
        rows.append(
            [
                len(rows) + 1,
                label,
                unit,
                _shown(start, digits),
                _shown(before, digits),
                _shown(value, digits),
                _difference(value, base_before, digits),
                _difference(value, base_start, digits),
                _shown(target, digits),
                _of_plan(_shown(value, digits), target),
            ]
        )

    moments = (inputs.start.moment, inputs.before.moment, now)

    def over(ask: Callable[[Moment], Number]) -> list[Number]:
        return [None if moment is None else ask(moment) for moment in moments]

    add("Tổng số xã tham gia Chương trình", "xã", over(lambda m: m.tally.communes), same_set=False)
    add(
        "Số xã được công nhận đạt chuẩn nông thôn mới",
        "xã",
        over(lambda m: m.tally.recognised),
        target=inputs.targets.get("recognised"),
        same_set=False,
    )
    add(
        "Tỷ lệ xã được công nhận trên tổng số xã",
        "%",
        over(lambda m: _percent(m.tally.recognised, m.tally.communes)),
        digits=inputs.setup.percent_places,
        same_set=False,
    )
    for tier in totals.higher_tiers(year):
        label = f"Số xã đạt chuẩn {totals.TIER_NAMES[tier]}"
        add(label, "xã", over(_holding(tier)), same_set=False)
    add("Tổng số tiêu chí đạt", "tiêu chí", over(lambda m: known(m.tally, m.tally.criteria_met)))
    add(
        "Bình quân tiêu chí/xã",
        "tiêu chí/xã",
        over(lambda m: m.tally.average),
        digits=places,
        target=inputs.targets.get("average"),
    )
    for place, bracket in enumerate(now.tally.brackets):
        if bracket.low is None and not bracket.communes:
            continue
        label = f"Số xã {phrases.bracket(bracket)}"
        add(label, "xã", over(_in_bracket(now, place)))
    if now.tally.border:
        add(
            "Số xã biên giới đạt chuẩn",
            "xã",
            over(lambda m: m.tally.recognised_border),
            same_set=False,
        )
    hard = {commune.unit_id for commune in inputs.communes if commune.hard}
    if hard:
        add(
            "Số xã đặc biệt khó khăn đạt chuẩn",
            "xã",
            over(lambda m: sum(bool(r.recognised_tier) for u, r in m.rows.items() if u in hard)),
            same_set=False,
        )
    return table("B1", inputs, columns, rows)


def _percent(part: int, whole: int) -> Decimal | None:
    found = share(part, whole)
    return None if found is None else 100 * found


def _holding(tier: str) -> Callable[[Moment], Number]:
    return lambda moment: totals.with_tier(moment, tier)


def _in_bracket(now: Moment, place: int) -> Callable[[Moment], Number]:
    """The communes of the same group on another day; None by another set."""
    wanted = now.tally.brackets[place]

    def ask(moment: Moment) -> Number:
        if not moment.tally.assessed:
            return None
        for one in moment.tally.brackets:
            if (one.low, one.high) == (wanted.low, wanted.high):
                return one.communes
        return 0 if moment.set_id == now.set_id else None

    return ask


def _shown(value: Number, digits: int) -> Number:
    if value is None or isinstance(value, int):
        return value
    found = rounded(value, digits)
    return found if digits else int(found)


def _of_plan(shown: Number, target: Decimal | None) -> Decimal | None:
    """From the figures as they are printed, so that whoever divides them finds the same."""
    return Decimal(shown) / target if shown is not None and target else None


def _difference(value: Number, base: Number, digits: int) -> Number:
    if value is None or base is None:
        return None
    return _shown(value - base, digits)


# ── B2, B3 ────────────────────────────────────────────────────────────────────────────────────


def brackets(inputs: Inputs) -> Table | None:
    """B2: the groups of communes by district (by group of communes, or the province alone)."""
    now = inputs.now.tally
    if not now.brackets:
        return None
    columns = [TT, text(inputs.part_word or "Địa bàn"), count("Tổng số xã", summed=True)]
    for bracket in now.brackets:
        place = len(columns)
        columns += [
            count("Số xã", group=bracket.label, summed=True),
            Column(label="%", kind=Kind.SHARE, width=8, group=bracket.label, of=(place, 2)),
        ]
    met = len(columns)
    columns += [
        count("Tổng số tiêu chí", summed=True),
        Column(label="Bình quân tiêu chí/xã", kind=Kind.AVERAGE, width=10, of=(met, 2)),
        Column(label="Tăng so với đầu năm", kind=Kind.AVERAGE, width=10),
        count("Số xã được công nhận", summed=True),
    ]
    base = inputs.start.base
    rows = [
        [number, one.part.name, *_bracket_row(now, one.now, one.start)]
        for number, one in enumerate(totals.parts(inputs), start=1)
    ]
    whole = [None, "Toàn tỉnh", *_bracket_row(now, now, base.tally if base else None)]
    title = f"{NAMES['B2']}, theo {inputs.part_word.lower()}" if inputs.part_word else ""
    return table("B2", inputs, columns, rows, whole, title=title)


def _bracket_row(whole: Tally, now: Tally, start: Tally | None) -> list[Value]:
    """A part under the groups of the whole: one that nobody of the part is in may be missing."""
    row: list[Value] = [now.communes]
    here = {(one.low, one.high): one.communes for one in now.brackets}
    for bracket in whole.brackets:
        number = here.get((bracket.low, bracket.high), 0)
        row += [number, share(number, now.communes)]
    moved = None
    if start is not None and now.average is not None and start.average is not None:
        moved = now.average - start.average
    return [*row, known(now, now.criteria_met), now.average, moved, now.recognised]


def criteria(inputs: Inputs) -> Table | None:
    """B3: how many communes meet each criterion, who answers for it, what changed in the year."""
    counts = inputs.now.tally.criteria
    if not counts:
        return None
    year = inputs.month.year
    base = inputs.start.base
    earlier = {one.number: one.met for one in base.tally.criteria} if base else {}
    columns = [
        TT,
        text("Tên tiêu chí", 30),
        text("Cơ quan phụ trách", 26),
        count(f"Số xã đạt đến 31/12/{year - 1}"),
        count("Số xã đạt kỳ báo cáo"),
        Column(label="Tỷ lệ trên tổng số xã", kind=Kind.SHARE, width=10),
        count("Tăng (+), giảm (−)"),
        count("Số xã chưa đạt"),
    ]
    rows = [
        [
            one.number,
            one.name,
            _departments(inputs, one.number),
            earlier.get(one.number),
            one.met,
            share(one.met, one.communes),
            one.met - earlier[one.number] if one.number in earlier else None,
            one.communes - one.met,
        ]
        for one in counts
    ]
    return table("B3", inputs, columns, rows)


def unchecked_departments(inputs: Inputs) -> bool:
    return any(not one.checked for found in inputs.departments.values() for one in found)


def _departments(inputs: Inputs, number: int) -> str:
    found = inputs.departments.get(number, ())
    return "; ".join(one.name if one.checked else f"{one.name}*" for one in found)
