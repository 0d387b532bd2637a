"""What stands beside a cell of an entry sheet: last year's result, and whether to assess again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from communes.vietnamese import format_number
from criteria import ledger
from criteria.cells import Cell
from criteria.entry.judging import Asked
from criteria.ledger import Recorded
from criteria.models import Result, Verdict
from criteria.rejudging.required import needed, recorded, values_of
from criteria.rules.judge import verdict
from criteria.rules.types import Judge, Outcome

type LastYear = Mapping[tuple[int, int], Recorded]


def last_year(unit_ids: Collection[int], indicators: Collection[int], on: date) -> LastYear:
    """(unit id, indicator id) → what held on 31/12 of the year before; one query."""
    return ledger.recorded_on(unit_ids, indicators, day=date(on.year - 1, 12, 31))


def as_text(
    cell: Cell, found: Result | Recorded | None, *, with_verdict: bool | None = None
) -> str:
    """A result as the cell shows and takes it: "71,5", "95 và 40", "71,5 Đạt", "Chưa đạt"; "" none.

    The verdict stands behind a figure where officers judge it, unless `with_verdict` says else.
    """
    if found is None:
        return ""
    label = str(Verdict(found.verdict).label)
    figure = _figure(cell, found)
    if not figure:
        return label
    said = not cell.judged_by_program if with_verdict is None else with_verdict
    return f"{figure} {label}" if said else figure


def _figure(cell: Cell, found: Result | Recorded) -> str:
    if not cell.numeric:
        return ""
    if found.part_values:
        keys = [part.key for part in cell.parts if part.key in found.part_values]
        return " và ".join(format_number(Decimal(found.part_values[key])) for key in keys)
    return "" if found.value is None else format_number(found.value)


def needs_again(cell: Cell) -> bool:
    """Whether the result rests on another level than this year's: cần đánh giá lại.

    So it does where the level stored with it is not the one required now, or where the program
    gave the verdict and would now give another one. `cell.result` has its levels loaded.
    """
    result = cell.result
    if result is None or not cell.outcome.settles or cell.concludes:
        return False
    asked = Asked(question=cell.indicator, levels=cell.levels)
    stored = recorded(result)
    if stored is not None and stored != needed(asked)[2]:
        return True
    values = values_of(result)
    if result.judged_by != Judge.RULE or not asked.by_program or not cell.levels:
        return False
    if set(values) != set(cell.levels):
        return False
    return verdict(values, cell.levels) is not cell.outcome


def second_look(cell: Cell) -> str:
    """What to say where the officer's verdict and the level shown disagree; "" where they do not.

    The level is not the program's to judge by, yet the officer reads it beside the figure. A
    condition in words may be why they differ, and a note says why: neither is asked about.
    """
    result, levels = cell.result, cell.levels
    if result is None or not levels or not cell.numeric or cell.judged_by_program:
        return ""
    if result.note.strip() or result.judged_by != Judge.OFFICER or cell.indicator.when:
        return ""
    values = values_of(result)
    if set(values) != set(levels):
        return ""
    if any(level.value is None or level.when for level in levels.values()):
        return ""
    by_level = verdict(values, levels)
    if {by_level, cell.outcome} != {Outcome.MET, Outcome.NOT_MET}:
        return ""
    reached = "đã đạt" if by_level is Outcome.MET else "chưa đạt"
    return f"số {reached} mức, hãy xem lại đánh giá"
