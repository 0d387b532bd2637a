"""Why figures moved as tables, for its workbook: the parts of every figure, then the cells."""

from __future__ import annotations

from communes.vietnamese import format_date
from criteria import move_words
from criteria.figures import Figures
from criteria.models import Verdict
from criteria.rules.why_moved import Figure, What
from reports.moves_page import MovesPage, column, part_rows, reasons_of
from reports.tables import Column, Kind, Table, Value


def moves_heading(page: MovesPage) -> str:
    """What stands on every sheet: unit, both days and their state, sets and basis."""
    days = " đến ".join(
        f"{format_date(one.on)} ({_state(one)})" for one in (page.before, page.after)
    )
    sets = {one.asked.name or "chưa áp dụng bộ tiêu chí": None for one in (page.before, page.after)}
    basis = page.found.basis.label
    return f"{page.after.unit.full_name} · từ {days} · {', rồi '.join(sets)} · {basis}"


def _state(answer: Figures) -> str:
    if answer.known:
        return f"theo số liệu {answer.known.label}"
    return "đã chốt" if answer.frozen else "chưa chốt"


def moves_tables(page: MovesPage) -> list[Table]:
    """The averages, the counts, and what stands behind the criteria, statuses and units."""
    told = page.found.explanation.figures
    averages = [one for one in told if one.what is What.AVERAGE]
    counts = [one for one in told if one.what is not What.AVERAGE]
    return [
        _parts(page, "Bình quân", averages, Kind.AVERAGE),
        _parts(page, "Số đếm", counts, Kind.COUNT),
        _causes(page),
    ]


def _parts(page: MovesPage, name: str, told: list[Figure], kind: Kind) -> Table:
    reasons = reasons_of(page.found.explanation.figures)
    rows: list[list[Value]] = []
    for figure in told:
        amounts = {part.why: move_words.decimal(part.amount) for part in figure.parts}
        ends = [
            None if end is None else move_words.decimal(end)
            for end in (figure.before, figure.after, figure.change)
        ]
        rows.append(
            [move_words.name(figure, page.found), *ends, *(amounts.get(why) for why in reasons)]
        )
    return Table(
        name=name,
        title=f"Vì sao thay đổi: {name.lower()}",
        base="Các phần cộng lại đúng bằng thay đổi; ô giữ số chưa làm tròn.",
        columns=[
            Column(label="Số liệu", width=44),
            Column(label=format_date(page.before.on), kind=kind),
            Column(label=format_date(page.after.on), kind=kind),
            Column(label="Thay đổi", kind=kind),
            *(Column(label=column(why), kind=kind, width=16) for why in reasons),
        ],
        rows=rows,
    )


def _causes(page: MovesPage) -> Table:
    """One row for each commune and criterion; a commune without a criterion behind it has one."""
    explanation = page.found.explanation
    rows: list[list[Value]] = []
    for figure in (explanation.met, explanation.recognised, explanation.communes):
        for part in part_rows(page.found, figure):
            for commune in part.communes:
                head: list[Value] = [
                    move_words.name(figure, page.found),
                    part.shown.reason,
                    commune.version.code,
                    commune.version.full_name,
                ]
                for cell in commune.cells:
                    rows.append(
                        [
                            *head,
                            1 if cell.gained else -1,
                            cell.number,
                            cell.name,
                            str(Verdict(cell.was).label),
                            str(Verdict(cell.now).label),
                            ", ".join(one.code for one in cell.cells),
                            "",
                        ]
                    )
                if not commune.cells:
                    rows.append([*head, commune.amount, None, "", "", "", "", commune.note])
    return Table(
        name="Xã và tiêu chí",
        title="Các xã và tiêu chí làm nên thay đổi",
        base="Mỗi dòng là một tiêu chí của một xã, hoặc một xã; cộng cột “Số” được từng phần.",
        columns=[
            Column(label="Số liệu", width=30),
            Column(label="Lý do", width=24),
            Column(label="Mã xã", width=10),
            Column(label="Xã", width=28),
            Column(label="Số", kind=Kind.COUNT, width=8),
            Column(label="Tiêu chí", kind=Kind.COUNT, width=9),
            Column(label="Tên tiêu chí", width=34),
            Column(label="Trước", width=15),
            Column(label="Sau", width=15),
            Column(label="Chỉ tiêu có kết quả thay đổi", width=28),
            Column(label="Ghi chú", width=40),
        ],
        rows=rows,
    )
