"""Signing in and out; in the demo, one click per role."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from communes.access import open_to_all, signed_in
from communes.models import User

DEMO_ACCOUNTS = {
    "office": "Cán bộ Văn phòng điều phối",
    "commune": "Cán bộ xã",
    "department": "Sở, ngành phụ trách tiêu chí",
    "committee": "Ban Chỉ đạo tỉnh",
    "admin": "Quản trị",
}
"""Role word → what the button says. The account is named ``demo-<role>``."""


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else "/"


@open_to_all
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_next(request))
    context = {
        "form": form,
        "next": _next(request),
        "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else {},
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "sign_in.html", context, status=status)


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
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(_next(request))


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")
