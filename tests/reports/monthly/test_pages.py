"""The page, the runs and their files, texts, settings, drafts, and the command line."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Assignment, Change, DataClock, Role
from criteria import months
from criteria.rules.types import Outcome
from reports import tasks
from reports.documents import formats
from reports.models import OfficeSetting, ReportRun, SectionText
from reports.monthly import drafts, runs, settings, texts
from reports.monthly.sections import Section
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_user
from tests.reports.monthly import plain

pytestmark = pytest.mark.django_db
State = ReportRun.State


@pytest.fixture
def world(settings, tmp_path, monkeypatch) -> World:
    """January closed with one criterion met; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(formats, "FORMS", {"docx": plain.PLAIN})
    world = make_world()
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    return world


def person(world: World, role: str, **more) -> Client:
    user = make_user(**more)
    Assignment.objects.create(user=user, role=role, unit=world.province.unit, valid=ALWAYS)
    client = Client()
    client.force_login(user)
    return client


def get(client: Client, month: str = "2018-01"):
    return client.get(reverse("monthly", args=["02"]) + f"?month={month}")


def write(client: Client, text: str, *, month="2018-01", section="tasks", **more):
    data = {"text": text, "request_id": uuid4()} | more
    return client.post(reverse("write_section", args=["02", month, section]), data)


def test_a_report_is_asked_for_made_once_and_downloaded_by_every_reader(
    world, django_capture_on_commit_callbacks, django_assert_max_num_queries, monkeypatch
):
    handed_out = []
    monkeypatch.setattr(tasks.make_report, "delay", lambda *args: handed_out.append(args))
    office = person(world, Role.OFFICE)
    with django_assert_max_num_queries(60):
        page = get(office).content.decode()
    assert "0/2 xã đạt chuẩn (0,0%), bình quân 0,50 tiêu chí/xã" in page
    assert "Đã chốt</b> (lần 1)" in page
    assert re.findall(
        r'class="on-paper"><div [^>]*><div role="img" aria-label="(.*?) \(xã\).*<svg', page
    ) == [
        "Số xã theo nhóm tiêu chí đạt",
        "Số xã đạt từng tiêu chí, từ ít đến nhiều",
    ]
    request = {"request_id": uuid4()}
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            office.post(reverse("make_monthly", args=["02", "2018-01"]), request)
    run = ReportRun.objects.get()
    assert handed_out[0] == (world.province.unit_id, run.pk)
    fragment = reverse("monthly_runs", args=["02", "2018-01"])
    assert 'hx-trigger="every 2s"' in office.get(fragment).content.decode()
    assert tasks.make_report(world.province.unit_id, run.pk) == 1
    assert tasks.make_report(world.province.unit_id, run.pk) == 0
    run.refresh_from_db()
    assert (run.state, run.closing.no, run.seq) == (State.DONE, 1, run.closing.seq)
    (file,) = run.files
    shown = office.get(fragment).content.decode()
    assert "hx-trigger" not in shown
    assert file["sha256"] in shown
    reader = person(world, Role.COMMITTEE)
    answer = reader.get(reverse("monthly_file", args=["02", run.pk, "docx"]))
    content = b"".join(answer)
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert "SỐ LIỆU MÔ PHỎNG" in content.decode()
    assert "bao-cao" in answer["Content-Disposition"]
    assert reader.get(reverse("monthly_file", args=["02", run.pk, "xlsx"])).status_code == 404
    assert Change.objects.filter(action=runs.ASK).count() == 1


def test_a_second_run_of_a_closed_month_is_equal_after_a_correction(world):
    def made():
        run = runs.ask(province=world.province.unit, month=JANUARY, by=world.officer)
        assert runs.make(run.pk)
        run.refresh_from_db()
        return run

    first = made()
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    second = made()
    assert first.payload == second.payload
    assert first.files == second.files


def test_a_failed_run_says_why_and_another_can_be_asked_for(world, monkeypatch, caplog):
    monkeypatch.setattr(formats, "FORMS", {"docx": plain.PLAIN, "pdf": plain.BROKEN})
    run = runs.ask(province=world.province.unit, month=JANUARY, by=world.officer)
    with pytest.raises(runs.RunRefused, match="đang được lập"):
        runs.ask(province=world.province.unit, month=JANUARY, by=world.officer)
    assert runs.make(run.pk)
    run.refresh_from_db()
    assert (run.state, run.files, run.payload) == (State.FAILED, [], None)
    office = person(world, Role.OFFICE)
    page = get(office).content.decode()
    assert "Phần mềm gặp lỗi khi lập báo cáo" in page
    assert "Lập lại báo cáo" in page
    december = runs.ask(province=world.province.unit, month=date(2017, 12, 31), by=None)
    runs.make(december.pk)
    december.refresh_from_db()
    assert "Tháng 12/2017" in december.reason


def test_without_a_worker_the_person_makes_the_waiting_run(world):
    office = person(world, Role.OFFICE)
    run = runs.ask(province=world.province.unit, month=JANUARY, by=world.officer)
    now = reverse("make_run_now", args=["02", run.pk])
    office.post(now)
    assert ReportRun.objects.get().state == State.WAITING  # a worker may be about to take it
    ReportRun.objects.update(touched_at=timezone.now() - timedelta(minutes=1))
    page = get(office).content.decode()
    assert "Lập ngay trên trang này" in page
    assert 'hx-trigger="every' not in page
    office.post(now)
    assert ReportRun.objects.get().state == State.DONE


def test_sections_are_kept_by_month_with_every_version_and_taken_over(world):
    office = person(world, Role.OFFICE, display_name="Cán bộ A")
    write(office, "Rà soát | Sở Nội vụ | Các xã | 31/01 | Báo cáo")
    page = get(office).content.decode()
    assert "B13. Nhiệm vụ tháng tới" in page
    assert "Cán bộ A" in page
    held = SectionText.objects.get()
    refused = write(office, "Khác <b>&")
    assert refused.status_code == 422
    assert "Người khác vừa sửa mục này" in refused.content.decode()
    assert "Khác &lt;b&gt;&amp;" in refused.content.decode()
    same = uuid4()
    for _ in range(2):
        write(office, "Khác", seen=held.pk, request_id=same)
    assert [row.text for row in SectionText.objects.order_by("pk")] == [held.text, "Khác"]
    assert "Tháng trước đã ghi" in get(office, "2018-02").content.decode()
    write(office, "", month="2018-02", take="1")
    assert texts.texts_of(world.province.unit_id, FEBRUARY) == {Section.TASKS: "Khác"}
    assert write(office, "x" * 20_001, section="causes").status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionText.objects.update(text="")
    lines = Change.objects.filter(action=texts.WRITE_SECTION).last().lines.get()
    assert (lines.key, lines.after) == ("2018-02 tasks", {"text": "Khác"})


def settings_data(**more) -> dict:
    return {
        "from_month": "2018-02",
        "above": "UBND tỉnh A & B",
        "issuer": "=Văn phòng",
        "symbol": "BC-VPĐP",
        "place": "Hà Giang",
        "signers": "KT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG",
        "average_places": "1",
        "percent_places": "0",
        "brackets": "2, 1",
        "basis": "reported",
        "cut_off_day": "5",
        "sections": ["funds"],
        "request_id": uuid4(),
    } | more


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_month": "02/2018"}, "Hãy ghi tháng dạng 2018-12."),
        ({"signers": " "}, "Hãy ghi chức vụ người ký."),
        ({"brackets": "5, 10"}, "từ cao xuống thấp, ví dụ"),
        ({"brackets": "năm"}, "Hãy ghi các số, cách nhau bằng dấu phẩy"),
        ({"cut_off_day": "31"}, "Hãy ghi một ngày từ 1 đến 28."),
        ({"issuer": "x" * 201}, "Cơ quan ban hành dài quá 200 ký tự."),
    ],
)
def test_settings_that_cannot_hold_are_refused_and_nothing_is_written(world, wrong, said):
    head = person(world, Role.HEAD)
    answer = head.post(reverse("report_settings", args=["02"]), settings_data(**wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OfficeSetting.objects.exists()


def test_settings_hold_from_their_month_on(world):
    head = person(world, Role.HEAD)
    data = settings_data()
    for _ in range(2):
        assert head.post(reverse("report_settings", args=["02"]), data).status_code == 302
    assert OfficeSetting.objects.count() == 1
    before = settings.chosen(world.province, JANUARY).setup
    after = settings.chosen(world.province, FEBRUARY).setup
    assert before.issuer == "Văn phòng điều phối nông thôn mới tỉnh Hà Giang"
    assert after.issuer == "=Văn phòng"
    assert after.signers == ("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")
    assert after.sections == (Section.FUNDS,)
    page = get(head, "2018-02").content.decode()
    assert "bình quân 0,5 tiêu chí/xã" in page
    assert "01 xã đạt 1 tiêu chí (50%)" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeSetting.objects.update(place="")


def test_the_draft_is_made_on_the_office_s_day_and_its_link_mailed_once(world, settings):
    settings.SITE_URL = "https://ntm.example.vn"
    head = person(world, Role.HEAD, email="head@example.vn")
    head.post(reverse("report_settings", args=["02"]), settings_data())
    assert drafts.due(on=date(2018, 2, 4)) == []
    DataClock.objects.filter(pk="08").update(simulated=False)
    today = timezone.localdate()
    day = today.replace(day=5)
    (run,) = drafts.due(on=day)
    assert run.month == day.replace(day=1) - timedelta(days=1)
    DataClock.objects.filter(pk="08").update(simulated=True)
    ReportRun.objects.update(month=FEBRUARY)
    assert tasks.make_report(world.province.unit_id, run.pk) == 1
    (letter,) = mail.outbox
    assert letter.to == ["head@example.vn"]
    assert "bản nháp báo cáo tháng 02/2018" in letter.subject
    assert "https://ntm.example.vn/reports/02/?month=2018-02" in letter.body
    assert "số liệu tháng này chưa chốt" in letter.body
    assert tasks.make_report(world.province.unit_id, run.pk) == 0
    assert len(mail.outbox) == 1


def report(tmp_path, **more) -> None:
    how = {"unit": "02", "month": "2018-01", "format": "docx", "out": str(tmp_path / "a.docx")}
    call_command("monthly_report", **(how | more))


def test_the_command_line_writes_the_file(world, tmp_path, capsys):
    report(tmp_path)
    assert "Lũy kế đến hết tháng 1/2018" in (tmp_path / "a.docx").read_text()
    said = capsys.readouterr().out
    assert "Tỉnh Hà Giang, tháng 01/2018, SỐ LIỆU MÔ PHỎNG." in said
    assert "Chưa có số liệu: B5." in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit": "99"}, "không có đơn vị nào mang mã 99"),
        ({"unit": "026"}, "chỉ lập cho tỉnh"),
        ({"month": "12/2018"}, "không phải là tháng"),
        ({"month": "2018-05"}, "chưa đến"),
        ({"month": "2017-12"}, "chưa có kết quả đánh giá nào"),
        ({"format": "odt"}, "Các dạng ghi được: docx"),
        ({"out": "/no/such/folder/a.docx"}, "Không ghi được tệp"),
    ],
)
def test_the_command_line_says_what_is_wrong_and_writes_nothing(world, tmp_path, wrong, said):
    with pytest.raises(CommandError, match=said):
        report(tmp_path, **wrong)
    assert list(tmp_path.glob("*.docx")) == []


def test_pages_without_a_report_say_why_and_addresses_of_nothing_are_not_found(world):
    office = person(world, Role.OFFICE)
    assert "chưa có kết quả đánh giá nào" in get(office, "2017-12").content.decode()
    assert "Tháng 06/2018 chưa đến" in get(office, "2018-06").content.decode()
    assert get(office, "2018-13").status_code == 404
    assert write(office, "x", section="nothing").status_code == 404
    assert office.get(reverse("monthly_file", args=["02", 1, "docx"])).status_code == 404
    assert write(office, "x", request_id="").status_code == 422
