"""The deck of a meeting from its facts alone: each heading a finding, nothing left unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from communes.vietnamese import rounded
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, CriterionDefinition, Outcome, SetDefinition
from reports.meeting.build import build
from reports.meeting.deck import (
    BarsSlide,
    Deck,
    Due,
    DueSlide,
    MonthValue,
    Progress,
    Reason,
    Task,
    in_pages,
    words_of_day,
)
from reports.meeting.facts import Before, Facts, Name, Shift
from reports.meeting.slides import as_slides

DECEMBER = date(2018, 12, 31)
BAD_NAME = "=HYPERLINK(1) <b>&\u0007 Nguyễn " + "rất dài " * 30


def asked(criteria: int) -> SetDefinition:
    return SetDefinition(
        set_id=1,
        version_id=1,
        code="set",
        name="Bộ tiêu chí",
        bracket_cuts=(criteria, 15, 10, 5) if criteria > 15 else (criteria, 5),
        criteria=tuple(
            CriterionDefinition(id=n, number=n, name=f"Tên {n}", indicators=())
            for n in range(1, criteria + 1)
        ),
    )


def standing(pk: int, met: int, of: int, *, tier: str = "", part: int = 0) -> CommuneStanding:
    """A commune that meets the first `met` criteria."""
    found = {n: Outcome.MET if n <= met else Outcome.NOT_MET for n in range(1, of + 1)}
    return CommuneStanding(
        unit_id=pk,
        met=met,
        met_confirmed=0,
        of=of,
        outcomes=found,
        outcomes_confirmed=dict.fromkeys(found, Outcome.NOT_ASSESSED),
        recognised_tier=tier,
        district_id=part or None,
    )


def facts(communes: int, criteria: int = 19, *, parts: int = 11, **changes) -> Facts:
    """`communes` of which every seventh is recognised, spread over `parts` districts."""
    one = asked(criteria)
    rows = [
        standing(
            pk,
            criteria if pk % 7 == 0 else pk % criteria,
            criteria,
            tier="standard" if pk % 7 == 0 else "",
            part=pk % parts + 1 if parts else 0,
        )
        for pk in range(1, communes + 1)
    ]
    inside = {n: [row for row in rows if row.district_id == n] for n in range(1, parts + 1)}
    made = Facts(
        unit_code="02",
        unit_name="Tỉnh Hà Giang",
        on=DECEMBER,
        state="đã chốt",
        source="Bộ tiêu chí · số ghi nhận 12",
        simulated=True,
        confirmed=False,
        asked=one,
        tally=rollup.tally(one, rows),
        rows=rows,
        names={
            row.unit_id: Name(
                code=f"{row.unit_id:05}",
                full=f"Xã {row.unit_id}",
                key=f"xa {row.unit_id}",
                part=row.district_id or 0,
            )
            for row in rows
        },
        parts=[(n, f"Huyện {n}", rollup.tally(one, found)) for n, found in inside.items() if found],
    )
    return replace(made, **changes)


def of_key(deck: Deck, key: str):
    return [slide for slide in deck.slides if slide.key == key]


def headings(deck: Deck) -> dict[str, str]:
    return {slide.key: slide.heading for slide in deck.slides}


@pytest.mark.parametrize("criteria", [10, 19, 20])
@pytest.mark.parametrize("communes", [0, 1, 177, 500])
@pytest.mark.parametrize("parts", [0, 11, 30])
def test_every_size_has_all_its_slides_and_its_bars_add_up(communes, criteria, parts):
    deck = build(facts(communes, criteria, parts=parts))
    assert all(slide.heading and slide.kicker for slide in deck.slides)
    (brackets,), (shown,) = of_key(deck, "brackets"), of_key(deck, "criteria")
    assert sum(bar.value for bar in brackets.bars) == communes
    assert [bar.value for bar in shown.bars] == sorted(bar.value for bar in shown.bars)
    assert len(shown.bars) == (criteria if communes else 0)
    districts = [bar for slide in of_key(deck, "parts") for bar in slide.bars]
    assert len(districts) == min(parts, communes)
    assert all(len(slide.bars) <= 16 for slide in of_key(deck, "parts"))
    assert len(deck.places) == communes
    assert "SỐ LIỆU MÔ PHỎNG" in deck.corner


def test_the_headline_counts_who_is_left_and_who_is_near():
    one = asked(19)
    rows = [
        standing(1, 19, 19, tier="standard"),
        standing(2, 17, 19),
        standing(3, 15, 19),
        standing(4, 14, 19),
        standing(5, 3, 19),
    ]
    given = facts(0, rows=rows, tally=rollup.tally(one, rows), names=facts(5).names)
    begun = Before(month=date(2017, 12, 31), recognised=0, average=Decimal(9), criteria_met=45)
    told = headings(build(replace(given, year_start=begun)))["headline"]
    assert told == "Từ đầu năm thêm 1 xã đạt chuẩn; còn 4 xã, trong đó 2 xã chỉ thiếu 1–4 tiêu chí"
    assert headings(build(given))["headline"].startswith("1 xã đã đạt chuẩn; còn 4 xã")
    done = [replace(row, recognised_tier="standard") for row in rows]
    told = headings(build(replace(given, rows=done, tally=rollup.tally(one, done))))["headline"]
    assert told == "Cả 5 xã đã được công nhận đạt chuẩn"
    full = [*rows[:1], standing(2, 19, 19), *rows[2:]]
    told = headings(build(replace(given, rows=full, tally=rollup.tally(one, full))))["headline"]
    assert told.endswith("trong đó 1 xã đã đủ tiêu chí, chờ quyết định")


def test_a_day_without_data_says_so_on_every_slide():
    told = headings(build(facts(0)))
    assert told["headline"] == "Tỉnh Hà Giang không có xã nào tham gia Chương trình"
    empty = [
        replace(row, met=0, outcomes=dict.fromkeys(row.outcomes, Outcome.NOT_ASSESSED))
        for row in facts(3).rows
    ]
    deck = build(facts(3, rows=empty, tally=rollup.tally(asked(19), empty), why_not="Chưa có."))
    told = headings(deck)
    assert told["headline"] == "3 xã tham gia Chương trình chưa có kết quả đánh giá"
    assert told["changed"] == "Chưa so sánh được với tháng trước"
    assert told["criteria"] == "Chưa có kết quả theo tiêu chí"
    assert told["due"] == "Năm 2018 chưa có xã nào đăng ký"
    assert {place.status for place in deck.places} == {"Chưa đánh giá"}
    assert {place.unknown for place in deck.places} == {tuple(range(1, 20))}


def test_a_change_is_told_with_its_reasons_and_a_broken_one_is_not_a_movement():
    last = Before(month=date(2018, 11, 30), recognised=23, average=Decimal(8), criteria_met=1416)
    shifts = [
        Shift(unit_id=1, gained=(2,), dropped=()),
        Shift(unit_id=2, gained=(), dropped=(3, 4)),
    ]
    given = facts(
        177, last=last, shifts=shifts, reasons=[Reason(words="đạt thêm", amount=Decimal(1))]
    )
    (slide,) = of_key(build(given), "changed")
    assert slide.heading.startswith("So với tháng 11/2018: bình quân tăng ")
    assert slide.heading.endswith("thêm 2 xã được công nhận")
    assert [one.words for one in slide.communes] == [
        "không còn đạt tiêu chí 3, 4",
        "đạt thêm 2 Tên 2",
    ]
    assert [one.name for one in of_key(build(given), "difficulties")[0].lost] == ["Xã 2"]
    broken = build(replace(given, broken="sắp xếp đơn vị hành chính"))
    told = headings(broken)["changed"]
    assert told == "So với tháng 11/2018: không so sánh trực tiếp được, sắp xếp đơn vị hành chính"
    assert {one.since_month for one in of_key(broken, "headline")[0].moved} == {None}


def due(pk: int, progress: Progress, *lacks: int) -> Due:
    return Due(
        unit_id=pk, name=f"Xã {pk}", district="", tier="standard", met=19 - len(lacks), of=19,
        lacks=lacks, progress=progress,
    )  # fmt: skip


def test_registered_communes_stand_with_what_they_lack_and_go_on_over_slides():
    rows = [
        due(1, Progress.HOLDS),
        due(2, Progress.COMPLETE),
        due(3, Progress.LACKS, 10),
        due(4, Progress.LACKS, 10, 11),
    ]
    (slide,) = of_key(build(facts(177, registered=rows)), "due")
    assert slide.heading == (
        "1/4 xã đăng ký năm 2018 đã được công nhận; 1 xã đủ tiêu chí, chờ quyết định;"
        " 1 xã còn thiếu 1 tiêu chí"
    )
    assert [row.unit_id for row in slide.rows] == [2, 3, 4, 1]
    many = [due(pk, Progress.LACKS, 10) for pk in range(1, 26)]
    slides = of_key(build(facts(177, registered=many)), "due")
    assert [(slide.page, slide.pages) for slide in slides] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(row.unit_id for slide in slides for row in slide.rows) == list(range(1, 26))
    nearest = of_key(build(facts(177)), "due")[0]
    assert isinstance(nearest, DueSlide)
    assert not nearest.registered
    assert nearest.heading.startswith("Năm 2018 chưa có xã nào đăng ký")


def test_the_tasks_of_earlier_meetings_are_counted_and_the_late_ones_named():
    task = Task(text="Rà soát", owner="Sở Y tế", due_on=DECEMBER, meeting_on=DECEMBER)
    given = [task, replace(task, late=True), replace(task, state="done", state_label="Đã xong")]
    deck = build(facts(3, earlier=given))
    told = headings(deck)
    assert told["tasks"] == "1/3 nhiệm vụ của các cuộc họp trước đã xong; 1 nhiệm vụ quá hạn"
    assert [one.words for one in of_key(deck, "tasks")[0].tasks] == [
        "Đang làm",
        "Quá hạn",
        "Đã xong",
    ]
    assert told["given"] == "Ghi nhiệm vụ của cuộc họp này"


def test_pages_are_nearly_equal_and_lose_nothing():
    for number in range(40):
        pages = in_pages(range(number), 9)
        assert [one for page in pages for one in page] == list(range(number))
        assert max(map(len, pages)) <= 9
        assert max(map(len, pages)) - min(map(len, pages)) <= 1
    assert words_of_day(date(2018, 12, 31)) == "tháng 12/2018"
    assert words_of_day(date(2020, 2, 29)) == "tháng 2/2020"
    assert words_of_day(date(2018, 4, 5)) == "đến 05/04/2018"


# ── The slide file ────────────────────────────────────────────────────────────────────────────


def opened(deck: Deck):
    return Presentation(BytesIO(as_slides(deck)))


def charts(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def numbers(chart) -> list[list[float]]:
    return [list(one.values) for one in chart.plots[0].series]


def test_the_slide_file_says_what_the_deck_says_in_native_charts_and_tables():
    begun = Before(
        month=date(2017, 12, 31), recognised=20, average=Decimal(9), criteria_met=1593,
        brackets={"19 tiêu chí": 20, "5–9 tiêu chí": 60},
    )  # fmt: skip
    line = [MonthValue(month=date(2018, m, 28), value=Decimal(m)) for m in range(1, 13)]
    given = facts(177, year_start=begun, months=line, registered=[due(3, Progress.LACKS, 10)])
    deck = build(given)
    file = opened(deck)
    assert (file.slide_width, file.slide_height) == (12191695, 6858000)
    said = [slide for slide in deck.slides if getattr(slide, "tasks", True)]
    assert [slide.shapes.title.text for slide in file.slides] == [one.heading for one in said]
    for slide in file.slides:
        (foot,) = [
            one.text_frame.text
            for one in slide.placeholders
            if one.placeholder_format.type == PP_PLACEHOLDER.FOOTER
        ]
        assert foot == deck.corner
        assert f"Nguồn: {deck.source}" in slide.notes_slide.notes_text_frame.text
    by_key = dict(zip([one.key for one in said], file.slides, strict=True))
    assert not [s for slide in file.slides for s in slide.shapes if s.shape_type == 13]  # pictures
    tally = given.tally
    counted = [one.communes for one in tally.brackets]
    for key in ("headline", "brackets"):
        (chart,) = charts(by_key[key])
        assert numbers(chart)[0] == counted
        assert numbers(chart)[1][0] == 20
    (chart,) = charts(by_key["criteria"])
    met = {f"{one.number}. {one.name}": one.met for one in tally.criteria}
    assert dict(zip(chart.plots[0].categories, numbers(chart)[0], strict=True)) == met
    assert {sum(pair) for pair in zip(*numbers(chart), strict=True)} == {177}
    (chart,) = charts(by_key["parts"])
    averages = sorted((float(rounded(p.average, 2)) for _, _, p in given.parts), reverse=True)
    assert numbers(chart) == [averages]
    assert numbers(charts(by_key["changed"])[0]) == [[float(m) for m in range(1, 13)]]
    (rows,) = [shape.table for shape in by_key["due"].shapes if shape.has_table]
    assert rows.cell(1, 0).text == "Xã 3"


def test_names_that_would_be_markup_or_a_formula_stay_names():
    given = facts(3)
    names = {pk: replace(name, full=BAD_NAME) for pk, name in given.names.items()}
    parts = [(pk, BAD_NAME, tally) for pk, _, tally in given.parts]
    task = Task(text=BAD_NAME, owner=BAD_NAME, due_on=DECEMBER, meeting_on=DECEMBER)
    file = opened(build(replace(given, names=names, parts=parts, earlier=[task], given=[task])))
    found = [
        slide for slide in file.slides if charts(slide) and "Huyện" not in slide.shapes.title.text
    ]
    workbooks = [chart.part.chart_workbook.xlsx_part.blob for s in found for chart in charts(s)]
    for blob in workbooks:
        cells = [cell for row in load_workbook(BytesIO(blob)).active.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
    labels = [name for s in file.slides for c in charts(s) for name in c.plots[0].categories]
    assert any("HYPERLINK(1) <b>&" in name for name in labels)
    assert max(map(len, labels)) <= 65
    tables = [shape.table for s in file.slides for shape in s.shapes if shape.has_table]
    assert any(BAD_NAME.replace("\u0007", "").strip() in t.cell(1, 0).text for t in tables)


@pytest.mark.parametrize("communes", [0, 1, 500])
def test_the_slide_file_opens_at_every_size(communes):
    deck = build(facts(communes, 20, parts=0))
    assert len(opened(deck).slides) == len(deck.slides) - 2  # those of tasks
    assert isinstance(of_key(deck, "brackets")[0], BarsSlide)
