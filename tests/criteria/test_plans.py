"""Plans of a year: targets, the list of registered communes, and how far they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from communes.models import Assignment, Change, Role
from criteria import recognition
from criteria.knowledge import Knowledge
from criteria.models import Registration, Target
from criteria.plans import acts, reading
from criteria.plans.acts import PlanRefused
from criteria.rules.types import Outcome
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_user

RECOGNISED, AVERAGE = Target.What.RECOGNISED, Target.What.AVERAGE


@pytest.fixture
def world(db, client) -> World:
    world = make_world(communes=4)
    office = make_user(display_name="Cán bộ Văn phòng")
    Assignment.objects.create(user=office, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(office)
    return world


def register(world: World, *communes: int, **more) -> None:
    acts.register(**listed(world, *communes) | more)


def withdraw(world: World, *communes: int, **more) -> None:
    acts.withdraw(**listed(world, *communes) | {"reason": "Chuyển sang 2019"} | more)


def listed(world: World, *communes: int) -> dict:
    found = [world.communes[place].unit for place in communes]
    return {"units": found, "year": 2018, "tier": "standard", "by": world.officer}


def target(world: World, value: str, what: str = RECOGNISED, **more) -> None:
    given = {"province": world.province.unit, "year": 2018, "what": what, "value": Decimal(value)}
    acts.set_target(**given | {"decision": "18/KH-UBND", "by": world.officer} | more)


def plan(world: World, year: int = 2018) -> reading.Plan:
    return reading.plan(world.province, year=year, tier="standard")


def post(client, name: str, **data):
    data = {"year": 2018, "tier": "standard", "request_id": str(uuid4())} | data
    answer = client.post(reverse(name, args=["02"]), data)
    return answer.status_code, " ".join(answer.content.decode().split())


def page(client, **query) -> str:
    answer = client.get(reverse("plans", args=["02"]), query)
    return " ".join(answer.content.decode().split())


def meet(world: World, commune: int, *codes: str) -> None:
    for code in codes:
        value = {"value": 85} if code == "1.1" else {"verdict": Outcome.MET}
        world.save(world.communes[commune], code, **value)


def test_the_last_word_on_a_commune_counts_and_the_earlier_stay(world):
    register(world, 0, 1)
    register(world, 1, 2)
    withdraw(world, 0, 3)
    on_list = [one.version.unit_id for one in plan(world).listed]
    assert sorted(on_list) == sorted(world.communes[place].unit_id for place in (1, 2))
    register(world, 0)
    assert len(plan(world).listed) == 3
    assert Registration.objects.count() == 5
    assert plan(world, 2017).listed == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.update(withdrawn=True)


def test_a_request_sent_twice_and_one_that_changes_nothing_write_nothing_more(world):
    request = uuid4()
    register(world, 0, request_id=request)
    register(world, 1, request_id=request)
    register(world, 0)
    withdraw(world, 3)
    target(world, "4")
    target(world, "4")
    kinds = list(Change.objects.filter(action__startswith="plans").values_list("action", flat=True))
    assert kinds == ["plans.register", "plans.target"]


def test_the_last_target_counts_beside_where_the_province_stands(world):
    target(world, "4")
    target(world, "3", decision="20/KH-UBND")
    target(world, "1.5", AVERAGE)
    meet(world, 0, "2")
    recognised, average = plan(world).aims
    assert (recognised.target.value, recognised.stands, recognised.left) == (3, 0, 3)
    assert recognised.target.decision == "20/KH-UBND"
    assert (average.target.value, average.left) == (Decimal("1.5"), Decimal("1.25"))
    change = Change.objects.filter(action="plans.target")[1]
    assert change.lines.get().before["value"] == "4.00"


@pytest.mark.parametrize(
    ("value", "what", "more", "why"),
    [
        ("1.5", RECOGNISED, {}, "số nguyên"),
        ("-1", RECOGNISED, {}, "từ 0"),
        ("5", RECOGNISED, {}, "từ 0 đến 4, không phải 5: .* có 4 xã"),
        ("2.01", AVERAGE, {}, "từ 0 đến 2, không phải 2,01: .* có 2 tiêu chí"),
        ("3", RECOGNISED, {"decision": " "}, "văn bản"),
    ],
)
def test_a_target_that_cannot_be_is_refused(world, value, what, more, why):
    with pytest.raises(PlanRefused, match=why):
        target(world, value, what, **more)
    assert not Target.objects.exists()


def test_progress_says_who_is_recognised_who_waits_and_who_lacks_least(client, world):
    assert plan(world).sentence == "Năm 2018 chưa có xã nào đăng ký"
    register(world, 0, 1, 2, 3)
    meet(world, 0, "1.1", "1.2", "2")
    meet(world, 1, "1.1", "1.2", "2")
    meet(world, 2, "2")
    recognition.recognise(
        units=[world.communes[0].unit],
        tier="standard",
        set_version=None,
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2018,
        by=None,
    )
    found = plan(world)
    assert found.sentence == (
        "1/4 xã đăng ký đã được công nhận; 1 xã đủ tiêu chí, chờ quyết định;"
        " 1 xã còn thiếu 1 tiêu chí"
    )
    assert (found.met, found.of) == (5, 6)
    assert [one.lacks for one in found.listed if one.of] == [(), (1,), ()]
    shown = page(client)
    assert found.sentence in shown
    assert "<b>5/6</b> tiêu chí" in shown
    answer = client.get(reverse("plans_workbook", args=["02"]), {"year": 2018})
    assert answer.content.startswith(b"PK")


def test_a_plan_is_read_as_known_at_a_moment_and_then_only_looked_at(client, world):
    register(world, 0, 1)
    meet(world, 0, "2")
    moment = Change.objects.latest("seq").at
    register(world, 2)
    target(world, "3")
    meet(world, 0, "1.1", "1.2")
    recognition.recognise(
        units=[world.communes[0].unit],
        tier="standard",
        set_version=None,
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2018,
        by=None,
    )
    then = reading.plan(world.province, year=2018, tier="standard", known=Knowledge(at=moment))
    assert (then.met, len(then.done), plan(world).met, len(plan(world).done)) == (1, 0, 2, 1)
    assert (len(then.listed), len(plan(world).listed)) == (2, 3)
    assert then.aims[0].target is None
    assert plan(world).aims[0].target is not None
    shown = page(client, year=2018, known=moment.isoformat())
    assert "xã còn thiếu 1 tiêu chí" in shown
    assert "quyết định công nhận ghi sau đó không được tính" in shown
    assert "Rút đăng ký các xã đã chọn" in page(client, year=2018)
    assert "Rút đăng ký các xã đã chọn" not in shown


def test_communes_are_added_and_taken_off_on_the_page(client, world):
    codes = [version.code for version in world.communes]
    assert post(client, "register_communes", commune=codes[:2])[0] == 302
    assert "2 xã đăng ký" in page(client)
    status, shown = post(client, "withdraw_registration", commune=codes[:1])
    assert (status, "Hãy ghi lý do" in shown) == (422, True)
    assert post(client, "withdraw_registration", commune=codes[:1], reason="Chuyển")[0] == 302
    assert "1 xã đăng ký" in page(client)
    assert post(client, "set_target", what="average", value="1,5", decision="18/KH")[0] == 302
    assert "1,50" in page(client)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("register_communes", {}, "ít nhất một xã"),
        ("register_communes", {"commune": ["99999"]}, "ít nhất một xã"),
        ("withdraw_registration", {"reason": "x"}, "ít nhất một xã"),
        ("set_target", {"what": "recognised", "value": "a", "decision": "1"}, "một số"),
        ("set_target", {"what": "recognised", "value": "1e9", "decision": "1"}, "một số"),
        ("set_target", {"what": "x", "value": "1", "decision": "1"}, "Chỉ tiêu"),
        ("set_target", {"what": "average", "value": "500", "decision": "1"}, "có 2 tiêu chí"),
        (
            "set_target",
            {"what": "recognised", "value": "5", "decision": "1"},
            "Giá trị đến cuối năm: Số xã đạt chuẩn phải từ 0 đến 4, không phải 5",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(client, world, name, data, why):
    status, shown = post(client, name, **data)
    assert status == 422
    assert why in shown
    assert not Registration.objects.exists()
    assert not Target.objects.exists()


def test_a_year_that_is_none_and_one_not_loaded_show_a_page(client, world):
    for year in ("x", "1", "99999", "2030"):
        assert client.get(reverse("plans", args=["02"]), {"year": year}).status_code == 200


def test_the_page_asks_a_fixed_number_of_queries(client, world, django_assert_max_num_queries):
    register(world, 0, 1, 2, 3)
    page(client)
    with django_assert_max_num_queries(26):
        page(client)
