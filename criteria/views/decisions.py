"""Decisions of recognition: the list, a new one with its preview, a typing error put right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import months, recognition, sets
from criteria.decisions.candidates import Board, Candidate, board, named_in
from criteria.decisions.correcting import differences
from criteria.decisions.forms import CorrectionForm, DecisionForm, FilterForm, NewDecisionForm
from criteria.decisions.reading import Decided, decisions
from criteria.decisions.remarks import remarks
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.models import Recognition
from criteria.recognition import DecisionRefused
from criteria.rules.status import TIERS

decides = on_unit(Permission.DECIDE, Tier.PROVINCE)
Act = Recognition.Act


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def decision_list(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    wanted = FilterForm(request.GET).wanted
    answer = figures(unit, on, known=request.known)  # type: ignore[attr-defined]
    every = decisions(unit, seq=answer.how.seq if answer.known else None)
    rows = [row for row in every if row.fits(**wanted)]
    counted = [row.recognised_tier for row in answer.rows if row.in_programme]
    counts = [(tier, counted.count(tier)) for tier in TIERS]
    me = request.user
    context = {
        "unit": unit,
        "on": on,
        "decisions": rows,
        "wanted": wanted,
        "years": sorted({row.says.year for row in every}, reverse=True),
        "tiers": FilterForm().fields["tier"].choices,  # type: ignore[attr-defined]
        "answer": answer,
        "communes": len(counted),
        "recognised": sum(map(bool, counted)),
        "counts": [(tier, count) for tier, count in counts if count],
        "may_decide": Permission.DECIDE in permissions(me, unit),  # type: ignore[arg-type]
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "decisions.html", context)


@decides
@require_http_methods(["GET", "POST"])
def new_decision(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The form, its preview and the record: one address, told apart by the button."""
    if request.method == "GET":
        return _form(
            request, unit, on, NewDecisionForm(province=unit, initial=_first(request, unit))
        )
    form = NewDecisionForm(request.POST, province=unit)
    does = request.POST.get("does")
    if does not in ("preview", "record") or not form.is_valid():
        return _form(request, unit, on, form, status=200 if does in ("list", "edit") else 422)
    shown = _board(unit, form)
    ticked = set(request.POST.getlist("commune"))
    chosen = [one for one in shown.candidates if one.version.code in ticked]
    if not chosen:
        form.add_error(None, "Hãy chọn ít nhất một xã trong danh sách.")
        return _form(request, unit, on, form, status=422)
    if does == "record" and _recorded(request, form, chosen):
        return redirect("decisions", unit.code)
    if form.errors:
        return _form(request, unit, on, form, status=422)
    return _preview(request, unit, on, form, shown, chosen)


@decides
@require_http_methods(["GET", "POST"])
def correct_decision(
    request: HttpRequest, unit: UnitVersion, on: date, number: int
) -> HttpResponse:
    """One decision by the number of its first row: the form, its preview and the record."""
    found = _decided(unit, number)
    if request.method == "GET":
        form = CorrectionForm(province=unit, initial=_said(found))
        return _correction(request, unit, on, found, form)
    form = CorrectionForm(request.POST, province=unit)
    does = request.POST.get("does")
    if does not in ("preview", "record") or not form.is_valid():
        return _correction(request, unit, on, found, form, status=200 if does == "edit" else 422)
    ticked = set(request.POST.getlist("commune"))
    kept = {one.unit_id for one in found.communes if one.code in ticked}
    changes = differences(found, form.fields_of_decision)
    if does == "record" and _corrected(request, found, form, kept):
        return redirect("decisions", unit.code)
    if does == "preview" and not changes and len(kept) == len(found.communes):
        form.add_error(None, recognition.NOTHING_CHANGES)
    if form.errors:
        return _correction(request, unit, on, found, form, status=422)
    return _correction_preview(request, unit, on, found, form, kept)


def _first(request: HttpRequest, unit: UnitVersion) -> dict[str, Any]:
    """What stands in an empty form: the working year and the set that leads in it."""
    day = months.month_end(months.working_day(unit.unit))
    leads = sets.headline_set(unit.unit_id, day)
    act = request.GET.get("act")
    return {
        "act": act if act == Act.REVOKE else Act.RECOGNISE,
        "year": day.year,
        "tier": leads.tier if leads else TIERS[0],
        "judged_by": leads.code if leads else "",
    }


def _board(unit: UnitVersion, form: NewDecisionForm) -> Board:
    """The communes that fit what the form says so far."""
    given = {name: form[name].value() for name in ("act", "tier", "judged_by")}
    try:
        year = min(max(int(form["year"].value() or 0), 1), 9999)
    except ValueError:
        year = 1
    tier = given["tier"] if given["tier"] in TIERS else TIERS[0]
    judged_by = form.sets.get(given["judged_by"] or "")
    try:
        return board(
            unit, act=given["act"] or "", year=year, tier=tier,
            judged_by=judged_by if judged_by and judged_by.tier == tier else None,
        )  # fmt: skip
    except LookupError:
        return Board(day=date(year, 12, 31), candidates=())


def _recorded(request: HttpRequest, form: NewDecisionForm, chosen: list[Candidate]) -> bool:
    revokes = form.cleaned_data["act"] == Act.REVOKE
    done = _carried_out(
        request,
        form,
        recognition.revoke if revokes else recognition.recognise,
        units=[one.version.unit for one in chosen],
        **form.fields_of_decision,
    )
    if done:
        what = "thu hồi công nhận" if revokes else "công nhận"
        number = form.cleaned_data["number"]
        messages.success(request, f"Đã ghi Quyết định {number} {what} {len(chosen)} xã.")
    return done


def _carried_out(
    request: HttpRequest, form: DecisionForm, act: Callable[..., None], **how: Any
) -> bool:
    try:
        act(
            by=request.user,
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
            **how,
        )
    except DecisionRefused as error:
        form.add_error(None, str(error))
        return False
    return True


def _form(
    request: HttpRequest, unit: UnitVersion, on: date, form: NewDecisionForm, *, status: int = 200
) -> HttpResponse:
    if status == 200 and form.is_bound:  # only another list of communes was asked for
        form = NewDecisionForm(province=unit, initial=request.POST.dict())
    context = {
        "unit": unit,
        "on": on,
        "form": form,
        "board": _board(unit, form),
        "ticked": set(request.POST.getlist("commune") or request.GET.getlist("commune")),
    }
    return TemplateResponse(request, "decision_form.html", context, status=status)


def _preview(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    form: NewDecisionForm,
    shown: Board,
    chosen: list[Candidate],
) -> HttpResponse:
    act, says = form.cleaned_data["act"], form.fields_of_decision
    context = {
        "unit": unit,
        "on": on,
        "form": form,
        "says": says,
        "revokes": act == Act.REVOKE,
        "board": shown,
        "remarks": remarks(unit, act=act, says=says, named=chosen),
        "chosen": chosen,
    }
    return TemplateResponse(request, "decision_preview.html", context)


def _decided(unit: UnitVersion, number: int) -> Decided:
    for one in decisions(unit):
        if one.may_be_corrected and any(row.row.pk == number for row in one.rows):
            return one
    raise Http404("Tỉnh này không có quyết định đó, hoặc quyết định đã được bỏ do ghi nhầm.")


def _said(found: Decided) -> dict[str, Any]:
    says = found.says
    return {
        "number": says.number,
        "decided_on": says.decided_on,
        "effective_on": says.effective_on,
        "year": says.year,
        "tier": says.tier,
        "judged_by": found.set.code if found.set else "",
    }


def _correction(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    found: Decided,
    form: CorrectionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    if status == 200 and form.is_bound:  # the preview was left to type on
        form = CorrectionForm(province=unit, initial=request.POST.dict())
    ticked = set(request.POST.getlist("commune"))
    if request.method == "GET":
        ticked = {version.code for version in found.communes}
    context = {"unit": unit, "on": on, "decided": found, "form": form, "ticked": ticked}
    return TemplateResponse(request, "decision_correct.html", context, status=status)


def _corrected(
    request: HttpRequest, found: Decided, form: CorrectionForm, kept: Collection[int]
) -> bool:
    done = _carried_out(
        request,
        form,
        recognition.correct,
        decisions=[row.row for row in found.rows],
        keeps=kept,
        reason=form.cleaned_data["reason"],
        **form.fields_of_decision,
    )
    if done:
        messages.success(request, f"Đã đính chính Quyết định {form.cleaned_data['number']}.")
    return done


def _correction_preview(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    found: Decided,
    form: CorrectionForm,
    kept: Collection[int],
) -> HttpResponse:
    says = form.fields_of_decision
    judged_by = form.version.set if form.version else None
    shown = named_in(unit, found, says=says, judged_by=judged_by)
    chosen = [one for one in shown.candidates if one.version.unit_id in kept]
    context = {
        "unit": unit,
        "on": on,
        "form": form,
        "says": says,
        "decided": found,
        "changes": differences(found, says),
        "board": shown,
        "remarks": remarks(unit, act=found.act, says=says, named=chosen, corrects=found),
        "chosen": chosen,
        "dropped": [one for one in found.communes if one.unit_id not in kept],
    }
    return TemplateResponse(request, "decision_correct_preview.html", context)
