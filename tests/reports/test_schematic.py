"""Sơ đồ xã on the pages: one hexagon a commune, its class from data, its place kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes import units
from communes.models import Assignment, Role, UnitPoint, UnitVersion
from criteria import recognition
from criteria.figures import figures
from criteria.models import SetVersion
from criteria.rules.types import Outcome
from reports.models import Schematic
from reports.schematic import kept, views
from reports.schematic.points import points_of
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_commune, make_district, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=4)
    reader = make_user()
    Assignment.objects.create(
        user=reader, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(reader)
    for place, commune in enumerate(world.communes):
        UnitPoint.objects.create(unit=commune.unit, longitude=105 + place / 10, latitude=21)
    return world


def shown(world: World, unit=None, **how) -> views.SchematicView:
    found = views.progress(figures(unit or world.province, JANUARY), **how)
    assert found is not None
    return found


def looks(world: World, svg: str) -> list[tuple[str, str]]:
    """The class of the hexagon of each commune of the world and what is written in it."""
    told = re.findall(
        r'class="([a-z0-9_-]+)" transform.*?<title>(.*?)[:,] .*?</title>.*?<text>(.*?)</text>', svg
    )
    by_name = {name: (style, text) for style, name, text in told}
    return [by_name[commune.full_name] for commune in world.communes]


def full(world: World, commune: UnitVersion) -> None:
    for number, criterion in enumerate(world.asked.criteria, 1):
        for indicator in criterion.indicators:
            value = {"value": 90} if number == 1 and indicator.code == "1.1" else {}
            world.save(commune, indicator.code, **value or {"verdict": Outcome.MET})


def test_recognised_communes_stand_out_and_the_others_go_by_the_brackets_of_the_set(world):
    first, second, third, _ = world.communes
    full(world, first)
    full(world, second)
    world.save(third, "2", verdict=Outcome.NOT_MET)
    recognition.recognise(
        units=[first.unit],
        tier="standard",
        set_version=SetVersion.objects.get(pk=world.asked.version_id),
        number="1/QĐ-UBND",
        decided_on=date(2018, 1, 9),
        year=2018,
        by=world.officer,
    )
    found = shown(world)
    assert looks(world, found.svg) == [
        ("tier-1", "2"),
        ("step-1", "2"),
        ("step-2", "0"),
        ("unknown", "–"),
    ]
    assert [(key.words, key.communes) for key in found.legend] == [
        ("Đã công nhận đạt chuẩn", 1),
        ("2 tiêu chí", 1),
        ("Dưới 2 tiêu chí", 1),
        ("Chưa đánh giá", 1),
    ]
    assert found.heading == "1/4 xã được công nhận"
    address = reverse("commune", args=[first.code]) + "?on=2018-01-31"
    assert f'<a href="{address}" class="tier-1"' in found.svg
    assert f"<title>Xã {first.name}: đạt 2/2 tiêu chí, đã công nhận đạt chuẩn</title>" in found.svg


def test_the_classes_are_those_of_the_set_whatever_its_number_of_criteria(world):
    answer = figures(world.province, JANUARY)
    one = answer.asked.criteria[1]
    for top, cuts in ((10, (10, 5)), (19, (19, 15, 10, 5)), (20, (20, 15, 10))):
        asked = replace(
            answer.asked,
            criteria=tuple(replace(one, number=number) for number in range(1, top + 1)),
            bracket_cuts=cuts,
        )
        rows = [
            replace(row, met=met, of=top, outcomes={1: Outcome.MET})
            for row, met in zip(answer.rows, (top, top - 1, cuts[-1], 0), strict=True)
        ]
        found = views.progress(replace(answer, asked=asked, rows=tuple(rows)))
        last = len(cuts) + 1
        assert looks(world, found.svg) == [
            ("step-1", str(top)),
            ("step-2", str(top - 1)),
            (f"step-{len(cuts)}", str(cuts[-1])),
            (f"step-{last}", "0"),
        ]
        assert found.legend[0].words == f"{top} tiêu chí"
        assert found.legend[-1].words == f"Dưới {cuts[-1]} tiêu chí"


def test_a_commune_has_the_same_place_on_every_page_and_after_each_reading(client, world):
    other = make_district(province=world.province, code="027", name="Mèo Vạc")
    more = [make_commune(parent=other) for _ in range(3)]
    answer = figures(world.province, JANUARY)
    first = kept.spots(answer)
    assert len(first) == len({(spot.x, spot.y) for spot in first}) == 7
    patch = kept.spots(figures(other, JANUARY))
    assert set(patch) == {spot for spot in first if spot.unit_id in {v.unit_id for v in more}}
    assert kept.spots(answer) == first
    assert Schematic.objects.count() == 1
    with CaptureQueriesContext(connection) as queries:
        views.progress(answer)
    assert len(queries) == 1
    svg = shown(world, districts={other.unit_id: "Huyện Mèo Vạc"}).svg
    assert ", Huyện Mèo Vạc: chưa đánh giá</title>" in svg
    assert 'class="between" d="M' in svg


def test_right_after_a_merger_every_commune_has_a_place_again(world):
    before = kept.spots(figures(world.province, JANUARY))
    gone = world.communes.pop()
    UnitVersion.objects.filter(pk=gone.pk).update(valid=DateRange(None, date(2018, 1, 20), "[)"))
    district = units.version_of(gone.parent_id, JANUARY)
    born = make_commune(parent=district, valid=DateRange(date(2018, 1, 20), None, "[)"))
    after = kept.spots(figures(world.province, JANUARY))
    assert {spot.unit_id for spot in after} == {v.unit_id for v in (*world.communes, born)}
    assert len({(spot.x, spot.y) for spot in after}) == len(after) == len(before)
    earlier = kept.spots(figures(world.province, date(2018, 1, 1)))
    assert earlier == before


def test_a_commune_without_a_point_lies_in_the_middle_of_its_district(world):
    nowhere = make_commune(parent=units.version_of(world.communes[0].parent_id, JANUARY))
    ids = [one.unit_id for one in (*world.communes, nowhere)]
    found = points_of(ids, dict.fromkeys(ids, 7))
    assert found[-1] == pytest.approx((105.15, 21))
    assert points_of([nowhere.unit_id], {}) == [(0.0, 0.0)]


def test_a_slide_gets_the_drawing_without_links_in_its_size(world):
    found = shown(world, links=False, width=900)
    assert "<a " not in found.svg
    assert ' width="900" height="' in found.svg
    assert 'role="img" aria-label="Sơ đồ xã của Tỉnh Hà Giang, 4 xã"' in found.svg


def test_names_are_escaped(world):
    UnitVersion.objects.filter(pk=world.communes[0].pk).update(name="A<b>&")
    assert "Xã A&lt;b&gt;&amp;: " in shown(world).svg


def test_the_criterion_is_shown_by_sign_with_its_finding_as_heading(client, world):
    met, not_met, *_ = world.communes
    world.save(met, "2", verdict=Outcome.MET)
    world.save(not_met, "2", verdict=Outcome.NOT_MET)
    answer = client.get(reverse("criterion", args=[world.province.code, 2]), {"on": "2018-01-31"})
    found = answer.context["schematic"]
    assert looks(world, found.svg) == [
        ("met", "✓"),
        ("not_met", "✕"),
        ("not_assessed", "–"),
        ("not_assessed", "–"),
    ]
    assert found.heading == "1/4 xã đạt"
    text = answer.content.decode()
    assert f"{reverse('commune', args=[met.code])}?on=2018-01-31#criterion-2" in text
    assert "không thể hiện địa giới hành chính" in text


def test_the_overview_shows_it_and_keeps_what_was_known(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    address = reverse("overview", args=[world.province.code])
    text = client.get(address, {"on": "2018-01-31", "known": "now"}).content.decode()
    assert (
        f"{reverse('commune', args=[world.communes[0].code])}?on=2018-01-31&amp;known=now" in text
    )
    assert reverse("matrix", args=[world.province.code]) + "?on=2018-01-31&amp;known=now" in text


def test_the_command_places_every_province_once_and_says_how_well(world, capsys):
    for _ in range(2):
        call_command("schematics", on=JANUARY, report=True)
    first, *_, again = capsys.readouterr().out.strip().splitlines()
    assert "4 xã · chồng nhau 0 · cách xã lân cận" in first
    assert "huyện liền 1/1" in first
    assert "1 tỉnh, 0 sơ đồ xếp mới" in again
