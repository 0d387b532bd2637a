"""The pages of an administrator: what they show, what they say, and nothing of elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from communes.models import Assignment, Department, Role, User
from tests.communes.people.office import holding
from tests.factories import ALWAYS, days, make_commune, make_department, make_province, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, office):
    client.force_login(office.admin)
    return client


def text(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def listed(client, **query) -> list[str]:
    rows = client.get(reverse("people"), query).context["page"].object_list
    return [row.person.username for row in rows]


def invitation(**how) -> dict[str, str]:
    given = {
        "email": "moi@hg.example.vn",
        "display_name": "Nguyễn Thị Mới",
        "role": "commune",
        "unit": "00691",
        "valid_from": timezone.localdate().isoformat(),
        "request_id": str(uuid4()),
    }
    return given | how


class TestTheList:
    def test_shows_the_people_of_the_province_and_of_no_other(self, admin, office):
        assert set(listed(admin)) == {"admin@hg.example.vn", "officer@hg.example.vn"}
        assert "ls.example.vn" not in text(admin.get(reverse("people"), {"ended": "1"}))

    def test_shows_of_a_person_only_the_assignments_inside_the_scope(self, admin, office):
        Assignment.objects.create(
            user=office.officer, role=Role.OFFICE, unit=office.elsewhere.unit, valid=ALWAYS
        )
        assert "Lạng Sơn" not in text(admin.get(reverse("people")))
        page = text(admin.get(reverse("person", args=[office.officer.pk])))
        assert "Lạng Sơn" not in page
        assert "ngoài phạm vi quản trị của bạn" in page

    def test_of_an_administrator_of_the_country_shows_everybody(self, client, office):
        chief = holding(Role.ADMIN, country(office), username="admin@vn.example.vn")
        client.force_login(chief)
        assert len(listed(client)) == 4

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "nguoi OFFICER"}, ["officer@hg.example.vn"]),
            ({"role": "admin"}, ["admin@hg.example.vn"]),
            ({"unit": "dong van"}, ["officer@hg.example.vn"]),
            ({"unit": "00688"}, ["officer@hg.example.vn"]),
            ({"unit": "Lũng Cú"}, []),
            ({"role": "boss"}, ["admin@hg.example.vn", "officer@hg.example.vn"]),
        ],
    )
    def test_is_filtered_by_name_role_and_unit(self, admin, office, query, found):
        assert sorted(listed(admin, **query)) == found

    def test_a_filter_that_finds_nobody_says_so(self, admin, office):
        assert "Không có ai phù hợp" in text(admin.get(reverse("people"), {"q": "zzz"}))

    def test_leaves_out_who_has_ended_or_is_locked_until_asked(self, admin, office):
        gone = holding(
            Role.COMMUNE,
            office.communes[1],
            username="gone@hg.example.vn",
            valid=days(None, timezone.localdate()),
        )
        User.objects.filter(pk=office.officer.pk).update(is_active=False)
        assert listed(admin) == ["admin@hg.example.vn"]
        assert len(listed(admin, ended="1")) == 3
        page = text(admin.get(reverse("people"), {"ended": "1"}))
        assert "Đã khóa" in page
        assert gone.username in page

    def test_goes_by_the_given_name_as_vietnamese_lists_do(self, admin, office):
        for number, name in enumerate(["Trần Văn Ước", "Lê Thị Ánh", "Phạm Đức Ba"]):
            user = holding(Role.COMMUNE, office.communes[1], username=f"so{number}@x.vn")
            User.objects.filter(pk=user.pk).update(display_name=name)
        assert listed(admin, unit="Lũng Cú") == ["so1@x.vn", "so2@x.vn", "so0@x.vn"]

    def test_of_two_hundred_people_costs_as_few_queries_as_of_two(
        self, admin, office, django_assert_max_num_queries
    ):
        for number in range(200):
            holding(Role.COMMUNE, office.communes[number % 2], username=f"so{number}@x.vn")
        with django_assert_max_num_queries(12):
            answer = admin.get(reverse("people"))
        assert "202 người, trang 1/3" in text(answer)
        assert len(answer.context["page"].object_list) == 100


class TestInviting:
    def invite(self, client, **how):
        return client.post(reverse("invite"), invitation(**how))

    def test_leads_to_the_person_where_the_link_is_shown_once(self, admin, office):
        answer = self.invite(admin)
        user = User.objects.get(username="moi@hg.example.vn")
        assert answer.headers["Location"] == reverse("person", args=[user.pk])
        assert "http://testserver/password/set/" in text(admin.get(answer.headers["Location"]))
        assert "/password/set/" not in text(admin.get(answer.headers["Location"]))

    @pytest.mark.parametrize(
        "typed", ["00691", "Lũng Cú", "lung cu", "xã Lũng Cú", "00691 · Xã Lũng Cú"]
    )
    def test_takes_the_unit_by_code_or_name(self, admin, office, typed):
        self.invite(admin, unit=typed)
        held = User.objects.get(username="moi@hg.example.vn").assignments.get()
        assert held.unit == office.communes[1].unit

    def test_asks_which_unit_when_several_have_the_name_and_takes_the_answer(self, admin, office):
        district = office.communes[0].parent.versions.get()
        twin = make_commune(parent=district, code="00700", name="Lũng Cú")
        answer = self.invite(admin, unit="Lũng Cú")
        assert answer.status_code == 422
        assert "(00691)" in text(answer)
        assert "(00700)" in text(answer)
        assert self.invite(admin, unit="Lũng Cú", chosen_unit=twin.unit_id).status_code == 302
        held = User.objects.get(username="moi@hg.example.vn").assignments.get()
        assert held.unit_id == twin.unit_id

    def test_a_name_changed_after_choosing_counts_not_the_old_choice(self, admin, office):
        self.invite(admin, unit="00691", chosen_unit=office.communes[0].unit_id)
        held = User.objects.get(username="moi@hg.example.vn").assignments.get()
        assert held.unit == office.communes[1].unit

    def test_of_a_role_of_the_province_takes_the_province_not_its_communes(self, admin, office):
        make_commune(parent=office.communes[0].parent.versions.get(), code="00701", name="Hà Giang")
        self.invite(admin, unit="Hà Giang", role="office")
        held = User.objects.get(username="moi@hg.example.vn").assignments.get()
        assert held.unit == office.province.unit

    @pytest.mark.parametrize("typed", ["20", "Lạng Sơn", "VN", "Sao Hỏa", "026", "9"])
    def test_knows_no_unit_outside_the_scope_and_no_district(self, admin, office, typed):
        answer = self.invite(admin, unit=typed, role="office")
        assert answer.status_code == 422
        assert "trong phạm vi quản trị của bạn" in text(answer)

    def test_a_choice_forged_outside_the_scope_is_not_taken(self, admin, office):
        answer = self.invite(
            admin, role="office", unit="20 · Tỉnh Lạng Sơn", chosen_unit=office.elsewhere.unit_id
        )
        assert answer.status_code == 422
        assert not User.objects.filter(username="moi@hg.example.vn").exists()

    def test_a_unit_that_has_ended_is_refused_and_says_since_when(self, admin, office):
        district = office.communes[0].parent.versions.get()
        make_commune(
            parent=district, code="00702", name="Cũ", valid=days(None, timezone.localdate())
        )
        yesterday = timezone.localdate() - timedelta(days=1)
        answer = self.invite(admin, unit="00702")
        assert f"đã kết thúc sau ngày {yesterday:%d/%m/%Y}" in text(answer)

    def test_in_simulated_data_people_work_on_units_that_have_ended(self, admin, office):
        district = office.communes[0].parent.versions.get()
        old = make_commune(
            parent=district, code="00702", name="Cũ", valid=days(None, timezone.localdate())
        )
        old.unit.clock.simulated = True
        old.unit.clock.save()
        assert self.invite(admin, unit="00702").status_code == 302

    def test_a_province_that_has_ended_keeps_the_communes_it_had_at_its_end(self, client, office):
        """Hà Giang went into Tuyên Quang on 1/7/2025; a commune went on there by its name."""
        end = date(2025, 7, 1)
        old = make_province(code="98", name="Cũ", clock="98", valid=days(None, end))
        new = make_province(code="99", name="Mới", clock="98", valid=days(end, None))
        before = make_commune(parent=old, code="09901", name="Minh Tân", valid=days(None, end))
        make_commune(
            parent=new, code="09901", name="Minh Tân", valid=days(end, None), unit=before.unit
        )
        old.unit.clock.simulated = True
        old.unit.clock.save()
        for number, province in enumerate((old, new)):
            client.force_login(holding(Role.ADMIN, province, username=f"a{number}@x.vn"))
            answer = self.invite(client, unit="Minh Tân", email=f"b{number}@x.vn")
            assert answer.status_code == 302
        assert before.unit.assignments.count() == 2

    @pytest.mark.parametrize(
        ("how", "said"),
        [
            ({"email": ""}, "Hãy ghi địa chỉ thư điện tử."),
            ({"email": "abc"}, "Địa chỉ thư điện tử chưa đúng"),
            ({"display_name": ""}, "Hãy ghi họ tên hoặc chức danh."),
            ({"role": ""}, "Hãy chọn vai trò."),
            ({"unit": ""}, "Hãy gõ mã hoặc tên đơn vị."),
            ({"role": "office"}, "phân công cho cả tỉnh; Xã Lũng Cú thì không được"),
            ({"valid_from": "32/13/2018"}, "Ngày chưa đúng"),
            ({"last_day": "2001-01-01"}, "Ngày cuối không được trước ngày đầu."),
            ({"role": "department", "unit": "02"}, "Hãy ghi sở, ngành."),
            ({"role": "department", "unit": "02", "department": "Sở Mới"}, "Chưa có “Sở Mới”"),
            ({"email": "officer@hg.example.vn", "unit": "00688"}, "đã có phân công ấy"),
        ],
    )
    def test_says_in_vietnamese_what_is_wrong_and_keeps_what_was_typed(
        self, admin, office, how, said
    ):
        answer = self.invite(admin, **how)
        assert answer.status_code == 422
        assert said in text(answer)
        assert "Nguyễn Thị Mới" in text(answer) or "display_name" in how
        assert not User.objects.filter(username="moi@hg.example.vn").exists()

    def test_a_department_is_found_in_any_case_or_added_when_ticked(self, admin, office):
        make_department(code="so-y-te", name="Sở Y tế")
        self.invite(admin, role="department", unit="02", department="sở y TẾ")
        assert Department.objects.count() == 1
        self.invite(
            admin,
            email="hai@hg.example.vn",
            role="department",
            unit="02",
            department="Sở Y tế dự phòng",
            new_department="on",
        )
        assert set(Department.objects.values_list("code", flat=True)) == {
            "so-y-te",
            "so-y-te-du-phong",
        }

    def test_the_last_day_is_the_last_day_with_the_right(self, admin, office):
        last = timezone.localdate() + timedelta(days=30)
        self.invite(admin, last_day=f"{last:%d/%m/%Y}")
        held = User.objects.get(username="moi@hg.example.vn").assignments.get()
        assert held.valid.upper == last + timedelta(days=1)

    def test_says_where_the_letter_went_and_shows_no_link(self, admin, office, mail_works):
        data = invitation()
        for _ in range(2):
            page = text(admin.get(admin.post(reverse("invite"), data).headers["Location"]))
            assert "/password/set/" not in page
        assert len(mail.outbox) == 1

    def test_a_double_click_invites_once(self, admin, office):
        data = invitation()
        first = admin.post(reverse("invite"), data)
        second = admin.post(reverse("invite"), data)
        assert first.headers["Location"] == second.headers["Location"]
        assert User.objects.get(username="moi@hg.example.vn").assignments.count() == 1


class TestAPerson:
    def act(self, client, name, *args, **data):
        return client.post(reverse(name, args=args), {"request_id": str(uuid4())} | data)

    def test_of_another_province_does_not_exist_for_any_act(self, admin, office):
        there = office.admin_there
        held = there.assignments.get()
        assert admin.get(reverse("person", args=[there.pk])).status_code == 404
        for name in ("assign", "deactivate", "reactivate", "password_link"):
            assert self.act(admin, name, there.pk).status_code == 404
        assert self.act(admin, "end_assignment", there.pk, held.pk, now="1").status_code == 404
        # Nor through the page of a person inside the scope.
        mine = office.officer.pk
        assert self.act(admin, "end_assignment", mine, held.pk, now="1").status_code == 404
        held.refresh_from_db()
        assert held.valid == ALWAYS

    def test_s_assignment_elsewhere_cannot_be_ended_from_here(self, admin, office):
        held = Assignment.objects.create(
            user=office.officer, role=Role.OFFICE, unit=office.elsewhere.unit, valid=ALWAYS
        )
        answer = self.act(admin, "end_assignment", office.officer.pk, held.pk, now="1")
        assert answer.status_code == 404

    def test_that_never_had_an_assignment_is_nobody_s(self, admin, office):
        assert admin.get(reverse("person", args=[make_user().pk])).status_code == 404

    def test_gets_and_loses_an_assignment(self, admin, office):
        pk = office.officer.pk
        answer = self.act(
            admin,
            "assign",
            pk,
            role="commune",
            unit="00691",
            valid_from=timezone.localdate().isoformat(),
        )
        assert answer.status_code == 302
        held = office.officer.assignments.get(unit=office.communes[0].unit)
        last = timezone.localdate() + timedelta(days=3)
        self.act(admin, "end_assignment", pk, held.pk, last_day=last.isoformat())
        page = text(admin.get(reverse("person", args=[pk])))
        assert f"{last:%d/%m/%Y}" in page
        assert "Đã ghi ngày kết thúc phân công." in page

    def test_who_loses_the_only_assignment_before_it_began_leaves_the_list(self, admin, office):
        Assignment.objects.filter(user=office.officer).update(
            valid=days(timezone.localdate(), None)
        )
        held = office.officer.assignments.get()
        answer = self.act(admin, "end_assignment", office.officer.pk, held.pk, now="1")
        assert answer.headers["Location"] == reverse("people")

    @pytest.mark.parametrize(
        ("data", "said"),
        [({}, "Hãy chọn ngày cuối."), ({"last_day": "2001-01-01"}, "đã qua")],
    )
    def test_an_end_that_cannot_be_says_why(self, admin, office, data, said):
        held = office.officer.assignments.get()
        answer = self.act(admin, "end_assignment", office.officer.pk, held.pk, **data)
        assert answer.status_code == 422
        assert said in text(answer)

    def test_the_last_administrator_is_told_what_to_do_first(self, admin, office):
        held = office.admin.assignments.get()
        answer = self.act(admin, "end_assignment", office.admin.pk, held.pk, now="1")
        assert "người quản trị cuối cùng" in text(answer)

    def test_is_locked_and_opened(self, admin, office):
        pk = office.officer.pk
        self.act(admin, "deactivate", pk)
        assert "Đã khóa" in text(admin.get(reverse("person", args=[pk])))
        self.act(admin, "reactivate", pk)
        assert User.objects.get(pk=pk).is_active

    def test_gets_a_link_that_is_shown_once(self, admin, office):
        pk = office.officer.pk
        answer = self.act(admin, "password_link", pk)
        assert "/password/set/" in text(admin.get(answer.headers["Location"]))
        assert "/password/set/" not in text(admin.get(answer.headers["Location"]))

    def test_gets_a_letter_and_nobody_sees_the_link(self, admin, office, mail_works):
        pk = office.officer.pk
        for data in ({}, {}, {"request_id": (again := str(uuid4()))}, {"request_id": again}):
            answer = self.act(admin, "password_link", pk, **data)
            page = text(admin.get(answer.headers["Location"]))
            assert "/password/set/" not in page
        assert len(mail.outbox) == 3
        assert mail.outbox[0].to == ["officer@hg.example.vn"]

    def test_s_administrator_hears_that_a_letter_went_out(self, admin, office, mail_works):
        answer = self.act(admin, "password_link", office.officer.pk)
        page = text(admin.get(answer.headers["Location"]))
        assert "Đã gửi thư có đường dẫn đặt mật khẩu đến officer@hg.example.vn" in page

    def test_a_link_for_one_is_not_shown_on_the_page_of_another(self, admin, office):
        self.act(admin, "password_link", office.officer.pk)
        assert "/password/set/" not in text(admin.get(reverse("person", args=[office.admin.pk])))

    @pytest.mark.parametrize("name", ["deactivate", "reactivate", "password_link"])
    def test_a_button_without_its_number_does_nothing(self, admin, office, name):
        answer = admin.post(reverse(name, args=[office.officer.pk]))
        assert answer.status_code == 422
        assert User.objects.get(pk=office.officer.pk).is_active


class TestNothingLeaks:
    @pytest.mark.parametrize("name", ["people", "invite", "person"])
    def test_to_a_fragment_that_asks_without_a_session_or_a_right(self, client, office, name):
        address = reverse(name, args=[office.officer.pk] if name == "person" else [])
        answer = client.get(address, headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"].startswith("/sign-in/")
        assert answer.content == b""
        client.force_login(office.officer)
        answer = client.get(address, headers={"HX-Request": "true"})
        assert answer.status_code == 403
        assert "admin@hg" not in text(answer)

    def test_the_link_to_the_list_stands_in_the_rail_of_administrators_alone(self, client, office):
        for user, seen in ((office.admin, True), (office.officer, False)):
            client.force_login(user)
            assert ('href="/people/"' in text(client.get(reverse("account")))) is seen

    def test_names_are_written_as_text(self, admin, office):
        User.objects.filter(pk=office.officer.pk).update(display_name="<script>alert(1)</script>")
        for address in (reverse("people"), reverse("person", args=[office.officer.pk])):
            assert b"<script>alert(1)" not in admin.get(address).content


def country(office):
    return office.province.parent.versions.get()
