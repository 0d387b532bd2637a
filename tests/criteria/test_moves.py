"""Why figures moved, asked of the program: the parts are the difference, whatever was recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.audit import recording
from communes.models import Change
from criteria import adoptions, months, moves, recognition, standings
from criteria.figures import figures
from criteria.models import Basis, Indicator, Recognition, Review
from criteria.rules.causes import Why
from criteria.rules.types import Outcome
from tests.criteria import naive
from tests.criteria.factories_sets import make_set
from tests.criteria.test_ledger_sql import VERDICTS
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.factories import days, make_attribute, make_commune, make_district

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
APRIL = date(2018, 4, 30)
MERGED_ON = date(2018, 2, 15)
NA = Outcome.NOT_APPLICABLE


def why(world: World, first: date, last: date, basis: Basis = Basis.REPORTED) -> moves.Moves:
    answer = figures(world.province, last)
    return moves.moves(moves.first_answer(answer, first), answer, basis=basis)


def told(figure) -> dict[str, object]:
    assert figure.adds_up
    return {part.why.value: part.amount for part in figure.parts}


def close(world: World, month: date) -> None:
    months.close(province=world.province.unit, month=month, by=None)


def test_what_became_known_of_the_first_day_is_told_apart_from_what_happened_since():
    """January is closed; then its facts are corrected, three are confirmed."""
    world = make_world(communes=3)
    one, two, three = world.communes
    cell, conclusion = world.indicator("2"), world.indicator("1*")
    kept = world.record(one, cell, MET, JANUARY)
    wrong = world.record(two, cell, MET, JANUARY)
    moved = world.record(three, cell, MET, JANUARY)
    close(world, JANUARY)
    world.record(two, cell, NOT_MET, JANUARY, replaces=wrong.pk)
    world.record(three, cell, MET, FEBRUARY, replaces=moved.pk)
    late = world.record(one, conclusion, MET, JANUARY)
    world.record(two, conclusion, MET, FEBRUARY)
    for number, row in ((2, kept), (2, wrong), (1, late)):
        world.review(world.communes[0 if row in (kept, late) else 1], number, [row.pk])
    standings.rebuild(province=world.province.unit, on=FEBRUARY)

    found = why(world, JANUARY, FEBRUARY)
    assert told(found.explanation.met) == {"corrected": 1 - 2, "newly": 2}
    behind = moves.cells_behind(found, found.explanation.causes)
    assert {(pk, why.value, x.code) for (pk, _, why), cells in behind.items() for x in cells} == {
        (one.unit_id, "corrected", "1*"),
        (two.unit_id, "corrected", "2"),
        (three.unit_id, "corrected", "2"),
        (two.unit_id, "newly", "1*"),
        (three.unit_id, "newly", "2"),
    }
    # Confirmed: January's own results were confirmed since; the late one is a correction.
    found = why(world, JANUARY, FEBRUARY, Basis.CONFIRMED)
    assert (found.explanation.first.criteria_met, found.confirmed) == (0, True)
    assert told(found.explanation.met) == {"reviewed": 2, "corrected": 1}
    behind = moves.cells_behind(found, found.explanation.causes)
    assert [x.code for x in behind[one.unit_id, 2, Why.REVIEWED]] == ["2"]


def test_a_recognition_corrected_afterwards_is_no_movement():
    world = make_world(communes=2)
    one, two = world.communes
    how = {"tier": "standard", "set_version": None, "number": "12/QĐ-UBND", "year": 2017}
    how |= {"by": world.officer}
    recognition.recognise(units=[one.unit], decided_on=date(2018, 1, 20), **how)
    close(world, JANUARY)
    recognition.correct(
        decisions=Recognition.objects.all(), keeps=[], decided_on=date(2018, 1, 20),
        effective_on=date(2018, 1, 20), reason="Ghi nhầm xã", **how,
    )  # fmt: skip
    recognition.recognise(units=[two.unit], decided_on=date(2018, 2, 10), **how)
    found = why(world, JANUARY, FEBRUARY).explanation
    assert told(found.recognised) == {"corrected": -1, "newly": 1}


def test_the_command_prints_the_parts_and_refuses_what_cannot_be_compared():
    world = make_world(communes=3)
    close(world, JANUARY)
    for commune in world.communes[:2]:
        world.save(commune, "2", verdict=MET)

    def command(*more: str) -> str:
        out = StringIO()
        on = ["--unit", "02", "--on", "2018-02-28"]
        call_command("figures", *on, "--since", *more, stdout=out)
        return out.getvalue()

    assert "Tiêu chí đạt tăng 2 tiêu chí: +2 do đạt thêm" in command("2018-01-31")
    since = json.loads(command("2018-01-31", "--json"))["since"]
    by_name = {(one["figure"], one["key"]): one for one in since["figures"]}
    assert (since["on"], since["basis"], since["frozen"]) == ("2018-01-31", "reported", True)
    assert by_name["average", ""]["before"] is None
    assert by_name["criterion", "2"] == {
        "figure": "criterion", "key": "2", "before": 0, "after": 2, "change": 2,
        "parts": [{"why": "newly", "amount": 2, "exact": "2", "communes": 2}],
    }  # fmt: skip
    for day, message in (("2018-02-28", "phải trước"), ("2018-02-30", "không phải là ngày")):
        with pytest.raises(CommandError, match=message):
            command(day)
    with pytest.raises(CommandError, match="hãy chọn một tỉnh"):
        call_command("figures", unit="VN", on="2018-02-28", since="2018-01-31")


# ------------------------------------------------------------------ random histories


@pytest.fixture
def changing() -> World:
    """Two wordings of one set, another set since April; a merger, a commune that opts out."""
    world = make_world(communes=2)
    make_set(
        criteria={1: {"1.1": ">= 80", "1.2": "yes", "1.3": "yes"}, 2: {"2": "by-province"}},
        version=2,
        na_counts_as="left_out",
        in_force_on=date(2018, 3, 1),
    )
    later = make_set("sau", {1: {"1": "yes"}, 2: {"2": "yes"}, 3: {"3": "yes"}}, bracket_cuts=(2,))
    adoptions.adopt(
        province=world.province.unit, set=later, from_on=date(2018, 4, 1), decision="2", by=None
    )
    district = make_district(province=world.province, code="030", name="Mèo Vạc")
    world.communes.extend(
        [
            make_commune(parent=district, valid=days(None, MERGED_ON)),
            make_commune(parent=district, valid=days(MERGED_ON)),
        ]
    )
    make_attribute(
        unit=world.communes[1].unit, key="in_programme", value="no", valid=days(date(2018, 3, 1))
    )
    return world


DAYS = [date(2018, 1, 15), JANUARY, FEBRUARY, MARCH, APRIL]
TRUE_FROM = st.sampled_from([date(2017, 12, 31), *DAYS[:-1]])  # never after the working month
WHICH = st.integers(0, 3)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("fact"), WHICH, st.integers(0, 4), VERDICTS, TRUE_FROM),
        st.tuples(st.just("fact"), WHICH, st.integers(0, 4), VERDICTS, TRUE_FROM),
        st.tuples(st.just("correct"), st.integers(0, 30), VERDICTS, TRUE_FROM, st.booleans()),
        st.tuples(st.just("review"), st.sets(st.integers(0, 30), max_size=6), st.booleans()),
        st.tuples(st.just("decide"), WHICH, st.booleans(), TRUE_FROM),
        st.tuples(st.just("amend"), st.integers(0, 9), st.booleans(), TRUE_FROM),
    ),
    max_size=10,
)


@dataclass
class Played:
    """A history as naive rows and reviews."""

    world: World
    rows: list[dict]
    reviews: list[dict]

    def play(self, acts) -> None:
        for kind, *act in acts:
            getattr(self, kind)(*act)

    def fact(self, which, code, verdict, day, **how) -> None:
        indicators = list(Indicator.objects.order_by("pk").values_list("pk", flat=True))
        self.add(which, indicators[code % len(indicators)], verdict, day, **how)

    def add(self, which, indicator, verdict, day, **how) -> None:
        commune = self.world.communes[which]
        row = self.world.record(commune, indicator, verdict, day, **how)
        self.rows.append(
            {
                "id": row.pk, "which": which, "unit": row.unit_id, "indicator": indicator,
                "seq": Change.objects.get(pk=row.change_id).seq, "true_from": day,
                "verdict": str(verdict), "replaces": row.replaces_id, "void": row.void,
            }
        )  # fmt: skip

    def correct(self, pick, verdict, day, void) -> None:
        replaced = {row["replaces"] for row in self.rows}
        free = [row for row in self.rows if row["id"] not in replaced]
        if free:
            old = free[pick % len(free)]
            how = {"replaces": old["id"], "void": void}
            self.add(old["which"], old["indicator"], verdict, day, **how)

    def review(self, picks, confirms) -> None:
        chosen = [self.rows[pick % len(self.rows)] for pick in sorted(picks) if self.rows]
        criteria = dict(Indicator.objects.values_list("pk", "criterion_id"))
        for which, criterion in sorted({(r["which"], criteria[r["indicator"]]) for r in chosen}):
            ids = sorted(
                {r["id"] for r in chosen
                 if (r["which"], criteria[r["indicator"]]) == (which, criterion)}
            )  # fmt: skip
            seq = record_review(self.world, which, criterion, ids, confirms)
            self.reviews.append({"seq": seq, "ids": ids, "confirms": confirms})

    def decide(self, which, recognises, day) -> None:
        self.decision(which, "recognise" if recognises else "revoke", "standard", day)

    def amend(self, pick, keeps, day) -> None:
        decided = list(Recognition.objects.exclude(act="correct").order_by("pk"))
        if decided:
            old = decided[pick % len(decided)]
            units = [commune.unit_id for commune in self.world.communes]
            which = units.index(old.unit_id)
            self.decision(which, "correct", "standard" if keeps else "", day, refers_to=old)

    def decision(self, which, act, tier, day, **how) -> None:
        commune = self.world.communes[which]
        with recording(clock=commune.unit.clock_id, action="test", by=None) as pending:
            Recognition.objects.create(
                unit=commune.unit, act=act, tier=tier, number="1", decided_on=day,
                effective_on=day, year=2018, change_id=pending.id, **how,
            )  # fmt: skip

    def outcomes(self, unit_id, asked, day, seq, reviewed, confirmed) -> dict[int, str]:
        """Criterion → its outcome, by the naive rules."""
        only = naive.confirmed_only(self.reviews, reviewed) if confirmed else None
        mine = [row for row in self.rows if row["unit"] == unit_id]

        def held(indicator):
            rows = [row for row in mine if row["indicator"] == indicator]
            return naive.holds(rows, day, seq, only=only)

        return {
            c.number: naive.criterion({x.code: held(x.id) for x in c.indicators},
                                      held(c.conclusion_id))
            for c in asked.criteria
        }  # fmt: skip


def record_review(world: World, which, criterion_id, ids, confirms) -> int:
    commune = world.communes[which]
    with recording(clock=commune.unit.clock_id, action="test", by=None) as pending:
        row = Review.objects.create(
            unit=commune.unit, criterion_id=criterion_id, result_ids=ids,
            act="confirm" if confirms else "return", change_id=pending.id,
        )  # fmt: skip
    return Change.objects.get(pk=row.change_id).seq


def expected(history: Played, found: moves.Moves) -> dict[str, int]:
    """The parts of the criteria met, cell by cell from the naive readings."""
    first, last = found.before, found.after
    seqs = [moves.known_at(answer) for answer in (first, last)]
    one, two = (naive.FAR if seq is None else seq for seq in seqs)
    how = [
        (first.asked, first.on, one, one, "set"),
        (last.asked, first.on, one, one, "reviewed"),
        (last.asked, first.on, one, two, "corrected"),
        (last.asked, first.on, two, two, "moved"),
        (last.asked, last.on, two, two, ""),
    ]
    there = {row.unit_id for row in first.rows} & {row.unit_id for row in last.rows}
    parts: dict[str, int] = {}
    for unit_id in there:
        read = [
            (asked, history.outcomes(unit_id, asked, day, seq, reviewed, found.confirmed))
            for asked, day, seq, reviewed, _ in how
        ]
        for (_, _, _, _, name), (a, old), (b, new) in zip(how, read, read[1:], strict=False):
            for number in old:
                was = old[number] == "met" or (old[number] == NA and a.na_counts_as_met)
                now = new[number] == "met" or (new[number] == NA and b.na_counts_as_met)
                gone = "unassessed" if new[number] == "not_assessed" else "lost"
                kind = ("newly" if now else gone) if name == "moved" else name
                parts[kind] = parts.get(kind, 0) + now - was
    return {name: amount for name, amount in parts.items() if amount}


PAIRS = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] < pair[1])


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories=st.tuples(ACTS, ACTS, ACTS), pair=PAIRS)
def test_the_parts_are_the_difference_whatever_was_recorded(changing, histories, pair):
    with transaction.atomic():
        history = Played(changing, [], [])
        for acts, month in zip(histories, (JANUARY, FEBRUARY, None), strict=True):
            history.play(acts)
            if month:
                close(changing, month)
        standings.rebuild(province=changing.province.unit, on=MARCH)
        for basis in Basis:
            found = why(changing, DAYS[pair[0]], DAYS[pair[1]], basis)
            told_as = found.after.confirmed if found.confirmed else found.after.reported
            assert found.explanation.second == told_as
            assert all(figure.adds_up for figure in found.explanation.figures)
            if found.explanation.same_set:
                parts = told(found.explanation.met)
                parts.pop("units", None)
                assert {k: v for k, v in parts.items() if v} == expected(history, found)
            causes = found.explanation.causes
            behind = moves.cells_behind(found, causes)
            assert all(
                behind[cause.unit_id, number, cause.why]
                for cause in causes
                for number in cause.numbers
                if cause.why not in (Why.UNITS, Why.SET)
            )
        transaction.set_rollback(True)
