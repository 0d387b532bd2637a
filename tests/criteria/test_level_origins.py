"""The level of a commune as the database and the pages know it: which one, why, and who judges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from communes.audit import recording
from communes.models import Assignment, Role
from criteria import adoptions
from criteria.catalogue.specs import RegionRuleSpec
from criteria.cells import Cell
from criteria.definitions import definition
from criteria.entry import EntryRefused
from criteria.figures import figures
from criteria.models import (
    ProvinceLevel,
    Requirement,
    Result,
    SetVersion,
    Threshold,
    ThresholdCheck,
)
from criteria.rules.types import Outcome
from criteria.sheets import sheet
from tests.criteria.factories_sets import make_set
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_attribute, make_commune, make_district, make_province

pytestmark = pytest.mark.django_db
MET = Outcome.MET

BY_REGION = {"1.1": {"tdmnpb": 60, "btb": 80}}
RULES = (
    RegionRuleSpec(
        attribute="dac_biet_kho_khan", value="yes", region="tdmnpb", label="xã đặc biệt khó khăn"
    ),
    RegionRuleSpec(
        attribute="atk", value="yes", region="tdmnpb", label="xã an toàn khu", unverified=True
    ),
)


def set_level(world: World, code: str, value: float, **how: object) -> ProvinceLevel:
    """A level of the province for what the set leaves to it."""
    with recording(clock=world.province.unit.clock_id, action="test", by=None) as pending:
        return ProvinceLevel.objects.create(
            requirement=Requirement.objects.get(
                version_id=world.asked.version_id, indicator__code=code
            ),
            province=world.province.unit,
            value=Decimal(str(value)),
            change_id=pending.id,
            **({"from_on": date(2017, 1, 1), "decision": "12/QĐ-UBND"} | how),
        )


def check_level(world: World, code: str, selector: str = "all") -> None:
    """Somebody compared a level with the decision."""
    level = Threshold.objects.get(
        requirement__version_id=world.asked.version_id,
        requirement__indicator__code=code,
        selector=selector,
    )
    with recording(clock=world.province.unit.clock_id, action="test", by=None) as pending:
        ThresholdCheck.objects.create(
            threshold=level, document="Công báo số 1", change_id=pending.id
        )


def cell(world: World, code: str = "1.1", commune: int = 0, on: date = JANUARY) -> Cell:
    unit = world.communes[commune]
    found = sheet(unit, figures(unit, on))
    return next(one for one in found.cells if one.indicator.code == code)


class TestTheRegion:
    def test_is_that_of_the_province(self) -> None:
        world = make_world(regions=BY_REGION)
        assert cell(world).parts[0].level == "≥ 60"
        assert cell(world).level_origin == "Vùng Trung du miền núi phía Bắc · 01/QĐ-TTg"

    def test_of_the_commune_itself_comes_first(self) -> None:
        world = make_world(regions=BY_REGION)
        make_attribute(unit=world.communes[0].unit, key="region", value="btb")
        assert cell(world).level_origin == "Vùng Bắc Trung Bộ · 01/QĐ-TTg"
        assert cell(world, commune=1).parts[0].level == "≥ 60"

    def test_that_nobody_checked_leaves_the_verdict_to_the_officer(self) -> None:
        world = make_world(regions=BY_REGION)
        unit = world.communes[0].unit
        make_attribute(unit=unit, key="region", value="btb", unverified=True)
        assert cell(world).level_unverified
        with pytest.raises(EntryRefused, match="chưa đối chiếu"):
            world.save(world.communes[0], "1.1", 99)


class TestASpecialRuleOfTheSet:
    @pytest.fixture
    def world(self) -> World:
        world = make_world(
            communes=1,
            regions={"1.1": {"region:tdmnpb+year:2018": 60, "region:btb+year:2018": 80}},
            region_rules=RULES,
        )
        make_attribute(unit=world.communes[0].unit, key="region", value="btb")
        return world

    def test_judges_by_the_other_regions_level_and_says_so(self, world: World) -> None:
        first = world.communes[0]
        world.save(first, "1.1", 70)
        assert Result.objects.get().verdict == "not_met"
        make_attribute(unit=first.unit, key="dac_biet_kho_khan", value="yes")
        assert cell(world).level_origin == (
            "Vùng Trung du miền núi phía Bắc (xã đặc biệt khó khăn) · năm 2018 · 01/QĐ-TTg"
        )
        world.save(first, "1.1", 71)
        again = Result.objects.latest("pk")
        assert (again.verdict, again.judged_by) == ("met", "rule")
        assert again.threshold.selector == "region:tdmnpb+year:2018"

    def test_that_depends_on_more_than_the_attribute_leaves_it_to_the_officer(
        self, world: World
    ) -> None:
        first = world.communes[0]
        make_attribute(unit=first.unit, key="atk", value="yes")
        assert (cell(world).parts[0].level, cell(world).level_unverified) == ("≥ 60", True)
        with pytest.raises(EntryRefused, match="chưa đối chiếu"):
            world.save(first, "1.1", 70)

    def test_of_an_earlier_year_says_which_year_is_missing(self, world: World) -> None:
        found = cell(world, on=date(2019, 1, 31))
        assert found.level_origin == (
            "Vùng Bắc Trung Bộ · năm 2018, chưa có mức năm 2019 · 01/QĐ-TTg"
        )
        assert found.level_unverified


class TestALevelOfTheProvince:
    def test_lets_the_program_judge_figures_where_only_the_officer_did(self) -> None:
        world = make_world()
        assert cell(world, "2").level_origin == "01/QĐ-TTg"
        level = set_level(world, "2", 60, unit="%", from_on=date(2017, 3, 1))
        found = cell(world, "2")
        assert (found.numeric, found.judged_by_program) == (True, True)
        assert (found.parts[0].level, found.parts[0].unit) == ("≥ 60", "%")
        assert found.level_origin == "UBND tỉnh quy định: 12/QĐ-UBND từ 01/03/2017"
        world.save(world.communes[0], "2", 59)
        result = Result.objects.get()
        assert (result.value, result.verdict, result.judged_by) == (59, "not_met", "rule")
        assert result.province_level == level
        assert result.threshold.by_province

    def test_in_words_is_judged_as_yes_or_no(self) -> None:
        world = make_world()
        level = set_level(world, "2", 1, rule="yes")
        assert not cell(world, "2").numeric
        world.save(world.communes[0], "2", verdict=MET)
        assert (Result.objects.get().judged_by, Result.objects.get().province_level) == (
            "rule",
            level,
        )

    def test_counts_from_its_day_and_the_one_replaced_never(self) -> None:
        world = make_world(criteria={1: {"1.1": ">= by-province"}})
        wrong = set_level(world, "1.1", 90)
        set_level(world, "1.1", 50, replaces=wrong)
        set_level(world, "1.1", 70, from_on=date(2018, 2, 1))
        assert cell(world).parts[0].level == "≥ 50"
        assert cell(world, on=date(2018, 2, 28)).parts[0].level == "≥ 70"

    def test_for_some_communes_leaves_the_others_to_the_officer(self) -> None:
        world = make_world(criteria={1: {"1.1": ">= by-province"}})
        set_level(world, "1.1", 40, selector="khu_vuc:III")
        make_attribute(unit=world.communes[0].unit, key="khu_vuc", value="III")
        assert cell(world).level_origin.endswith("· Khu vực III")
        assert cell(world, commune=1).parts[0].level == "UBND tỉnh quy định"

    def test_fills_what_an_overlay_keeps_of_the_set_as_well(self) -> None:
        world = make_world()
        own = make_set("tinh", {3: {"3": "yes"}}, base="nho", keeps="all")
        adoptions.adopt(
            province=world.province.unit,
            set=own,
            from_on=date(2018, 1, 1),
            decision="02/QĐ-UBND",
            by=None,
            in_headline=False,
        )
        level = set_level(world, "2", 60, unit="%")
        world.save(world.communes[0], "2", 61)
        both = Result.objects.values_list("verdict", "judged_by", "province_level")
        assert list(both) == [("met", "rule", level.pk)] * 2

    def test_of_another_province_does_not_count(self) -> None:
        world = make_world()
        set_level(world, "2", 60)
        other = make_province(code="04", name="Cao Bằng", clock="04")
        there = make_commune(parent=make_district(province=other, code="040"))
        found = sheet(there, figures(there, JANUARY))
        (level,) = next(c for c in found.cells if c.indicator.code == "2").parts
        assert level.level == "UBND tỉnh quy định"


class TestACheckOfALevel:
    def test_lets_the_program_judge_by_it(self) -> None:
        world = make_world(unverified={"1.1": "text"})
        with pytest.raises(EntryRefused, match="chưa đối chiếu"):
            world.save(world.communes[0], "1.1", 99)
        check_level(world, "1.1")
        assert not cell(world).level_unverified
        world.save(world.communes[0], "1.1", 99)
        assert Result.objects.get().judged_by == "rule"

    def test_of_one_region_says_nothing_of_the_others(self) -> None:
        world = make_world(regions=BY_REGION, unverified=["1.1"])
        check_level(world, "1.1", "region:btb")
        assert cell(world).level_unverified
        check_level(world, "1.1", "region:tdmnpb")
        assert not cell(world).level_unverified


def test_the_definition_names_groups_and_rules_of_the_version() -> None:
    make_set(region_rules=RULES, commune_groups={"nhom1": "Xã nhóm 1"})
    found = definition(SetVersion.objects.select_related("set").get())
    assert found.commune_groups == {"nhom1": "Xã nhóm 1"}
    assert [rule.checked for rule in found.region_rules] == [True, False]


class TestOnThePages:
    @pytest.fixture
    def world(self, client) -> World:
        world = make_world(
            regions=BY_REGION | {"3": {"group:nhom1": 90, "tdmnpb": 50}},
            criteria={1: {"1.1": ">= 80"}, 2: {"2": "by-province"}, 3: {"3": ">= 1"}, 4: {}},
            region_rules=RULES,
            commune_groups={"nhom1": "Xã nhóm 1"},
        )
        Assignment.objects.create(
            user=world.officer, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS
        )
        client.force_login(world.officer)
        return world

    def text(self, client, name: str, *args: object, **query: str) -> str:
        answer = client.get(reverse(name, args=args), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    def test_the_level_says_why_on_sheet_and_commune(self, client, world: World) -> None:
        set_level(world, "2", 60, unit="%")
        make_attribute(unit=world.communes[0].unit, key="commune_group", value="nhom1")
        for page in ("entry", "commune"):
            text = self.text(client, page, world.communes[0].code)
            assert "Vùng Trung du miền núi phía Bắc · 01/QĐ-TTg" in text
            assert "UBND tỉnh quy định: 12/QĐ-UBND từ 01/01/2017" in text
            assert "Xã nhóm 1 · 01/QĐ-TTg" in text

    def test_the_criterion_lists_the_levels_of_groups_and_special_communes(
        self, client, world: World
    ) -> None:
        make_attribute(unit=world.province.unit, key="border", value="yes")
        text = self.text(client, "criterion", world.province.code, 3)
        assert "Xã nhóm 1: <b>≥ 90</b>" in text
        assert "Các xã khác: <b>≥ 50</b>" in text
        assert "xã đặc biệt khó khăn" not in text  # the province lies in that region anyway

    def test_a_criterion_without_indicators_is_concluded_on_the_sheet(
        self, client, world: World
    ) -> None:
        code = world.communes[0].code
        assert "Kết luận chung cho cả tiêu chí" in self.text(client, "entry", code)
        answer = client.post(reverse("save_cell", args=[code, "4*"]), {"verdict": "met"})
        assert answer.status_code == 302
        assert answer.url.endswith("/entry/#row-4-all")
        text = self.text(client, "entry", code)
        assert "1/1 tiêu chí đã có kết luận" in text
        assert "<em>1/4</em>" in text

    def test_the_sheet_of_another_set_is_one_link_away(self, client, world: World) -> None:
        own = make_set("tinh", {5: {"5": "yes"}}, base="nho", keeps="all", name="Bộ của tỉnh")
        first = world.communes[0]
        adopted = {"set": own, "from_on": date(2018, 1, 1), "decision": "02", "by": None}
        adoptions.adopt(province=world.province.unit, in_headline=False, **adopted)
        text = self.text(client, "entry", first.code)
        assert '<a href="?set=tinh">Bộ của tỉnh</a>' in text
        assert "row-5" not in text
        address = reverse("save_cell", args=[first.code, "5"]) + "?set=tinh"
        assert client.post(address, {"verdict": "met"}).url.endswith("/entry/?set=tinh#row-5")
        shown = self.text(client, "entry", first.code, set="tinh")
        assert "<em>1/5</em>" in shown
        assert f'action="{address}"' in shown
        beside = self.text(client, "commune", first.code)
        assert "<b>1/5</b>" in beside
        assert "<em>" not in beside  # nothing is known yet under the headline set
        excel = client.get(reverse("commune_workbook", args=[first.code]), {"set": "tinh"})
        assert excel.status_code == 200

    @pytest.mark.parametrize("page", ["entry", "commune", "commune_workbook"])
    def test_a_set_that_does_not_count_is_not_found(self, client, world: World, page: str) -> None:
        address = reverse(page, args=[world.communes[0].code])
        assert client.get(address, {"set": "khac"}).status_code == 404


def test_special_communes_have_their_line_on_the_page_of_a_criterion(client) -> None:
    world = make_world(regions=BY_REGION, region_rules=RULES)
    other = make_province(code="42", name="Hà Tĩnh", clock="42", region="btb")
    Assignment.objects.create(user=world.officer, role=Role.OFFICE, unit=other.unit, valid=ALWAYS)
    client.force_login(world.officer)
    answer = client.get(reverse("criterion", args=["42", 1]), {"on": "2018-01-31"})
    text = " ".join(answer.content.decode().split())
    assert "Xã đặc biệt khó khăn, xã an toàn khu (chưa đối chiếu): <b>≥ 60</b>" in text
    assert "Các xã khác: <b>≥ 80</b>" in text
