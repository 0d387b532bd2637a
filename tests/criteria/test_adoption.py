"""Which criteria set counts in a province on a day."""

from __future__ import annotations

from datetime import date

import pytest

from communes.models import Change, ChangeLine, DataClock, Unit
from criteria import sets
from criteria.adoptions import AdoptionRefused, adopt
from criteria.models import CriteriaSet, SetAdoption, SetVersion
from tests.criteria.factories_sets import make_set

pytestmark = pytest.mark.django_db

DECISION = "Quyết định 100/QĐ-UBND"


@pytest.fixture
def province() -> Unit:
    clock = DataClock.objects.create(code="02")
    return Unit.objects.create(key="tinh-thu", tier="province", clock=clock)


@pytest.fixture
def national() -> CriteriaSet:
    return make_set("quoc-gia")


def adopted(province: Unit, criteria_set: CriteriaSet, **other: object) -> SetAdoption:
    details = {"from_on": date(2017, 1, 1), "decision": DECISION, "by": None} | other
    return adopt(province=province, set=criteria_set, **details)


class TestAProvinceThatDecidedNothing:
    def test_leads_with_the_standard_commune_set_of_the_period(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        make_set("nang-cao", tier="advanced")
        make_set("thon", level="village")
        make_set("rieng", base="quoc-gia")
        assert sets.headline_set(province.pk, date(2018, 5, 31)) == national
        assert sets.adopted_sets(province.pk, date(2018, 5, 31)) == [national]

    def test_has_no_set_before_that_is_in_force(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        assert sets.headline_set(province.pk, date(2016, 11, 30)) is None
        assert sets.adopted_sets(province.pk, date(2016, 11, 30)) == []
        assert sets.headline_set(province.pk, date(2016, 12, 1)) == national

    def test_keeps_the_set_of_the_period_before_until_the_next_is_in_force(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        following = make_set("tiep", period=(2021, 2025), in_force_on=date(2022, 3, 8))
        assert sets.headline_set(province.pk, date(2021, 1, 1)) == national
        assert sets.headline_set(province.pk, date(2022, 3, 7)) == national
        assert sets.headline_set(province.pk, date(2022, 3, 8)) == following

    def test_never_counts_by_a_set_of_its_own_that_it_did_not_adopt(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        make_set("cua-tinh", province=province.key, period=(2017, 2020))
        assert sets.headline_set(province.pk, date(2018, 1, 31)) == national

    def test_has_no_set_after_the_period(self, province: Unit, national: CriteriaSet) -> None:
        assert sets.headline_set(province.pk, date(2020, 12, 31)) == national
        assert sets.headline_set(province.pk, date(2021, 1, 1)) is None


class TestAnAdoption:
    def test_decides_from_its_day_on_over_the_period_s_default(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        own = make_set("rieng", base="quoc-gia")
        adopted(province, own, from_on=date(2017, 3, 1))
        assert sets.headline_set(province.pk, date(2017, 2, 28)) == national
        assert sets.headline_set(province.pk, date(2017, 3, 1)) == own

    def test_goes_on_after_the_period_until_another_begins(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        following = make_set("tiep", period=(2021, 2025), in_force_on=date(2022, 3, 8))
        adopted(province, national)
        adopted(province, following, from_on=date(2022, 7, 1))
        assert sets.headline_set(province.pk, date(2022, 6, 30)) == national
        assert sets.headline_set(province.pk, date(2022, 7, 1)) == following
        assert sets.adopted_sets(province.pk, date(2022, 7, 1)) == [following]

    def test_beside_the_headline_is_judged_but_does_not_lead(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        higher = make_set("nang-cao", tier="advanced")
        adopted(province, national)
        adopted(province, higher, in_headline=False)
        assert sets.headline_set(province.pk, date(2018, 1, 31)) == national
        assert sets.adopted_sets(province.pk, date(2018, 1, 31)) == [national, higher]

    def test_beside_the_headline_ends_when_a_headline_of_a_later_period_begins(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        own = make_set("rieng", base="quoc-gia")
        following = make_set("tiep", period=(2021, 2025), in_force_on=date(2022, 3, 8))
        adopted(province, national, in_headline=False)
        adopted(province, own)
        adopted(province, following, from_on=date(2022, 7, 1))
        assert sets.adopted_sets(province.pk, date(2022, 6, 30)) == [own, national]
        assert sets.adopted_sets(province.pk, date(2022, 7, 1)) == [following]

    def test_of_a_new_set_may_stand_beside_the_old_before_it_leads(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        following = make_set("tiep", period=(2021, 2025), in_force_on=date(2022, 3, 8))
        adopted(province, national)
        adopted(province, following, from_on=date(2022, 4, 1), in_headline=False)
        adopted(province, following, from_on=date(2022, 7, 1))
        assert sets.adopted_sets(province.pk, date(2022, 4, 1)) == [national, following]
        assert sets.adopted_sets(province.pk, date(2022, 7, 1)) == [following]

    def test_of_another_province_does_not_count(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        own = make_set("rieng", base="quoc-gia")
        other = Unit.objects.create(key="khac", tier="province", clock=province.clock)
        adopted(other, own)
        assert sets.headline_set(province.pk, date(2018, 1, 31)) == national

    def test_is_recorded_under_the_province_s_next_number(
        self, province: Unit, national: CriteriaSet
    ) -> None:
        adoption = adopted(province, national)
        change = Change.objects.get(clock_id="02")
        assert (change.seq, change.action) == (1, "sets.adopt")
        line = ChangeLine.objects.get(change=change)
        assert (line.key, line.before) == (str(adoption.pk), None)
        assert line.after["set"] == "quoc-gia"

    def test_made_twice_is_written_once(self, province: Unit, national: CriteriaSet) -> None:
        first, second = adopted(province, national), adopted(province, national)
        assert first == second
        assert SetAdoption.objects.count() == 1
        assert DataClock.objects.get(code="02").seq == 1


class TestAnAdoptionIsRefused:
    def test_before_the_set_is_in_force(self, province: Unit, national: CriteriaSet) -> None:
        with pytest.raises(AdoptionRefused, match="chưa có hiệu lực ngày 30/11/2016"):
            adopted(province, national, from_on=date(2016, 11, 30))

    def test_without_a_decision(self, province: Unit, national: CriteriaSet) -> None:
        with pytest.raises(AdoptionRefused, match="văn bản quyết định"):
            adopted(province, national, decision=" ")

    def test_for_a_commune(self, province: Unit, national: CriteriaSet) -> None:
        commune = Unit.objects.create(key="xa", tier="commune", clock=province.clock)
        with pytest.raises(AdoptionRefused, match="Chỉ tỉnh"):
            adopted(commune, national)

    def test_when_the_day_has_another_decision(self, province: Unit, national: CriteriaSet) -> None:
        adopted(province, national)
        with pytest.raises(AdoptionRefused, match="đã được áp dụng từ 01/01/2017"):
            adopted(province, national, decision="Quyết định khác")
        assert Change.objects.filter(clock_id="02").count() == 1

    def test_as_headline_for_a_set_that_is_not_of_communes(self, province: Unit) -> None:
        with pytest.raises(AdoptionRefused, match="cấp xã"):
            adopted(province, make_set("thon", level="village"))


def test_the_version_of_a_day_is_the_latest_in_force_by_then(national: CriteriaSet) -> None:
    make_set("quoc-gia", version=2, in_force_on=date(2018, 7, 1))
    first, second = SetVersion.objects.filter(set=national).order_by("no")
    assert sets.version_in_force(national, date(2018, 6, 30)) == first
    assert sets.version_in_force(national, date(2018, 7, 1)) == second
    with pytest.raises(SetVersion.DoesNotExist, match="chưa có hiệu lực ngày 30/11/2016"):
        sets.version_in_force(national, date(2016, 11, 30))


def test_a_draft_is_never_in_force(national: CriteriaSet) -> None:
    SetVersion.objects.create(
        set=national,
        no=2,
        in_force_on=date(2017, 1, 1),
        decision_number="02/QĐ-TTg",
        issuer="Thủ tướng Chính phủ",
        bracket_cuts=[2],
    )
    assert sets.version_in_force(national, date(2018, 1, 1)).no == 1


def test_criteria_come_by_number() -> None:
    criteria_set = make_set("dai", {10: {"10": "yes"}, 2: {"2": "yes"}, 1: {}})
    assert [one.number for one in sets.criteria_of(criteria_set)] == [1, 2, 10]


def test_the_sets_of_a_day_cost_one_query(
    province: Unit, national: CriteriaSet, django_assert_max_num_queries: object
) -> None:
    adopted(province, national)
    sets.adopted_sets(province.pk, date(2017, 1, 31))
    with django_assert_max_num_queries(1):
        assert sets.adopted_sets(province.pk, date(2018, 1, 31)) == [national]
