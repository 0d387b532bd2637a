"""Signing in and out; in the demo, one click per role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from communes import lockout, sessions
from communes.access import open_to_all, signed_in
from communes.addresses import address_of
from communes.forms import DeviceForm, SignInForm
from communes.models import Device, User
from communes.people import links

DEMO_ACCOUNTS = {
    "office": "Cán bộ Văn phòng điều phối",
    "head": "Chánh Văn phòng điều phối",
    "commune": "Cán bộ xã",
    "commune-2026": "Cán bộ xã, năm 2026",
    "department": "Sở, ngành phụ trách tiêu chí",
    "department-2026": "Sở, ngành, năm 2026",
    "committee": "Ban Chỉ đạo tỉnh",
    "admin": "Quản trị",
}
"""Account → what the button says; it is named ``demo-<account>``. Those of 2026 work in Lạng Sơn
of today, the others in a province of before 2025 as well."""

RESET = (
    "Mật khẩu của bạn được đặt lại lúc {at:%H:%M} ngày {at:%d/%m/%Y} bằng đường dẫn do quản trị"
    " ({by}) tạo. Nếu không phải bạn đặt, hãy đổi mật khẩu ở trang Tài khoản của tôi và báo cho"
    " Văn phòng điều phối."
)
"""Said at each sign-in for a while: somebody who used the link cannot hide it by signing in."""


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else "/"


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _sign_in_page(request, form)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    if not name.strip() or not password:
        return _sign_in_page(request, form, status=422)
    who = lockout.visitor(name, address_of(request))
    with lockout.one_at_a_time(who):
        locked = lockout.locked_until(who)
        good = locked is None and form.is_valid()
        if good:
            lockout.forgive(who)
        elif locked is None:
            lockout.count_failure(who)
            locked = lockout.locked_until(who)
    if not good:
        lockout.log.warning("sign-in refused%s: %s", ", locked" if locked else "", who)
        if locked is None:
            return _sign_in_page(request, form, status=422)
        answer = _sign_in_page(request, SignInForm(request), status=429, locked_until=locked)
        answer["Retry-After"] = str(max(1, int((locked - timezone.now()).total_seconds())))
        return answer
    lockout.log.info("signed in: %s", who)
    return _enter(request, form.get_user(), remember=form.cleaned_data["remember"])


@open_to_all
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo roles; this address does not exist outside the demo."""
    if not settings.DEMO:
        raise Http404
    role = request.POST.get("role", "")
    if role not in DEMO_ACCOUNTS:
        return HttpResponseBadRequest("Vai trò không có trong bản trình diễn.")
    user = User.objects.filter(username=f"demo-{role}").first()
    if user is None:
        return HttpResponseBadRequest("Chưa nạp số liệu trình diễn; hãy chạy make demo.")
    return _enter(request, user, device=sessions.DEMO_DEVICE)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def name_device(request: HttpRequest) -> HttpResponse:
    """A member of the committee names the device and stays signed in on it for thirty days."""
    user: User = request.user  # type: ignore[assignment]
    if sessions.DEVICE in request.session or not sessions.only_reads_for_the_committee(user):
        return redirect(_next(request))
    suggested = {"name": sessions.system_of(request)}
    form = DeviceForm(request.POST if request.method == "POST" else None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        sessions.stay_signed_in(request, user, kind=Device.Kind.COMMITTEE, name=name)
        return redirect(_next(request))
    status = 422 if form.errors else 200
    context = {"form": form, "next": _next(request)}
    return TemplateResponse(request, "sign_in_device.html", context, status=status)


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.signing_out(request)
    logout(request)
    return redirect("sign_in")


def _enter(
    request: HttpRequest, user: User, *, remember: bool = False, device: str = ""
) -> HttpResponse:
    """Begin the session; a member of the committee is asked for the device's name first."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    sessions.throw_away_old()
    if reset := links.last_reset(user, recent=True):
        messages.warning(request, RESET.format(at=localtime(reset.used_at), by=reset.by))
    if sessions.only_reads_for_the_committee(user):
        if not device:
            return redirect(f"{reverse('name_device')}?{urlencode({'next': _next(request)})}")
        sessions.stay_signed_in(request, user, kind=Device.Kind.COMMITTEE, name=device)
    elif remember:
        sessions.stay_signed_in(request, user, kind=Device.Kind.REMEMBERED)
    return redirect(_next(request))


def _sign_in_page(
    request: HttpRequest, form: SignInForm, *, status: int = 200, **more: Any
) -> TemplateResponse:
    context = {
        "form": form,
        "next": _next(request),
        "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else {},
        "password_was_set": request.GET.get("password") == "set",
        **more,
    }
    return TemplateResponse(request, "sign_in.html", context, status=status)
