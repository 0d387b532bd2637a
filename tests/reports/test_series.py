"""Month series: closed months as frozen, made ready by the worker, never older than asked."""

from __future__ import annotations

import pytest

from criteria import headlines, months
from criteria.models import Basis, MonthClosing
from criteria.rules.types import Outcome
from reports import series, tasks
from reports.models import PreparedSeries
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    close(world, JANUARY)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    close(world, FEBRUARY)
    return world


def close(world: World, month) -> None:
    months.close(province=world.province.unit, month=month, by=world.officer)


def read(world: World):
    province = world.province.unit_id
    points = series.series(
        province, province, headlines.leads(province), Basis.REPORTED, until=MARCH
    )
    assert {(p.set_id, p.of) for p in points} == {(world.asked.set_id, 2)}
    return [(p.month, p.criteria_met, p.closed) for p in points]


def prepare(world: World) -> int:
    return tasks.prepare_dashboards(world.province.unit_id)


EXPECTED = [(JANUARY, 1, True), (FEBRUARY, 2, True)]


def test_the_series_is_there_without_a_worker_and_the_same_with_one(world):
    assert read(world) == EXPECTED
    assert prepare(world) == 4  # the province and its district, on both bases
    assert read(world) == EXPECTED


def test_a_second_job_of_a_burst_does_nothing(world):
    prepare(world)
    stamp = PreparedSeries.objects.values_list("prepared_at", flat=True)
    before = list(stamp)
    assert prepare(world) == 0
    assert list(stamp.all()) == before


def test_a_closing_younger_than_what_was_prepared_is_not_missed(world):
    prepare(world)
    close(world, MARCH)
    assert read(world) == [*EXPECTED, (MARCH, 2, True)]


def test_a_month_open_again_is_looked_up_and_marked(world):
    months.reopen(closing=MonthClosing.objects.get(month=FEBRUARY), reason="Sửa", by=None)
    world.save(world.communes[0], "2", verdict=Outcome.NOT_MET, true_from=FEBRUARY)
    assert read(world) == [(JANUARY, 1, True)]
    prepare(world)
    assert read(world) == [(JANUARY, 1, True), (FEBRUARY, 1, False)]
