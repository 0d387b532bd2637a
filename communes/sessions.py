"""How long a person stays signed in, and on which devices.

Everybody: twelve hours after the last request, and not after the browser is closed. On a machine
that the person asks to be remembered: fourteen days. A member of the steering committee, who
only reads: thirty days on a device with a name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from communes.models import Assignment, Device, Role, User
from communes.vietnamese import nfc

SLIDING = timedelta(hours=12)
LENGTH = {
    Device.Kind.COMMITTEE: timedelta(days=30),
    Device.Kind.REMEMBERED: timedelta(days=14),
}
DEMO_DEVICE = "Máy trình diễn"
TOUCHED, DEVICE = "touched", "device"
_TOUCH_AFTER = timedelta(minutes=10)
_SYSTEMS = {
    "iPad": "iPad",
    "iPhone": "iPhone",
    "Android": "Thiết bị Android",
    "Windows": "Máy Windows",
    "Macintosh": "Máy Mac",
    "Linux": "Máy Linux",
}


def only_reads_for_the_committee(user: User) -> bool:
    """Whether every assignment of the person, now and later, is that of the committee.

    Thirty days are for reading: whoever may enter or manage anything signs in more often.
    """
    roles = set(
        Assignment.objects.filter(user=user)
        .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=timezone.localdate()))
        .values_list("role", flat=True)
    )
    return roles == {Role.COMMITTEE}


def stay_signed_in(request: HttpRequest, user: User, *, kind: Device.Kind, name: str = "") -> None:
    """Keep the session of this request on this device for as long as its kind lasts."""
    _end_quietly(request.session.pop(DEVICE, None))
    now = timezone.now()
    ends_at = now + LENGTH[kind]
    request.session.set_expiry(ends_at)
    request.session.save()  # gives a key to a session that has none yet
    device = Device.objects.create(
        user=user,
        kind=kind,
        name=nfc(name)[:60] or system_of(request),
        session=_hash(str(request.session.session_key)),
        last_used_on=timezone.localdate(),
        ends_at=ends_at,
    )
    request.session[DEVICE] = device.pk


def follow(request: HttpRequest) -> None:
    """The session of this request was given a new key: its device goes with it."""
    if (pk := request.session.get(DEVICE)) is not None:
        key = _hash(str(request.session.session_key))
        Device.objects.filter(pk=pk).update(session=key)


def signing_out(request: HttpRequest) -> None:
    """Before the session of this request goes: its device is not in use any more."""
    _end_quietly(request.session.get(DEVICE))


def end(devices: list[Device]) -> None:
    """Sign out on these devices, now."""
    now = timezone.now()
    Device.objects.filter(pk__in=[device.pk for device in devices], ended_at=None).update(
        ended_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_session"
            " WHERE encode(sha256(convert_to(session_key, 'UTF8')), 'hex') = ANY(%s)",
            [[device.session for device in devices]],
        )


def end_all_of(user: User, *, but: int | None = None, kind: Device.Kind | None = None) -> None:
    """Sign the person out on all devices (of one kind), except the device `but`."""
    found = Device.objects.in_use().filter(user=user).exclude(pk=but)
    end(list(found.filter(kind=kind) if kind else found))


def throw_away_old() -> None:
    """Delete what nobody can use any more: sessions that ran out, devices ended long ago."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Device.objects.filter(ends_at__lt=now - timedelta(days=90)).delete()


def system_of(request: HttpRequest) -> str:
    """What kind of machine the browser says it runs on."""
    agent = request.headers.get("User-Agent", "")
    return next((name for word, name in _SYSTEMS.items() if word in agent), "Máy đã ghi nhớ")


def keep_alive(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: a session that is used goes on; written at most every ten minutes.

    (SESSION_SAVE_EVERY_REQUEST would write a row for every cell that is saved.) A device's
    session has a fixed end; there only the day of its last use is noted.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if not session.accessed or session.is_empty() or not request.user.is_authenticated:
            return response
        now = timezone.now().timestamp()
        last = session.get(TOUCHED)
        if last is None:
            signed_in_at = request.user.last_login
            last = signed_in_at.timestamp() if signed_in_at else 0
        device = session.get(DEVICE)
        wait = SLIDING if device else _TOUCH_AFTER
        if now - last > wait.total_seconds():
            session[TOUCHED] = now
            if device:
                Device.objects.filter(pk=device).update(last_used_on=timezone.localdate())
        return response

    return middleware


def _end_quietly(pk: int | None) -> None:
    if pk is not None:
        Device.objects.filter(pk=pk, ended_at=None).update(ended_at=timezone.now())


def _hash(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()
