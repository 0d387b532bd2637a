"""Who carries on from whom: a table of cases, and properties against a naive second reading."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communes.lineage import Circle, EdgeRow, Kin, Lineage

D2018, D2020, D2025 = date(2018, 5, 1), date(2020, 1, 1), date(2025, 7, 1)
A, B, C, D, E, X, Y, ISLAND = range(1, 9)

# A and B merge into D in 2020; C is split in 2025: a part goes to Y, another to X, with all of D.
STORY: list[EdgeRow] = [
    (A, D, D2020, "whole", False),
    (B, D, D2020, "whole", True),
    (D, X, D2025, "whole", False),
    (C, X, D2025, "part", False),
    (C, Y, D2025, "part", False),
    (ISLAND, E, D2025, "whole", False),
]


def day_before(day: date) -> date:
    return day - timedelta(days=1)


@pytest.fixture
def story() -> Lineage:
    return Lineage(STORY)


def extents(found: dict[int, Kin]) -> dict[int, str]:
    """ "whole", "part", with "?" where it is a guess."""
    return {
        unit: ("whole" if kin.whole else "part") + ("?" if kin.inferred else "")
        for unit, kin in found.items()
    }


def test_direct_neighbours_are_the_edges_of_one_event(story):
    assert [edge.old for edge in story.before(X)] == [C, D]
    assert [edge.new for edge in story.after(C)] == [X, Y]
    assert story.before(A) == story.after(X) == ()


def test_a_path_is_whole_only_if_all_its_edges_are(story):
    assert extents(story.predecessors(X)) == {A: "whole", B: "whole?", C: "part", D: "whole"}
    assert extents(story.successors(A)) == {D: "whole", X: "whole"}
    assert extents(story.successors(C)) == {X: "part", Y: "part"}


@pytest.mark.parametrize(
    ("unit", "day", "found"),
    [
        (X, D2025, {X: "whole"}),
        (X, day_before(D2025), {C: "part", D: "whole"}),
        (X, D2020, {C: "part", D: "whole"}),
        (X, day_before(D2020), {A: "whole", B: "whole?", C: "part"}),
        (Y, day_before(D2020), {C: "part"}),
        (D, D2018, {A: "whole", B: "whole?"}),
        (A, D2018, {A: "whole"}),
        (E, D2018, {ISLAND: "whole"}),  # a special zone goes back to an island district
        (A, D2025, {}),  # ended before that day
    ],
)
def test_the_units_of_a_day_that_a_unit_goes_back_to(story, unit, day, found):
    assert extents(story.origins(unit, day)) == found


@pytest.mark.parametrize(
    ("unit", "day", "found"),
    [
        (A, day_before(D2020), {A: "whole"}),
        (A, D2020, {D: "whole"}),
        (B, D2025, {X: "whole?"}),
        (C, D2025, {X: "part", Y: "part"}),
        (ISLAND, D2025, {E: "whole"}),
        (X, D2020, {}),  # not begun on that day
    ],
)
def test_the_units_of_a_day_that_carry_a_unit_on(story, unit, day, found):
    assert extents(story.heirs(unit, day)) == found


def test_a_unit_that_lived_on_and_took_another_in_goes_back_to_itself_and_to_it():
    told = Lineage([(A, B, D2020, "whole", False), (B, X, D2025, "whole", False)], lived=[B])
    assert extents(told.origins(X, D2018)) == {A: "whole", B: "whole"}
    assert extents(told.origins(B, D2018)) == {A: "whole", B: "whole"}
    assert extents(told.heirs(B, D2018)) == extents(told.heirs(B, D2020)) == {B: "whole"}
    assert extents(told.heirs(A, D2025)) == {X: "whole"}
    assert told.alive(B, D2018) and not told.alive(B, D2025)


def test_a_unit_without_edges_is_its_own_origin_and_heir():
    assert (
        extents(Lineage().origins(A, D2018)) == extents(Lineage().heirs(A, D2025)) == {A: "whole"}
    )


def test_a_pair_told_twice_on_a_day_counts_once_and_the_surer_word_holds():
    told = Lineage([(A, X, D2025, "part", True), (A, X, D2025, "whole", True)])
    assert extents(told.predecessors(X)) == {A: "whole?"}
    assert len(told.edges) == 1


def test_a_path_in_part_that_is_certain_is_not_lost_behind_a_whole_one_that_is_a_guess():
    told = Lineage(
        [
            (A, B, D2018, "whole", True),
            (A, C, D2018, "part", False),
            (B, D, D2020, "whole", False),
            (C, D, D2020, "whole", False),
            (D, X, D2025, "part", False),
        ]
    )
    assert extents(told.predecessors(D)) == {A: "whole?", B: "whole", C: "whole"}
    assert extents(told.predecessors(X))[A] == "part"


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([(A, A, D2018, "whole", False)], {A}),
        ([(A, B, D2018, "whole", False), (B, A, D2020, "part", False)], {A, B}),
        (
            [
                (X, A, D2018, "whole", False),
                (A, B, D2018, "whole", False),
                (B, C, D2020, "whole", False),
                (C, A, D2025, "whole", False),
                (C, Y, D2025, "whole", False),
            ],
            {A, B, C},
        ),
    ],
)
def test_units_that_follow_each_other_in_a_circle_are_refused(rows, units):
    with pytest.raises(Circle) as refused:
        Lineage(rows)
    assert set(refused.value.units) == units


# ── Any history: units that end together on a day and go on in new ones ───────────────────────


@st.composite
def histories(draw) -> tuple[list[EdgeRow], dict[int, tuple[date | None, date | None]]]:
    """(edges, unit → (first day, end)) of a country where nobody is lost."""
    lives: dict[int, tuple[date | None, date | None]] = {n: (None, None) for n in range(6)}
    rows: list[EdgeRow] = []
    day = D2018
    for _ in range(draw(st.integers(0, 5))):
        day += timedelta(days=draw(st.integers(1, 400)))
        alive = [unit for unit, (_, end) in lives.items() if end is None]
        ending = draw(st.lists(st.sampled_from(alive), min_size=1, max_size=4, unique=True))
        new = [len(lives) + n for n in range(draw(st.integers(1, 3)))]
        lives |= {unit: (day, None) for unit in new}
        staying = [unit for unit in alive if unit not in ending]
        if staying and draw(st.booleans()):
            new.append(draw(st.sampled_from(staying)))  # lives on and takes something in
        for old in ending:
            lives[old] = (lives[old][0], day)
        # Everyone goes somewhere, and everyone new comes from somebody.
        pairs = {(old, draw(st.sampled_from(new))) for old in ending}
        pairs |= {(draw(st.sampled_from(ending)), unit) for unit in new}
        for old in ending:
            into = sorted(unit for left, unit in pairs if left == old)
            whole = draw(st.sampled_from([*into, None]))  # at most one unit takes the whole
            rows += [
                (old, unit, day, "whole" if unit == whole else "part", draw(st.booleans()))
                for unit in into
            ]
    return rows, lives


def known(rows: list[EdgeRow], lives: dict[int, tuple[date | None, date | None]]) -> Lineage:
    """The lineage of a history, told which units were there before an edge led into them."""
    first_edge: dict[int, date] = {}
    for _, new, day, _, _ in rows:
        first_edge.setdefault(new, day)
    return Lineage(rows, lived=[unit for unit, day in first_edge.items() if lives[unit][0] != day])


def paths(rows: list[EdgeRow], start: int, until: date | None = None) -> list[list[EdgeRow]]:
    """Every way back from `start` over edges after `until`, one list of edges for each end."""
    found: list[list[EdgeRow]] = [[]]
    for row in rows:
        if row[1] == start and (until is None or row[2] > until):
            found += [[row, *rest] for rest in paths(rows, row[0], until)]
    return found


def naive_origins(
    rows: list[EdgeRow], lives: dict[int, tuple[date | None, date | None]], unit: int, day: date
) -> dict[int, str]:
    """Path by path: the ends in force on the day, each by its best path."""
    best: dict[int, tuple[bool, bool]] = {}
    for path in paths(rows, unit, day):
        end = path[-1][0] if path else unit
        first, last = lives[end]
        if (first is None or first <= day) and (last is None or day < last):
            worth = (all(row[3] == "whole" for row in path), not any(row[4] for row in path))
            best[end] = max(best.get(end, worth), worth)
    return {
        end: ("whole" if whole else "part") + ("" if certain else "?")
        for end, (whole, certain) in best.items()
    }


def days_of(rows: list[EdgeRow]) -> list[date]:
    days = {D2018, *(row[2] for row in rows)}
    return sorted(days | {day_before(day) for day in days})


@settings(deadline=None)
@given(histories())
def test_origins_are_what_every_path_says(history):
    rows, lives = history
    lineage = known(rows, lives)
    for unit in lives:
        for day in days_of(rows):
            ended = lives[unit][1] is not None and lives[unit][1] <= day
            expected = {} if ended else naive_origins(rows, lives, unit, day)
            assert extents(lineage.origins(unit, day)) == expected


@settings(deadline=None)
@given(histories())
def test_origins_and_heirs_are_the_same_pairs_read_from_either_end(history):
    rows, lives = history
    lineage = known(rows, lives)
    *days, later = days_of(rows)
    for earlier in days:
        back = {
            (old, new): text
            for new in lives
            if lineage.alive(new, later)
            for old, text in extents(lineage.origins(new, earlier)).items()
        }
        ahead = {
            (old, new): text
            for old in lives
            if lineage.alive(old, earlier)
            for new, text in extents(lineage.heirs(old, later)).items()
        }
        assert back == ahead


@settings(deadline=None)
@given(histories())
def test_nobody_is_lost_and_nobody_is_added_twice(history):
    rows, lives = history
    lineage = known(rows, lives)
    first, last = days_of(rows)[0], days_of(rows)[-1]
    then = {unit for unit in lives if lineage.alive(unit, first)}
    now = {unit for unit in lives if lineage.alive(unit, last)}
    assert then == {unit for unit, (begun, _) in lives.items() if begun is None or begun <= first}
    assert now == {unit for unit, (_, end) in lives.items() if end is None or end > last}
    assert all(lineage.heirs(unit, last) for unit in then)
    assert all(lineage.origins(unit, first) for unit in now)
    for unit in then:
        assert sum(kin.whole for kin in lineage.heirs(unit, last).values()) <= 1


@settings(deadline=None)
@given(histories())
def test_going_back_in_two_steps_is_going_back_at_once(history):
    rows, lives = history
    lineage = known(rows, lives)
    days = days_of(rows)
    first, middle = days[0], days[len(days) // 2]
    for unit in lives:
        at_once = set(lineage.origins(unit, first))
        steps = {
            old
            for between in lineage.origins(unit, middle)
            for old in lineage.origins(between, first)
        }
        assert at_once == steps or not lineage.alive(unit, days[-1])


@settings(deadline=None)
@given(histories(), st.data())
def test_an_edge_from_an_heir_back_to_its_origin_closes_a_circle(history, data):
    rows, lives = history
    lineage = known(rows, lives)
    pairs = [(old, new) for new in lineage.units for old in lineage.predecessors(new)]
    if pairs:
        old, new = data.draw(st.sampled_from(sorted(pairs)))
        with pytest.raises(Circle):
            Lineage([*rows, (new, old, D2025 + timedelta(days=4000), "whole", False)])
