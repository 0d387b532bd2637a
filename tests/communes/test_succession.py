"""The edges around a unit, as the pages load them."""

from __future__ import annotations

from datetime import date

import pytest

from communes import succession
from communes.models import UnitEvent
from tests.factories import days, make_commune, make_country, make_district, make_province
from tests.rearranged import end, rearrange

pytestmark = pytest.mark.django_db

D2020, D2025 = date(2020, 1, 1), date(2025, 7, 1)


@pytest.fixture
def story():
    """a + b → d (2020); d and a part of c → x (2025); the rest of c → y; z knows no origin."""
    make_country()
    province = make_province()
    old = make_district(province=province, valid=days(None, D2025))
    a, b, c = (make_commune(parent=old, name=name) for name in ("A", "B", "C"))
    end(a, D2020)
    end(b, D2020)
    d = make_commune(parent=old, name="D", valid=days(D2020, D2025))
    x, y, z = (make_commune(parent=province, name=n, valid=days(D2025)) for n in ("X", "Y", "Z"))
    rearrange(D2020, {(a, d): "whole", (b, d): "whole"}, inferred=True)
    rearrange(D2025, {(d, x): "whole", (c, x): "part", (c, y): "part"}, began=(z,))
    rearrange(D2025, {(b, z): "whole"}, withdrawn=True)
    return {"a": a, "b": b, "c": c, "d": d, "x": x, "y": y, "z": z, "old": old}


def names(story, unit_ids) -> set[str]:
    return {name for name, version in story.items() if version.unit_id in unit_ids}


def test_everything_that_came_before_and_after_is_found(story, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        found = succession.surroundings(story["d"].unit_id)
    assert names(story, found.lineage.predecessors(found.unit_id)) == {"a", "b"}
    assert names(story, found.lineage.successors(found.unit_id)) == {"x"}
    # what else went into the successor is there to be counted, and so is where its rest went
    assert names(story, found.lineage.units) >= {"a", "b", "c", "d", "x"}
    assert all(kin.inferred for kin in found.lineage.predecessors(found.unit_id).values())
    assert found.versions[story["a"].unit_id][0].full_name == "Xã A"
    assert found.last_day(story["a"].unit_id) == date(2019, 12, 31)
    assert found.events[story["d"].unit_id, story["x"].unit_id].instrument == "01/NQ-UBTVQH"


def test_a_part_is_told_from_the_whole(story):
    found = succession.lineage_of([story["x"].unit_id])
    kin = found.predecessors(story["x"].unit_id)
    assert names(story, {pk for pk, one in kin.items() if one.whole}) == {"a", "b", "d"}
    assert names(story, {pk for pk, one in kin.items() if not one.whole}) == {"c"}


def test_a_withdrawn_rearrangement_is_not_read(story):
    found = succession.surroundings(story["z"].unit_id)
    assert not found.lineage
    assert names(story, found.versions) == {"z"}


def test_a_rearrangement_without_edges_is_known_all_the_same(story):
    found = succession.surroundings(story["z"].unit_id)
    event = found.unjoined[story["z"].unit_id, "began"]
    assert (event.kind, event.effective_on) == (UnitEvent.Kind.MERGE, D2025)
    assert succession.surroundings(story["x"].unit_id).unjoined == {}


def test_an_island_district_goes_on_in_a_special_zone(story):
    zone = make_commune(parent=make_province(code="22", name="Quảng Ninh"), valid=days(D2025))
    rearrange(D2025, {(story["old"], zone): "whole"})
    found = succession.surroundings(zone.unit_id)
    assert names(story, found.lineage.predecessors(zone.unit_id)) == {"old"}


def test_versions_of_a_renamed_unit_come_oldest_first(story):
    x = end(story["x"], date(2026, 4, 30))
    make_commune(
        parent=make_province(code="75", name="Đồng Nai"),
        name="X mới",
        code=x.code,
        valid=days(date(2026, 4, 30)),
        unit=x.unit,
    )
    found = succession.surroundings(x.unit_id)
    assert [version.name for version in found.versions[x.unit_id]] == ["X", "X mới"]
    assert found.first_day(x.unit_id) == D2025
    assert found.last_day(x.unit_id) is None
