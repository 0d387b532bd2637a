"""Recording a rearrangement in the browser: form, preview, confirmation."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from communes import units
from communes.models import Assignment, Role, UnitEvent, UnitVersion, User
from criteria import months
from criteria.figures import figures
from criteria.models import MonthClosing
from tests.criteria.unit_requests import (
    DAY,
    address,
    elsewhere,
    holding,
    merger,
    named_world,
    preview,
    record,
    text,
)
from tests.criteria.world import JANUARY, World
from tests.factories import ALWAYS, days, make_commune, make_district, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return named_world()


@pytest.fixture
def office(client, world) -> User:
    user = holding(Role.OFFICE, world.province)
    client.force_login(user)
    return user


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
        make_commune(code="06040", name="Thất Khê", parent=elsewhere())
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
        there = make_district(province=world.province, code="027", name="Mèo Vạc")
        how = {
            "kind": "move",
            "alters.unit": ["lung cu"],
            "alters.parent": [str(there.unit_id)],
        }
        assert "thuộc Huyện Mèo Vạc" in text(preview(client, **how))
        record(client, **how)
        assert units.version_of(world.communes[0].unit_id, DAY).parent_id == there.unit_id
