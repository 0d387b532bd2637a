"""A rearrangement recorded in a province that counts: months, results, status, withdrawal."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from communes import unit_changes, units
from communes.models import Assignment, Change, Role, UnitEvent, UnitVersion
from communes.unit_changes import (
    Alteration,
    ChangedMeanwhile,
    NewUnit,
    Rearrangement,
    UnitsRefused,
)
from criteria import check, months, openings, rearranging, recognition
from criteria.entry import EntryRefused
from criteria.figures import figures
from criteria.models import MonthClosing, Registration, SetVersion, Target
from criteria.rearranging.effects import effects
from criteria.rules.opening import Pick
from criteria.rules.types import Outcome
from criteria.sheets import sheet
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_attribute, make_user

pytestmark = pytest.mark.django_db
DAY = date(2018, 1, 15)
MET = Outcome.MET
OTHER = NewUnit(code="95996", name="Mới", kind="xa")


@pytest.fixture
def world() -> World:
    world = make_world(communes=4)
    for commune in world.communes[:2]:
        world.save(commune, "2", verdict=MET)
    return world


def merger(world: World, *, number: int = 2, on: date = DAY, **how: object) -> Rearrangement:
    given = {
        "kind": UnitEvent.Kind.MERGE,
        "effective_on": on,
        "instrument": "819/NQ-UBTVQH14",
        "ends": tuple(commune.unit_id for commune in world.communes[:number]),
        "begins": (NewUnit(code=world.communes[0].code, name="Hợp Nhất", kind="xa"),),
    }
    return Rearrangement(**given | how)


def record(world: World, asked: Rearrangement, **how: object) -> UnitEvent:
    plan = unit_changes.plan(asked, province=world.province.unit)
    given = {"seen": plan.fingerprint, "by": world.officer}
    return rearranging.record(asked=asked, province=world.province.unit, **given | how)


def withdraw(world: World, event: UnitEvent) -> None:
    rearranging.withdraw(event=event, reason="Ghi nhầm", by=world.officer)


def new_commune(world: World, on: date = JANUARY) -> UnitVersion:
    return units.find(world.communes[0].code, on)


class TestAfterAMergerInTheOpenMonth:
    def test_the_counts_follow_at_once_and_the_old_results_stay_theirs(self, world):
        before = figures(world.province, JANUARY).reported
        record(world, merger(world))
        after = figures(world.province, JANUARY).reported
        assert (before.communes, after.communes) == (4, 3)
        assert (before.criteria_met, after.criteria_met) == (2, 0)
        old = world.communes[0]
        assert old.unit.results.count() == 1

    def test_the_new_commune_starts_with_nothing_assessed_and_no_status(self, world):
        decide(world, world.communes[0])
        record(world, merger(world))
        new = new_commune(world)
        page = sheet(new, figures(new, JANUARY))
        assert (page.met, page.assessed) == (0, 0)
        assert figures(new, JANUARY).rows[0].recognised_tier == ""
        assert figures(world.communes[0], date(2018, 1, 14)).reported.recognised == 1

    def test_results_of_the_new_commune_are_entered_and_counted(self, world):
        record(world, merger(world))
        world.save(new_commune(world), "2", verdict=MET)
        assert figures(world.province, JANUARY).reported.criteria_met == 1
        assert check.check_all().differences == []

    def test_a_month_closed_before_keeps_its_list(self, world):
        months.close(province=world.province.unit, month=JANUARY, by=world.officer)
        record(world, merger(world, on=date(2018, 2, 1)))
        assert figures(world.province, JANUARY).reported.communes == 4
        assert figures(world.province, FEBRUARY).reported.communes == 3
        assert check.check_all().differences == []


class TestClosedMonths:
    @pytest.fixture
    def closed(self, world) -> World:
        for month in (JANUARY, FEBRUARY):
            months.close(province=world.province.unit, month=month, by=world.officer)
        return world

    def test_are_all_named_the_oldest_first_and_nothing_is_written(self, closed):
        with pytest.raises(UnitsRefused, match="lần lượt từ tháng cũ nhất: 01/2018, 02/2018"):
            record(closed, merger(closed))
        assert not UnitEvent.objects.exists()
        assert figures(closed.province, JANUARY).reported.communes == 4

    def test_from_the_day_on_only(self, closed):
        with pytest.raises(UnitsRefused, match="nhất: 02/2018"):
            record(closed, merger(closed, on=date(2018, 2, 1)))
        record(closed, merger(closed, on=date(2018, 3, 1)))

    def test_count_the_units_of_their_last_day(self, world):
        months.close(province=world.province.unit, month=JANUARY, by=world.officer)
        with pytest.raises(UnitsRefused, match="tháng cũ nhất: 01/2018"):
            record(world, merger(world, on=JANUARY))
        record(world, merger(world, on=date(2018, 2, 1)))

    def test_once_reopened_it_is_recorded_and_they_are_counted_anew(self, closed):
        for closing in MonthClosing.objects.order_by("month"):
            months.reopen(closing=closing, reason="Sáp nhập", by=closed.officer)
        record(closed, merger(closed))
        months.close(province=closed.province.unit, month=JANUARY, by=closed.officer)
        assert figures(closed.province, JANUARY).reported.communes == 3
        assert check.check_all().differences == []


class TestRecording:
    def test_the_same_request_again_writes_once(self, world):
        request = uuid4()
        asked = merger(world)
        seen = unit_changes.plan(asked, province=world.province.unit).fingerprint
        first = record(world, asked, request_id=request)
        changes = Change.objects.count()
        again = rearranging.record(
            asked=asked,
            province=world.province.unit,
            seen=seen,
            by=world.officer,
            request_id=request,
        )
        assert (again, Change.objects.count()) == (first, changes)

    def test_is_bound_to_what_the_preview_saw(self, world):
        asked = merger(world)
        seen = unit_changes.plan(asked, province=world.province.unit).fingerprint
        UnitVersion.objects.filter(pk=world.communes[1].pk).update(name="Tên Khác")
        with pytest.raises(ChangedMeanwhile, match="đã thay đổi"):
            record(world, asked, seen=seen)
        assert not UnitEvent.objects.exists()

    def test_two_people_at_once_end_a_commune_once(self, world):
        asked = merger(world)
        seen = unit_changes.plan(asked, province=world.province.unit).fingerprint
        record(world, merger(world, begins=(NewUnit(code="95999", name="Z", kind="xa"),)))
        with pytest.raises(UnitsRefused, match="có từ đầu danh mục đến hết 14/01/2018"):
            record(world, asked, seen=seen)


class TestThePreview:
    def test_says_what_the_old_communes_have(self, world):
        first, second = world.communes[:2]
        decide(world, first)
        plan_for(world, first)
        user = make_user(display_name="Cán bộ xã thử")
        Assignment.objects.create(user=user, role=Role.COMMUNE, unit=first.unit, valid=ALWAYS)
        asked = merger(world)
        shown = effects(unit_changes.plan(asked, province=world.province.unit))
        one, two = shown.present
        assert (one.cells, one.met, one.of, one.tier) == (1, 1, 2, "standard")
        assert one.decision.number == "1/QĐ"
        assert (one.targets, [row.year for row in one.registrations]) == (1, [2018])
        assert [held.user for held in shown.officers] == [user]
        assert (two.unit.unit_id, two.cells, two.tier, two.officers) == (second.unit_id, 1, "", ())
        assert (shown.last_old_month, shown.first_new_month) == (date(2017, 12, 31), JANUARY)
        assert shown.working_month == JANUARY

    @pytest.mark.parametrize("kind", ["xa", "phuong"])
    def test_counts_as_it_then_is(self, world, kind):
        world.communes.append(world.communes[3])
        flagged = world.communes[2].unit
        make_attribute(unit=flagged, key="in_programme", value="no")
        new = NewUnit(code="95998", name="M", kind=kind)
        asked = merger(world, number=3, begins=(new,))
        shown = effects(unit_changes.plan(asked, province=world.province.unit))
        assert shown.communes[0] == figures(world.province, JANUARY).reported.communes == 3
        record(world, asked)
        assert shown.communes[1] == figures(world.province, JANUARY).reported.communes
        alive = UnitVersion.objects.alive_on(JANUARY).communes().within(world.province)
        assert shown.units == (4, alive.count())

    def test_a_change_of_kind_takes_a_commune_out_of_the_count(self, world):
        asked = merger(
            world,
            kind=UnitEvent.Kind.RECLASSIFY,
            ends=(),
            begins=(),
            alters=(Alteration(unit_id=world.communes[0].unit_id, kind="thi_tran"),),
        )
        shown = effects(unit_changes.plan(asked, province=world.province.unit))
        assert shown.communes == (4, 3)
        record(world, asked)
        assert figures(world.province, JANUARY).reported.communes == 3

    def test_a_flag_goes_before_a_change_of_kind(self, world):
        make_attribute(unit=world.communes[0].unit, key="in_programme", value="yes")
        alteration = Alteration(unit_id=world.communes[0].unit_id, kind="thi_tran")
        asked = merger(world, kind="reclassify", ends=(), begins=(), alters=(alteration,))
        shown = effects(unit_changes.plan(asked, province=world.province.unit))
        record(world, asked)
        assert shown.communes == (4, figures(world.province, JANUARY).reported.communes) == (4, 4)

    def test_costs_the_same_for_two_communes_as_for_four(
        self, world, django_assert_max_num_queries
    ):
        plan = unit_changes.plan(merger(world, number=4), province=world.province.unit)
        with django_assert_max_num_queries(16):
            effects(plan)


class TestWithdrawing:
    def test_brings_everything_back(self, world):
        before = figures(world.province, JANUARY).reported
        event = record(world, merger(world))
        withdraw(world, event)
        assert figures(world.province, JANUARY).reported == before
        assert check.check_all().differences == []
        event.refresh_from_db()
        assert event.withdrawn

    def test_an_opening_that_was_undone_no_longer_rests_on_it(self, world):
        for commune in world.communes[2:]:
            world.save(commune, "2", verdict=MET, true_from=date(2018, 1, 5))
        asked = merger(world, ends=tuple(c.unit_id for c in world.communes[2:]), begins=(OTHER,))
        event = record(world, asked)
        new = units.find(OTHER.code, JANUARY).unit
        openings.take_over(unit=new, pick=Pick.LOWEST, document="1/BB", by=world.officer)
        openings.open_status(
            unit=new, tier="standard", number="2/QĐ", decided_on=DAY, by=world.officer
        )
        with pytest.raises(UnitsRefused, match=r"1 kết quả đã ghi; .* 1 quyết định về công nhận"):
            withdraw(world, event)
        openings.undo(units=[new], reason="Nhầm", by=world.officer)
        openings.undo_status(unit=new, reason="Nhầm", by=world.officer)
        withdraw(world, event)
        assert figures(world.province, JANUARY).reported.communes == 4
        again = record(world, asked)
        assert again.units.filter(unit=new).exists()
        assert figures(units.find(OTHER.code, JANUARY), JANUARY).reported.criteria_met == 0

    def test_a_save_that_was_under_way_meets_no_commune_any_more(self, world):
        event = record(world, merger(world))
        new = new_commune(world)
        withdraw(world, event)
        with pytest.raises(EntryRefused, match="vừa được rút"):
            world.save(new, "2", verdict=MET)

    def test_needs_a_reason_and_happens_once(self, world):
        event = record(world, merger(world))
        with pytest.raises(UnitsRefused, match="lý do"):
            rearranging.withdraw(event=event, reason=" ", by=world.officer)
        withdraw(world, event)
        with pytest.raises(UnitsRefused, match="trước đó"):
            withdraw(world, event)

    def test_of_the_loaded_register_is_refused(self, world):
        event = UnitEvent.objects.create(clock_id="08", kind="merge", effective_on=DAY)
        with pytest.raises(UnitsRefused, match="danh mục đã nạp"):
            withdraw(world, event)

    def test_is_refused_with_the_list_of_what_rests_on_it(self, world):
        event = record(world, merger(world))
        new = new_commune(world)
        world.save(new, "2", verdict=MET)
        decide(world, new)
        plan_for(world, new)
        Assignment.objects.create(
            user=make_user(display_name="Người Mới"), role=Role.COMMUNE, unit=new.unit, valid=ALWAYS
        )
        make_attribute(unit=new.unit, key="khu_vuc", value="III")
        months.close(province=world.province.unit, month=JANUARY, by=world.officer)
        with pytest.raises(UnitsRefused) as caught:
            withdraw(world, event)
        for said in (
            "Xã Hợp Nhất: 1 kết quả đã ghi",
            "1 quyết định về công nhận",
            "1 chỉ tiêu kế hoạch",
            "1 đăng ký phấn đấu",
            "Phân công “Cán bộ xã” của Người Mới",
            "Khu vực I, II, III",
            "Tháng 01/2018 đã chốt",
        ):
            assert said in str(caught.value)
        event.refresh_from_db()
        assert not event.withdrawn

    def test_is_refused_while_a_later_event_or_a_code_used_since_rests_on_it(self, world):
        event = record(world, merger(world))
        new = new_commune(world)
        later = merger(
            world,
            on=FEBRUARY,
            ends=(new.unit_id, world.communes[2].unit_id),
            begins=(NewUnit(code=world.communes[1].code, name="Sau", kind="xa"),),
        )
        second = record(world, later)
        with pytest.raises(UnitsRefused, match="Lần sắp xếp khác: sáp nhập từ ngày 28/02/2018"):
            withdraw(world, event)
        withdraw(world, second)
        other = Rearrangement(
            kind="establish",
            effective_on=FEBRUARY,
            instrument="x",
            stays=(world.communes[3].unit_id,),
            begins=(NewUnit(code=world.communes[1].code, name="Khác", kind="xa"),),
        )
        third = record(world, other)
        with pytest.raises(UnitsRefused, match="nay dùng cho Xã Khác"):
            withdraw(world, event)
        withdraw(world, third)
        withdraw(world, event)
        assert figures(world.province, JANUARY).reported.communes == 4

    def test_leaves_alone_what_a_correction_of_its_edges_named_later(self, world):
        event = record(world, merger(world))
        other = record(
            world,
            merger(
                world,
                ends=tuple(c.unit_id for c in world.communes[2:]),
                begins=(NewUnit(code="95997", name="Kia", kind="xa"),),
            ),
        )
        new = new_commune(world)
        edges = [
            *(wanted(old.unit_id, new.unit_id) for old in world.communes[:2]),
            wanted(world.communes[2].unit_id, new.unit_id, "part"),
        ]
        unit_changes.set_edges(
            event=event,
            edges=edges,
            instrument="819",
            seen=unit_changes.edges_fingerprint(event),
            by=world.officer,
        )
        withdraw(world, event)
        assert figures(world.province, JANUARY).reported.communes == 3
        withdraw(world, other)
        assert figures(world.province, JANUARY).reported.communes == 4


def wanted(old: int, new: int, extent: str = "whole") -> unit_changes.EdgeWanted:
    return unit_changes.EdgeWanted(old=old, new=new, extent=extent, confirmed=False)


def decide(world: World, commune: UnitVersion) -> None:
    recognition.recognise(
        units=[commune.unit],
        tier="standard",
        set_version=SetVersion.objects.get(pk=world.asked.version_id),
        number="1/QĐ",
        decided_on=date(2018, 1, 10),
        year=2017,
        by=world.officer,
    )


def plan_for(world: World, commune: UnitVersion) -> None:
    change = Change.objects.order_by("pk").last()
    Target.objects.create(
        unit=commune.unit, year=2018, what="recognised", value=1, decision="KH", change=change
    )
    Registration.objects.create(unit=commune.unit, year=2018, tier="standard", change=change)
