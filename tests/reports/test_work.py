"""Việc của tôi: what each role finds there, in which order, and in how many queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.models import Assignment, Role, UnitVersion, User
from criteria import months
from criteria.months import submitting
from criteria.rules.types import Outcome
from tests.criteria.reviewing import make_answering, make_person, send_back
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_commune, make_user

pytestmark = pytest.mark.django_db
MET = Outcome.MET


@pytest.fixture
def world(settings) -> World:
    settings.SUBMIT_BY_DAY = 25
    return make_world(communes=3)


def titles(user: User) -> list[str]:
    return [task.title for task in page(user).context["work"].tasks]


def page(user: User):
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("work"))
    assert answer.status_code == 200
    return answer


def test_an_officer_finds_first_what_came_back_then_the_month_then_the_empty_cells(world):
    make_answering(world, 2)
    first = world.communes[0]
    officer = make_person(first, Role.COMMUNE)
    world.save(first, "2", verdict=MET)
    send_back(world, first, number=2, reason="Thiếu biên bản")
    assert titles(officer) == [
        "Sửa tiêu chí 2 Tiêu chí 2: bị trả lại",
        "Gửi số liệu tháng 01/2018",
        "Đánh giá 2 ô chưa đánh giá",
    ]
    text = page(officer).content.decode()
    assert "Thiếu biên bản" in text
    assert "quá hạn 6 ngày" in text


def test_a_month_that_came_back_is_sent_in_again_and_later_cells_too(world):
    first = world.communes[0]
    officer = make_person(first, Role.COMMUNE)
    submitting.submit(commune=first, month=JANUARY, by=officer)
    submitting.return_submission(commune=first, month=JANUARY, reason="Sai số", by=None)
    assert titles(officer)[0] == "Gửi lại số liệu tháng 01/2018: bị trả lại"
    submitting.submit(commune=first, month=JANUARY, by=officer)
    world.save(first, "2", verdict=MET)
    assert titles(officer)[0] == "Gửi bổ sung tháng 01/2018: 1 ô nhập sau khi gửi"


def test_a_department_finds_its_criteria_with_the_communes_that_wait(world):
    department = make_answering(world, 2)
    make_answering(world, 1, name="Sở Y tế")
    for commune in world.communes[:2]:
        world.save(commune, "2", verdict=MET)
        world.save(commune, "1.1", 85)
    assert titles(make_person(world.province, Role.DEPARTMENT, department)) == [
        "Xác nhận tiêu chí 2 Tiêu chí 2: 2 xã chờ"
    ]


def test_the_office_and_its_head_find_who_is_late_and_what_to_close(world):
    make_answering(world, 2)
    world.save(world.communes[0], "2", verdict=MET)
    submitting.submit(commune=world.communes[0], month=JANUARY, by=None)
    office = titles(make_person(world.province, Role.OFFICE))
    assert office == [
        "2/3 xã chậm gửi số liệu tháng 01/2018",
        "Chánh Văn phòng chốt số liệu tháng 01/2018",
        "1 sở, ngành còn 1 lượt chờ xác nhận",
    ]
    assert titles(make_person(world.province, Role.HEAD))[1] == "Chốt số liệu tháng 01/2018"


def test_an_administrator_finds_accounts_that_cannot_sign_in_and_communes_without_any(world):
    admin = make_person(world.province, Role.ADMIN)
    admin.set_password("x")
    admin.save()
    locked, invited = make_user(is_active=False), make_user(display_name="Người mới")
    for user in (locked, invited):
        user.set_unusable_password()
        user.save()
        Assignment.objects.create(
            user=user, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
        )
    assert titles(admin) == [
        "1 người chưa đặt mật khẩu",
        "1 tài khoản đang khóa",
        "2/3 xã chưa có tài khoản cán bộ xã",
    ]


def test_a_committee_is_told_that_it_has_nothing_to_do_and_led_to_the_figures(world):
    text = page(make_person(world.province, Role.COMMITTEE)).content.decode()
    assert "tài khoản của bạn chỉ xem số liệu" in text
    assert 'href="/overview/02/"' in text
    assert "Việc của tôi</a>" not in text


def test_whoever_has_done_all_is_told_so(world):
    officer = make_person(world.communes[0], Role.COMMUNE)
    for code, how in (("1.1", {"value": 85}), ("1.2", {"verdict": MET}), ("2", {"verdict": MET})):
        world.save(world.communes[0], code, **how)
    submitting.submit(commune=world.communes[0], month=JANUARY, by=officer)
    assert "Không còn việc nào chờ bạn" in page(officer).content.decode()


@pytest.mark.parametrize("role", [Role.HEAD, Role.DEPARTMENT, Role.ADMIN])
def test_the_list_asks_no_more_questions_for_more_communes(world, role):
    department = make_answering(world, 1, 2)
    user = make_person(world.province, role, department if role == Role.DEPARTMENT else None)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    district = UnitVersion.objects.get(unit_id=world.communes[0].parent_id)
    counts = []
    for communes in (world.communes, [make_commune(parent=district) for _ in range(4)]):
        for commune in communes:
            world.save(commune, "2", verdict=MET)
        page(user)
        with CaptureQueriesContext(connection) as asked:
            page(user)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 60
