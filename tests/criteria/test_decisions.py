"""Decisions of recognition: recorded once, revoked, put right; the list, the form, its preview."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Change, Role
from criteria import months, recognition
from criteria.decisions.reading import decisions
from criteria.models import Recognition, SetVersion
from criteria.recognition import DecisionRefused
from criteria.rules.types import Outcome
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

SIGNED = date(2018, 1, 20)


@pytest.fixture
def world(db, client) -> World:
    world = make_world(communes=3)
    office = make_user(display_name="Cán bộ Văn phòng")
    Assignment.objects.create(user=office, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(office)
    return world


def recognise(world: World, *communes: int, **more) -> None:
    recognition.recognise(**paper(world, *communes) | more)


def revoke(world: World, *communes: int, **more) -> None:
    given = paper(world, *communes) | {"number": "13/QĐ-UBND", "decided_on": date(2018, 1, 25)}
    recognition.revoke(**given | more)


def paper(world: World, *communes: int) -> dict:
    return {
        "units": [world.communes[place].unit for place in communes],
        "tier": "standard",
        "set_version": SetVersion.objects.get(pk=world.asked.version_id),
        "number": "12/QĐ-UBND",
        "decided_on": SIGNED,
        "year": 2018,
        "by": world.officer,
    }


def correct(world: World, *keeps: int, **more) -> None:
    given = paper(world, *keeps)
    units = given.pop("units")
    given |= {"keeps": [unit.pk for unit in units], "effective_on": SIGNED, "reason": "Gõ nhầm"}
    rows = Recognition.objects.exclude(act="correct")
    recognition.correct(decisions=list(rows), **given | more)


def held(world: World, day: date = JANUARY) -> list[str]:
    ids = [version.unit_id for version in world.communes]
    found = recognition.statuses(ids, day=day)
    return [found.get(unit_id, "") for unit_id in ids]


def form(world: World, does: str, *communes: int, **more):
    return {
        "does": does,
        "act": "recognise",
        "number": "12/QĐ-UBND",
        "decided_on": "2018-01-20",
        "tier": "standard",
        "judged_by": "nho",
        "year": "2018",
        "commune": [world.communes[place].code for place in communes],
        "request_id": str(uuid4()),
    } | more


def post(client, data, name="new_decision", *args):
    answer = client.post(reverse(name, args=["02", *args]), data)
    return answer.status_code, " ".join(answer.content.decode().split())


def page(client, **query) -> str:
    answer = client.get(reverse("decisions", args=["02"]), query)
    return " ".join(answer.content.decode().split())


class TestActs:
    def test_the_same_request_records_once_and_twice_under_one_set_is_refused(self, world):
        request = uuid4()
        recognise(world, 0, request_id=request)
        recognise(world, 1, request_id=request)
        assert held(world) == ["standard", "", ""]
        with pytest.raises(DecisionRefused, match="đã được công nhận mức này"):
            recognise(world, 0, 1)
        recognise(world, 0, set_version=None, number="14/QĐ-UBND")
        assert Recognition.objects.count() == 2

    def test_only_what_is_held_is_revoked_and_then_it_may_be_given_again(self, world):
        recognise(world, 0)
        with pytest.raises(DecisionRefused, match=r"Xã .+ không giữ mức này"):
            revoke(world, 0, 1)
        revoke(world, 0)
        assert held(world) == ["", "", ""]
        with pytest.raises(DecisionRefused, match="không giữ mức này"):
            revoke(world, 0, number="15/QĐ-UBND")
        recognise(world, 0, number="16/QĐ-UBND", decided_on=date(2018, 1, 26))
        assert held(world) == ["standard", "", ""]

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({"units": []}, "ít nhất một xã"),
            ({"number": " "}, "số quyết định"),
            ({"number": "1" * 61}, "số quyết định"),
            ({"decided_on": date(2090, 1, 1)}, "chưa đến"),
        ],
    )
    def test_a_decision_that_cannot_be_is_refused_and_nothing_written(self, world, more, why):
        with pytest.raises(DecisionRefused, match=why):
            recognise(world, 0, **more)
        assert not Recognition.objects.exists()

    def test_a_correction_stands_in_the_place_of_what_was_typed(self, world):
        recognise(world, 0, 1, 2)
        correct(world, 0, 1, number="21/QĐ-UBND", effective_on=date(2018, 2, 1))
        assert held(world) == ["", "", ""]
        assert held(world, date(2018, 2, 1)) == ["standard", "standard", ""]
        shown = decisions(world.province)
        assert [(one.says.number, len(one.communes), one.first.mistaken) for one in shown] == [
            ("12/QĐ-UBND", 1, True),
            ("21/QĐ-UBND", 2, False),
        ]
        correct(world, 0, 1, 2, number="21/QĐ-UBND", effective_on=date(2018, 2, 1))
        assert held(world, date(2018, 2, 1)) == ["standard"] * 3
        assert Change.objects.latest("seq").reason == "Gõ nhầm"

    def test_a_correction_needs_a_reason_and_something_to_correct(self, world):
        recognise(world, 0)
        with pytest.raises(DecisionRefused, match="lý do"):
            correct(world, 0, number="21/QĐ-UBND", reason=" ")
        with pytest.raises(DecisionRefused, match="Không có gì thay đổi"):
            correct(world, 0)
        assert Recognition.objects.count() == 1


def test_the_list_shows_each_decision_once_with_its_communes_and_what_was_revoked(client, world):
    assert "Chưa ghi quyết định nào" in page(client)
    recognise(world, 0, 1, 2)
    revoke(world, 1)
    shown = page(client)
    assert "<em>2/3</em> xã đang được công nhận" in shown
    assert "3 xã" in shown
    assert f"đã thu hồi: {world.communes[1].full_name}" in shown
    assert "13/QĐ-UBND" in shown
    assert "Không có quyết định nào phù hợp" in page(client, year=2016)
    assert "12/QĐ-UBND" in page(client, year=2018, tier="standard")
    assert "Không có quyết định nào phù hợp" in page(client, tier="model")
    assert "12/QĐ-UBND" in page(client, year="x", tier="y")


def test_a_decision_after_the_day_is_marked(client, world):
    recognise(world, 0)
    assert "sau ngày 19/01/2018" in page(client, on="2018-01-19")
    assert "sau ngày" not in page(client, on="2018-01-20")


def test_the_list_stands_as_it_was_known_and_a_closed_month_as_it_was_closed(client, world):
    recognise(world, 0)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    before = Change.objects.latest("seq").at.isoformat()
    recognise(world, 1, number="14/QĐ-UBND")
    closed = page(client, on="2018-01-31")
    assert "<em>1/3</em> xã đang được công nhận" in closed
    assert "14/QĐ-UBND" in closed
    known = page(client, on="2018-01-31", known=before)
    assert "<em>1/3</em> xã" in known
    assert "14/QĐ-UBND" not in known
    reread = page(client, on="2018-01-31", known="now")
    assert "<em>2/3</em> xã" in reread
    book = reverse("decisions_workbook", args=["02"])
    rows = [
        load_workbook(BytesIO(client.get(book, {"known": known}).content)).active.max_row
        for known in (before, "now")
    ]
    assert rows[1] == rows[0] + 1


def test_the_list_asks_a_fixed_number_of_queries(client, world, django_assert_max_num_queries):
    for place in range(3):
        recognise(world, place, number=f"{place}/QĐ-UBND")
    page(client)
    with django_assert_max_num_queries(15):
        page(client)


def test_two_communes_are_recognised_after_a_preview_that_warns(client, world):
    one, two, _ = world.communes
    for code, what in (("1.1", {"value": 85}), ("1.2", {}), ("2", {})):
        world.save(one, code, verdict=None if what else Outcome.MET, **what)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    listed = client.get(reverse("new_decision", args=["02"])).content.decode()
    assert listed.index(one.full_name) < listed.index(two.full_name)
    assert "2/2" in listed
    status, shown = post(client, form(world, "preview", 0, 1))
    assert (status, Recognition.objects.count()) == (200, 0)
    assert "1 xã chưa đủ tiêu chí" in shown
    assert f"{two.full_name} (chưa có kết quả)" in shown
    assert f"{one.full_name} (" not in shown
    data = form(world, "record", 0, 1)
    assert [post(client, data)[0] for _ in range(2)] == [302, 302]
    assert held(world) == ["standard", "standard", ""]
    assert Recognition.objects.count() == 2
    assert Recognition.objects.first().effective_on == SIGNED
    status, shown = post(client, form(world, "preview", 0, number="15/QĐ-UBND"))
    assert "đang được công nhận mức này rồi" in shown
    status, shown = post(client, form(world, "record", 0, number="15/QĐ-UBND"))
    assert status == 422
    assert "hãy bỏ chọn" in shown


def test_the_preview_doubts_the_number_and_the_days_and_tells_the_province_after_it(client, world):
    recognise(world, 0)
    recognise(world, 2, number="9/QĐ-UBND", decided_on=date(2017, 5, 2))
    plain = post(client, form(world, "preview", 1))[1]
    assert "2 → 3/3 xã được công nhận" in plain
    assert "đã ghi cho quyết định" not in plain
    assert "trước ngày ký" not in plain
    odd = {"number": "12/qđ-UBND", "decided_on": "2018-01-25", "effective_on": "2017-01-25"}
    status, shown = post(client, form(world, "preview", 1, **odd))
    assert status == 200
    assert "Số 12/qđ-UBND đã ghi cho quyết định ký ngày 20/01/2018</b>" in shown
    assert "Có hiệu lực từ 25/01/2017, trước ngày ký 25/01/2018 365 ngày</b>: kiểm tra" in shown
    revoked = post(client, form(world, "preview", 0, act="revoke", decided_on="2018-01-25"))[1]
    assert "2 → 1/3 xã được công nhận" in revoked
    later = post(client, form(world, "preview", 1, effective_on="2018-02-01"))[1]
    assert "2/3 xã được công nhận, không thay đổi vì quyết định có hiệu lực sau" in later
    assert post(client, form(world, "record", 1, **odd))[0] == 302


def test_the_preview_of_a_correction_tells_what_changes_and_the_same_doubts(client, world):
    recognise(world, 0, 1)
    recognise(world, 2, number="9/QĐ-UBND", decided_on=date(2017, 5, 2), set_version=None)
    first = Recognition.objects.order_by("pk").first().pk

    def preview(*keeps: int, place: int = first, **more) -> str:
        data = form(world, "preview", *keeps, reason="Gõ nhầm", **more)
        status, shown = post(client, data, "correct_decision", place)
        assert (status, Recognition.objects.filter(act="correct").count()) == (200, 0)
        return shown

    dropped = preview(0)
    assert "3 → 2/3 xã được công nhận" in dropped
    assert "1 xã ghi nhầm, bỏ khỏi quyết định" in dropped
    assert f"{world.communes[0].full_name} (chưa có kết quả)" in dropped
    assert "1 xã chưa đủ tiêu chí" in dropped
    assert "đã ghi cho quyết định" not in dropped
    assert "quyết định khác" not in dropped
    odd = preview(0, 1, number="9/qđ-UBND", effective_on="2017-01-20")
    assert '<td class="text" data-label="Đã ghi">12/QĐ-UBND</td>' in odd
    assert "<b>9/qđ-UBND</b>" in odd
    assert "Số 9/qđ-UBND đã ghi cho quyết định ký ngày 02/05/2017</b>" in odd
    assert "trước ngày ký 20/01/2018 365 ngày</b>: kiểm tra" in odd
    assert "đã ghi cho quyết định" not in preview(0, 1, decided_on="2018-01-19")
    later = preview(0, 1, effective_on="2018-02-01")
    assert "3 → 1/3 xã được công nhận" in later
    none = preview()
    assert "<h1>Bỏ Quyết định 12/QĐ-UBND, do ghi nhầm</h1>" in none
    assert "3 → 1/3 xã được công nhận" in none
    same = form(world, "preview", 0, 1, reason="Gõ nhầm")
    status, shown = post(client, same, "correct_decision", first)
    assert (status, "Không có gì thay đổi" in shown) == (422, True)
    recognise(world, 0, number="11/QĐ-UBND", decided_on=date(2018, 1, 10), set_version=None)
    assert "1 xã vào ngày 20/01/2018 đã được công nhận mức này" in preview(0)
    revoke(world, 2)
    last = Recognition.objects.get(act="revoke").pk
    early = {"number": "13/QĐ-UBND", "decided_on": "2018-01-25", "effective_on": "2017-05-01"}
    assert "1 xã không giữ mức này vào ngày 01/05/2017" in preview(2, place=last, **early)


def test_a_revocation_lists_only_those_that_hold_the_tier(client, world):
    recognise(world, 0)
    listed = client.get(reverse("new_decision", args=["02"]), {"act": "revoke"}).content.decode()
    assert world.communes[0].full_name in listed
    assert world.communes[1].full_name not in listed
    data = form(world, "record", 0, act="revoke", decided_on="2018-01-25", number="13/QĐ-UBND")
    assert post(client, data)[0] == 302
    assert held(world) == ["", "", ""]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"number": ""}, "Hãy ghi số quyết định"),
        ({"decided_on": "2090-01-01"}, "chưa đến"),
        ({"year": "2019"}, "sau năm ký 2018"),
        ({"year": "năm nay"}, "phải là một số"),
        ({"year": "99999"}, "phải đến 2100"),
        ({"tier": "model"}, "dùng cho mức đạt chuẩn"),
        ({"judged_by": "khac"}, "chưa áp dụng bộ tiêu chí này"),
        ({"commune": ["99999"]}, "ít nhất một xã"),
        ({"year": "2015"}, "chưa có hiệu lực năm 2015"),
    ],
)
def test_what_the_paper_cannot_say_is_refused_at_its_field(client, world, more, why):
    for does in ("preview", "record"):
        status, shown = post(client, form(world, does, 0, **more))
        assert status == 422
        assert why in shown
    assert not Recognition.objects.exists()


def test_a_typing_error_is_put_right_and_a_commune_taken_out(client, world):
    recognise(world, 0, 1)
    first = Recognition.objects.first().pk
    data = form(world, "record", 0, number="21/QĐ-UBND", reason="Gõ nhầm số")
    status, shown = post(client, data | {"reason": ""}, "correct_decision", first)
    assert (status, "Hãy ghi lý do" in shown) == (422, True)
    for does in ("preview", "edit"):
        assert post(client, data | {"does": does}, "correct_decision", first)[0] == 200
    assert Recognition.objects.count() == 2
    assert post(client, data, "correct_decision", first)[0] == 302
    assert held(world) == ["standard", "", ""]
    shown = page(client)
    assert "đã đính chính" in shown
    assert "bỏ, do ghi nhầm" in shown
    gone = Recognition.objects.filter(act="recognise").last().pk
    assert post(client, data, "correct_decision", gone)[0] == 404
    assert post(client, data, "correct_decision", 10**9)[0] == 404


def test_the_workbook_lists_each_commune_of_each_decision(client, world):
    recognise(world, 0, 1)
    answer = client.get(reverse("decisions_workbook", args=["02"]))
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
