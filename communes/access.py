"""Who may see and do what, where: the one question, and the guard that every view wears.

Outside a person's scope a unit does not exist (404); inside it, without the right, the
answer is 403.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from communes import succession
from communes.models import Assignment, Tier, UnitVersion, User
from communes.roles import RIGHTS, Permission

type View = Callable[..., HttpResponse]

GUARD_ATTRIBUTE = "ntm_access"


def assignments_of(user: User) -> list[Assignment]:
    """The person's assignments in force today, provinces and communes alphabetically.

    Rights run by the calendar of the real world, whatever day the data are about.
    """
    kept: list[Assignment] | None = getattr(user, "_assignments_today", None)
    if kept is None:
        kept = list(
            Assignment.objects.alive_on(timezone.localdate())
            .filter(user=user)
            .select_related("unit__clock", "department")
            .order_by("pk")
        )
        user._assignments_today = kept  # type: ignore[attr-defined]
    return kept


def covers(assignment: Assignment, version: UnitVersion) -> bool:
    """Whether the unit of an assignment is, or contains, the given unit."""
    if assignment.unit.tier == Tier.COUNTRY:
        return True
    return assignment.unit_id in (version.unit_id, version.parent_id, version.province_id)


def permissions(user: User, version: UnitVersion) -> set[Permission]:
    """Every right that a person holds on a unit.

    Reading reaches back to the predecessors of the units it is held on; nothing else does.
    """
    held: set[Permission] = set()
    for assignment in assignments_of(user):
        if covers(assignment, version):
            held |= RIGHTS[assignment.role]
    if Permission.READ not in held and _inherited(user, [version]):
        held.add(Permission.READ)
    return held


def readable(user: User, versions: Collection[UnitVersion]) -> set[int]:
    """The units among `versions` that a person may read; at most one query for all of them."""
    direct = [v for v in versions if any(covers(assignment, v) for assignment in _reading(user))]
    kept = {version.unit_id for version in direct}
    others = [version for version in versions if version.unit_id not in kept]
    reached = _inherited(user, others)
    return kept | {version.unit_id for version in others if version.pk in reached}


def _reading(user: User) -> list[Assignment]:
    return [held for held in assignments_of(user) if Permission.READ in RIGHTS[held.role]]


def _inherited(user: User, versions: Collection[UnitVersion]) -> set[int]:
    """The versions (by id) that belong to predecessors of units the person may read."""
    return succession.inherited(versions, {assignment.unit_id for assignment in _reading(user)})


def require(user: User, permission: Permission, version: UnitVersion) -> None:
    """Pass silently, or raise Http404 outside the scope and PermissionDenied inside it."""
    held = permissions(user, version)
    if Permission.READ not in held:
        raise Http404("Không tìm thấy đơn vị này.")
    if permission not in held:
        raise PermissionDenied("Tài khoản của bạn chỉ được xem, không được sửa ở đơn vị này.")


def require_on_register(user: User, permission: Permission, province: UnitVersion) -> None:
    """:func:`require` for the register of a province: whoever works inside it may read it.

    Names and dates of units are public; a commune officer needs to see who carries on.
    """
    held = permissions(user, province)
    if Permission.READ not in held:
        mine = [assignment.unit_id for assignment in assignments_of(user)]
        inside = UnitVersion.objects.filter(province_id=province.unit_id, unit_id__in=mine)
        if not inside.exists():
            raise Http404("Không tìm thấy đơn vị này.")
        held.add(Permission.READ)
    if permission not in held:
        raise PermissionDenied("Tài khoản của bạn chỉ được xem, không được sửa đơn vị hành chính.")


def holds_somewhere(user: User, permission: Permission) -> bool:
    """Whether the person holds a right on any unit today."""
    return any(permission in RIGHTS[held.role] for held in assignments_of(user))


def manages_people(user: User) -> bool:
    """Whether the person may manage people anywhere today."""
    return holds_somewhere(user, Permission.MANAGE_PEOPLE)


def open_to_all(view: View) -> View:
    """Declare that a view needs no account (sign-in, health)."""
    setattr(view, GUARD_ATTRIBUTE, "open")
    return view


def signed_in(view: View) -> View:
    """Let only signed-in people through.

    A page goes to the sign-in page and comes back. A fragment read by htmx is redirected as
    a whole; a save gets 401 and swaps nothing, so that the grid keeps what was typed.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "GET":
            return HttpResponse("Phiên làm việc đã hết; hãy đăng nhập lại.", status=401)
        answer = redirect_to_login(request.get_full_path())
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(answer.url)
        return answer

    setattr(guarded, GUARD_ATTRIBUTE, "signed-in")
    return guarded


def people_managers(view: View) -> View:
    """Let only those through who may manage people somewhere; the view asks for whom."""
    refusal = "Chỉ người quản trị của đơn vị mới quản lý người dùng."
    return _holders(view, Permission.MANAGE_PEOPLE, refusal)


def operators(view: View) -> View:
    """Let only those through who operate the program somewhere; the view asks for what."""
    return _holders(view, Permission.OPERATE, "Chỉ người quản trị mới xem trang Vận hành.")


def _holders(view: View, permission: Permission, refusal: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not holds_somewhere(request.user, permission):  # type: ignore[arg-type]
            raise PermissionDenied(refusal)
        return view(request, *args, **kwargs)

    checked = signed_in(guarded)
    setattr(checked, GUARD_ATTRIBUTE, permission.value)
    return checked
