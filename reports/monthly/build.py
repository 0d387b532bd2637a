"""From what was loaded to the report: which blocks it has and in which order. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from communes.vietnamese import format_date
from reports.monthly import charts, columns, commune_tables, phrases, tables, totals
from reports.monthly.content import (
    Block,
    Chart,
    Figure,
    Heading,
    Letterhead,
    MonthlyReport,
    Paragraph,
    Part,
    Points,
    Signature,
    TableBlock,
)
from reports.monthly.inputs import Compared, Inputs, NotComparable
from reports.monthly.phrases import Style
from reports.monthly.sections import OPTIONAL, Section, written
from reports.tables import Table

SIMULATED = "SỐ LIỆU MÔ PHỎNG"
NOT_CLOSED = "SỐ LIỆU CHƯA CHỐT"
NOTHING_WRITTEN = "[Chưa ghi nội dung mục này]"


def build(inputs: Inputs) -> MonthlyReport:
    """The whole report; the same inputs give the same report. A month without data says so."""
    setup = inputs.setup
    marks = [SIMULATED] if inputs.simulated else []
    if inputs.closing_no is None:
        marks.append(NOT_CLOSED)
    annexes: list[TableBlock] = []
    missing: list[str] = []
    if inputs.why_empty:
        blocks: list[Block] = [Paragraph(text=inputs.why_empty, warning=True)]
    else:
        blocks = list(_blocks(inputs, missing))
        for code, table, note in (
            ("B4", commune_tables.matrix(inputs), commune_tables.SIGNS_SAID),
            ("B11", commune_tables.incomes(inputs), "Theo số liệu xã báo cáo."),
        ):
            if table is None:
                missing.append(_missing(code))
            else:
                annexes.append(TableBlock(code=code, table=table, note=note))
        missing += [_missing(code) for code in columns.NO_DATA_YET]
    return MonthlyReport(
        unit_code=inputs.unit_code,
        unit_name=inputs.unit_name,
        month=inputs.month,
        set_code=inputs.asked.code,
        set_name=inputs.asked.name,
        basis=inputs.basis,
        closing_no=inputs.closing_no,
        change_seq=inputs.change_seq,
        letterhead=Letterhead(
            above=setup.above,
            issuer=setup.issuer,
            number="",
            symbol=setup.symbol,
            place=setup.place,
            day=None,
            subject=subject(inputs.month),
        ),
        figures=tuple(_figures(inputs)),
        blocks=tuple(blocks),
        annexes=tuple(annexes),
        missing=tuple(sorted(missing, key=lambda name: int(name[1:].split(".")[0]))),
        recipients=tuple(setup.recipients),
        signature=Signature(lines=tuple(setup.signers), name=setup.signer_name),
        marks=tuple(marks),
    )


def subject(month: date) -> str:
    """What the report is about, with the month that follows."""
    following = month + timedelta(days=1)
    return (
        "Kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới"
        f" tháng {month:%m/%Y}, nhiệm vụ trọng tâm tháng {following:%m/%Y}"
    )


def _missing(code: str) -> str:
    return f"{code}. {columns.NAMES[code]}"


def _figures(inputs: Inputs) -> Iterator[Figure]:
    """The headline figures under the keys of the command line's JSON."""
    tally = inputs.now.tally
    known = not inputs.why_empty
    base = phrases.PROGRAMME
    yield Figure(key="communes", value=tally.communes if known else None)
    yield Figure(
        key="recognised",
        value=tally.recognised if known else None,
        numerator=tally.recognised,
        denominator=tally.communes,
        base=base,
    )
    yield Figure(key="criteria_met", value=tally.criteria_met if known else None)
    yield Figure(
        key="average",
        value=tally.average if known else None,
        numerator=tally.criteria_met,
        denominator=tally.communes,
        base=base,
    )


def _style(inputs: Inputs) -> Style:
    return Style(average=inputs.setup.average_places, percent=inputs.setup.percent_places)


def _blocks(inputs: Inputs, missing: list[str]) -> Iterator[Block]:
    """All parts in the order of such reports; what is left out is named in `missing`."""
    yield _section("I", Section.DIRECTION.label)
    yield from _written(inputs, Section.DIRECTION)
    yield _section("II", "Kết quả thực hiện")
    yield _subsection(1, "Kết quả đạt chuẩn")
    yield from _results(inputs, missing)
    yield _subsection(2, "Kết quả theo từng tiêu chí")
    yield from _criteria(inputs, missing)
    year = inputs.month.year
    yield _subsection(3, f"Xã phấn đấu đạt chuẩn năm {year}")
    yield from _plans(inputs, missing)
    higher = totals.higher_tiers(year)
    yield _subsection(4, "Xã đạt chuẩn " + ", ".join(_short(tier) for tier in higher))
    yield _higher(inputs)
    number = 4
    for section in OPTIONAL:
        if section in inputs.setup.sections and inputs.texts.get(section, "").strip():
            number += 1
            yield _subsection(number, section.label)
            yield from _written(inputs, section)
    yield _section("III", "Tồn tại, hạn chế, nguyên nhân")
    yield _subsection(1, Section.DIFFICULTIES.label)
    yield from _written(inputs, Section.DIFFICULTIES)
    yield _subsection(2, Section.CAUSES.label)
    yield from _written(inputs, Section.CAUSES)
    yield _section("IV", Section.TASKS.label)
    yield from _written(inputs, Section.TASKS)
    note = commune_tables.tasks_note(inputs)
    yield from _given("B13", commune_tables.tasks(inputs), missing, note)
    yield _section("V", Section.PROPOSALS.label)
    yield from _written(inputs, Section.PROPOSALS)
    yield from _given("B12", commune_tables.proposals(inputs), missing)


def _section(number: str, text: str) -> Heading:
    return Heading(part=Part.SECTION, number=f"{number}.", text=text)


def _subsection(number: int, text: str) -> Heading:
    return Heading(part=Part.SUBSECTION, number=f"{number}.", text=text)


def _short(tier: str) -> str:
    return totals.TIER_NAMES[tier].removeprefix("nông thôn mới ")


def _given(
    code: str, table: Table | None, missing: list[str], note: str = ""
) -> Iterator[TableBlock]:
    """The table, or its name among those left out."""
    if table is None:
        missing.append(_missing(code))
    else:
        yield TableBlock(code=code, table=table, note=note)


def _charts(*found: Chart | None) -> Iterator[Chart]:
    yield from (chart for chart in found if chart is not None)


def _paragraphs(texts: Iterable[str], *, warning: bool = False) -> Iterator[Paragraph]:
    yield from (Paragraph(text=text, warning=warning) for text in texts if text)


def _results(inputs: Inputs, missing: list[str]) -> Iterator[Block]:
    style, tally = _style(inputs), inputs.now.tally
    start, before = inputs.start, inputs.before
    yield Paragraph(text=phrases.headline(inputs.unit_name, inputs.month, tally, style))
    yield Paragraph(text=phrases.average(tally, style))
    for compared in (before, start):
        if compared.base is not None:
            text = phrases.since(tally, compared.base.tally, compared.label, style)
            yield Paragraph(text=text)
        elif compared.why is not NotComparable.NO_DATA:
            yield Paragraph(text=_not_compared(compared), warning=True)
    yield from _paragraphs(inputs.moved)
    if target := inputs.targets.get("recognised"):
        text = phrases.plan(tally.recognised, int(target), inputs.month.year, style)
        yield Paragraph(text=text)
    yield Paragraph(text=phrases.brackets_of(tally.communes))
    earlier = start.base.tally.brackets if start.base else ()
    lines = phrases.brackets(tally.brackets, tally.communes, earlier, style)
    yield Points(lines=tuple(lines))
    yield from _paragraphs([phrases.all_met(tally, len(inputs.asked.criteria))])
    yield from _paragraphs(_warnings(inputs), warning=True)
    yield from _charts(charts.brackets(inputs), charts.average(inputs))
    yield from _given("B1", tables.summary(inputs), missing, _summary_note(inputs))
    yield from _given("B2", tables.brackets(inputs), missing)


def _summary_note(inputs: Inputs) -> str:
    """Which earlier days of B1 are empty, and why."""
    return " ".join(
        f"Không so sánh với {one.label} ({format_date(one.day)}): {one.why.value}."
        for one in (inputs.before, inputs.start)
        if one.why
    )


def _not_compared(compared: Compared) -> str:
    return (
        f"Không so sánh với {compared.label} ({format_date(compared.day)}):"
        f" {compared.why.value}; hai số liệu không cùng căn cứ."
    )


def _warnings(inputs: Inputs) -> list[str]:
    start = inputs.start
    fell = start.moment.tally.recognised - inputs.now.tally.recognised if start.moment else 0
    why = start.why.value if start.why is NotComparable.UNITS else ""
    parts = [one.now for one in totals.parts(inputs)]
    return phrases.warnings(inputs.now.tally, parts, fell=fell, why=why)


def _criteria(inputs: Inputs, missing: list[str]) -> Iterator[Block]:
    style, now = _style(inputs), inputs.now.tally.criteria
    yield from _paragraphs(phrases.criteria(now, style))
    if inputs.start.base is not None:
        earlier = inputs.start.base.tally.criteria
        yield Paragraph(text=phrases.criteria_moved(now, earlier, inputs.start.label))
    yield from _charts(charts.criteria(inputs))
    notes = []
    if tables.unchecked_departments(inputs):
        notes.append("* Chưa đối chiếu với văn bản phân công.")
    unread = [str(one.number) for one in inputs.asked.criteria if not one.name_checked]
    if unread:
        notes.append(f"Tên tiêu chí {', '.join(unread)} chưa đối chiếu với văn bản.")
    yield from _given("B3", tables.criteria(inputs), missing, " ".join(notes))


def _plans(inputs: Inputs, missing: list[str]) -> Iterator[Block]:
    """The list of the year in the tier of the set that the figures are counted by."""
    now, base, tier = inputs.now, inputs.start.base, inputs.asked.tier
    listed = [
        one.unit_id for one in inputs.registered if one.tier == tier and one.unit_id in now.rows
    ]
    rows = [now.rows[unit_id] for unit_id in listed]
    earlier = None
    if base is not None and listed:
        earlier = sum(totals.met(base.rows.get(unit_id), base) or 0 for unit_id in listed)
    yield Paragraph(
        text=phrases.registered(
            year=inputs.month.year,
            number=len(rows),
            done=sum(totals.holds(row, tier) for row in rows),
            met=sum(totals.met(row, now) or 0 for row in rows),
            of=sum(row.of for row in rows),
            earlier=earlier,
            style=_style(inputs),
        )
    )
    yield from _given("B6", commune_tables.registered(inputs), missing)
    note = "Quyết định ghi MP-… là mô phỏng." if inputs.simulated else ""
    yield from _given("B5", commune_tables.recognised(inputs), missing, note)


def _higher(inputs: Inputs) -> Paragraph:
    higher = [
        (_short(tier), totals.with_tier(inputs.now, tier))
        for tier in totals.higher_tiers(inputs.month.year)
    ]
    return Paragraph(text=phrases.tiers(inputs.now.tally.recognised, higher, _style(inputs)))


def _written(inputs: Inputs, section: Section) -> Iterator[Block]:
    """What the office wrote; rows of a table come after it."""
    found = written(section, inputs.texts.get(section, ""))
    yield from _paragraphs(found.paragraphs)
    if found.points:
        yield Points(lines=tuple(found.points))
    given = section is Section.TASKS and inputs.tasks
    if not (found.paragraphs or found.points or found.rows or given):
        yield Paragraph(text=NOTHING_WRITTEN, placeholder=True)
