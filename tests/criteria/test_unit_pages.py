"""Rearrangements in the browser, page by page: form, preview, event, edges, withdrawal."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from communes import units
from communes.models import Assignment, Role, UnitEvent, UnitVersion, User
from criteria import months
from criteria.figures import figures
from criteria.models import MonthClosing
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, days, make_commune, make_user

pytestmark = pytest.mark.django_db
DAY = date(2018, 1, 15)


@pytest.fixture
def world() -> World:
    world = make_world(communes=3)
    for commune, name in zip(world.communes, ("Lũng Cú", "Má Lé", "Lũng Táo"), strict=True):
        UnitVersion.objects.filter(pk=commune.pk).update(
            name=name, search_key={"Lũng Cú": "lung cu", "Má Lé": "ma le"}.get(name, "lung tao")
        )
        commune.refresh_from_db()
    return world


@pytest.fixture
def office(client, world) -> User:
    user = holding(Role.OFFICE, world.province)
    client.force_login(user)
    return user


def holding(role: Role, unit: UnitVersion) -> User:
    user = make_user(display_name="Cán bộ thử")
    Assignment.objects.create(user=user, role=role, unit=unit.unit, valid=ALWAYS)
    return user


def text(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def address(name, *more) -> str:
    return reverse(name, args=["02", *more])


def merger(**how) -> dict[str, object]:
    given = {
        "kind": "merge",
        "effective_on": DAY.isoformat(),
        "instrument": "819/NQ-UBTVQH14",
        "ends.unit": ["lung cu", "Má Lé", ""],
        "begins.code": ["95001"],
        "begins.name": ["Cực Bắc"],
        "begins.kind": ["xa"],
        "request_id": str(uuid4()),
        "act": "preview",
    }
    return given | how


def preview(client, **how):
    return client.post(address("new_unit_event"), merger(**how))


def record(client, **how):
    shown = preview(client, **how)
    return client.post(
        address("new_unit_event"),
        merger(**how) | {"act": "record", "seen": shown.context["plan"].fingerprint},
    )


class TestRecording:
    def test_each_kind_has_its_form(self, client, office):
        page = client.get(address("new_unit_event"))
        for kind in UnitEvent.Kind.values:
            assert f"?kind={kind}" in page.content.decode()
            assert client.get(address("new_unit_event"), {"kind": kind}).status_code == 200
        assert client.get(address("new_unit_event"), {"kind": "boom"}).context["kinds"]

    def test_the_preview_writes_nothing_and_says_what_happens(self, client, office, world):
        Assignment.objects.create(
            user=make_user(display_name="Cô Xã"),
            role=Role.COMMUNE,
            unit=world.communes[0].unit,
            valid=ALWAYS,
        )
        shown = preview(client)
        assert shown.status_code == 200
        for said in (
            "Tỉnh có 2 đơn vị cấp xã thay cho 3",
            "Xã Lũng Cú",
            "chấm dứt từ 15/01/2018",
            "Xã Cực Bắc 95001 thành lập từ 15/01/2018",
            "Xã Má Lé → Xã Cực Bắc: toàn bộ",
            "Kết quả ban đầu do văn phòng quyết định",
            "Từ tháng 01/2018: Xã Cực Bắc nhập số liệu",
            "1 người cần được phân công lại",
            "Cô Xã, cán bộ xã, Xã Lũng Cú",
        ):
            assert said in text(shown), said
        assert 'id="opening"' in shown.content.decode()
        assert not UnitEvent.objects.exists()

    def test_confirmed_it_is_recorded_once_and_the_overview_follows(self, client, office, world):
        overview = reverse("overview", args=["02"])
        assert client.get(overview).context["answer"].reported.communes == 3
        request = str(uuid4())
        answer = record(client, request_id=request)
        event = UnitEvent.objects.get()
        assert answer.headers["Location"] == address("unit_event", event.pk)
        assert client.get(overview).context["answer"].reported.communes == 2
        assert event.change.by == office
        page = client.get(answer.headers["Location"])
        assert "Sáp nhập Xã Lũng Cú và Xã Má Lé thành Xã Cực Bắc" in text(page)
        assert "Kết quả ban đầu do văn phòng quyết định" in text(page)

    def test_sent_twice_it_leads_to_the_same_event(self, client, office):
        shown = preview(client)
        sent = merger(act="record", seen=shown.context["plan"].fingerprint)
        first = client.post(address("new_unit_event"), sent)
        second = client.post(address("new_unit_event"), sent)
        assert first.headers["Location"] == second.headers["Location"]
        assert UnitEvent.objects.count() == 1

    def test_back_from_the_preview_everything_typed_is_still_there(self, client, office):
        form = client.post(address("new_unit_event"), merger(act="edit"))
        assert form.status_code == 200
        for typed in ("lung cu", "Má Lé", "95001", "Cực Bắc", "819/NQ-UBTVQH14", "2018-01-15"):
            assert f'value="{typed}"' in form.content.decode()

    def test_more_rows_keep_what_was_typed(self, client, office):
        form = client.post(address("new_unit_event"), merger(act="", more="ends"))
        content = form.content.decode()
        assert content.count('name="ends.unit"') == 4
        assert "autofocus" in content
        assert 'value="lung cu"' in content

    @pytest.mark.parametrize(
        ("how", "says"),
        [
            ({"effective_on": ""}, "Hãy chọn ngày"),
            ({"effective_on": "2018-02-31"}, "Ngày chưa đúng"),
            ({"instrument": ""}, "số nghị quyết"),
            ({"ends.unit": ["Lũng", "Má Lé"]}, "không có xã, phường nào là “Lũng”"),
            ({"ends.unit": ["lung cu", "Lũng Cú"]}, "ghi hai lần"),
            ({"ends.unit": ["lung cu"]}, "ít nhất hai đơn vị cũ"),
            ({"begins.code": ["123"]}, "5 chữ số"),
            ({"begins.name": [""]}, "tên đơn vị"),
            ({"begins.name": ["<b>Đậm</b>"], "begins.code": ["9"]}, "5 chữ số"),
        ],
    )
    def test_what_is_wrong_stands_at_its_box_and_nothing_is_lost(self, client, office, how, says):
        answer = preview(client, **how)
        assert answer.status_code == 422
        assert says in text(answer)
        assert "<b>Đậm" not in answer.content.decode()
        assert 'value="819/NQ-UBTVQH14"' in answer.content.decode() or "instrument" in how

    def test_a_unit_of_another_province_and_one_of_another_time_are_named(self, client, office):
        make_commune(code="06040", name="Thất Khê", parent=_elsewhere())
        assert "Xã Thất Khê (06040) thuộc Tỉnh Lạng Sơn" in text(
            preview(client, **{"ends.unit": ["06040", "ma le"]})
        )
        make_commune(
            code="95777",
            name="Xưa Cũ",
            parent=UnitVersion.objects.get(code="026"),
            valid=days(date(2019, 1, 1)),
        )
        said = text(preview(client, **{"ends.unit": ["Xưa Cũ", "ma le"]}))
        assert "Ngày 15/01/2018 không có đơn vị này: Xã Xưa Cũ (95777) có từ 01/01/2019" in said

    def test_closed_months_are_listed_the_oldest_first_and_block(self, client, office, world):
        months.close(province=world.province.unit, month=JANUARY, by=office)
        shown = preview(client)
        assert "phải mở lại các tháng đã chốt" in text(shown)
        assert "Tháng 01/2018" in text(shown)
        assert 'value="record"' not in shown.content.decode()
        forced = merger(act="record", seen=shown.context["plan"].fingerprint)
        answer = client.post(address("new_unit_event"), forced)
        assert answer.status_code == 422
        assert "Phải mở lại" in text(answer)
        assert figures(world.province, JANUARY).reported.communes == 3
        months.reopen(closing=MonthClosing.objects.get(), reason="Sáp nhập", by=office)
        assert record(client).status_code == 302

    def test_a_version_that_changed_meanwhile_is_said_and_shown_anew(self, client, office, world):
        seen = preview(client).context["plan"].fingerprint
        UnitVersion.objects.filter(pk=world.communes[1].pk).update(code="95555")
        answer = client.post(address("new_unit_event"), merger(act="record", seen=seen))
        assert answer.status_code == 409
        assert "Từ lúc xem trước đến nay có đơn vị đã thay đổi" in text(answer)
        assert "95555" in text(answer)
        assert not UnitEvent.objects.exists()

    def test_several_into_several_asks_who_becomes_what(self, client, office, world):
        how = {
            "begins.code": ["95001", "95002"],
            "begins.name": ["Một", "Hai"],
            "begins.kind": ["xa", "xa"],
        }
        asked = preview(client, **how)
        assert asked.status_code == 422
        assert "Đơn vị cũ nào thành đơn vị mới nào" in text(asked)
        first, second = (commune.unit_id for commune in world.communes[:2])
        for name in (f"edge-{first}-95001", f"edge-{second}-95002"):
            assert f'name="{name}"' in asked.content.decode()
        how |= {f"edge-{first}-95001": "whole", f"edge-{second}-95002": "whole"}
        assert "Xã Lũng Cú → Xã Một: toàn bộ" in text(preview(client, **how))
        assert record(client, **how).status_code == 302

    def test_a_new_kind_is_recorded_for_several_communes_at_once(self, client, office, world):
        how = {
            "kind": "reclassify",
            "alters.unit": ["lung cu", "ma le"],
            "alters.kind": ["thi_tran", "thi_tran"],
            "alters.name": ["", "Má Lé Mới"],
            "alters.code": ["", ""],
        }
        shown = preview(client, **how)
        assert "Thị trấn Má Lé Mới" in text(shown)
        assert "xã tham gia Chương trình: 3 → 1" in text(shown)
        record(client, **how)
        assert units.version_of(world.communes[1].unit_id, DAY).full_name == "Thị trấn Má Lé Mới"

    def test_a_move_names_the_new_district(self, client, office, world):
        from tests.factories import make_district

        there = make_district(province=world.province, code="027", name="Mèo Vạc")
        how = {
            "kind": "move",
            "alters.unit": ["lung cu"],
            "alters.parent": [str(there.unit_id)],
        }
        assert "thuộc Huyện Mèo Vạc" in text(preview(client, **how))
        record(client, **how)
        assert units.version_of(world.communes[0].unit_id, DAY).parent_id == there.unit_id


def _elsewhere() -> UnitVersion:
    from tests.factories import make_district, make_province

    return make_district(province=make_province(code="20", name="Lạng Sơn", clock="20"), code="180")


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
        _elsewhere()
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
