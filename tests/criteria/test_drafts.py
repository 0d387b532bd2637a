"""Drafts: started, edited, pasted, dropped, put in force; what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from communes.models import Change
from criteria import drafts, months, sets
from criteria.catalogue.specs import IndicatorSpec, LevelSpec
from criteria.definitions import definition
from criteria.drafts import DraftRefused
from criteria.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    MonthStanding,
    Result,
    SetAdoption,
    SetVersion,
    Standing,
    Threshold,
)
from criteria.rules.changes import Direction, Kind, compare
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world

pytestmark = pytest.mark.django_db

FEBRUARY_1 = date(2018, 2, 1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def version(world: World) -> SetVersion:
    return SetVersion.objects.select_related("set").get(pk=world.asked.version_id)


def percent(code: str, value: int, **more: object) -> IndicatorSpec:
    spec = IndicatorSpec(
        code=code,
        text=f"Chỉ tiêu {code}",
        kind="percent",
        unit="%",
        rule=">=",
        levels=(LevelSpec(selector="all", value=Decimal(value), rule=">="),),
    )
    return replace(spec, **more)


def stricter(version: SetVersion, level: int = 90) -> SetVersion:
    """A draft of the next version that asks more of 1.1."""
    draft = drafts.new_version(version=version, by=None)
    put(draft, 1, percent("1.1", level))
    return draft


def put(draft: SetVersion, number: int, spec: IndicatorSpec) -> None:
    criterion = Criterion.objects.get(set=draft.set, number=number)
    drafts.put_indicator(version=draft, criterion=criterion, spec=spec, by=None)


def force(draft: SetVersion, on: date = JANUARY, **more: object) -> bool:
    details = {
        "in_force_on": on,
        "decision_number": "02/QĐ-TTg",
        "decision_date": date(2018, 1, 2),
        "document": "Công báo",
        "by": None,
    }
    return drafts.put_in_force(version=draft, **details | more)


class TestADraft:
    def test_of_the_next_version_says_the_same(self, version):
        draft = drafts.new_version(version=version, by=None)
        assert (draft.no, draft.status) == (2, "draft")
        changes = compare(definition(version), definition(draft))
        assert {one.kind for one in changes} == {Kind.SAME}
        assert sets.version_in_force(version.set, JANUARY) == version

    def test_is_made_once_for_a_request_sent_twice(self, version):

        request = uuid4()
        first = drafts.new_version(version=version, by=None, request_id=request)
        assert drafts.new_version(version=version, by=None, request_id=request) == first
        assert SetVersion.objects.filter(set=version.set).count() == 2

    def test_shows_what_changed_and_whether_the_level_is_stricter(self, version):
        draft = stricter(version)
        put(draft, 1, percent("1.3", 50))
        drafts.drop_indicator(version=draft, code="1.2", by=None)
        one = compare(definition(version), definition(draft))[0]
        kinds = {change.code: change.kind for change in one.indicators}
        assert kinds == {"1.1": Kind.CHANGED, "1.2": Kind.REMOVED, "1.3": Kind.ADDED}
        (level,) = one.indicators[0].level_changes
        assert level.direction is Direction.STRICTER
        back = compare(definition(draft), definition(version))[0]
        assert back.indicators[0].level_changes[0].direction is Direction.LOOSER

    def test_dropped_leaves_nothing_of_its_own(self, version):
        before = (Indicator.objects.count(), Measure.objects.count(), Threshold.objects.count())
        draft = stricter(version)
        put(draft, 1, percent("1.3", 50))
        drafts.drop(version=draft, by=None)
        after = (Indicator.objects.count(), Measure.objects.count(), Threshold.objects.count())
        assert after == before
        assert not SetVersion.objects.filter(pk=draft.pk).exists()

    def test_keeps_parts_as_they_are(self):
        adopted = make_set("phan", {1: {"1.1": ">="}}, parts={"1.1": {"a": ">= 60", "b": "yes"}})
        draft = drafts.new_version(version=adopted.versions.get(), by=None)
        put(draft, 1, percent("1.1", 10, text="Nội dung khác"))
        (found,) = definition(draft).criteria[0].indicators
        assert (found.text, found.parts) == ("Nội dung khác", ("a", "b"))
        assert [level.value for level in found.levels] == [60, 1]

    def test_keeps_the_mark_of_a_level_that_stays(self):
        adopted = make_set("chua-doc", {1: {"1.1": ">= 80"}}, unverified=["1.1"])
        draft = drafts.new_version(version=adopted.versions.get(), by=None)
        put(draft, 1, percent("1.1", 80, text="Lời khác", unverified="levels"))
        assert not definition(draft).criteria[0].indicators[0].levels[0].checked


class TestASetOfTheProvince:
    def own(self, world: World, **more: object) -> SetVersion:
        details = {
            "province": world.province.unit,
            "name": "Bộ của tỉnh",
            "tier": "standard",
            "period": (2016, 2020),
            "issuer": "UBND tỉnh",
            "by": None,
        }
        return drafts.new_set(**details | more)

    def test_on_a_base_asks_the_same_measures(self, world, version):
        draft = self.own(world, base=version)
        mine = {one.measure_id for one in Indicator.objects.filter(criterion__set=draft.set)}
        theirs = {one.measure_id for one in Indicator.objects.filter(criterion__set=version.set)}
        assert mine == theirs
        assert draft.set.base == version.set
        assert draft.set.province == world.province.unit

    def test_by_hand_grows_criterion_by_criterion(self, world):
        draft = self.own(world)
        drafts.put_criterion(version=draft, number=1, name="Đường làng", by=None)
        put(draft, 1, percent("1.1", 70))
        drafts.set_head(
            version=draft, issuer="UBND tỉnh", na_counts_as="met", bracket_cuts=[1], by=None
        )
        draft.refresh_from_db()
        assert drafts.faults(draft) == []
        assert force(draft)
        assert sets.version_in_force(draft.set, JANUARY).pk == draft.pk

    def test_that_was_dropped_leaves_no_set(self, world, version):
        draft = self.own(world, base=version)
        drafts.drop(version=draft, by=None)
        assert not CriteriaSet.objects.filter(name="Bộ của tỉnh").exists()
        assert Indicator.objects.filter(criterion__set=version.set).exists()

    def test_that_something_rests_on_is_not_dropped(self, world):
        """No act adopts or builds on a set without a version in force; an import might."""
        draft = self.own(world)
        adoption = SetAdoption.objects.create(
            province=world.province.unit, set=draft.set, from_on=JANUARY, decision="x"
        )
        with pytest.raises(DraftRefused, match="đã áp dụng bộ này"):
            drafts.drop(version=draft, by=None)
        adoption.delete()
        other = self.own(world, name="Bộ khác")
        CriteriaSet.objects.filter(pk=other.set_id).update(base=draft.set)
        with pytest.raises(DraftRefused, match="dựa trên bộ này"):
            drafts.drop(version=draft, by=None)
        assert SetVersion.objects.filter(pk=draft.pk).exists()

    def test_needs_a_name_of_its_own(self, world):
        self.own(world)
        with pytest.raises(DraftRefused, match="đã có bộ tiêu chí tên"):
            self.own(world)
        with pytest.raises(DraftRefused, match="Hãy ghi tên"):
            self.own(world, name=" ")

    def test_cannot_come_into_force_empty(self, world):
        with pytest.raises(DraftRefused, match="chưa có tiêu chí nào"):
            force(self.own(world))


class TestAnActIsRefused:
    def test_on_a_version_in_force(self, version):
        criterion = Criterion.objects.filter(set=version.set).first()
        acts = [
            lambda: drafts.set_head(
                version=version, issuer="x", na_counts_as="met", bracket_cuts=[1], by=None
            ),
            lambda: drafts.put_criterion(version=version, number=1, name="Khác", by=None),
            lambda: drafts.drop_criterion(version=version, criterion=criterion, by=None),
            lambda: drafts.put_indicator(
                version=version, criterion=criterion, spec=percent("1.1", 99), by=None
            ),
            lambda: drafts.drop_indicator(version=version, code="1.1", by=None),
            lambda: drafts.paste(version=version, text="1\tKhác", by=None),
            lambda: drafts.drop(version=version, by=None),
            lambda: force(version),
        ]
        changes = Change.objects.count()
        for act in acts:
            with pytest.raises(DraftRefused, match="đã có hiệu lực nên không sửa được"):
                act()
        assert Change.objects.count() == changes

    def test_for_a_second_draft(self, version):
        drafts.new_version(version=version, by=None)
        with pytest.raises(DraftRefused, match="đang có dự thảo phiên bản 2"):
            drafts.new_version(version=version, by=None)

    def test_for_a_criterion_that_versions_share(self, version):
        draft = drafts.new_version(version=version, by=None)
        with pytest.raises(DraftRefused, match="cùng các tiêu chí"):
            drafts.put_criterion(version=draft, number=3, name="Thêm", by=None)
        with pytest.raises(DraftRefused, match="không bỏ được tiêu chí"):
            drafts.drop_criterion(
                version=draft, criterion=Criterion.objects.filter(set=draft.set)[0], by=None
            )

    @pytest.mark.parametrize(
        ("spec", "why"),
        [
            (percent("1.1", 80, unit="ha", kind="number"), "không đổi đơn vị tính"),
            (percent("2.9", 80), "không thuộc tiêu chí 1"),
            (percent("1.4", 80, unit=""), "phải có đơn vị tính"),
            (percent("1.4", 80, text=""), "Hãy ghi nội dung"),
            (percent("1.4", 80, rule="yes"), "không hợp với loại"),
            (percent("1 4", 80), "viết liền"),
        ],
    )
    def test_for_an_indicator_that_cannot_be_asked(self, version, spec, why):
        draft = drafts.new_version(version=version, by=None)
        with pytest.raises(DraftRefused, match=why):
            put(draft, 1, spec)

    @pytest.mark.parametrize(
        ("how", "why"),
        [
            ({"decision_number": ""}, "số quyết định"),
            ({"document": " "}, "văn bản làm căn cứ"),
            ({"on": date(2016, 1, 1)}, "hãy chọn ngày từ đó trở đi"),
            ({"on": date(2018, 3, 1)}, "Tháng đang nhập số liệu là 01/2018"),
        ],
    )
    def test_to_come_into_force(self, version, how, why):
        draft = stricter(version)
        with pytest.raises(DraftRefused, match=why):
            force(draft, **how)
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_to_come_into_force_in_a_closed_month(self, world, version):
        months.close(province=world.province.unit, month=JANUARY, by=None)
        draft = stricter(version)
        with pytest.raises(DraftRefused, match="Tháng 01/2018 đã chốt"):
            force(draft, on=JANUARY)
        assert force(draft, on=FEBRUARY_1)


class TestComingIntoForce:
    def test_judges_what_is_there_again_by_appended_results(self, world, version):
        low, high = world.communes
        world.save(low, "1.1", 85)
        world.save(high, "1.1", 95)
        world.save(low, "1.2", verdict=Outcome.MET)
        before = Result.objects.count()
        assert force(stricter(version))
        new = Result.objects.filter(cause="rejudged").order_by("value")
        assert Result.objects.count() == before + 2
        assert [(row.value, row.verdict, row.judged_by) for row in new] == [
            (85, "not_met", "rule"),
            (95, "met", "rule"),
        ]
        assert {row.true_from for row in new} == {JANUARY}
        assert Standing.objects.get(unit_id=low.unit_id).outcomes["1"] == "N"
        assert SetVersion.objects.get(pk=version.pk).status == "superseded"

    def test_carries_a_verdict_that_the_program_may_not_judge(self, world, version):
        world.save(world.communes[0], "1.1", verdict=Outcome.MET, note="theo hồ sơ")
        assert force(stricter(version))
        assert not Result.objects.filter(cause="rejudged").exists()

    def test_changes_no_closed_month(self, world, version):
        low = world.communes[0]
        world.save(low, "1.1", 85)
        world.save(low, "1.2", verdict=Outcome.MET)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        frozen = list(MonthStanding.objects.values())
        assert frozen[0]["met"] + frozen[1]["met"] == 1
        assert force(stricter(version), on=FEBRUARY)
        assert list(MonthStanding.objects.values()) == frozen
        assert Standing.objects.get(unit_id=low.unit_id).met == 0

    def test_is_written_once_for_a_request_sent_twice(self, world, version):

        world.save(world.communes[0], "1.1", 85)
        draft, request = stricter(version), uuid4()
        force(draft, request_id=request)
        count = Result.objects.count()
        force(draft, request_id=request)
        assert Result.objects.count() == count
