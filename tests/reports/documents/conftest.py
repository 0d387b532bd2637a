"""The sample report, written once in each format."""

from __future__ import annotations

from typing import Any

import pytest
from pypdf import PdfReader

from reports.documents.excel import as_excel
from reports.documents.monthly_pdf import as_pdf
from reports.documents.word import as_word
from reports.monthly.content import MonthlyReport
from tests.reports.documents import reading
from tests.reports.documents.sample import sample


@pytest.fixture(scope="package")
def report() -> MonthlyReport:
    return sample(30)


@pytest.fixture(scope="package")
def word_file(report: MonthlyReport) -> bytes:
    return as_word(report)


@pytest.fixture(scope="package")
def word(word_file: bytes) -> Any:
    return reading.word(word_file)


@pytest.fixture(scope="package")
def pdf(report: MonthlyReport) -> PdfReader:
    return reading.pdf(as_pdf(report))


@pytest.fixture(scope="package")
def excel_file(report: MonthlyReport) -> bytes:
    return as_excel(report)
