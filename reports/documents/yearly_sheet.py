"""The sheet of 31/12: what a commune reports of a year under one set, to be printed and signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from django.utils import timezone

from communes import units
from communes.models import UnitVersion
from communes.vietnamese import format_date
from criteria.cells import Cell
from criteria.evidence import reading
from criteria.figures import Figures
from criteria.models import Evidence, Submission, Verdict
from criteria.months import submitting
from criteria.sheets import Sheet
from reports.documents import paper, pdf
from reports.documents.paper import CENTRE

TITLES = ("TT", "Tiêu chí, chỉ tiêu", "Mức quy định", "Kết quả", "Đánh giá", "Minh chứng, ghi chú")
WIDTHS = (13, 55, 29, 24, 19, 25)
TEMPLATE = Path(__file__).parent / "yearly_sheet.typ"
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
    """Result id → the names of the files and addresses that bear it out; two queries."""
    held = reading.linked([cell.result.pk for cell in sheet.cells if cell.result])
    named = Evidence.objects.in_bulk({pk for kept in held.values() for pk in kept})
    return {result_id: [named[pk].name for pk in kept] for result_id, kept in held.items()}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is printed, in words and in order: the same in every form of file.

    `rows` have a text for each column, lines apart; a row that is strong is of a criterion.
    The last line of a signature says how to sign.
    """

    above: str
    issuer: str
    symbol: str
    heading: tuple[str, ...]
    marks: tuple[str, ...]
    said: tuple[str, ...]
    titles: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[bool, tuple[str, ...]], ...]
    signatures: tuple[tuple[str, ...], tuple[str, ...]]


def _paper(page: YearlySheet) -> Paper:
    return Paper(
        above=page.above,
        issuer=f"Ủy ban nhân dân {page.commune.full_name}",
        symbol="BC-UBND",
        heading=(
            "PHIẾU ĐÁNH GIÁ",
            f"Kết quả thực hiện các tiêu chí nông thôn mới năm {page.year}",
        ),
        marks=tuple(_marks(page)),
        said=tuple(_said(page)),
        titles=TITLES,
        widths=WIDTHS,
        rows=tuple(_rows(page)),
        signatures=(
            ("NGƯỜI LẬP PHIẾU", "(Ký, ghi rõ họ tên)"),
            ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Ký, đóng dấu, ghi rõ họ tên)"),
        ),
    )


def as_word(page: YearlySheet) -> bytes:
    """The paper as a Word file."""
    printed, document = _paper(page), paper.paper()
    paper.heading(document, above=printed.above, issuer=printed.issuer, symbol=printed.symbol)
    document.add_paragraph()
    for said in printed.heading:
        paper.line(document, said, size=14, bold=True, align=CENTRE)
    for mark in printed.marks:
        paper.line(document, mark, bold=True, align=CENTRE)
    document.add_paragraph()
    for said in printed.said:
        paper.line(document, said)
    document.add_paragraph()
    made = paper.table(document, printed.titles, printed.widths)
    for strong, texts in printed.rows:
        paper.row(made, texts, printed.widths, bold=strong)
    paper.signatures(document, *printed.signatures)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_pdf(page: YearlySheet) -> bytes:
    """The paper as a PDF file."""
    return pdf.compiled(TEMPLATE, asdict(_paper(page)))


def _marks(page: YearlySheet) -> list[str]:
    """What must not be overlooked: simulated data, a month that is not closed."""
    marks = ["SỐ LIỆU MÔ PHỎNG"] if page.answer.simulated else []
    if (page.answer.on.month, page.answer.on.day) != (12, 31):
        marks.append(f"BẢN NHÁP: năm {page.year} chưa kết thúc")
    elif page.answer.known:
        marks.append(f"Theo số liệu {page.answer.known.label}")
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


def _rows(page: YearlySheet) -> Iterator[tuple[bool, tuple[str, ...]]]:
    for group in page.sheet.criteria:
        number, name = str(group.criterion.number), group.criterion.name
        yield True, (number, name, "", "", group.label, "")
        for cell in group.cells:
            yield False, _columns(cell, page.evidence)


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
        # The narrow column would break the date at one of its strokes.
        notes.append(f"đánh giá từ\n{format_date(result.true_from)}")
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
