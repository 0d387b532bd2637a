"""Vận hành: differences raise an alarm that people see, jobs are noted, failed ones run again."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from celery import current_app
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Change, Role
from criteria import check, figure_checks, months
from criteria import tasks as criteria_tasks
from criteria.models import FigureCheck, Standing
from criteria.rules.types import Outcome
from reports import tasks
from reports.models import BackupRecord, PreparedSeries, Pulse, TaskRun
from reports.operations import machinery, runs
from reports.operations.machinery import Broker
from tests.criteria.reviewing import make_person
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import make_country, make_province

pytestmark = pytest.mark.django_db
MET = Outcome.MET


@pytest.fixture
def world() -> World:
    world = make_world(communes=3)
    world.save(world.communes[0], "2", verdict=MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    return world


@pytest.fixture
def handed_out(monkeypatch) -> list[tuple]:
    """What is sent to a queue that answers."""
    sent: list[tuple] = []
    monkeypatch.setattr(machinery, "broker", lambda: Broker(answers=True, waiting=3, taken=1))
    monkeypatch.setattr(machinery, "workers", lambda: ["celery@may-chu"])
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args: sent.append((name, list(args)))
    )
    return sent


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def spoil(world: World, met: int) -> None:
    """A standing that nobody wrote through the program."""
    Standing.objects.filter(unit=world.communes[0].unit).update(met=met)


def titles(user) -> list[str]:
    answer = signed_in(user).get(reverse("work"))
    return [task.title for task in answer.context["work"].tasks if task.alarm]


def test_a_difference_is_told_and_stays_on_the_work_lists_until_it_is_acknowledged(world):
    admin = make_person(world.province, Role.ADMIN, email="quantri@example.vn")
    head, office = (make_person(world.province, role) for role in (Role.HEAD, Role.OFFICE))
    clean = figure_checks.run(world.province.unit)
    assert (clean.differing, clean.told_at, mail.outbox) == (0, None, [])
    assert clean.compared == 4, "the standing now; the list, the communes and the sums of January"

    spoil(world, 2)
    outcome = figure_checks.run(world.province.unit)
    (letter,) = mail.outbox
    assert letter.to == ["quantri@example.vn"]
    assert world.communes[0].full_name in letter.body
    assert "đang lưu 2 tiêu chí đạt" in letter.body
    assert titles(admin) == titles(head) == [
        "1 số tổng hợp sai khác với tính lại từ kết quả đã ghi"
    ]  # fmt: skip
    assert titles(office) == []

    figure_checks.run(world.province.unit)
    assert len(mail.outbox) == 1, "the same difference the next night is no new letter"
    outcome = FigureCheck.objects.latest("pk")

    client, page = signed_in(head), reverse("figure_check", args=[outcome.pk])
    assert client.post(page, {"note": " "}).status_code == 422
    given = {"note": "Lỗi máy, đã tính lại", "request_id": uuid4()}
    for _ in range(2):
        assert client.post(page, given).status_code == 302
    assert Change.objects.filter(action=figure_checks.ACKNOWLEDGE).count() == 1
    assert "Lỗi máy, đã tính lại" in client.get(page).content.decode()
    assert titles(head) == titles(admin) == []
    with pytest.raises(figure_checks.AcknowledgeRefused, match="trước đó"):
        figure_checks.acknowledge(outcome=outcome, note="nữa", by=head)

    figure_checks.run(world.province.unit)
    assert titles(head) == [], "known differences are no news"
    spoil(world, 0)
    figure_checks.run(world.province.unit)
    assert titles(head) != []
    assert len(mail.outbox) == 2


def test_without_an_administrator_of_its_own_the_countrys_are_told(world):
    far = make_person(make_country(), Role.ADMIN, email="trunguong@example.vn")
    assert figure_checks.administrators(world.province.unit) == [far]
    spoil(world, 2)
    figure_checks.run(world.province.unit)
    assert mail.outbox[0].to == ["trunguong@example.vn"]
    assert titles(far) != []


def test_a_job_is_noted_with_how_it_went_and_twice_changes_nothing(world, monkeypatch):
    province = world.province.unit
    criteria_tasks.check_figures.apply(args=[province.pk])
    run = TaskRun.objects.get()
    assert (run.outcome, run.province, run.result) == ("done", province, 4)

    tasks.prepare_dashboards.apply(args=[province.pk])
    stored = list(PreparedSeries.objects.order_by("pk").values())
    again = tasks.prepare_dashboards.apply(args=[province.pk])
    assert again.result == 0
    assert list(PreparedSeries.objects.order_by("pk").values()) == stored
    assert TaskRun.objects.filter(name=tasks.prepare_dashboards.name).count() == 1

    def breaks(province):
        raise RuntimeError("ổ đĩa đầy")

    monkeypatch.setattr(check, "check_province", breaks)
    criteria_tasks.check_figures.apply(args=[province.pk])
    failed = TaskRun.objects.latest("pk")
    assert (failed.outcome, failed.reason) == ("failed", "RuntimeError: ổ đĩa đầy")


def test_a_burst_of_saves_is_one_job_for_each_province_that_is_behind(world, monkeypatch):
    handed: list[int] = []
    monkeypatch.setattr(
        tasks.prepare_dashboards, "apply_async", lambda args, **_: handed.append(args[0])
    )
    for verdict in (Outcome.NOT_MET, MET, Outcome.NOT_MET):
        world.save(world.communes[1], "2", verdict=verdict)
    assert tasks.prepare_stale() == 1
    assert handed == [world.province.unit_id]
    tasks.prepare_dashboards(world.province.unit_id)
    assert tasks.prepare_stale() == 0
    world.save(world.communes[1], "2", verdict=MET)
    assert tasks.prepare_stale() == 1
    assert Pulse.objects.get(name=Pulse.SCHEDULE).at > timezone.now() - timedelta(minutes=1)


def test_what_a_killed_worker_had_begun_is_told_when_it_comes_back(world, monkeypatch):
    closed: list[bool] = []
    parent = SimpleNamespace(close=lambda: closed.append(True))
    monkeypatch.setattr(runs, "connection", parent)
    for worker in ("ntm@a", "ntm@b"):
        make_run(outcome="running", worker=worker)
    runs.worker_begins(sender=type("Worker", (), {"hostname": "ntm@a"}))
    lost, running = TaskRun.objects.order_by("worker")
    assert (lost.outcome, running.outcome) == ("lost", "running")
    assert "bị dừng giữa chừng" in lost.reason
    assert closed, "the parent of the workers keeps no connection that they would inherit"


def make_run(**how) -> TaskRun:
    fields = {
        "task_id": uuid4(), "name": "criteria.tasks.check_figures", "outcome": "failed",
        "started_at": timezone.now(), "reason": "OSError: đầy",
    }  # fmt: skip
    return TaskRun.objects.create(**fields | how)


def test_a_failed_job_runs_again_once_and_only_for_its_operator(
    world, handed_out, django_capture_on_commit_callbacks
):
    province = world.province.unit
    admin = signed_in(make_person(world.province, Role.ADMIN))
    elsewhere = make_province(code="04", name="Cao Bằng", clock="04")
    run = make_run(province=province, arguments=[province.pk])
    address = reverse("run_again", args=[run.pk])
    other = signed_in(make_person(elsewhere, Role.ADMIN))
    assert other.post(address, {"request_id": uuid4()}).status_code == 404
    assert run.reason not in other.get(reverse("operations")).content.decode()

    given = {"request_id": uuid4()}
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert admin.post(address, given).status_code == 302
    assert handed_out == [(run.name, [province.pk])]
    assert Change.objects.filter(clock=province.clock, action="operations.run_again").count() == 1
    refused = admin.post(address, {"request_id": uuid4()})
    assert refused.status_code == 422
    assert "đã được chạy lại" in refused.content.decode()


def test_while_the_queue_is_down_nothing_runs_again_and_the_page_says_what_is_wrong(
    world, monkeypatch
):
    monkeypatch.setattr(machinery, "broker", lambda: Broker(answers=False))
    monkeypatch.setattr(machinery, "workers", lambda: pytest.fail("asked through a dead queue"))
    run = make_run()
    client = signed_in(make_person(world.province, Role.ADMIN))
    answer = client.post(reverse("run_again", args=[run.pk]), {"request_id": uuid4()})
    assert answer.status_code == 422
    run.refresh_from_db()
    assert run.again_at is None
    text = client.get(reverse("operations")).content.decode()
    for words in (
        "Hàng đợi không trả lời",
        "1 công việc lỗi",
        "Chưa sao lưu trong 2",
        "OSError: đầy",
    ):
        assert words in text


def test_the_page_says_when_all_is_well(world, handed_out, monkeypatch):
    figure_checks.run(world.province.unit)
    tasks.prepare_dashboards(world.province.unit_id)
    Pulse.objects.create(name=Pulse.SCHEDULE, at=timezone.now())
    for kind in BackupRecord.Kind:
        BackupRecord.objects.create(
            kind=kind, taken_at=timezone.now(), file="/backups/ngay.ntm", size=2**20, proved=True
        )
    client = signed_in(make_person(make_country(), Role.ADMIN))
    text = client.get(reverse("operations")).content.decode()
    for words in ("đang chạy bình thường", "3 việc chờ", "celery@may-chu", "Hà Giang", "khớp hết"):
        assert words in text
    monkeypatch.setattr(machinery, "workers", list)
    assert "Không có tiến trình chạy nền nào" in client.get(reverse("operations")).content.decode()


def test_services_that_are_down_are_not_waited_for(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert machinery.broker() == Broker(answers=False)

    def hangs(**_):
        raise OSError("không nối được")

    monkeypatch.setattr(current_app.control, "inspect", hangs)
    assert machinery.workers() == []


def test_runs_and_faultless_checks_are_forgotten_after_thirty_days(world):
    old = timezone.now() - timedelta(days=31)
    make_run(started_at=old)
    kept_run = make_run()
    first = figure_checks.run(world.province.unit)
    spoil(world, 2)
    second = figure_checks.run(world.province.unit)
    Standing.objects.all().delete()
    last = figure_checks.run(world.province.unit)
    FigureCheck.objects.update(started_at=old)
    assert runs.forget_old() == 2
    assert list(TaskRun.objects.all()) == [kept_run]
    assert set(FigureCheck.objects.all()) == {second, last}
    assert first.differing == 0
