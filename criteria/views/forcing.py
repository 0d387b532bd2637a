"""Putting a draft in force: what would change, the act, and what was judged again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.access import assignments_of
from communes.addresses import address_of
from communes.models import Assignment, Tier
from communes.roles import Permission
from criteria import checking, drafts, rejudging, tasks
from criteria.checking import CheckRefused
from criteria.definitions import definition
from criteria.drafts import DraftRefused
from criteria.models import SetVersion
from criteria.rejudging.writing import counting_provinces, done
from criteria.set_pages import access as set_access
from criteria.set_pages.forms import CheckForm, ForceForm
from criteria.set_pages.guards import on_set
from criteria.views.drafts import draft_page
from criteria.views.sets import version_context

SHOWN = 300
"""Rows of a list of what changes; the page says how many there are."""


@on_set(Permission.EDIT_SETS)
@never_cache
@require_http_methods(["GET", "POST"])
def put_in_force(request: HttpRequest, version: SetVersion) -> HttpResponse:
    if version.status != SetVersion.Status.DRAFT:
        return redirect("set_version", version.set.code, version.no)
    form = ForceForm(request.POST if request.method == "POST" else None)
    plans = None
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["in_force_on"]
        if why := drafts.refusal_of_day(version, day):
            form.add_error("in_force_on", why)
        elif form.cleaned_data["confirmed"]:
            return _forced(request, version, form)
        else:
            plans = _plans(version, day)
    context = {
        "version": version,
        "form": form,
        "faults": drafts.faults(version),
        "warnings": drafts.warnings(version),
        "plans": plans,
        "shown": SHOWN,
        "sets_page": "true",
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "set_put_in_force.html", context, status=status)


@on_set(Permission.READ)
@require_GET
def rejudged(request: HttpRequest, version: SetVersion) -> HttpResponse:
    if version.status == SetVersion.Status.DRAFT:
        raise Http404("Dự thảo chưa đánh giá lại kết quả nào.")
    user: Any = request.user
    mine = {one.unit_id: one for one, _ in set_access.provinces_read(user)}
    communes = {held.unit_id for held in _communes_of(user)}
    moved = rejudging.moved_by(version, mine)
    if communes:
        moved = [one for one in moved if one.commune.unit_id in communes]
    counting = [province for province, _ in counting_provinces(version.set_id)]
    here = [mine[province.pk] for province in counting if province.pk in mine]
    finished = done(version)
    context = {
        "version": version,
        "moved": moved,
        "changed": sum(one.moves for one in moved),
        "provinces": here,
        "waiting": [one for one in here if version.no > 1 and one.unit_id not in finished],
        "finished": sum(one.unit_id in finished for one in here),
        "sets_page": "true",
    }
    return TemplateResponse(request, "set_rejudged.html", context)


@on_set(Permission.READ)
@require_POST
def check_levels(request: HttpRequest, version: SetVersion) -> HttpResponse:
    user: Any = request.user
    if not set_access.edits_sets(user):
        raise PermissionDenied("Tài khoản của bạn chỉ được xem các bộ tiêu chí.")
    form = CheckForm(request.POST, levels=checking.unchecked(version))
    if form.is_valid():
        try:
            count = checking.mark(
                version=version,
                levels=form.chosen,
                document=form.cleaned_data["document"],
                by=user,
                request_id=form.cleaned_data["request_id"],
                ip=address_of(request),
            )
        except CheckRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã ghi {count} mức là đã đối chiếu.")
            return redirect("set_version", version.set.code, version.no)
    context = version_context(request, version, refused=form.message)
    return TemplateResponse(request, "set_version.html", context, status=422)


def _forced(request: HttpRequest, version: SetVersion, form: ForceForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        finished = drafts.put_in_force(
            version=version,
            in_force_on=given["in_force_on"],
            decision_number=given["decision_number"],
            decision_date=given["decision_date"],
            document=given["document"],
            by=request.user,  # type: ignore[arg-type]
            request_id=given["request_id"],
            ip=address_of(request),
        )
    except DraftRefused as refused:
        return draft_page(request, version, status=422, refused=str(refused))
    if not finished:
        tasks.rejudge_version.delay_on_commit(version.pk, request.user.pk)
        messages.success(request, "Đã ban hành. Kết quả của các xã đang được đánh giá lại.")
    else:
        messages.success(request, f"Phiên bản {version.no} đã có hiệu lực.")
    return redirect("rejudged", version.set.code, version.no)


def _plans(version: SetVersion, day: Any) -> list[rejudging.Plan]:
    """What the version would do in each province that counts by its set."""
    asked = definition(version)
    return [
        rejudging.plan(province=province, asked=[asked], from_on=day)
        for province, _ in counting_provinces(version.set_id)
    ]


def _communes_of(user: Any) -> list[Assignment]:
    """The assignments of somebody who works for communes alone; none for others."""
    held = assignments_of(user)
    return held if all(one.unit.tier == Tier.COMMUNE for one in held) else []
