"""What recording writes: versions that end and begin, edges, audit lines; and taking it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from communes import units
from communes.models import ChangeLine, EventUnit, Kind, Succession, Unit, UnitEvent, UnitVersion
from communes.unit_changes import Alteration, Edge, NewUnit
from tests.communes.unit_changes.land import DAY, LATER, rearrangement

BEFORE = DAY - timedelta(days=1)


def test_a_merger_ends_the_old_communes_and_begins_one_on_the_day(land):
    event = land.record(land.merger("ABC"))
    assert land.named(BEFORE) == {"06001": "A", "06002": "B", "06003": "C", "06004": "D"}
    assert land.named(DAY) == {"06001": "Hợp Nhất", "06004": "D"}
    new = units.find("06001", DAY)
    assert new.unit.key == "06001@2026-12-01"
    assert new.unit_id != land.communes["A"].unit_id
    assert (new.parent_id, new.province_id) == (land.province.unit_id, land.province.unit_id)
    edges = {(e.old_id, e.new_id, e.extent) for e in event.successions.all()}
    assert edges == {(pk, new.unit_id, "whole") for pk in land.ids("ABC")}
    parts = {(u.unit_id, u.part) for u in event.units.all()}
    assert parts == {*((pk, "ended") for pk in land.ids("ABC")), (new.unit_id, "began")}
    assert not event.inferred
    assert event.clock_id == "20"


def test_a_split_gives_new_units_also_where_code_and_name_stay(land):
    a = land.communes["A"]
    event = land.record(
        rearrangement(
            kind=UnitEvent.Kind.SPLIT,
            ends=land.ids("A"),
            begins=(
                NewUnit(code="06001", name="A", kind="xa"),
                NewUnit(code="06009", name="Mới", kind="phuong"),
            ),
        )
    )
    assert units.find("06001", DAY).unit_id != a.unit_id
    assert units.find("06009", DAY).full_name == "Phường Mới"
    assert set(event.successions.values_list("extent", flat=True)) == {"part"}


def test_a_commune_may_be_established_from_parts_of_communes_that_live_on(land):
    new = NewUnit(code="06009", name="Mới", kind="xa")
    event = land.record(
        rearrangement(kind=UnitEvent.Kind.ESTABLISH, stays=land.ids("AB"), begins=(new,))
    )
    assert land.named(DAY) == land.named(BEFORE) | {"06009": "Mới"}
    assert set(event.units.values_list("part", flat=True)) == {"changed", "began"}
    assert set(event.successions.values_list("extent", flat=True)) == {"part"}


def test_a_commune_may_be_abolished_in_favour_of_neighbours(land):
    event = land.record(
        rearrangement(kind=UnitEvent.Kind.ABOLISH, ends=land.ids("A"), stays=land.ids("BC"))
    )
    assert land.named(DAY) == {"06002": "B", "06003": "C", "06004": "D"}
    edges = {(e.old_id, e.new_id, e.extent) for e in event.successions.all()}
    assert edges == {(land.ids("A")[0], pk, "part") for pk in land.ids("BC")}


def test_many_to_many_takes_the_edges_that_are_given(land):
    a, b = land.ids("AB")
    event = land.record(
        land.merger(
            "AB",
            begins=(
                NewUnit(code="06001", name="Một", kind="xa"),
                NewUnit(code="06002", name="Hai", kind="xa"),
            ),
            edges=(
                Edge(old=a, new="06001", extent="whole"),
                Edge(old=b, new="06001", extent="part"),
                Edge(old=b, new="06002", extent="part"),
            ),
        )
    )
    found = {
        (e.old.key[:5], e.new.key, e.extent) for e in event.successions.select_related("old", "new")
    }
    assert found == {
        ("06001", "06001@2026-12-01", "whole"),
        ("06002", "06001@2026-12-01", "part"),
        ("06002", "06002@2026-12-01", "part"),
    }


@pytest.mark.parametrize(
    ("kind", "change", "now"),
    [
        (UnitEvent.Kind.RENAME, {"name": "A Mới"}, ("06001", "Xã A Mới")),
        (UnitEvent.Kind.RECLASSIFY, {"kind": Kind.WARD}, ("06001", "Phường A")),
        (UnitEvent.Kind.RECLASSIFY, {"kind": Kind.WARD, "code": "06077"}, ("06077", "Phường A")),
    ],
)
def test_a_unit_that_is_renamed_or_changes_kind_stays_the_same_unit(land, kind, change, now):
    a = land.communes["A"]
    event = land.record(rearrangement(kind=kind, alters=(Alteration(unit_id=a.unit_id, **change),)))
    version = units.version_of(a.unit_id, DAY)
    assert (version.code, version.full_name) == now
    assert units.version_of(a.unit_id, BEFORE).full_name == "Xã A"
    assert [(row.unit_id, row.part) for row in event.units.all()] == [(a.unit_id, "changed")]
    assert not event.successions.exists()


def test_codes_may_be_exchanged_in_one_decision(land):
    a, b = land.ids("AB")
    land.record(
        rearrangement(
            kind=UnitEvent.Kind.RECLASSIFY,
            alters=(
                Alteration(unit_id=a, kind=Kind.WARD, code="06002"),
                Alteration(unit_id=b, kind=Kind.WARD, code="06001"),
            ),
        )
    )
    assert land.named(DAY)["06002"] == "A"
    assert land.named(DAY)["06001"] == "B"


def test_every_row_has_its_audit_line_with_before_and_after(land):
    event = land.record(land.merger("AB"))
    lines = list(ChangeLine.objects.filter(change=event.change).order_by("pk"))
    versions = [line for line in lines if line.table == "communes_unitversion"]
    ended = next(line for line in versions if line.key == land.communes["A"].unit.key)
    assert (ended.before["until"], ended.after["until"]) == (None, "2026-12-01")
    begun = next(line for line in versions if line.before is None)
    assert (begun.key, begun.after["name"]) == ("06001@2026-12-01", "Hợp Nhất")
    (head,) = (line for line in lines if line.table == "communes_unitevent")
    assert [edge["extent"] for edge in head.after["edges"]] == ["whole", "whole"]


def picture() -> list[tuple[object, ...]]:
    rows = UnitVersion.objects.order_by("unit__key", "valid")
    return list(rows.values_list("unit__key", "valid", "code", "name", "kind", "parent_id"))


@pytest.mark.parametrize("what", ["merge", "split", "rename", "abolish", "establish"])
def test_taking_it_back_gives_the_map_of_before(land, what):
    before = picture()
    asked = {
        "merge": land.merger("ABC"),
        "split": rearrangement(
            kind="split",
            ends=land.ids("A"),
            begins=(
                NewUnit(code="06001", name="A", kind="xa"),
                NewUnit(code="06009", name="Mới", kind="xa"),
            ),
        ),
        "rename": rearrangement(
            kind="rename", alters=(Alteration(unit_id=land.ids("A")[0], name="Khác"),)
        ),
        "abolish": rearrangement(kind="abolish", ends=land.ids("A"), stays=land.ids("B")),
        "establish": rearrangement(
            kind="establish",
            stays=land.ids("A"),
            begins=(NewUnit(code="06009", name="Mới", kind="xa"),),
        ),
    }[what]
    event = land.record(asked)
    assert picture() != before or what == "nothing"
    land.undo(event)
    assert picture() == before
    event.refresh_from_db()
    assert event.withdrawn
    assert not Succession.objects.exists()


def test_the_same_can_be_recorded_again_after_it_was_taken_back(land):
    land.undo(land.record(land.merger("ABC")))
    event = land.record(land.merger("AB"))
    assert Unit.objects.filter(key="06001@2026-12-01").count() == 1
    assert event.units.filter(part=EventUnit.Part.BEGAN).count() == 1
    assert land.named(DAY) == {"06001": "Hợp Nhất", "06003": "C", "06004": "D"}


def test_one_merger_may_follow_another(land):
    land.record(land.merger("AB"))
    new = units.find("06001", DAY)
    land.record(
        rearrangement(
            effective_on=LATER,
            ends=(new.unit_id, *land.ids("C")),
            begins=(NewUnit(code="06001", name="Lớn", kind="xa"),),
        )
    )
    assert land.named(date(2027, 2, 28)) == {"06001": "Hợp Nhất", "06003": "C", "06004": "D"}
    assert land.named(LATER) == {"06001": "Lớn", "06004": "D"}
