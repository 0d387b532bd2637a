"""The first person of an office: an administrator who sets the password by a one-time link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from communes.audit import NothingToRecord, recording
from communes.models import Assignment, Role, UnitVersion, User
from communes.passwords import link_path
from communes.vietnamese import nfc


class Refused(Exception):
    """The account cannot be made as asked; the message is one line."""


@dataclass(frozen=True, kw_only=True)
class Administrator:
    """The account, and the path of its invitation while it has no password."""

    user: User
    invitation: str | None


def appoint(
    *,
    email: str,
    password: str | None,
    province: UnitVersion,
    today: date,
    say: Callable[[str], None],
) -> Administrator:
    """Open the account named by its e-mail address and make it administrator of the province.

    What is there already stays as it is; a password is never replaced. `email` comes from
    :func:`checked`. Raises Refused.
    """
    known = User.objects.filter(Q(username__iexact=email) | Q(email__iexact=email))
    user = known.order_by("pk").first()
    if user is not None and not user.is_active:
        raise Refused(f"--admin: tài khoản {email} đã bị khoá.")
    is_new = user is None
    if user is None:
        user = User(username=email, email=email, display_name="Quản trị")
        user.set_unusable_password()
    is_set_here = password is not None and not user.has_usable_password()
    clock = province.unit.clock_id
    with recording(clock=clock, action="office.first_administrator", by=None) as pending:
        if is_set_here:
            _set_password(user, password or "")
        if is_new or is_set_here:
            user.save()
            # Not the address: nothing can be taken out of the log again.
            after = {"display_name": user.display_name, "password_set": is_set_here}
            pending.line(table=User._meta.db_table, key=str(user.pk), after=after)
        holds = Assignment.objects.alive_on(today).filter(
            user=user, role=Role.ADMIN, unit=province.unit
        )
        if not holds.exists():
            assignment = Assignment.objects.create(
                user=user, role=Role.ADMIN, unit=province.unit, valid=DateRange(today, None)
            )
            after = {"user": user.pk, "role": Role.ADMIN.value, "unit": province.unit.key}
            pending.line(table=Assignment._meta.db_table, key=str(assignment.pk), after=after)
        if not pending.lines:
            raise NothingToRecord
    say(f"Quản trị: {'đã tạo' if is_new else 'đã có'} tài khoản {email}.")
    if password is not None and not is_set_here:
        say("Tài khoản đã có mật khẩu; không thay.")
    return Administrator(
        user=user, invitation=None if user.has_usable_password() else link_path(user)
    )


def checked(email: str) -> str:
    """The address as it is stored: people type it in any case. Raises Refused."""
    email = nfc(email).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"--admin: “{email}” không phải là địa chỉ thư điện tử.") from None
    if len(email) > 150:
        raise Refused("--admin: địa chỉ thư điện tử dài quá 150 ký tự.")
    return email


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    user.set_password(password)
