"""A province with two communes, its administrator and an officer; another province beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from communes.models import Assignment, Role, UnitVersion, User
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_district,
    make_province,
    make_user,
)

PASSWORD = "mat-khau-thu"


@dataclass(frozen=True, kw_only=True)
class Office:
    """Hà Giang with two communes, and Lạng Sơn; `there` are the people of Lạng Sơn."""

    province: UnitVersion
    communes: list[UnitVersion]
    admin: User
    officer: User
    elsewhere: UnitVersion
    admin_there: User


def make_office() -> Office:
    province = make_province(code="02", name="Hà Giang", clock="08")
    district = make_district(province=province)
    communes = [
        make_commune(parent=district, code="00688", name="Đồng Văn"),
        make_commune(parent=district, code="00691", name="Lũng Cú"),
    ]
    elsewhere = make_province(code="20", name="Lạng Sơn", clock="20")
    return Office(
        province=province,
        communes=communes,
        admin=holding(Role.ADMIN, province, username="admin@hg.example.vn"),
        officer=holding(Role.COMMUNE, communes[0], username="officer@hg.example.vn"),
        elsewhere=elsewhere,
        admin_there=holding(Role.ADMIN, elsewhere, username="admin@ls.example.vn"),
    )


def holding(role: Role, unit: UnitVersion, *, username: str, valid=ALWAYS) -> User:
    """A person with a password who holds one role on one unit."""
    user = make_user(username=username, email=username, display_name=f"Người {username[:7]}")
    Assignment.objects.create(user=user, role=role, unit=unit.unit, valid=valid)
    return user


def from_today():
    return days(timezone.localdate(), None)
