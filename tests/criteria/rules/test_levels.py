"""Precedence of levels, rule by rule: which level applies to a commune, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.rules.judge import program_judges
from criteria.rules.levels import (
    Situation,
    applicable,
    conditions,
    joined,
    levels_in_force,
    under,
)
from criteria.rules.types import OwnLevel, RegionRule, Rule
from tests.criteria.rules.definitions import make_definition, make_indicator, make_level

MOUNTAINS, COAST = Situation(region="tdmnpb", year=2022), Situation(region="btb", year=2022)


def levels(**by_selector: float):
    """``levels(**{"region:btb+year:2022": 44})``"""
    return [make_level(value, selector=selector) for selector, value in by_selector.items()]


# ── The most specific level ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("selectors", "situation", "chosen"),
    [
        (["region:tdmnpb+year:2021", "region:tdmnpb+year:2022"], MOUNTAINS, "2022"),
        (["year:2022", "region:tdmnpb"], MOUNTAINS, "year:2022"),
        (["year:2022", "region:tdmnpb+year:2022"], MOUNTAINS, "region:tdmnpb+year:2022"),
        (["year:2022", "region:tdmnpb+group:nhom3"], MOUNTAINS, "year:2022"),
        (
            ["year:2022", "region:tdmnpb+group:nhom3"],
            replace(MOUNTAINS, group="nhom3"),
            "region:tdmnpb+group:nhom3",
        ),
        (
            ["group:nhom3+year:2022", "region:tdmnpb+group:nhom3"],
            replace(MOUNTAINS, group="nhom3"),
            "group:nhom3+year:2022",
        ),
        (["region:tdmnpb", "khu_vuc:III"], replace(MOUNTAINS, attributes={"khu_vuc": "III"}), "k"),
        (["region:tdmnpb", "khu_vuc:III"], replace(MOUNTAINS, attributes={"khu_vuc": "I"}), "reg"),
        (["national+year:2022", "national"], MOUNTAINS, None),
        (["national+year:2022", "all"], MOUNTAINS, "all"),
        (["region:"], Situation(), None),
    ],
)
def test_more_conditions_win_then_the_year_the_group_the_attribute_the_region(
    selectors, situation, chosen
):
    found = applicable([make_level(selector=s) for s in selectors], situation)
    if chosen is None:
        assert found is None
    else:
        assert chosen in found.selector
        assert found.origin.selector == found.selector


def test_a_selector_of_several_conditions_is_written_in_one_order():
    assert joined(["year:2022", "region:btb"]) == "region:btb+year:2022"
    assert joined(["year:2022", "national"]) == "national+year:2022"
    assert joined(["all", "group:nhom1"]) == "group:nhom1"
    assert joined(["all"]) == "all"


KEYS = {"region": ["btb", "tn"], "group": ["nhom1", "nhom2"], "year": ["2021", "2022"]}


@st.composite
def selectors(draw):
    pairs = [
        f"{key}:{draw(st.sampled_from(values))}"
        for key, values in KEYS.items()
        if draw(st.booleans())
    ]
    return joined(pairs)


@given(
    st.lists(selectors(), unique=True, max_size=8),
    st.sampled_from(KEYS["region"]),
    st.sampled_from(KEYS["group"]),
)
def test_the_level_applied_fits_and_none_that_fits_asks_for_more(given_selectors, region, group):
    situation = Situation(region=region, group=group, year=2021)
    facts = {("region", region), ("group", group), ("year", "2021")}
    fitting = [s for s in given_selectors if set(conditions(s)) <= facts]
    found = applicable([make_level(selector=s) for s in given_selectors], situation)
    assert (found is None) == (not fitting)
    if found is not None:
        assert found.selector in fitting
        assert not any(set(conditions(found.selector)) < set(conditions(s)) for s in fitting)


# ── A year without a level ────────────────────────────────────────────────────────────────────


INCOME = levels(
    **{"region:tdmnpb+year:2021": 36, "region:tdmnpb+year:2023": 42, "region:btb+year:2022": 39}
)


@pytest.mark.parametrize(
    ("year", "value", "instead_of"),
    [(2021, 36, None), (2022, 36, 2022), (2023, 42, None), (2030, 42, 2030)],
)
def test_the_level_of_the_latest_year_before_goes_on_and_then_is_not_checked(
    year, value, instead_of
):
    found = applicable(INCOME, replace(MOUNTAINS, year=year))
    assert found.value == value
    assert found.checked is (instead_of is None)
    assert found.origin.instead_of == instead_of


def test_before_the_first_year_given_there_is_no_level():
    assert applicable(INCOME, replace(MOUNTAINS, year=2020)) is None
    assert applicable(INCOME, replace(MOUNTAINS, year=None)) is None


def test_a_level_for_all_years_comes_before_an_earlier_year():
    found = applicable(levels(**{"year:2018": 1, "all": 2}), replace(MOUNTAINS, year=2019))
    assert (found.value, found.checked) == (2, True)


# ── Another region's column ───────────────────────────────────────────────────────────────────


DIFFICULT = RegionRule(
    attribute="dac_biet_kho_khan", value="yes", region="tdmnpb", label="xã đặc biệt khó khăn"
)
SAFE_ZONE = RegionRule(
    attribute="atk", value="yes", region="tdmnpb", label="xã an toàn khu", checked=False
)
RULED = replace(make_definition([1]), region_rules=(DIFFICULT, SAFE_ZONE))
STUNTING = levels(**{"region:tdmnpb": 24, "region:btb": 25})


@pytest.mark.parametrize(
    ("region", "attributes", "value", "checked", "rule"),
    [
        ("btb", {}, 25, True, None),
        ("btb", {"dac_biet_kho_khan": "no"}, 25, True, None),
        ("btb", {"dac_biet_kho_khan": "yes"}, 24, True, DIFFICULT),
        ("btb", {"atk": "yes"}, 24, False, SAFE_ZONE),
        ("btb", {"atk": "yes", "dac_biet_kho_khan": "yes"}, 24, True, DIFFICULT),
        ("tdmnpb", {"atk": "yes"}, 24, True, None),
    ],
)
def test_a_rule_of_the_set_puts_communes_into_another_regions_column(
    region, attributes, value, checked, rule
):
    where = under(RULED, Situation(region=region, attributes=attributes))
    found = applicable(STUNTING, where)
    assert (found.value, found.checked, found.origin.region_rule) == (value, checked, rule)


def test_the_rule_is_not_named_where_the_level_is_the_same_for_all_regions():
    where = under(RULED, Situation(region="btb", attributes={"atk": "yes"}))
    found = applicable(levels(all=80), where)
    assert (found.checked, found.origin.region_rule) == (True, None)


def test_a_set_without_the_rule_keeps_the_commune_in_its_region():
    where = Situation(region="btb", attributes={"dac_biet_kho_khan": "yes"})
    assert applicable(STUNTING, under(make_definition([1]), where)).value == 25


@pytest.mark.parametrize(
    ("unverified", "checked"),
    [(set(), True), ({"region"}, False), ({"group"}, True), ({"dac_biet_kho_khan"}, True)],
)
def test_a_level_selected_by_something_unchecked_is_not_checked(unverified, checked):
    where = Situation(region="btb", unverified=frozenset(unverified))
    assert applicable(STUNTING, under(RULED, where)).checked is checked


def test_a_rule_by_an_unchecked_attribute_is_not_certain_but_the_region_needs_no_check_then():
    sure = Situation(
        region="btb",
        attributes={"dac_biet_kho_khan": "yes"},
        unverified=frozenset({"region"}),
    )
    assert applicable(STUNTING, under(RULED, sure)).checked
    unsure = replace(sure, unverified=frozenset({"dac_biet_kho_khan"}))
    assert not applicable(STUNTING, under(RULED, unsure)).checked


# ── What the UBND tỉnh sets ───────────────────────────────────────────────────────────────────


def own(id: int, value: float, from_on: date = date(2017, 1, 1), **how) -> OwnLevel:
    return OwnLevel(
        id=id,
        indicator_ids=how.pop("indicator_ids", frozenset({1})),
        value=Decimal(str(value)),
        from_on=from_on,
        decision=how.pop("decision", f"{id}/QĐ-UBND"),
        **how,
    )


def applied(*owned: OwnLevel, on: date = date(2019, 6, 30), level: float | None = None, **where):
    indicator = make_indicator(levels=[make_level(level)])
    situation = Situation(on=on, year=on.year, own=owned, **where)
    return levels_in_force(indicator, situation)[""]


def test_a_level_left_to_the_province_takes_its_value():
    found = applied(own(7, 60, unit="%"))
    assert (found.value, found.rule, found.unit, found.checked) == (60, Rule.AT_LEAST, "%", True)
    assert (found.origin.own.id, found.origin.decision) == (7, "7/QĐ-UBND")


def test_a_level_that_the_set_gives_is_never_replaced_by_the_province():
    found = applied(own(7, 60), level=80)
    assert (found.value, found.origin.own) == (80, None)


@pytest.mark.parametrize(
    ("on", "value"),
    [(date(2018, 12, 31), None), (date(2019, 3, 1), 50), (date(2020, 1, 1), 70)],
)
def test_the_latest_level_that_has_begun_counts(on, value):
    found = applied(own(1, 50, date(2019, 3, 1)), own(2, 70, date(2020, 1, 1)), on=on)
    assert found.value == value


def test_a_replaced_level_never_counts():
    wrong = own(1, 50, date(2019, 3, 1))
    assert applied(wrong, own(2, 55, date(2019, 3, 1), replaces=1)).value == 55
    assert applied(wrong, own(2, 55, date(2019, 12, 1), replaces=1)).value is None


def test_a_level_for_some_communes_comes_before_a_later_one_for_all():
    for_poor = own(1, 30, selector="khu_vuc:III")
    for_all = own(2, 60, date(2019, 1, 1))
    assert applied(for_poor, for_all, attributes={"khu_vuc": "III"}).value == 30
    assert applied(for_poor, for_all, attributes={"khu_vuc": "I"}).value == 60


def test_a_level_of_another_indicator_or_part_does_not_fill():
    assert applied(own(1, 30, indicator_ids=frozenset({2}))).value is None
    assert applied(own(1, 30, part="clean")).value is None


# ── Parts and conditions ──────────────────────────────────────────────────────────────────────


SCHOOLS = make_indicator(
    levels=[
        make_level(100, part="level1", selector="region:dbsh"),
        make_level(100, part="minimum", selector="region:btb"),
        make_level(70, part="many", selector="region:btb", when="xã có hơn 3 trường"),
    ]
)


def test_a_part_is_asked_only_in_the_regions_it_names():
    assert set(levels_in_force(SCHOOLS, Situation(region="dbsh")) or {}) == {"level1"}
    assert set(levels_in_force(SCHOOLS, COAST) or {}) == {"minimum", "many"}
    assert levels_in_force(SCHOOLS, Situation(region="tn")) is None
    assert levels_in_force(SCHOOLS, Situation()) is None


def test_a_part_with_a_level_missing_for_this_region_alone_leaves_none():
    water = make_indicator(
        levels=[
            make_level(90, part="hygienic", selector="region:btb"),
            make_level(60, part="clean", selector="region:btb+year:2023"),
        ]
    )
    assert levels_in_force(water, COAST) is None


def test_the_program_does_not_judge_by_a_condition_in_words():
    assert program_judges(SCHOOLS, levels_in_force(SCHOOLS, Situation(region="dbsh")))
    assert not program_judges(SCHOOLS, levels_in_force(SCHOOLS, COAST))
    craft = make_indicator(levels=[make_level()], when="xã có làng nghề")
    assert not program_judges(craft, levels_in_force(craft, COAST))
