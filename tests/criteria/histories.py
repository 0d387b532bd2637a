"""Random histories of a small province: what is recorded, and what becomes of its units and sets.

An act is a tuple of its name and what it takes; one that finds nothing to do does nothing.
"""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from communes.models import UnitAttribute, UnitVersion
from criteria import adopting, entry, months, recognition, reviews, sets, standings
from criteria.adoptions import AdoptionRefused
from criteria.catalogue import CatalogueError
from criteria.confirming import states
from criteria.models import CellHead, CriteriaSet, Recognition, SetVersion
from criteria.reviews import CONFIRM, RETURN, Act
from criteria.rules.types import Outcome
from tests.criteria.factories_sets import make_set
from tests.criteria.world import JANUARY, World
from tests.factories import days, make_attribute, make_commune
from tests.rearranged import end, rearrange

WHICH = st.integers(0, 1)
CODES = st.sampled_from(["1.2", "2"])
TRUE_FROM = st.sampled_from([date(2017, 12, 31), date(2018, 1, 10), JANUARY])
FACTS = [
    st.tuples(st.just("save"), WHICH, CODES, st.booleans(), TRUE_FROM),
    st.tuples(st.just("correct"), WHICH, CODES, st.booleans(), TRUE_FROM),
    st.tuples(st.just("void"), WHICH, CODES),
    st.tuples(st.sampled_from([CONFIRM, RETURN]), WHICH, st.sampled_from([1, 2])),
]
DECISIONS = [
    st.tuples(st.sampled_from(["recognise", "revoke"]), WHICH),
    st.tuples(st.just("amend"), WHICH, st.booleans(), TRUE_FROM),
]
CLOSE = st.tuples(st.just("close"))
BACK = st.sampled_from([date(2017, 12, 1), date(2018, 1, 15), date(2018, 2, 10)])
CHANGES = [
    st.tuples(st.just("merge"), BACK),
    st.tuples(st.just("flag"), WHICH, st.sampled_from(["in_programme", "border"]), BACK),
    st.tuples(st.just("version"), BACK),
    st.tuples(st.just("adopt"), BACK),
]
RECORDED = st.lists(st.one_of(*FACTS, *DECISIONS, CLOSE), min_size=2, max_size=10)
WITH_UNITS_AND_SETS = st.lists(
    st.one_of(*CHANGES, *FACTS, *DECISIONS, CLOSE), min_size=2, max_size=8
)
EARLY, LATE = date(2018, 1, 15), date(2018, 2, 10)
EACH = [("flag", 0, "in_programme", EARLY), ("flag", 1, "border", EARLY), ("adopt", EARLY),
        ("version", LATE), ("close",), ("adopt", date(2018, 3, 1)), ("merge", EARLY)]  # fmt: skip
"""Each change of units and sets once, those of units backdated into closed months."""


def play(world: World, act: tuple) -> None:
    """One act of a history."""
    kind, *what = act
    ACTS[kind](world, *what)


def close(world: World) -> None:
    month = months.working_day(world.province.unit)
    months.close(province=world.province.unit, month=month, by=world.officer)


def save(world: World, which: int, code: str, met: bool, day: date) -> None:
    commune = world.communes[which]
    world.save(commune, code, verdict=Outcome.MET if met else Outcome.NOT_MET, true_from=day)


def correct(world: World, which: int, code: str, met: bool, day: date) -> None:
    """A result that replaces the one that holds, as the ledger may carry it."""
    commune, indicator = world.communes[which], world.indicator(code)
    if head := held(world, which, code):
        verdict = Outcome.MET if met else Outcome.NOT_MET
        world.record(commune, indicator, verdict, day, replaces=head.result_id)
        rebuild(world)


def void(world: World, which: int, code: str) -> None:
    if head := held(world, which, code):
        entry.void(result=head.result, reason="Nhầm", by=world.officer)


def held(world: World, which: int, code: str) -> CellHead | None:
    heads = CellHead.objects.filter(unit=world.communes[which].unit)
    return heads.filter(indicator_id=world.indicator(code), result__isnull=False).first()


def rebuild(world: World) -> None:
    """After bare rows: heads and standings as they follow."""
    province = world.province.unit
    standings.rebuild(province=province, on=months.month_end(months.working_day(province)))


def review(kind: Act):
    def act(world: World, which: int, number: int) -> None:
        unit_id = world.communes[which].unit_id
        criterion = next(one for one in world.asked.criteria if one.number == number)
        seen = states.read([unit_id], [criterion])[unit_id, criterion.id].seen
        if seen:
            one = Act(unit_id=unit_id, criterion_id=criterion.id, act=kind, seen=seen)
            reviews.review(
                province=world.province.unit, acts=[one], by=world.officer, reason="Xem lại"
            )

    return act


def decided(world: World) -> dict:
    """What every decision of a history says of itself; its number is new each time."""
    return {
        "tier": "standard",
        "set_version": sets.version_in_force(CriteriaSet.objects.get(code="nho"), JANUARY),
        "number": f"{Recognition.objects.count()}/QĐ-UBND",
        "year": 2017,
        "by": world.officer,
    }


def status(world: World, which: int) -> bool:
    unit_id, day = world.communes[which].unit_id, months.working_day(world.province.unit)
    return bool(recognition.statuses([unit_id], day=day))


def recognise(world: World, which: int) -> None:
    if not status(world, which):
        day = months.working_day(world.province.unit)
        unit = world.communes[which].unit
        recognition.recognise(units=[unit], decided_on=day, **decided(world))


def revoke(world: World, which: int) -> None:
    if status(world, which):
        day = months.working_day(world.province.unit)
        unit = world.communes[which].unit
        recognition.revoke(units=[unit], decided_on=day, **decided(world))


def amend(world: World, which: int, keeps: bool, day: date) -> None:
    """The commune's first decision put right: another day, or it named the commune by mistake."""
    unit_id = world.communes[which].unit_id
    first = Recognition.objects.filter(unit_id=unit_id, act="recognise").order_by("pk").first()
    if first:
        recognition.correct(
            decisions=[first],
            keeps=[unit_id] if keeps else [],
            decided_on=day,
            effective_on=day,
            reason="Ghi nhầm",
            **decided(world),
        )


def merge(world: World, day: date) -> None:
    """The third and fourth commune become one, in the register from `day` on."""
    old = UnitVersion.objects.filter(pk__in=[one.pk for one in world.communes[2:]])
    if any(one.valid.upper for one in old):
        return
    parent = UnitVersion.objects.get(unit_id=old[0].parent_id)
    new = make_commune(parent=parent, valid=days(day))
    rearrange(day, {(end(one, day), new): "whole" for one in old})
    rebuild(world)


def flag(world: World, which: int, key: str, day: date) -> None:
    unit = world.communes[which].unit
    if not UnitAttribute.objects.filter(unit=unit, key=key).exists():
        value = "no" if key == "in_programme" else "yes"
        make_attribute(unit=unit, key=key, value=value, valid=days(day))


def version(world: World, day: date) -> None:
    """A stricter wording; refused where its day lies in a closed month."""
    if SetVersion.objects.filter(set_id=world.asked.set_id).count() > 1:
        return
    try:
        make_set(
            criteria={1: {"1.1": ">= 90", "1.2": "yes"}, 2: {"2": "yes"}},
            version=2,
            in_force_on=day,
        )
    except CatalogueError:
        return
    rebuild(world)


def adopt(world: World, day: date) -> None:
    """Another set leads from a day on; refused where that lies in a closed month."""
    try:
        adopting.adopt(
            province=world.province.unit,
            set=CriteriaSet.objects.filter(code="sau").first()
            or make_set("sau", {1: {"1": "yes"}, 2: {"2": "yes"}, 3: {"3": "yes"}}),
            from_on=day,
            decision="02/QĐ-UBND",
            in_headline=True,
            take_over=False,
            by=world.officer,
        )
    except AdoptionRefused:
        return


ACTS = {
    "save": save,
    "correct": correct,
    "void": void,
    CONFIRM: review(CONFIRM),
    RETURN: review(RETURN),
    "recognise": recognise,
    "revoke": revoke,
    "amend": amend,
    "merge": merge,
    "flag": flag,
    "version": version,
    "adopt": adopt,
    "close": close,
}
