"""A real province's first start: what stands afterwards, a second run, and what is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode

from communes import units
from communes.models import Assignment, Change, ChangeLine, DataClock, Role, UnitVersion, User
from criteria.figures import figures
from criteria.models import Indicator, PublishedFigure, Result, SetAdoption
from tests.factories import ALWAYS, make_user

SET = "national-commune-2016-2020"
COMMUNE_SETS = (
    "national-commune-2010-2015, national-commune-2016-2020, national-commune-2021-2025,"
    " national-commune-2026-2030, national-commune-advanced-2021-2025,"
    " national-commune-model-2021-2025"
)
ADMIN = "quan.tri@langson.example.vn"


def start(
    *, province: str = "20", set: str = SET, admin: str = ADMIN, **more: str | Path
) -> list[str]:
    """Run the command; its lines."""
    out = io.StringIO()
    call_command("start_office", province=province, set_code=set, admin=admin, stdout=out, **more)
    return out.getvalue().splitlines()


@pytest.fixture(scope="module")
def first_lines(django_db_setup: None, django_db_blocker: object) -> Iterator[list[str]]:
    """The command run once on an empty database, undone after this module."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield start(decision="12/QĐ-UBND")
        transaction.set_rollback(True)


@pytest.fixture
def office(first_lines: list[str], db: None) -> UnitVersion:
    """The province that was started, as it is called today."""
    return units.find("20", timezone.localdate())


def test_a_started_province_counts_by_its_set_from_today(office: UnitVersion) -> None:
    adoption = SetAdoption.objects.get()
    assert (adoption.province, adoption.set.code) == (office.unit, SET)
    assert (adoption.from_on, adoption.decision) == (timezone.localdate(), "12/QĐ-UBND")
    answer = figures(office, timezone.localdate())
    assert answer.asked.code == SET
    assert answer.headline.communes == 61
    assert answer.headline.average is None, "nothing assessed is no average"


def test_a_started_province_holds_no_demo_data(office: UnitVersion) -> None:
    assert not DataClock.objects.filter(simulated=True).exists()
    assert not Result.objects.exists()
    assert not PublishedFigure.objects.exists()
    assert [user.username for user in User.objects.all()] == [ADMIN]
    assert not Change.objects.filter(backdated=True).exists()


def test_the_log_does_not_keep_the_address_of_a_person(office: UnitVersion) -> None:
    lines = ChangeLine.objects.filter(change__action="office.first_administrator")
    assert lines.count() == 2
    assert not any(ADMIN in str(line.after) for line in lines)


def test_the_first_administrator_sets_the_password_by_a_link_that_works_once(
    office: UnitVersion, first_lines: list[str]
) -> None:
    user = User.objects.get(username=ADMIN)
    assert not user.has_usable_password()
    held = Assignment.objects.get(user=user)
    assert (held.role, held.unit) == (Role.ADMIN, office.unit)
    found = re.search(r"^/password/set/([^/]+)/([^/]+)/$", "\n".join(first_lines), re.M)
    assert found
    uid, token = found.groups()
    assert urlsafe_base64_decode(uid).decode() == str(user.pk)
    assert default_token_generator.check_token(user, token)
    user.set_password("mot-mat-khau-rieng")
    assert not default_token_generator.check_token(user, token)


def test_the_new_administrator_follows_the_link_and_signs_in(
    office: UnitVersion, first_lines: list[str], client: Client
) -> None:
    path = next(line for line in first_lines if line.startswith("/password/set/"))
    page = client.get(path, follow=True)
    assert page.status_code == 200
    chosen = {"first": "tram nam bia da", "second": "tram nam bia da"}
    assert client.post(page.request["PATH_INFO"], chosen).status_code == 302
    answer = client.post("/sign-in/", {"username": ADMIN, "password": "tram nam bia da"})
    assert answer.status_code == 302


def test_the_second_start_says_what_is_there_and_changes_nothing(office: UnitVersion) -> None:
    before = set(Change.objects.values_list("clock_id", "seq"))
    lines = start()
    assert lines[-1] == "Mọi thứ đã có từ trước; không thay đổi gì."
    assert any("12/QĐ-UBND" in line for line in lines)
    assert set(Change.objects.values_list("clock_id", "seq")) == before


def test_a_password_given_later_completes_the_account_once(
    office: UnitVersion, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("tram nam bia da\n", encoding="utf-8")
    assert not any("/password/set/" in line for line in start(password_file=secret))
    assert User.objects.get(username=ADMIN).check_password("tram nam bia da")
    secret.write_text("nghin nam bia mieng\n", encoding="utf-8")
    assert "Tài khoản đã có mật khẩu; không thay." in start(password_file=secret)
    assert User.objects.get(username=ADMIN).check_password("tram nam bia da")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"province": "99"}, "không có tỉnh, thành phố nào mang mã “99”"),
        ({"province": "02"}, "không có tỉnh, thành phố nào mang mã “02”"),  # ended on 30/6/2025
        ({"province": "04"}, "đã bắt đầu cho Tỉnh Lạng Sơn"),
        ({"set": "2016"}, f"không có bộ tiêu chí “2016”. Các bộ cấp xã: {COMMUNE_SETS}."),
        ({"set": "ha-tinh-village-2014"}, "đã áp dụng bộ national-commune-2016-2020"),
        ({"admin": "quan tri"}, "không phải là địa chỉ thư điện tử"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line_and_nothing_is_written(
    office: UnitVersion, wrong: dict[str, str], why: str
) -> None:
    before = (Change.objects.count(), User.objects.count())
    with pytest.raises(CommandError, match=re.escape(why)) as refused:
        start(**{"admin": "khac@langson.example.vn"} | wrong)
    assert "\n" not in str(refused.value)
    assert (Change.objects.count(), User.objects.count()) == before


def test_a_weak_password_is_refused_in_vietnamese(
    office: UnitVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_ADMIN_PASSWORD", "ngan")
    with pytest.raises(CommandError, match="cần ít nhất 10 ký tự"):
        start(admin="khac@langson.example.vn")
    assert not User.objects.filter(username="khac@langson.example.vn").exists()


def test_the_headline_follows_the_first_commune_that_is_entered(
    office: UnitVersion, client: Client
) -> None:
    today: date = timezone.localdate()
    officer = make_user(display_name="Văn phòng điều phối")
    Assignment.objects.create(user=officer, role=Role.OFFICE, unit=office.unit, valid=ALWAYS)
    client.force_login(officer)
    commune = units.communes_in_programme(office, today)[0]
    first_criterion = Indicator.objects.filter(
        criterion__set__code=SET, criterion__number=1
    ).exclude(code="*")
    for indicator in first_criterion:
        answer = client.post(
            reverse("save_cell", args=[commune.code, indicator.code]),
            {"verdict": "met", "seen": "", "request_id": str(uuid4()), "note": "QĐ 01"},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
    tally = figures(office, today).headline
    assert (tally.criteria_met, tally.assessed, tally.communes) == (1, 1, 61)
    page = client.get("/", follow=True)
    assert page.status_code == 200
    assert "mô phỏng" not in page.content.decode().lower()
