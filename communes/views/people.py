"""People of an administrator's scope: the list, an invitation, one person's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes import people, sessions
from communes.access import people_managers
from communes.addresses import address_of
from communes.forms import AssignForm, EndForm, InviteForm, RequestForm
from communes.models import Department, Device, Role, User
from communes.passwords import link_days
from communes.people import PeopleRefused, listing, scope, typed_units
from communes.people.states import state_of

PER_PAGE = 100
SHOWN_LINK = "shown_link"


@people_managers
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    filters = listing.Filters.read(request.GET)
    rows = listing.rows(_me(request), filters)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"filters": filters, "page": page, "roles": Role.choices, "query": query.urlencode()}
    context["people_page"] = "page"
    return TemplateResponse(request, "people.html", context)


@people_managers
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None, by=_me(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invited = people.invite(
                email=given["email"],
                display_name=given["display_name"],
                role=given["role"],
                unit=given["unit"],
                department=given["department"],
                valid_from=given["valid_from"],
                valid_until=form.valid_until,
                by=_me(request),
                site=_site(request),
                request_id=given["request_id"],
                ip=address_of(request),
            )
        except PeopleRefused as refused:
            form.refuse(refused)
        else:
            _tell_of(request, invited)
            return redirect("person", invited.user.pk)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "people_invite.html", _choices(request, form), status=status)


@people_managers
@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person_page(request, _person(request, pk))


@people_managers
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    form = AssignForm(request.POST, by=_me(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            people.assign(
                user=user,
                role=given["role"],
                unit=given["unit"],
                department=given["department"],
                valid_from=given["valid_from"],
                valid_until=form.valid_until,
                by=_me(request),
                request_id=given["request_id"],
                ip=address_of(request),
            )
        except PeopleRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Đã thêm phân công.")
            return redirect("person", pk)
    return _person_page(request, user, form=form, status=422)


@people_managers
@require_POST
def end_assignment(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    user = _person(request, pk)
    held = scope.managed_assignments(_me(request)).filter(user=user)
    form = EndForm(request.POST)
    refused = ""
    if form.is_valid():
        try:
            people.end_assignment(
                assignment=get_object_or_404(held.select_related("unit"), pk=assignment),
                on=form.on,
                by=_me(request),
                request_id=form.cleaned_data["request_id"],
                ip=address_of(request),
            )
        except PeopleRefused as error:
            refused = str(error)
        else:
            messages.success(request, "Đã ghi ngày kết thúc phân công.")
            still_there = scope.managed_people(_me(request)).filter(pk=pk).exists()
            return redirect("person", pk) if still_there else redirect("people")
    else:
        refused = " ".join(error for errors in form.errors.values() for error in errors)
    return _person_page(request, user, refused=refused, status=422)


@people_managers
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_account(request, pk, people.deactivate, "Đã khóa tài khoản.")


@people_managers
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_account(request, pk, people.reactivate, "Đã mở khóa tài khoản.")


@people_managers
@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, refused="Hãy tải lại trang rồi bấm lại.", status=422)
    try:
        link = people.send_password_reset(
            user=user,
            by=_me(request),
            site=_site(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except PeopleRefused as refused:
        return _person_page(request, user, refused=str(refused), status=422)
    if link:
        _show_link(request, user, link.url, mailed=link.mailed)
    return redirect("person", pk)


@people_managers
@require_POST
def end_device(request: HttpRequest, pk: int, device: int) -> HttpResponse:
    user = _person(request, pk)
    held = get_object_or_404(Device.objects.in_use(), pk=device, user=user)
    sessions.end([held])
    messages.success(request, f"Đã đăng xuất khỏi “{held.name}”.")
    return redirect("person", pk)


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _person(request: HttpRequest, pk: int) -> User:
    """Somebody who works, or worked, in the administrator's scope; 404 for anybody else."""
    found = scope.managed_people(_me(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("Không tìm thấy người này.")
    return found


def _on_account(
    request: HttpRequest, pk: int, action: Callable[..., None], done: str
) -> HttpResponse:
    user = _person(request, pk)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, refused="Hãy tải lại trang rồi bấm lại.", status=422)
    try:
        action(
            user=user,
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except PeopleRefused as refused:
        return _person_page(request, user, refused=str(refused), status=422)
    messages.success(request, done)
    return redirect("person", pk)


def _person_page(
    request: HttpRequest,
    user: User,
    *,
    form: AssignForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Everything read anew; a link made a moment ago is shown this once."""
    shown = request.session.pop(SHOWN_LINK, None) if request.method == "GET" else None
    me = _me(request)
    context = {
        **_choices(request, form or AssignForm(by=me)),
        "person": user,
        "state": state_of(user),
        "held": listing.of_person(me, user),
        "works_elsewhere": scope.works_elsewhere(me, user),
        "devices": Device.objects.in_use().filter(user=user).order_by("-signed_in_at"),
        "link": shown["url"] if shown and shown["person"] == user.pk else None,
        "days": link_days(),
        "refused": refused,
        "adding": form is not None,
        "request_id": uuid4(),
    }
    return TemplateResponse(request, "people_person.html", context, status=status)


def _choices(request: HttpRequest, form: AssignForm) -> dict[str, Any]:
    return {
        "people_page": "true",
        "form": form,
        "proposals": typed_units.proposals(_me(request)),
        "departments": Department.objects.order_by("name"),
    }


def _tell_of(request: HttpRequest, invited: people.Invited) -> None:
    if invited.is_new:
        messages.success(request, f"Đã mời {invited.user}.")
    else:
        messages.success(request, "Địa chỉ này đã có tài khoản; đã thêm phân công.")
    if invited.link or (invited.mailed and not invited.user.has_usable_password()):
        _show_link(request, invited.user, invited.link, mailed=invited.mailed)


def _show_link(request: HttpRequest, user: User, url: str | None, *, mailed: bool) -> None:
    if url:
        request.session[SHOWN_LINK] = {"person": user.pk, "url": url}
    if mailed:
        messages.success(request, f"Đã gửi thư có đường dẫn đặt mật khẩu đến {user.email}.")
    elif url:
        messages.warning(request, "Không gửi được thư; hãy tự chuyển đường dẫn dưới đây.")
    else:
        messages.warning(request, "Không gửi được thư. Máy chủ thư có thể chưa hoạt động.")


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
