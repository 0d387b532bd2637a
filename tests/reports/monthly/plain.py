"""A writer for tests: the paragraphs of a report as plain text."""

from __future__ import annotations

from reports.documents.formats import Form
from reports.monthly.build import MonthlyReport
from tests.reports.monthly.test_build import text

PLAIN = Form(
    ending="docx",
    label="Word",
    content_type="text/plain",
    writer="tests.reports.monthly.plain:as_text",
)
BROKEN = Form(
    ending="pdf",
    label="PDF",
    content_type="text/plain",
    writer="tests.reports.monthly.plain:as_nothing",
)
ABSENT = Form(ending="xlsx", label="Excel", content_type="", writer="reports.no_such_room.excel:x")


def as_text(report: MonthlyReport) -> bytes:
    return "\n".join([*report.marks, text(report)]).encode()


def as_nothing(report: MonthlyReport) -> bytes:
    raise RuntimeError("out of ink")
