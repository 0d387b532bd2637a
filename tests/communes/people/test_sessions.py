"""How long a person stays signed in, on which devices, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes import people, sessions
from communes.models import Assignment, Device, Role, User
from tests.communes.people.office import PASSWORD, holding
from tests.factories import ALWAYS

pytestmark = pytest.mark.django_db
HOUR, DAY = 3600, 24 * 3600


def sign_in(user, *, remember=False, device=None, agent="Mozilla/5.0 (Windows NT 10.0)") -> Client:
    """A browser in which `user` has signed in; `device` names it for the committee."""
    client = Client(headers={"User-Agent": agent})
    data = {"username": user.username, "password": PASSWORD} | (
        {"remember": "on"} if remember else {}
    )
    assert client.post(reverse("sign_in"), data).status_code == 302
    if device:
        client.post(reverse("name_device"), {"name": device})
    return client


def cookie_age(client) -> int | str:
    return client.cookies["sessionid"]["max-age"]


def row(client) -> Session:
    return Session.objects.get(pk=client.session.session_key)


def lasts(client) -> float:
    """How long the server keeps the session, in seconds."""
    return (row(client).expire_date - timezone.now()).total_seconds()


def is_in(client) -> bool:
    return client.get(reverse("account")).status_code == 200


@pytest.fixture
def member(office) -> User:
    return holding(Role.COMMITTEE, office.province, username="member@hg.example.vn")


def test_a_session_ends_with_the_browser_and_after_twelve_hours(office):
    client = sign_in(office.officer)
    assert cookie_age(client) == ""
    assert 11.9 * HOUR < lasts(client) <= 12 * HOUR
    assert not Device.objects.exists()


def test_a_session_that_is_used_goes_on_written_every_ten_minutes_at_most(office):
    client = sign_in(office.officer)
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    is_in(client)
    assert lasts(client) < 1.1 * HOUR
    User.objects.update(last_login=timezone.now() - timedelta(hours=11))
    is_in(client)
    assert lasts(client) > 11.9 * HOUR
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    is_in(client)
    assert lasts(client) < 1.1 * HOUR


def test_a_session_that_is_not_used_for_twelve_hours_is_over(office):
    client = sign_in(office.officer)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_a_remembered_machine_stays_for_fourteen_days_and_is_listed(office):
    client = sign_in(office.officer, remember=True)
    assert 13.9 * DAY < cookie_age(client) <= 14 * DAY
    device = Device.objects.get()
    assert (device.name, device.kind) == ("Máy Windows", "remembered")
    assert "Máy Windows" in client.get(reverse("account")).content.decode()


def test_a_member_of_the_committee_names_the_device_and_stays_for_thirty_days(member):
    client = sign_in(member)
    assert cookie_age(client) == ""
    page = client.get(reverse("name_device"))
    assert "30 ngày" in page.content.decode()
    answer = client.post(reverse("name_device"), {"name": "iPad phòng họp", "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    assert 29.9 * DAY < cookie_age(client) <= 30 * DAY
    assert Device.objects.get().name == "iPad phòng họp"
    assert is_in(client)


def test_a_device_without_a_name_is_asked_for_one(member):
    client = sign_in(member)
    answer = client.post(reverse("name_device"), {"name": " "})
    assert answer.status_code == 422
    assert "Hãy đặt tên" in answer.content.decode()


def test_thirty_days_have_a_fixed_end_that_use_does_not_move(member):
    client = sign_in(member, device="iPad")
    User.objects.update(last_login=timezone.now() - timedelta(days=3))
    Device.objects.update(last_used_on=timezone.localdate() - timedelta(days=3))
    Device.objects.update(ends_at=timezone.now() + timedelta(days=27))
    before = row(client).expire_date
    assert is_in(client)
    assert abs((row(client).expire_date - before).total_seconds()) < 2
    assert Device.objects.get().last_used_on == timezone.localdate()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
def test_whoever_also_writes_does_not_stay_for_thirty_days(office, member, role):
    Assignment.objects.create(user=member, role=role, unit=office.province.unit, valid=ALWAYS)
    client = sign_in(member)
    assert client.get(reverse("name_device")).status_code == 302
    assert cookie_age(client) == ""


def test_a_role_that_writes_given_later_ends_the_thirty_days(office, member):
    client = sign_in(member, device="iPad")
    people.assign(
        user=member,
        role=Role.OFFICE,
        unit=office.province.unit,
        valid_from=timezone.localdate(),
        by=office.admin,
    )
    assert not is_in(client)


def test_a_person_ends_a_device_of_theirs_from_another(member):
    lost, kept = sign_in(member, device="iPad bị mất"), sign_in(member, device="Điện thoại")
    device = Device.objects.get(name="iPad bị mất")
    kept.post(reverse("end_my_device", args=[device.pk]))
    assert (is_in(lost), is_in(kept)) == (False, True)
    assert "iPad bị mất" not in kept.get(reverse("account")).content.decode()


def test_nobody_ends_a_device_of_somebody_else(office, member):
    client = sign_in(member, device="iPad")
    other = sign_in(office.officer)
    address = reverse("end_my_device", args=[Device.objects.get().pk])
    assert other.post(address).status_code == 404
    assert is_in(client)


def test_an_administrator_sees_and_ends_the_devices_of_a_person(office, member):
    client, admin = sign_in(member, device="iPad phòng họp"), sign_in(office.admin)
    page = admin.get(reverse("person", args=[member.pk])).content.decode()
    assert "iPad phòng họp" in page
    device = Device.objects.get()
    wrong_person = reverse("end_device", args=[office.officer.pk, device.pk])
    assert admin.post(wrong_person).status_code == 404
    assert admin.post(reverse("end_device", args=[member.pk, device.pk])).status_code == 302
    assert not is_in(client)


def test_signing_out_takes_the_device_off_the_list(member):
    client = sign_in(member, device="iPad")
    client.post(reverse("sign_out"))
    assert not Device.objects.in_use().exists()


def test_a_locked_account_is_out_at_once_everywhere(office, member):
    plain, device = sign_in(office.officer), sign_in(member, device="iPad")
    for user in (office.officer, member):
        people.deactivate(user=user, by=office.admin)
    assert (is_in(plain), is_in(device)) == (False, False)
    assert not Device.objects.in_use().exists()


def test_changing_the_password_ends_the_other_sessions_and_not_this_one(office):
    here = sign_in(office.officer, remember=True)
    plain, remembered = sign_in(office.officer), sign_in(office.officer, remember=True)
    new = {"old": PASSWORD, "first": "một câu rất dài", "second": "một câu rất dài"}
    assert here.post(reverse("change_password"), new).status_code == 302
    assert [is_in(client) for client in (here, plain, remembered)] == [True, False, False]
    assert Device.objects.in_use().count() == 1
    # The session has a new key, and its device still ends it.
    sessions.end(list(Device.objects.in_use()))
    assert not is_in(here)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"old": "sai"}, "Mật khẩu hiện nay chưa đúng"),
        ({"second": "một câu khác hẳn"}, "không giống nhau"),
        ({"first": "ngắn", "second": "ngắn"}, "ít nhất 10 ký tự"),
        ({"first": "password123", "second": "password123"}, "quá phổ biến"),
        ({"first": "officer@hg.example", "second": "officer@hg.example"}, "quá giống tên"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_vietnamese(office, new, said):
    good = {"old": PASSWORD, "first": "một câu rất dài", "second": "một câu rất dài"}
    answer = sign_in(office.officer).post(reverse("change_password"), good | new)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_guessing_the_present_password_locks_like_signing_in(office):
    client = sign_in(office.officer)
    wrong = {"old": "sai", "first": "một câu rất dài", "second": "một câu rất dài"}
    for _ in range(5):
        client.post(reverse("change_password"), wrong)
    right = wrong | {"old": PASSWORD}
    answer = client.post(reverse("change_password"), right, follow=True)
    assert "sai nhiều lần" in answer.content.decode()
    assert User.objects.get(pk=office.officer.pk).check_password(PASSWORD)


def test_the_key_of_a_session_stands_in_one_table_only(member):
    client = sign_in(member, device="iPad")
    assert client.session.session_key not in str(list(Device.objects.values()))


def test_what_ran_out_is_thrown_away_at_the_next_sign_in(office):
    old = sign_in(office.officer, remember=True)
    key = old.session.session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    Device.objects.update(ends_at=timezone.now() - timedelta(days=100))
    sign_in(office.officer)
    assert not Session.objects.filter(pk=key).exists()
    assert not Device.objects.exists()


def test_the_demo_s_committee_gets_a_device_without_being_asked(client, member, settings):
    settings.DEMO = True
    User.objects.filter(pk=member.pk).update(username="demo-committee")
    answer = client.post(reverse("demo_sign_in"), {"role": "committee"})
    assert answer.headers["Location"] == "/"
    assert Device.objects.get().name == "Máy trình diễn"
    assert is_in(client)
