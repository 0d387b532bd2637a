"""What a commune sees of the criteria that its department sent back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from communes.models import Assignment, Department, Role
from criteria import months
from criteria.confirming.states import State
from criteria.rules.types import Outcome
from tests.criteria.reviewing import confirm, make_answering, send_back, state
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world(communes=4)


@pytest.fixture
def department(world: World) -> Department:
    return make_answering(world, 1, 2)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestTheCommuneSeesWhatCameBack:
    @pytest.fixture
    def officer(self, world: World) -> Client:
        client = Client()
        user = make_user(display_name="Cán bộ xã")
        Assignment.objects.create(
            user=user, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
        )
        client.force_login(user)
        return client

    def sheet(self, officer: Client, world: World) -> str:
        return text_of(officer.get(reverse("entry", args=[world.communes[0].code])))

    def test_with_reason_and_by_whom_until_a_newer_result(self, officer, world, department):
        commune = world.communes[0]
        world.save(commune, "2", verdict=NOT_MET)
        assert "được trả lại" not in self.sheet(officer, world)
        send_back(world, commune, number=2, reason="Thiếu ảnh <1>", department=department)
        text = self.sheet(officer, world)
        assert "1 tiêu chí được trả lại" in text
        assert "“Thiếu ảnh &lt;1&gt;”" in text
        assert "Sở Xây dựng" in text
        at_the_row = 'id="criterion-2-returned" ><b class="sent-back">Trả lại:</b> “Thiếu ảnh'
        assert at_the_row in text
        assert 'id="criterion-1-returned" ></span>' in text
        saved = officer.post(
            reverse("save_cell", args=[commune.code, "2"]),
            {"verdict": "met", "seen": state(world, commune, 2).seen[0]},
            headers=HTMX,
        )
        assert 'id="returned" hx-swap-oob="true"' in saved.content.decode()
        assert "được trả lại" not in text_of(saved)
        assert 'id="criterion-2-returned" hx-swap-oob="true"></span>' in text_of(saved)
        assert "được trả lại" not in self.sheet(officer, world)

    def page(self, officer: Client, world: World) -> str:
        return text_of(officer.get(reverse("commune", args=[world.communes[0].code])))

    def test_on_its_page_as_sent_back_with_reason_not_as_waiting(self, officer, world, department):
        commune = world.communes[0]
        world.save(commune, "1.1", 85)
        world.save(commune, "2", verdict=NOT_MET)
        assert self.page(officer, world).count('class="waiting">chờ xác nhận') == 2
        send_back(world, commune, number=2, reason="Thiếu ảnh <1>", department=department)
        text = self.page(officer, world)
        assert text.count('class="waiting">chờ xác nhận') == 1
        assert "<b>1</b> tiêu chí bị sở, ngành trả lại" in text
        assert "“Thiếu ảnh &lt;1&gt;” <small>Sở Xây dựng, " in text
        world.save(commune, "2", verdict=MET)
        assert "trả lại" not in self.page(officer, world)
        assert self.page(officer, world).count('class="waiting">chờ xác nhận') == 2

    def test_a_value_recorded_beside_what_was_sent_back_waits_with_all_of_it(self, officer, world):
        commune = world.communes[0]
        world.save(commune, "1.1", 85)
        send_back(world, commune, number=1)
        assert "trả lại" in self.page(officer, world)
        world.save(commune, "1.2", verdict=MET)
        assert state(world, commune, 1).state is State.WAITING
        assert "trả lại" not in self.page(officer, world)

    def test_a_closed_month_tells_the_return_that_was_known_when_it_was_closed(
        self, officer, world
    ):
        commune = world.communes[0]
        world.save(commune, "2", verdict=NOT_MET)
        send_back(world, commune, number=2, reason="Trước khi chốt")
        months.close(province=world.province.unit, month=JANUARY, by=None)
        confirm(world, commune, number=2)
        text = text_of(
            officer.get(reverse("commune", args=[commune.code]), {"on": JANUARY.isoformat()})
        )
        assert "“Trước khi chốt”" in text

    def test_until_it_is_confirmed_after_all(self, officer, world):
        world.save(world.communes[0], "2", verdict=MET)
        send_back(world, world.communes[0], number=2)
        confirm(world, world.communes[0], number=2)
        assert "được trả lại" not in self.sheet(officer, world)
