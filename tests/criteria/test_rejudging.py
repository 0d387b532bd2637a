"""A set taken into use, a new version, a new level: what is known gets its verdict anew."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from communes.models import Change
from criteria import adoptions, check, months
from criteria.figures import as_json, figures
from criteria.models import Result, Standing
from criteria.rejudging import rejudge
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.test_level_origins import set_level
from tests.criteria.test_two_counts import NATIONAL, counts, held, overlay
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import make_attribute

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    """A province that knows something under the national set; January is closed."""
    world = make_world(criteria=NATIONAL)
    first, second = world.communes
    world.save(first, "1.1", 85, true_from=date(2017, 6, 30))
    world.save(first, "1.2", verdict=MET)
    world.save(first, "2", verdict=MET)
    world.save(second, "3", 99)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    return world


def again(world: World, one, **how) -> list[Result]:
    return rejudge(province=world.province.unit, criteria_set=one, by=world.officer, **how)


class TestASetTakenIntoUse:
    def test_gets_a_verdict_of_its_own_on_everything_known(self, world: World) -> None:
        own = overlay(
            world,
            {1: {"1.1": ">= 90", "1.2": "yes"}, 4: {"4": "yes"}},
            keeps=[2, 3],
            measures={"1.1": "nho.1.1", "1.2": "nho.1.2"},
        )
        first = world.communes[0]
        assert len(again(world, own)) == 4
        assert counts(first, FEBRUARY) == {"nho": (2, 3), "tinh": (1, 4)}
        taken = held(first, own, "1.1")
        assert (taken.value, taken.verdict, taken.judged_by) == (85, "not_met", "rule")
        assert (taken.true_from, taken.cause) == (date(2017, 6, 30), "rejudged")
        assert taken.threshold.value == 90
        # What the officer judged holds for the same requirement.
        assert (held(first, own, "2").verdict, held(first, own, "2").judged_by) == (
            "met",
            "officer",
        )

    def test_changes_nothing_under_the_other_set_nor_in_a_closed_month(self, world: World) -> None:
        before = as_json(figures(world.province, JANUARY))
        standing = Standing.objects.get(unit=world.communes[0].unit, set_id=world.asked.set_id)
        again(world, overlay(world))
        assert as_json(figures(world.province, JANUARY)) == before
        after = Standing.objects.get(unit=world.communes[0].unit, set_id=world.asked.set_id)
        assert (after.met, after.change) == (standing.met, standing.change)
        assert not any(check.differences_of(world.province.unit))

    def test_is_one_change_and_asked_twice_writes_nothing_more(self, world: World) -> None:
        own = overlay(world)
        written = again(world, own)
        assert len({row.change_id for row in written}) == 1
        numbers = Change.objects.count()
        assert again(world, own) == []
        assert Change.objects.count() == numbers

    def test_the_same_request_writes_once(self, world: World) -> None:
        own, request_id = overlay(world), uuid4()
        assert again(world, own, request_id=request_id)
        world.save(world.communes[1], "1.1", 90)
        assert again(world, own, request_id=request_id) == []

    def test_leaves_what_it_already_holds(self, world: World) -> None:
        own = overlay(world)
        world.save(world.communes[0], "1.1", 70)
        assert held(world.communes[0], own, "1.1").verdict == "not_met"
        again(world, own)
        assert held(world.communes[0], own, "1.1").value == 70


class TestAnotherLevel:
    def test_of_a_new_version_gives_the_programs_verdicts_anew_from_its_day(
        self, world: World
    ) -> None:
        stricter = NATIONAL | {1: {"1.1": ">= 90", "1.2": "yes"}}
        national = make_set(criteria=stricter, version=2, in_force_on=date(2018, 2, 1))
        (row,) = again(world, national)
        assert (row.verdict, row.true_from, row.value) == ("not_met", date(2018, 2, 1), 85)
        assert row.set_version.no == 2
        assert figures(world.communes[0], FEBRUARY).rows[0].outcomes[1] is NOT_MET
        assert figures(world.communes[0], JANUARY).rows[0].outcomes[1] is MET

    def test_of_the_province_lets_the_program_judge_from_its_day(self) -> None:
        world = make_world(criteria={1: {"1.1": ">= by-province"}})
        set_level(world, "1.1", 50)
        world.save(world.communes[0], "1.1", 60)
        set_level(world, "1.1", 70, from_on=date(2018, 1, 15))
        national = world.asked
        (row,) = again(world, adoptions.SetAdoption.objects.get().set)
        assert (row.verdict, row.true_from) == ("not_met", JANUARY)
        assert row.province_level.value == 70
        assert row.indicator_id == national.criteria[0].indicators[0].id

    def test_leaves_what_an_officer_judged(self, world: World) -> None:
        second = world.communes[1]
        world.save(second, "1.1", 79, verdict=MET, note="Số liệu rà soát lại")
        looser = NATIONAL | {1: {"1.1": ">= 95", "1.2": "yes"}}
        national = make_set(criteria=looser, version=2, in_force_on=date(2018, 2, 1))
        assert {row.unit_id for row in again(world, national)} == {world.communes[0].unit_id}

    def test_of_the_new_year_is_no_reason(self) -> None:
        world = make_world(
            criteria={1: {"1.1": ">= 80"}},
            regions={"1.1": {"year:2017": 70, "year:2018": 80}},
        )
        world.save(world.communes[0], "1.1", 75, true_from=date(2017, 12, 31))
        assert Result.objects.get().verdict == "met"
        assert again(world, adoptions.SetAdoption.objects.get().set) == []

    def test_of_another_region_column_is_one(self) -> None:
        world = make_world(
            criteria={1: {"1.1": ">= 80"}}, regions={"1.1": {"tdmnpb": 70, "btb": 80}}
        )
        world.save(world.communes[0], "1.1", 75)
        make_attribute(unit=world.communes[0].unit, key="region", value="btb")
        (row,) = again(world, adoptions.SetAdoption.objects.get().set)
        assert row.verdict == "not_met"
