"""Pasting a list of attributes: preview, apply, undo, and what stays untouched."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communes.models import Assignment, Change, Role, UnitAttribute, User
from criteria import check, months
from criteria.figures import figures
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db
PAGE = "/units/02/attributes/"


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


@pytest.fixture
def office(client, world) -> User:
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    return user


def text(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def send(client, act, listed, **how):
    given = {
        "key": "khu_vuc",
        "source": "Quyết định 861/QĐ-TTg",
        "default_first": "2018-01-01",
        "text": listed,
        "request_id": str(uuid4()),
        "act": act,
    }
    return client.post(PAGE, given | how)


def apply(client, listed, **how):
    shown = send(client, "preview", listed, **how)
    return send(client, "apply", listed, seen=shown.context["plan"].fingerprint, **how)


def test_the_preview_writes_nothing_and_names_bad_lines_by_number(client, office, world):
    code = world.communes[0].code
    shown = send(client, "preview", f"{code}\tIII\n\nKhông Có\tI\n<script>x</script>\tI")
    assert "1 mới, 2 dòng lỗi" in text(shown)
    assert [row.line.number for row, _, _ in shown.context["rows"]] == [1, 3, 4]
    assert "<script>x" not in shown.content.decode()
    assert 'value="apply"' not in shown.content.decode()
    assert not UnitAttribute.objects.filter(key="khu_vuc").exists()


def test_it_is_applied_as_one_act_and_undone_as_one(client, office, world):
    listed = "\n".join(f"{commune.code}\tIII" for commune in world.communes)
    assert apply(client, listed).status_code == 302
    assert UnitAttribute.objects.filter(key="khu_vuc", value="III").count() == 3
    assert Change.objects.filter(action="attributes.apply").count() == 1
    page = client.get(PAGE)
    (act,) = page.context["acts"]
    assert (act.units, act.undoable, act.change.by) == (3, True, office)
    undo = reverse("undo_unit_attributes", args=["02", act.change.pk])
    assert client.post(undo, {"request_id": str(uuid4())}).status_code == 302
    assert not UnitAttribute.objects.filter(key="khu_vuc").exists()
    answer = client.post(undo, {"request_id": str(uuid4())})
    assert answer.status_code == 422
    assert "Không hoàn tác được" in text(answer)


def test_an_uploaded_file_goes_through_the_same_preview(client, office, world):
    listed = f"Mã;Khu vực\n{world.communes[0].code};II\n"
    file = SimpleUploadedFile("danh sách.csv", listed.encode("utf-8-sig"))
    shown = send(client, "preview", "", file=file)
    assert shown.context["counts"] == {"new": 1}
    carried = shown.context["text"]
    answer = send(client, "apply", carried, seen=shown.context["plan"].fingerprint)
    assert answer.status_code == 302
    assert UnitAttribute.objects.get(key="khu_vuc").value == "II"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"listed": ""}, "Chưa có dòng nào"),
        ({"listed": "x\tI", "source": " "}, "văn bản làm căn cứ"),
        ({"listed": "Mã\tTên\nx\ty"}, "Dòng tiêu đề"),
        ({"listed": "x\tI", "key": "boom"}, "boom"),
        ({"listed": "x\tI", "default_first": "hôm nay"}, "Ngày chưa đúng"),
    ],
)
def test_a_form_that_cannot_be_read_keeps_what_was_typed(client, office, how, says):
    answer = send(client, "preview", **how)
    assert answer.status_code == 422
    assert says in text(answer)
    if how["listed"]:
        assert how["listed"].split()[0] in answer.content.decode()


def test_what_somebody_changed_meanwhile_is_shown_anew(client, office, world):
    code = world.communes[0].code
    seen = send(client, "preview", f"{code}\tIII").context["plan"].fingerprint
    apply(client, f"{code}\tI")
    answer = send(client, "apply", f"{code}\tIII", seen=seen)
    assert answer.status_code == 409
    assert "vừa được người khác sửa" in text(answer)
    assert UnitAttribute.objects.get(key="khu_vuc").value == "I"


def test_the_programme_flag_moves_the_open_month_and_no_closed_one(client, office, world):
    months.close(province=world.province.unit, month=JANUARY, by=office)
    listed = f"{world.communes[0].code}\tkhông"
    shown = send(client, "preview", listed, key="in_programme")
    assert "1 tháng đã chốt từ ngày đó giữ nguyên danh sách xã" in text(shown)
    apply(client, listed, key="in_programme")
    assert figures(world.province, JANUARY).reported.communes == 3
    assert figures(world.province, FEBRUARY).reported.communes == 2
    assert check.check_all().differences == []


def test_a_list_of_another_province_cannot_be_undone_here(client, office, world):
    apply(client, f"{world.communes[0].code}\tIII")
    change = Change.objects.get(action="attributes.apply")
    other = Change.objects.exclude(pk=change.pk).first()
    answer = client.post(
        reverse("undo_unit_attributes", args=["02", other.pk]), {"request_id": str(uuid4())}
    )
    assert answer.status_code == 404
