"""Chốt số liệu tháng: the list of months, the page of one, its closing and its reopening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes import units
from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria import months
from criteria.guards import on_unit
from criteria.models import Basis, MonthClosing
from criteria.months import MonthRefused, lateness, submitting
from criteria.months import review as month_review
from criteria.months.forms import CloseForm, ReopenForm, read_month
from criteria.months.lateness import Submissions


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A month of the list: its closings, the latest first, and what came in while it is open."""

    month: date
    closings: Sequence[MonthClosing]
    submissions: Submissions | None

    @property
    def closing(self) -> MonthClosing | None:
        """The closing that holds."""
        last = self.closings[0] if self.closings else None
        return None if last is None or hasattr(last, "reopening") else last

    @property
    def reopened(self) -> bool:
        return bool(self.closings) and self.closing is None


@on_unit(Permission.OVERSEE_MONTH, Tier.PROVINCE)
@require_GET
def months_list(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    today = months.working_day(unit.unit)
    still = months.open_months(unit.unit)
    closings: dict[date, list[MonthClosing]] = {month: [] for month in still}
    every = MonthClosing.objects.filter(province=unit.unit).order_by("-no")
    for closing in every.select_related("change__by", "reopening__change__by"):
        closings.setdefault(closing.month, []).append(closing)
    rows = [
        Listed(
            month=month,
            closings=found,
            submissions=lateness.submissions(
                units.version_of(unit.unit_id, month), month, today=today
            )
            if month in still
            else None,
        )
        for month, found in sorted(closings.items(), reverse=True)
    ]
    context = {"unit": unit, "on": on, "rows": rows, "still": still}
    return TemplateResponse(request, "months.html", context)


@on_unit(Permission.OVERSEE_MONTH, Tier.PROVINCE)
@require_GET
def month_page(request: HttpRequest, unit: UnitVersion, on: date, month: str) -> HttpResponse:
    return _page(request, unit, _month(unit, month))


@on_unit(Permission.CLOSE, Tier.PROVINCE)
@require_http_methods(["GET", "POST"])
def close_month(request: HttpRequest, unit: UnitVersion, on: date, month: str) -> HttpResponse:
    """What closing would freeze, before it happens; then the act."""
    day = _month(unit, month)
    if request.method == "GET":
        return _confirm(request, unit, day)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _confirm(request, unit, day, error=" ".join(_errors(form)))
    try:
        months.close(
            province=unit.unit,
            month=day,
            by=_me(request),
            basis=Basis(form.cleaned_data["basis"]),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except MonthRefused as error:
        return _confirm(request, unit, day, error=str(error))
    messages.success(request, f"Đã chốt số liệu tháng {day:%m/%Y}.")
    return redirect(_address(unit, day))


@on_unit(Permission.CLOSE, Tier.PROVINCE)
@require_POST
def reopen_month(request: HttpRequest, unit: UnitVersion, on: date, month: str) -> HttpResponse:
    day = _month(unit, month)
    form = ReopenForm(request.POST)
    closing = MonthClosing.objects.filter(province=unit.unit, month=day).order_by("-no").first()
    if closing is None:
        return _page(request, unit, day, error=f"Tháng {day:%m/%Y} chưa chốt nên không mở lại.")
    if not form.is_valid():
        return _page(request, unit, day, error=" ".join(_errors(form)))
    try:
        months.reopen(
            closing=closing,
            reason=form.cleaned_data["reason"],
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except MonthRefused as error:
        return _page(request, unit, day, error=str(error))
    messages.success(request, f"Đã mở lại tháng {day:%m/%Y}; số liệu đã chốt lần trước vẫn giữ.")
    return redirect(_address(unit, day))


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _errors(form: CloseForm | ReopenForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _address(unit: UnitVersion, month: date) -> str:
    return reverse("month", args=[unit.code, f"{month:%Y-%m}"])


def _month(unit: UnitVersion, text: str) -> date:
    """The month-end in the address; not found when it never was open in the province."""
    found = read_month(text)
    if found is None:
        raise Http404("Địa chỉ không nêu đúng tháng; hãy ghi dạng 2018-12.")
    held = MonthClosing.objects.filter(province=unit.unit, month=found)
    if not held.exists() and found not in months.open_months(unit.unit):
        raise Http404(f"Tháng {found:%m/%Y} chưa bắt đầu, hoặc có trước khi tỉnh dùng phần mềm.")
    return found


def _page(request: HttpRequest, unit: UnitVersion, month: date, *, error: str = "") -> HttpResponse:
    province = units.version_of(unit.unit_id, month)
    page = month_review.review(province, month, by=_me(request))
    context = {
        "unit": province,
        "on": month,
        "answer": page.answer,
        "page": page,
        "error": error,
        "reason": request.POST.get("reason", ""),
        "request_id": request.POST.get("request_id") or uuid4(),
        "may_close": Permission.CLOSE in permissions(_me(request), province),
    }
    return TemplateResponse(request, "month.html", context, status=422 if error else 200)


def _confirm(
    request: HttpRequest, unit: UnitVersion, month: date, *, error: str = ""
) -> HttpResponse:
    province = units.version_of(unit.unit_id, month)
    page = month_review.review(province, month, by=_me(request))
    before = submitting.last_closing(unit.unit_id, month)
    context = {
        "unit": province,
        "on": month,
        "answer": page.answer,
        "page": page,
        "error": error,
        "basis": request.POST.get("basis") or (before.basis if before else Basis.REPORTED),
        "request_id": request.POST.get("request_id") or uuid4(),
    }
    return TemplateResponse(request, "month_close.html", context, status=422 if error else 200)
