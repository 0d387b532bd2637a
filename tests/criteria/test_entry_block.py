"""Blocks of cells and undo: what a text says, all or nothing, one change, one's own last save."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from communes.models import Change
from criteria import standings
from criteria.entry import block as entry_block
from criteria.entry.block import BlockCell, BlockChanged, BlockRefused
from criteria.entry.judging import EntryRefused, Finding
from criteria.entry.undo import undo_last
from criteria.figures import figures
from criteria.grids import block
from criteria.grids.block import Place, plan
from criteria.models import CellHead, Result, Standing
from criteria.rules.types import Outcome
from criteria.sheets import sheet
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import make_commune, make_district, make_province, make_user

pytestmark = pytest.mark.django_db
MET, NOT_MET, NA = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE


@pytest.fixture
def world() -> World:
    return make_world(
        communes=3,
        criteria={1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {"3.1": ">= 9"}},
        parts={"3.1": {"hygienic": ">= 90", "clean": ">= 50"}},
        unverified=[],
    )


def cell(world: World, n: int, code: str, value=None, verdict=None, seen=None) -> BlockCell:
    values = {} if value is None else {"": Decimal(str(value))}
    return BlockCell(
        commune=world.communes[n],
        indicator_id=world.indicator(code),
        finding=Finding(values=values, verdict=verdict),
        seen=seen,
    )


def save_block(world: World, *cells: BlockCell, **how) -> int:
    how.setdefault("by", world.officer)
    return entry_block.save_block(province=world.province.unit, cells=cells, **how)


def undo(world: World, **how):
    return undo_last(
        province=world.province.unit,
        unit_ids=[one.unit_id for one in world.communes],
        indicator_ids=[one.id for c in world.asked.criteria for one in c.indicators],
        **{"by": world.officer, **how},
    )


def held(world: World) -> dict[tuple[int, str], str]:
    rows = CellHead.objects.select_related("result", "indicator")
    order = {one.unit_id: n for n, one in enumerate(world.communes)}
    return {
        (order[row.unit_id], row.indicator.code): f"{row.result.value or ''}{row.verdict}"
        for row in rows
    }


def layout(world: World) -> list[list[Place]]:
    answer = figures(world.province, JANUARY)
    return [
        [
            Place(commune=one, cell=found, row=f"Xã {n}", column=found.indicator.code)
            for found in sheet(one, answer).cells
        ]
        for n, one in enumerate(world.communes)
    ]


def planned(world: World, text: str, n: int = 0, code: str = "1.1"):
    return plan(layout(world), (world.communes[n].unit_id, world.indicator(code)), text)


def test_a_block_is_one_change_and_every_figure_follows(world):
    before = Change.objects.count()
    cells = [cell(world, n, "1.1", 80 + n) for n in range(3)] + [cell(world, 0, "1.2", None, MET)]
    request_id = uuid4()
    assert save_block(world, *cells, request_id=request_id) == 4
    assert save_block(world, *cells, request_id=request_id) == 0
    assert (Result.objects.count(), Change.objects.count()) == (4, before + 1)
    assert Change.objects.latest("seq").action == "entry.save_block"
    assert figures(world.province, JANUARY).reported.criteria_met == 1
    ids = [one.unit_id for one in world.communes]
    kept = {row.unit_id: row.met for row in Standing.objects.filter(set_id=world.asked.set_id)}
    assert kept == {row.unit_id: row.met for row in standings.recompute(ids, world.asked)}


def test_one_bad_cell_or_one_changed_meanwhile_and_nothing_is_written(world):
    with pytest.raises(BlockRefused) as refused:
        save_block(world, cell(world, 0, "1.1", 80), cell(world, 1, "2"))
    assert [bad.commune for bad, _ in refused.value.faults] == [world.communes[1]]
    world.save(world.communes[1], "1.1", 70)
    with pytest.raises(BlockChanged) as changed:
        save_block(world, cell(world, 0, "1.1", 80), cell(world, 1, "1.1", 85))
    assert [current.value for _, current in changed.value.conflicts] == [70]
    seen = Result.objects.get().pk
    assert save_block(world, cell(world, 0, "1.1", 80), cell(world, 1, "1.1", 85, seen=seen)) == 2


def test_a_commune_of_another_province_or_an_indicator_not_asked_is_refused(world):
    other = make_province(code="20", name="Tỉnh khác")
    stranger = make_commune(parent=make_district(province=other, code="180"))
    crafted = BlockCell(
        commune=stranger,
        indicator_id=world.indicator("1.1"),
        finding=Finding(values={"": Decimal(80)}),
        seen=None,
    )
    with pytest.raises(EntryRefused, match="không thuộc tỉnh"):
        save_block(world, cell(world, 0, "1.1", 80), crafted)
    unknown = BlockCell(
        commune=world.communes[0], indicator_id=10**6, finding=crafted.finding, seen=None
    )
    with pytest.raises(EntryRefused, match="không thuộc bộ tiêu chí"):
        save_block(world, cell(world, 0, "1.1", 80), unknown)
    assert not Result.objects.exists()


def test_undo_goes_back_one_change_at_a_time_and_says_what(world):
    save_block(world, cell(world, 0, "1.1", 81), cell(world, 1, "1.1", 82))
    world.save(world.communes[0], "1.1", 90)
    request_id = uuid4()
    assert [row.value for row in undo(world, request_id=request_id).cells] == [90]
    assert [row.value for row in undo(world, request_id=request_id).cells] == [90]
    assert held(world) == {(0, "1.1"): "81.0000met", (1, "1.1"): "82.0000met"}
    assert len(undo(world).cells) == 2
    assert held(world) == {}
    with pytest.raises(EntryRefused, match="không còn lần lưu nào"):
        undo(world)


def test_undo_stops_where_something_rests_on_the_save(world):
    mine, other = world.communes[0], make_user()
    world.save(mine, "1.1", 81)
    with pytest.raises(EntryRefused, match="không còn lần lưu nào"):
        undo(world, by=other)
    save_block(world, cell(world, 0, "1.1", 70, seen=Result.objects.get().pk), by=other)
    with pytest.raises(EntryRefused, match="kết quả mới hơn"):
        undo(world)
    assert len(undo(world, by=other).cells) == 1
    world.review(mine, 1, [Result.objects.get(value=81).pk])
    with pytest.raises(EntryRefused, match="xác nhận"):
        undo(world)


@pytest.mark.parametrize(
    ("code", "text", "values", "verdict"),
    [
        ("1.1", "1.234,5", "không hợp", None),
        ("1.1", "71,5", {"": "71.5"}, None),
        ("1.1", "71,5%", {"": "71.5"}, None),
        ("1.1", "71,5 % Đạt", {"": "71.5"}, MET),
        ("1.1", "71,5 (chưa đạt)", {"": "71.5"}, NOT_MET),
        ("1.1", "Không áp dụng", {}, NA),
        ("1.1", "0", {"": "0"}, None),
        ("1.1", "71,5 gì đó", "không phải là số", None),
        ("1.1", "71 và 72", "hỏi 1 số", None),
        ("3.1", "95 và 40", {"hygienic": "95", "clean": "40"}, None),
        ("3.1", "95,5; 40 Đạt", {"hygienic": "95.5", "clean": "40"}, MET),
        ("1.2", "x", {}, MET),
        ("1.2", "đạt", {}, MET),
        ("1.2", "CHƯA ĐẠT", {}, NOT_MET),
        ("1.2", "71", "không phải là đánh giá", None),
    ],
)
def test_a_text_of_a_spreadsheet_is_read_as_people_write_it(world, code, text, values, verdict):
    found = next(p.cell for p in layout(world)[0] if p.column == code)
    if isinstance(values, str):
        with pytest.raises(ValueError, match="vượt quá|" + values):
            block.read(found, text)
        return
    finding = block.read(found, text)
    assert {key: str(value) for key, value in finding.values.items()} == values
    assert finding.verdict is verdict


def test_the_preview_says_what_is_covered_what_falls_outside_and_what_is_refused(world):
    world.save(world.communes[0], "1.1", 85)
    found = planned(world, "85\tĐạt\r\n120\t\r\n90\tx\r\n91\tx\r\n", code="1.1")
    assert (found.size, found.outside) == ((3, 2), (1, 0))
    assert [one.column for one in found.covers] == ["1.1", "1.2"]
    assert [(p.place.row, p.place.column, p.before, p.after) for p in found.changes] == [
        ("Xã 0", "1.2", "–", "Đạt"),
        ("Xã 2", "1.1", "–", "90 Đạt"),
        ("Xã 2", "1.2", "–", "Đạt"),
    ]
    assert (found.kept, found.blank) == (1, 1)
    assert [(p.place.row, p.place.column) for p in found.refused] == [("Xã 1", "1.1")]
    assert "vượt quá 100%" in found.refused[0].why
    wide = planned(world, "1\t2\t3\t4\t5\n", code="2")
    assert (wide.size, wide.outside) == ((1, 2), (0, 3))


def test_a_bare_figure_where_the_officer_judges_is_told_where_the_verdict_goes():
    world = make_world(criteria={1: {"1.1": ">= 80"}}, unverified=["1.1"])
    (bare,) = planned(world, "71,5").refused
    assert bare.why.endswith("Ghi đánh giá ngay sau số, ví dụ: 71,5 Đạt.")
    assert planned(world, "71,5 Đạt").refused == []


def test_where_only_marks_stand_a_blank_cell_says_not_met(world):
    found = planned(world, "x\n\nx\n", code="1.2")
    assert [(p.place.row, p.after) for p in found.changes] == [
        ("Xã 0", "Đạt"),
        ("Xã 1", "Chưa đạt"),
        ("Xã 2", "Đạt"),
    ]
    assert found.marks == ("1.2",)


def test_a_value_that_stays_counts_as_assessed_again_once_a_year(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 85, true_from=date(2017, 12, 31))
    world.save(commune, "1.1", 85, true_from=date(2017, 12, 31), note="Theo biên bản")
    found = planned(world, "85")
    assert ([p.after for p in found.again], found.changes) == (["85 Đạt"], [])
    (one,) = found.again
    assert one.finding.note == "Theo biên bản"
    save_block(world, *block.block_cells(found.again, {one.place.key: one.as_sent[3]}))
    again = planned(world, "85")
    assert (again.again, again.kept) == ([], 1)


@pytest.mark.parametrize(("text", "why"), [(" \n", "không có gì"), ("1\t" * 30_000, "quá lớn")])
def test_a_block_that_is_none_is_refused(world, text, why):
    with pytest.raises(EntryRefused, match=why):
        planned(world, text)
