"""The pages of evidence: who sends what, what comes back, and how files leave the site."""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Assignment, Change, Role
from criteria import evidence, months
from criteria.models import CellHead, Evidence, EvidenceLink
from criteria.rules.types import Outcome
from tests.criteria import papers
from tests.criteria.papers import PDF
from tests.criteria.reviewing import confirm
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

NAME = "Biên bản số 1.pdf"


@pytest.fixture
def world(db, client, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    user = make_user(display_name="Cán bộ xã")
    unit = world.communes[0].unit
    Assignment.objects.create(user=user, role=Role.COMMUNE, unit=unit, valid=ALWAYS)
    client.force_login(user)
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    return world


def seen(world: World, code: str = "2", commune: int = 0) -> int:
    unit = world.communes[commune].unit_id
    head = CellHead.objects.get(unit_id=unit, indicator_id=world.indicator(code))
    assert head.result_id is not None
    return head.result_id


def post(client, world, act, code="2", **data):
    data = {"result": seen(world), "request_id": str(uuid4())} | data
    return client.post(reverse(f"{act}_evidence", args=[world.communes[0].code, code]), data)


def upload(client, world, content=PDF, name=NAME, **data):
    file = SimpleUploadedFile(name, content, "application/pdf")
    return post(client, world, "attach", file=file, **data)


def page(client, world, name="evidence", *args, **query) -> str:
    address = reverse(name, args=[world.communes[0].code, *args])
    return " ".join(client.get(address, query).content.decode().split())


def stored(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_sent_listed_counted_used_again_and_taken_back(client, world):
    assert "chưa có minh chứng" in page(client, world, "evidence", "2")
    assert upload(client, world).status_code == 302
    shown = page(client, world, "evidence", "2")
    assert NAME in shown
    assert "Cán bộ xã" in shown
    for sheet in ("commune", "entry"):
        assert "1 minh chứng" in page(client, world, sheet)
    assert NAME in page(client, world, "cell", "2")
    world.save(world.communes[0], "1.2", verdict=Outcome.MET)
    other = {"result": seen(world, "1.2"), "evidence": Evidence.objects.get().pk}
    assert NAME in page(client, world, "evidence", "1.2")
    assert post(client, world, "link", "1.2", **other).status_code == 302
    assert "1 minh chứng của kết quả này" in page(client, world, "evidence", "1.2")
    assert post(client, world, "unlink", "1.2", **other).status_code == 302
    assert "chưa có minh chứng" in page(client, world, "evidence", "1.2")


def test_after_a_new_result_the_old_evidence_is_shown_and_carried_over(client, world):
    upload(client, world)
    before = seen(world)
    world.save(world.communes[0], "2", verdict=Outcome.NOT_MET)
    shown = page(client, world, "evidence", "2")
    assert "1 minh chứng của kết quả trước" in shown
    assert "1 minh chứng của kết quả trước" in page(client, world, "commune")
    number = Evidence.objects.get().pk
    stale = post(client, world, "link", evidence=number, result=before)
    assert stale.status_code == 422
    assert "vừa có kết quả khác" in stale.content.decode()
    assert post(client, world, "link", evidence=number).status_code == 302
    assert "1 minh chứng của kết quả này" in page(client, world, "evidence", "2")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", NAME, "Tệp rỗng"),
        (b"<html><script>alert(1)</script></html>", NAME, "Nội dung tệp không phải là"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "Nội dung tệp không phải là"),
        (papers.office("word/document.xml", "word/vbaProject.bin"), "a.docx", "có macro"),
        (papers.OLD_WORD, "a.doc", "kiểu cũ"),
    ],
)
def test_a_bad_file_is_refused_in_words_logged_and_not_stored(
    client, world, settings, caplog, content, name, why
):
    with caplog.at_level(logging.WARNING, logger="criteria"):
        answer = upload(client, world, content, name)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "evidence refused" in caplog.text
    assert not Evidence.objects.exists()
    assert stored(settings) == []


def test_a_path_in_the_name_leads_nowhere(client, world, settings):
    upload(client, world, name="..\\..\\../../etc/passwd.pdf")
    assert Evidence.objects.get().name == "passwd.pdf"
    assert all(Path(settings.MEDIA_ROOT) in path.parents for path in stored(settings))


def test_a_hundred_megabytes_are_refused_unread(client, world, settings, caplog):
    class Body(io.RawIOBase):
        """What a server would read from the line."""

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("the body was read")

    address = reverse("attach_evidence", args=[world.communes[0].code, "2"])
    announced = {
        "CONTENT_LENGTH": str(100 * 1024 * 1024),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    # The check of forged forms would read the body before any view.
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    with caplog.at_level(logging.WARNING, logger="criteria"):
        answer = strict.post(address, **announced, **{"wsgi.input": Body()})
    assert answer.status_code == 413
    assert "lớn hơn 20 MB" in answer.content.decode()
    assert "refused" in caplog.text
    assert stored(settings) == []


def test_what_is_not_of_this_cell_or_commune_is_refused(client, world):
    two = world.communes[1]
    world.save(two, "2", verdict=Outcome.MET)
    result = CellHead.objects.get(unit_id=two.unit_id, result__isnull=False).result
    evidence.attach(result=result, file=io.BytesIO(PDF), name="b.pdf", by=world.officer)
    foreign = Evidence.objects.get().pk
    for act in ("link", "unlink"):
        answer = post(client, world, act, evidence=foreign)
        assert answer.status_code == 422
        assert f"Minh chứng số {foreign} không có ở xã này" in answer.content.decode()
    assert post(client, world, "attach", file="", result=result.pk).status_code == 422
    assert upload(client, world, result=result.pk).status_code == 422
    assert post(client, world, "attach", "9.9").status_code == 404
    address = reverse("evidence_file", args=[world.communes[0].code, foreign])
    assert client.get(address).status_code == 404
    assert client.get(reverse("evidence_file", args=[two.code, foreign])).status_code == 404
    assert EvidenceLink.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "how"),
    [
        (PDF, NAME, "inline"),
        (papers.PNG, "a.png", "inline"),
        (papers.office(), "a.docx", "attachment"),
    ],
)
def test_a_file_leaves_in_a_sandbox_and_office_only_as_a_download(
    client, world, content, name, how
):
    upload(client, world, content, name)
    answer = client.get(
        reverse("evidence_file", args=[world.communes[0].code, Evidence.objects.get().pk]),
        headers={"Accept-Encoding": "gzip"},
    )
    assert b"".join(answer.streaming_content) == content
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith(how)
    assert int(answer.headers["Content-Length"]) == len(content)
    if name == NAME:
        assert "filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n" in answer.headers["Content-Disposition"]


def test_a_lost_file_is_told_and_logged(client, world, settings, caplog):
    upload(client, world)
    stored(settings)[0].unlink()
    number = Evidence.objects.get().pk
    address = reverse("evidence_file", args=[world.communes[0].code, number])
    assert client.get(address).status_code == 404
    assert "not in the media folder" in caplog.text
    packed = client.get(reverse("evidence_zip", args=[world.communes[0].code]))
    (name,) = zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))).namelist()
    assert name.endswith("Tệp không còn trong kho.txt")


def test_the_zip_of_a_commune_is_sorted_by_criterion_under_safe_names(client, world):
    upload(client, world)
    upload(client, world, papers.PNG, "ảnh.png")
    upload(client, world, PDF + b"2", NAME)
    post(client, world, "attach", url="https://langson.gov.vn/tin", name="Tin")
    world.save(world.communes[0], "2", verdict=Outcome.NOT_MET)
    upload(client, world, papers.JPEG, "mới.jpg")
    answer = client.get(reverse("evidence_zip", args=[world.communes[0].code]))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert packed.testzip() is None
    names = [name.split("/") for name in packed.namelist()]
    assert {len(name) for name in names} == {4, 5}
    assert all(name[0] == f"Minh chứng {world.communes[0].full_name}" for name in names)
    assert all(name[1].startswith("Tiêu chí 02") for name in names)
    assert all(name[2].startswith("Chỉ tiêu 2") for name in names)
    older = {name[4] for name in names if len(name) == 5 and name[3] == "Của kết quả trước"}
    assert older == {NAME, "Biên bản số 1 (2).pdf", "ảnh.png", "Liên kết.txt"}
    assert [name[3] for name in names if len(name) == 4] == ["mới.jpg"]


def test_the_page_shows_what_stood_with_the_result_known_then_and_of_the_basis(client, world):
    commune = world.communes[0]
    upload(client, world)
    confirm(world, commune, number=2)
    moment = timezone.localtime(Change.objects.latest("pk").at).isoformat()
    upload(client, world, papers.PNG, "sau.png")
    post(client, world, "unlink", evidence=Evidence.objects.earliest("pk").pk)
    world.save(commune, "2", verdict=Outcome.NOT_MET)
    upload(client, world, papers.JPEG, "mới.jpg")
    now = page(client, world, "evidence", "2")
    assert "1 minh chứng của kết quả này" in now
    assert "1 minh chứng của kết quả trước" in now

    then = page(client, world, "evidence", "2", known=moment)
    standing, _, later = then.partition("2 minh chứng gắn sau thời điểm đang xem")
    assert "1 minh chứng của kết quả này" in standing
    assert [name in standing for name in (NAME, "sau.png", "mới.jpg")] == [True, False, False]
    assert [name in later for name in (NAME, "sau.png", "mới.jpg")] == [False, True, True]
    assert "Theo số liệu <b>ghi nhận đến" in then
    assert "Tải lên" not in then
    assert f"known={quote(moment)[:13]}" in page(client, world, "commune", known=moment)
    data = {"result": seen(world), "request_id": str(uuid4()), "url": "https://hagiang.gov.vn/"}
    address = reverse("attach_evidence", args=[commune.code, "2"])
    assert client.post(f"{address}?known={quote(moment)}", data).status_code == 422

    agreed = page(client, world, "evidence", "2", basis="confirmed")
    assert "1 minh chứng của kết quả chờ xác nhận" in agreed
    assert "kết quả mới chờ xác nhận nên chưa tính ở đây" in agreed
    assert agreed.index("sau.png") < agreed.index("mới.jpg")
    assert "Tải lên" not in agreed
    assert client.post(f"{address}?basis=confirmed", data).status_code == 422
    assert client.get(reverse("evidence", args=[commune.code, "2"]) + "?basis=x").status_code == 404
    packed = client.get(reverse("evidence_zip", args=[commune.code]), {"known": moment})
    (name,) = zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))).namelist()
    assert name.endswith("Biên bản số 1.pdf")


def test_nothing_is_attached_to_a_cell_without_result_or_to_a_closed_month(client, world):
    assert "Nhập kết quả trước" in page(client, world, "evidence", "1.2")
    assert upload(client, world, name="x.pdf", result="").status_code == 422
    months.close(province=world.province.unit, month=JANUARY, by=None)
    shown = page(client, world, "evidence", "2", on="2018-01-31")
    assert "chỉ gắn được minh chứng ở tháng đang cập nhật" in shown
    assert "Tải lên" not in shown
    address = reverse("attach_evidence", args=[world.communes[0].code, "2"])
    data = {"result": seen(world), "request_id": str(uuid4())}
    data["file"] = SimpleUploadedFile(NAME, PDF)
    assert client.post(f"{address}?on=2018-01-31", data).status_code == 422
    assert not Evidence.objects.exists()
