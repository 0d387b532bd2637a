"""Guards of pages about criteria sets: which version, and may this person read or write it."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from communes.access import GUARD_ATTRIBUTE, View, signed_in
from communes.roles import Permission
from criteria.models import SetVersion
from criteria.set_pages import access as set_access


def on_set(permission: Permission) -> Any:
    """Guard a view of a criteria set: it gets ``version`` in place of ``code`` and ``no``.

    Without ``no`` it is the version in force, else the latest. A set that the person does not
    read is not found; a draft is there for its editors alone. READ or EDIT_SETS is asked for.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, code: str, **kwargs: Any) -> HttpResponse:
            version = set_version(code, kwargs.pop("no", None))
            user: Any = request.user
            if version is None or not set_access.reads(user, version.set):
                raise Http404("Không tìm thấy bộ tiêu chí này.")
            edits = set_access.edits(user, version.set)
            if not edits and version.status == SetVersion.Status.DRAFT:
                raise Http404("Không tìm thấy phiên bản này.")
            if permission is Permission.EDIT_SETS and not edits:
                raise PermissionDenied("Tài khoản của bạn chỉ được xem bộ tiêu chí này.")
            return view(request, *args, version=version, **kwargs)

        checked = signed_in(guarded)
        setattr(checked, GUARD_ATTRIBUTE, permission.value)
        return checked

    return decorate


def set_readers(permission: Permission = Permission.READ) -> Any:
    """Guard a view about sets in general: for whoever reads, or edits, any of them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            if not set_access.reads_sets(user):
                raise PermissionDenied("Tài khoản của bạn chưa được phân công nên chưa xem được.")
            if permission is Permission.EDIT_SETS and not set_access.edits_sets(user):
                raise PermissionDenied("Tài khoản của bạn chỉ được xem các bộ tiêu chí.")
            return view(request, *args, **kwargs)

        checked = signed_in(guarded)
        setattr(checked, GUARD_ATTRIBUTE, permission.value)
        return checked

    return decorate


def set_version(code: str, no: int | None) -> SetVersion | None:
    """The version named; without a number the one in force, else the latest that is there."""
    found = SetVersion.objects.filter(set__code=code).select_related(
        "set__province__clock", "set__base"
    )
    if no is not None:
        return found.filter(no=no).first()
    in_force = found.filter(status=SetVersion.Status.IN_FORCE).first()
    return in_force or found.order_by("-no").first()
