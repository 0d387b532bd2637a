"""What the nightly check found different, and noting how it was seen to."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.access import require, signed_in
from communes.addresses import address_of
from communes.models import User
from communes.roles import Permission
from criteria import days, figure_checks
from criteria.models import FigureCheck

LONGEST_NOTE = 2000


class NoteForm(forms.Form):
    """How differences were seen to."""

    note = forms.CharField(
        max_length=LONGEST_NOTE,
        error_messages={
            "required": "Hãy ghi đã tìm hiểu hoặc xử lý thế nào.",
            "max_length": f"Ghi chú dài quá {LONGEST_NOTE} ký tự.",
        },
    )
    request_id = forms.UUIDField(required=False)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def figure_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check of a province; the head and the administrators of the province read it."""
    me: User = request.user  # type: ignore[assignment]
    outcome = get_object_or_404(
        FigureCheck.objects.select_related("province__clock", "acknowledged_by"),
        pk=pk,
        province__isnull=False,
    )
    province, on = days.openings([outcome.province_id])[outcome.province_id]
    require(me, Permission.ACKNOWLEDGE, province)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            figure_checks.acknowledge(
                outcome=outcome,
                note=given["note"],
                by=me,
                request_id=given["request_id"],
                ip=address_of(request),
            )
        except figure_checks.AcknowledgeRefused as refused:
            form.add_error("note", str(refused))
        else:
            messages.success(request, "Đã ghi nhận; việc này không còn trong Việc của tôi.")
            return redirect("figure_check", pk)
    context = {"unit": province, "on": on, "outcome": outcome, "form": form, "request_id": uuid4()}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "figure_check.html", context, status=status)
