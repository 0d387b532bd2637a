"""The entry sheet as a browser uses it: one cell saved, its row and the counts come back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria.models import Result
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_commune, make_district, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(client) -> World:
    world = make_world(parts={"3.1": {"hygienic": ">= 90", "clean": ">= 50"}}, criteria=SET)
    user = make_user(display_name="Cán bộ xã")
    unit = world.communes[0].unit
    Assignment.objects.create(user=user, role=Role.COMMUNE, unit=unit, valid=ALWAYS)
    client.force_login(user)
    return world


SET = {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {"3.1": ">= 90"}}


def post(client, world, code, *, htmx=True, **data):
    address = reverse("save_cell", args=[world.communes[0].code, code])
    return client.post(address, data, headers=HTMX if htmx else {})


def test_a_save_answers_with_the_row_and_the_new_counts(client, world):
    answer = post(client, world, "2", verdict="met", seen="", request_id=str(uuid4()))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="row-2"' in text
    assert "1/3" in text
    assert "hx-swap-oob" in text
    assert "<html" not in text


def test_without_javascript_the_page_comes_back_at_the_row(client, world):
    answer = post(client, world, "2", htmx=False, verdict="met")
    assert answer.status_code == 302
    assert answer.url.endswith("/entry/#row-2")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("abc", "không phải là số"),
        ("120", "vượt quá 100%"),
        ("120 %", "vượt quá 100%"),
        ("-3", "số âm"),
        ("1,23456", "4 chữ số thập phân"),
        ("٣", "không phải là số"),
    ],
)
def test_a_bad_value_is_refused_at_its_cell_and_the_old_one_kept(client, world, typed, why):
    world.save(world.communes[0], "1.1", 85)
    seen = Result.objects.get().pk
    answer = post(client, world, "1.1", value=typed, seen=seen)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert why in text
    assert 'id="row-1-1"' in text
    assert "85" in text
    assert Result.objects.get().value == 85


@pytest.mark.parametrize(
    ("typed", "stored"), [("85", "85"), ("85,5", "85.5"), ("85.5", "85.5"), (" 85 % ", "85")]
)
def test_numbers_are_read_as_people_write_them(client, world, typed, stored):
    assert post(client, world, "1.1", value=typed).status_code == 200
    assert str(Result.objects.get().value.normalize()) == stored


def test_two_figures_of_one_indicator_are_saved_together(client, world):
    only_one = post(client, world, "3.1", **{"value-hygienic": "95"})
    assert (only_one.status_code, Result.objects.count()) == (422, 0)
    both = post(client, world, "3.1", **{"value-hygienic": "95", "value-clean": "40"})
    assert both.status_code == 200
    assert Result.objects.get().verdict == "not_met"


def test_a_conflict_shows_what_the_other_person_stored(client, world):
    world.save(world.communes[0], "1.1", 85)
    answer = post(client, world, "1.1", value="90", seen="")
    assert answer.status_code == 409
    assert "85" in answer.content.decode()
    assert Result.objects.get().value == 85


def test_an_unknown_indicator_is_not_found(client, world):
    assert post(client, world, "9.9", value="1").status_code == 404


def test_the_page_names_every_indicator_and_what_is_unverified(client):
    world = make_world(unverified=["1.1"])
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    text = client.get(reverse("entry", args=[world.communes[0].code])).content.decode()
    for code in ("1.1", "1.2", "2"):
        assert f'id="row-{code.replace(".", "-")}"' in text
    assert "chưa đối chiếu với văn bản" in text
    assert "UBND tỉnh quy định" in text
    assert "SỐ LIỆU MÔ PHỎNG" in text


def test_a_note_with_markup_is_shown_as_text(client, world):
    post(client, world, "2", verdict="met", note="<script>alert(1)</script>")
    text = client.get(reverse("entry", args=[world.communes[0].code])).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_a_township_outside_the_programme_is_not_entered(client):
    world = make_world()
    township = make_commune(
        parent=make_district(province=world.province, code="027"), kind="thi_tran"
    )
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    address = reverse("entry", args=[township.code])
    told = client.get(address)
    assert told.status_code == 422
    assert "không tham gia Chương trình" in told.content.decode()
    saved = client.post(reverse("save_cell", args=[township.code, "2"]), {"verdict": "met"})
    assert saved.status_code == 404
    page = client.get(reverse("commune", args=[township.code]))
    assert address not in page.content.decode()
