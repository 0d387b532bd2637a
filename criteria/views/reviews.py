"""What waits for confirmation: the queue, one criterion over its communes, the summary, the act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from communes.addresses import address_of
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria import access, months, reviews
from criteria.access import Reviewer
from criteria.confirming.effect import Effect, effect
from criteria.confirming.forms import ChosenForm, ReviewForm, read_filters
from criteria.confirming.page import Filters, page
from criteria.confirming.queue import queue
from criteria.definitions import counting
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.models import Responsibility, Review
from criteria.reviews import Act, Reviewed, ReviewRefused
from criteria.rules.types import CriterionDefinition, SetDefinition

MOST_NAMES = 10


@dataclass(frozen=True, kw_only=True)
class Task:
    """One criterion of one place, who answers for it, and in whose name the reader acts."""

    unit: UnitVersion
    on: date
    asked: SetDefinition
    criterion: CriterionDefinition
    departments: list[Responsibility]
    reviewer: Reviewer | None

    def address(self, filters: Filters) -> str:
        """The list of this task as it was filtered."""
        arguments = [self.unit.code, self.asked.code, self.criterion.number]
        return reverse("review_list", args=arguments) + filters.query


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _days(unit: UnitVersion) -> tuple[date, date]:
    """(the working day, the end of its month)."""
    today = months.working_day(unit.province)
    return today, months.month_end(today)


def _task(request: HttpRequest, unit: UnitVersion, set_code: str, number: int) -> Task:
    today, on = _days(unit)
    asked = next((one for one in counting(unit.province_id or 0, on) if one.code == set_code), None)
    if asked is None:
        raise Http404("Tỉnh không áp dụng bộ tiêu chí này.")
    criterion = next((one for one in asked.criteria if one.number == number), None)
    if criterion is None:
        raise Http404(f"{asked.name} không có tiêu chí {number}.")
    departments = access.answering(unit.province_id or 0, today, [criterion.id])[criterion.id]
    return Task(
        unit=unit,
        on=on,
        asked=asked,
        criterion=criterion,
        departments=departments,
        reviewer=access.reviewer(_me(request), unit, departments),
    )


@on_unit(Permission.REVIEW, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def review_queue(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    today, on = _days(unit)
    waiting = queue(_me(request), unit, on=on, today=today)
    if len(waiting) == 1 and waiting[0].own:
        only = waiting[0]
        return redirect("review_list", unit.code, only.asked.code, only.criterion.number)
    context = {
        "unit": unit,
        "on": on,
        "answer": figures(unit, on),
        "waiting": waiting,
        "own": [one for one in waiting if one.own],
        "others": [one for one in waiting if not one.own],
        "own_criteria": sum(one.own and one.waiting > 0 for one in waiting),
        "own_waiting": sum(one.waiting for one in waiting if one.own),
        "all_waiting": sum(one.waiting for one in waiting),
        "several_sets": len({one.asked.code for one in waiting}) > 1,
    }
    return TemplateResponse(request, "review_queue.html", context)


@on_unit(Permission.REVIEW, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def review_list(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    task = _task(request, unit, set_code, number)
    return _list(request, task, read_filters(request.GET))


@on_unit(Permission.REVIEW, Tier.PROVINCE, Tier.DISTRICT)
@require_POST
def review_check(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    """What the act would do, before it happens; nothing is written."""
    task = _task(request, unit, set_code, number)
    access.require_reviewer(_me(request), unit, task.departments)
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return _list(request, task, read_filters(request.POST), error=form.message)
    return _summary(request, task, form)


@on_unit(Permission.REVIEW, Tier.PROVINCE, Tier.DISTRICT)
@require_POST
def review(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    task = _task(request, unit, set_code, number)
    right = access.require_reviewer(_me(request), unit, task.departments)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        if not getattr(form, "seen", None):
            return _list(request, task, read_filters(request.POST), error=form.message)
        return _summary(request, task, form, error=form.message)
    act = Review.Act(form.cleaned_data["act"])
    chosen = _effect(task, form).chosen
    try:
        done = reviews.review(
            province=unit.province,
            acts=[
                Act(
                    unit_id=one.row.commune.unit_id,
                    criterion_id=task.criterion.id,
                    act=act,
                    seen=one.seen,
                )
                for one in chosen
            ],
            reason=form.cleaned_data["reason"] if act == Review.Act.RETURN else "",
            department=right.department,
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except ReviewRefused as error:
        return _summary(request, task, form, error=str(error))
    _tell(request, task, act, done)
    return redirect(task.address(read_filters(request.POST)))


def _list(request: HttpRequest, task: Task, filters: Filters, *, error: str = "") -> HttpResponse:
    found = page(task.unit, task.on, task.asked, task.criterion, filters)
    context: dict[str, Any] = {
        "task": task,
        "page": found,
        "all_chosen": request.GET.get("chosen") == "all",
        "error": error,
    }
    name = "review_list.html#list" if getattr(request, "htmx", False) else "review_list.html"
    if not getattr(request, "htmx", False):
        context |= _frame(task)
    answer = TemplateResponse(request, name, context, status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _summary(
    request: HttpRequest, task: Task, form: ChosenForm, *, error: str = ""
) -> HttpResponse:
    filters = read_filters(request.POST)
    context = {
        "task": task,
        "effect": _effect(task, form),
        "returns": form.data.get("act") == Review.Act.RETURN,
        "reason": form.data.get("reason", ""),
        "filters": filters,
        "back": task.address(filters),
        "request_id": form.data.get("request_id") or uuid4(),
        "error": error,
        **_frame(task),
    }
    return TemplateResponse(request, "review_check.html", context, status=422 if error else 200)


def _effect(task: Task, form: ChosenForm) -> Effect:
    found = effect(task.unit, task.on, task.asked, task.criterion, form.seen)
    if len(found.chosen) < len(form.seen):
        raise Http404("Có xã không tham gia Chương trình ở đây; hãy tải lại trang.")
    return found


def _frame(task: Task) -> dict[str, object]:
    """What stands around the page, and the figures of the criterion on both bases."""
    answer = figures(task.unit, task.on, set_code=task.asked.code)
    number = task.criterion.number
    counts = [
        next(count for count in tally.criteria if count.number == number)
        for tally in (answer.reported, answer.confirmed)
    ]
    return {
        "unit": task.unit,
        "on": task.on,
        "answer": answer,
        "reported": counts[0],
        "confirmed": counts[1],
    }


def _tell(request: HttpRequest, task: Task, act: Review.Act, done: Reviewed) -> None:
    """Say once what was done, and what came in meanwhile and therefore still waits."""
    about = f"tiêu chí {task.criterion.number}"
    if not done.communes:
        messages.info(request, f"Các xã đã chọn được xác nhận {about} từ trước; không ghi thêm gì.")
    elif act == Review.Act.CONFIRM:
        messages.success(request, f"Đã xác nhận {done.communes} xã, {about}.")
    else:
        messages.success(request, f"Đã trả lại {done.communes} xã, {about}. Xã thấy lý do ngay.")
    if done.newer:
        messages.warning(
            request,
            f"{len(done.newer)} xã có kết quả mới hơn, chưa xác nhận: {_names(task, done.newer)}.",
        )


def _names(task: Task, unit_ids: tuple[int, ...]) -> str:
    found = UnitVersion.objects.alive_on(task.on).filter(unit_id__in=unit_ids).order_by("sort_key")
    names = [version.full_name for version in found]
    more = f" và {len(names) - MOST_NAMES} xã khác" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
