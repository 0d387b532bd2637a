"""The page that opens a figure: its fraction, and the communes behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import UnitVersion
from criteria.explain import Explained, Share, explain
from criteria.figures import Figures
from criteria.models import Basis, Recognition, Verdict
from reports.tables import Column, Kind, Table, Value


@dataclass(frozen=True, kw_only=True)
class Line:
    """A commune behind the figure; `decision` is the latest that says something of its status."""

    version: UnitVersion
    share: Share
    decision: Recognition | None


@dataclass(frozen=True, kw_only=True)
class ExplainPage:
    """What the page shows; `counted` make the numerator, `others` only the denominator."""

    answer: Figures
    explained: Explained
    basis: Basis
    counted: list[Line]
    others: list[Line]

    @property
    def recognised(self) -> bool:
        """Whether decisions stand beside the communes."""
        return self.explained.decided


def explain_page(answer: Figures, key: str, basis: Basis | None = None) -> ExplainPage:
    """Raises explain.UnknownFigure; two queries beside those of the answer."""
    found = explain(answer, key, basis=basis)
    ids = [one.row.unit_id for one in found.shares]
    names = _names(ids, answer.on)
    decisions = _decisions(ids, answer) if found.decided else {}

    def lines(shares: list[Share]) -> list[Line]:
        return [
            Line(
                version=names[one.row.unit_id],
                share=one,
                decision=decisions.get(one.row.unit_id),
            )
            for one in shares
            if one.row.unit_id in names
        ]

    return ExplainPage(
        answer=answer,
        explained=found,
        basis=basis or answer.basis,
        counted=lines(found.counted),
        others=lines(found.others),
    )


def explain_table(page: ExplainPage) -> Table:
    """The communes as a sheet; the last row is the fraction."""
    found = page.explained
    rows: list[list[Value]] = [
        [
            line.version.code,
            line.version.full_name,
            line.share.part,
            _last(line.share),
        ]
        for line in (*page.counted, *page.others)
    ]
    return Table(
        name="Chi tiết",
        title=found.title,
        base=f"{found.rule} {page.basis.label}.",
        columns=[
            Column(label="Mã", width=10),
            Column(label="Xã", width=28),
            Column(label=f"Góp ({found.unit})", kind=Kind.COUNT, width=14),
            Column(label="Đánh giá" if found.criterion else "Tiêu chí", width=48),
        ],
        rows=rows,
        total=["", f"Cộng {len(rows)} xã", found.numerator, ""],
    )


def _last(share: Share) -> str:
    """The verdict on the one criterion that is counted, or else the criteria behind the part."""
    if share.outcome is not None:
        return str(Verdict(share.outcome.value).label)
    return ", ".join(str(number) for number in share.criteria)


def _names(unit_ids: list[int], on: date) -> dict[int, UnitVersion]:
    found = UnitVersion.objects.alive_on(on).filter(unit_id__among=unit_ids)
    return {version.unit_id: version for version in found}


def _decisions(unit_ids: list[int], answer: Figures) -> dict[int, Recognition]:
    """Unit → its latest decision in force on the day, as known when the answer was."""
    rows = Recognition.objects.filter(unit_id__among=unit_ids, effective_on__lte=answer.on)
    if answer.how.seq is not None:
        rows = rows.filter(change__seq__lte=answer.how.seq)
    return {row.unit_id: row for row in rows.order_by("effective_on", "pk")}
