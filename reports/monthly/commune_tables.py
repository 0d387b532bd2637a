"""The tables that list communes, B4 to B6 and B11, and what people wrote or meetings gave. Pure.

A table without data is None: it is left out and named, never printed empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from communes.vietnamese import format_date
from criteria.rules.types import Outcome
from reports.monthly import totals
from reports.monthly.columns import NAMES, TT, count, known, table, text
from reports.monthly.inputs import Commune, Decided, Inputs
from reports.monthly.sections import Section, written
from reports.tables import Column, Kind, Table, Value

# ── B4, B5, B6, B11: communes ─────────────────────────────────────────────────────────────────


def matrix(inputs: Inputs) -> Table | None:
    """B4: every commune and criterion, in the signs that SIGNS_SAID explains."""
    numbers = [criterion.number for criterion in inputs.asked.criteria]
    if not numbers or not inputs.communes:
        return None
    part_names = {part.id: part.name for part in inputs.parts}
    decisions = _standing_decisions(inputs)
    base = inputs.before.base
    columns = [
        TT,
        text("Xã", 22),
        *([text(inputs.part_word, 18)] if inputs.part_word else []),
        *([text("Khu vực", 8)] if any(one.zone for one in inputs.communes) else []),
        *(Column(label=str(n), width=4, group="Tiêu chí") for n in numbers),
        count("Số tiêu chí đạt", summed=True),
        count("Tăng trong tháng", summed=base is not None),
        text("Năm đạt chuẩn", 8),
        text("Số, ngày quyết định", 24),
    ]
    rows: list[list[Value]] = []
    for number, commune in enumerate(inputs.communes, start=1):
        row = inputs.now.rows[commune.unit_id]
        met = totals.met(row, inputs.now)
        earlier = totals.met(base.rows.get(commune.unit_id), base) if base else None
        held = decisions.get(commune.unit_id) if row.recognised_tier else None
        cells: list[Value] = [number, commune.name]
        if inputs.part_word:
            cells.append(part_names.get(commune.part or 0, ""))
        if any(one.zone for one in inputs.communes):
            cells.append(commune.zone)
        cells += [_SIGNS[totals.outcome(row, n, inputs.now)] for n in numbers]
        cells += [met, met - earlier if met is not None and earlier is not None else None]
        cells += (
            [str(held.year), _paper(held.number, format_date(held.decided_on))]
            if held
            else ["", ""]
        )
        rows.append(cells)
    total: list[Value] = [None, "Toàn tỉnh", *[""] * (len(columns) - len(numbers) - 6)]
    total += [one.met for one in inputs.now.tally.criteria]
    moved = inputs.now.tally.criteria_met - base.tally.criteria_met if base else None
    total += [known(inputs.now.tally, inputs.now.tally.criteria_met), moved, "", ""]
    return table("B4", inputs, columns, rows, total)


_SIGNS = {
    Outcome.MET: "x",
    Outcome.NOT_MET: "",
    Outcome.NOT_ASSESSED: "?",
    Outcome.NOT_APPLICABLE: "k",
}
SIGNS_SAID = "x: đạt; để trống: chưa đạt; k: không áp dụng; ?: chưa đánh giá."


def _paper(number: str, day: str) -> str:
    return f"{number} ngày {day}"


def _standing_decisions(inputs: Inputs) -> dict[int, Decided]:
    """Commune → the first decision that recognised it as standard and still holds."""
    found: dict[int, Decided] = {}
    for one in sorted(inputs.decided, key=lambda one: one.decided_on):
        if not one.revoked:
            found.setdefault(one.unit_id, one)
    return found


def recognised(inputs: Inputs) -> Table | None:
    """B5: the decisions signed in the year."""
    names = _names(inputs)
    decided = [
        one
        for one in inputs.decided
        if one.decided_on.year == inputs.month.year and one.unit_id in names
    ]
    if not decided:
        return None
    columns = [
        TT,
        text("Xã", 24),
        *([text(inputs.part_word, 20)] if inputs.part_word else []),
        text("Mức độ", 22),
        text("Năm đánh giá", 8),
        count("Đợt"),
        text("Số quyết định", 18),
        Column(label="Ngày quyết định", kind=Kind.DAY, width=12),
    ]
    part_names = {part.id: part.name for part in inputs.parts}
    order = {commune.unit_id: place for place, commune in enumerate(inputs.communes)}
    decided.sort(key=lambda one: (one.decided_on, one.number, order[one.unit_id]))
    rows: list[list[Value]] = []
    for number, one in enumerate(decided, start=1):
        commune = names[one.unit_id]
        tier = f"Đạt chuẩn {totals.TIER_NAMES[one.tier]}"
        rows.append(
            [
                number,
                commune.name,
                *([part_names.get(commune.part or 0, "")] if inputs.part_word else []),
                f"{tier} (đã thu hồi)" if one.revoked else tier,
                str(one.year),
                one.round,
                one.number,
                one.decided_on,
            ]
        )
    return table("B5", inputs, columns, rows, title=f"{NAMES['B5']} {inputs.month.year}")


def registered(inputs: Inputs) -> Table | None:
    """B6: the communes on the year's list and what each still lacks."""
    names, now = _names(inputs), inputs.now
    listed = [one for one in inputs.registered if one.unit_id in names]
    if not listed:
        return None
    order = {commune.unit_id: place for place, commune in enumerate(inputs.communes)}
    listed.sort(key=lambda one: (one.tier, order[one.unit_id]))
    part_names = {part.id: part.name for part in inputs.parts}
    columns = [
        TT,
        text("Xã", 22),
        *([text(inputs.part_word, 18)] if inputs.part_word else []),
        text("Mức phấn đấu", 20),
        count("Số tiêu chí đạt đầu năm", summed=True),
        count("Số tiêu chí đạt đến kỳ báo cáo", summed=True),
        count("Số tiêu chí còn phải thực hiện", summed=True),
        text("Tiêu chí chưa đạt", 34),
        text("Tình hình", 20),
    ]
    base = inputs.start.base
    rows: list[list[Value]] = []
    for number, one in enumerate(listed, start=1):
        commune, row = names[one.unit_id], now.rows[one.unit_id]
        met = totals.met(row, now)
        lacks = [c for c in inputs.asked.criteria if _open(totals.outcome(row, c.number, now))]
        done = totals.holds(row, one.tier)
        by_this_set = one.tier == inputs.asked.tier
        rows.append(
            [
                number,
                commune.name,
                *([part_names.get(commune.part or 0, "")] if inputs.part_word else []),
                f"Đạt chuẩn {totals.TIER_NAMES[one.tier]}",
                totals.met(base.rows.get(one.unit_id), base) if base and by_this_set else None,
                met if by_this_set else None,
                len(lacks) if met is not None and by_this_set else None,
                "; ".join(f"{c.number}. {c.name}" for c in lacks) if by_this_set else "",
                _state(done, met if by_this_set else None, lacks),
            ]
        )
    places = [place for place, column in enumerate(columns) if column.summed]
    total: list[Value] = [None, "Tổng cộng", *[""] * (len(columns) - 2)]
    for place in places:
        known = [row[place] for row in rows if row[place] is not None]
        total[place] = sum(known) if known else None  # type: ignore[arg-type]
    return table("B6", inputs, columns, rows, total, title=f"{NAMES['B6']} {inputs.month.year}")


def _open(outcome: Outcome) -> bool:
    return outcome in (Outcome.NOT_MET, Outcome.NOT_ASSESSED)


def _state(done: bool, met: int | None, lacks: Sequence[object]) -> str:
    if done:
        return "Đã được công nhận"
    if met is None:
        return "Chưa có số liệu"
    return "Còn tiêu chí chưa đạt" if lacks else "Đủ tiêu chí, chờ quyết định"


def incomes(inputs: Inputs) -> Table | None:
    """B11: income and poor households of the communes of which a figure is recorded."""
    if not inputs.incomes:
        return None
    year = inputs.month.year
    columns = [
        TT,
        text("Xã", 24),
        Column(label=f"Đến 31/12/{year - 1}", kind=Kind.FIGURE, width=12, group=_INCOME),
        Column(label="Kỳ báo cáo", kind=Kind.FIGURE, width=12, group=_INCOME),
        Column(label="Tỷ lệ hộ nghèo đa chiều (%)", kind=Kind.FIGURE, width=12),
    ]
    rows: list[list[Value]] = []
    for commune in inputs.communes:
        found = inputs.incomes.get(commune.unit_id)
        if found is not None:
            rows.append([len(rows) + 1, commune.name, found.start, found.now, found.poor])
    return table("B11", inputs, columns, rows)


_INCOME = "Thu nhập bình quân (triệu đồng/người/năm)"


# ── B12, B13: what people wrote and meetings gave ────────────────────────────────────────────────


def proposals(inputs: Inputs) -> Table | None:
    """B12: the lines with columns that the office wrote among its proposals."""
    return _listed("B12", inputs, Section.PROPOSALS, _lines(inputs, Section.PROPOSALS))


def tasks(inputs: Inputs) -> Table | None:
    """B13: the tasks that the office wrote down, then those of meetings that are still open."""
    given = [(task.text, task.owner, "", format_date(task.due_on), "") for task in inputs.tasks]
    return _listed("B13", inputs, Section.TASKS, [*_lines(inputs, Section.TASKS), *given])


def tasks_note(inputs: Inputs) -> str:
    """Which lines of B13 come from meetings."""
    first, number = len(_lines(inputs, Section.TASKS)) + 1, len(inputs.tasks)
    if not number:
        return ""
    which = f"số {first}" if number == 1 else f"từ số {first} đến số {first + number - 1}"
    return f"Nhiệm vụ {which} do cuộc họp giao, chưa xong."


def _lines(inputs: Inputs, section: Section) -> Sequence[Sequence[str]]:
    return written(section, inputs.texts.get(section, "")).rows


def _listed(
    code: str, inputs: Inputs, section: Section, rows: Sequence[Sequence[str]]
) -> Table | None:
    if not rows:
        return None
    columns = [TT, *(text(head) for head in section.columns)]
    return table(code, inputs, columns, [[n, *row] for n, row in enumerate(rows, start=1)])


def _names(inputs: Inputs) -> dict[int, Commune]:
    return {commune.unit_id: commune for commune in inputs.communes}
