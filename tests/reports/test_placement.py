"""Places on the schematic: every commune once, none overlapping, districts in one piece."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.schematic import placement
from reports.schematic.placement import apart, neighbours, pieces, place
from reports.schematic.quality import quality

UNITS = Path(__file__).resolve().parents[2] / "fixtures" / "units"
degrees = st.floats(-2, 2, allow_nan=False)
communes = st.lists(
    st.tuples(st.tuples(degrees.map(lambda x: 105 + x), degrees.map(lambda y: 21 + y)), st.none())
    | st.tuples(st.just((105.0, 21.0)), st.integers(1, 3)),
    max_size=24,
)


@settings(max_examples=40, deadline=None)
@given(communes)
def test_every_commune_has_one_place_and_no_two_share_one(found):
    points, districts = [point for point, _ in found], [district for _, district in found]
    places = place(points, districts)
    assert len(set(places)) == len(places) == len(points)
    assert all((x + y) % 2 == 0 and x >= 0 and y >= 0 for x, y in places)
    assert place(points, districts) == places


def test_the_grid_is_as_wide_as_the_communes_whatever_island_lies_far_out():
    coast = [(105 + x / 10, 20 + y / 10) for x in range(6) for y in range(6)]
    places = place([*coast, (112.0, 16.0)], [None] * 37)
    assert max(x for x, _ in places) / 2 < 14
    island = places[-1]
    assert island[0] >= sorted(x for x, _ in places)[-8]


def test_north_is_up_and_east_is_right():
    row = place([(105.0, 21.0), (105.1, 21.0), (105.2, 21.0)], [None] * 3)
    assert [x for x, _ in row] == sorted(x for x, _ in row)
    north, south = place([(105.0, 21.1), (105.0, 20.9)], [None] * 2)
    assert north[1] <= south[1]


def test_side_by_side_is_one_apart():
    assert {round(apart((4, 2), other), 6) for other in neighbours((4, 2))} == {1.0}
    assert [len(piece) for piece in pieces([(0, 0), (2, 0), (1, 1), (9, 1)])] == [3, 1]


type Lists = dict[str, tuple[list[tuple[float, float]], list[int | None]]]


@pytest.fixture(scope="module")
def real() -> Lists:
    """The xã of Hà Giang at the end of 2018 by district, and of the 34 provinces of today."""
    then = lists("before-2025", "2018-12-31", only="02")
    return {"02 in 2018": then["02"]} | lists("2025", "2025-07-01")


def lists(register: str, day: str, *, only: str = "") -> Lists:
    """Province code → the points of its xã on a day and the districts that they belong to."""
    points = {
        row["unit"]: (float(row["longitude"]), float(row["latitude"]))
        for year in ("2017", "2025")
        for row in read(f"points-{year}.csv")
    }
    rows = [
        row
        for row in read(f"register-{register}.csv")
        if row["valid_from"] <= day and (not row["valid_until"] or day < row["valid_until"])
    ]
    above = {row["unit"]: row["parent"] for row in rows}
    found = {}
    for province in rows:
        if province["parent"] != "VN" or only not in ("", province["code"]):
            continue
        within = province["unit"]
        xa = [
            row
            for row in rows
            if row["kind"] == "xa" and within in (row["parent"], above.get(row["parent"]))
        ]
        parents = [None if row["parent"] == within else row["parent"] for row in xa]
        numbers = {parent: number for number, parent in enumerate(dict.fromkeys(parents))}
        districts = [None if parent is None else numbers[parent] for parent in parents]
        found[province["code"]] = ([points[row["unit"]] for row in xa], districts)
    return found


def read(name: str) -> list[dict[str, str]]:
    with (UNITS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("code", "communes", "districts"), [("02 in 2018", 177, 11), ("56", 48, 0)]
)
def test_a_real_province_keeps_neighbours_near_and_districts_whole(real, code, communes, districts):
    points, belonging = real[code]
    places = place(points, belonging)
    assert place(points[::-1], belonging[::-1]) == places[::-1]
    found = quality(points, places, belonging)
    assert (found.communes, found.overlapping) == (communes, 0)
    assert (found.districts, found.connected) == (districts, districts)
    assert found.mean_apart < 1.3
    assert found.touching > 0.7


def test_each_of_the_34_provinces_has_every_commune_once_and_none_overlapping(real):
    today = {code: found for code, found in real.items() if code != "02 in 2018"}
    assert len(today) == 34
    for code, (points, belonging) in today.items():
        places = place(points, belonging)
        found = quality(points, places, belonging)
        assert (found.communes, found.overlapping) == (len(points), 0), code
        assert len(set(places)) == len(points), code
        assert found.mean_apart < 2, code


def test_the_cost_that_is_added_joins_districts_before_any_is_mended(real, monkeypatch):
    points, belonging = real["02 in 2018"]
    monkeypatch.setattr(placement, "SWAPS", 0)
    joined = []
    for rounds in (0, placement.ROUNDS):
        monkeypatch.setattr(placement, "ROUNDS", rounds)
        joined.append(quality(points, place(points, belonging), belonging).connected)
    assert joined[0] < joined[1]
