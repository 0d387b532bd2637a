"""The sheet of one criterion over all communes: each cell saves by itself, blocks and undo."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria import evidence
from criteria.figures import figures
from criteria.models import Result
from criteria.returns import returned_units, returns_now
from criteria.rules.types import Outcome
from tests.criteria import papers
from tests.criteria.reviewing import confirm, make_answering, send_back
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_commune, make_district, make_province, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SET = {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {"3.1": ">= 90"}, 4: {}}


@pytest.fixture
def world(client) -> World:
    world = make_world(
        communes=3, criteria=SET, parts={"3.1": {"hygienic": ">= 90", "clean": ">= 50"}}
    )
    user = make_user(display_name="Cán bộ Văn phòng")
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    return world


def grid(client, number=1, **query):
    return client.get(reverse("entry_grid", args=["02", "nho", number], query=query))


def save(client, world, code="1.1", *, n=0, number=1, **data):
    address = reverse("save_grid_cell", args=["02", "nho", number, world.communes[n].code, code])
    return client.post(address, {"seen": "", **data}, headers=HTMX)


def post(client, name, number=1, *, htmx=True, **data):
    address = reverse(name, args=["02", "nho", number])
    return client.post(address, data, headers=HTMX if htmx else {})


def key(world, n=0, code="1.1"):
    return f"{world.communes[n].unit_id}-{world.indicator(code)}"


def test_the_sheet_shows_every_commune_with_level_and_last_years_value(client, world):
    world.save(world.communes[0], "1.1", 71.5, true_from=date(2017, 12, 31))
    world.save(world.communes[1], "1.1", 90)
    text = grid(client).content.decode()
    for n in range(3):
        assert f'data-cell="{key(world, n)}"' in text
        assert f'data-cell="{key(world, n, "1.2")}"' in text
    assert "2017: 71,5 · chưa đánh giá lại 2018" in text
    assert "≥ 80" in text
    assert "1/3" not in text
    only = grid(client, indicator="1.2").content.decode()
    assert (key(world) in only, key(world, 0, "1.2") in only) == (False, True)
    district = world.communes[0].parent
    named = district.versions.get().code
    assert key(world) in grid(client, district=named).content.decode()
    assert grid(client, district="999").status_code == 404
    assert grid(client, indicator="9").status_code == 404
    assert grid(client, number=9).status_code == 404
    chosen = client.get(reverse("entry_choose", args=["02"])).content.decode()
    assert reverse("entry_grid", args=["02", "nho", 4]) in chosen
    assert key(world, 0, "4*") in grid(client, number=4).content.decode()


def test_a_cell_shows_how_much_evidence_it_has_before_and_after_a_save(
    client, world, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    world.save(world.communes[0], "1.1", 85)
    result = Result.objects.get()
    evidence.attach(result=result, file=BytesIO(papers.PDF), name="a.pdf", by=world.officer)
    text = grid(client).content.decode()
    address = reverse("evidence", args=[world.communes[0].code, "1.1"]) + "?set=nho"
    assert (text.count("minh chứng<"), f'<a href="{address}">1 minh chứng<' in text) == (1, True)
    assert client.get(address).status_code == 200
    saved = save(client, world, value="86", seen=result.pk).content.decode()
    assert f'<a href="{address}">1 minh chứng của kết quả trước<' in saved


def test_a_row_says_what_came_back_and_why_until_a_newer_result(client, world):
    first, second, third = world.communes
    for commune in world.communes:
        world.save(commune, "1.1", 85)
    confirm(world, second, number=1)
    department = make_answering(world, 1)
    send_back(world, first, third, number=1, reason="Thiếu ảnh <1>", department=department)
    world.save(third, "1.2", verdict=Outcome.MET)
    text = grid(client).content.decode()
    place = f'<span class="back" id="b-{first.unit_id}"'
    assert f'{place}><b class="sent-back">Trả lại:</b> “Thiếu ảnh &lt;1&gt;”' in text
    assert f'<a href="#row-{first.unit_id}">{first.name}</a>' in text
    assert (text.count("sent-back"), text.count("Sở Xây dựng, ")) == (1, 1)
    told = [world.communes[n].unit_id for n in range(3) if _is_returned(world, n)]
    assert told == [first.unit_id]
    send_back(world, second, number=1)  # takes the confirmation back
    send_back(world, third, number=1)
    assert [_is_returned(world, n) for n in range(3)] == [True, True, True]
    world.save(second, "1.1", 90, true_from=date(2017, 12, 31))
    confirm(world, third, number=1)
    assert [_is_returned(world, n) for n in range(3)] == [True, True, False]
    seen = Result.objects.get(unit=first.unit).pk
    saved = save(client, world, value="86", seen=seen).content.decode()
    assert f'{place} hx-swap-oob="true"></span>' in saved
    assert not _is_returned(world, 0)


def _is_returned(world, n) -> bool:
    """By the one query of the sheet, held against what the other pages say."""
    criterion, unit_id = world.asked.criteria[0], world.communes[n].unit_id
    now = unit_id in returns_now(criterion, [one.unit_id for one in world.communes])
    answer = figures(world.province, JANUARY)
    assert now == (unit_id in returned_units(answer, criterion, [unit_id]))
    return now


def test_the_sheet_asks_no_more_for_many_communes(client, world, django_assert_max_num_queries):
    district = world.communes[0].parent.versions.get()
    for _ in range(20):
        make_commune(parent=district)
    world.save(world.communes[0], "1.1", 71.5)
    grid(client)
    with django_assert_max_num_queries(29):
        grid(client)


def test_a_cell_saves_by_itself_and_the_counts_come_back(client, world):
    save(client, world, value="85", request_id=str(uuid4()))
    answer = save(client, world, "1.2", verdict="met")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1/3" in text
    assert f'id="o-{world.communes[0].unit_id}" hx-swap-oob="true"' in text
    assert 'data-state="saved"' in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("number", "code", "data", "status", "why"),
    [
        (1, "1.1", {"value": "120"}, 422, "vượt quá 100%"),
        (1, "1.1", {"value": "một"}, 422, "không phải là số"),
        (1, "1.1", {"value": "85", "month": "2017-12-31"}, 422, "gõ khi đang nhập tháng 12/2017"),
        (1, "1.1", {"value": "85", "user": "0"}, 401, "tài khoản khác"),
        (1, "9.9", {"value": "85"}, 404, ""),
        (2, "2", {}, 422, "Hãy chọn Đạt"),
        (3, "3.1", {"value-hygienic": "95"}, 422, "nhập đủ"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_reason(
    client, world, number, code, data, status, why
):
    answer = save(client, world, code, number=number, **data)
    assert answer.status_code == status
    assert why in answer.content.decode()
    assert not Result.objects.exists()


def test_a_commune_of_another_province_is_not_found(client, world):
    other = make_province(code="20", name="Tỉnh khác")
    stranger = make_commune(parent=make_district(province=other, code="180"))
    address = reverse("save_grid_cell", args=["02", "nho", 1, stranger.code, "1.1"])
    assert client.post(address, {"value": "85"}).status_code == 404
    crafted = json.dumps([[stranger.unit_id, world.indicator("1.1"), "85", None]])
    refused = post(client, "apply_grid_block", cells=crafted)
    assert refused.status_code == 422
    assert "không thuộc bảng này" in refused.content.decode()
    for broken in ("", "{}", "[[1]]", '[["a", "b", "c", "d"]]', "<script>"):
        assert post(client, "apply_grid_block", cells=broken).status_code == 422
    assert not Result.objects.exists()


def test_the_second_of_two_sees_both_values_and_who(client, world):
    world.officer.display_name = "Cán bộ xã"
    world.officer.save()
    world.save(world.communes[0], "1.1", 85)
    answer = save(client, world, value="90")
    text = answer.content.decode()
    assert answer.status_code == 409
    for said in ("Cán bộ xã vừa ghi 85", "Số của bạn: <b>90</b>", "Vẫn lưu số của tôi"):
        assert said in text
    seen = Result.objects.get().pk
    assert f'data-seen="{seen}"' in text
    assert save(client, world, value="90", seen=seen).status_code == 200


def test_a_row_is_saved_without_scripts(client, world):
    first, second = world.indicator("1.1"), world.indicator("1.2")
    address = reverse("save_grid_row", args=["02", "nho", 1, world.communes[0].code])
    fields = {f"{first}-value": "85", f"{second}-verdict": "met"}
    assert client.post(address, fields, follow=True).status_code == 200
    assert set(Result.objects.values_list("verdict", flat=True)) == {"met"}
    assert Result.objects.count() == 2
    told = client.post(address, {f"{first}-value": "120"}, follow=True).content.decode()
    assert "vượt quá 100%" in told
    assert Result.objects.count() == 2


def test_a_block_is_previewed_applied_once_and_taken_back(client, world):
    world.save(world.communes[2], "1.1", 99)
    preview = post(client, "preview_grid_block", at=key(world), text="85\tx\n120\tx\n90\tx\n")
    text = preview.content.decode()
    assert "5 ô" in text
    assert "vượt quá 100%" in text
    assert Result.objects.count() == 1
    context = preview.context
    sent = {"cells": context["cells"], "request_id": str(context["request_id"])}
    applied = post(client, "apply_grid_block", **sent)
    named = r"Xã \S+ \d+, 1.1: trống → 85 Đạt; Xã .*, 1.2: trống → Đạt; Xã .*, 1.2: trống → Đạt"
    assert re.fullmatch(rf"Đã ghi 5 ô: {named} và 2 ô khác\.", applied.content.decode())
    assert re.fullmatch(r"\d{1,2}:\d\d", applied["X-Saved-At"])
    assert post(client, "apply_grid_block", **sent).status_code == 200
    assert Result.objects.count() == 6
    undone = post(client, "undo_grid", request_id=str(uuid4()))
    assert "5 ô" in undone.content.decode()
    assert Result.objects.filter(void=True).count() == 5
    nothing = post(client, "undo_grid")
    assert (nothing.status_code, "không còn" in nothing.content.decode()) == (422, True)
    page = post(client, "preview_grid_block", htmx=False, at=key(world), text="85\n")
    assert "<html" in page.content.decode()


def test_a_block_that_meets_a_newer_value_lists_it_and_writes_nothing(client, world):
    preview = post(client, "preview_grid_block", at=key(world), text="85\n86\n")
    world.save(world.communes[1], "1.1", 70)
    answer = post(client, "apply_grid_block", cells=preview.context["cells"])
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "vừa ghi 70" in text
    assert Result.objects.count() == 1
    assert post(client, "apply_grid_block", cells=answer.context["cells"]).status_code == 200
    assert Result.objects.count() == 3


def test_a_block_and_an_undo_on_the_sheet_of_one_commune(client, world):
    code = world.communes[0].code
    hostile = "85\n<img src=x onerror=alert(1)>\nx\n"
    address = reverse("preview_block", args=[code])
    preview = client.post(address, {"at": key(world), "text": hostile}, headers=HTMX)
    text = preview.content.decode()
    assert "<img" not in text
    assert "&lt;img" in text
    apply = reverse("apply_block", args=[code])
    assert client.post(apply, {"cells": preview.context["cells"]}).url.endswith("/entry/")
    assert Result.objects.count() == 2
    told = client.post(reverse("undo_entry", args=[code]), headers=HTMX).content.decode()
    assert "lần lưu 2 ô" in told
    assert "1.1: 85 → trống; 2: Đạt → trống." in told


def test_a_level_that_rose_since_puts_the_cell_on_the_list(client):
    world = make_world(regions={"1.1": {"year:2017": 70, "year:2018": 90}})
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    commune = world.communes[0]
    world.save(commune, "1.1", 75, true_from=date(2017, 12, 31))
    pages = [reverse("entry", args=[commune.code]), reverse("entry_grid", args=["02", "nho", 1])]
    for page in pages:
        assert "cần đánh giá lại" in client.get(page).content.decode()
    world.save(commune, "1.1", 75)
    for page in pages:
        assert "cần đánh giá lại" not in client.get(page).content.decode()
