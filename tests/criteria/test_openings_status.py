"""The status with which a merged commune starts is a decision of its own."""

from __future__ import annotations

from datetime import date

import pytest

from criteria import openings, recognition
from criteria.models import Recognition
from criteria.openings import OpeningRefused
from criteria.rules.types import Outcome
from tests.criteria.mergers import (
    MERGED_ON,
    Merger,
    make_known_merger,
)
from tests.criteria.world import JANUARY

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def merger() -> Merger:
    return make_known_merger()


def open_status(merger: Merger, tier: str = "standard", **how) -> None:
    how = {"number": "88/QĐ-UBND", "decided_on": date(2018, 2, 1)} | how
    openings.open_status(unit=merger.new.unit, tier=tier, by=merger.world.officer, **how)


def status(merger: Merger, day: date) -> str:
    return recognition.statuses([merger.new.unit_id], day=day).get(merger.new.unit_id, "")


def test_a_merged_commune_holds_no_status_before_a_decision(merger):
    merger.recognise(*merger.old)
    start = merger.start()
    assert status(merger, JANUARY) == ""
    assert start.proposed_tier == "standard"
    assert [one.decision.number for one in start.old] == ["15/QĐ-UBND"] * 2


def test_the_opening_status_counts_from_the_first_day_of_the_unit(merger):
    open_status(merger)
    assert status(merger, date(2018, 1, 14)) == ""
    assert status(merger, MERGED_ON) == "standard"
    row = Recognition.objects.get(unit=merger.new.unit)
    assert (row.act, row.effective_on, row.year) == ("opening", MERGED_ON, 2018)
    assert row.set_version_id == merger.world.asked.version_id


@pytest.mark.parametrize(
    ("how", "match"),
    [
        ({"tier": "gold"}, "mức công nhận"),
        ({"number": " "}, "số quyết định"),
        ({"decided_on": date(2999, 1, 1)}, "chưa đến"),
    ],
)
def test_an_incomplete_decision_on_the_status_is_refused(merger, how, match):
    with pytest.raises(OpeningRefused, match=match):
        open_status(merger, **how)
    assert not Recognition.objects.exists()


def test_a_second_opening_status_is_refused_until_the_first_is_taken_back(merger):
    open_status(merger)
    with pytest.raises(OpeningRefused, match="88/QĐ-UBND"):
        open_status(merger, "advanced", number="89/QĐ-UBND")
    openings.undo_status(unit=merger.new.unit, reason="Ghi nhầm", by=merger.world.officer)
    assert status(merger, JANUARY) == ""
    open_status(merger, "advanced", number="89/QĐ-UBND")
    assert status(merger, JANUARY) == "advanced"


def test_a_status_with_a_later_decision_on_it_is_not_taken_back(merger):
    open_status(merger)
    merger.recognise(merger.new, tier="advanced", on=JANUARY)
    with pytest.raises(OpeningRefused, match="quyết định khác"):
        openings.undo_status(unit=merger.new.unit, reason="Ghi nhầm", by=merger.world.officer)
