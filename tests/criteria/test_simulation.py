"""The simulated history of the demo provinces obeys its own rules: as a plan, no database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml
from django.core.management import CommandError, call_command

from criteria.rules.judge import satisfies, verdict
from criteria.rules.levels import levels_in_force
from criteria.rules.types import Level, Rule
from criteria.simulation.plan import Planner, plan
from criteria.simulation.scenario import Commune, PlanError, month_end, provinces
from tests.criteria.simulated import (
    PLAN_FILE,
    REAL,
    ROOT,
    SMALL,
    communes_of,
    digest,
    planned,
    province_of,
    read_set,
    recognised,
    situation_of,
    small_communes,
    small_province,
    states,
)

every_plan = pytest.mark.parametrize("code", [SMALL, *REAL])
real_plans = pytest.mark.parametrize("code", REAL)


@pytest.mark.parametrize("code", [SMALL, "42"])
def test_the_same_input_gives_the_same_plan(code: str) -> None:
    again = plan(province_of(code), communes_of(code), read_set(), situation_of(code))
    assert tuple(again) == planned(code)


def test_the_plan_does_not_depend_on_the_order_of_hashes_or_of_communes() -> None:
    command = "from tests.criteria.simulated import digest; print(digest('small'))"
    found = {
        subprocess.run(
            [sys.executable, "-c", command],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {digest(SMALL)}
    backwards = plan(small_province(), small_communes()[::-1], read_set(), situation_of(SMALL))
    assert tuple(backwards) == planned(SMALL)


@every_plan
def test_the_opening_records_every_indicator_of_every_commune(code: str) -> None:
    first = planned(code)[0]
    indicators = [x.id for criterion in read_set().criteria for x in criterion.indicators]
    communes = communes_of(code)
    assert len(first.results) == len(indicators) * len(communes)
    assert {result.cause for result in first.results} == {"opening"}
    cells = {(result.unit_id, result.indicator_id) for result in first.results}
    assert len(cells) == len(first.results)


@every_plan
def test_at_most_two_criteria_of_a_commune_change_in_a_month(code: str) -> None:
    for (_, before), (month, after) in zip(states(code), states(code)[1:], strict=False):
        for unit_id, met in after.items():
            assert len(met ^ before[unit_id]) <= 2, (month.month_end, unit_id)


@every_plan
def test_at_most_two_percent_of_the_communes_lose_a_criterion_in_a_month(code: str) -> None:
    losers = 0
    for (_, before), (_, after) in zip(states(code), states(code)[1:], strict=False):
        lost = [unit_id for unit_id, met in after.items() if before[unit_id] - met]
        assert len(lost) <= 0.02 * len(after)
        losers += len(lost)
    assert losers > 0


@real_plans
def test_some_communes_win_back_what_they_lost(code: str) -> None:
    lost: set[tuple[int, int]] = set()
    back: set[tuple[int, int]] = set()
    for (_, before), (_, after) in zip(states(code), states(code)[1:], strict=False):
        for unit_id, met in after.items():
            back |= {(unit_id, n) for n in met - before[unit_id]} & lost
            lost |= {(unit_id, n) for n in before[unit_id] - met}
    assert 0 < len(back) < len(lost)


@every_plan
def test_each_month_names_a_cell_once(code: str) -> None:
    for month in planned(code):
        cells = [(result.unit_id, result.indicator_id) for result in month.results]
        assert len(cells) == len(set(cells))
        reviewed = [(c.unit_id, c.criterion_id) for c in month.confirmations]
        assert len(reviewed) == len(set(reviewed))


@real_plans
def test_recognitions_fall_on_two_to_four_days_a_year(code: str) -> None:
    days = defaultdict(set)
    for month in planned(code):
        for decision in month.recognitions:
            days[decision.decided_on.year].add(decision.decided_on)
            assert decision.number.startswith("MP-")
            assert decision.decided_on.weekday() < 5
    assert {2014, 2015, 2016, 2017, 2018, 2019} == set(days)
    assert all(2 <= len(found) <= 4 for found in days.values())


@every_plan
def test_a_commune_meets_everything_on_the_day_it_is_recognised(code: str) -> None:
    top = len(read_set().criteria)
    decided = 0
    for (before, met), (month, _) in zip(states(code), states(code)[1:], strict=False):
        for decision in month.recognitions:
            assert before.month_end < decision.decided_on <= month.month_end
            assert len(met[decision.unit_id]) == top
            decided += 1
    assert decided > 0


@every_plan
def test_nobody_is_recognised_twice(code: str) -> None:
    units = Counter(d.unit_id for month in planned(code) for d in month.recognitions)
    assert set(units.values()) == {1}


@real_plans
def test_meeting_everything_and_being_recognised_are_two_things(code: str) -> None:
    top = len(read_set().criteria)
    waiting = slipped = 0
    for month, met in states(code):
        held = recognised(code, month.month_end)
        complete = {unit_id for unit_id, numbers in met.items() if len(numbers) == top}
        waiting += len(complete - held)
        slipped += len(held - complete)
    assert waiting > 0
    assert slipped > 0


@every_plan
def test_every_anchor_is_met_exactly(code: str) -> None:
    province = province_of(code)
    border = {commune.unit_id for commune in communes_of(code) if commune.border}
    by_month = {month.month_end: met for month, met in states(code)}
    for anchor in province.anchors:
        met = by_month[anchor.day]
        held = recognised(code, anchor.day) & set(met)
        counts = [len(numbers) for numbers in met.values()]
        assert sum(counts) == anchor.criteria_met
        assert min(counts) >= anchor.lowest
        if anchor.communes is not None:
            assert len(met) == anchor.communes
        if anchor.recognised is not None:
            assert len(held) == anchor.recognised
        if anchor.recognised_border is not None:
            assert len(held & border) == anchor.recognised_border
        for bracket in anchor.brackets:
            inside = sum(bracket.low <= count <= bracket.high for count in counts)
            assert inside == bracket.communes


@pytest.mark.parametrize(
    ("code", "on", "communes", "recognised_then", "average"),
    [
        ("20", date(2017, 12, 31), 207, 36, "8.65"),
        ("02", date(2016, 12, 31), 177, 16, "8.58"),
        ("02", date(2018, 12, 31), 177, 33, "10.59"),
        ("14", date(2019, 12, 31), 188, 41, "12.90"),
        ("42", date(2017, 12, 31), 230, 113, "14.65"),
        ("42", date(2018, 12, 31), 229, 158, "17.70"),
    ],
)
def test_the_published_headlines_follow_from_single_communes(
    code: str, on: date, communes: int, recognised_then: int, average: str
) -> None:
    met = next(met for month, met in states(code) if month.month_end == on)
    assert len(met) == communes
    assert len(recognised(code, on) & set(met)) == recognised_then
    total = Decimal(sum(len(numbers) for numbers in met.values()))
    assert str((total / communes).quantize(Decimal("0.01"), "ROUND_HALF_UP")) == average


@every_plan
def test_values_lie_on_the_side_of_the_level_that_the_outcome_says(code: str) -> None:
    asked = read_set()
    kinds = {x.id: x for criterion in asked.criteria for x in criterion.indicators}
    levels = {pk: levels_in_force(x, situation_of(code)) or {} for pk, x in kinds.items()}
    for month in planned(code):
        for result in month.results:
            indicator, required = kinds[result.indicator_id], levels[result.indicator_id]
            values = dict(result.part_values or {})
            if result.value is not None:
                values[""] = result.value
            if any(level.value is None for level in required.values()):
                assert values == {}
                continue
            assert set(values) == set(required)
            assert verdict(values, required) is result.outcome
            if indicator.kind == "percent":
                assert all(0 <= value <= 100 for value in values.values())
            assert all(value == round(value, 1) for value in values.values())
            if indicator.parts:
                first, *others = (values[part] for part in indicator.parts)
                assert all(value <= first for value in others)


@real_plans
def test_every_december_measures_all_figures_again(code: str) -> None:
    asked = read_set()
    where = situation_of(code)
    numeric = {
        x.id
        for criterion in asked.criteria
        for x in criterion.indicators
        if x.kind in ("percent", "number", "money")
        and all(level.value is not None for level in (levels_in_force(x, where) or {}).values())
    }
    for month, met in states(code):
        if month.month_end.month == 12 and month.month_end.year > 2016:
            cells = {
                (result.unit_id, result.indicator_id)
                for result in month.results
                if result.indicator_id in numeric
            }
            assert len(cells) == len(numeric) * len(met)


@every_plan
def test_departments_confirm_nearly_all_and_the_rest_a_month_later(code: str) -> None:
    asked = read_set()
    criterion_of = {x.id: c.id for c in asked.criteria for x in c.indicators}
    late: set[tuple[int, int]] = set()
    for month, met in states(code):
        new = {(r.unit_id, criterion_of[r.indicator_id]) for r in month.results}
        confirmed = {(c.unit_id, c.criterion_id) for c in month.confirmations}
        here = {(unit_id, criterion) for unit_id, criterion in late if unit_id in met}
        assert here <= confirmed <= here | new
        late = (late | new) - confirmed
        waiting = sum(unit_id in met for unit_id, _ in late)
        share = 1 - waiting / (len(met) * len(asked.criteria))
        assert 0.945 <= share <= 0.98, month.month_end


def test_a_commune_that_leaves_the_programme_gets_no_more_results() -> None:
    leaving = small_communes()[-1]
    assert leaving.end is not None
    last = max(
        month.month_end
        for month in planned(SMALL)
        if any(result.unit_id == leaving.unit_id for result in month.results)
    )
    assert last < leaving.end
    dong_loc = min(communes_of("42"), key=lambda commune: commune.end or date.max)
    assert dong_loc.end == date(2018, 7, 11)
    months = [
        month.month_end
        for month in planned("42")
        if any(result.unit_id == dong_loc.unit_id for result in month.results)
    ]
    assert months[-1] < date(2018, 7, 11)


def test_totals_that_cannot_be_reached_are_refused() -> None:
    data = yaml.safe_load(PLAN_FILE.read_text(encoding="utf-8"))
    entry = next(found for found in data["provinces"] if found["code"] == "02")
    entry["stages"][0]["anchors"][1]["criteria_met"] = 177 * 19
    province = next(found for found in provinces(data) if found.code == "02")
    with pytest.raises(PlanError, match="Hà Giang"):
        list(plan(province, communes_of("02"), read_set(), situation_of("02")))


def test_a_level_is_met_from_its_own_figure_on() -> None:
    level = Level(selector="all", rule=Rule.AT_LEAST, value=Decimal("26.75"), checked=True)
    assert satisfies(Decimal("26.8"), level)
    assert not satisfies(Decimal("26.7"), level)


def test_months_of_the_plan_end_before_the_units_change() -> None:
    for code in REAL:
        province = province_of(code)
        days = province.months
        assert days[0] == date(2016, 12, 31)
        assert days[-1] == date(2019, 12, 31)
        assert all((day + timedelta(days=1)).day == 1 for day in days)


def test_plans_follow_each_other_month_by_month() -> None:
    for code in REAL:
        ends = [date(2016, 11, 30)]
        for stage in province_of(code).stages:
            assert stage.first_month == month_end(ends[-1] + timedelta(days=1))
            ends.append(stage.last_month)
    with pytest.raises(PlanError, match="nối tiếp"):
        data = yaml.safe_load(PLAN_FILE.read_text(encoding="utf-8"))
        del data["provinces"][0]["stages"][1]
        provinces(data)


@pytest.fixture
def two_plans() -> tuple[Planner, Planner]:
    """The small province, whose units 1 and 2 then make unit 2001, and 3 is joined by nobody."""
    first, second = small_province().stages
    before = Planner(first, small_communes(), read_set(), situation_of(SMALL))
    list(before.months())
    merged, old = Commune(unit_id=2001, key="02001@2018-04-01", district_id=1), (1001, 1002)
    stay = [c for c in small_communes()[:59] if c.unit_id not in old]
    orphan = Commune(unit_id=2002, key="02002@2018-04-01", district_id=2)
    after = Planner(
        second,
        [*stay, merged, orphan],
        read_set(),
        situation_of(SMALL),
        before=before,
        former={c.unit_id: c.unit_id for c in stay} | {2001: 1001},
        recognised={1005},
    )
    return before, after


def test_a_commune_goes_on_from_where_it_stood_and_a_merged_one_from_its_predecessor(
    two_plans: tuple[Planner, Planner],
) -> None:
    before, after = two_plans
    for new, old in ((1010, 1010), (2001, 1001)):
        assert after.ways[new].met == before.ways[old].met
        now, then = list(after.sheets[new]), list(before.sheets[old])
        assert [(c.met, c.figures) for c in now] == [(c.met, c.figures) for c in then]


def test_only_a_commune_without_predecessor_gets_first_findings(
    two_plans: tuple[Planner, Planner],
) -> None:
    _, after = two_plans
    start = sum(len(course.met) for course in after.courses)
    months = list(after.months())
    assert {result.unit_id for result in months[0].results} == {2002}
    confirmed = {row.unit_id for month in months for row in month.confirmations}
    assert {2001, 2002} <= confirmed
    assert sum(len(course.met) for course in after.courses) == start + 20
    assert 1005 not in {row.unit_id for month in months for row in month.recognitions}


def test_simulated_data_are_loaded_only_in_the_demo() -> None:
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo")
