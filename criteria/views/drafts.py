"""Drafts of criteria sets: started, edited line by line or by a pasted table, dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.addresses import address_of
from communes.roles import Permission
from communes.vietnamese import format_number
from criteria import drafts
from criteria.drafts import DraftRefused
from criteria.drafts.editing import find
from criteria.drafts.records import FIXED
from criteria.models import Criterion, SetVersion, VersionCriterion
from criteria.selectors import selector_words
from criteria.set_pages import access as set_access
from criteria.set_pages import listing as set_listing
from criteria.set_pages.forms import (
    Acting,
    CriterionForm,
    HeadForm,
    IndicatorForm,
    NewSetForm,
    PasteForm,
)
from criteria.set_pages.guards import on_set, set_readers, set_version
from criteria.views.sets import version_context


@set_readers(Permission.EDIT_SETS)
@require_http_methods(["GET", "POST"])
def new_set(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    provinces = {one.code: one for one in set_access.provinces_edited(user)}
    bases = [row.version for row in set_listing.listed(user) if row.version.status != "draft"]
    form = NewSetForm(
        request.POST if request.method == "POST" else None,
        provinces={code: one.full_name for code, one in provinces.items()},
        bases=bases,
        initial={"base": request.GET.get("base", ""), **_first_issuer(provinces)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft = drafts.new_set(
                province=provinces[given["province"]].unit,
                name=given["name"],
                tier=given["tier"],
                period=(given["period_from"], given["period_to"]),
                issuer=given["issuer"],
                base=next((one for one in bases if one.set.code == given["base"]), None),
                **_by(request, form),
            )
        except DraftRefused as refused:
            form.refuse(refused)
        else:
            return redirect("draft", draft.set.code, draft.no)
    context = {"form": form, "sets_page": "true"}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "set_new.html", context, status=status)


@on_set(Permission.EDIT_SETS)
@require_POST
def start_version(request: HttpRequest, version: SetVersion) -> HttpResponse:
    form = Acting(request.POST)
    try:
        form.is_valid()
        draft = drafts.new_version(version=version, **_by(request, form))
    except DraftRefused as refused:
        context = version_context(request, version, refused=str(refused))
        return TemplateResponse(request, "set_version.html", context, status=422)
    messages.success(request, f"Đã lập dự thảo phiên bản {draft.no}, nội dung như {version.no}.")
    return redirect("draft", draft.set.code, draft.no)


@on_set(Permission.EDIT_SETS)
@never_cache
@require_GET
def draft(request: HttpRequest, version: SetVersion) -> HttpResponse:
    if version.status != SetVersion.Status.DRAFT:
        return _fixed(request, version)
    return draft_page(request, version)


@on_set(Permission.EDIT_SETS)
@require_POST
def head(request: HttpRequest, version: SetVersion) -> HttpResponse:
    form = HeadForm(request.POST)
    return _act(
        request,
        version,
        form,
        "head",
        lambda: drafts.set_head(
            version=version,
            issuer=form.cleaned_data["issuer"],
            na_counts_as=form.cleaned_data["na_counts_as"],
            bracket_cuts=form.cleaned_data["bracket_cuts"],
            **_by(request, form),
        ),
        "Đã lưu.",
    )


@on_set(Permission.EDIT_SETS)
@require_POST
def criterion(request: HttpRequest, version: SetVersion) -> HttpResponse:
    form = CriterionForm(request.POST)
    names = ("number", "name", "group_name", "lead_agency", "concluded")
    return _act(
        request,
        version,
        form,
        "criterion",
        lambda: drafts.put_criterion(
            version=version,
            **{name: form.cleaned_data[name] for name in names},
            **_by(request, form),
        ),
        "Đã lưu tiêu chí.",
    )


@on_set(Permission.EDIT_SETS)
@require_POST
def drop_criterion(request: HttpRequest, version: SetVersion, number: int) -> HttpResponse:
    row = get_object_or_404(Criterion, set=version.set, number=number)
    form = Acting(request.POST)
    return _act(
        request,
        version,
        form,
        "",
        lambda: drafts.drop_criterion(version=version, criterion=row, **_by(request, form)),
        f"Đã bỏ tiêu chí {number}.",
    )


@on_set(Permission.EDIT_SETS)
@never_cache
@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest, version: SetVersion, number: int) -> HttpResponse:
    if version.status != SetVersion.Status.DRAFT:
        return _fixed(request, version)
    row = get_object_or_404(Criterion, set=version.set, number=number)
    code = request.GET.get("code", "")
    there = find(version, code) if code else None
    if code and there is None:
        raise Http404(f"Dự thảo không có chỉ tiêu {code}.")
    groups = {group["code"]: group["name"] for group in version.commune_groups}
    initial = _initial(there, groups) if there else {"code": _next_code(version, row)}
    posted = request.POST if request.method == "POST" else None
    form = IndicatorForm(posted, groups=groups, initial=initial)
    if posted is not None and form.is_valid():
        try:
            drafts.put_indicator(
                version=version, criterion=row, spec=form.spec, **_by(request, form)
            )
        except DraftRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã lưu chỉ tiêu {form.cleaned_data['code']}.")
            return redirect(_anchor(version, number))
    context = {
        "version": version,
        "criterion": row,
        "form": form,
        "there": there,
        "parts": there is not None and there.thresholds.exclude(part="").exists(),
        "sets_page": "true",
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "set_indicator.html", context, status=status)


@on_set(Permission.EDIT_SETS)
@require_POST
def drop_indicator(request: HttpRequest, version: SetVersion, code_: str) -> HttpResponse:
    form = Acting(request.POST)
    return _act(
        request,
        version,
        form,
        "",
        lambda: drafts.drop_indicator(version=version, code=code_, **_by(request, form)),
        f"Đã bỏ chỉ tiêu {code_}.",
    )


@on_set(Permission.EDIT_SETS)
@require_POST
def paste(request: HttpRequest, version: SetVersion) -> HttpResponse:
    """First what the table says, then, confirmed, its taking over."""
    if version.status != SetVersion.Status.DRAFT:
        return _fixed(request, version)
    form = PasteForm(request.POST)
    if not form.is_valid():
        return draft_page(request, version, status=422, paste_form=form)
    given = form.cleaned_data
    found = drafts.read_table(given["table"], version, checked=given["checked"])
    if found.errors or not given["confirmed"]:
        status = 422 if found.errors else 200
        return draft_page(request, version, status=status, paste_form=form, pasted=found)
    try:
        drafts.paste(
            version=version, text=given["table"], checked=given["checked"], **_by(request, form)
        )
    except DraftRefused as refused:
        form.refuse(refused)
        return draft_page(request, version, status=422, paste_form=form)
    messages.success(request, f"Đã thêm {found.added} dòng, đổi {found.changed} dòng.")
    return redirect("draft", version.set.code, version.no)


@on_set(Permission.EDIT_SETS)
@require_POST
def drop(request: HttpRequest, version: SetVersion) -> HttpResponse:
    form = Acting(request.POST)
    form.is_valid()
    try:
        drafts.drop(version=version, **_by(request, form))
    except DraftRefused as refused:
        if version.status != SetVersion.Status.DRAFT:
            return _fixed(request, version)
        return draft_page(request, version, status=422, refused=str(refused))
    messages.success(request, "Đã xóa dự thảo.")
    there = set_version(version.set.code, None)
    return redirect("set", version.set.code) if there else redirect("sets")


def draft_page(
    request: HttpRequest, version: SetVersion, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Everything of the draft read anew; forms that were refused stand in their places."""
    others = SetVersion.objects.filter(set=version.set).exclude(pk=version.pk)
    context = version_context(request, version) | {
        "faults": drafts.faults(version),
        "warnings": drafts.warnings(version),
        "own_criteria": not others.exclude(status=SetVersion.Status.DRAFT).exists(),
        "head_form": HeadForm(
            initial={
                "issuer": version.issuer,
                "na_counts_as": version.na_counts_as,
                "bracket_cuts": ", ".join(str(cut) for cut in version.bracket_cuts),
            }
        ),
        "criterion_form": CriterionForm(),
        "paste_form": PasteForm(),
        "wordings": VersionCriterion.objects.filter(version=version),
    }
    return TemplateResponse(request, "set_draft.html", context | more, status=status)


def _act(
    request: HttpRequest,
    version: SetVersion,
    form: Acting,
    name: str,
    action: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Run an action of a form that stands on the draft's page."""
    if version.status != SetVersion.Status.DRAFT:
        return _fixed(request, version)
    if form.is_valid():
        try:
            action()
        except DraftRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect("draft", version.set.code, version.no)
    more: dict[str, Any] = {f"{name}_form": form} if name else {"refused": form.message}
    return draft_page(request, version, status=422, **more)


def _fixed(request: HttpRequest, version: SetVersion) -> HttpResponse:
    """Nobody edits a version in force: why, and what to do instead."""
    context = version_context(request, version, refused=FIXED)
    return TemplateResponse(request, "set_version.html", context, status=409)


def _by(request: HttpRequest, form: Acting) -> dict[str, Any]:
    return {
        "by": request.user,
        "request_id": form.cleaned_data.get("request_id"),
        "ip": address_of(request),
    }


def _anchor(version: SetVersion, number: int) -> str:
    return reverse("draft", args=[version.set.code, version.no]) + f"#criterion-{number}"


def _next_code(version: SetVersion, row: Criterion) -> str:
    used = set(row.indicators.values_list("code", flat=True))
    return next(code for n in range(1, 100) if (code := f"{row.number}.{n}") not in used)


def _initial(there: Any, groups: dict[str, str]) -> dict[str, Any]:
    """An indicator as its form shows it; levels one a line."""
    spec = drafts.spec_of(there)
    lines = []
    for level in spec.levels:
        whom = "chung" if level.selector == "all" else selector_words(level.selector, groups)
        whom = "cả nước" if level.selector == "national" else whom
        value = "Tỉnh" if level.value is None else format_number(level.value)
        lines.append(f"{whom}: {'Đạt' if level.rule == 'yes' and level.value else value}")
    return {
        "code": spec.code,
        "text": spec.text,
        "kind": spec.kind,
        "unit": spec.unit,
        "rule": spec.rule,
        "levels": "\n".join(lines),
        "when": spec.when or "",
        "note": spec.note,
        "source": spec.source,
        "checked": spec.unverified == "none",
    }


def _first_issuer(provinces: dict[str, Any]) -> dict[str, str]:
    one = next(iter(provinces.values()), None)
    return {"issuer": f"UBND {one.full_name.lower()[:1]}{one.full_name[1:]}"} if one else {}
