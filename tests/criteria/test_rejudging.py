"""Judging again: a province's own level, an adopted set, a level checked, and twice the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.audit import recording
from communes.models import Change
from criteria import (
    adopting,
    check,
    checking,
    drafts,
    months,
    province_levels,
    rejudging,
    sets,
    tasks,
)
from criteria.adoptions import AdoptionRefused
from criteria.beside import beside
from criteria.checking import CheckRefused
from criteria.definitions import definition
from criteria.figures import figures
from criteria.models import (
    CriteriaSet,
    Criterion,
    MonthStanding,
    ProvinceLevel,
    Requirement,
    Result,
    SetVersion,
    Standing,
    ThresholdCheck,
)
from criteria.province_levels import LevelRefused, Wanted
from criteria.rejudging import Why
from criteria.rules.types import Outcome, Rule
from tests.criteria.factories_sets import make_set
from tests.criteria.test_drafts import force, percent, put, stricter
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import make_attribute

pytestmark = pytest.mark.django_db

JANUARY_1 = date(2018, 1, 1)
BY_PROVINCE = {1: {"1.1": ">= by-province", "1.2": "yes"}}


def wanted(world: World, value: float = 50, **more: object) -> Wanted:
    requirement = Requirement.objects.get(version=world.asked.version_id, indicator__code="1.1")
    details = {
        "requirement": requirement,
        "rule": Rule.AT_LEAST,
        "value": Decimal(str(value)),
        "from_on": JANUARY_1,
        "decision": "12/QĐ-UBND",
    }
    return Wanted(**details | more)


def set_own(world: World, value: float = 50, **more: object) -> rejudging.Plan:
    plan = province_levels.set_level(
        province=world.province.unit, wanted=wanted(world, value, **more), by=None
    )
    assert plan is not None
    return plan


def verdicts(world: World, code: str = "1.1") -> list[str]:
    """What holds on an indicator of each commune."""
    from criteria import ledger

    pk = world.indicator(code)
    heads = ledger.reported([one.unit_id for one in world.communes], [pk])
    return [heads[one.unit_id][pk].outcome.value for one in world.communes]


@pytest.fixture
def world() -> World:
    found = make_world(criteria=BY_PROVINCE)
    for commune, value in zip(found.communes, (40, 60), strict=True):
        found.save(commune, "1.1", value, verdict=Outcome.MET)
    return found


class TestAProvincesOwnLevel:
    def test_judges_the_figures_that_are_there(self, world):
        plan = set_own(world)
        assert verdicts(world) == ["not_met", "met"]
        assert (len(plan.rejudged), plan.lost, plan.newly_met) == (2, 1, 0)
        new = Result.objects.filter(cause="rejudged")
        assert {(row.judged_by, row.province_level.value) for row in new} == {("rule", 50)}

    def test_is_shown_before_it_is_recorded(self, world):
        before = (Result.objects.count(), Change.objects.count(), ProvinceLevel.objects.count())
        shown = province_levels.preview(world.province.unit, wanted(world))
        assert [(one.before, one.outcome) for one in shown.moves] == [
            (Outcome.MET, Outcome.NOT_MET)
        ]
        after = (Result.objects.count(), Change.objects.count(), ProvinceLevel.objects.count())
        assert after == before

    def test_leaves_alone_what_does_not_apply_even_with_a_figure(self, world):
        """Entry keeps no figure there; other ways into the ledger may."""
        commune = world.communes[0]
        with recording(clock="08", action="test", by=None) as pending:
            Result.objects.create(
                unit=commune.unit,
                indicator_id=world.indicator("1.1"),
                set_version_id=world.asked.version_id,
                true_from=JANUARY,
                value=45,
                verdict=Outcome.NOT_APPLICABLE,
                judged_by="officer",
                cause="entry",
                change_id=pending.id,
            )
        set_own(world)
        assert verdicts(world) == ["not_applicable", "met"]

    def test_replaced_counts_as_if_it_had_never_been(self, world):
        set_own(world)
        set_own(world, 30, replaces=ProvinceLevel.objects.get())
        assert verdicts(world) == ["met", "met"]

    def test_withdrawn_leaves_the_verdicts_and_lists_them(self, world):
        set_own(world)
        level = ProvinceLevel.objects.get()
        province_levels.withdraw(level=level, reason="Ghi nhầm", by=None)
        assert verdicts(world) == ["not_met", "met"]
        assert {one.why for one in rejudging.due(world.province, JANUARY)} == {Why.LEVEL}
        with pytest.raises(LevelRefused, match="đã được thay hoặc đã rút"):
            province_levels.withdraw(level=level, reason="Lần nữa", by=None)

    def test_for_some_communes_leaves_the_others(self, world):
        make_attribute(unit=world.communes[0].unit, key="khu_vuc", value="III")
        set_own(world, selector="khu_vuc:III")
        assert verdicts(world) == ["not_met", "met"]
        assert Result.objects.filter(cause="rejudged").count() == 1

    def test_changes_no_closed_month_even_from_a_day_in_it(self, world):
        months.close(province=world.province.unit, month=JANUARY, by=None)
        frozen = list(MonthStanding.objects.values())
        set_own(world)
        assert list(MonthStanding.objects.values()) == frozen
        assert verdicts(world) == ["not_met", "met"]
        assert check.check_all().differences == []

    def test_judges_every_result_of_the_stretch(self, world):
        months.close(province=world.province.unit, month=JANUARY, by=None)
        world.save(world.communes[0], "1.1", 45, verdict=Outcome.MET)
        set_own(world)
        rows = Result.objects.filter(cause="rejudged", unit_id=world.communes[0].unit_id)
        found = list(rows.order_by("true_from").values_list("true_from", "value", "verdict"))
        assert found == [(JANUARY, 40, "not_met"), (FEBRUARY, 45, "not_met")]

    @pytest.mark.parametrize(
        ("how", "why"),
        [
            ({"decision": " "}, "Hãy ghi quyết định"),
            ({"from_on": date(2018, 2, 1)}, "Tháng đang nhập số liệu kết thúc 31/01/2018"),
            ({"rule": Rule.BY_PROVINCE}, "Hãy chọn quy tắc"),
            ({"part": "khac"}, "không để mức này cho UBND tỉnh"),
        ],
    )
    def test_is_refused(self, world, how, why):
        with pytest.raises(LevelRefused, match=why):
            set_own(world, **how)
        assert not ProvinceLevel.objects.exists()

    def test_is_not_withdrawn_without_a_reason(self, world):
        set_own(world)
        with pytest.raises(LevelRefused, match="lý do"):
            province_levels.withdraw(level=ProvinceLevel.objects.get(), reason=" ", by=None)


class TestACheckedLevel:
    @pytest.fixture
    def unread(self) -> World:
        world = make_world(criteria={1: {"1.1": ">= 50"}}, unverified=["1.1"])
        world.save(world.communes[0], "1.1", 40, verdict=Outcome.MET)
        return world

    def version(self, world: World) -> SetVersion:
        return SetVersion.objects.select_related("set").get(pk=world.asked.version_id)

    def test_is_judged_by_the_program_and_the_officers_verdict_is_listed(self, unread):
        version = self.version(unread)
        count = checking.mark(
            version=version, levels=checking.unchecked(version), document="Công báo", by=None
        )
        assert count == 1
        assert unread.communes and verdicts_of(unread) == ["met"]
        (one,) = rejudging.due(unread.province, JANUARY)
        assert (one.why, one.result.value) == (Why.CHECKED, 40)
        unread.save(unread.communes[0], "1.1", 40)
        assert verdicts_of(unread) == ["not_met"]
        assert rejudging.due(unread.province, JANUARY) == []

    def test_is_marked_once(self, unread):
        version = self.version(unread)
        levels = checking.unchecked(version)
        checking.mark(version=version, levels=levels, document="Công báo", by=None)
        assert checking.mark(version=version, levels=levels, document="Khác", by=None) == 0
        assert ThresholdCheck.objects.count() == 1

    def test_needs_a_document_a_level_and_a_version_in_force(self, unread):
        version = self.version(unread)
        levels = checking.unchecked(version)
        draft = drafts.new_version(version=version, by=None)
        for how, why in [
            ({"version": version, "levels": levels, "document": ""}, "văn bản"),
            ({"version": version, "levels": [], "document": "x"}, "ít nhất một mức"),
            ({"version": draft, "levels": levels, "document": "x"}, "Ở dự thảo"),
        ]:
            with pytest.raises(CheckRefused, match=why):
                checking.mark(**how, by=None)
        assert not ThresholdCheck.objects.exists()


def verdicts_of(world: World) -> list[str]:
    rows = Result.objects.filter(unit_id=world.communes[0].unit_id)
    return [rows.order_by("-change__seq").values_list("verdict", flat=True)[0]]


class TestTheYear:
    def test_with_another_level_is_listed_and_changes_nothing_by_itself(self):
        world = make_world(
            criteria={1: {"1.1": ">="}}, regions={"1.1": {"year:2018": 50, "year:2019": 70}}
        )
        world.save(world.communes[0], "1.1", 60)
        assert rejudging.due(world.province, date(2018, 12, 31)) == []
        (one,) = rejudging.due(world.province, date(2019, 1, 31))
        assert (one.why, one.outcome) == (Why.YEAR, Outcome.MET)


class TestAdopting:
    @pytest.fixture
    def own(self, world) -> CriteriaSet:
        return make_set(
            "rieng",
            {1: {"1.1": ">= 50", "1.2": "yes"}, 20: {"20": "yes"}},
            measures={"1.1": "nho.1.1", "1.2": "nho.1.2"},
            base="nho",
        )

    def adopt(self, world: World, own: CriteriaSet, **more: object) -> int:
        details = {
            "province": world.province.unit,
            "set": own,
            "from_on": JANUARY_1,
            "decision": "34/QĐ-UBND",
            "in_headline": True,
            "take_over": True,
            "by": None,
        }
        return adopting.adopt(**details | more)

    def test_takes_results_over_and_judges_them_by_its_own_level(self, world, own):
        world.save(world.communes[1], "1.2", verdict=Outcome.MET)
        assert self.adopt(world, own) == 3
        rows = Result.objects.filter(indicator__criterion__set=own, indicator__code="1.1")
        assert sorted(rows.values_list("value", "verdict")) == [(40, "not_met"), (60, "met")]
        standing = Standing.objects.get(unit_id=world.communes[1].unit_id, set=own)
        assert (standing.met, standing.of) == (1, 2)
        assert check.check_all().differences == []

    def test_leaves_alone_what_it_already_has_a_result_of(self, world, own):
        self.adopt(world, own, in_headline=False, take_over=False)
        world.save(world.communes[0], "1.1", 55, verdict=Outcome.MET)
        before = Result.objects.filter(indicator__criterion__set=own).get()
        assert self.adopt(world, own, from_on=date(2018, 1, 2)) == 1
        cells = Result.objects.filter(indicator__criterion__set=own)
        assert cells.exclude(unit=world.communes[1].unit).get() == before

    def test_of_several_sets_in_use_gives_the_results_of_the_headline(self, world, own):
        self.adopt(world, own, in_headline=False, take_over=False)
        third = make_set("ba", {1: {"1.1": ">= 70"}}, measures={"1.1": "nho.1.1"})
        assert self.adopt(world, third, in_headline=False) == 2

    def test_without_taking_over_begins_empty(self, world, own):
        assert self.adopt(world, own, take_over=False) == 0
        assert not Result.objects.filter(indicator__criterion__set=own).exists()

    def test_shows_first_what_changes(self, world, own):
        shown = adopting.preview(
            province=world.province.unit, set=own, from_on=JANUARY_1, in_headline=True
        )
        assert (shown.headline_before.code, shown.headline_after.code) == ("nho", "rieng")
        assert (shown.communes, shown.assessed, shown.shared) == (2, 0, 2)

    def test_is_refused_in_a_closed_month(self, world, own):
        months.close(province=world.province.unit, month=JANUARY, by=None)
        for act in (self.adopt, lambda w, o: adopting.refuse_closed(w.province.unit, JANUARY)):
            with pytest.raises(AdoptionRefused, match="Tháng 01/2018 đã chốt"):
                act(world, own)
        assert [one.code for one in sets.adopted_sets(world.province.unit_id, JANUARY)] == ["nho"]

    def test_of_a_new_set_beside_the_headline_counts_the_communes_done(self, world):
        new = make_set("moi", {1: {"1": "yes"}}, period=(2017, 2025))
        self.adopt(world, new, in_headline=False)
        (one,) = beside(figures(world.province, JANUARY))
        assert (one.new, one.waiting, one.tally.assessed, one.tally.communes) == (True, True, 0, 2)


class TestTwice:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        values=st.lists(st.none() | st.integers(0, 100), min_size=2, max_size=2),
        level=st.integers(0, 100),
        later=st.booleans(),
    )
    def test_judging_again_changes_nothing_the_second_time(self, values, level, later):
        from django.db import transaction

        with transaction.atomic():
            world = make_world()
            for commune, value in zip(world.communes, values, strict=True):
                if value is not None:
                    world.save(commune, "1.1", value)
            first = SetVersion.objects.select_related("set").get(pk=world.asked.version_id)
            draft = stricter(first, level)
            force(draft, JANUARY_1 if later else JANUARY)
            rows, changes = Result.objects.count(), Change.objects.count()
            standings = list(Standing.objects.order_by("unit_id").values("unit_id", "outcomes"))
            assert tasks.rejudge_version(draft.pk, None) == 0
            assert (Result.objects.count(), Change.objects.count()) == (rows, changes)
            again = Standing.objects.order_by("unit_id").values("unit_id", "outcomes")
            assert list(again) == standings
            for row in Result.objects.filter(indicator=world.indicator("1.1"), cause="rejudged"):
                assert (row.verdict == "met") == (row.value >= level)
            transaction.set_rollback(True)

    def test_by_a_job_where_results_are_many(self, monkeypatch):
        world = make_world()
        world.save(world.communes[0], "1.1", 85)
        monkeypatch.setattr(drafts.forcing, "AT_ONCE", 0)
        version = SetVersion.objects.select_related("set").get(pk=world.asked.version_id)
        draft = stricter(version)
        assert not force(draft)
        assert rejudging.writing.done(draft) == set()
        assert tasks.rejudge_version(draft.pk, None) == 1
        assert tasks.rejudge_version(draft.pk, None) == 0
        assert rejudging.writing.done(draft) == {world.province.unit_id}
        assert check.check_all().differences == []


def test_the_list_of_a_version_says_the_verdict_before_and_after():
    world = make_world()
    world.save(world.communes[0], "1.1", 85)
    world.save(world.communes[1], "1.1", 95)
    version = SetVersion.objects.select_related("set").get(pk=world.asked.version_id)
    draft = stricter(version)
    force(draft)
    moved = rejudging.moved_by(draft, [world.province.unit_id])
    assert [(one.commune.unit_id, one.before, one.after) for one in moved] == [
        (world.communes[0].unit_id, Outcome.MET, Outcome.NOT_MET),
        (world.communes[1].unit_id, Outcome.MET, Outcome.MET),
    ]


def test_an_indicator_that_a_version_adds_waits_and_one_it_drops_counts_no_more():
    world = make_world(criteria={1: {"1.1": ">= 80", "1.2": "yes"}})
    commune = world.communes[0]
    world.save(commune, "1.1", 85)
    world.save(commune, "1.2", verdict=Outcome.NOT_MET)
    version = SetVersion.objects.select_related("set").get(pk=world.asked.version_id)
    draft = drafts.new_version(version=version, by=None)
    drafts.drop_indicator(version=draft, code="1.2", by=None)
    force(draft)
    assert Standing.objects.get(unit_id=commune.unit_id).met == 1
    following = drafts.new_version(version=draft, by=None)
    put(following, 1, percent("1.3", 10))
    force(following)
    assert Standing.objects.get(unit_id=commune.unit_id).outcomes == {"1": "A"}
    assert definition(following).criteria[0].indicators[-1].code == "1.3"
    assert Criterion.objects.count() == 1
