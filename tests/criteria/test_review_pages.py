"""Pages of those who confirm: the queue, the list of one criterion, the summary, the act."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.models import Change, Department, Role, UnitVersion
from criteria import evidence
from criteria.confirming.states import State
from criteria.models import CellHead, Responsibility, Review, SetAdoption
from criteria.rules.types import Outcome
from tests.criteria.reviewing import (
    adopt_beside,
    confirm,
    make_answering,
    make_person,
    send_back,
    state,
)
from tests.criteria.world import World, make_world
from tests.factories import ALWAYS, make_commune, make_district

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world(communes=4)


@pytest.fixture
def department(world: World) -> Department:
    return make_answering(world, 1, 2)


@pytest.fixture
def client(world: World, department: Department) -> Client:
    client = Client()
    client.force_login(make_person(world.province, Role.DEPARTMENT, department))
    return client


def address(world: World, number: int = 2, name: str = "review_list", set_code: str = "nho") -> str:
    return reverse(name, args=[world.province.code, set_code, number])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def token(world: World, commune, number: int = 2) -> str:
    seen = state(world, commune, number).seen
    return f"{commune.unit_id}:{'.'.join(map(str, seen))}"


def post(client: Client, world: World, name: str, number: int = 2, **data):
    return client.post(address(world, number, name), data)


def ticked(answer) -> list[str]:
    """The communes whose box is ticked."""
    boxes = re.findall(r'<input type="checkbox" name="commune"[^>]*>', answer.content.decode())
    return [re.search(r'aria-label="([^"]*)"', box)[1] for box in boxes if " checked" in box]


def listed(answer) -> set[str]:
    return set(re.findall(r'name="commune" value="[^"]*" aria-label="([^"]*)"', text_of(answer)))


def test_a_department_sees_its_criteria_with_what_waits_and_no_others(client, world):
    for commune in world.communes[:3]:
        world.save(commune, "2", verdict=MET)
    confirm(world, world.communes[0], number=2)
    Responsibility.objects.filter(criterion__number=1).delete()
    make_answering(world, 1, name="Sở Y tế")
    assert client.get(reverse("review_queue", args=["02"])).url == address(world)
    make_answering(world, 1, department=Department.objects.get(name="Sở Xây dựng"))
    text = text_of(client.get(reverse("review_queue", args=["02"])))
    assert "<em>2</em> lượt xã chờ bạn xác nhận ở 1 tiêu chí" in text
    assert text.index("2. Tiêu chí 2") < text.index("1. Tiêu chí 1")


def test_the_office_sees_every_criterion_and_who_answers(client, world):
    office = Client()
    office.force_login(make_person(world.province, Role.OFFICE))
    Responsibility.objects.filter(criterion__number=1).delete()
    text = text_of(office.get(reverse("review_queue", args=["02"])))
    own, others = text.split('id="others"')
    assert "1. Tiêu chí 1" in own
    assert "Văn phòng điều phối xác nhận" in own
    assert 'Sở Xây dựng <span class="unchecked">(chưa đối chiếu)</span>' in others


def test_the_list_shows_value_level_verdict_who_and_both_outcomes(client, world):
    first, second = world.communes[:2]
    world.save(first, "1.1", 85)
    world.save(first, "1.2", verdict=MET)
    confirm(world, first, number=1)
    world.save(first, "1.1", 79.5, note="Đo lại")
    world.save(second, "1.1", 90)
    text = text_of(client.get(address(world, 1)))
    row = text.split(f'aria-label="{first.full_name}"')[1].split("</tr>")[0]
    for said in ["79,5", "Chưa đạt", "Đo lại", "1.1: 85 → 79,5 (Đạt → Chưa đạt)", "Người dùng thử"]:
        assert said in row
    assert row.index("Chưa đạt") < row.index('data-label="Đã xác nhận"') < row.rindex("Đạt")
    assert "chưa lần nào" in text.split(f'aria-label="{second.full_name}"')[1].split("</tr>")[0]
    assert "≥ 80 %" in text
    assert "2 xã</em> chờ xác nhận" in text
    assert "SỐ LIỆU MÔ PHỎNG" in text


def test_the_list_and_the_summary_lead_to_the_evidence_of_each_cell(client, world):
    papered, bare = world.communes[:2]
    for commune in (papered, bare):
        world.save(commune, "1.1", 85)
        world.save(commune, "1.2", verdict=MET)
    cells = CellHead.objects.filter(unit_id=papered.unit_id)
    for place, cell in enumerate(cells.order_by("indicator__code")):
        for name in "ab"[: 2 - place]:
            evidence.attach_address(
                result=cell.result, url=f"https://example.vn/{name}", name=name, by=world.officer
            )
    first, second = (
        f'<a href="/communes/{papered.code}/evidence/{code}/?on=2018-01-31&amp;set=nho">{code}: {n}'
        f' minh chứng<span class="sr">, {papered.full_name}</span></a>'
        for code, n in (("1.1", 2), ("1.2", 1))
    )
    text = text_of(client.get(address(world, 1)))
    assert f"{first} · {second}" in text
    assert "<b>1/2 xã</b> đang hiện có minh chứng" in text
    chosen = [token(world, commune, 1) for commune in (papered, bare)]
    summary = text_of(post(client, world, "review_check", 1, act="confirm", commune=chosen))
    assert f'data-label="Minh chứng">{first} · {second}' in summary
    assert summary.count('data-label="Minh chứng"><span class="soft">không có') == 1
    link = re.search('href="([^"]*)"', first)[1].replace("&amp;", "&")
    assert client.get(link).status_code == 200


def test_what_people_wrote_stands_in_the_list_as_text(client, world, department):
    world.save(world.communes[0], "2", verdict=NOT_MET, note="<i>ghi chú</i>")
    send_back(world, world.communes[0], number=2, reason="<b>Thiếu", department=department)
    text = text_of(client.get(address(world), {"show": "returned"}))
    assert "“&lt;b&gt;Thiếu”" in text and "&lt;i&gt;ghi chú&lt;/i&gt;" in text
    assert "<b>Thiếu" not in text and "<i>ghi" not in text


def test_the_filters_are_addresses_and_say_how_many_they_hold(client, world):
    waits, changed, back, done = world.communes
    for commune in world.communes:
        world.save(commune, "2", verdict=NOT_MET)
    confirm(world, changed, done, number=2)
    world.save(changed, "2", verdict=MET)
    send_back(world, back, number=2)
    held = {
        "": {waits, changed},
        "waiting": {waits, changed},
        "changed": {changed},
        "returned": {back},
        "confirmed": {done},
        "all": set(world.communes),
        "khác": {waits, changed},
    }
    for show, communes in held.items():
        answer = client.get(address(world), {"show": show} if show else {})
        assert listed(answer) == {commune.full_name for commune in communes}
    counts = re.findall(r'id="tab-(\w+)".*?<b>(\d+)</b>', text_of(answer))
    assert dict(counts) == {
        "waiting": "2",
        "changed": "1",
        "returned": "1",
        "confirmed": "1",
        "all": "4",
    }
    assert "“Thiếu minh chứng”" in text_of(client.get(address(world), {"show": "returned"}))


def test_a_district_can_be_chosen_and_a_fragment_is_the_list_alone(client, world):
    far = make_commune(parent=make_district(province=world.province, code="027", name="Mèo Vạc"))
    for commune in (world.communes[0], far):
        world.save(commune, "2", verdict=MET)
    answer = client.get(address(world), {"district": "027"}, headers=HTMX)
    assert listed(answer) == {far.full_name}
    assert "<html" not in text_of(answer)
    assert "HX-Request" in answer.headers["Vary"]
    assert client.get(reverse("review_list", args=["027", "nho", 2])).status_code == 200


def test_all_can_be_ticked_without_scripts(client, world):
    for commune in world.communes[:3]:
        world.save(commune, "2", verdict=MET)
    assert ticked(client.get(address(world))) == []
    assert len(ticked(client.get(address(world), {"chosen": "all"}))) == 3


def test_the_summary_tells_what_will_happen_and_writes_nothing(client, world):
    for commune, verdict in zip(world.communes[:3], [MET, MET, NOT_MET], strict=True):
        world.save(commune, "2", verdict=verdict)
    confirm(world, *world.communes[:2], number=2)
    world.save(world.communes[0], "2", verdict=NOT_MET)
    world.save(world.communes[3], "2", verdict=MET)
    chosen = [token(world, commune) for commune in world.communes]
    before = Change.objects.count()
    answer = post(client, world, "review_check", act="confirm", commune=chosen)
    text = text_of(answer)
    assert (answer.status_code, Change.objects.count()) == (200, before)
    facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>([0-9]+)", text))
    assert facts == {
        "Nay đạt": "1",
        "Nay không còn đạt": "1",
        "Đạt hay chưa vẫn như cũ": "2",
        "Xã đã xác nhận đạt tiêu chí này": "2",
    }
    assert "2: Đạt → Chưa đạt" in text
    assert "2 xã được xác nhận tiêu chí này lần đầu" in text
    assert "1 xã đã được xác nhận, không có gì mới" in text
    assert "Xác nhận 4 xã</button>" in text


@pytest.mark.parametrize(("counts_as", "become_met"), [("met", "1"), ("left_out", "0")])
def test_what_does_not_apply_becomes_met_where_the_set_counts_it_so(counts_as, become_met):
    world, client = make_world(na_counts_as=counts_as), Client()
    client.force_login(make_person(world.province, Role.DEPARTMENT, make_answering(world, 2)))
    world.save(world.communes[0], "2", verdict=Outcome.NOT_APPLICABLE)
    chosen = [token(world, world.communes[0])]
    text = text_of(post(client, world, "review_check", act="confirm", commune=chosen))
    assert f"<dt>Nay đạt</dt><dd>{become_met}" in text


def test_from_list_to_summary_to_done(client, world, department):
    for commune in world.communes[:3]:
        world.save(commune, "2", verdict=MET)
    chosen = [token(world, commune) for commune in world.communes[:2]]
    data = {"act": "confirm", "commune": chosen, "show": "all", "request_id": str(uuid4())}
    answers = [post(client, world, "review", **data) for _ in range(2)]
    assert {answer.url for answer in answers} == {address(world) + "?show=all"}
    assert Review.objects.count() == 2
    assert {review.department for review in Review.objects.all()} == {department}
    assert "Đã xác nhận 2 xã, tiêu chí 2." in text_of(client.get(answers[0].url))


def test_a_value_saved_after_the_list_was_opened_is_told_before_and_after(client, world):
    first, second = world.communes[:2]
    for commune in (first, second):
        world.save(commune, "1.1", 85)
        world.save(commune, "1.2", verdict=MET)
    chosen = [token(world, commune, 1) for commune in (first, second)]
    world.save(first, "1.1", 10)
    summary = text_of(post(client, world, "review_check", 1, act="confirm", commune=chosen))
    assert f"1 xã vừa có kết quả mới hơn</b> sau khi bạn mở danh sách: {first.full_name}" in summary
    assert "mới ghi 85" in summary
    assert "mới ghi 10" not in summary
    assert "<dt>Nay đạt</dt><dd>2" in summary
    done = post(client, world, "review", 1, act="confirm", commune=chosen, request_id=str(uuid4()))
    text = text_of(client.get(done.url))
    assert f"1 xã có kết quả mới hơn, chưa xác nhận: {first.full_name}." in text
    assert state(world, first, 1).changed
    assert state(world, second, 1).state is State.CONFIRMED


def test_a_return_asks_for_its_reason_and_keeps_the_selection(client, world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=MET)
    data = {"act": "return", "commune": [token(world, commune)], "request_id": str(uuid4())}
    refused = post(client, world, "review", reason="  ", **data)
    assert refused.status_code == 422
    assert "Hãy ghi lý do trả lại" in text_of(refused)
    assert token(world, commune) in text_of(refused)
    assert not Review.objects.exists()
    assert post(client, world, "review", reason="Thiếu <b>ảnh</b>", **data).status_code == 302
    assert Review.objects.get().reason == "Thiếu <b>ảnh</b>"


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ([], "Hãy chọn ít nhất một xã"),
        (["12"], "bị hỏng"),
        (["x:1"], "bị hỏng"),
        (["12:1.", "13:2"], "bị hỏng"),
    ],
)
@pytest.mark.parametrize("name", ["review_check", "review"])
def test_a_selection_that_cannot_be_read_is_refused(client, world, chosen, why, name):
    world.save(world.communes[0], "2", verdict=MET)
    answer = post(client, world, name, act="confirm", commune=chosen, request_id=str(uuid4()))
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not Review.objects.exists()


def test_communes_and_results_from_elsewhere_are_refused(client, world):
    first, second = world.communes[:2]
    world.save(first, "2", verdict=MET)
    outside = make_commune(
        parent=make_district(province=world.province, code="027"), kind="thi_tran"
    )
    seen = state(world, first, 2).seen[0]
    wrong = {
        f"{outside.unit_id}:{seen}": 404,
        f"999999:{seen}": 404,
        f"{second.unit_id}:{seen}": 422,
    }
    for one, status in wrong.items():
        data = {"act": "confirm", "commune": [one], "request_id": str(uuid4())}
        assert post(client, world, "review", **data).status_code == status
    assert not Review.objects.exists()


def test_an_unknown_set_or_criterion_is_not_found(client, world):
    assert client.get(address(world, 9)).status_code == 404
    assert client.get(address(world, 2, set_code="khac")).status_code == 404


def test_a_criterion_of_a_set_beside_the_headline_has_its_own_list(client, world, department):
    beside = adopt_beside(world, criteria={20: {"20.1": "yes"}})
    Responsibility.objects.create(
        criterion=beside.criteria.get(),
        department=department,
        province=world.province.unit,
        valid=ALWAYS,
    )
    text = text_of(client.get(reverse("review_queue", args=["02"])))
    assert "Bộ tiêu chí tinh" in text
    answer = client.get(address(world, 20, set_code="tinh"))
    assert (answer.status_code, "Bộ tiêu chí tinh" in text_of(answer)) == (200, True)


def test_a_province_without_a_set_says_so(world):
    world.save(world.communes[0], "2", verdict=MET)
    SetAdoption.objects.all().delete()
    office = Client()
    office.force_login(make_person(world.province, Role.OFFICE))
    text = text_of(office.get(reverse("review_queue", args=["02"])))
    assert "chưa áp dụng bộ tiêu chí nào" in text


def test_the_number_of_queries_is_bounded_and_does_not_grow_with_the_communes(client, world):
    def needed() -> list[int]:
        chosen = [token(world, commune, 1) for commune in world.communes]
        data = {"act": "confirm", "commune": chosen, "request_id": str(uuid4())}
        asks = [
            lambda: client.get(address(world, 1), {"show": "all"}),
            lambda: client.get(reverse("review_queue", args=["02"])),
            lambda: post(client, world, "review_check", 1, **data),
            lambda: post(client, world, "review", 1, **data),
        ]
        found = []
        for ask in asks:
            with CaptureQueriesContext(connection) as queries:
                ask()
            found.append(len(queries))
        return found

    for commune in world.communes:
        world.save(commune, "1.1", 85)
    needed()
    for commune in world.communes:
        world.save(commune, "1.1", 86)
    few = needed()
    district = UnitVersion.objects.get(code="026")
    world.communes.extend(make_commune(parent=district) for _ in range(20))
    for commune in world.communes:
        world.save(commune, "1.1", 87)
    many = needed()
    assert all(more <= less + 1 for less, more in zip(few, many, strict=True)), (few, many)
    assert max(many[:3]) <= 36
    assert many[3] <= 60
