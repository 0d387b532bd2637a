"""What the page of a month's report shows: state, sections, preview, runs with their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from communes.models import UnitVersion
from communes.vietnamese import format_number, format_percent
from criteria import months
from criteria.models import MonthClosing
from reports.documents import formats
from reports.documents.formats import Form
from reports.models import ReportRun, SectionText
from reports.monthly import runs, texts
from reports.monthly.build import build
from reports.monthly.content import MonthlyReport
from reports.monthly.inputs import Inputs
from reports.monthly.load import load
from reports.monthly.preview import Shown, shown
from reports.monthly.sections import OPTIONAL, Section

MOST_RUNS = 20


@dataclass(frozen=True, kw_only=True)
class WrittenSection:
    """A section with what stands in it and what stood in it a month before."""

    section: Section
    row: SectionText | None
    before: str
    draft: str | None = None
    request_id: UUID = field(default_factory=uuid4)

    @property
    def text(self) -> str:
        """What the field holds: what was typed and not kept, or what stands."""
        if self.draft is not None:
            return self.draft
        return self.row.text if self.row else ""

    @property
    def kept(self) -> bool:
        return bool(self.row and self.row.text)

    @property
    def needed(self) -> bool:
        """Whether the report says that it was not written; the others are left out of it."""
        return self.section not in OPTIONAL


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file of a run; `there` is False when it has gone from the store."""

    form: Form
    sha256: str
    size: int
    there: bool


@dataclass(frozen=True, kw_only=True)
class ShownRun:
    """A run with its files; `waits` while nobody seems to make it."""

    run: ReportRun
    files: Sequence[ShownFile]

    @property
    def waits(self) -> bool:
        return runs.is_stale(self.run)


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The runs of a month, the latest first."""

    unit: UnitVersion
    month: date
    listed: Sequence[ShownRun]

    @property
    def under_way(self) -> bool:
        """Whether the list will change by itself."""
        return any(not one.run.ended for one in self.listed)

    @property
    def waits(self) -> bool:
        """Whether one waits that nobody seems to make; then the list stays still under the hand."""
        return any(one.waits for one in self.listed)

    @property
    def forms(self) -> Sequence[str]:
        return [form.label for form in formats.FORMS.values()]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page; `inputs` and `report` are None where `why` says that there is no report."""

    unit: UnitVersion
    month: date
    inputs: Inputs | None
    report: MonthlyReport | None
    why: str
    sections: Sequence[WrittenSection]
    runs: Runs

    @property
    def heading(self) -> str:
        """The headline in one line."""
        if self.inputs is None or self.why:
            return f"Chưa lập được báo cáo tháng {self.month:%m/%Y}"
        tally, setup = self.inputs.now.tally, self.inputs.setup
        share = format_percent(tally.recognised, tally.communes, setup.percent_places)
        average = format_number(tally.average, setup.average_places)
        return (
            f"{tally.recognised}/{tally.communes} xã đạt chuẩn ({share}), bình quân {average}"
            " tiêu chí/xã"
        )

    @property
    def blocks(self) -> Sequence[Shown]:
        if self.report is None or self.inputs is None:
            return ()
        setup = self.inputs.setup
        return list(shown(self.report, setup.average_places, setup.percent_places))

    @property
    def empty_sections(self) -> int:
        """Sections that the report needs and nobody has written yet."""
        return sum(one.needed and not one.kept for one in self.sections)


def page(unit: UnitVersion, month: date, *, draft: tuple[Section, str] | None = None) -> Page:
    """Load and arrange the page of a month; `draft` is a text that was not kept.

    Raises NoReport and DateNotLoaded as the loader does.
    """
    inputs = load(unit, month)
    return Page(
        unit=unit,
        month=month,
        inputs=inputs,
        report=None if inputs.why_empty else build(inputs),
        why=inputs.why_empty,
        sections=_sections(unit, month, inputs, draft),
        runs=runs_of(unit, month),
    )


def _sections(
    unit: UnitVersion, month: date, inputs: Inputs, draft: tuple[Section, str] | None
) -> list[WrittenSection]:
    now = texts.rows_of(unit.unit_id, month)
    before = texts.texts_of(unit.unit_id, month.replace(day=1) - timedelta(days=1))
    return [
        WrittenSection(
            section=section,
            row=now.get(section),
            before=before.get(section, ""),
            draft=draft[1] if draft and draft[0] is section else None,
        )
        for section in Section
        if section not in OPTIONAL or section in inputs.setup.sections
    ]


def runs_of(unit: UnitVersion, month: date) -> Runs:
    """The last runs of a month with their files; one query."""
    rows = ReportRun.objects.filter(province_id=unit.unit_id, month=month).order_by("-pk")
    found = rows.select_related("change__by", "closing").defer("payload")[:MOST_RUNS]
    return Runs(unit=unit, month=month, listed=[_shown_run(run) for run in found])


def _shown_run(run: ReportRun) -> ShownRun:
    files = [
        ShownFile(
            form=form,
            sha256=file["sha256"],
            size=file["size"],
            there=runs.opened(run, form.ending) is not None,
        )
        for file in run.files
        if (form := formats.FORMS.get(file["format"])) is not None
    ]
    return ShownRun(run=run, files=files)


def months_of(unit: UnitVersion) -> list[date]:
    """The months that can be chosen, the latest first: closed ones and those still open."""
    held = MonthClosing.objects.holding().filter(province_id=unit.unit_id)
    closed = set(held.values_list("month", flat=True))
    return sorted(closed | set(months.open_months(unit.unit)), reverse=True)


def opening_month(unit: UnitVersion) -> date:
    """The month that the page opens with: the last closed one, or the working month."""
    held = MonthClosing.objects.holding().filter(province_id=unit.unit_id).order_by("-month")
    last = held.values_list("month", flat=True).first()
    return last or months.month_end(months.working_day(unit.unit))
