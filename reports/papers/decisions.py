"""Decisions of recognition as a table: one line a commune, as the annex of a report lists them."""

from __future__ import annotations

from collections.abc import Sequence

from communes.vietnamese import format_number
from criteria.decisions.reading import Decided
from criteria.models import CriteriaSet
from reports.tables import Column, Kind, Table


def decisions_table(decided: Sequence[Decided]) -> Table:
    """Every decision with each commune it names, in the order of the page."""
    lines = [(one, version) for one in decided for version in one.communes]
    return Table(
        name="Quyết định công nhận",
        title="Quyết định công nhận, thu hồi công nhận",
        base=f"{format_number(len(decided))} quyết định, {format_number(len(lines))} dòng.",
        columns=[
            Column(label="Số quyết định", width=20),
            Column(label="Ngày ký", kind=Kind.DAY),
            Column(label="Có hiệu lực từ", kind=Kind.DAY),
            Column(label="Việc", width=28),
            Column(label="Mức", width=14),
            Column(label="Bộ tiêu chí", width=40),
            Column(label="Năm đánh giá", width=10),
            Column(label="Xã", width=26),
            Column(label="Mã", width=9),
            Column(label="Ghi chú", width=24),
        ],
        rows=[
            [
                one.says.number,
                one.says.decided_on,
                one.says.effective_on,
                one.label,
                str(CriteriaSet.SetTier(one.says.tier).label),
                one.set.name if one.set else None,
                str(one.says.year),
                version.full_name,
                version.code,
                _note(one, version.unit_id),
            ]
            for one, version in lines
        ],
    )


def _note(one: Decided, unit_id: int) -> str | None:
    if one.first.mistaken:
        return "Bỏ, do ghi nhầm"
    said = {
        "đã thu hồi": unit_id in {version.unit_id for version in one.revoked},
        "đã đính chính": one.first.corrected,
    }
    return "; ".join(words for words, holds in said.items() if holds) or None
