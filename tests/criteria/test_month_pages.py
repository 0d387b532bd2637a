"""The pages of the head: the list of months, what is read before closing, closing, reopening."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.models import Role, UnitVersion
from criteria import months, recognition, sets
from criteria.models import Basis, CriteriaSet, MonthClosing
from criteria.months import review as month_review
from criteria.months import submitting
from criteria.rules.types import Outcome
from tests.criteria.reviewing import confirm, make_answering, make_person
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import make_commune

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


@pytest.fixture
def head(world: World) -> Client:
    client = Client()
    client.force_login(make_person(world.province, Role.HEAD, display_name="Chánh Văn phòng"))
    return client


def address(name: str, month: str = "2018-01") -> str:
    return reverse(name, args=["02", month])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def review(world: World, month=JANUARY) -> month_review.MonthReview:
    return month_review.review(world.province, month, by=make_person(world.province, Role.HEAD))


def test_the_page_says_who_is_missing_and_what_each_department_has_not_confirmed(world, head):
    make_answering(world, 2, name="Sở Xây dựng")
    make_answering(world, 2, name="Sở Nội vụ")
    first, second, _ = world.communes
    for commune in (first, second):
        world.save(commune, "2", verdict=MET)
    submitting.submit(commune=first, month=JANUARY, by=None)
    page = review(world)
    assert (page.submissions.sent, len(page.submissions.waited)) == (1, 2)
    assert [(one.department.name, one.waiting) for one in page.departments] == [
        ("Sở Nội vụ", 2),
        ("Sở Xây dựng", 2),
    ]
    assert (page.waiting, page.unconfirmed) == (2, 2)
    text = text_of(head.get(address("month")))
    assert "2/3 xã</em> chưa gửi, <em>2 lượt</em> chưa xác nhận" in text
    assert "chưa có tài khoản cán bộ xã" in text


def test_falls_jumps_and_all_changes_since_the_month_before_are_named(world, head):
    first, second, third = world.communes
    for commune in (first, second):
        world.save(commune, "2", verdict=MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(first, "2", verdict=NOT_MET)
    world.save(third, "2", verdict=MET)
    world.save(third, "1.1", 85)
    world.save(third, "1.2", verdict=MET)
    recognition.recognise(
        units=[third.unit],
        tier="standard",
        set_version=sets.version_in_force(CriteriaSet.objects.get(), FEBRUARY),
        number="12/QĐ-UBND",
        decided_on=FEBRUARY,
        year=2018,
        by=None,
    )
    page = review(world, FEBRUARY)
    assert [(row.version, row.move.change) for row in page.since.communes] == [
        (first, -1),
        (third, 2),
    ]
    assert page.since.recognised == [third]
    assert page.average_jumps is False
    assert page.falls == []
    assert page.adds_up
    text = text_of(head.get(address("month", "2018-02")))
    assert f"<b>1 xã giảm số tiêu chí đạt</b>: {first.full_name} 1 → 0" in text
    assert "Xã được công nhận tăng 1" in text


def test_brackets_that_do_not_add_up_are_said_so(world, head, monkeypatch):
    monkeypatch.setattr(month_review.MonthReview, "in_brackets", 2)
    assert "<b>không bằng 3 xã của tỉnh</b>" in text_of(head.get(address("month")))


def test_a_month_is_closed_after_a_summary_on_the_chosen_basis_and_reopened_with_a_reason(
    world, head
):
    world.save(world.communes[0], "2", verdict=MET)
    summary = text_of(head.get(address("close_month")))
    assert "Chốt số liệu tháng <em>01/2018</em>" in summary
    assert MonthClosing.objects.count() == 0
    assert head.post(address("close_month"), {}).status_code == 422
    data = {"basis": "confirmed", "request_id": uuid4()}
    closed = text_of(head.post(address("close_month"), data, follow=True))
    assert "Đã giữ nguyên kết quả của 3 xã" in closed
    assert "Chánh Văn phòng" in closed
    assert MonthClosing.objects.get().basis == Basis.CONFIRMED
    assert head.post(address("close_month"), data).status_code == 302, "sent twice, closed once"
    assert MonthClosing.objects.count() == 1
    again = head.post(address("close_month"), {"basis": "reported", "request_id": uuid4()})
    assert "đã chốt. Muốn sửa" in text_of(again)
    assert head.post(address("reopen_month"), {"reason": " "}).status_code == 422
    why = {"reason": "Xã gửi nhầm", "request_id": uuid4()}
    assert "“Xã gửi nhầm”" in text_of(head.post(address("reopen_month"), why, follow=True))
    listed = text_of(head.get(reverse("months", args=["02"])))
    assert "Mở lại" in listed
    assert "0<small>/3</small>" in listed


def test_months_that_never_were_open_are_not_found(head):
    for month in ("2017-12", "2018-02", "thang-1", "2018-13"):
        assert head.get(address("month", month)).status_code == 404


def test_confirmed_results_leave_the_list_of_their_department(world):
    make_answering(world, 2)
    world.save(world.communes[0], "2", verdict=MET)
    assert review(world).waiting == 1
    confirm(world, world.communes[0], number=2)
    assert review(world).waiting == 0


def test_the_pages_ask_no_more_questions_for_more_communes(world, head):
    counts = []
    for _ in range(2):
        for commune in world.communes:
            world.save(commune, "2", verdict=MET)
        with CaptureQueriesContext(connection) as asked:
            head.get(address("month"))
            head.get(reverse("months", args=["02"]))
        counts.append(len(asked))
        district = world.communes[0].parent_id
        parent = UnitVersion.objects.get(unit_id=district)
        world.communes[:] = [make_commune(parent=parent) for _ in range(3)]
    assert counts[1] <= counts[0]
