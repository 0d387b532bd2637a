"""Locking and opening an account, and its password."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from communes import lockout, sessions
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import Assignment, Role, User
from communes.people import links
from communes.people.assigning import lock_administrators, require_another_administrator
from communes.people.links import Link, clock_of
from communes.people.refusals import NotYours, PeopleRefused
from communes.people.scope import require_person, works_elsewhere
from communes.people.states import is_of_the_demo


def deactivate(
    *, user: User, by: User | None, request_id: UUID | None = None, ip: str | None = None
) -> None:
    """Lock an account: nobody signs in with it, and whoever is signed in is out at once.

    Raises NotYours for a person who works elsewhere too; PeopleRefused for oneself and for
    the last administrator of a unit.
    """
    _require_whole(by, user)
    if by is not None and by.pk == user.pk:
        raise PeopleRefused("Không tự khóa tài khoản của mình được; nhờ người quản trị khác.")
    if is_of_the_demo(user):
        raise PeopleRefused("Tài khoản của bản trình diễn luôn mở.")
    clock = clock_of(user, by)
    today = timezone.localdate()
    with recording(
        clock=clock, action="people.deactivate", by=by, ip=ip, request_id=request_id
    ) as pending:
        administers = list(
            Assignment.objects.filter(user=user, role=Role.ADMIN)
            .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=today))
            .order_by("pk")
        )
        lock_administrators([assignment.unit_id for assignment in administers])
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        for assignment in administers:
            first = assignment.valid.lower
            require_another_administrator(assignment, max(today, first) if first else today)
        _set_active(pending, user, active=False)
        sessions.end_all_of(user)


def reactivate(
    *, user: User, by: User | None, request_id: UUID | None = None, ip: str | None = None
) -> None:
    """Open a locked account again, with the assignments that are still in force."""
    _require_whole(by, user)
    clock = clock_of(user, by)
    with recording(
        clock=clock, action="people.reactivate", by=by, ip=ip, request_id=request_id
    ) as pending:
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        _set_active(pending, user, active=True)


def send_password_reset(
    *,
    user: User,
    by: User | None,
    site: str,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Link | None:
    """Make a link to set a password and deliver it (see :mod:`communes.people.links`).

    The present password holds until the link is used. None when this `request_id` was here
    before: nothing is mailed or shown again.

    Raises PeopleRefused for a locked account, and where the link could reach nobody.
    """
    require_person(by, user)
    if not user.is_active:
        raise PeopleRefused("Tài khoản đang bị khóa; hãy mở khóa trước.")
    if by is not None and works_elsewhere(by, user) and not user.email:
        raise NotYours(
            "Người này còn phân công ngoài phạm vi của bạn và không có thư điện tử;"
            " hãy đề nghị người quản trị nơi kia."
        )
    clock = clock_of(user, by)
    recorded = False
    with recording(
        clock=clock, action="people.password_link", by=by, ip=ip, request_id=request_id
    ) as pending:
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        pending.line(table=User._meta.db_table, key=str(user.pk), after={"password_link": True})
        recorded = True
    return links.deliver("password", to=user, by=by, site=site, ip=ip) if recorded else None


def set_password(
    *,
    user: User,
    password: str,
    token: str = "",
    ip: str | None = None,
    but: int | None = None,
) -> None:
    """Replace the person's password; every other session and device is signed out.

    `token` is that of the link by which it is set, "" where the old password was known. `but`
    is the device that the person sits at, if it is a remembered one. Sessions without a device
    end by themselves: they carry a hash of the old password.
    """
    with recording(
        clock=clock_of(user, None), action="people.set_password", by=user, ip=ip
    ) as pending:
        user.set_password(password)
        user.save(update_fields=["password"])
        after = {"password_set": True, "by_shown_link": links.use(user, token)}
        pending.line(table=User._meta.db_table, key=str(user.pk), after=after)
        sessions.end_all_of(user, but=but)
        lockout.forgive_everywhere(user.username)


def _require_whole(by: User | None, user: User) -> None:
    require_person(by, user)
    if by is not None and works_elsewhere(by, user):
        raise NotYours(
            "Người này còn phân công ngoài phạm vi của bạn nên không khóa, mở được tài khoản;"
            " hãy kết thúc các phân công trong phạm vi của bạn."
        )


def _set_active(pending: Pending, user: User, *, active: bool) -> None:
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if held.is_active == active:
        raise NothingToRecord
    User.objects.filter(pk=user.pk).update(is_active=active)
    pending.line(
        table=User._meta.db_table,
        key=str(user.pk),
        before={"active": not active},
        after={"active": active},
    )
