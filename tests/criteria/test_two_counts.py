"""Two counts from one entry: national and overlay, standard and advanced."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from communes.models import UnitVersion
from criteria import adoptions, check, entry, months
from criteria.adoptions import AdoptionRefused
from criteria.catalogue.specs import CatalogueError
from criteria.entry import Finding
from criteria.figures import Source, figures
from criteria.models import CriteriaSet, Indicator, Result, Standing
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import make_commune, make_district, make_province

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
HERE = "02@2017-01-01"
NATIONAL = {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {"3": "<= 12"}}


@pytest.fixture
def world() -> World:
    """A province that leads with the national set."""
    return make_world(criteria=NATIONAL)


def overlay(world: World, criteria=None, *, keeps="all", from_on=date(2018, 1, 1), **how):
    """The province's own set beside the headline: what it keeps, and a criterion more."""
    own = make_set(
        "tinh",
        {4: {"4": ">= 2"}} if criteria is None else criteria,
        base="nho",
        keeps=keeps,
        province=HERE,
        **how,
    )
    adopt(world.province, own, from_on=from_on)
    return own


def adopt(province: UnitVersion, one: CriteriaSet, *, from_on=date(2018, 1, 1), **how) -> None:
    how = {"in_headline": False, "decision": "02/QĐ-UBND", "by": None} | how
    adoptions.adopt(province=province.unit, set=one, from_on=from_on, **how)


def cell(one: CriteriaSet, code: str) -> int:
    return Indicator.objects.get(criterion__set=one, code=code).pk


def held(commune: UnitVersion, one: CriteriaSet, code: str) -> Result:
    return Result.objects.filter(unit=commune.unit, indicator_id=cell(one, code)).latest("pk")


def counts(commune: UnitVersion, on: date = JANUARY) -> dict[str, tuple[int, int]]:
    """Set → (criteria met, criteria) at the door of figures."""
    found = {}
    for code in ("nho", "tinh"):
        (row,) = figures(commune, on, set_code=code).rows
        found[code] = (row.met, row.of)
    return found


class TestOneEntryOnTheNationalSheet:
    def test_counts_x_of_3_there_and_y_of_4_under_the_provinces_set(self, world: World) -> None:
        own = overlay(world)
        first = world.communes[0]
        world.save(first, "1.1", 85)
        world.save(first, "1.2", verdict=MET)
        world.save(first, "3", 10)
        assert counts(first) == {"nho": (2, 3), "tinh": (2, 4)}
        entry.save(
            commune=first,
            indicator_id=cell(own, "4"),
            finding=Finding(values={"": Decimal(2)}),
            seen=None,
            by=world.officer,
        )
        assert counts(first) == {"nho": (2, 3), "tinh": (3, 4)}

    def test_is_one_change_with_the_same_value_and_each_sets_own_level_verdict_and_version(
        self, world: World
    ) -> None:
        own = overlay(
            world,
            {1: {"1.1": ">= 90"}, 4: {"4": "yes"}},
            keeps=[2, 3],
            measures={"1.1": "nho.1.1"},
        )
        world.save(world.communes[0], "1.1", 85)
        national, stricter = Result.objects.order_by("indicator_id")
        assert national.change == stricter.change
        assert (national.value, stricter.value) == (85, 85)
        assert (national.verdict, stricter.verdict) == ("met", "not_met")
        assert (national.judged_by, stricter.judged_by) == ("rule", "rule")
        assert (national.threshold.value, stricter.threshold.value) == (80, 90)
        assert national.set_version_id == world.asked.version_id
        assert stricter.set_version.set == own

    def test_leaves_other_provinces_with_their_own_sets_alone(self, world: World) -> None:
        overlay(world)
        other = make_province(code="04", name="Cao Bằng", clock="04")
        adopt(other, CriteriaSet.objects.get(code="nho"), in_headline=True)
        there = make_commune(parent=make_district(province=other, code="040"))
        world.save(there, "1.1", 85, true_from=JANUARY)
        assert Result.objects.get(unit=there.unit).set_version_id == world.asked.version_id
        assert Standing.objects.get(unit=there.unit).set.code == "nho"


class TestWhereTheProgramCannotJudgeTheOtherSet:
    def test_the_same_requirement_takes_the_officers_verdict_over(self) -> None:
        world = make_world(criteria=NATIONAL, unverified=["1.1"])
        own, first = overlay(world), world.communes[0]
        world.save(first, "1.1", 70, verdict=MET)
        world.save(first, "2", verdict=NOT_MET)
        kept = held(first, own, "1.1")
        assert (kept.value, kept.verdict, kept.judged_by) == (70, "met", "officer")
        assert held(first, own, "2").verdict == "not_met"

    def test_another_requirement_keeps_the_figure_and_waits_for_a_verdict(
        self, world: World
    ) -> None:
        own = overlay(
            world,
            {1: {"1.1": ">= 90"}},
            keeps=[2, 3],
            measures={"1.1": "nho.1.1"},
            unverified=["1.1"],
        )
        first = world.communes[0]
        world.save(first, "1.1", 85)
        waiting = held(first, own, "1.1")
        assert (waiting.value, waiting.verdict) == (85, "not_assessed")
        entry.save(
            commune=first,
            indicator_id=waiting.indicator_id,
            finding=Finding(values={"": Decimal(85)}, verdict=MET),
            seen=waiting.pk,
            by=world.officer,
        )
        assert held(first, own, "1.1").verdict == "met"
        # The national cell already says so: nothing was added there.
        assert Result.objects.filter(indicator_id=world.indicator("1.1")).count() == 1

    def test_what_does_not_apply_does_not_apply_to_either(self, world: World) -> None:
        own, first = overlay(world), world.communes[0]
        world.save(first, "3", verdict=Outcome.NOT_APPLICABLE)
        assert held(first, own, "3").verdict == "not_applicable"

    def test_a_verdict_against_the_level_with_a_note_holds_for_the_same_level_only(
        self, world: World
    ) -> None:
        own = overlay(world, {1: {"1.1": ">= 90"}}, keeps=[2, 3], measures={"1.1": "nho.1.1"})
        first = world.communes[0]
        world.save(first, "1.1", 79, verdict=MET, note="Số liệu rà soát lại")
        assert (held(first, own, "1.1").verdict, held(first, own, "1.1").judged_by) == (
            "not_met",
            "rule",
        )
        world.save(first, "3", 13, verdict=MET, note="Số liệu rà soát lại")
        assert (held(first, own, "3").verdict, held(first, own, "3").judged_by) == (
            "met",
            "officer",
        )


class TestASetAdoptedLater:
    def test_gets_its_result_when_the_same_figure_is_saved_again(self, world: World) -> None:
        first = world.communes[0]
        world.save(first, "1.1", 85)
        own = overlay(world)
        world.save(first, "1.1", 85)
        assert held(first, own, "1.1").verdict == "met"
        assert Result.objects.filter(indicator_id=world.indicator("1.1")).count() == 1

    def test_for_a_month_closed_before_is_looked_up_and_raises_no_alarm(self, world: World) -> None:
        first = world.communes[0]
        world.save(first, "3", 10)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        overlay(world)
        answer = figures(world.province, JANUARY, set_code="tinh")
        assert (answer.source, answer.headline.communes) == (Source.LOOKUP, 2)
        assert figures(world.province, JANUARY).source is Source.CLOSED
        assert not any(check.differences_of(world.province.unit))

    def test_is_frozen_beside_the_headline_by_the_next_closing(self, world: World) -> None:
        overlay(world)
        world.save(world.communes[0], "3", 10)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        answer = figures(world.province, JANUARY, set_code="tinh")
        assert (answer.source, answer.headline.criteria_met) == (Source.CLOSED, 1)
        assert not any(check.differences_of(world.province.unit))


def test_a_void_takes_back_what_the_same_entry_said_under_every_set(world: World) -> None:
    own, first = overlay(world), world.communes[0]
    world.save(first, "3", 10)
    world.save(first, "3", 99)
    assert counts(first) == {"nho": (0, 3), "tinh": (0, 4)}
    entry.void(result=held(first, own, "3"), reason="Nhập nhầm xã", by=world.officer)
    assert counts(first) == {"nho": (1, 3), "tinh": (1, 4)}


def test_the_command_prints_the_set_asked_for(world: World) -> None:
    overlay(world)
    world.save(world.communes[0], "3", 10)
    for code, of in (("nho", 3), ("tinh", 4)):
        out = StringIO()
        call_command("figures", unit="02", on="2018-01-31", set_code=code, json=True, stdout=out)
        found = json.loads(out.getvalue())
        assert (found["set"], found["criteria_met"], len(found["criteria"])) == (code, 1, of)


class TestAConclusion:
    @pytest.fixture
    def world(self) -> World:
        return make_world(criteria={1: {}, 2: {"2": "yes"}})

    def test_is_entered_where_a_criterion_has_no_indicators(self, world: World) -> None:
        first = world.communes[0]
        with pytest.raises(entry.EntryRefused, match="cho cả tiêu chí"):
            world.save(first, "1*")
        world.save(first, "1*", verdict=MET)
        (row,) = figures(first, JANUARY).rows
        assert (row.met, row.outcomes[1]) == (1, MET)
        result = Result.objects.get()
        assert (result.value, result.threshold, result.judged_by) == (None, None, "officer")

    def test_counts_in_its_own_set_alone(self, world: World) -> None:
        own = overlay(world)
        world.save(world.communes[0], "1*", verdict=MET)
        assert not Result.objects.filter(set_version__set=own).exists()


class TestAnOverlayIsRefused:
    def test_for_another_province(self, world: World) -> None:
        own = overlay(world)
        other = make_province(code="04", name="Cao Bằng", clock="04")
        with pytest.raises(AdoptionRefused, match="quy định riêng của tỉnh khác"):
            adopt(other, own)

    def test_when_it_keeps_what_its_base_does_not_have(self, world: World) -> None:
        with pytest.raises(CatalogueError, match="tiêu chí 9 không có trong bộ gốc"):
            overlay(world, keeps=[1, 9])

    def test_when_it_keeps_and_states_the_same_criterion(self, world: World) -> None:
        with pytest.raises(CatalogueError, match="tiêu chí 1 vừa giữ của bộ gốc"):
            overlay(world, {1: {"1.1": "yes"}})

    def test_when_it_comes_into_force_before_its_base(self, world: World) -> None:
        with pytest.raises(CatalogueError, match=r"bộ gốc: .* chưa có hiệu lực ngày 01/01/2016"):
            overlay(world, in_force_on=date(2016, 1, 1))


def test_a_later_version_of_the_base_leaves_the_overlay_as_it_was(world: World) -> None:
    own = overlay(world)
    make_set("nho", NATIONAL | {3: {"3": "<= 5"}}, version=2, in_force_on=date(2018, 1, 1))
    first = world.communes[0]
    world.save(first, "3", 10)
    assert held(first, CriteriaSet.objects.get(code="nho"), "3").verdict == "not_met"
    assert held(first, own, "3").verdict == "met"
