"""Units over time as boxes: in the columns of their life, none on another, well joined."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts.lineage import GAP, WIDTH, Box, Drawing, Join, draw, wrapped

D2020, D2024, D2025 = date(2020, 1, 1), date(2024, 12, 1), date(2025, 7, 1)


def box(key: str, first: date | None = None, until: date | None = None, **more) -> Box:
    return Box(key=key, title=more.pop("title", f"Xã {key}"), first=first, until=until, **more)


def join(old: str, new: str, day: date, **more) -> Join:
    return Join(old=old, new=new, day=day, **more)


def placed(drawing: Drawing) -> dict:
    return {item.box.key: item for item in drawing.boxes}


def texts(drawing: Drawing) -> list[str]:
    return [text.text for link in drawing.links for text in link.texts]


MERGED = draw(
    [
        box("A", None, D2020),
        box("B", None, D2020),
        box("C", None, D2025),
        box("D", D2020, D2025),
        box("X", D2025, here=True),
    ],
    [
        join("A", "D", D2020, inferred=True),
        join("B", "D", D2020, inferred=True),
        join("D", "X", D2025),
        join("C", "X", D2025, whole=False),
    ],
    {D2020: "818/NQ-UBTVQH14", D2025: "1672/NQ-UBTVQH15"},
)


def test_time_runs_from_left_to_right_and_a_box_reaches_over_its_whole_life():
    boxes = placed(MERGED)
    assert boxes["A"].x == boxes["B"].x == boxes["C"].x < boxes["D"].x < boxes["X"].x
    assert boxes["C"].x + boxes["C"].width == boxes["D"].x + boxes["D"].width
    assert boxes["X"].x - boxes["D"].x - boxes["D"].width == GAP
    assert MERGED.fits
    assert MERGED.width <= WIDTH


def test_a_unit_stands_beside_the_middle_of_what_it_was_made_of():
    boxes = placed(MERGED)
    assert boxes["D"].middle == pytest.approx((boxes["A"].middle + boxes["B"].middle) / 2, abs=0.2)
    assert boxes["X"].middle == pytest.approx((boxes["C"].middle + boxes["D"].middle) / 2, abs=0.2)


def test_each_day_stands_over_its_gap_with_its_instrument():
    heads = [text.text for text in MERGED.heads]
    assert heads == ["01/01/2020", "818/NQ-UBTVQH14", "suy đoán", "01/07/2025", "1672/NQ-UBTVQH15"]


def test_a_part_is_dashed_and_said_and_a_guess_is_said_once_where_all_of_a_day_is_one():
    assert MERGED.parts
    assert texts(MERGED) == ["một phần"]
    mixed = draw(
        [box("A", None, D2020), box("B", None, D2020), box("X", D2020, here=True)],
        [join("A", "X", D2020, inferred=True), join("B", "X", D2020)],
        {},
    )
    assert texts(mixed) == ["suy đoán"]
    assert not mixed.parts


def test_a_unit_that_was_split_has_its_successors_on_the_right():
    drawing = draw(
        [box("A", None, D2025, here=True), box("X", D2025), box("Y", D2025)],
        [join("A", "X", D2025, whole=False), join("A", "Y", D2025, whole=False)],
        {},
    )
    boxes = placed(drawing)
    assert boxes["A"].middle == (boxes["X"].middle + boxes["Y"].middle) / 2
    # "một phần" stands by each successor, where its line is alone
    notes = [text for link in drawing.links for text in link.texts]
    assert sorted(text.y for text in notes) == sorted(boxes[key].middle - 5 for key in ("X", "Y"))


def test_the_same_unit_before_and_after_is_joined_by_a_line_of_its_own():
    drawing = draw(
        [box("1", None, D2020), box("2", D2020, here=True)],
        [join("1", "2", D2020, same=True)],
        {D2020: "đổi tên"},
    )
    assert drawing.continues
    assert not MERGED.continues


def test_ten_predecessors_fit_and_none_touches_another():
    old = [box(f"{n}", None, D2025, title=f"Xã Số {n}") for n in range(10)]
    drawing = draw(
        [*old, box("X", D2025, here=True)], [join(item.key, "X", D2025) for item in old], {}
    )
    assert drawing.fits
    assert not overlapping(drawing)
    assert drawing.height < 800


def test_a_long_name_is_broken_between_words():
    drawing = draw(
        [
            box("A", None, D2020),
            box("B", None, D2024),
            box("C", None, D2025),
            box("D", D2025, date(2026, 1, 1), title="Thị trấn Nông trường Mộc Châu mở rộng"),
            box("X", date(2026, 1, 1), here=True),
        ],
        [
            join("A", "X", date(2026, 1, 1)),
            join("D", "X", date(2026, 1, 1)),
            join("C", "D", D2025),
            join("B", "C", D2024),
        ],
        {},
    )
    titles = [text.text for text in placed(drawing)["D"].texts if text.role == "title"]
    assert len(titles) == 2
    assert " ".join(titles) == "Thị trấn Nông trường Mộc Châu mở rộng"
    assert wrapped("một hai ba", 7) == ["một hai", "ba"]
    assert wrapped("dài-hơn-cả-dòng", 4) == ["dài-hơn-cả-dòng"]


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (one.box.key, other.box.key)
        for one, other in combinations(drawing.boxes, 2)
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


@st.composite
def trees(draw_) -> tuple[list[Box], list[Join]]:
    """A unit of today with predecessors of predecessors, and some successors of its own."""
    days = [date(2018, 1, 1), D2020, D2024, D2025]
    boxes: list[Box] = []
    joins: list[Join] = []

    def grow(key: str, until: date | None, level: int) -> None:
        born = level >= 0 and (level == 3 or draw_(st.booleans()))
        first = days[level] if born else None
        lines = tuple(["dòng"] * draw_(st.integers(0, 3)))
        boxes.append(box(key, first, until, lines=lines, here=key == "X"))
        if born:
            for number in range(draw_(st.integers(0 if level < 3 else 1, 3))):
                older = draw_(st.integers(-1, level - 1))
                grow(f"{key}{number}", days[level], older)
                joins.append(join(f"{key}{number}", key, days[level], whole=draw_(st.booleans())))

    split = draw_(st.integers(0, 3))
    end = date(2026, 4, 30) if split else None
    grow("X", end, 3)
    for number in range(split):
        boxes.append(box(f"Y{number}", end))
        joins.append(join("X", f"Y{number}", date(2026, 4, 30), whole=split == 1))
    return boxes, joins


@settings(deadline=None)
@given(trees())
def test_no_box_stands_on_another_and_every_line_crosses_its_own_gap(tree):
    boxes, joins = tree
    drawing = draw(boxes, joins, {})
    assert len(drawing.boxes) == len(boxes)
    assert not overlapping(drawing)
    where = placed(drawing)
    for item in joins:
        left = where[item.old]
        assert where[item.new].x - left.x - left.width == GAP
    assert all(item.y >= 0 for item in drawing.boxes)
    assert all(item.y + item.height <= drawing.height for item in drawing.boxes)
    assert all(item.x + item.width <= drawing.width for item in drawing.boxes)
