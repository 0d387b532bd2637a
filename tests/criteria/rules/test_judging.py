"""Levels and verdicts by examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from criteria.rules.judge import program_judges, satisfies, verdict
from criteria.rules.levels import Situation, applicable, levels_in_force
from criteria.rules.types import Outcome, Rule
from criteria.values import gap_text
from tests.criteria.rules.definitions import make_indicator, make_level


@pytest.mark.parametrize(
    ("selectors", "situation", "chosen"),
    [
        (["all"], Situation(), "all"),
        (["national", "region:tdmnpb"], Situation(region="tdmnpb"), "region:tdmnpb"),
        (["national", "region:tdmnpb"], Situation(region="btb"), None),
        (["national"], Situation(region="btb"), None),
        (["all", "region:btb"], Situation(region="btb"), "region:btb"),
        (["region:btb", "group:nhom3"], Situation(region="btb", group="nhom3"), "group:nhom3"),
        (["all", "year:2018"], Situation(year=2018), "year:2018"),
        (["all", "year:2018"], Situation(year=2019), "all"),
    ],
)
def test_the_most_specific_level_applies_and_the_national_column_never(
    selectors, situation, chosen
):
    found = applicable([make_level(selector=s) for s in selectors], situation)
    assert (found.selector if found else None) == chosen


def test_an_indicator_with_parts_needs_a_level_for_every_part():
    both = make_indicator(
        levels=[
            make_level(90, part="hygienic"),
            make_level(50, part="clean", selector="region:btb"),
        ]
    )
    assert levels_in_force(both, Situation()) is None
    assert set(levels_in_force(both, Situation(region="btb")) or {}) == {"hygienic", "clean"}


@pytest.mark.parametrize(
    ("rule", "level", "value", "met"),
    [
        (">=", 80, "80", True),
        (">=", 80, "79.99", False),
        ("<=", 12, "12", True),
        ("<=", 12, "12.01", False),
        ("<", 6, "6", False),
        (">", 6, "6.1", True),
        ("=", 3, "3", True),
        ("yes", 1, "1", True),
        ("yes", 1, "0", False),
    ],
)
def test_a_value_is_held_against_its_level_with_the_bound_included(rule, level, value, met):
    assert satisfies(Decimal(value), make_level(level, rule=rule)) is met


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 95, "b": 60}, Outcome.MET),
        ({"a": 95, "b": 40}, Outcome.NOT_MET),
        ({"a": 95}, Outcome.NOT_ASSESSED),
        ({"b": 40}, Outcome.NOT_MET),
        ({}, Outcome.NOT_ASSESSED),
    ],
)
def test_all_parts_are_needed_and_one_that_fails_settles_it(values, expected):
    levels = {"a": make_level(90, part="a"), "b": make_level(50, part="b")}
    assert verdict({k: Decimal(v) for k, v in values.items()}, levels) is expected


@pytest.mark.parametrize(
    ("levels", "text_checked", "by_program"),
    [
        ([make_level(80)], True, True),
        ([make_level(80, checked=False)], True, False),
        ([make_level(80)], False, False),
        ([make_level(None)], True, False),
        ([], True, False),
    ],
)
def test_the_program_judges_only_by_a_level_that_is_known_and_checked(
    levels, text_checked, by_program
):
    indicator = make_indicator(levels=levels, text_checked=text_checked)
    assert program_judges(indicator, levels_in_force(indicator, Situation())) is by_program


@pytest.mark.parametrize(
    ("value", "rule", "level", "said"),
    [
        ("74.6", ">=", "80", "còn thiếu 5,4"),
        ("80", ">=", "80", ""),
        ("80", ">", "80", "mới bằng mức quy định"),
        ("12.5", "<=", "10", "vượt 2,5"),
        ("9", "<", "10", ""),
        ("3", "=", "5", "lệch 2"),
        ("1", "yes", "1", ""),
    ],
)
def test_the_gap_to_a_level_is_told_in_its_unit(value, rule, level, said):
    assert gap_text(Decimal(value), make_level(Decimal(level), rule=Rule(rule))) == said


def test_without_a_value_or_a_level_there_is_no_gap():
    assert gap_text(None, make_level(80)) == gap_text(Decimal(1), None) == ""
