"""What the office writes in a month's report: read by month, written section by section."""

from __future__ import annotations

import unicodedata
from datetime import date
from uuid import UUID

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, User
from reports.models import SectionText
from reports.monthly.sections import Section

WRITE_SECTION = "reports.write_section"
LONGEST = 20_000


class TextRefused(ValueError):
    """The text cannot be kept so; the message says why and what to do."""


def rows_of(province_id: int, month: date) -> dict[Section, SectionText]:
    """The last text of each section that was ever written for the month; one query."""
    rows = SectionText.objects.filter(province_id=province_id, month=month).order_by("pk")
    return {Section(row.section): row for row in rows.select_related("change__by")}


def texts_of(province_id: int, month: date) -> dict[Section, str]:
    """What stands in each section of the month."""
    return {section: row.text for section, row in rows_of(province_id, month).items()}


def write_section(
    *,
    province: Unit,
    month: date,
    section: Section,
    text: str,
    by: User,
    seen: int | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Keep a new version of a section's text; empty text empties it, earlier ones stay.

    `seen` is the version (id of the row, None: none) that the person had before them. Raises
    TextRefused when somebody wrote another meanwhile, and for a text longer than 20.000 letters.
    """
    text = tidy(text)
    if len(text) > LONGEST:
        raise TextRefused(f"Nội dung dài {len(text)} ký tự; mỗi mục tối đa {LONGEST} ký tự.")
    clock = province.clock_id
    with recording(
        clock=clock, action=WRITE_SECTION, by=by, ip=ip, request_id=request_id
    ) as pending:
        locks.take(f"report-text:{clock}")
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        held = rows_of(province.pk, month).get(section)
        if (held.pk if held else None) != seen:
            raise TextRefused(
                "Người khác vừa sửa mục này; hãy xem bản mới bên dưới rồi ghi lại phần của bạn."
            )
        if (held.text if held else "") == text:
            raise NothingToRecord
        row = SectionText.objects.create(
            province=province, month=month, section=section, text=text, change_id=pending.id
        )
        pending.line(
            table=SectionText._meta.db_table,
            key=f"{month:%Y-%m} {section.value}",
            before={"text": held.text} if held else None,
            after={"text": row.text},
        )


def tidy(text: str) -> str:
    """Composed form, single spaces, no empty lines at the ends; lines stay lines.

    Signs that no document may hold (control characters) are dropped.
    """
    composed = unicodedata.normalize("NFC", text.expandtabs(1).replace("\r\n", "\n"))
    kept = "".join(c for c in composed if c == "\n" or unicodedata.category(c)[0] != "C")
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()
