"""A commune sends in its month, changed or not; late is who has not when the deadline passed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from communes.models import Change, Role
from criteria import months
from criteria.models import Assessment, MonthClosing, Submission, SubmissionReminder
from criteria.months import lateness, reminding, submitting
from criteria.months.commune_month import commune_month
from criteria.months.submitting import SubmissionRefused
from criteria.rules.types import Outcome
from criteria.simulation import submissions
from tests.criteria.reviewing import make_person
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world

pytestmark = pytest.mark.django_db
MET = Outcome.MET


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def submit(world: World, commune=None, month=JANUARY, **how):
    return submitting.submit(
        commune=commune or world.communes[0], month=month, by=world.officer, **how
    )


def send_back(world: World, reason="Thiếu minh chứng", month=JANUARY):
    submitting.return_submission(
        commune=world.communes[0], month=month, reason=reason, by=world.officer
    )


def close(world: World, month: date) -> None:
    months.close(province=world.province.unit, month=month, by=None)


def test_a_submission_says_how_many_cells_changed_since_the_one_before(world):
    first = world.communes[0]
    world.save(first, "2", verdict=MET)
    world.save(first, "1.1", 85)
    assert submit(world).changed == 2
    close(world, JANUARY)
    world.save(first, "1.1", 90)
    assert submit(world, month=FEBRUARY).changed == 1


def test_nothing_changed_is_the_same_act_and_writes_once(world):
    request = uuid4()
    assert submit(world, request_id=request) == submitting.Submitted(changed=0, written=True)
    assert not submit(world, request_id=request).written
    assert not submit(world).written
    assert Submission.objects.count() == 1


def test_what_is_saved_after_a_submission_is_listed_until_it_is_sent_in_too(world):
    first = world.communes[0]
    submit(world)
    world.save(first, "1.1", 85)
    page = commune_month(first, JANUARY)
    assert page.sent
    assert [one.indicator.code for one in page.changed] == ["1.1"]
    clock = world.province.unit.clock_id
    ids = [one.unit_id for one in world.communes]
    assert lateness.saved_after_sending(clock, ids, JANUARY) == {first.unit_id: 1}
    assert submit(world).written
    assert commune_month(first, JANUARY).changed == []
    assert lateness.saved_after_sending(clock, ids, JANUARY) == {}


def test_a_month_that_came_back_is_waited_for_until_it_is_sent_in_again(world):
    submit(world)
    send_back(world)
    page = commune_month(world.communes[0], JANUARY)
    assert page.came_back is not None
    assert page.came_back.reason == "Thiếu minh chứng"
    assert lateness.submissions(world.province, JANUARY, today=JANUARY).sent_back == 1
    assert submit(world).written
    assert commune_month(world.communes[0], JANUARY).sent


def test_acts_that_are_refused_write_nothing_and_say_why(world):
    with pytest.raises(SubmissionRefused, match="không có số liệu tháng 01/2018 đã gửi"):
        send_back(world)
    with pytest.raises(SubmissionRefused, match="không phải tháng đang mở"):
        submit(world, month=FEBRUARY)
    submit(world)
    with pytest.raises(SubmissionRefused, match="lý do"):
        send_back(world, reason="  ")
    close(world, JANUARY)
    with pytest.raises(SubmissionRefused, match="đã chốt"):
        submit(world)
    with pytest.raises(SubmissionRefused, match="đã chốt"):
        send_back(world)
    assert Submission.objects.count() == 1
    assert Change.objects.filter(action__startswith="submissions.").count() == 1


def test_a_reopened_month_can_be_sent_in_again(world):
    close(world, JANUARY)
    assert months.open_months(world.province.unit) == [FEBRUARY]
    months.reopen(closing=MonthClosing.objects.get(), reason="Sai số", by=None)
    assert months.open_months(world.province.unit) == [JANUARY, FEBRUARY]
    assert submit(world).written


def test_the_submission_of_december_is_that_of_the_years_sheet(world):
    for number in range(1, 12):
        close(world, months.month_end(date(2018, number, 1)))
    submit(world, month=date(2018, 12, 31))
    sheet = Assessment.objects.get()
    assert (sheet.unit_id, sheet.year) == (world.communes[0].unit_id, 2018)
    assert sheet.set_id == world.asked.set_id


@pytest.mark.parametrize(("day", "last"), [(31, 31), (25, 25)])
def test_the_deadline_is_a_day_of_the_month_or_its_end(settings, day, last):
    settings.SUBMIT_BY_DAY = day
    assert submitting.deadline(JANUARY) == date(2018, 1, last)
    assert submitting.deadline(FEBRUARY) == date(2018, 2, min(last, 28))


def test_late_is_who_has_not_sent_in_when_the_deadline_has_passed(world, settings):
    officer = make_person(world.communes[1], Role.COMMUNE, display_name="Cán bộ Má Lé")
    submit(world)
    settings.SUBMIT_BY_DAY = 25
    assert not lateness.submissions(world.province, JANUARY, today=date(2018, 1, 25)).late
    found = lateness.submissions(world.province, JANUARY, today=date(2018, 1, 26))
    assert (found.late, found.sent, found.communes) == (True, 1, 3)
    assert [one.officers for one in found.waited] == [(officer,), ()]


def test_a_commune_is_reminded_once_before_the_deadline_and_once_a_day_after_it(world, settings):
    settings.REMIND_DAYS_BEFORE, settings.SUBMIT_BY_DAY = 3, 31
    settings.SITE_URL = "https://ntm.example.vn"
    first = world.communes[0]
    make_person(first, Role.COMMUNE, username="co-thu", email="xa@example.vn")
    make_person(world.communes[1], Role.COMMUNE, username="demo-xa", email="")
    assert reminding.remind(on=date(2026, 1, 5)) == 1
    assert reminding.remind(on=date(2026, 1, 5)) == 0
    assert reminding.remind(on=date(2026, 1, 6)) == 0, "before the deadline one letter is enough"
    (letter,) = mail.outbox
    assert letter.to == ["xa@example.vn"]
    assert "Sắp đến hạn gửi số liệu tháng 01/2018" in letter.subject
    assert f"https://ntm.example.vn/communes/{first.code}/month/?month=2018-01" in letter.body
    settings.SUBMIT_BY_DAY = 25
    assert [reminding.remind(on=date(2026, 1, day)) for day in (7, 7, 8)] == [1, 0, 1]
    assert "đã quá 6 ngày" in mail.outbox[-1].body
    submit(world)
    assert reminding.remind(on=date(2026, 1, 9)) == 0


def test_a_letter_that_no_server_takes_is_tried_again(world, settings):
    make_person(world.communes[0], Role.COMMUNE, email="xa@example.vn")
    settings.MAILERS = {"default": {"BACKEND": "tests.communes.people.no_mail.EmailBackend"}}
    assert reminding.remind(on=date(2026, 1, 5)) == 0
    assert not SubmissionReminder.objects.exists()


def test_the_page_of_the_month_says_what_changed_and_sends_it_in_one_click(world, client):
    first = world.communes[0]
    world.save(first, "1.1", 85)
    client.force_login(make_person(first, Role.COMMUNE))
    address = reverse("commune_month", args=[first.code])
    text = " ".join(client.get(address).content.decode().split())
    assert "Chưa gửi số liệu tháng 01/2018" in text
    assert "Gửi số liệu tháng 01/2018: 1 ô thay đổi" in text
    assert "2 ô chưa đánh giá" in text
    data = {"month": "2018-01", "request_id": uuid4()}
    answer = client.post(reverse("submit_month", args=[first.code]), data, follow=True)
    text = " ".join(answer.content.decode().split())
    assert "Đã gửi số liệu tháng 01/2018: 1 ô thay đổi." in text
    assert client.get(address, {"month": "2018-02"}).status_code == 404
    assert client.get(address, {"month": "hôm nay"}).status_code == 404


def test_the_demos_communes_send_in_the_open_month_and_not_that_of_an_officer(world, monkeypatch):
    monkeypatch.setattr(submissions, "LATE", 0)
    province = world.province.unit
    make_person(world.communes[0], Role.COMMUNE)
    for _ in range(2):
        submissions.send_in_the_open_month(province, code="02", by=world.officer)
    sent = Submission.objects.filter(month=JANUARY)
    assert sent.count() == 2
    assert not sent.filter(unit=world.communes[0].unit).exists()
    change = sent.first().change
    assert (change.backdated, change.reason) == (True, "Số liệu mô phỏng")


def test_no_submission_is_invented_for_a_real_office():
    world = make_world(simulated=False)
    submissions.send_in_the_open_month(world.province.unit, code="02", by=world.officer)
    assert not Submission.objects.exists()
