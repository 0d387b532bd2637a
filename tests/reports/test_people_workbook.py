"""The Excel of the people list: who, what, where, from when to when, and nothing secret."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Role, User
from reports.workbook import HEAD_ROW, SIMULATED
from tests.communes.people.office import holding, make_office
from tests.factories import ALWAYS, days, make_department

pytestmark = pytest.mark.django_db

FIRST = HEAD_ROW + 2
COLUMNS = [
    "Họ tên hoặc chức danh",
    "Tên đăng nhập",
    "Vai trò",
    "Sở, ngành",
    "Đơn vị",
    "Mã đơn vị",
    "Từ ngày",
    "Đến hết ngày",
    "Phân công",
    "Đăng nhập lần cuối",
    "Tài khoản",
]


@pytest.fixture
def office(client):
    office = make_office()
    client.force_login(office.admin)
    return office


def book(client, **query):
    answer = client.get(reverse("people_workbook"), query)
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content)).active


def lines(sheet) -> list[dict[str, object]]:
    """The rows under the head, by the names of their columns."""
    head = [cell.value for cell in sheet[HEAD_ROW + 1]]
    return [
        dict(zip(head, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=FIRST)
    ]


def test_each_assignment_is_a_line_with_its_days_as_days(client, office):
    Assignment.objects.filter(user=office.officer).update(
        valid=days(date(2018, 1, 1), date(2050, 7, 1))
    )
    sheet = book(client, role="commune")
    assert [cell.value for cell in sheet[HEAD_ROW + 1]] == COLUMNS
    (line,) = lines(sheet)
    assert list(line.values()) == [
        "Người officer",
        "officer@hg.example.vn",
        "Cán bộ xã",
        None,
        "Xã Đồng Văn",
        "00688",
        datetime(2018, 1, 1),
        datetime(2050, 6, 30),
        "đang giữ",
        None,
        "Đang dùng",
    ]
    assert sheet.cell(FIRST, 7).number_format == "dd/mm/yyyy"
    assert sheet.freeze_panes == f"B{FIRST}"


def test_it_holds_the_people_of_the_page_and_of_no_other_province(client, office):
    department = make_department(name="Sở Y tế")
    Assignment.objects.create(
        user=office.officer,
        role=Role.DEPARTMENT,
        department=department,
        unit=office.province.unit,
        valid=ALWAYS,
    )
    Assignment.objects.create(
        user=office.officer, role=Role.OFFICE, unit=office.elsewhere.unit, valid=ALWAYS
    )
    found = lines(book(client))
    assert [(line["Tên đăng nhập"], line["Đơn vị"], line["Sở, ngành"]) for line in found] == [
        ("admin@hg.example.vn", "Tỉnh Hà Giang", None),
        ("officer@hg.example.vn", "Xã Đồng Văn", None),
        ("officer@hg.example.vn", "Tỉnh Hà Giang", "Sở Y tế"),
    ]


def test_the_filters_of_the_page_hold_and_are_named(client, office):
    gone = holding(
        Role.COMMUNE,
        office.communes[1],
        username="gone@hg.example.vn",
        valid=days(date(2018, 1, 1), date(2019, 1, 1)),
    )
    User.objects.filter(pk=office.officer.pk).update(is_active=False)
    assert lines(book(client, role="commune")) == []
    sheet = book(client, role="commune", unit="Hà Giang", ended="1")
    assert "vai trò “Cán bộ xã”, đơn vị “Hà Giang”" in sheet["A2"].value
    assert "2 người, 2 phân công" in sheet["A3"].value
    assert "kể cả phân công đã kết thúc" in sheet["A3"].value
    states = {
        line["Tên đăng nhập"]: (line["Phân công"], line["Tài khoản"]) for line in lines(sheet)
    }
    assert states == {
        "officer@hg.example.vn": ("đang giữ", "Đã khóa"),
        gone.username: ("đã kết thúc", "Đang dùng"),
    }


def test_an_account_of_the_demo_does_not_wait_for_a_password(client, office, settings):
    User.objects.filter(pk=office.officer.pk).update(username="demo-commune", password="!")
    assert lines(book(client, role="commune"))[0]["Tài khoản"] == "Chưa đặt mật khẩu"
    settings.DEMO = True
    sheet = book(client, role="commune")
    assert lines(sheet)[0]["Tài khoản"] == "Tài khoản trình diễn"
    assert sheet["A4"].value == SIMULATED
    page = client.get(reverse("people")).content.decode()
    assert "Chưa đặt mật khẩu" not in page


def test_nothing_secret_is_in_the_file(client, office):
    content = client.get(reverse("people_workbook"), {"ended": "1"}).content
    with ZipFile(BytesIO(content)) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist())
    for user in User.objects.all():
        assert user.password.encode() not in whole
