"""The sheet of 31/12: what a commune reports of a year under one set, to be printed and signed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.utils import timezone

from communes import units
from communes.models import UnitVersion
from communes.vietnamese import format_date
from criteria import submitting
from criteria.cells import Cell, Sheet
from criteria.figures import Figures
from criteria.models import EvidenceLink, Submission, Verdict
from reports.documents import paper
from reports.documents.paper import CENTRE

TITLES = ("TT", "Tiêu chí, chỉ tiêu", "Mức quy định", "Kết quả", "Đánh giá", "Minh chứng, ghi chú")
WIDTHS = (13, 57, 29, 23, 19, 24)
UNCHECKED = "(chưa đối chiếu với văn bản)"


@dataclass(frozen=True, kw_only=True)
class YearlySheet:
    """All that stands on the paper; `above` is the authority over the commune."""

    commune: UnitVersion
    above: str
    year: int
    sheet: Sheet
    answer: Figures
    submission: Submission | None
    evidence: dict[int, list[str]]


def yearly_sheet(commune: UnitVersion, sheet: Sheet, answer: Figures) -> YearlySheet:
    """Load what the paper says beside the sheet itself, which is of the day of `answer`."""
    end = date(answer.on.year, 12, 31)
    higher = units.ancestors(commune, answer.on)
    sent = submitting.last_acts([commune.unit_id], end).get(commune.unit_id)
    return YearlySheet(
        commune=commune,
        above=f"UBND {higher[-1].full_name}" if higher else "",
        year=end.year,
        sheet=sheet,
        answer=answer,
        submission=sent if sent and sent.act == submitting.SUBMIT else None,
        evidence=_evidence(sheet),
    )


def _evidence(sheet: Sheet) -> dict[int, list[str]]:
    """Result id → the names of the files that bear it out; one query."""
    ids = [cell.result.pk for cell in sheet.cells if cell.result]
    links = EvidenceLink.objects.filter(result_id__in=ids).select_related("evidence")
    found: dict[int, list[str]] = defaultdict(list)
    for link in links.order_by("pk"):
        found[link.result_id].append(link.evidence.original_name)
    return found


def as_word(page: YearlySheet) -> bytes:
    """The paper as a Word file."""
    document = paper.paper()
    paper.heading(
        document,
        above=page.above,
        issuer=f"Ủy ban nhân dân {page.commune.full_name}",
        symbol="BC-UBND",
    )
    document.add_paragraph()
    paper.line(document, "PHIẾU ĐÁNH GIÁ", size=14, bold=True, align=CENTRE)
    about = f"Kết quả thực hiện các tiêu chí nông thôn mới năm {page.year}"
    paper.line(document, about, size=14, bold=True, align=CENTRE)
    for mark in _marks(page):
        paper.line(document, mark, bold=True, align=CENTRE)
    document.add_paragraph()
    for said in _said(page):
        paper.line(document, said)
    document.add_paragraph()
    _table(document, page)
    paper.signatures(
        document,
        ("NGƯỜI LẬP PHIẾU", "(Ký, ghi rõ họ tên)"),
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Ký, đóng dấu, ghi rõ họ tên)"),
    )
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _marks(page: YearlySheet) -> list[str]:
    """What must not be overlooked: simulated data, a month that is not closed."""
    marks = ["SỐ LIỆU MÔ PHỎNG"] if page.answer.simulated else []
    if (page.answer.on.month, page.answer.on.day) != (12, 31):
        marks.append(f"BẢN NHÁP: năm {page.year} chưa kết thúc")
    elif page.answer.closing is None:
        marks.append(f"CHƯA CHỐT: số liệu tháng 12/{page.year} còn có thể thay đổi")
    return marks


def _said(page: YearlySheet) -> list[str]:
    asked, sheet = page.sheet.asked, page.sheet
    decision = f", {asked.decision}" if asked.decision else ""
    sent = (
        f"Xã gửi số liệu ngày {format_date(timezone.localdate(page.submission.change.at))}."
        if page.submission
        else f"Xã chưa gửi số liệu tháng 12/{page.year}."
    )
    return [
        f"Bộ tiêu chí áp dụng: {asked.name}{decision}.",
        f"Tính đến ngày {format_date(page.answer.on)}, xã đạt {sheet.met}/{sheet.of} tiêu chí"
        f" theo số liệu xã báo cáo, {sheet.met_confirmed}/{sheet.of} tiêu chí đã được"
        f" sở, ngành xác nhận; {sheet.progress}.",
        sent,
    ]


def _table(document: object, page: YearlySheet) -> None:
    made = paper.table(document, TITLES, WIDTHS)
    for group in page.sheet.criteria:
        number, name = str(group.criterion.number), group.criterion.name
        paper.row(made, (number, name, "", "", group.label, ""), WIDTHS, bold=True)
        for cell in group.cells:
            paper.row(made, _columns(cell, page.evidence), WIDTHS)


def _columns(cell: Cell, evidence: dict[int, list[str]]) -> tuple[str, ...]:
    result = cell.result
    levels = [
        " ".join(text for text in (part.text, part.level, part.level_unit) if text)
        for part in cell.parts
        if not cell.concludes
    ]
    if cell.level_unverified and not cell.concludes:
        levels.append(UNCHECKED)
    values = [
        " ".join(text for text in (part.value_text, part.unit) if text)
        for part in cell.parts
        if part.value is not None
    ]
    said = [str(Verdict(cell.outcome.value).label)]
    if result is not None and result.judged_by == "officer":
        said.append("(cán bộ đánh giá)")
    notes = [*evidence.get(result.pk, ()), result.note] if result else []
    if result is not None and not cell.reassessed:
        notes.append(f"đánh giá từ {format_date(result.true_from)}")
    return (
        cell.number,
        cell.text,
        "\n".join(levels),
        "\n".join(values if cell.numeric else []),
        "\n".join(said),
        "\n".join(note for note in notes if note),
    )


def title(page: YearlySheet) -> str:
    """The name of the file, without its ending."""
    return f"Phiếu đánh giá {page.commune.full_name} {page.year}"
