"""Vận hành: how the program's machinery is, and letting a failed job run again."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from communes.access import operators
from communes.addresses import address_of
from communes.forms import RequestForm
from communes.models import User
from reports.models import TaskRun
from reports.operations import again
from reports.operations.page import page, provinces_of, runs_of


@operators
@never_cache
@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    return _page(request)


@operators
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A job of a province that the person does not operate does not exist for them."""
    me: User = request.user  # type: ignore[assignment]
    run = get_object_or_404(TaskRun.objects.filter(runs_of(provinces_of(me))), pk=pk)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _page(request, "Chưa rõ lần bấm nào; hãy tải lại trang rồi bấm lại.")
    try:
        again.run_again(
            run=run, by=me, request_id=form.cleaned_data["request_id"], ip=address_of(request)
        )
    except again.AgainRefused as refused:
        return _page(request, str(refused))
    messages.success(request, "Đã giao lại công việc; kết quả hiện ở danh sách bên dưới.")
    return redirect("operations")


def _page(request: HttpRequest, refused: str = "") -> HttpResponse:
    context = {
        "page": page(request.user),  # type: ignore[arg-type]
        "refused": refused,
        "request_id": uuid4(),
        "operations_page": "page",
    }
    return TemplateResponse(request, "operations.html", context, status=422 if refused else 200)
