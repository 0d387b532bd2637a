"""Edges of loaded, inferred and recorded events: completed, corrected, confirmed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from communes import succession, units
from communes.models import Change, ChangeLine, EventUnit, Succession, UnitEvent
from communes.unit_changes import (
    ChangedMeanwhile,
    EdgeWanted,
    UnitsRefused,
    edges_fingerprint,
    set_edges,
)
from tests.communes.unit_changes.land import DAY, LATER, Land, rearrangement
from tests.factories import days, make_commune, make_user


@pytest.fixture
def loaded(land) -> UnitEvent:
    """An event of the register: A and B ended, N began, an inferred edge from A alone."""
    for name in "AB":
        version = land.communes[name]
        version.valid = days(version.valid.lower, DAY)
        version.save()
    land.communes["N"] = make_commune(
        parent=land.province, code="06010", name="N", valid=days(DAY, None)
    )
    event = UnitEvent.objects.create(
        key="2026-12-01/06010", clock_id="20", kind="merge", effective_on=DAY, inferred=True
    )
    for name, part in (("A", "ended"), ("B", "ended"), ("N", "began")):
        EventUnit.objects.create(event=event, unit=land.communes[name].unit, part=part)
    a, n = land.communes["A"].unit, land.communes["N"].unit
    Succession.objects.create(event=event, old=a, new=n, extent="whole", inferred=True)
    return event


def wanted(land: Land, old: str, new: str, extent: str = "whole", **how: object) -> EdgeWanted:
    ids = land.ids(old + new)
    given = {"old": ids[0], "new": ids[1], "extent": extent, "confirmed": False}
    return EdgeWanted(**given | how)


def correct(event: UnitEvent, edges: list[EdgeWanted], **how: object) -> None:
    given = {"instrument": "1700/NQ-UBTVQH16", "seen": edges_fingerprint(event), "by": make_user()}
    set_edges(event=event, edges=edges, **given | how)


def edges(event: UnitEvent) -> set[tuple[str, str, str, bool]]:
    rows = event.successions.select_related("old", "new")
    return {(e.old.key[:5], e.new.key[:5], e.extent, e.inferred) for e in rows}


def test_an_edge_is_added_and_the_inferred_one_stays_so_until_it_is_confirmed(land, loaded):
    correct(loaded, [wanted(land, "A", "N"), wanted(land, "B", "N")])
    assert edges(loaded) == {("06001", "06010", "whole", True), ("06002", "06010", "whole", False)}
    loaded.refresh_from_db()
    assert (loaded.inferred, loaded.instrument) == (True, "1700/NQ-UBTVQH16")
    correct(loaded, [wanted(land, "A", "N", confirmed=True), wanted(land, "B", "N")])
    loaded.refresh_from_db()
    assert not loaded.inferred
    assert {inferred for *_, inferred in edges(loaded)} == {False}


def test_a_correction_leaves_before_and_after_in_the_log(land, loaded):
    correct(loaded, [wanted(land, "B", "N", note="theo Điều 2")])
    line = ChangeLine.objects.get(table="communes_unitevent", key=str(loaded.pk))
    assert [edge["old"][:5] for edge in line.before["edges"]] == ["06001"]
    assert [(e["old"][:5], e["note"]) for e in line.after["edges"]] == [("06002", "theo Điều 2")]


def test_what_was_already_so_writes_nothing_and_the_same_request_writes_once(land, loaded):
    request = uuid4()
    correct(loaded, [wanted(land, "B", "N")], request_id=request)
    changes = Change.objects.count()
    correct(loaded, [wanted(land, "A", "N")], request_id=request)
    correct(loaded, [wanted(land, "B", "N")])
    assert Change.objects.count() == changes
    assert edges(loaded) == {("06002", "06010", "whole", False)}


def test_a_unit_that_lives_on_can_be_named_as_giver_or_taker(land, loaded):
    correct(
        loaded,
        [
            wanted(land, "A", "N", "part"),
            wanted(land, "A", "C", "part"),
            wanted(land, "D", "N", "part"),
        ],
    )
    parts = {row.unit_id: row.part for row in loaded.units.all()}
    assert [parts[pk] for pk in land.ids("ABCDN")] == [
        "ended",
        "ended",
        "changed",
        "changed",
        "began",
    ]


def test_two_people_do_not_correct_each_other_unseen(land, loaded):
    seen = edges_fingerprint(loaded)
    correct(loaded, [wanted(land, "B", "N")])
    with pytest.raises(ChangedMeanwhile, match="người khác"):
        correct(loaded, [wanted(land, "A", "N")], seen=seen)


@pytest.mark.parametrize(
    ("given", "box", "says"),
    [
        ([("A", "N", "whole"), ("A", "C", "part")], "edges.0", "giao toàn bộ"),
        ([("A", "N", "whole"), ("A", "N", "whole")], "edges.1", "hai lần"),
        ([("A", "N", "part"), ("A", "N", "part")], "edges.1", "hai lần"),
        ([("N", "A", "whole")], "edges.0", "đến hết ngày 30/11/2026"),
        ([("A", "B", "whole")], "edges.0", "vào ngày 01/12/2026"),
        ([("C", "C", "part")], "edges.0", "chính mình"),
        ([("A", "X", "whole")], "edges.0", "Đơn vị mới phải tồn tại"),
        ([("X", "N", "whole")], "edges.0", "Đơn vị cũ phải tồn tại"),
    ],
)
def test_edges_that_cannot_be_are_refused_at_their_row(land, loaded, given, box, says):
    with pytest.raises(UnitsRefused) as caught:
        correct(loaded, [wanted(land, *edge) for edge in given])
    assert says in {fault.field: fault.message for fault in caught.value.faults}[box]
    assert edges(loaded) == {("06001", "06010", "whole", True)}


def test_a_document_is_needed_and_a_withdrawn_event_stays_as_it_is(land, loaded):
    with pytest.raises(UnitsRefused, match="văn bản đã đối chiếu"):
        correct(loaded, [wanted(land, "A", "N", confirmed=True)], instrument=" ")
    event = land.record(land.merger("CD"))
    land.undo(event)
    with pytest.raises(UnitsRefused, match="đã được rút"):
        correct(event, [])


def test_a_recorded_merger_whose_edges_were_corrected_can_still_be_withdrawn(land):
    event = land.record(land.merger("AB"))
    land.communes["N"] = units.find("06001", DAY)
    correct(event, [wanted(land, "A", "N", "part"), wanted(land, "C", "N", "part")])
    land.undo(event)
    assert set(land.named(DAY)) == {"06001", "06002", "06003", "06004"}
    assert land.named(DAY) == land.named(DAY - timedelta(days=1))


def test_units_that_would_carry_each_other_on_in_a_circle_are_refused_with_the_way_round(land):
    first = land.record(rearrangement(kind="abolish", ends=land.ids("C"), stays=land.ids("AB")))
    correct(first, [wanted(land, "A", "B", "part")])
    second = land.record(
        rearrangement(kind="abolish", effective_on=LATER, ends=land.ids("D"), stays=land.ids("A"))
    )
    for given in (["BA"], ["DA", "BA"]):
        with pytest.raises(UnitsRefused) as caught:
            correct(second, [wanted(land, *edge, "part") for edge in given])
        assert "Xã A → Xã B → Xã A" in str(caught.value)
        assert "thành vòng" in str(caught.value)
    assert edges(second) == {("06004", "06001", "whole", False)}
    with pytest.raises(UnitsRefused, match="thành vòng"):
        correct(first, [wanted(land, "A", "B", "part"), wanted(land, "B", "A", "part")])
    correct(first, [wanted(land, "B", "A", "part")])  # its own old edges do not stand in the way
    land.undo(first)
    correct(second, [wanted(land, "A", "B", "part")])  # nor do those of one taken back
    assert succession.surroundings(land.ids("A")[0]).lineage.after(land.ids("A")[0])
