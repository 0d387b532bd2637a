"""The month of a commune: read it, send it in, send it back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria.guards import on_unit
from criteria.months import commune_month as page
from criteria.months import submitting
from criteria.months.forms import MonthForm, ReturnForm
from criteria.months.submitting import SubmissionRefused


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_month(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    month = page.chosen_month(unit, request.GET.get("month", ""))
    if month is None:
        raise Http404("Địa chỉ không nêu đúng tháng; hãy ghi dạng 2018-12.")
    return _page(request, unit, month)


@on_unit(Permission.SUBMIT, Tier.COMMUNE)
@require_POST
def submit_month(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _refused(request, unit, form.message)
    month = form.cleaned_data["month"]
    try:
        done = submitting.submit(
            commune=unit,
            month=month,
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except SubmissionRefused as error:
        return _refused(request, unit, str(error))
    what = f"{done.changed} ô thay đổi" if done.changed else "không thay đổi"
    if done.written:
        messages.success(request, f"Đã gửi số liệu tháng {month:%m/%Y}: {what}.")
    else:
        messages.info(request, f"Số liệu tháng {month:%m/%Y} đã gửi từ trước, không gửi thêm gì.")
    return redirect(address(unit, month))


@on_unit(Permission.OVERSEE_MONTH, Tier.COMMUNE)
@require_POST
def return_month(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _refused(request, unit, form.message)
    month = form.cleaned_data["month"]
    try:
        submitting.return_submission(
            commune=unit,
            month=month,
            reason=form.cleaned_data["reason"],
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except SubmissionRefused as error:
        return _refused(request, unit, str(error))
    messages.success(
        request, f"Đã trả lại số liệu tháng {month:%m/%Y} của {unit.full_name}; xã thấy lý do ngay."
    )
    return redirect(address(unit, month))


def address(unit: UnitVersion, month: date) -> str:
    """The page of a commune's month."""
    return f"{reverse('commune_month', args=[unit.code])}?month={month:%Y-%m}"


def _refused(request: HttpRequest, unit: UnitVersion, error: str) -> HttpResponse:
    """The page again, with what is wrong; of the month that was meant, if there is such."""
    month = page.chosen_month(unit, request.POST.get("month", "")) or page.chosen_month(unit, "")
    assert month is not None
    return _page(request, unit, month, error=error)


def _page(request: HttpRequest, unit: UnitVersion, month: date, *, error: str = "") -> HttpResponse:
    me: User = request.user  # type: ignore[assignment]
    held = permissions(me, unit)
    found = page.commune_month(unit, month)
    context = {
        "unit": unit,
        "on": month,
        "answer": found.answer,
        "page": found,
        "error": error,
        "reason": request.POST.get("reason", ""),
        "request_id": request.POST.get("request_id") or uuid4(),
        "may_submit": Permission.SUBMIT in held,
        "may_return": Permission.OVERSEE_MONTH in held,
        "may_enter": Permission.ENTER in held and bool(found.answer.rows),
    }
    return TemplateResponse(request, "commune_month.html", context, status=422 if error else 200)
