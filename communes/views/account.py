"""My own account: where I am signed in, and my password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from communes import lockout, people, sessions
from communes.access import signed_in
from communes.addresses import address_of
from communes.forms import ChangePasswordForm
from communes.models import Device, User
from communes.people import links


@signed_in
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    return _page(request, ChangePasswordForm(user=_me(request)))


@signed_in
@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Every other session ends; this one goes on. Wrong old passwords lock like sign-ins."""
    me = _me(request)
    form = ChangePasswordForm(request.POST, user=me)
    who = lockout.visitor(me.username, address_of(request))
    with lockout.one_at_a_time(who):
        if lockout.locked_until(who):
            messages.error(request, "Đã gõ sai nhiều lần; hãy thử lại sau 15 phút.")
            return redirect("account")
        good = form.is_valid()
        if "old" in form.errors:
            lockout.count_failure(who)
    if not good:
        return _page(request, form, status=422)
    people.set_password(
        user=me,
        password=form.cleaned_data["first"],
        ip=address_of(request),
        but=request.session.get(sessions.DEVICE),
    )
    update_session_auth_hash(request, me)
    sessions.follow(request)
    messages.success(request, "Đã đổi mật khẩu. Các máy khác phải đăng nhập lại.")
    return redirect("account")


@signed_in
@require_POST
def end_my_device(request: HttpRequest, device: int) -> HttpResponse:
    held = get_object_or_404(Device.objects.in_use(), pk=device, user=request.user)
    if held.pk == request.session.get(sessions.DEVICE):
        messages.error(request, "Đây là máy bạn đang dùng; hãy bấm Đăng xuất.")
        return redirect("account")
    sessions.end([held])
    messages.success(request, f"Đã đăng xuất khỏi “{held.name}”.")
    return redirect("account")


def _me(request: HttpRequest) -> User:
    return User.objects.get(pk=request.user.pk)


def _page(request: HttpRequest, form: ChangePasswordForm, *, status: int = 200) -> HttpResponse:
    me = _me(request)
    context = {
        "me": me,
        "account_page": True,
        "form": form if me.has_usable_password() else None,
        "devices": Device.objects.in_use().filter(user=me).order_by("-signed_in_at"),
        "this_device": request.session.get(sessions.DEVICE),
        "reset": links.last_reset(me),
    }
    return TemplateResponse(request, "account.html", context, status=status)
