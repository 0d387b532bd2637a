"""Inviting a person, giving a role on a unit from a day on, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from communes import locks, sessions
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import Assignment, Change, Department, Role, Tier, Unit, UnitVersion, User
from communes.people import letters, links
from communes.people.refusals import PeopleRefused
from communes.people.scope import require_person, require_unit, works_elsewhere
from communes.vietnamese import format_date, nfc

TIERS: dict[str, set[str]] = {
    Role.COMMUNE: {Tier.COMMUNE},
    Role.DEPARTMENT: {Tier.PROVINCE},
    Role.OFFICE: {Tier.PROVINCE, Tier.COUNTRY},
    Role.HEAD: {Tier.PROVINCE, Tier.COUNTRY},
    Role.COMMITTEE: {Tier.PROVINCE, Tier.COUNTRY},
    Role.ADMIN: {Tier.PROVINCE, Tier.COUNTRY},
}
"""On which units a role can be held."""

LONGEST_USERNAME = 150


@dataclass(frozen=True, kw_only=True)
class Invited:
    """The person, whether the account is new, and how the link reaches them.

    `link` is None where the person has a password already or the link went by mail alone.
    """

    user: User
    is_new: bool
    link: str | None
    mailed: bool


def invite(
    *,
    email: str,
    display_name: str,
    role: Role,
    unit: Unit,
    valid_from: date,
    by: User | None,
    site: str,
    department: Department | None = None,
    valid_until: date | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Invited:
    """Open an account with a first assignment, and mail a link that sets its password.

    An address that has an account gets the assignment alone. The same `request_id` again
    changes, sends and shows nothing.

    A `department` that is not stored yet is stored. Raises NotYours outside `by`'s scope and
    PeopleRefused for what cannot be.
    """
    address = _address(email)
    version = require_unit(by, unit.pk)
    done: Change | None = None
    is_new = False
    with recording(
        clock=unit.clock_id, action="people.invite", by=by, ip=ip, request_id=request_id
    ) as pending:
        locks.take(f"account {address}")
        if done := already_recorded(clock=unit.clock_id, request_id=request_id):
            raise NothingToRecord
        user = _account(address)
        if user is None:
            is_new, user = True, _new_account(pending, address, display_name)
        elif not user.is_active:
            raise PeopleRefused(
                "Địa chỉ này có tài khoản đang bị khóa; hãy mở khóa rồi phân công.", field="email"
            )
        _assign(pending, user, role, version, department, valid_from, valid_until)
    user = _account(address)
    if user is None:
        raise PeopleRefused("Yêu cầu này đã được gửi cho một địa chỉ khác; hãy tải lại trang.")
    if done:
        is_new = done.lines.filter(table=User._meta.db_table).exists()
        return Invited(user=user, is_new=is_new, link=None, mailed=False)
    if user.has_usable_password() or (by and works_elsewhere(by, user)):
        mailed = letters.send("assigned", to=user, site=site)
        return Invited(user=user, is_new=is_new, link=None, mailed=mailed)
    link = links.deliver("invitation", to=user, by=by, site=site, ip=ip)
    return Invited(user=user, is_new=is_new, link=link.url, mailed=link.mailed)


def assign(
    *,
    user: User,
    role: Role,
    unit: Unit,
    valid_from: date,
    by: User | None,
    department: Department | None = None,
    valid_until: date | None = None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Give a person a role on a unit from `valid_from` to before `valid_until`.

    Raises NotYours outside `by`'s scope and PeopleRefused for what cannot be.
    """
    require_person(by, user)
    version = require_unit(by, unit.pk)
    with recording(
        clock=unit.clock_id, action="people.assign", by=by, ip=ip, request_id=request_id
    ) as pending:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if already_recorded(clock=unit.clock_id, request_id=request_id):
            raise NothingToRecord
        _assign(pending, user, role, version, department, valid_from, valid_until)


def end_assignment(
    *,
    assignment: Assignment,
    on: date,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """End an assignment: `on` is the first day without it, today at the earliest.

    An assignment that would not have lasted a day is taken away; the log keeps it.

    Raises NotYours outside `by`'s scope; PeopleRefused when it ends earlier already or when
    the unit would be left without an administrator.
    """
    clock = assignment.unit.clock_id
    require_unit(by, assignment.unit_id)
    with recording(
        clock=clock, action="people.end_assignment", by=by, ip=ip, request_id=request_id
    ) as pending:
        lock_administrators([assignment.unit_id])
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        held = Assignment.objects.filter(pk=assignment.pk).first()
        if held is None:
            raise PeopleRefused("Phân công này đã được kết thúc.")
        _require_endable(held, on)
        require_another_administrator(held, on)
        before = _as_line(held)
        if held.valid.lower is not None and held.valid.lower >= on:
            pending.line(table=Assignment._meta.db_table, key=str(held.pk), before=before)
            held.delete()
            return
        held.valid = DateRange(held.valid.lower, on, "[)")
        held.save(update_fields=["valid"])
        pending.line(
            table=Assignment._meta.db_table,
            key=str(held.pk),
            before=before,
            after=_as_line(held),
        )


def lock_administrators(unit_ids: list[int]) -> None:
    """Two administrators who end each other at the same moment wait here for one another."""
    for unit_id in sorted(unit_ids):
        locks.take(f"administrators {unit_id}")


def require_another_administrator(ending: Assignment, on: date) -> None:
    """Refuse to end the last administrator of a unit.

    Another one has to be able to sign in on that day, and for as long as this one would have.
    """
    if ending.role != Role.ADMIN:
        return
    others = (
        Assignment.objects.alive_on(on)
        .filter(role=Role.ADMIN, unit_id=ending.unit_id, user__is_active=True)
        .exclude(user_id=ending.user_id)
        .select_related("user")
    )
    until = ending.valid.upper
    for other in others:
        lasts = other.valid.upper is None or (until is not None and other.valid.upper >= until)
        if lasts and other.user.has_usable_password():
            return
    raise PeopleRefused(
        "Đây là người quản trị cuối cùng của đơn vị. Hãy phân công người quản trị khác, để"
        " người đó đặt mật khẩu, rồi mới kết thúc."
    )


def _require_endable(held: Assignment, on: date) -> None:
    if on < timezone.localdate():
        raise PeopleRefused("Không kết thúc được từ một ngày đã qua; sớm nhất là hôm nay.")
    if held.valid.upper is not None and held.valid.upper <= on:
        raise PeopleRefused(
            f"Phân công này đã kết thúc từ ngày {format_date(held.valid.upper)}."
            " Muốn kéo dài, hãy thêm phân công mới.",
            field="last_day",
        )


def _assign(
    pending: Pending,
    user: User,
    role: Role,
    version: UnitVersion,
    department: Department | None,
    valid_from: date,
    valid_until: date | None,
) -> None:
    if not user.is_active:
        raise PeopleRefused("Tài khoản này đang bị khóa; hãy mở khóa rồi phân công.")
    if version.unit.tier not in TIERS[role]:
        where = "một xã" if role == Role.COMMUNE else "cả tỉnh"
        raise PeopleRefused(
            f"Vai trò “{Role(role).label}” phân công cho {where};"
            f" {version.full_name} thì không được.",
            field="unit",
        )
    if (department is not None) != (role == Role.DEPARTMENT):
        raise PeopleRefused(
            "Vai trò sở, ngành cần nêu sở, ngành; các vai trò khác thì không.", field="department"
        )
    if valid_until is not None and valid_until <= valid_from:
        raise PeopleRefused("Ngày cuối không được trước ngày đầu.", field="last_day")
    if department is not None and department.pk is None:
        department.save()
        after = {"code": department.code, "name": department.name}
        pending.line(table=Department._meta.db_table, key=str(department.pk), after=after)
    valid = DateRange(valid_from, valid_until, "[)")
    same = Assignment.objects.filter(
        user=user, role=role, unit_id=version.unit_id, department=department
    )
    if (there := same.filter(valid__overlap=valid).first()) is not None:
        since = f" từ ngày {format_date(there.valid.lower)}" if there.valid.lower else ""
        raise PeopleRefused(f"Người này đã có phân công ấy{since}.", field="unit")
    made = Assignment.objects.create(
        user=user, role=role, unit_id=version.unit_id, department=department, valid=valid
    )
    pending.line(table=Assignment._meta.db_table, key=str(made.pk), after=_as_line(made))
    if role != Role.COMMITTEE:
        # Thirty days were for reading alone.
        sessions.end_all_of(user, kind=sessions.Device.Kind.COMMITTEE)


def _account(address: str) -> User | None:
    """Whoever signs in with this address, or has it as theirs."""
    found = User.objects.filter(Q(username__iexact=address) | Q(email__iexact=address))
    return found.order_by("pk").first()


def _new_account(pending: Pending, address: str, display_name: str) -> User:
    name = nfc(display_name)
    if not name:
        raise PeopleRefused("Hãy ghi họ tên hoặc chức danh.", field="display_name")
    user = User(username=address, email=address, display_name=name[:120])
    user.set_unusable_password()
    user.save()
    # The address is not copied into a log that can never be cleaned.
    pending.line(table=User._meta.db_table, key=str(user.pk), after={"display_name": name[:120]})
    return user


def _address(email: str) -> str:
    """The address as it is stored and signed in with: people type it in any case."""
    address = nfc(email).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise PeopleRefused(
            f"“{email}” không phải là địa chỉ thư điện tử.", field="email"
        ) from None
    if len(address) > LONGEST_USERNAME:
        raise PeopleRefused("Địa chỉ thư điện tử dài quá 150 ký tự.", field="email")
    return address


def _as_line(assignment: Assignment) -> dict[str, object]:
    first, until = assignment.valid.lower, assignment.valid.upper
    return {
        "user": assignment.user_id,
        "role": str(assignment.role),
        "unit": assignment.unit.key,
        "department": assignment.department.code if assignment.department else None,
        "from": first.isoformat() if first else None,
        "until": until.isoformat() if until else None,
    }
