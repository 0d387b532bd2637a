"""Recognition is a function of the date, replayed from decisions."""

from __future__ import annotations

from datetime import date

import pytest

from criteria.rules.status import Decision, status_on


def decision(id, act, tier, year, *, seq=None, refers_to=None):
    return Decision(
        id=id,
        act=act,
        tier=tier,
        effective_on=date(year, 6, 30),
        seq=seq or id,
        refers_to=refers_to,
    )


RECOGNISED = decision(1, "recognise", "standard", 2016)
RAISED = decision(2, "recognise", "advanced", 2018)
LOWERED = decision(3, "revoke", "advanced", 2019)
REVOKED = decision(4, "revoke", "standard", 2020)


@pytest.mark.parametrize(
    ("decisions", "day", "status"),
    [
        ([], date(2020, 1, 1), ""),
        ([RECOGNISED], date(2016, 6, 29), ""),
        ([RECOGNISED], date(2016, 6, 30), "standard"),
        ([RECOGNISED, RAISED], date(2018, 12, 31), "advanced"),
        ([RECOGNISED, RAISED, LOWERED], date(2019, 12, 31), "standard"),
        ([RECOGNISED, RAISED, REVOKED], date(2020, 12, 31), ""),
        ([RECOGNISED, RAISED, LOWERED, REVOKED], date(2018, 12, 31), "advanced"),
    ],
)
def test_status_follows_the_decisions_in_force_on_the_day(decisions, day, status):
    assert status_on(decisions, day=day, seq=99) == status


def test_a_decision_recorded_later_was_not_known_before():
    assert status_on([RECOGNISED], day=date(2017, 1, 1), seq=0) == ""


def test_a_correction_puts_the_right_day_in_place_of_the_wrong_one():
    corrected = decision(5, "correct", "standard", 2017, refers_to=1)
    assert status_on([RECOGNISED, corrected], day=date(2016, 12, 31), seq=4) == "standard"
    assert status_on([RECOGNISED, corrected], day=date(2016, 12, 31), seq=5) == ""
    assert status_on([RECOGNISED, corrected], day=date(2017, 12, 31), seq=5) == "standard"
