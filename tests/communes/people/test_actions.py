"""What an administrator may do with people, and what is refused."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from communes import people
from communes.models import Assignment, Change, ChangeLine, Department, Role, User
from communes.people import NotYours, PeopleRefused, assigning
from tests.communes.people.office import Office, from_today, holding
from tests.factories import ALWAYS, days, make_department, make_district, make_user

SITE = "https://ntm.example.vn"


def today():
    return timezone.localdate()


def invite(office: Office, **how):
    given = {
        "email": "Moi@HG.example.vn",
        "display_name": "Nguyễn Thị Mới",
        "role": Role.COMMUNE,
        "unit": office.communes[1].unit,
        "valid_from": today(),
        "by": office.admin,
        "site": SITE,
    }
    return people.invite(**given | how)


def assign(office: Office, **how):
    given = {
        "user": office.officer,
        "role": Role.COMMUNE,
        "unit": office.communes[1].unit,
        "valid_from": today(),
        "by": office.admin,
    }
    people.assign(**given | how)


def slowly(monkeypatch, question: str) -> None:
    """Let a while pass between the question and what is done about its answer."""
    asked = getattr(assigning, question)

    def answer(*args):
        found = asked(*args)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(assigning, question, answer)


class TestInviting:
    def test_opens_an_account_named_by_the_address_with_one_assignment(self, office):
        invited = invite(office)
        assert invited.is_new
        assert invited.user.username == invited.user.email == "moi@hg.example.vn"
        assert not invited.user.has_usable_password()
        held = invited.user.assignments.get()
        assert (held.role, held.unit, held.valid) == (
            Role.COMMUNE,
            office.communes[1].unit,
            days(today(), None),
        )

    def test_mails_the_link_and_shows_it_to_nobody(self, office, mail_works):
        invited = invite(office)
        (letter,) = mail.outbox
        assert letter.to == ["moi@hg.example.vn"]
        assert (invited.mailed, invited.link) == (True, None)
        assert f"{SITE}/password/set/" in letter.body
        assert "Nguyễn Thị Mới" in letter.body
        assert not Change.objects.filter(action="people.show_password_link").exists()

    def test_is_recorded_on_the_clock_of_the_province_without_the_address(self, office):
        invite(office, ip="10.1.2.3")
        change = Change.objects.get(action="people.invite")
        assert (change.clock_id, change.by, change.ip) == ("08", office.admin, "10.1.2.3")
        tables = set(change.lines.values_list("table", flat=True))
        assert tables == {"communes_user", "communes_assignment"}
        assert "example.vn" not in str(list(ChangeLine.objects.values_list("after", flat=True)))

    def test_of_an_address_that_has_an_account_adds_the_assignment_alone(self, office):
        invited = invite(office, email="OFFICER@hg.example.vn", display_name="Tên khác")
        assert (invited.is_new, invited.link) == (False, None)
        assert invited.user == office.officer
        assert invited.user.display_name != "Tên khác"
        assert "mật khẩu" not in mail.outbox[0].body

    def test_of_a_stranger_of_another_province_shows_no_link_to_their_account(self, office):
        there = make_user(username="moi@hg.example.vn", email="moi@hg.example.vn")
        there.set_unusable_password()
        there.save()
        Assignment.objects.create(
            user=there, role=Role.OFFICE, unit=office.elsewhere.unit, valid=ALWAYS
        )
        assert invite(office).link is None

    def test_twice_with_the_same_request_writes_sends_and_shows_once(self, office):
        request_id = uuid4()
        first = invite(office, request_id=request_id)
        second = invite(office, request_id=request_id)
        assert (second.user, second.is_new) == (first.user, True)
        assert first.link is not None
        assert (second.link, second.mailed) == (None, False)
        assert len(mail.outbox) == 1
        assert first.user.assignments.count() == 1

    @pytest.mark.parametrize("named", [False, True])
    def test_without_a_working_mail_server_shows_the_link_and_writes_that_down(
        self, office, request, named
    ):
        if named:
            request.getfixturevalue("mail_fails")
        invited = invite(office)
        assert (invited.mailed, invited.user.assignments.count()) == (False, 1)
        assert invited.link.startswith(f"{SITE}/password/set/")
        shown = Change.objects.get(action="people.show_password_link")
        assert (shown.clock_id, shown.by) == ("08", office.admin)

    @pytest.mark.parametrize(
        ("how", "said"),
        [
            ({"email": "không phải thư"}, "không phải là địa chỉ thư điện tử"),
            ({"email": "a" * 150 + "@example.vn"}, "dài quá"),
            ({"display_name": "  "}, "họ tên"),
            ({"role": Role.OFFICE}, "cả tỉnh"),
            ({"role": Role.DEPARTMENT}, "cả tỉnh"),
        ],
    )
    def test_refuses_what_cannot_be_and_writes_nothing(self, office, how, said):
        before = User.objects.count()
        with pytest.raises(PeopleRefused, match=said):
            invite(office, **how)
        assert User.objects.count() == before
        assert not Change.objects.exists()

    def test_of_a_locked_account_is_refused(self, office):
        User.objects.filter(pk=office.officer.pk).update(is_active=False)
        with pytest.raises(PeopleRefused, match="bị khóa"):
            invite(office, email=office.officer.email)

    def test_by_the_program_itself_needs_no_scope(self, office):
        assert invite(office, by=None, unit=office.communes[0].unit).link

    @pytest.mark.django_db(transaction=True)
    def test_of_one_address_by_two_at_once_opens_one_account(self, office, monkeypatch):
        slowly(monkeypatch, "_account")

        def once(unit):
            try:
                return invite(office, unit=unit.unit).is_new
            finally:
                connection.close()

        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(once, office.communes))
        assert sorted(answers) == [False, True]
        assert User.objects.get(username="moi@hg.example.vn").assignments.count() == 2


class TestAssigning:
    def test_gives_a_role_for_a_half_open_stretch(self, office):
        assign(office, valid_from=today(), valid_until=today() + timedelta(days=30))
        held = Assignment.objects.get(user=office.officer, unit=office.communes[1].unit)
        assert held.valid == days(today(), today() + timedelta(days=30))
        (line,) = ChangeLine.objects.all()
        assert line.after["until"] == (today() + timedelta(days=30)).isoformat()

    def test_a_department_belongs_to_the_department_role_alone(self, office):
        with pytest.raises(PeopleRefused, match="sở, ngành"):
            assign(office, department=make_department())
        with pytest.raises(PeopleRefused, match="sở, ngành"):
            assign(office, role=Role.DEPARTMENT, unit=office.province.unit)
        assign(
            office,
            role=Role.DEPARTMENT,
            unit=office.province.unit,
            department=Department(code="so-y-te", name="Sở Y tế"),
        )
        assert office.officer.assignments.get(role=Role.DEPARTMENT).department.code == "so-y-te"
        assert ChangeLine.objects.filter(table="communes_department").count() == 1

    def test_refuses_the_same_again_on_days_that_overlap_and_takes_days_that_follow(self, office):
        soon = today() + timedelta(days=10)
        assign(office, valid_until=soon)
        with pytest.raises(PeopleRefused, match="đã có phân công"):
            assign(office, valid_from=soon - timedelta(days=1))
        assign(office, valid_from=soon)
        assert office.officer.assignments.count() == 3

    def test_refuses_an_end_before_its_beginning(self, office):
        with pytest.raises(PeopleRefused, match="Ngày cuối"):
            assign(office, valid_until=today())

    def test_refuses_districts_which_are_no_actors(self, office):
        district = make_district(province=office.province, code="027", name="Mèo Vạc")
        for role in (Role.COMMUNE, Role.OFFICE):
            with pytest.raises(PeopleRefused):
                assign(office, role=role, unit=district.unit)

    def test_outside_the_scope_is_refused_for_units_and_for_people(self, office):
        with pytest.raises(NotYours):
            assign(office, role=Role.OFFICE, unit=office.elsewhere.unit)
        with pytest.raises(NotYours):
            assign(office, user=office.admin_there)

    def test_an_administrator_of_a_province_gives_no_rights_on_the_country(self, office):
        country = office.province.parent
        with pytest.raises(NotYours):
            assign(office, role=Role.ADMIN, unit=country)

    @pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMIN, Role.COMMUNE)])
    def test_no_other_role_manages_people(self, office, role):
        department = make_department() if role == Role.DEPARTMENT else None
        other = make_user()
        Assignment.objects.create(
            user=other, role=role, unit=office.province.unit, department=department, valid=ALWAYS
        )
        with pytest.raises(NotYours):
            assign(office, by=other)

    def test_an_administrator_whose_time_is_over_manages_nobody(self, office):
        Assignment.objects.filter(user=office.admin).update(valid=days(None, today()))
        with pytest.raises(NotYours):
            assign(office)


class TestEnding:
    def held(self, office) -> Assignment:
        return office.officer.assignments.get()

    def end(self, office, on, *, assignment=None, **how):
        people.end_assignment(
            assignment=assignment or self.held(office), on=on, **{"by": office.admin} | how
        )

    def test_sets_the_first_day_without_it_and_keeps_the_row(self, office):
        self.end(office, today())
        assert self.held(office).valid == days(None, today())
        line = ChangeLine.objects.get()
        assert (line.before["until"], line.after["until"]) == (None, today().isoformat())

    def test_takes_away_what_would_not_have_lasted_a_day_and_the_log_keeps_it(self, office):
        Assignment.objects.filter(user=office.officer).update(valid=from_today())
        self.end(office, today())
        assert not office.officer.assignments.exists()
        line = ChangeLine.objects.get()
        assert (line.before["role"], line.after) == ("commune", None)

    def test_twice_with_the_same_request_is_once(self, office):
        request_id, held = uuid4(), self.held(office)
        for _ in range(2):
            self.end(office, today(), assignment=held, request_id=request_id)
        assert Change.objects.count() == 1

    def test_is_refused_for_a_day_gone_by_and_for_what_ends_earlier_already(self, office):
        with pytest.raises(PeopleRefused, match="đã qua"):
            self.end(office, today() - timedelta(days=1))
        self.end(office, today() + timedelta(days=2))
        with pytest.raises(PeopleRefused, match="đã kết thúc"):
            self.end(office, today() + timedelta(days=5))

    def test_of_another_province_is_refused(self, office):
        with pytest.raises(NotYours):
            self.end(office, today(), assignment=office.admin_there.assignments.get())


class TestTheLastAdministrator:
    def end(self, office, on=None):
        people.end_assignment(
            assignment=office.admin.assignments.get(), on=on or today(), by=office.admin
        )

    def test_cannot_be_ended(self, office):
        with pytest.raises(PeopleRefused, match="cuối cùng"):
            self.end(office)
        with pytest.raises(PeopleRefused, match="cuối cùng"):
            self.end(office, on=today() + timedelta(days=90))

    def test_can_be_ended_beside_another_who_can_sign_in_and_stays(self, office):
        holding(Role.ADMIN, office.province, username="hai@hg.example.vn")
        self.end(office)
        assert office.admin.assignments.get().valid.upper == today()

    def test_is_still_the_last_beside_one_who_never_set_a_password(self, office):
        other = holding(Role.ADMIN, office.province, username="hai@hg.example.vn")
        other.set_unusable_password()
        other.save()
        with pytest.raises(PeopleRefused, match="đặt mật khẩu"):
            self.end(office)

    def test_is_still_the_last_beside_one_who_is_locked_or_leaves_soon(self, office):
        other = holding(Role.ADMIN, office.province, username="hai@hg.example.vn")
        User.objects.filter(pk=other.pk).update(is_active=False)
        with pytest.raises(PeopleRefused):
            self.end(office)
        User.objects.filter(pk=other.pk).update(is_active=True)
        other.assignments.update(valid=days(None, today() + timedelta(days=30)))
        with pytest.raises(PeopleRefused):
            self.end(office)

    def test_cannot_be_locked(self, office):
        chief = holding(Role.ADMIN, office.province, username="hai@hg.example.vn")
        people.deactivate(user=office.admin, by=chief)
        with pytest.raises(PeopleRefused, match="cuối cùng"):
            people.deactivate(user=chief, by=None)

    @pytest.mark.django_db(transaction=True)
    def test_two_who_end_each_other_at_once_leave_one(self, office, monkeypatch):
        slowly(monkeypatch, "require_another_administrator")
        other = holding(Role.ADMIN, office.province, username="hai@hg.example.vn")

        def end(pair):
            by, assignment = pair
            try:
                people.end_assignment(assignment=assignment, on=today(), by=by)
            except PeopleRefused:
                return False
            finally:
                connection.close()
            return True

        pairs = [
            (office.admin, other.assignments.get()),
            (other, office.admin.assignments.get()),
        ]
        with ThreadPoolExecutor() as pool:
            assert sorted(pool.map(end, pairs)) == [False, True]
