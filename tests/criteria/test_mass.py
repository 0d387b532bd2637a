"""The mass path gives what the rules give, over random histories and many moments at once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from communes import units
from communes.audit import recording
from communes.models import Change, UnitVersion
from criteria import adoptions, frozen, mass, recognition, sets
from criteria.definitions import definition
from criteria.mass import Moment
from criteria.models import CriteriaSet
from criteria.rules import rollup
from criteria.rules.types import Outcome, Tally
from tests.criteria import naive
from tests.criteria.factories_sets import make_set
from tests.criteria.test_ledger_sql import VERDICTS, expected, play
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import days, make_attribute, make_commune, make_district
from tests.rearranged import end

pytestmark = pytest.mark.django_db

MERGED_ON, MOVED_ON = date(2017, 12, 15), date(2018, 2, 10)
LAST = 4
MONTH_ENDS = [date(2017, 10, 31), date(2017, 11, 30), date(2017, 12, 31), JANUARY,
              date(2018, 2, 28), date(2018, 3, 31)]  # fmt: skip
SPARE = 30
"""More changes than a random history writes."""


@pytest.fixture
def world() -> World:
    """Two wordings of a set with conclusions, an overlay from January, and a rearrangement.

    Of four communes one ends in December and its successor begins; one moves to another
    district in February, and one lies on the border and leaves the programme in March.
    """
    world = make_world(
        communes=3,
        criteria={1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {}},
        bracket_cuts=(2, 1),
        na_counts_as="left_out",
    )
    make_set(
        criteria={1: {"1.1": ">= 90", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {}},
        version=2, in_force_on=date(2018, 1, 15), bracket_cuts=(3,),
    )  # fmt: skip
    adoptions.adopt(
        province=world.province.unit, set=CriteriaSet.objects.get(code="nho"),
        from_on=date(2017, 1, 1), decision="00/QĐ-UBND", by=None,
    )  # fmt: skip
    overlay = make_set(code="tinh", base="nho", criteria={4: {"4.1": "yes"}}, keeps="all")
    adoptions.adopt(
        province=world.province.unit, set=overlay, from_on=date(2018, 1, 1),
        decision="02/QĐ-UBND", by=None, in_headline=False,
    )  # fmt: skip
    ending, moving, leaving = world.communes
    elsewhere = make_district(province=world.province, code="027", name="Mèo Vạc")
    end(ending, MERGED_ON)
    world.communes.append(make_commune(parent=elsewhere, valid=days(MERGED_ON)))
    UnitVersion.objects.filter(pk=moving.pk).update(valid=days(None, MOVED_ON))
    make_commune(
        parent=elsewhere, unit=moving.unit, code=moving.code, name=moving.name, valid=days(MOVED_ON)
    )
    make_attribute(unit=leaving.unit, key="border", value="yes")
    make_attribute(unit=leaving.unit, key="in_programme", value="no", valid=days(MONTH_ENDS[-1]))
    return world


CODES = ["1.1", "1.2", "1*", "2", "2*", "3*"]
# Few communes and days, so that results meet in one cell and on one day.
COMMUNES = st.sampled_from([1, 1, 1, 0, 2, 3])
DAYS = st.integers(0, 2).map(lambda n: date(2018, 2, 28) - timedelta(days=60 * n))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("fact"), COMMUNES, st.sampled_from(CODES), VERDICTS, DAYS),
        st.tuples(st.just("correct"), st.integers(0, 30), VERDICTS, DAYS, st.booleans()),
        st.tuples(st.just("review"), st.sets(st.integers(0, 30), max_size=5), st.booleans()),
    ),
    min_size=4,
    max_size=18,
)
KNOWN = st.lists(
    st.one_of(st.none(), st.integers(0, SPARE)), min_size=len(MONTH_ENDS), max_size=len(MONTH_ENDS)
)

TURNS = [
    ("fact", 1, "2*", Outcome.MET, JANUARY),
    ("fact", 1, "2", Outcome.NOT_MET, JANUARY),
    ("fact", 2, "2", Outcome.NOT_MET, JANUARY),
    ("fact", 2, "2*", Outcome.MET, JANUARY),
]
"""On one day the change number decides: an indicator after a conclusion, and the other way."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS, known=KNOWN, recognised=st.none() | DAYS)
@example(acts=TURNS, known=[None] * len(MONTH_ENDS), recognised=None)
def test_the_mass_path_gives_the_figures_of_the_rules(world, acts, known, recognised):
    with transaction.atomic():
        before = latest(world)
        rows, reviews = play(world, acts)
        if recognised:
            recognise(world, recognised)
        moments = [
            Moment(day, None if number is None else before + number)
            for day, number in zip(MONTH_ENDS, known, strict=True)
        ]
        province = world.province.unit
        got = {(one.moment, one.asked.set_id): one for one in mass.of_province(province, moments)}
        for moment in moments:
            version = units.version_of(province.pk, moment.day)
            counting = sets.of_province(province.pk).counting(moment.day)
            for asked in map(definition, counting):
                found = got.pop((moment, asked.set_id))
                truth = frozen.rows_as_known(asked, version, day=moment.day, seq=moment.seq)
                assert found.asked == asked
                assert found.tallies == tallies(asked, truth, province.pk)
                adds_up(found, truth, province.pk)
            seq = naive.FAR if moment.seq is None else moment.seq
            by_hand(world, moment, rows, reviews, seq)
        assert not got
        transaction.set_rollback(True)


def latest(world: World) -> int:
    return Change.objects.filter(clock_id=world.province.unit.clock_id).latest("seq").seq


def recognise(world: World, on: date) -> None:
    recognition.recognise(
        units=[commune.unit for commune in world.communes[1:3]], tier="standard", set_version=None,
        number="1/QĐ", decided_on=on, year=2018, by=None, simulated_at=None,
    )  # fmt: skip


def tallies(asked, rows, province_id: int) -> dict:
    """The province and each district, both bases, by the rule."""
    inside = {province_id: rows}
    for row in rows:
        if row.district_id is not None:
            inside.setdefault(row.district_id, []).append(row)
    return {
        unit_id: (rollup.tally(asked, found), rollup.tally(asked, found, confirmed=True))
        for unit_id, found in inside.items()
    }


def adds_up(found: mass.Sums, rows, province_id: int) -> None:
    """Every count of the province is the sum of its districts', and of its communes'."""
    for basis, confirmed in enumerate((False, True)):
        whole = counts(found.tallies[province_id][basis])
        districts = Counter()
        for unit_id, told in found.tallies.items():
            if unit_id != province_id:
                districts.update(counts(told[basis]))
        assert districts == whole
        communes = Counter()
        for row in rows:
            communes.update(counts(rollup.tally(found.asked, [row], confirmed=confirmed)))
        assert communes == whole


def counts(tally: Tally) -> Counter:
    """Every count of a tally by its name; brackets and criteria by theirs."""
    names = ("communes", "assessed", "recognised", "recognised_border", "border", "criteria_met")
    return Counter(
        {name: getattr(tally, name) for name in names}
        | {("bracket", one.label): one.communes for one in tally.brackets}
        | {("met", one.number): one.met for one in tally.criteria}
        | {("of", one.number): one.communes for one in tally.criteria}
    )


def by_hand(world: World, moment: Moment, rows, reviews, seq: int) -> None:
    """The same communes by the naive rules: outcomes and criteria met, on both bases."""
    (stood,) = mass.standings([c.unit_id for c in world.communes], [world.asked], [moment])
    found = {row.unit_id: row for row in stood.rows(0, stood.unit_ids)}
    confirmed = naive.confirmed_only(reviews, seq)
    for only in (None, confirmed):
        held = expected(world, rows, moment.day, seq, only)
        for commune in world.communes:
            criteria = {
                c.number: naive.criterion(
                    {x.code: held.get((commune.unit_id, x.id)) for x in c.indicators},
                    held.get((commune.unit_id, c.conclusion_id)),
                )
                for c in world.asked.criteria
            }
            row = found[commune.unit_id]
            outcomes, met = (
                (row.outcomes, row.met) if only is None
                else (row.outcomes_confirmed, row.met_confirmed)
            )  # fmt: skip
            assert {n: str(outcome) for n, outcome in outcomes.items()} == {
                n: str(verdict) for n, verdict in criteria.items()
            }
            by_naive = naive.commune(criteria, world.asked.na_counts_as_met)
            assert met == by_naive[0]
            if only is None:
                assert row.of == by_naive[1]


def test_months_closed_again_later_and_results_not_yet_numbered_count_as_known(world):
    province, commune = world.province.unit, world.communes[1]
    first = world.record(commune, world.indicator("3*"), "met", MONTH_ENDS[0])
    early = latest(world)
    world.review(commune, 3, [first.pk])
    world.record(commune, world.indicator("3*"), "not_met", MONTH_ENDS[0], replaces=first.pk)
    late = latest(world)
    # October was closed again after November: what is known goes back from month to month.
    moments = [Moment(MONTH_ENDS[0], late), Moment(MONTH_ENDS[1], early)]
    found = [one.tallies[province.pk] for one in mass.of_province(province, moments)]
    assert [(r.criteria_met, c.criteria_met) for r, c in found] == [(0, 1), (1, 0)]
    with recording(clock="08", action="test", by=None) as pending:
        from criteria.models import Result

        Result.objects.create(
            unit=commune.unit, indicator_id=world.indicator("2"), verdict="met",
            set_version_id=world.asked.version_id, true_from=MONTH_ENDS[0],
            judged_by="officer", cause="entry", change_id=pending.id,
        )  # fmt: skip
        (now,) = mass.of_province(province, [Moment(MONTH_ENDS[0])])
        assert now.tallies[province.pk][0].criteria_met == 1
        (then,) = mass.of_province(province, [Moment(MONTH_ENDS[0], late)])
        assert then.tallies[province.pk][0].criteria_met == 0


def test_a_day_without_units_is_refused_and_no_moments_give_nothing(world):
    from communes.models import RegisterPeriod

    assert list(mass.of_province(world.province.unit, [])) == []
    RegisterPeriod.objects.update(valid=days(date(2017, 11, 1)))
    with pytest.raises(units.DateNotLoaded):
        list(mass.of_province(world.province.unit, [Moment(MONTH_ENDS[0])]))
