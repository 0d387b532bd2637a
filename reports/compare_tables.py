"""A comparison as tables with native numbers, for its workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from communes.vietnamese import format_date
from criteria.models import CriteriaSet, Verdict
from criteria.rules.types import Outcome, Tally
from reports.compare import Comparison
from reports.compare_parts import Side, in_bracket, turn
from reports.tables import Column, Kind, Table, Value, share


def compare_heading(found: Comparison) -> str:
    """What stands on every sheet: units, days and their state, set, basis and communes."""
    answer = found.own.answer
    names = list(dict.fromkeys(side.version.full_name for side in found.sides))
    days = dict.fromkeys(_day(side) for side in found.sides)
    said = [
        f"So sánh {', '.join(names)}",
        f"tính đến {'; '.join(days)}",
        (answer.asked.name or "chưa áp dụng bộ tiêu chí")
        if found.same_set
        else "mỗi cột theo bộ tiêu chí của mình",
        str(answer.basis.label),
        found.asked.only,
    ]
    return " · ".join(filter(None, said))


def _day(side: Side) -> str:
    answer = side.answer
    state = "đã chốt" if answer.frozen else "chưa chốt"
    if answer.known:
        state = f"theo số liệu {answer.known.label}"
    return f"{format_date(answer.on)} ({state})"


def compare_tables(found: Comparison) -> list[Table]:
    """The summary, a row a side; then brackets and criteria, where the sides have one set."""
    criteria = found.own.answer.asked.criteria
    if found.own.is_commune:
        return [_communes(found), *([_outcomes(found)] if found.same_set and criteria else [])]
    tables = [_summary(found)]
    if found.same_set and criteria:
        labels = [one.label for one in found.own.tally.brackets]
        tables.append(
            _counts(
                found,
                "Nhóm xã",
                "Số xã theo số tiêu chí đạt",
                [(label, lambda side, label=label: in_bracket(side, label)) for label in labels],
            )
        )
        tables.append(
            _counts(
                found,
                "Tiêu chí",
                "Số xã đạt từng tiêu chí",
                [
                    (f"{one.number}. {one.name}", lambda side, n=one.number: _met(side.tally, n))
                    for one in criteria
                ],
            )
        )
    return tables


def _met(tally: Tally, number: int) -> int:
    return next(count.met for count in tally.criteria if count.number == number)


_SIDE = [
    Column(label="Đơn vị", width=28),
    Column(label="Tính đến", kind=Kind.DAY),
    Column(label="Bộ tiêu chí", width=44),
    Column(label="Số tiêu chí của bộ", kind=Kind.COUNT),
]


def _of(side: Side) -> list[Value]:
    asked = side.answer.asked
    size = len(asked.criteria) or None
    return [side.version.full_name, side.answer.on, asked.name or "chưa áp dụng", size]


def _summary(found: Comparison) -> Table:
    return Table(
        name="Kết quả chung",
        title=found.heading,
        base=_base(found, "Tỷ lệ và bình quân tính trên số xã của từng dòng."),
        columns=[
            *_SIDE,
            Column(label="Số xã", kind=Kind.COUNT),
            Column(label="Xã đã có kết quả", kind=Kind.COUNT),
            Column(label="Xã được công nhận", kind=Kind.COUNT),
            Column(label="Tỷ lệ", kind=Kind.SHARE, of=(6, 4)),
            Column(label="Tổng tiêu chí đạt", kind=Kind.COUNT),
            Column(label="Bình quân tiêu chí/xã", kind=Kind.AVERAGE, of=(8, 4)),
        ],
        rows=[
            [
                *_of(side),
                tally.communes,
                tally.assessed,
                tally.recognised,
                share(tally.recognised, tally.communes),
                tally.criteria_met,
                tally.average,
            ]
            for side in found.sides
            for tally in [side.tally]
        ],
    )


def _counts(
    found: Comparison,
    name: str,
    title: str,
    lines: Sequence[tuple[str, Callable[[Side], int]]],
) -> Table:
    """Counts of communes with their shares, two columns a side."""
    columns, base = [Column(label="Nội dung", width=44)], "Tỷ lệ tính trên số xã của từng cột."
    for side in found.sides:
        columns.append(Column(label="Số xã", kind=Kind.COUNT, group=_head(found, side)))
        columns.append(Column(label="Tỷ lệ", kind=Kind.SHARE, group=_head(found, side)))
    if found.over_time:
        columns.append(Column(label="Tăng, giảm", kind=Kind.COUNT))
    rows: list[list[Value]] = []
    for label, count in lines:
        numbers = [None if side.without_communes else count(side) for side in found.sides]
        row: list[Value] = [label]
        for side, number in zip(found.sides, numbers, strict=True):
            row += [number, None if number is None else share(number, side.tally.communes)]
        if found.over_time:
            first, last = numbers
            row.append(None if first is None or last is None else last - first)
        rows.append(row)
    return Table(name=name, title=title, base=base, columns=columns, rows=rows)


def _communes(found: Comparison) -> Table:
    rows: list[list[Value]] = []
    for side in found.sides:
        row, known = side.row, side.met is not None
        tier = row.recognised_tier if row else ""
        rows.append(
            [
                *_of(side),
                row.met if row and known else None,
                row.met_confirmed if row and known else None,
                str(CriteriaSet.SetTier(tier).label) if tier else "Chưa",
            ]
        )
    return Table(
        name="Kết quả chung",
        title=found.heading,
        base=_base(found, "Ô trống: chưa có kết quả."),
        columns=[
            *_SIDE,
            Column(label="Tiêu chí xã báo cáo đạt", kind=Kind.COUNT),
            Column(label="Tiêu chí đạt đã xác nhận", kind=Kind.COUNT),
            Column(label="Công nhận", width=16),
        ],
        rows=rows,
    )


def _outcomes(found: Comparison) -> Table:
    by_side = [side.outcomes for side in found.sides]
    more = [Column(label="Thay đổi", width=16)] if found.over_time else []
    return Table(
        name="Từng tiêu chí",
        title="Từng tiêu chí",
        base=f"{found.own.answer.basis.label}.",
        columns=[
            Column(label="Tiêu chí", width=44),
            *(Column(label=_head(found, side), width=20) for side in found.sides),
            *more,
        ],
        rows=[
            [
                f"{one.number}. {one.name}",
                *(
                    str(Verdict(outcomes.get(one.number, Outcome.NOT_ASSESSED).value).label)
                    for outcomes in by_side
                ),
                *([turn(by_side, one.number)] if found.over_time else []),
            ]
            for one in found.own.answer.asked.criteria
        ],
    )


def _head(found: Comparison, side: Side) -> str:
    return format_date(side.answer.on) if found.over_time else side.version.full_name


def _base(found: Comparison, said: str) -> str:
    return " ".join((said, *found.remarks))
