"""Links that set a password: used once, for three days, and telling nobody who has an account."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from communes import passwords, people
from communes.models import Change, ShownLink, User
from communes.people import letters
from tests.communes.people.office import PASSWORD

pytestmark = pytest.mark.django_db
NEW = {"first": "một câu rất dài", "second": "một câu rất dài"}


def follow(client, link):
    """Open a link as a person does; the address of the form behind it."""
    answer = client.get(link)
    assert answer.status_code == 302
    return answer.headers["Location"]


class TestALink:
    def test_sets_the_password_and_leads_to_the_sign_in_page(self, client, office):
        form = follow(client, passwords.link_path(office.officer))
        page = client.get(form)
        assert office.officer.username in page.content.decode()
        answer = client.post(form, NEW)
        assert answer.headers["Location"] == "/sign-in/?password=set"
        assert "Đã đặt mật khẩu" in client.get("/sign-in/?password=set").content.decode()
        data = {"username": office.officer.username, "password": NEW["first"]}
        assert client.post(reverse("sign_in"), data).status_code == 302
        change = Change.objects.get(action="people.set_password")
        assert (change.by, change.clock_id) == (office.officer, "08")

    def test_keeps_its_token_out_of_the_address_where_mistakes_are_logged(self, client, office):
        link = passwords.link_path(office.officer)
        form = follow(client, link)
        assert link.split("/")[-2] not in form
        assert client.post(form, {"first": "ngắn", "second": "ngắn"}).status_code == 422

    def test_is_not_used_up_by_being_opened(self, client, office):
        link = passwords.link_path(office.officer)
        follow(client, link)
        assert client.post(follow(client, link), NEW).status_code == 302

    def test_works_once(self, client, office):
        link = passwords.link_path(office.officer)
        form = follow(client, link)
        client.post(form, NEW)
        for address in (link, form):
            answer = client.get(address)
            assert answer.status_code == 410
            assert "không dùng được nữa" in answer.content.decode()

    @pytest.mark.parametrize(("after", "status"), [(-60, 302), (60, 410)])
    def test_works_for_three_days(self, client, office, monkeypatch, after, status):
        link = passwords.link_path(office.officer)
        then = datetime.now() + timedelta(days=3, seconds=after)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: then)
        assert client.get(link).status_code == status

    def test_ends_when_the_person_signs_in(self, client, office):
        link = passwords.link_path(office.officer)
        data = {"username": office.officer.username, "password": PASSWORD}
        client.post(reverse("sign_in"), data)
        assert client.get(link).status_code == 410

    def test_of_a_locked_account_is_dead(self, client, office):
        link = passwords.link_path(office.officer)
        form = follow(client, link)
        User.objects.filter(pk=office.officer.pk).update(is_active=False)
        assert client.get(link).status_code == 410
        assert client.post(form, NEW).status_code == 410

    @pytest.mark.parametrize("number", ["MQ", "!!", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "w6E"])
    def test_that_was_invented_is_refused(self, client, office, number):
        assert client.get(f"/password/set/{number}/abc-123/").status_code == 410
        assert client.get(f"/password/set/{number}/new/").status_code == 410

    def test_of_one_person_does_not_open_another(self, client, office):
        form = follow(client, passwords.link_path(office.officer))
        other = passwords.link_path(office.admin).split("/")[3]
        assert client.post(f"/password/set/{other}/new/", NEW).status_code == 410
        assert client.post(form, NEW).status_code == 302

    def test_signs_out_whoever_was_signed_in_in_that_browser(self, client, office):
        client.force_login(office.admin)
        client.post(follow(client, passwords.link_path(office.officer)), NEW)
        assert client.get(reverse("account")).status_code == 302


class TestAResetThroughOtherHands:
    """The administrator saw the link: the person is told, and cannot be kept from it."""

    SAID = "bằng đường dẫn do quản trị (Người admin@h) tạo"

    def reset(self, client, office):
        link = people.send_password_reset(user=office.officer, by=office.admin, site="")
        client.post(follow(client, link.url), NEW)

    def enter(self, client, office) -> str:
        data = {"username": office.officer.username, "password": NEW["first"]}
        assert client.post(reverse("sign_in"), data).status_code == 302
        page = client.get(reverse("guide")).content.decode()
        client.post(reverse("sign_out"))
        return page

    def test_is_told_at_each_sign_in_of_thirty_days(self, client, office):
        self.reset(client, office)
        assert self.SAID in self.enter(client, office)
        assert self.SAID in self.enter(client, office)
        ShownLink.objects.update(used_at=timezone.now() - timedelta(days=31))
        assert self.SAID not in self.enter(client, office)

    def test_stands_on_the_person_s_own_page_for_good(self, client, office):
        self.reset(client, office)
        ShownLink.objects.update(used_at=timezone.now() - timedelta(days=900))
        client.force_login(User.objects.get(pk=office.officer.pk))
        assert self.SAID in client.get(reverse("account")).content.decode()

    def test_is_in_the_log(self, client, office):
        self.reset(client, office)
        line = Change.objects.get(action="people.set_password").lines.get()
        assert line.after == {"password_set": True, "by_shown_link": True}

    def test_is_not_said_of_a_link_that_was_not_used_or_went_by_mail(
        self, client, office, settings, monkeypatch
    ):
        people.send_password_reset(user=office.officer, by=office.admin, site="")
        later = datetime.now() + timedelta(minutes=1)  # links of one second are the same link
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
        settings.MAIL_SET_UP = True
        people.send_password_reset(user=office.officer, by=office.admin, site="")
        (_, letter) = mail.outbox
        link = next(line for line in letter.body.splitlines() if "/password/set/" in line)
        client.post(follow(client, link), NEW)
        assert self.SAID not in self.enter(client, office)

    def test_is_not_said_of_a_first_password(self, client, office):
        office.officer.set_unusable_password()
        office.officer.save()
        self.reset(client, office)
        assert self.SAID not in self.enter(client, office)


class TestForgetting:
    @pytest.fixture(autouse=True)
    def at_once(self, monkeypatch):
        """Letters are sent by a thread; here they go before the answer."""

        class Thread:
            def __init__(self, *, target, args, daemon):
                self.run = lambda: target(*args)

            def start(self):
                self.run()

        monkeypatch.setattr(letters, "Thread", Thread)

    def ask(self, client, email):
        return client.post(reverse("password_forgot"), {"email": email})

    def test_mails_a_link_that_works(self, client, office):
        self.ask(client, "Officer@HG.example.vn")
        (letter,) = mail.outbox
        link = next(line for line in letter.body.splitlines() if "/password/set/" in line)
        assert client.post(follow(client, link), NEW).status_code == 302

    def test_answers_the_same_whether_or_not_the_address_has_an_account(self, client, office):
        known, unknown = self.ask(client, office.officer.email), self.ask(client, "ai@example.vn")
        assert known.content == unknown.content
        assert (known.status_code, unknown.status_code) == (200, 200)
        assert len(mail.outbox) == 1

    def test_mails_nothing_to_a_locked_account(self, client, office):
        User.objects.filter(pk=office.officer.pk).update(is_active=False)
        assert self.ask(client, office.officer.email).status_code == 200
        assert mail.outbox == []

    def test_fills_nobody_s_letter_box(self, client, office):
        for _ in range(6):
            assert self.ask(client, office.officer.email).status_code == 200
        assert len(mail.outbox) == 3

    def test_does_not_lock_the_account(self, client, office):
        for _ in range(6):
            self.ask(client, office.officer.email)
        data = {"username": office.officer.username, "password": PASSWORD}
        assert client.post(reverse("sign_in"), data).status_code == 302

    def test_refuses_what_is_no_address(self, client, office):
        answer = self.ask(client, "khong-phai")
        assert answer.status_code == 422
        assert "chưa đúng" in answer.content.decode()
