"""A closed month is answered from what was frozen, whatever is recorded later."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, transaction

from communes.audit import recording
from communes.models import UnitAttribute
from criteria import check, frozen, months
from criteria.catalogue.specs import CatalogueError
from criteria.figures import Source, as_json, figures
from criteria.models import MonthClosing, MonthFigure, MonthStanding, Standing
from criteria.months import MonthRefused
from criteria.rules.types import Outcome
from reports.office import content
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.factories import ALWAYS

pytestmark = pytest.mark.django_db
MET = Outcome.MET


@pytest.fixture
def world() -> World:
    world = make_world(communes=3)
    for commune in world.communes[:2]:
        world.save(commune, "2", verdict=MET)
    return world


def close(world: World, month: date) -> None:
    months.close(province=world.province.unit, month=month, by=world.officer)


def test_the_working_month_is_the_first_that_is_not_closed(world):
    assert months.working_day(world.province.unit) == JANUARY
    close(world, JANUARY)
    assert months.working_day(world.province.unit) == FEBRUARY


def test_the_working_month_never_moves_back_and_an_older_open_month_is_looked_up(world):
    close(world, JANUARY)
    world.save(world.communes[2], "2", verdict=MET)
    months.reopen(closing=MonthClosing.objects.get(), reason="Sửa", by=world.officer)
    assert months.working_day(world.province.unit) == FEBRUARY
    answer = figures(world.province, JANUARY)
    assert (answer.source, answer.reported.criteria_met) == (Source.LOOKUP, 2)
    assert figures(world.province, FEBRUARY).reported.criteria_met == 3


def test_a_correction_after_closing_moves_the_open_month_and_not_the_closed_one(world):
    before = as_json(figures(world.province, JANUARY))
    close(world, JANUARY)
    frozen = as_json(figures(world.province, JANUARY))
    assert frozen == before | {"frozen": True}
    world.save(world.communes[2], "2", verdict=MET, true_from=JANUARY)
    assert as_json(figures(world.province, JANUARY)) == frozen
    assert figures(world.province, FEBRUARY).reported.criteria_met == 3


def test_a_fact_holds_into_the_next_month_until_another_follows(world):
    close(world, JANUARY)
    assert figures(world.province, FEBRUARY).reported.criteria_met == 2
    world.save(world.communes[0], "2", verdict=Outcome.NOT_MET)
    assert figures(world.province, FEBRUARY).reported.criteria_met == 1


@pytest.mark.parametrize(
    ("on", "source"),
    [
        (date(2018, 1, 31), Source.CLOSED),
        (date(2018, 1, 30), Source.LOOKUP),
        (date(2018, 2, 10), Source.NOW),
        (date(2018, 2, 28), Source.NOW),
        (date(2018, 5, 31), Source.LOOKUP),
    ],
)
def test_every_day_is_answered_from_its_own_source(world, on, source):
    close(world, JANUARY)
    assert figures(world.province, on).source is source


def test_districts_and_communes_add_up_to_the_province(world):
    close(world, JANUARY)
    answer = figures(world.province, JANUARY)
    by_commune = sum(figures(c, JANUARY).reported.criteria_met for c in world.communes)
    stored = MonthFigure.objects.filter(basis="reported").values_list("figures", flat=True)
    assert answer.reported.criteria_met == by_commune == 2
    assert {figure["criteria_met"] for figure in stored} == {2}


def test_a_reopened_month_is_counted_anew_and_the_old_closing_stays(world):
    close(world, JANUARY)
    world.save(world.communes[2], "2", verdict=MET, true_from=JANUARY)
    closing = MonthClosing.objects.get()
    with pytest.raises(MonthRefused, match="lý do"):
        months.reopen(closing=closing, reason="", by=world.officer)
    months.reopen(closing=closing, reason="Xã gửi nhầm", by=world.officer)
    assert figures(world.province, JANUARY).source is not Source.CLOSED
    close(world, JANUARY)
    assert figures(world.province, JANUARY).reported.criteria_met == 3
    assert list(MonthClosing.objects.order_by("no").values_list("no", flat=True)) == [1, 2]
    assert MonthStanding.objects.filter(closing=closing).count() == 3


@pytest.mark.parametrize(
    ("month", "why"),
    [
        (date(2018, 1, 30), "ngày cuối tháng"),
        (JANUARY, "đã chốt"),
        (MARCH, "chưa bắt đầu"),
    ],
)
def test_months_are_closed_once_at_their_end_and_not_ahead(world, month, why):
    close(world, JANUARY)
    with pytest.raises(MonthRefused, match=why):
        close(world, month)


def test_what_was_frozen_cannot_be_changed_in_the_database(world):
    close(world, JANUARY)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        MonthStanding.objects.update(met=99)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        MonthFigure.objects.all().delete()


def test_the_nightly_check_is_silent_when_all_is_well_and_names_what_is_not(world):
    close(world, JANUARY)
    world.save(world.communes[2], "2", verdict=MET, true_from=JANUARY)
    assert check.check_all().differences == []
    Standing.objects.filter(unit=world.communes[0].unit).update(met=2)
    (difference,) = check.check_all().differences
    assert str(world.communes[0].unit_id) in difference


class TestTheListOfAClosedMonthIsHeldAgainstTheLegalDates:
    @pytest.fixture
    def closed_short(self, world, monkeypatch):
        """A month closed without one of its communes."""
        whole = frozen.rows_as_known
        monkeypatch.setattr(frozen, "rows_as_known", lambda *how, **more: whole(*how, **more)[1:])
        close(world, JANUARY)
        monkeypatch.undo()
        (missing,) = {one.unit_id for one in world.communes} - set(
            MonthStanding.objects.values_list("unit_id", flat=True)
        )
        return next(one.unit.key for one in world.communes if one.unit_id == missing)

    def test_a_commune_left_out_is_named_by_the_nightly_check(self, world, closed_short):
        (difference,) = check.check_all().differences
        assert f"tháng 01/2018: danh sách xã thiếu {closed_short} so với ngày pháp lý" in difference
        # The month itself stays as it was frozen.
        assert figures(world.province, JANUARY).reported.communes == len(world.communes) - 1

    def test_and_makes_the_proof_of_a_restore_fail(self, world, closed_short):
        closing = MonthClosing.objects.get()
        kept = content.kept_figures(closing)
        assert content.remade_figures(closing) == kept
        assert not content.agrees(closing, kept)
        (month,) = content.last_closed_months()
        assert not month["agrees_with_ledger"]

    def test_a_commune_too_many_is_named_unless_an_act_recorded_it_later(self, world):
        close(world, JANUARY)
        unit = world.communes[0].unit
        UnitAttribute.objects.create(
            unit=unit, key="in_programme", value="no", valid=ALWAYS, source="Thử"
        )
        (difference,) = check.check_all().differences
        assert f"thừa {unit.key}" in difference
        with recording(clock=unit.clock_id, action="attributes.apply", by=None) as pending:
            table = UnitAttribute._meta.db_table
            pending.line(table=table, key=f"{unit.key}/in_programme", after=[])
        assert check.check_all().differences == []


def test_a_new_version_of_the_set_changes_no_closed_month():
    world = make_world(criteria={1: {"1.1": ">= 80"}, 2: {"2": "yes"}})
    world.save(world.communes[0], "1.1", 85)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    before = as_json(figures(world.province, JANUARY))
    stricter = {1: {"1.1": ">= 90"}, 2: {"2": "yes"}}
    with pytest.raises(CatalogueError, match="tháng 01/2018 đã chốt theo phiên bản 1"):
        make_set(criteria=stricter, version=2, bracket_cuts=(1,), in_force_on=JANUARY)
    make_set(criteria=stricter, version=2, bracket_cuts=(1,), in_force_on=date(2018, 2, 1))
    assert as_json(figures(world.province, JANUARY)) == before
    assert not any(check.differences_of(world.province.unit))
    world.save(world.communes[0], "1.1", 86)
    assert figures(world.province, FEBRUARY).headline.criteria_met == 0
