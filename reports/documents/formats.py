"""The forms in which a month's report is written: one table of them, and who writes each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from communes.models import UnitVersion
from reports import workbook
from reports.documents import monthly_pdf, word
from reports.documents.excel import as_excel
from reports.documents.monthly_pdf import as_pdf
from reports.documents.word import as_word
from reports.meeting import slides
from reports.meeting.load import meeting
from reports.monthly.content import MonthlyReport


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of file: its ending, its name on the screen, and its writer.

    `write` takes the report and the province as it is called on the last day of the month.
    """

    ending: str
    label: str
    content_type: str
    write: Callable[[MonthlyReport, UnitVersion], bytes]


def _slides(report: MonthlyReport, province: UnitVersion) -> bytes:
    """The slides of the meeting that looks at the month; they tell its figures their own way."""
    return slides.as_slides(meeting(province, report.month).deck)


FORMS = {
    form.ending: form
    for form in (
        Form(
            ending="docx",
            label="Word",
            content_type=word.CONTENT_TYPE,
            write=lambda report, _: as_word(report),
        ),
        Form(
            ending="xlsx",
            label="Excel",
            content_type=workbook.CONTENT_TYPE,
            write=lambda report, _: as_excel(report),
        ),
        Form(
            ending="pdf",
            label="PDF",
            content_type=monthly_pdf.CONTENT_TYPE,
            write=lambda report, _: as_pdf(report),
        ),
        Form(
            ending="pptx",
            label="PowerPoint",
            content_type=slides.CONTENT_TYPE,
            write=_slides,
        ),
    )
}
"""By ending, in the order in which they are offered and written."""
