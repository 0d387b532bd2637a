"""Sets as one province uses them: adopted sets, its own levels, cells to be assessed again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import adopting, months, province_levels, rejudging, sets
from criteria.adoptions import AdoptionRefused
from criteria.beside import beside
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.models import CriteriaSet, ProvinceLevel, Requirement, SetAdoption, SetVersion
from criteria.province_levels import LevelRefused, Wanted
from criteria.rules.types import Rule
from criteria.set_pages import access as set_access
from criteria.set_pages.forms import AdoptForm, OwnLevelForm, WithdrawForm

SHOWN = 300


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def province_sets(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _sets_page(request, unit)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def adopt(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """First what would change, then, confirmed, the adoption."""
    form = AdoptForm(request.POST, choices=_adoptable(request))
    if not form.is_valid():
        return _sets_page(request, unit, status=422, form=form)
    given = form.cleaned_data
    chosen = {
        "province": unit.unit,
        "set": CriteriaSet.objects.select_related("province").get(code=given["set"]),
        "from_on": given["from_on"],
        "in_headline": given["in_headline"],
    }
    try:
        if not given["confirmed"]:
            shown = adopting.preview(**chosen)
            return _sets_page(request, unit, form=form, preview=shown)
        written = adopting.adopt(
            **chosen,
            decision=given["decision"],
            take_over=given["take_over"],
            by=request.user,  # type: ignore[arg-type]
            request_id=given["request_id"],
            ip=address_of(request),
        )
    except AdoptionRefused as refused:
        form.add_error(None, str(refused))
        return _sets_page(request, unit, status=422, form=form)
    messages.success(request, f"Đã áp dụng {chosen['set']}; lấy sang {written} kết quả đã có.")
    return redirect("province_sets", unit.code)


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def levels(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _levels_page(request, unit)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def set_level(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """First which verdicts would change, then, confirmed, the level."""
    form = OwnLevelForm(request.POST, groups=_groups(unit))
    if not form.is_valid():
        return _levels_page(request, unit, status=422, form=form)
    given = form.cleaned_data
    wanted = Wanted(
        requirement=get_object_or_404(
            Requirement.objects.select_related("indicator__criterion", "indicator__measure"),
            pk=given["requirement"],
        ),
        rule=Rule(given["rule"]),
        value=given["value"],
        from_on=given["from_on"],
        decision=given["decision"],
        part=given["part"],
        selector=given["selector"],
        unit=given["unit"],
        replaces=_replaced(unit, given["replaces"]),
    )
    try:
        if not given["confirmed"]:
            shown = province_levels.preview(unit.unit, wanted)
            return _levels_page(request, unit, form=form, plan=shown)
        done = province_levels.set_level(province=unit.unit, wanted=wanted, **_by(request, form))
    except LevelRefused as refused:
        form.refuse(refused)
        return _levels_page(request, unit, status=422, form=form)
    messages.success(request, f"Đã ghi mức của tỉnh.{_said(done)}")
    return redirect("province_levels", unit.code)


@on_unit(Permission.EDIT_SETS, Tier.PROVINCE)
@require_POST
def withdraw_level(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    level = get_object_or_404(ProvinceLevel, pk=pk, province=unit.unit)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            done = province_levels.withdraw(
                level=level, reason=form.cleaned_data["reason"], **_by(request, form)
            )
        except LevelRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã rút mức của tỉnh.{_said(done)}")
            return redirect("province_levels", unit.code)
    return _levels_page(request, unit, status=422, refused=form.message)


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def reassess(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    day = _month(unit)
    rows = rejudging.due(unit, day)
    code = request.GET.get("commune", "")
    context = {
        **_page(unit, day),
        "rows": [row for row in rows if not code or row.commune.code == code],
        "total": len(rows),
        "communes": Counter(row.commune for row in rows).items(),
        "chosen": code,
    }
    return TemplateResponse(request, "reassess.html", context)


def _sets_page(
    request: HttpRequest, unit: UnitVersion, *, status: int = 200, **more: Any
) -> HttpResponse:
    day = _month(unit)
    user: Any = request.user
    known = sets.of_province(unit.unit_id)
    headline, adopted = known.headline(day), known.counting(day)
    history = SetAdoption.objects.filter(province=unit.unit_id).select_related("set")
    context = {
        **_page(unit, day),
        "headline": headline.set if headline else None,
        "versions": {version.set_id: version for version in adopted},
        "adopted": [(version.set, version) for version in adopted],
        "beside": beside(figures(unit, day)),
        "history": history.order_by("-from_on", "-pk"),
        "due": len(rejudging.due(unit, day)),
        "may_edit": Permission.EDIT_SETS in permissions(user, unit),
        "form": AdoptForm(choices=_adoptable(request), initial={"from_on": day.replace(day=1)}),
    }
    return TemplateResponse(request, "province_sets.html", context | more, status=status)


def _levels_page(
    request: HttpRequest, unit: UnitVersion, *, status: int = 200, **more: Any
) -> HttpResponse:
    day = _month(unit)
    user: Any = request.user
    rows = province_levels.left_to_province(unit.unit, day)
    form = more.get("form")
    editing = form and (str(form["requirement"].value()), form["part"].value() or "")
    context = {
        **_page(unit, day),
        "rows": [
            (row, editing == (str(row.requirement.pk), row.part), _own_form(row, day, unit))
            for row in rows
        ],
        "filled": sum(bool(row.own) for row in rows),
        "groups": _groups(unit),
        "may_edit": Permission.EDIT_SETS in permissions(user, unit),
        "request_id": uuid4(),
        "shown": SHOWN,
    }
    return TemplateResponse(request, "province_levels.html", context | more, status=status)


def _own_form(row: province_levels.LeftToProvince, day: date, unit: UnitVersion) -> OwnLevelForm:
    initial = {
        "requirement": row.requirement.pk,
        "part": row.part,
        "unit": row.unit,
        "from_on": day.replace(day=1),
    }
    return OwnLevelForm(
        groups={}, initial=initial, auto_id=f"id_{row.requirement.pk}_{row.part}_%s"
    )


def _page(unit: UnitVersion, day: date) -> dict[str, Any]:
    return {"unit": unit, "on": day, "sets_page": "true"}


def _month(unit: UnitVersion) -> date:
    return months.month_end(months.working_day(unit.unit))


def _adoptable(request: HttpRequest) -> list[CriteriaSet]:
    """Sets of communes that were ever in force and that the person may read."""
    user: Any = request.user
    versions = SetVersion.objects.exclude(status=SetVersion.Status.DRAFT)
    rows = CriteriaSet.objects.filter(
        level=CriteriaSet.Level.COMMUNE, pk__in=versions.values("set")
    ).select_related("province__clock")
    return [one for one in rows.order_by("-period_from", "name") if set_access.reads(user, one)]


def _groups(unit: UnitVersion) -> dict[str, str]:
    """The groups of communes of the sets that count."""
    day = _month(unit)
    adopted = sets.of_province(unit.unit_id).counting(day)
    return {group["code"]: group["name"] for one in adopted for group in one.commune_groups}


def _replaced(unit: UnitVersion, pk: int | None) -> ProvinceLevel | None:
    if pk is None:
        return None
    found = ProvinceLevel.objects.filter(pk=pk, province=unit.unit).first()
    if found is None:
        raise Http404("Không tìm thấy mức này.")
    return found


def _by(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {
        "by": request.user,
        "request_id": form.cleaned_data["request_id"],
        "ip": address_of(request),
    }


def _said(done: rejudging.Plan | None) -> str:
    if done is None or not done.rejudged:
        return ""
    return f" Đánh giá lại {len(done.rejudged)} kết quả, {len(done.moves)} đổi kết luận."
