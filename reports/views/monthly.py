"""Báo cáo tháng: the month's report, its texts, its runs and their files, and its settings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes import units
from communes.access import permissions
from communes.addresses import address_of
from communes.forms import RequestForm
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria.evidence import headers
from criteria.guards import on_unit
from criteria.months.forms import read_month
from reports import tasks
from reports.documents import formats
from reports.models import OfficeSetting, ReportRun
from reports.monthly import runs, settings, texts
from reports.monthly.forms import SectionForm, SettingsForm, first_values
from reports.monthly.load import NoReport
from reports.monthly.page import months_of, opening_month, page, runs_of
from reports.monthly.sections import Section

reads = on_unit(Permission.READ, Tier.PROVINCE)
writes = on_unit(Permission.WRITE_REPORTS, Tier.PROVINCE)
sets_up = on_unit(Permission.SET_UP_REPORTS, Tier.PROVINCE)


@reads
@require_GET
def monthly(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    named = request.GET.get("month")
    return _page(request, unit, _month(named) if named else opening_month(unit))


@writes
@require_POST
def write_section(
    request: HttpRequest, unit: UnitVersion, on: date, month: str, section: str
) -> HttpResponse:
    """Keep what was written, or take over what stood there a month before."""
    day, part = _month(month), _section(section)
    form = SectionForm(request.POST)
    if not form.is_valid():
        error = "Chưa rõ lần bấm nào; hãy tải lại trang rồi ghi lại."
        return _page(request, unit, day, error=error, draft=(part, request.POST.get("text", "")))
    text = form.cleaned_data["text"]
    if form.cleaned_data["take"]:
        before = texts.texts_of(unit.unit_id, day.replace(day=1) - timedelta(days=1))
        text = before.get(part, "")
    try:
        texts.write_section(
            province=unit.unit,
            month=day,
            section=part,
            text=text,
            seen=form.cleaned_data["seen"],
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except texts.TextRefused as refused:
        return _page(request, unit, day, error=str(refused), draft=(part, text))
    messages.success(request, f"Đã ghi mục “{part.label}”.")
    return redirect(f"{_address(unit, day)}#section-{part.value}")


@writes
@require_POST
def make_monthly(request: HttpRequest, unit: UnitVersion, on: date, month: str) -> HttpResponse:
    """Ask for the report; the worker makes it."""
    day, form = _month(month), RequestForm(request.POST)
    if not form.is_valid():
        error = "Chưa rõ lần bấm nào; hãy tải lại trang rồi bấm lại."
        return _page(request, unit, day, error=error)
    try:
        run = runs.ask(
            province=unit.unit,
            month=day,
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except runs.RunRefused as refused:
        return _page(request, unit, day, error=str(refused))
    tasks.make_report.delay_on_commit(unit.unit_id, run.pk)
    return redirect(f"{_address(unit, day)}#runs")


@reads
@never_cache
@require_GET
def monthly_runs(request: HttpRequest, unit: UnitVersion, on: date, month: str) -> HttpResponse:
    """The list of runs alone, asked for again while one is under way."""
    day = _month(month)
    context = {"unit": unit, "runs": runs_of(unit, day), "may_write": _may_write(request, unit)}
    return TemplateResponse(request, "monthly.html#runs", context | {"request_id": uuid4()})


@writes
@require_POST
def make_run_now(request: HttpRequest, unit: UnitVersion, on: date, pk: int) -> HttpResponse:
    """Make a waiting run here, where no worker has taken it."""
    run = _run(unit, pk)
    if runs.is_stale(run):
        runs.make(run.pk)
    return redirect(f"{_address(unit, run.month)}#runs")


@reads
@require_GET
def monthly_file(
    request: HttpRequest, unit: UnitVersion, on: date, pk: int, ending: str
) -> HttpResponse:
    """A file of a run, to be saved."""
    run, form = _run(unit, pk), formats.FORMS.get(ending)
    path = runs.opened(run, ending)
    if form is None or path is None:
        raise Http404("Lần lập báo cáo này không có tệp đó, hoặc tệp không còn trong kho.")
    province = units.version_of(unit.unit_id, run.month)
    answer = FileResponse(path.open("rb"), content_type=form.content_type)
    return headers.guarded(answer, runs.name(run, province, ending), shown=False)


@sets_up
@require_http_methods(["GET", "POST"])
def report_settings(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    chosen = settings.chosen(unit, on)
    if request.method == "GET":
        first = first_values(chosen, on)
        return _settings(request, unit, on, SettingsForm(initial=first))
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _settings(request, unit, on, form)
    try:
        settings.set_up(
            province=unit.unit,
            from_on=form.cleaned_data["from_month"],
            values=form.values,
            by=_me(request),
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except settings.SetUpRefused as refused:
        form.add_error(None, str(refused))
        return _settings(request, unit, on, form)
    messages.success(request, "Đã ghi thiết lập báo cáo.")
    return redirect("report_settings", unit.code)


def _settings(
    request: HttpRequest, unit: UnitVersion, on: date, form: SettingsForm
) -> HttpResponse:
    rows = OfficeSetting.objects.filter(province_id=unit.unit_id).order_by("-from_on", "-pk")
    context = {
        "unit": unit,
        "on": on,
        "form": form,
        "rows": rows.select_related("change__by")[:20],
        "in_force": settings.row_for(unit.unit_id, on),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "report_settings.html", context, status=status)


def _page(
    request: HttpRequest,
    unit: UnitVersion,
    month: date,
    *,
    error: str = "",
    draft: tuple[Section, str] | None = None,
) -> HttpResponse:
    """The page of a month; one without a report says why."""
    context: dict[str, Any] = {
        "unit": unit,
        "on": month,
        "month": month,
        "months": months_of(unit),
        "error": error,
        "request_id": uuid4(),
        "may_write": _may_write(request, unit),
        "may_set_up": Permission.SET_UP_REPORTS in permissions(_me(request), unit),
    }
    try:
        province = units.version_of(unit.unit_id, month)
        found = page(province, month, draft=draft)
        context |= {"unit": province, "page": found, "runs": found.runs}
    except (NoReport, units.UnknownUnit, units.DateNotLoaded) as why:
        context["why"] = str(why)
    return TemplateResponse(request, "monthly.html", context, status=422 if error else 200)


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _may_write(request: HttpRequest, unit: UnitVersion) -> bool:
    return Permission.WRITE_REPORTS in permissions(_me(request), unit)


def _address(unit: UnitVersion, month: date) -> str:
    return f"{reverse('monthly', args=[unit.code])}?{urlencode({'month': f'{month:%Y-%m}'})}"


def _month(text: str) -> date:
    found = read_month(text)
    if found is None:
        raise Http404("Địa chỉ không nêu đúng tháng; hãy ghi dạng 2018-12.")
    return found


def _section(text: str) -> Section:
    try:
        return Section(text)
    except ValueError as error:
        raise Http404("Báo cáo không có mục này.") from error


def _run(unit: UnitVersion, pk: int) -> ReportRun:
    run = ReportRun.objects.filter(province_id=unit.unit_id, pk=pk).first()
    if run is None:
        raise Http404("Tỉnh này không có lần lập báo cáo đó.")
    return run
