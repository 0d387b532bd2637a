"""The forms in which a month's report is written: which there are, and the one way to write them.

A form whose writer is not part of the program yet is not offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from communes.models import UnitVersion
from reports.monthly.content import MonthlyReport


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of file: its ending, its name on the screen, and where its writer is.

    `source` is a function of (province, month) in whose answer, as its `part`, is what is
    written, where that is not the report itself.
    """

    ending: str
    label: str
    content_type: str
    writer: str
    source: str = ""
    part: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument"

_FORMS = (
    Form(
        ending="docx",
        label="Word",
        content_type=f"{_OFFICE}.wordprocessingml.document",
        writer="reports.documents.word:as_word",
    ),
    Form(
        ending="xlsx",
        label="Excel",
        content_type=f"{_OFFICE}.spreadsheetml.sheet",
        writer="reports.documents.excel:as_excel",
    ),
    Form(
        ending="pdf",
        label="PDF",
        content_type="application/pdf",
        writer="reports.documents.monthly_pdf:as_pdf",
    ),
    Form(
        ending="pptx",
        label="PowerPoint",
        content_type=f"{_OFFICE}.presentationml.presentation",
        writer="reports.meeting.slides:as_slides",
        source="reports.meeting.load:meeting",
        part="deck",
    ),
)
ENDINGS = tuple(form.ending for form in _FORMS)


def offered() -> dict[str, Form]:
    """Ending → form, for all forms whose writer is there."""
    return {form.ending: form for form in _FORMS if _there(form.writer) and _there(form.source)}


def known(ending: str) -> Form | None:
    """The form with this ending, offered or not; None for any other."""
    return next((form for form in _FORMS if form.ending == ending), None)


def write(form: Form, report: MonthlyReport, province: UnitVersion) -> bytes:
    """The file of a report of a province, which is called so on the last day of the month."""
    told: Any = report
    if form.source:
        told = getattr(_function(form.source)(province, report.month), form.part)
    content: bytes = _function(form.writer)(told)
    return content


def _there(place: str) -> bool:
    """Whether the module of a function is part of the program; "" needs none."""
    module = place.partition(":")[0]
    try:
        return not module or find_spec(module) is not None
    except ModuleNotFoundError:  # the room it would be in is not there either
        return False


@cache
def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
