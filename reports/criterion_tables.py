"""The page of one criterion as tables, for its workbook."""

from __future__ import annotations

from criteria.models import Verdict
from reports.criterion_page import CommuneRow, CriterionPage, Standing
from reports.criterion_reasons import IndicatorRow
from reports.overview_tables import base
from reports.tables import Column, Kind, Table, Value, share

_COUNTS = [
    Column(label="Số xã", kind=Kind.COUNT),
    Column(label="Xã đạt", kind=Kind.COUNT),
    Column(label="Tỷ lệ", kind=Kind.SHARE),
    Column(label="Chưa đạt", kind=Kind.COUNT),
    Column(label="Chưa đánh giá", kind=Kind.COUNT),
    Column(label="Không áp dụng", kind=Kind.COUNT),
]


def criterion_tables(page: CriterionPage) -> list[Table]:
    """Summary on both bases, indicators, districts, communes; as on the page."""
    tables = [_summary(page)]
    if page.indicators:
        tables.append(_indicators(page))
    if page.districts:
        tables.append(_districts(page))
    return [*tables, _communes(page)]


def _counts(standing: Standing) -> list[Value]:
    return [
        standing.count.communes,
        standing.count.met,
        share(standing.count.met, standing.count.communes),
        standing.not_met,
        standing.not_assessed,
        standing.not_applicable,
    ]


def _summary(page: CriterionPage) -> Table:
    return Table(
        name="Tổng hợp",
        title=page.name,
        base=base(page.answer.headline),
        columns=[Column(label="Cơ sở số liệu", width=26), *_COUNTS],
        rows=[
            ["Số liệu xã báo cáo", *_counts(page.reported)],
            ["Số liệu đã xác nhận", *_counts(page.confirmed)],
        ],
    )


def _indicators(page: CriterionPage) -> Table:
    judged = page.standing.count.communes - page.concluded
    return Table(
        name="Chỉ tiêu",
        title=f"{page.name}: kết quả từng chỉ tiêu",
        base=f"Tính trên {judged} xã đánh giá theo từng chỉ tiêu;"
        f" {page.concluded} xã được kết luận chung cho cả tiêu chí.",
        columns=[
            Column(label="Chỉ tiêu", width=9),
            Column(label="Nội dung", width=60),
            Column(label="Mức quy định", width=30),
            Column(label="Đối chiếu mức", width=18),
            Column(label="Xã đạt", kind=Kind.COUNT),
            Column(label="Chưa đạt", kind=Kind.COUNT),
            Column(label="Chưa đánh giá", kind=Kind.COUNT),
            Column(label="Không áp dụng", kind=Kind.COUNT),
        ],
        rows=[
            [
                row.indicator.code,
                row.indicator.text,
                _level(row),
                "chưa đối chiếu" if row.unverified else "",
                row.met,
                row.not_met,
                row.not_assessed,
                row.not_applicable,
            ]
            for row in page.indicators
        ],
    )


def _level(row: IndicatorRow) -> str:
    """Every level in one cell: parts by "; ", the communes meant before their colon."""
    found = []
    for level in row.levels:
        parts = (
            " ".join(text for text in (part.text, part.level, part.level_unit) if text)
            for part in level.cell.parts
        )
        text = "; ".join(parts)
        found.append(f"{level.communes}: {text}" if level.communes else text)
    return "; ".join(found)


def _districts(page: CriterionPage) -> Table:
    return Table(
        name="Huyện",
        title=f"{page.name}: kết quả theo huyện, thành phố",
        base="Tỷ lệ tính trên số xã của từng huyện.",
        columns=[Column(label="Huyện, thành phố", width=30), *_COUNTS],
        rows=[
            [row.version.full_name if row.version else "", *_counts(row.standing)]
            for row in page.districts
        ],
        total=["Toàn tỉnh", *_counts(page.standing)],
    )


def _communes(page: CriterionPage) -> Table:
    return Table(
        name="Xã",
        title=f"{page.name}: kết quả từng xã",
        base="Xã chưa đạt đứng trước; “Vướng chỉ tiêu”: chỉ tiêu chưa đạt hoặc chưa đánh giá.",
        columns=[
            Column(label="Xã", width=26),
            Column(label="Huyện", width=24),
            Column(label="Đánh giá", width=16),
            Column(label="Vướng chỉ tiêu", width=24),
            Column(label="Sở, ngành", width=16),
            Column(label="So với đầu năm", width=18),
        ],
        rows=[
            [
                version.full_name,
                group.version.full_name if group.version else "",
                str(Verdict(row.outcome.value).label),
                ", ".join(row.because_of),
                _department(row),
                _moved(row),
            ]
            for group in page.groups
            for version, row in group.communes
        ],
    )


def _department(row: CommuneRow) -> str:
    """What its department did with what the commune reported as met, or sent back."""
    said = {"trả lại": row.returned, "chờ xác nhận": row.awaits, "đã xác nhận": row.confirmed}
    return next((words for words, holds in said.items() if holds), "")


def _moved(row: CommuneRow) -> str:
    if row.gained:
        return "mới đạt"
    return "không còn đạt" if row.lost else ""
