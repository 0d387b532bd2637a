"""Entering results: the headline follows at once, nothing is written twice or over another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction

from communes.models import Change
from criteria import adopting, adoptions, check, drafts, entry, standings
from criteria.entry import ChangedMeanwhile, EntryRefused
from criteria.figures import figures
from criteria.models import Result, SetVersion, Standing
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.test_drafts import force, stricter
from tests.criteria.test_rejudging import set_own
from tests.criteria.world import JANUARY, World, make_world

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    return make_world()


def criteria_met(world: World) -> int:
    return figures(world.province, JANUARY).reported.criteria_met


def test_a_criterion_that_becomes_met_raises_the_headline_by_one(world):
    first = world.communes[0]
    world.save(first, "1.1", 80)
    assert criteria_met(world) == 0
    world.save(first, "1.2", verdict=MET)
    assert criteria_met(world) == 1
    assert str(figures(world.province, JANUARY).reported.average) == "0.5"
    world.save(first, "1.1", "79.9")
    assert criteria_met(world) == 0


def test_the_program_judges_by_a_level_that_is_known(world):
    world.save(world.communes[0], "1.1", 79.9)
    result = Result.objects.get()
    assert (result.verdict, result.judged_by) == ("not_met", "rule")
    assert result.threshold.value == 80


def test_another_verdict_than_the_level_says_needs_a_note(world):
    with pytest.raises(EntryRefused, match="ghi lý do"):
        world.save(world.communes[0], "1.1", 79.9, verdict=MET)
    assert not Result.objects.exists()
    world.save(world.communes[0], "1.1", 79.9, verdict=MET, note="Số liệu rà soát lại")
    assert Result.objects.get().judged_by == "officer"


def test_a_verdict_cannot_stand_in_for_the_figure_that_the_program_judges(world):
    with pytest.raises(EntryRefused, match="nhập số"):
        world.save(world.communes[0], "1.1", verdict=MET)


def test_what_does_not_apply_is_the_officers_word(world):
    world.save(world.communes[0], "1.1", verdict=Outcome.NOT_APPLICABLE)
    assert Result.objects.get().judged_by == "officer"


def test_where_the_province_sets_the_level_the_officer_judges(world):
    with pytest.raises(EntryRefused, match="UBND tỉnh quy định"):
        world.save(world.communes[0], "2")
    world.save(world.communes[0], "2", verdict=MET)
    assert Result.objects.get().judged_by == "officer"


def test_where_a_level_is_unverified_figure_and_verdict_are_asked_for():
    world = make_world(unverified=["1.1"])
    with pytest.raises(EntryRefused, match="chưa đối chiếu"):
        world.save(world.communes[0], "1.1", 99)
    world.save(world.communes[0], "1.1", 99, verdict=NOT_MET)
    result = Result.objects.get()
    assert (result.value, result.verdict, result.judged_by) == (Decimal(99), "not_met", "officer")


def test_a_requirement_with_parts_is_judged_when_all_parts_are_there():
    world = make_world(parts={"1.1": {"hygienic": ">= 90", "clean": ">= 50"}})
    commune = world.communes[0]
    with pytest.raises(EntryRefused, match="nhập đủ"):
        world.save(commune, "1.1", values={"hygienic": Decimal(95)})
    world.save(commune, "1.1", values={"hygienic": Decimal(95), "clean": Decimal(50)})
    result = Result.objects.get()
    assert (result.verdict, result.value) == ("met", None)
    assert result.part_values == {"hygienic": "95", "clean": "50"}


def test_the_same_request_writes_once(world):
    request_id = uuid4()
    for value in (80, 81):
        world.save(world.communes[0], "1.1", value, request_id=request_id, seen=None)
    assert Result.objects.get().value == 80
    assert Change.objects.filter(request_id=request_id).count() == 1


def test_saving_what_already_stands_writes_nothing(world):
    world.save(world.communes[0], "1.1", 80)
    before = Change.objects.count()
    world.save(world.communes[0], "1.1", 80)
    assert (Result.objects.count(), Change.objects.count()) == (1, before)


def test_a_save_that_saw_an_older_result_changes_nothing_and_shows_the_newer(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 80)
    seen = Result.objects.get().pk
    world.save(commune, "1.1", 85)
    with pytest.raises(ChangedMeanwhile) as conflict:
        world.save(commune, "1.1", 90, seen=seen)
    assert conflict.value.current.value == 85
    assert Result.objects.count() == 2


def test_an_earlier_fact_can_be_added_but_none_after_the_working_month(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 80)
    world.save(commune, "1.1", 10, true_from=date(2017, 12, 31))
    assert figures(commune, JANUARY).rows[0].outcomes[1] is Outcome.NOT_ASSESSED
    world.save(commune, "1.2", verdict=MET)
    assert criteria_met(world) == 1
    with pytest.raises(EntryRefused, match=r"31/01/2018"):
        world.save(commune, "1.1", 90, true_from=date(2018, 2, 1))


def test_a_void_brings_the_older_fact_back(world):
    commune = world.communes[0]
    world.save(commune, "1.2", verdict=MET)
    world.save(commune, "1.1", 80)
    world.save(commune, "1.1", 10)
    assert criteria_met(world) == 0
    mistake = Result.objects.latest("pk")
    with pytest.raises(EntryRefused, match="lý do"):
        entry.void(result=mistake, reason=" ", by=world.officer)
    entry.void(result=mistake, reason="Nhập nhầm xã", by=world.officer)
    assert criteria_met(world) == 1
    with pytest.raises(EntryRefused, match="đã bỏ"):
        entry.void(result=mistake, reason="Nhập nhầm xã", by=world.officer)


def test_one_entry_gets_a_verdict_from_every_adopted_set_that_asks_it():
    world = make_world(criteria={1: {"1.1": ">= 80"}})
    measure = world.asked.criteria[0].indicators[0]
    strict = make_set(
        code="tinh",
        criteria={1: {"1.1": ">= 90"}, 20: {"20.1": "yes"}},
        measures={"1.1": "nho.1.1"},
        base="nho",
    )
    adoptions.adopt(
        province=world.province.unit,
        set=strict,
        from_on=date(2018, 1, 1),
        decision="02/QĐ-UBND",
        by=None,
        in_headline=False,
    )
    commune = world.communes[0]
    world.save(commune, "1.1", 85)
    assert set(Result.objects.values_list("verdict", flat=True)) == {"met", "not_met"}
    assert Result.objects.values("change").distinct().count() == 1
    assert measure.id in Result.objects.filter(verdict="met").values_list("indicator_id", flat=True)
    counts = {s.set_id: (s.met, s.of) for s in Standing.objects.filter(unit=commune.unit)}
    assert counts == {world.asked.set_id: (1, 1), strict.pk: (0, 2)}


class TestWhatChangesWhileASaveWaits:
    """Another act holds the standings of the commune; the save goes on when it has committed."""

    @pytest.fixture
    def meanwhile(self, monkeypatch):
        """Let something happen while the next save waits for its lock."""

        def happens(act: Callable[[], object]) -> None:
            waits = standings.lock

            def lock(*what: object) -> None:
                monkeypatch.setattr(standings, "lock", waits)
                act()
                waits(*what)

            monkeypatch.setattr(standings, "lock", lock)

        return happens

    def test_a_version_put_in_force_judges(self, world, meanwhile):
        draft = stricter(SetVersion.objects.get(pk=world.asked.version_id))
        meanwhile(lambda: force(draft))
        world.save(world.communes[0], "1.1", 85)
        result = Result.objects.get()
        assert (result.set_version, result.verdict, result.threshold.value) == (
            draft,
            "not_met",
            90,
        )
        assert check.check_all().differences == []

    def test_an_indicator_that_the_version_in_force_no_longer_asks_is_refused(
        self, world, meanwhile
    ):
        draft = stricter(SetVersion.objects.get(pk=world.asked.version_id))
        drafts.drop_indicator(version=draft, code="1.2", by=None)
        meanwhile(lambda: force(draft))
        with pytest.raises(EntryRefused, match="không thuộc bộ tiêu chí"):
            world.save(world.communes[0], "1.2", verdict=MET)
        assert not Result.objects.exists()

    def test_a_level_of_the_province_judges(self, meanwhile):
        world = make_world(criteria={1: {"1.1": ">= by-province"}})
        meanwhile(lambda: set_own(world, 50))
        world.save(world.communes[0], "1.1", 40)
        assert (Result.objects.get().verdict, Result.objects.get().judged_by) == ("not_met", "rule")

    def test_another_set_of_the_province_is_not_written_without(self, world, meanwhile):
        other = make_set("other", {1: {"1.1": ">= 60"}})
        meanwhile(
            lambda: adopting.adopt(
                province=world.province.unit,
                set=other,
                from_on=date(2018, 1, 1),
                decision="02/QĐ-UBND",
                in_headline=False,
                take_over=True,
                by=None,
            )
        )
        with pytest.raises(EntryRefused, match="vừa đổi bộ tiêu chí"):
            world.save(world.communes[0], "1.1", 85)
        assert not Result.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_a_version_that_is_being_put_in_force_and_is_judged_by_it():
    """Two connections: the one that saves is seen waiting before the other commits."""
    world = make_world()
    draft = stricter(SetVersion.objects.get(pk=world.asked.version_id))

    def save() -> None:
        try:
            world.save(world.communes[0], "1.1", 85)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            force(draft)
            saving = pool.submit(save)
            while not _somebody_waits():
                assert not saving.done()
        saving.result()
    assert Result.objects.get().set_version == draft


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
