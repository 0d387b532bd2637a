"""Writes the deck of a meeting as a PowerPoint file: the slides of the screen, with native charts
and tables that can be edited.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from communes.vietnamese import format_date, format_number, format_percent, rounded
from reports import findings
from reports.meeting import slide_charts as charts
from reports.meeting import slide_parts as parts
from reports.meeting.deck import (
    BarsSlide,
    ChangedSlide,
    Deck,
    DifficultiesSlide,
    DueSlide,
    HeadlineSlide,
    Moved,
    Progress,
    Slide,
    TasksSlide,
)
from reports.meeting.facts import TIER_WORDS
from reports.meeting.headings import changes
from reports.meeting.slide_charts import Row
from reports.meeting.slide_parts import (
    BOTTOM,
    GREEN,
    INK,
    MARGIN,
    SOFT,
    TOP,
    WIDTH,
    Column,
    Run,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
LONGEST_TASK = 320
FULL = WIDTH - 2 * MARGIN
HALF = FULL / 2 - 0.25
RIGHT = MARGIN + FULL / 2 + 0.25


def as_slides(deck: Deck) -> bytes:
    """The deck as a .pptx file; slides without tasks are left out, as there is no form."""
    file = parts.new_deck()
    file.core_properties.title = deck.corner
    file.core_properties.author = deck.unit_name
    for slide in deck.slides:
        if isinstance(slide, TasksSlide) and not slide.tasks:
            continue
        pages = f" · {slide.page}/{slide.pages}" if slide.pages > 1 else ""
        made = parts.new_slide(
            file,
            kicker=slide.kicker + pages,
            heading=slide.heading,
            footer=deck.corner,
            notes=f"{slide.heading}\nNguồn: {deck.source}",
        )
        _draw(made, slide)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _draw(made: Any, slide: Slide) -> None:
    match slide:
        case HeadlineSlide():
            _headline(made, slide)
        case ChangedSlide():
            _changed(made, slide)
        case BarsSlide():
            _bars(made, slide)
        case DueSlide():
            _due(made, slide)
        case DifficultiesSlide():
            _difficulties(made, slide)
        case TasksSlide():
            _tasks(made, slide)


def _empty(made: Any, words: str) -> None:
    parts.text_box(made, (MARGIN, TOP, FULL, 1), [[(words, 18, False, SOFT)]])


def _headline(made: Any, slide: HeadlineSlide) -> None:
    recognised, average = slide.moved[0], slide.moved[1]
    share = format_percent(slide.recognised, slide.communes)
    border = f"; {slide.border}" if slide.border else ""
    lines: list[list[Run]] = [
        [
            (format_number(slide.recognised), 72, True, GREEN),
            (f"/{format_number(slide.communes)} xã", 32, False, SOFT),
        ],
        [(f"được công nhận đạt chuẩn, {share} số xã{border}", 18, False, SOFT)],
        [(_since(recognised, slide.since), 16, True, GREEN)],
        [("", 16, False, SOFT)],
        [(format_number(slide.average, 2), 56, True, INK)],
        [
            (
                f"tiêu chí/xã bình quân: {format_number(slide.criteria_met)} tiêu chí đạt ÷"
                f" {format_number(slide.communes)} xã",
                18,
                False,
                SOFT,
            )
        ],
        [(_since(average, slide.since), 16, True, GREEN)],
    ]
    parts.text_box(made, (MARGIN, TOP, HALF, BOTTOM - TOP), lines)
    if slide.brackets:
        _bracket_chart(made, slide.brackets, (RIGHT, TOP, HALF, BOTTOM - TOP), slide.before_label)
    else:
        parts.text_box(
            made, (RIGHT, TOP, HALF, 1), [[("Ngày này chưa có số liệu.", 18, False, SOFT)]]
        )


def _since(moved: Moved, since: date | None) -> str:
    return " · ".join(f"{amount} {when}" for amount, when in changes(moved, since))


def _bracket_chart(
    made: Any, found: Any, box: tuple[float, float, float, float], before_label: str
) -> None:
    now = Row(
        name="Số xã",
        values=[int(bar.value or 0) for bar in found],
        colour=GREEN,
        points=[parts.RAMP[bar.shade - 1] if bar.shade else parts.UNKNOWN for bar in found],
    )
    series = [now]
    if any(bar.before is not None for bar in found):
        series.append(
            Row(
                name=before_label,
                values=[bar.before for bar in found],
                colour=parts.BEFORE,
                ink=SOFT,
            )
        )
    charts.bars(made, box, [bar.label for bar in found], series, size=14)


def _changed(made: Any, slide: ChangedSlide) -> None:
    columns = [Column(head="", width=2.6), Column(head="Hiện nay", width=0.95, number=True)]
    if slide.since:
        columns.append(Column(head=f"so với tháng {slide.since.month}", width=1.45, number=True))
    if slide.year_start:
        columns.append(Column(head="từ đầu năm", width=1.0, number=True))
    rows = []
    for one in slide.moved:
        row = [one.name, format_number(one.value, one.places)]
        for shown, amount in ((slide.since, one.since_month), (slide.year_start, one.since_year)):
            if shown:
                row.append(findings.movement(amount, one.places) or "–")
        rows.append(row)
    parts.table(made, (MARGIN, TOP), columns, rows, size=14)
    if slide.reasons:
        why = [f"{findings.movement(one.amount, 2)} do {one.words}" for one in slide.reasons]
        words: list[list[Run]] = [
            [("Vì sao bình quân thay đổi: ", 14, True, INK), ("; ".join(why), 14, False, INK)]
        ]
        parts.text_box(made, (MARGIN, 3.75, HALF, 0.6), words)
    if len(slide.months) > 1:
        parts.text_box(
            made,
            (MARGIN, 4.4, HALF, 0.3),
            [[("Bình quân tiêu chí/xã cuối mỗi tháng", 12, False, SOFT)]],
        )
        values = [float(rounded(one.value, 2)) for one in slide.months]
        charts.line(
            made,
            (MARGIN, 4.6, HALF, BOTTOM - 4.6),
            [f"{one.month.month:02d}/{one.month.year}" for one in slide.months],
            Row(name="Bình quân tiêu chí/xã", values=values, colour=GREEN),
        )
    if slide.communes:
        parts.table(
            made,
            (RIGHT, TOP),
            [
                Column(head="Xã thay đổi nhiều nhất", width=2.1),
                Column(head="Số", width=0.55, number=True),
                Column(head="Tiêu chí", width=HALF - 2.65),
            ],
            [[one.name, findings.movement(one.amount), one.words] for one in slide.communes],
            size=12,
        )
        if slide.others:
            rest = f"và {format_number(slide.others)} xã khác"
            parts.text_box(made, (RIGHT, BOTTOM - 0.3, HALF, 0.3), [[(rest, 12, False, SOFT)]])
    else:
        why_not = slide.why_not or "Không có xã nào thay đổi số tiêu chí đạt."
        parts.text_box(made, (RIGHT, TOP, HALF, 1), [[(why_not, 16, False, SOFT)]])


def _bars(made: Any, slide: BarsSlide) -> None:
    if not slide.bars:
        return _empty(made, slide.empty)
    box = (MARGIN, TOP - 0.1, FULL, BOTTOM - TOP - 0.15)
    if slide.key == "brackets":
        _bracket_chart(made, slide.bars, box, slide.before_label)
    elif slide.key == "criteria":
        _criteria_chart(made, slide.bars, box)
    else:
        average = Row(
            name=slide.value_label,
            values=[
                None if b.value is None else float(rounded(Decimal(b.value), 2)) for b in slide.bars
            ],
            colour=GREEN,
        )
        top = max(float(bar.of) for bar in slide.bars)
        names = [f"{bar.label} ({bar.note})" for bar in slide.bars]
        charts.bars(
            made, box, names, [average], formats=charts.AVERAGE, size=_size(len(names)), top=top
        )
    base = f"{slide.value_label}. {slide.base}."
    parts.text_box(made, (MARGIN, BOTTOM - 0.1, FULL, 0.3), [[(base, 12, False, SOFT)]])


def _criteria_chart(made: Any, found: Any, box: tuple[float, float, float, float]) -> None:
    """Met and missing together make all communes of the base."""
    met = [int(bar.value or 0) for bar in found]
    missing = [int(bar.of) - value for bar, value in zip(found, met, strict=True)]
    charts.bars(
        made,
        box,
        [bar.label for bar in found],
        [
            Row(name="Số xã đạt", values=met, colour=GREEN, ink="FFFFFF"),
            Row(name="Số xã chưa đạt", values=missing, colour=parts.PALE),
        ],
        stacked=True,
        size=_size(len(found)),
        top=max((int(bar.of) for bar in found), default=1),
    )


def _size(rows: int) -> float:
    return 14 if rows <= 6 else 12 if rows <= 16 else 10.5


def _due(made: Any, slide: DueSlide) -> None:
    if not slide.rows:
        return _empty(made, "Chưa có xã nào đăng ký và chưa có xã nào có kết quả đánh giá.")
    said = {
        Progress.HOLDS: "✓ đã được công nhận",
        Progress.COMPLETE: "✓ đủ tiêu chí, chờ quyết định",
    }
    parted = any(row.district for row in slide.rows)
    rows = [
        [
            row.name,
            *([row.district] if parted else []),
            TIER_WORDS[row.tier],
            f"{row.met}/{row.of}" if row.of else "–",
            said.get(row.progress, row.words),
        ]
        for row in slide.rows
    ]
    columns = [
        Column(head="Xã", width=2.7),
        *([Column(head="Huyện, nhóm xã", width=2.3)] if parted else []),
        Column(head="Mức", width=1.1),
        Column(head="Đạt", width=0.8, number=True),
        Column(head="Còn thiếu tiêu chí", width=FULL - (6.9 if parted else 4.6)),
    ]
    parts.table(made, (MARGIN, TOP - 0.1), columns, rows, size=12, height=0.37)
    note = "" if slide.registered else "Đây là các xã gần đạt chuẩn nhất, không phải xã đăng ký. "
    words = f"{note}{slide.target}".strip()
    if words:
        parts.text_box(made, (MARGIN, BOTTOM - 0.05, FULL, 0.3), [[(words, 12, False, SOFT)]])


def _difficulties(made: Any, slide: DifficultiesSlide) -> None:
    if slide.criteria:
        high = 3.4 if slide.texts else BOTTOM - TOP
        _criteria_chart(made, slide.criteria, (MARGIN, TOP, HALF, high))
    if slide.texts:
        lines: list[list[Run]] = [[(text, 13, False, INK)] for text in slide.texts]
        parts.text_box(made, (MARGIN, 5.4, HALF, BOTTOM - 5.4), lines)
    late = ", ".join(slide.late[:20]) + (
        f" và {len(slide.late) - 20} xã khác" if len(slide.late) > 20 else ""
    )
    words: list[list[Run]] = [
        [
            ("Gửi số liệu tháng: ", 16, True, INK),
            (f"{format_number(slide.sent)}/{format_number(slide.communes)} xã", 16, True, GREEN),
        ],
        [(f"Chưa gửi: {late}." if late else "Mọi xã đã gửi.", 13, False, SOFT)],
        [("", 8, False, SOFT)],
        [
            ("Chờ sở, ngành xác nhận: ", 16, True, INK),
            (f"{format_number(slide.unconfirmed)} tiêu chí", 16, True, GREEN),
        ],
        [("", 8, False, SOFT)],
        [
            ("Không còn đạt so với tháng trước: ", 16, True, INK),
            (f"{len(slide.lost)} xã", 16, True, GREEN),
        ],
        *([(f"{one.name}: {one.words}", 13, False, SOFT)] for one in slide.lost[:6]),
    ]
    parts.text_box(made, (RIGHT, TOP, HALF, BOTTOM - TOP), words)


def _short(text: str) -> str:
    """`text` as far as a row of a slide has room for it."""
    return text if len(text) <= LONGEST_TASK else f"{text[: LONGEST_TASK - 1].rstrip()}…"


def _tasks(made: Any, slide: TasksSlide) -> None:
    rows = [
        [
            _short(task.text) + (f" (tiêu chí {task.criterion})" if task.criterion else ""),
            task.owner,
            format_date(task.due_on),
            f"{task.words}: {task.note}" if task.note else task.words,
        ]
        for task in slide.tasks
    ]
    columns = [
        Column(head="Nhiệm vụ", width=5.6),
        Column(head="Đơn vị thực hiện", width=2.9),
        Column(head="Hạn xong", width=1.2),
        Column(head="Tình trạng", width=FULL - 9.7),
    ]
    parts.table(made, (MARGIN, TOP), columns, rows, size=12)
