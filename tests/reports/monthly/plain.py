"""Writers for tests: the paragraphs of a report as plain text, and one that fails."""

from __future__ import annotations

from communes.models import UnitVersion
from reports.documents.formats import Form
from reports.monthly.build import MonthlyReport
from tests.reports.monthly.test_build import text


def as_text(report: MonthlyReport, province: UnitVersion) -> bytes:
    return "\n".join([*report.marks, text(report)]).encode()


def as_nothing(report: MonthlyReport, province: UnitVersion) -> bytes:
    raise RuntimeError("out of ink")


PLAIN = Form(ending="docx", label="Word", content_type="text/plain", write=as_text)
BROKEN = Form(ending="pdf", label="PDF", content_type="text/plain", write=as_nothing)
