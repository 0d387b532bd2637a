"""All sets that come with the program: what they state, what was not read, what is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.test import Client
from django.urls import reverse

from communes.models import Assignment, DataClock, Region, Role, UnitVersion
from criteria import adoptions, entry, headlines, sets
from criteria.catalogue import load_directory
from criteria.definitions import definition
from criteria.entry import Finding
from criteria.figures import figures
from criteria.models import (
    CriteriaSet,
    Indicator,
    Requirement,
    SetVersion,
    Threshold,
    VersionCriterion,
)
from criteria.rules.judge import program_judges
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import Outcome, SetDefinition
from tests.criteria.test_catalogue import row_counts
from tests.factories import ALWAYS, make_commune, make_district, make_province, make_user

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "criteria_sets"
FIRST, SECOND, THIRD, FOURTH = (
    f"national-commune-{years}" for years in ("2010-2015", "2016-2020", "2021-2025", "2026-2030")
)
ADVANCED, MODEL = "national-commune-advanced-2021-2025", "national-commune-model-2021-2025"
DISTRICT = "national-district-2021-2025"
HA_TINH, VILLAGE, GARDEN = "ha-tinh-commune-2016-2020", "ha-tinh-village-2014", "ha-tinh-garden"

STATED = {
    # code: (criteria, indicators read, levels not read, wording not read)
    FIRST: (19, 17, 3, 19),
    SECOND: (19, 32, 10, 7),
    THIRD: (19, 9, 4, 44),
    ADVANCED: (19, 3, 5, 67),
    MODEL: (4, 4, 0, 0),
    FOURTH: (10, 0, 0, 1),
    DISTRICT: (9, 5, 0, 1),
    HA_TINH: (20, 32, 10, 9),
    VILLAGE: (10, 1, 0, 0),
    GARDEN: (5, 7, 1, 0),
}
JUDGED = {
    # code: (by the program in some region, in tdmnpb, in dbsh)
    FIRST: (17, 17, 17),
    SECOND: (26, 26, 26),
    THIRD: (9, 8, 9),
    ADVANCED: (0, 0, 0),
    MODEL: (3, 3, 3),
    FOURTH: (0, 0, 0),
    HA_TINH: (26, 26, 26),
}


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The folder loaded once, undone after this module."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        make_province(code="42", name="Hà Tĩnh", clock="42", region="btb")
        load_directory(FOLDER)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _loaded(loaded_once: None, db: None) -> None:
    """Every test here."""


def asked(code: str) -> SetDefinition:
    return definition(SetVersion.objects.select_related("set").get(set__code=code))


def judged(found: SetDefinition, *regions: str) -> set[str]:
    return {
        indicator.code
        for criterion in found.criteria
        for indicator in criterion.indicators
        for region in regions
        if program_judges(
            indicator, levels_in_force(indicator, Situation(region=region, year=2022))
        )
    }


def test_every_file_is_loaded_and_the_second_load_changes_nothing() -> None:
    assert set(CriteriaSet.objects.values_list("code", flat=True)) == set(STATED)
    before = row_counts()
    assert not any(one.new for one in load_directory(FOLDER))
    assert row_counts() == before


@pytest.mark.parametrize("code", STATED)
def test_every_mark_of_what_was_not_read_is_carried(code: str) -> None:
    requirements = Requirement.objects.filter(version__set__code=code)
    wording = requirements.filter(text_unverified=True).count()
    marked = Threshold.objects.filter(requirement__in=requirements, unverified=True)
    spec = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    without_level = sum(
        one["unverified"] == "levels" and one.get("levels", {}) is None
        for criterion in spec["criteria"]
        for one in criterion["indicators"]
    )
    levels = marked.filter(requirement__text_unverified=False).values("requirement").distinct()
    unread = levels.count() + without_level
    criteria = CriteriaSet.objects.get(code=code).criteria.count()
    found = (criteria, requirements.count() - wording - unread, unread, wording)
    assert found == STATED[code]


@pytest.mark.parametrize("code", JUDGED)
def test_how_many_indicators_the_program_can_judge(code: str) -> None:
    found = asked(code)
    in_some = judged(found, *Region.values)
    in_mountains, in_delta = judged(found, "tdmnpb"), judged(found, "dbsh")
    assert (len(in_some), len(in_mountains), len(in_delta)) == JUDGED[code]


def test_the_standard_set_of_318_is_judged_on_nine_of_57() -> None:
    found = judged(asked(THIRD), *Region.values)
    assert found == {"3.1", "3.2", "5", "8.1", "8.2", "8.3", "8.4", "14.1", "15.3"}


def test_schools_of_318_have_a_part_by_region_and_a_condition_in_words() -> None:
    schools = asked(THIRD).indicator("5")
    delta = levels_in_force(schools, Situation(region="dbsh", year=2022))
    assert {part: level.value for part, level in delta.items()} == {"level1": 100}
    mountains = levels_in_force(schools, Situation(region="tdmnpb", year=2022))
    assert {part: (level.value, level.when) for part, level in mountains.items()} == {
        "minimum": (100, ""),
        "level1_over_3_schools": (70, "xã có hơn 3 trường"),
        "level1_up_to_3_schools": (50, "xã có từ 3 trường trở xuống"),
    }


@pytest.mark.parametrize(
    ("region", "year", "level"),
    [("tdmnpb", 2021, 36), ("tdmnpb", 2025, 48), ("dnb", 2023, 65), ("btb", 2027, 48)],
)
def test_income_of_318_has_a_level_by_region_and_year(region: str, year: int, level: int) -> None:
    income = asked(THIRD).indicator("10")
    found = levels_in_force(income, Situation(region=region, year=year))[""]
    assert (found.value, found.checked) == (level, False)


def test_specially_difficult_communes_use_the_column_of_the_mountains_by_data() -> None:
    for code in (THIRD, ADVANCED):
        rules = [(r.attribute, r.region, r.checked) for r in asked(code).region_rules]
        assert rules == [("dac_biet_kho_khan", "tdmnpb", True), ("atk", "tdmnpb", False)]
    assert not any(asked(code).region_rules for code in (FIRST, SECOND, FOURTH, HA_TINH))


def test_the_set_of_2026_is_concluded_on_its_ten_criteria() -> None:
    found = asked(FOURTH)
    assert [one.indicators for one in found.criteria] == [()] * 10
    assert all(one.conclusion is not None for one in found.criteria)
    assert list(found.commune_groups) == ["nhom1", "nhom2", "nhom3"]
    version = SetVersion.objects.get(set__code=FOURTH)
    assert (version.official_criteria, version.official_indicators) == (10, 47)
    # What is known of its indicators is there to read.
    assert Requirement.objects.get(version=version).indicator.code == "1.2"


def test_a_criterion_known_in_part_is_never_met_by_its_known_indicators() -> None:
    partly = VersionCriterion.objects.filter(indicators_incomplete=True)
    known = partly.values_list("version__set__code", "criterion__number")
    assert set(known) == {(FOURTH, 1), (DISTRICT, 5), (VILLAGE, 3), (GARDEN, 4), (GARDEN, 5)}
    by_number = {one.number: one.indicators for one in asked(DISTRICT).criteria}
    assert (len(by_number[2]), len(by_number[5])) == (4, 0)


def test_advanced_and_standard_ask_shared_questions_once() -> None:
    shared = Indicator.objects.filter(
        criterion__set__code=ADVANCED, measure__indicators__criterion__set__code=THIRD
    )
    assert shared.count() == 15
    assert shared.get(code="14.1").measure.code == f"{THIRD}.15.1"


class TestTheOverlayOfHaTinh:
    def test_asks_every_question_of_its_base_and_two_of_its_own(self) -> None:
        own = Indicator.objects.filter(criterion__set__code=HA_TINH, measure__isnull=False)
        base = Indicator.objects.filter(criterion__set__code=SECOND, measure__isnull=False)
        assert set(base.values_list("code", "measure")) <= set(own.values_list("code", "measure"))
        assert own.count() == base.count() + 2

    def test_has_the_levels_of_its_base_with_their_decision_and_source(self) -> None:
        income = asked(HA_TINH).indicator("10")
        found = levels_in_force(income, Situation(region="btb", year=2018))[""]
        assert (found.value, found.decision) == (36, "1980/QĐ-TTg")
        assert found.source.startswith("1980/QĐ-TTg (đọc tại")
        assert asked(HA_TINH).indicator("10").note == asked(SECOND).indicator("10").note

    def test_keeps_groups_agencies_and_what_is_not_read(self) -> None:
        criteria = {one.number: one for one in asked(HA_TINH).criteria}
        assert criteria[19].group_name == "Hệ thống chính trị"
        wording = VersionCriterion.objects.get(version__set__code=HA_TINH, criterion__number=5)
        assert (wording.lead_agency, wording.lead_agency_unverified) == (
            "Bộ Giáo dục và Đào tạo",
            False,
        )

    def test_belongs_to_the_province_and_says_what_was_not_found(self) -> None:
        own = CriteriaSet.objects.get(code=HA_TINH)
        assert own.province.key == "42@2017-01-01"
        version = own.versions.get()
        assert (version.decision_number, version.in_force_on_unverified) == ("", True)


def test_a_commune_of_ha_tinh_counts_of_19_and_of_20_in_the_same_year(client: Client) -> None:
    province = UnitVersion.objects.get(code="42")
    DataClock.objects.filter(pk="42").update(simulated=True)
    commune = make_commune(parent=make_district(province=province, code="436"))
    officer = make_user()
    for code, leads in ((SECOND, True), (HA_TINH, False)):
        adoptions.adopt(
            province=province.unit,
            set=CriteriaSet.objects.get(code=code),
            from_on=date(2018, 1, 1),
            decision="01/QĐ-UBND",
            by=None,
            in_headline=leads,
        )

    def save(set_code: str, code: str, verdict: Outcome, value: int | None = None) -> None:
        entry.save(
            commune=commune,
            indicator_id=Indicator.objects.get(criterion__set__code=set_code, code=code).pk,
            finding=Finding(values={} if value is None else {"": Decimal(value)}, verdict=verdict),
            seen=None,
            by=officer,
        )

    for code in ("1.1", "1.2", "2.1", "2.2", "2.3", "2.4"):
        save(SECOND, code, Outcome.MET)
    save(SECOND, "10", Outcome.MET, 36)
    save(HA_TINH, "20.1", Outcome.MET, 1)
    save(HA_TINH, "20.2", Outcome.MET, 30)
    found = {}
    for code in (SECOND, HA_TINH):
        (row,) = figures(commune, date(2018, 1, 31), set_code=code).rows
        found[code] = (row.met, row.of)
    assert found == {SECOND: (3, 19), HA_TINH: (4, 20)}
    Assignment.objects.create(user=officer, role=Role.COMMUNE, unit=commune.unit, valid=ALWAYS)
    client.force_login(officer)
    shown = client.get(reverse("commune", args=[commune.code])).content.decode()
    for counted, code in (("3/19", SECOND), ("4/20", HA_TINH)):
        name = CriteriaSet.objects.get(code=code).name
        assert re.search(rf"<b>{counted}</b>\s*<[^>]+>{name}<", shown)


def test_the_migration_fills_in_the_agencies_that_the_file_states() -> None:
    filled = import_module("criteria.migrations.0004_lead_agencies_fixed")
    rows = VersionCriterion.objects.filter(version__set__code=SECOND)
    stated = rows.values_list("criterion__number", "lead_agency", "lead_agency_unverified")
    assert {number: name for number, name, unread in stated if unread} == filled.NOT_READ
    assert {number: name for number, name, unread in stated if not unread} == filled.READ


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2012, 6, 30), FIRST),
        (date(2016, 6, 30), FIRST),  # 1980/QĐ-TTg is in force from 1/12/2016
        (date(2018, 12, 31), SECOND),
        (date(2021, 12, 31), SECOND),  # 318/QĐ-TTg is in force from 8/3/2022
        (date(2022, 3, 8), THIRD),
        (date(2025, 12, 31), THIRD),
        (date(2026, 2, 14), THIRD),
        (date(2026, 2, 15), FOURTH),
        (date(2030, 12, 31), FOURTH),
    ],
)
def test_without_a_decision_of_the_province_the_period_says_which_set_counts(
    on: date, code: str
) -> None:
    province = make_province(code="20", name="Lạng Sơn", clock="20")
    chosen = sets.headline_set(province.unit_id, on)
    assert chosen.code == code
    assert headlines.lead_on(headlines.leads(province.unit_id), on).set_id == chosen.pk


def test_after_the_last_period_no_set_counts_by_itself() -> None:
    province = make_province(code="20", name="Lạng Sơn", clock="20")
    assert sets.headline_set(province.unit_id, date(2031, 1, 1)) is None
