"""The overview and the commune page as tables, for their workbooks and the readers of charts."""

from __future__ import annotations

from communes import units
from communes.models import UnitVersion
from communes.vietnamese import format_date, format_number
from criteria.figures import Figures
from criteria.models import Basis, CriteriaSet, Verdict
from criteria.rules.types import Outcome, Tally, Totals
from criteria.sheets import Sheet
from reports.overview import Overview
from reports.tables import Column, Kind, Table, Value, share

MARKS = {
    Outcome.MET: "x",
    Outcome.NOT_MET: "",
    Outcome.NOT_ASSESSED: "–",
    Outcome.NOT_APPLICABLE: "o",
}
"""As the annex of reports marks them: x is met, blank is not."""

COUNT, AVERAGE, SHARE = Kind.COUNT, Kind.AVERAGE, Kind.SHARE


def heading(answer: Figures) -> str:
    """What stands on every sheet: unit, day, state of the month, set and basis."""
    state = "đã chốt" if answer.frozen else "đang cập nhật"
    if answer.known:
        state = f"theo số liệu {answer.known.label}"
    name = answer.asked.name or "chưa áp dụng bộ tiêu chí"
    return (
        f"{answer.unit.full_name} · tính đến {format_date(answer.on)} ({state}) · {name}"
        f" · {answer.basis.label}"
    )


def base(tally: Tally) -> str:
    """What percentages and averages of a sheet are taken of."""
    return f"Tỷ lệ và bình quân tính trên {format_number(tally.communes)} xã trong Chương trình."


def overview_tables(page: Overview) -> list[Table]:
    """Summary, brackets, criteria, districts, communes by criterion, and the months."""
    tables = [_summary(page), _brackets(page), _criteria(page)]
    if page.parts:
        tables.append(_districts(page))
    tables.append(communes_table(page.answer))
    if page.history.points:
        tables.append(_months(page))
    return tables


def _summary(page: Overview) -> Table:
    reported, confirmed = page.answer.reported, page.answer.confirmed
    return Table(
        name="Tổng hợp",
        title="Kết quả đạt chuẩn nông thôn mới",
        base=base(page.tally),
        columns=[
            Column(label="Cơ sở số liệu", width=26),
            Column(label="Số xã", kind=COUNT),
            Column(label="Xã được công nhận", kind=COUNT),
            Column(label="Tỷ lệ", kind=SHARE),
            Column(label="Xã đã có kết quả", kind=COUNT),
            Column(label="Tổng tiêu chí đạt", kind=COUNT),
            Column(label="Bình quân tiêu chí/xã", kind=AVERAGE),
        ],
        rows=[
            [
                label,
                tally.communes,
                tally.recognised,
                share(tally.recognised, tally.communes),
                tally.assessed,
                tally.criteria_met,
                tally.average,
            ]
            for label, tally in (
                ("Số liệu xã báo cáo", reported),
                ("Số liệu đã xác nhận", confirmed),
            )
        ],
    )


def _brackets(page: Overview) -> Table:
    tally = page.tally
    before = [row.before for row in page.brackets if row.before is not None]
    return Table(
        name="Nhóm xã",
        title="Số xã theo số tiêu chí đạt",
        base=base(tally),
        columns=[
            Column(label="Nhóm", width=22),
            Column(label="Số xã", kind=COUNT),
            Column(label="Tỷ lệ", kind=SHARE),
            Column(label="Cuối năm trước", kind=COUNT),
        ],
        rows=[
            [
                row.bracket.label,
                row.bracket.communes,
                share(row.bracket.communes, tally.communes),
                row.before,
            ]
            for row in page.brackets
        ],
        total=[
            "Tổng số xã",
            sum(row.bracket.communes for row in page.brackets),
            share(sum(row.bracket.communes for row in page.brackets), tally.communes),
            sum(before) if before else None,
        ],
    )


def _criteria(page: Overview) -> Table:
    return Table(
        name="Tiêu chí",
        title="Số xã đạt từng tiêu chí, từ thấp đến cao",
        base=base(page.tally),
        columns=[
            Column(label="Số", kind=COUNT, width=6),
            Column(label="Tiêu chí", width=44),
            Column(label="Số xã đạt", kind=COUNT),
            Column(label="Tỷ lệ", kind=SHARE),
            Column(label="Số xã chưa đạt", kind=COUNT),
        ],
        rows=[
            [
                row.count.number,
                row.count.name,
                row.count.met,
                share(row.count.met, row.count.communes),
                row.missing,
            ]
            for row in page.criteria
        ],
    )


def _districts(page: Overview) -> Table:
    def row(name: str, tally: Totals) -> list[Value]:
        return [
            name,
            tally.communes,
            tally.recognised,
            share(tally.recognised, tally.communes),
            tally.criteria_met,
            tally.average,
        ]

    return Table(
        name="Huyện",
        title="Kết quả theo huyện, thành phố",
        base="Tỷ lệ và bình quân tính trên số xã của từng huyện.",
        columns=[
            Column(label="Huyện, thành phố", width=30),
            Column(label="Số xã", kind=COUNT),
            Column(label="Xã được công nhận", kind=COUNT),
            Column(label="Tỷ lệ", kind=SHARE),
            Column(label="Tổng tiêu chí đạt", kind=COUNT),
            Column(label="Bình quân tiêu chí/xã", kind=AVERAGE),
        ],
        rows=[row(part.version.full_name, part.tally) for part in page.parts],
        total=row("Toàn tỉnh", page.tally),
    )


def communes_table(answer: Figures) -> Table:
    """Every commune with its verdict on every criterion, by district and alphabetically."""
    criteria = answer.asked.criteria
    standings = {row.unit_id: row for row in answer.rows}
    districts = {
        version.unit_id: version
        for version in UnitVersion.objects.alive_on(answer.on).filter(
            unit_id__in={row.district_id for row in answer.rows if row.district_id}
        )
    }
    rows: list[list[Value]] = []
    for version in units.communes_in_programme(answer.unit, answer.on):
        row = standings.get(version.unit_id)
        if row is None:
            continue
        district = districts.get(row.district_id or 0)
        tier = row.recognised_tier
        rows.append(
            [
                version.full_name,
                district.full_name if district else "",
                row.met,
                row.met_confirmed,
                str(CriteriaSet.SetTier(tier).label) if tier else "",
                *(MARKS[row.outcomes.get(c.number, Outcome.NOT_ASSESSED)] for c in criteria),
            ]
        )
    return Table(
        name="Xã và tiêu chí",
        title="Xã và tiêu chí",
        base="x = đạt; ô trống = chưa đạt; – = chưa đánh giá; o = không áp dụng.",
        columns=[
            Column(label="Xã", width=26),
            Column(label="Huyện", width=24),
            Column(label="Số tiêu chí đạt", kind=COUNT, width=9),
            Column(label="Đã xác nhận", kind=COUNT, width=9),
            Column(label="Công nhận", width=12),
            *(Column(label=str(criterion.number), width=4) for criterion in criteria),
        ],
        rows=rows,
    )


def _months(page: Overview) -> Table:
    return Table(
        name="Theo tháng",
        title="Kết quả theo tháng",
        base=f"{page.history.reading.label}. Số xã là số xã trong Chương trình của từng thời điểm;"
        " không so sánh số tính theo hai bộ tiêu chí.",
        columns=[
            Column(label="Thời điểm", kind=Kind.DAY),
            Column(label="Tình trạng", width=16),
            Column(label="Số xã", kind=COUNT),
            Column(label="Xã được công nhận", kind=COUNT),
            Column(label="Tổng tiêu chí đạt", kind=COUNT),
            Column(label="Bình quân tiêu chí/xã", kind=AVERAGE),
            Column(label="Bộ tiêu chí", width=20),
            Column(label="Số tiêu chí của bộ", kind=COUNT),
            Column(label="Thay đổi trước đó", width=44),
        ],
        rows=[
            [
                row.point.month,
                "đã chốt" if row.point.closed else "đang cập nhật",
                row.point.communes,
                row.point.recognised,
                row.point.criteria_met,
                row.point.average,
                row.set_label,
                row.point.of,
                "; ".join(row.notes),
            ]
            for row in reversed(page.history.rows)
        ],
    )


def sheet_table(sheet: Sheet) -> Table:
    """A commune's indicators on the basis of the sheet: value, level, verdict, who judged."""
    met = f"Đạt {sheet.met}/{sheet.of} tiêu chí; đã xác nhận {sheet.met_confirmed}."
    if sheet.basis == Basis.CONFIRMED:
        met = (
            f"Đã xác nhận đạt {sheet.met_confirmed}/{sheet.of} tiêu chí; xã báo cáo {sheet.met}."
            " Kết quả từng chỉ tiêu là kết quả sở, ngành đã xác nhận."
        )
    return Table(
        name="Chỉ tiêu",
        title="Kết quả từng chỉ tiêu",
        base=met,
        columns=[
            Column(label="Tiêu chí", width=30),
            Column(label="Chỉ tiêu", width=9),
            Column(label="Nội dung", width=60),
            Column(label="Kết quả", kind=Kind.FIGURE, width=10),
            Column(label="Đơn vị tính", width=18),
            Column(label="Mức quy định", width=22),
            Column(label="Căn cứ của mức", width=40),
            Column(label="Đối chiếu mức", width=18),
            Column(label="Đánh giá", width=14),
            Column(label="Người đánh giá", width=20),
            Column(label="Xác nhận", width=14),
        ],
        rows=[
            [
                f"{group.criterion.number}. {group.criterion.name}",
                cell.number,
                f"{cell.text}{f' – {part.text}' if part.text else ''}",
                part.value if cell.numeric else None,
                part.unit,
                part.level,
                cell.level_origin,
                "chưa đối chiếu" if cell.level_unverified else "",
                str(Verdict(cell.outcome.value).label),
                str(cell.result.get_judged_by_display()) if cell.result else "",
                "; ".join(filter(None, (cell.review_words, cell.since_words))),
            ]
            for group in sheet.criteria
            for cell in group.cells
            for part in cell.parts
        ],
    )
