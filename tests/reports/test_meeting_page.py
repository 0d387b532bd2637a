"""The page of a meeting and its slide file say what the one door says; the tasks that it gives."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pptx import Presentation

from communes.models import Assignment, Change, ChangeLine, Role
from criteria import months, recognition, standings
from criteria.figures import figures
from criteria.models import Responsibility
from criteria.plans import acts as plans
from criteria.rules.types import Outcome
from reports.audit import words
from reports.meeting import task_list, tasks
from reports.meeting.task_list import Show
from reports.meeting.tasks import TaskRefused
from reports.models import MeetingDecision
from reports.monthly import texts
from reports.monthly.sections import Section
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.factories import ALWAYS, make_country, make_department, make_province, make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
CRITERION = {n: {str(n): "yes"} for n in range(1, 11)}


def person(world: World, role: str):
    user = make_user()
    department = make_department() if role == Role.DEPARTMENT else None
    unit = world.communes[0].unit if role == Role.COMMUNE else world.province.unit
    Assignment.objects.create(user=user, role=role, unit=unit, department=department, valid=ALWAYS)
    return user


@pytest.fixture
def world(client) -> World:
    """Ten criteria, three communes; January and February are closed, March is open."""
    world = make_world(communes=3, criteria=CRITERION)
    first, second, _ = world.communes
    for number in range(1, 11):
        world.save(first, str(number), verdict=MET if number > 2 else NOT_MET, true_from=JANUARY)
    world.save(second, "1", verdict=MET, true_from=JANUARY)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(first, "1", verdict=MET, true_from=FEBRUARY)
    world.save(second, "1", verdict=NOT_MET, true_from=FEBRUARY)
    recognition.recognise(
        units=[second.unit], tier="standard", set_version=None, number="1/QĐ",
        decided_on=date(2018, 2, 5), year=2018, by=None,
    )  # fmt: skip
    plans.register(units=[first.unit], year=2018, tier="standard", by=None)
    months.close(province=world.province.unit, month=FEBRUARY, by=None)
    standings.rebuild(province=world.province.unit, on=MARCH)
    client.force_login(person(world, Role.OFFICE))
    return world


def get(client, world: World, name: str = "meeting", status: int = 200, **query):
    answer = client.get(reverse(name, args=[world.province.code]), query)
    assert answer.status_code == status
    return answer


def embedded(answer) -> dict[str, dict]:
    """The communes that the page carries, by name."""
    text = re.search(
        r'id="communes" type="application/json">(.*?)</script>', answer.content.decode()
    )
    data = json.loads(text[1])
    rows = [dict(zip(data["fields"], row, strict=True)) for row in data["communes"]]
    return {row["name"]: row for row in rows}


def test_the_difficulties_are_told_in_the_words_of_the_month_s_report(client, world):
    long = "Một số tiêu chí cần vốn lớn " * 10
    texts.write_section(
        province=world.province.unit,
        month=FEBRUARY,
        section=Section.DIFFICULTIES,
        text="\n".join(["Vốn đối ứng còn chậm.", long, "Ba", "Bốn"]),
        by=person(world, Role.OFFICE),
    )
    said = re.findall(r'<p class="said">(.*?)</p>', get(client, world).content.decode())
    assert said[0] == "Vốn đối ứng còn chậm."
    assert said[1].startswith("Một số tiêu chí")
    assert said[1].endswith("…")
    assert len(said[1]) <= 150
    assert said[2:] == ["Ba"]
    assert "Vốn đối ứng" not in get(client, world, on="2018-01-31").content.decode()


def test_the_page_opens_with_the_last_closed_month_and_shows_the_figures_of_the_door(client, world):
    answer = get(client, world)
    door = figures(world.province, FEBRUARY).headline
    deck = answer.context["deck"]
    slides = {slide.key: slide for slide in deck.slides}
    lead = slides["headline"]
    assert (lead.recognised, lead.communes, lead.average) == (
        door.recognised, door.communes, door.average,
    )  # fmt: skip
    assert [bar.value for bar in lead.brackets] == [one.communes for one in door.brackets]
    assert "số liệu tháng 2/2018, đã chốt · SỐ LIỆU MÔ PHỎNG từng xã" in answer.content.decode()
    assert slides["changed"].since == JANUARY
    assert {one.name: one.amount for one in slides["changed"].communes} == {
        world.communes[0].full_name: 1,
        world.communes[1].full_name: -1,
    }
    (row,) = slides["due"].rows
    assert (row.name, row.met, row.of, row.lacks) == (world.communes[0].full_name, 9, 10, (2,))
    assert row.words == "thiếu 1: 2 Tiêu chí 2"
    carried = embedded(answer)[world.communes[0].full_name]
    assert (carried["met"], carried["lacks"], carried["unknown"]) == (9, [2], [])
    assert carried["registered"] == 1
    assert embedded(answer)[world.communes[2].full_name]["status"] == "Chưa đánh giá"
    script = re.findall(r"<script(?![^>]*(src=|application/json))[^>]*>", answer.content.decode())
    assert script == []


def test_a_closed_month_stays_as_it_was_and_a_named_moment_is_said(client, world):
    named = get(client, world, on="2018-01-31")
    assert named.context["deck"].slides[0].recognised == 0
    world.save(world.communes[2], "1", verdict=MET, true_from=FEBRUARY)
    again = get(client, world, on="2018-02-28")
    assert 'type="datetime-local"' in again.content.decode()
    assert again.context["answer"].headline == figures(world.province, FEBRUARY).headline
    assert len(again.context["deck"].slides[3].bars) == 10
    corrected = get(client, world, on="2018-02-28", known="now").context["deck"]
    assert "đã chốt, ghi nhận đến nay" in corrected.corner
    open_month = get(client, world, on="2018-03-31")
    assert "chưa chốt, ghi nhận đến " in open_month.context["deck"].corner
    assert "known=20" in open_month.context["bound"]
    in_between = get(client, world, on="2018-02-15").context["deck"].corner
    assert "số liệu đến 15/02/2018, ghi nhận đến " in in_between


def test_the_page_draws_its_communes_and_asks_a_bounded_number_of_queries(client, world):
    get(client, world)
    with CaptureQueriesContext(connection) as first:
        drawn = get(client, world, on="2018-02-28").context["schematic"]
    assert sum(key.communes for key in drawn.legend) == len(world.communes)
    assert "<a " not in drawn.svg
    assert len(first) <= MOST_QUERIES


def test_the_slide_file_carries_the_same_figures(client, world):
    answer = get(client, world, "meeting_slides", on="2018-02-28")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    file = Presentation(BytesIO(answer.content))
    door = figures(world.province, FEBRUARY).headline
    chart = next(shape.chart for slide in file.slides for shape in slide.shapes if shape.has_chart)
    values = [int(value) for value in chart.plots[0].series[0].values]
    assert values == [one.communes for one in door.brackets]


def test_a_province_without_set_or_closing_has_a_deck_that_says_so(client):
    make_country()
    province = make_province(code="02", clock="08")
    user = make_user()
    Assignment.objects.create(user=user, role=Role.COMMITTEE, unit=province.unit, valid=ALWAYS)
    client.force_login(user)
    answer = client.get(reverse("meeting", args=["02"]), {"on": "2018-12-31"})
    assert answer.status_code == 200
    assert "không có xã nào tham gia Chương trình" in answer.content.decode()
    assert client.get(reverse("meeting_slides", args=["02"])).status_code == 200


# ── Tasks ─────────────────────────────────────────────────────────────────────────────────────


def give(world: World, **changes) -> MeetingDecision:
    how = {
        "province": world.province.unit,
        "month": FEBRUARY,
        "meeting_on": MARCH,
        "text": "Rà soát hộ nghèo",
        "owner": world.province.unit,
        "due_on": date(2018, 4, 30),
        "by": world.officer,
    }
    tasks.record(**how | changes)
    return MeetingDecision.objects.latest("pk")


def posted(world: World, **changes) -> dict[str, object]:
    return {
        "text": "Rà soát hộ nghèo",
        "owner": f"u{world.communes[0].unit_id}",
        "due_on": "2018-04-30",
        "meeting_on": "2018-03-31",
        "criterion": str(world.asked.criteria[1].id),
        "request_id": str(uuid4()),
    } | changes


def send(client, world: World, **changes):
    address = reverse("record_task", args=[world.province.code]) + "?on=2018-02-28"
    return client.post(address, posted(world, **changes), headers={"HX-Request": "true"})


def test_a_task_is_written_once_with_its_trace_and_comes_back_as_a_row(client, world):
    one = str(uuid4())
    answers = [send(client, world, request_id=one) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Rà soát hộ nghèo" in answers[1].content.decode()
    assert world.communes[0].full_name in answers[1].content.decode()
    task = MeetingDecision.objects.get()
    assert (task.month, task.meeting_on) == (FEBRUARY, MARCH)
    assert task.criterion.number == 2
    change = Change.objects.get(action="meetings.record")
    assert (change.request_id, change.by_id) == (UUID(one), task.change.by_id)
    line = ChangeLine.objects.get(change=change)
    assert (line.after["text"], line.after["state"]) == ("Rà soát hộ nghèo", "open")
    log = client.get(reverse("change_log", args=[world.province.code])).content.decode()
    assert "Ghi nhiệm vụ của cuộc họp" in log
    assert "Rà soát hộ nghèo" in log


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "  "}, "Hãy ghi nội dung nhiệm vụ."),
        ({"text": "x" * 1001}, "Nội dung dài quá 1000 ký tự."),
        ({"owner": ""}, "Hãy chọn đơn vị thực hiện."),
        ({"owner": "u0"}, "Đơn vị này không có trong danh sách; hãy chọn lại."),
        ({"due_on": "mai"}, "Hạn xong chưa phải là ngày."),
        ({"due_on": "2018-03-01"}, "phải từ ngày họp 31/03/2018 trở đi"),
        ({"due_on": "2090-01-01"}, "không quá 5 năm"),
        ({"criterion": "0"}, "Bộ tiêu chí không có tiêu chí này; hãy chọn lại."),
    ],
)
def test_a_task_that_cannot_be_is_refused_by_name_and_nothing_is_written(
    client, world, changes, said
):
    answer = send(client, world, **changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not MeetingDecision.objects.exists()


def test_a_department_of_the_province_may_be_named_and_one_of_another_may_not(client, world):
    ours, theirs = make_department(), make_department()
    Responsibility.objects.create(
        province=world.province.unit,
        criterion_id=world.asked.criteria[0].id,
        department=ours,
        valid=ALWAYS,
    )
    assert send(client, world, owner=f"d{ours.pk}").status_code == 200
    assert send(client, world, owner=f"d{theirs.pk}").status_code == 422
    assert [task.department for task in MeetingDecision.objects.all()] == [ours]
    other = make_province(code="04", name="Cao Bằng", clock="04")
    with pytest.raises(TaskRefused, match="thuộc tỉnh này"):
        give(world, owner=other.unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingDecision.objects.update(unit=world.province.unit)


def test_what_somebody_else_typed_in_this_browser_is_not_sent_in_my_name(client, world):
    assert send(client, world, user="0").status_code == 401
    assert not MeetingDecision.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_only_the_office_and_its_head_write_tasks_down_and_settle_them(client, world, role):
    task = give(world)
    client.force_login(person(world, role))
    outside = role == Role.COMMUNE
    may = role in (Role.OFFICE, Role.HEAD)
    turn = reverse("turn_task", args=[world.province.code, task.pk])
    state = {"act": "done", "request_id": str(uuid4())}
    found = [
        send(client, world).status_code,
        client.post(turn, state).status_code,
        get(client, world, "meeting_tasks", 404 if outside else 200).status_code,
    ]
    assert found == ([404] * 3 if outside else [200, 302, 200] if may else [403, 403, 200])
    if not outside:
        page = get(client, world).content.decode()
        assert ("task-form" in page) is may
    assert MeetingDecision.objects.filter(state="done").exists() is may


def test_a_task_is_done_opened_again_and_withdrawn_each_with_who_and_why(client, world):
    task = give(world)
    address = reverse("turn_task", args=[world.province.code, task.pk])

    def turn(act: str, note: str = "") -> int:
        sent = {"act": act, "note": note, "request_id": str(uuid4()), "show": "all"}
        return client.post(address, sent).status_code

    assert turn("done", "Đã họp với các xã") == 302
    task.refresh_from_db()
    assert (task.state, task.note) == ("done", "Đã họp với các xã")
    assert task.state_change.action == "meetings.done"
    assert turn("done") == 302  # said again: nothing more is written
    assert turn("withdraw", "Nhầm") == 422
    assert turn("reopen") == 422
    assert turn("reopen", "Chưa xong ở 2 xã") == 302
    assert turn("withdraw") == 422
    assert turn("withdraw", "Ghi nhầm") == 302
    acts = ["meetings.record", "meetings.done", "meetings.reopen", "meetings.withdraw"]
    written = Change.objects.filter(action__startswith="meetings.").order_by("seq")
    assert list(written.values_list("action", flat=True)) == acts
    assert set(acts) <= set(words.ACTIONS)
    page = get(client, world, "meeting_tasks", show="all").content.decode()
    assert "Đã rút" in page
    assert "Ghi nhầm" in page


def test_earlier_tasks_open_the_next_meeting_with_their_state(world):
    today = date(2018, 5, 31)
    last = date(2018, 4, 15)
    late = give(world, text="trễ")
    give(world, text="chưa đến hạn", due_on=date(2018, 6, 30))
    done = give(world, text="xong", meeting_on=last, month=MARCH)
    old = give(world, text="xong từ lâu")
    gone = give(world, text="rút", meeting_on=last, month=MARCH)
    for task in (done, old):
        tasks.mark_done(task=task, by=None)
    tasks.withdraw(task=gone, reason="nhầm", by=None)
    mine = give(world, text="hôm nay", meeting_on=today, month=MARCH, due_on=today)
    earlier, given = task_list.tasks_of(world.province, MARCH, today=today)
    assert [task.text for task in earlier] == ["trễ", "chưa đến hạn", "xong"]
    assert [task.words for task in earlier] == ["Quá hạn", "Đang làm", "Đã xong"]
    assert [task.pk for task in given] == [mine.pk]
    rows = task_list.rows(world.province)
    kept = {show: {t.text for t in task_list.listed(rows, show, today)} for show in Show}
    assert kept[Show.LATE] == {"trễ"} == {late.text}
    assert kept[Show.DONE] == {"xong", "xong từ lâu"}
    assert kept[Show.OPEN] == {"trễ", "chưa đến hạn", "hôm nay"}
    assert len(kept[Show.ALL]) == 6
