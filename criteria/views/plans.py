"""Plans of a year: targets, the communes registered, and how far they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.guards import on_unit
from criteria.plans import acts, reading
from criteria.plans.acts import PlanRefused
from criteria.plans.forms import FIRST_YEAR, TIERS, ActForm, TargetForm, WithdrawForm, YearForm
from criteria.plans.reading import Plan

decides = on_unit(Permission.DECIDE, Tier.PROVINCE)


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def plans(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _page(request, unit, on, *year_and_tier(request, on))


@decides
@require_POST
def set_target(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = TargetForm(request.POST)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("what", "value", "decision")}
        said = "Đã ghi chỉ tiêu kế hoạch."
        if _done(request, form, said, acts.set_target, province=unit.unit, **given):
            return _back(unit, form)
    return _page(request, unit, on, *_named(form, on), target_form=form)


@decides
@require_POST
def register(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = ActForm(request.POST)
    year, tier = _named(form, on)
    chosen = _ticked(request, unit, year, tier, listed=False)
    said = f"Đã thêm {len(chosen)} xã vào danh sách đăng ký."
    how = {"units": [one.unit for one in chosen], "tier": tier}
    if form.is_valid() and _done(request, form, said, acts.register, **how):
        return _back(unit, form)
    return _page(request, unit, on, year, tier, register_form=form)


@decides
@require_POST
def withdraw(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    form = WithdrawForm(request.POST)
    year, tier = _named(form, on)
    chosen = _ticked(request, unit, year, tier, listed=True)
    said = f"Đã rút đăng ký của {len(chosen)} xã."
    how = {"units": [one.unit for one in chosen], "tier": tier}
    if form.is_valid() and _done(
        request, form, said, acts.withdraw, reason=form.cleaned_data["reason"], **how
    ):
        return _back(unit, form)
    return _page(request, unit, on, year, tier, withdraw_form=form)


def year_and_tier(request: HttpRequest, on: date) -> tuple[int, str]:
    """Which list the address asks for; that of the day's year where it asks for none."""
    return _named(YearForm(request.GET), on)


def _named(form: YearForm, on: date) -> tuple[int, str]:
    form.is_valid()  # not full_clean: what an act refused stays told
    return form.cleaned_data.get("year") or on.year, form.cleaned_data.get("tier") or TIERS[0]


def _ticked(
    request: HttpRequest, unit: UnitVersion, year: int, tier: str, *, listed: bool
) -> list[UnitVersion]:
    """The communes ticked among those of the list, or among the others."""
    codes = set(request.POST.getlist("commune"))
    try:
        found = reading.plan(unit, year=year, tier=tier)
    except LookupError:
        return []
    among = found.listed if listed else found.others
    return [one.version for one in among if one.version.code in codes]


def _done(
    request: HttpRequest, form: ActForm, said: str, act: Callable[..., None], **how: Any
) -> bool:
    try:
        act(
            year=form.cleaned_data["year"],
            by=request.user,
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
            **how,
        )
    except PlanRefused as error:
        form.add_error(error.field or None, str(error))
        return False
    messages.success(request, said)
    return True


def _back(unit: UnitVersion, form: ActForm) -> HttpResponse:
    kept = {name: form.cleaned_data[name] for name in ("year", "tier")}
    return redirect(f"{reverse('plans', args=[unit.code])}?{urlencode(kept)}")


def _known(found: Plan | None) -> dict[str, str]:
    """The part of the address that names the moment as known at which the plan is read."""
    known = found.answer.known if found else None
    return {"known": known.address} if known else {}


def _page(
    request: HttpRequest, unit: UnitVersion, on: date, year: int, tier: str, **forms: ActForm
) -> HttpResponse:
    try:
        known = request.known  # type: ignore[attr-defined]
        found, why = reading.plan(unit, year=year, tier=tier, known=known), ""
    except LookupError as error:
        found, why = None, str(error)
    refused = next((form for form in forms.values() if form.errors), None)
    first = {"year": year, "tier": tier}
    context = {
        "unit": unit,
        "on": found.day if found else on,
        "year": year,
        "tier": tier,
        "tiers": YearForm().fields["tier"].choices,  # type: ignore[attr-defined]
        "years": range(on.year + 1, max(FIRST_YEAR, on.year - 10), -1),
        "plan": found,
        "why": why,
        "refused": refused,
        "ticked": set(request.POST.getlist("commune")),
        # What was known at another moment is looked at, not acted on.
        "may_decide": found is not None
        and found.answer.known is None
        and Permission.DECIDE in permissions(request.user, unit),  # type: ignore[arg-type]
        "target_form": TargetForm(initial=first),
        "register_form": ActForm(initial=first),
        "withdraw_form": WithdrawForm(initial=first),
        "query": urlencode(first),
        "known_query": urlencode(first | _known(found)),
        **forms,
    }
    return TemplateResponse(request, "plans.html", context, status=422 if refused else 200)
