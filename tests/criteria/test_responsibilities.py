"""Departments that answer for criteria: added, ended, replaced, each from a day on."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from communes.models import Assignment, Change, ChangeLine, Department, Role
from criteria import access, responsibilities
from criteria.models import Criterion, Responsibility
from criteria.responsibilities import ResponsibilityRefused
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_department, make_province, make_user

pytestmark = pytest.mark.django_db
MARCH, JUNE = date(2018, 3, 1), date(2018, 6, 1)
DOCUMENT = "Quyết định 12/QĐ-UBND"


@pytest.fixture
def world() -> World:
    return make_world(communes=1)


@pytest.fixture
def held(world) -> Responsibility:
    return hold(world, "Sở Y tế")


@pytest.fixture
def other() -> Department:
    return make_department(name="Công an tỉnh")


def hold(world: World, name: str, *, until: date | None = None) -> Responsibility:
    return Responsibility.objects.create(
        criterion=criterion(world),
        department=make_department(name=name),
        province=world.province.unit,
        valid=DateRange(date(2017, 1, 1), until),
    )


def criterion(world: World) -> Criterion:
    return Criterion.objects.get(pk=world.asked.criteria[0].id)


def add(world: World, department: Department, from_on: date = MARCH, **how) -> None:
    responsibilities.add(
        province=world.province.unit,
        criterion=criterion(world),
        department=department,
        from_on=from_on,
        **{"document": DOCUMENT, "by": None, **how},
    )


def answering(world: World, on: date) -> list[str]:
    found = access.answering(world.province.unit_id, on, [criterion(world).pk])
    return [row.department.name for row in found[criterion(world).pk]]


class TestFromADayOn:
    def test_a_second_department_answers_beside_the_first(self, world, held, other):
        add(world, other)
        assert answering(world, date(2018, 2, 28)) == ["Sở Y tế"]
        assert answering(world, MARCH) == ["Công an tỉnh", "Sở Y tế"]

    def test_a_department_answers_no_longer_and_the_others_go_on(self, world, held, other):
        add(world, other)
        responsibilities.end(responsibility=held, on=JUNE, document="", by=None)
        assert answering(world, date(2018, 5, 31)) == ["Công an tỉnh", "Sở Y tế"]
        assert answering(world, JUNE) == ["Công an tỉnh"]

    def test_a_department_takes_the_place_of_one_and_not_of_the_others(self, world, held, other):
        add(world, other)
        third = make_department(name="Sở Tư pháp")
        responsibilities.replace(
            responsibility=held, department=third, from_on=JUNE, document="", by=None
        )
        assert answering(world, JUNE) == ["Công an tỉnh", "Sở Tư pháp"]
        assert Responsibility.objects.get(department=third).unverified

    def test_one_that_ended_may_answer_again_later(self, world, held):
        responsibilities.end(responsibility=held, on=MARCH, document="", by=None)
        add(world, held.department, JUNE)
        assert answering(world, date(2018, 4, 1)) == []
        assert answering(world, JUNE) == ["Sở Y tế"]


class TestEachActIsAudited:
    def test_once_with_before_and_after(self, world, held, other):
        request = uuid4()
        for _ in range(2):
            responsibilities.replace(
                responsibility=held,
                department=other,
                from_on=JUNE,
                document=DOCUMENT,
                by=None,
                request_id=request,
            )
        change = Change.objects.get(action="responsibility.replace")
        ended, began = ChangeLine.objects.filter(change=change).order_by("pk")
        assert (ended.before["until"], ended.after["until"]) == (None, "2018-06-01")
        assert (began.before, began.after["department"]) == (None, "Công an tỉnh")
        assert began.after["document"] == DOCUMENT

    def test_the_document_of_an_end_is_its_reason(self, world, held):
        responsibilities.end(responsibility=held, on=JUNE, document=DOCUMENT, by=None)
        assert Change.objects.get(action="responsibility.end").reason == DOCUMENT


class TestRefused:
    def test_for_a_department_that_answers_already_or_will_later(self, world, held, other):
        with pytest.raises(ResponsibilityRefused, match="Sở Y tế đã phụ trách"):
            add(world, held.department)
        add(world, other, JUNE)
        with pytest.raises(ResponsibilityRefused, match="Công an tỉnh phụ trách từ 01/06/2018"):
            add(world, other, MARCH)
        with pytest.raises(ResponsibilityRefused, match="Sở Y tế đã phụ trách"):
            responsibilities.replace(
                responsibility=held, department=held.department, from_on=JUNE, document="", by=None
            )
        assert answering(world, MARCH) == ["Sở Y tế"]

    @pytest.mark.parametrize(
        ("until", "on", "why"),
        [
            (None, date(2017, 1, 1), "phụ trách từ 01/01/2017; hãy chọn ngày sau đó"),
            (MARCH, JUNE, "đã thôi phụ trách từ 01/03/2018"),
        ],
    )
    def test_before_it_began_and_after_it_ended(self, world, until, on, why):
        row = hold(world, "Sở Nội vụ", until=until)
        with pytest.raises(ResponsibilityRefused, match=why):
            responsibilities.end(responsibility=row, on=on, document="", by=None)
        assert not Change.objects.filter(action="responsibility.end").exists()


class TestThePage:
    @pytest.fixture
    def office(self, client, world):
        return self.sign_in(client, world.province.unit, Role.OFFICE)

    def sign_in(self, client, unit, role):
        user = make_user()
        Assignment.objects.create(user=user, role=role, unit=unit, valid=ALWAYS)
        client.force_login(user)
        return user

    def post(self, client, act: str, *ids: int, **given: str):
        address = reverse(f"{act}_responsibility", args=["02", *ids])
        return client.post(address, {"request_id": str(uuid4()), **given})

    def text(self, answer) -> str:
        words = re.sub(r"<[^>]+>", " ", answer.content.decode())
        return re.sub(r"\s+", " ", unescape(words))

    def test_adds_ends_and_replaces(self, client, world, held, other, office):
        page = self.text(client.get(reverse("responsibilities", args=["02"])))
        for words in ("Thêm sở, ngành cùng phụ trách", "Thay bằng sở, ngành khác", "Kết thúc"):
            assert words in page
        assert "Sở Y tế từ 01/01/2017 chưa đối chiếu với văn bản" in page
        day = "2018-03-01"
        given = {"criterion": str(criterion(world).pk), "from_on": day, "document": DOCUMENT}
        answer = self.post(client, "add", **given, department="công an tỉnh")
        assert answer.status_code == 302
        assert answering(world, MARCH) == ["Công an tỉnh", "Sở Y tế"]
        make_department(name="Sở Tư pháp")
        self.post(client, "replace", held.pk, from_on=day, department="Sở Tư pháp")
        assert answering(world, MARCH) == ["Công an tỉnh", "Sở Tư pháp"]
        row = Responsibility.objects.get(department=other)
        self.post(client, "end", row.pk, from_on="01/06/2018")
        assert answering(world, JUNE) == ["Sở Tư pháp"]
        assert Change.objects.filter(action__startswith="responsibility.", by=office).count() == 3

    def test_says_in_vietnamese_what_is_wrong_in_the_form_it_was_typed_in(
        self, client, world, held, office
    ):
        number = str(criterion(world).pk)
        answer = self.post(client, "add", criterion=number, department="Sở X", from_on="31/2/2018")
        assert answer.status_code == 422
        page = self.text(answer)
        assert "Chưa có “Sở X” trong danh sách sở, ngành; hãy chọn tên có sẵn." in page
        assert "Ngày chưa đúng; ví dụ: 31/12/2018." in page
        assert answer.content.decode().count("<details open>") == 1
        refused = self.post(client, "end", held.pk, from_on="2016-12-31")
        assert "Sở Y tế phụ trách từ 01/01/2017; hãy chọn ngày sau đó." in self.text(refused)
        assert "Hãy chọn sở, ngành." in self.text(self.post(client, "replace", held.pk))
        assert "Hãy ghi văn bản" in self.text(self.post(client, "confirm", held.pk))
        assert answering(world, MARCH) == ["Sở Y tế"]

    def test_offers_no_act_to_those_who_may_only_read(self, client, world, held):
        self.sign_in(client, world.province.unit, Role.COMMITTEE)
        page = self.text(client.get(reverse("responsibilities", args=["02"])))
        assert "Sở Y tế" in page
        assert "Kết thúc" not in page

    def test_hides_another_province_and_its_rows(self, client, world, held, office):
        elsewhere = make_province(code="04", name="Cao Bằng", clock="04")
        self.sign_in(client, elsewhere.unit, Role.OFFICE)
        assert self.post(client, "end", held.pk, from_on="2018-06-01").status_code == 404
        address = reverse("end_responsibility", args=["04", held.pk])
        assert client.post(address, {"from_on": "2018-06-01"}).status_code == 404
        foreign = {"criterion": "999999", "department": "Sở Y tế", "from_on": "2018-06-01"}
        assert client.post(reverse("add_responsibility", args=["04"]), foreign).status_code == 404
        assert answering(world, JUNE) == ["Sở Y tế"]
