"""The pages about units: an event, its edges, its withdrawal, and the lists."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from communes import units
from communes.models import Role, UnitEvent, UnitVersion, User
from criteria.figures import figures
from tests.criteria.unit_requests import (
    DAY,
    address,
    elsewhere,
    holding,
    named_world,
    record,
    text,
)
from tests.criteria.world import JANUARY, World
from tests.factories import days, make_commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return named_world()


@pytest.fixture
def office(client, world) -> User:
    user = holding(Role.OFFICE, world.province)
    client.force_login(user)
    return user


class TestTheEvent:
    @pytest.fixture
    def event(self, client, office, world) -> UnitEvent:
        record(client)
        return UnitEvent.objects.get()

    def withdraw(self, client, event, **how):
        given = {"reason": "Ghi nhầm", "request_id": str(uuid4())}
        return client.post(address("withdraw_unit_event", event.pk), given | how)

    def test_is_withdrawn_and_stays_in_the_list_with_its_names(self, client, event, world):
        assert self.withdraw(client, event).status_code == 302
        assert figures(world.province, JANUARY).reported.communes == 3
        page = text(client.get(address("unit_event", event.pk)))
        assert "Xã Cực Bắc 95001 (đã rút)" in page
        assert "rút lần sắp xếp, lý do: Ghi nhầm" in page
        listed = text(client.get(address("unit_events"), {"mark": "withdrawn"}))
        assert "thành Xã Cực Bắc" in listed
        assert client.get(address("unit_event_edges", event.pk)).status_code == 404

    def test_what_rests_on_it_is_listed_in_the_refusal(self, client, event, world):
        new = units.find("95001", JANUARY)
        holding(Role.COMMUNE, new)
        answer = self.withdraw(client, event)
        assert answer.status_code == 422
        assert "Phân công “Cán bộ xã” của Cán bộ thử ở Xã Cực Bắc" in text(answer)
        assert "lý do" in text(self.withdraw(client, event, reason=""))

    def test_the_officer_of_an_ended_commune_is_told_who_carries_on(self, client, event, world):
        client.force_login(holding(Role.COMMUNE, world.communes[0]))
        answer = client.get("/")
        assert answer.status_code == 403
        assert "Xã Lũng Cú đã được sắp xếp sau ngày 14/01/2018" in text(answer)
        assert "Đơn vị kế thừa: Xã Cực Bắc (95001)" in text(answer)
        link = reverse("commune", args=[world.communes[0].code]) + "?on=2018-01-14"
        assert link in answer.content.decode()
        assert client.get(link).status_code == 200

    def test_an_event_of_another_province_is_not_found_here(self, client, event):
        elsewhere()
        client.force_login(holding(Role.OFFICE, UnitVersion.objects.get(code="20")))
        page = reverse("unit_event", args=["20", event.pk])
        assert client.get(page).status_code == 404


class TestEdges:
    @pytest.fixture
    def loaded(self, world) -> UnitEvent:
        """Lũng Cú and Má Lé ended, Lũng Cú Mới began; nobody knows who carries on whom."""
        event = UnitEvent.objects.create(clock_id="08", kind="merge", effective_on=DAY)
        for commune in world.communes[:2]:
            UnitVersion.objects.filter(pk=commune.pk).update(valid=days(None, DAY))
            event.units.create(unit=commune.unit, part="ended")
        parent = UnitVersion.objects.get(unit=commune.parent)
        new = make_commune(parent=parent, code="95010", name="Cực Bắc", valid=days(DAY))
        event.units.create(unit=new.unit, part="began")
        event.successions.create(
            old=world.communes[0].unit, new=new.unit, extent="whole", inferred=True
        )
        return event

    def test_the_list_marks_and_filters_what_is_not_settled(self, client, office, loaded):
        page = text(client.get(address("unit_events")))
        assert "1 lần chưa rõ đơn vị kế thừa" in page
        assert "Suy đoán, chưa đối chiếu" in page
        for mark, found in (("unknown", 1), ("inferred", 1), ("withdrawn", 0), ("x", 1)):
            assert (
                len(client.get(address("unit_events"), {"mark": mark}).context["events"]) == found
            )
        assert not client.get(address("unit_events"), {"kind": "split"}).context["events"]
        assert client.get(address("unit_events"), {"year": "2018"}).context["events"]

    def test_the_form_proposes_whoever_nobody_carries_on(self, client, office, loaded, world):
        content = client.get(address("unit_event_edges", loaded.pk)).content.decode()
        assert f'value="{world.communes[1].code} · Xã Má Lé"' in content

    def test_an_edge_is_completed_and_another_confirmed_with_the_document(
        self, client, office, loaded
    ):
        page = client.get(address("unit_event_edges", loaded.pk))
        given = {
            "instrument": "819/NQ-UBTVQH14",
            "seen": page.context["form"]["seen"].value(),
            "request_id": str(uuid4()),
            "edges.old": ["Lũng Cú", "ma le", ""],
            "edges.new": ["95010", "Cực Bắc", ""],
            "edges.extent": ["whole", "whole", "whole"],
            "edges.confirmed": ["1", "1", "1"],
            "edges.note": ["", "Điều 1", ""],
        }
        answer = client.post(address("unit_event_edges", loaded.pk), given)
        assert answer.status_code == 302
        shown = text(client.get(address("unit_event", loaded.pk)))
        assert "Suy đoán" not in shown
        assert "Chưa rõ" not in shown
        assert "Điều 1" in shown
        again = client.post(
            address("unit_event_edges", loaded.pk), given | {"request_id": str(uuid4())}
        )
        assert "vừa được người khác sửa" in text(again)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("Không Có", "95010", "Đơn vị cũ: ngày 14/01/2018 không có xã, phường nào"),
            ("Lũng Cú", "Má Lé", "Đơn vị mới: ngày 15/01/2018 không có xã, phường nào"),
        ],
    )
    def test_a_row_that_cannot_be_is_refused_in_its_place(
        self, client, office, loaded, old, new, says
    ):
        page = client.get(address("unit_event_edges", loaded.pk))
        answer = client.post(
            address("unit_event_edges", loaded.pk),
            {
                "instrument": "x",
                "seen": page.context["form"]["seen"].value(),
                "edges.old": [old],
                "edges.new": [new],
                "edges.extent": ["whole"],
                "edges.confirmed": ["1"],
                "edges.note": [""],
            },
        )
        assert answer.status_code == 422
        assert says in text(answer)
        assert loaded.successions.get().inferred

    def test_more_rows_are_given_without_a_complaint_and_enter_means_to_record(
        self, client, office, loaded
    ):
        row = {"edges.old": ["Lũng Cú"], "edges.new": [""], "edges.extent": ["whole"]}
        answer = client.post(address("unit_event_edges", loaded.pk), row | {"more": "edges"})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Chưa ghi được" not in page
        assert page.count('name="edges.old"') == 3
        buttons = re.findall(r"<button[^>]*>([^<]*)", page[page.index('class="form rows') :])
        assert buttons == ["Ghi đơn vị kế thừa", "Thêm dòng", "Ghi đơn vị kế thừa"]

    def test_units_that_would_carry_each_other_on_are_refused_above_the_rows(
        self, client, office, loaded, world
    ):
        """Not by one row: each of them alone could stand."""
        page = client.get(address("unit_event_edges", loaded.pk))
        one = world.communes[2]
        parent = UnitVersion.objects.get(unit=one.parent)
        one, other = one.code, make_commune(parent=parent, code="95011").code
        answer = client.post(
            address("unit_event_edges", loaded.pk),
            {
                "instrument": "x",
                "seen": page.context["form"]["seen"].value(),
                "edges.old": [one, other],
                "edges.new": [other, one],
                "edges.extent": ["part", "part"],
                "edges.confirmed": ["1", "1"],
                "edges.note": ["", ""],
            },
        )
        assert answer.status_code == 422
        assert "kế thừa nhau thành vòng" in text(answer)
        assert loaded.successions.get().inferred


class TestLists:
    def test_the_officer_of_a_commune_reads_the_register_and_changes_nothing(self, client, world):
        client.force_login(holding(Role.COMMUNE, world.communes[0]))
        page = client.get(address("units"), {"on": "2018-01-31"})
        assert "3 đơn vị cấp xã: 3 xã" in text(page)
        assert "Đặc điểm" not in text(page)
        content = page.content.decode()
        assert f"/communes/{world.communes[1].code}/" not in content
        events = client.get(address("unit_events"))
        assert "Ghi sắp xếp mới" not in text(events)
        assert "Đơn vị hành chính" in text(client.get("/", follow=True))

    def test_the_list_follows_the_day_and_the_filters(self, client, office, world):
        record(client)
        for day, count in ((DAY - timedelta(days=1), 3), (DAY, 2)):
            page = client.get(address("units"), {"on": day.isoformat()}).context["page"]
            assert (page.total, page.in_programme) == (count, count)
        on = {"on": "2018-01-31"}
        for query, found in (
            ({"kind": "xa"}, 2),
            ({"kind": "phuong"}, 0),
            ({"parent": "026"}, 2),
            ({"parent": "999"}, 0),
            ({"programme": "no"}, 0),
        ):
            page = client.get(address("units"), on | query)
            assert len(page.context["page"].rows) == found

    def test_the_list_costs_the_same_for_many(
        self, client, office, world, django_assert_max_num_queries
    ):
        parent = UnitVersion.objects.get(code="026")
        for _ in range(30):
            make_commune(parent=parent)
        client.get(address("units"))
        with django_assert_max_num_queries(16):
            page = client.get(address("units"))
        assert page.context["page"].total == 33

    def test_the_events_cost_the_same_for_many(
        self, client, office, world, django_assert_max_num_queries
    ):
        for number in range(20):
            event = UnitEvent.objects.create(clock_id="08", kind="merge", effective_on=DAY)
            event.units.create(unit=world.communes[number % 3].unit, part="ended")
        client.get(address("unit_events"))
        with django_assert_max_num_queries(20):
            page = client.get(address("unit_events"))
        assert len(page.context["events"]) == 20
