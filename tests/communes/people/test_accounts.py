"""Locking and opening an account, and links that set its password."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from communes import people
from communes.models import Assignment, Change, Role, ShownLink, User
from communes.people import NotYours, PeopleRefused
from communes.people.links import Link
from communes.people.scope import works_elsewhere
from tests.factories import ALWAYS, days, make_user

SITE = "https://ntm.example.vn"


def today():
    return timezone.localdate()


class TestAccounts:
    def test_are_locked_and_opened_with_a_line_each(self, office):
        people.deactivate(user=office.officer, by=office.admin)
        assert not User.objects.get(pk=office.officer.pk).is_active
        people.reactivate(user=office.officer, by=office.admin)
        assert User.objects.get(pk=office.officer.pk).is_active
        changes = list(Change.objects.order_by("seq").values_list("clock_id", "action"))
        assert changes == [("08", "people.deactivate"), ("08", "people.reactivate")]

    def test_nobody_locks_their_own(self, office):
        with pytest.raises(PeopleRefused, match="của mình"):
            people.deactivate(user=office.admin, by=office.admin)

    def test_of_somebody_who_works_elsewhere_too_are_left_alone(self, office):
        Assignment.objects.create(
            user=office.officer, role=Role.OFFICE, unit=office.elsewhere.unit, valid=ALWAYS
        )
        assert works_elsewhere(office.admin, office.officer)
        with pytest.raises(NotYours):
            people.deactivate(user=office.officer, by=office.admin)

    def test_of_a_person_of_another_province_are_out_of_reach(self, office):
        for action in (people.deactivate, people.reactivate):
            with pytest.raises(NotYours):
                action(user=office.admin_there, by=office.admin)
        with pytest.raises(NotYours):
            people.send_password_reset(user=office.admin_there, by=office.admin, site=SITE)

    def test_of_a_person_who_left_another_province_are_out_of_reach_too(self, office):
        Assignment.objects.filter(user=office.admin_there).update(valid=days(None, today()))
        assert not works_elsewhere(office.admin, office.admin_there)
        with pytest.raises(NotYours):
            people.deactivate(user=office.admin_there, by=office.admin)

    def test_the_demo_s_own_stay_open(self, office, settings):
        settings.DEMO = True
        User.objects.filter(pk=office.officer.pk).update(username="demo-office")
        office.officer.refresh_from_db()
        with pytest.raises(PeopleRefused, match="trình diễn"):
            people.deactivate(user=office.officer, by=office.admin)


class TestPasswordLinks:
    def link(self, office, **how):
        return people.send_password_reset(
            user=office.officer, **{"by": office.admin, "site": SITE} | how
        )

    def test_go_by_mail_alone_and_are_recorded(self, office, mail_works):
        assert self.link(office) == Link(url=None, mailed=True)
        assert f"{SITE}/password/set/" in mail.outbox[0].body
        assert Change.objects.get().action == "people.password_link"
        assert not ShownLink.objects.exists()

    @pytest.mark.parametrize("named", [False, True])
    def test_are_shown_where_no_letter_goes_out_and_that_is_recorded(self, office, request, named):
        if named:
            request.getfixturevalue("mail_fails")
        link = self.link(office)
        assert link.url.startswith(f"{SITE}/password/set/")
        assert not link.mailed
        asked, shown = Change.objects.order_by("seq")
        assert (asked.action, shown.action) == ("people.password_link", "people.show_password_link")
        assert (shown.by, shown.lines.get().key) == (office.admin, str(office.officer.pk))
        assert link.url.split("/")[-2] not in str(ShownLink.objects.values().get())

    def test_are_mailed_or_shown_once_for_one_request(self, office):
        request_id = uuid4()
        assert self.link(office, request_id=request_id).url
        assert self.link(office, request_id=request_id) is None
        assert len(mail.outbox) == 1

    def test_that_open_rights_elsewhere_are_never_shown(self, office, mail_works):
        Assignment.objects.create(
            user=office.officer, role=Role.HEAD, unit=office.elsewhere.unit, valid=ALWAYS
        )
        link = self.link(office)
        assert (link.url, link.mailed) == (None, True)
        User.objects.filter(pk=office.officer.pk).update(email="")
        office.officer.refresh_from_db()
        with pytest.raises(NotYours):
            self.link(office)

    def test_of_a_locked_account_are_refused(self, office):
        office.officer.is_active = False
        office.officer.save()
        with pytest.raises(PeopleRefused, match="mở khóa"):
            self.link(office)

    def test_a_person_without_unit_counts_on_the_country_s_clock(self, office):
        people.set_password(user=make_user(), password="một câu rất dài")
        assert Change.objects.get().clock_id == "VN"
