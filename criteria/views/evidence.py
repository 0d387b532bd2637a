"""Evidence of one cell: what bears it out, one more, one used again; the files themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes.access import permissions
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import evidence
from criteria.cells import Cell
from criteria.days import has_ended, unit_on
from criteria.evidence import Attached, EvidenceRefused, archive, contents, headers
from criteria.evidence.forms import AddressForm, ChosenForm, FileForm, SeenForm
from criteria.figures import figures
from criteria.guards import on_unit, set_in_address
from criteria.models import Evidence, Result
from criteria.sheets import CriterionCells, sheet

logger = logging.getLogger(__name__)

reads = on_unit(Permission.READ, Tier.COMMUNE)
enters = on_unit(Permission.ENTER, Tier.COMMUNE)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The evidence of a cell: of the result that holds, of earlier ones, and other of the unit."""

    now: list[Attached]
    before: list[Attached]
    other: list[Evidence]

    @property
    def any(self) -> bool:
        return bool(self.now or self.before or self.other)

    @property
    def before_ids(self) -> list[int]:
        return list(dict.fromkeys(row.evidence.pk for row in self.before))


@reads
@require_GET
def cell(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    return _page(request, unit, on, indicator)


@enters
@require_POST
def attach(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    """A file or an address, whichever form was sent."""
    if "url" in request.POST:
        form: SeenForm = AddressForm(request.POST)
        if form.is_valid() and _done(
            request, unit, on, indicator, form, evidence.attach_address,
            url=form.cleaned_data["url"], name=form.cleaned_data["name"],
        ):  # fmt: skip
            return _back(request, unit, indicator)
        return _page(request, unit, on, indicator, address_form=form)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid() and _done(
        request, unit, on, indicator, form, evidence.attach,
        file=form.cleaned_data["file"].file, name=form.cleaned_data["file"].name,
    ):  # fmt: skip
        return _back(request, unit, indicator)
    return _page(request, unit, on, indicator, file_form=form)


@enters
@require_POST
def link(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    """Evidence of the commune for this cell too: chosen from the list, or of earlier results."""
    own = Evidence.objects.filter(unit_id=unit.unit_id)
    form = ChosenForm(request.POST, own=list(own.values_list("pk", flat=True)))
    if form.is_valid():
        chosen = list(own.filter(pk__in=form.cleaned_data["evidence"]))
        if _done(request, unit, on, indicator, form, evidence.link, evidence=chosen):
            return _back(request, unit, indicator)
    return _page(request, unit, on, indicator, chosen_form=form)


@enters
@require_POST
def unlink(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    own = Evidence.objects.filter(unit_id=unit.unit_id)
    form = ChosenForm(request.POST, own=list(own.values_list("pk", flat=True)))
    if form.is_valid():
        chosen = own.get(pk=form.cleaned_data["evidence"][0])
        if _done(request, unit, on, indicator, form, evidence.unlink, evidence=chosen):
            return _back(request, unit, indicator)
    return _page(request, unit, on, indicator, chosen_form=form)


@reads
@require_GET
def file(request: HttpRequest, unit: UnitVersion, on: date, number: int) -> HttpResponse:
    """One file: pictures and PDF in the window of the browser, the rest to be saved."""
    found = Evidence.objects.filter(unit_id=unit.unit_id, pk=number).exclude(file="").first()
    if found is None:
        raise Http404("Xã này không có minh chứng đó.")
    try:
        stream = found.file.open("rb")
    except FileNotFoundError:
        logger.error("evidence %s is not in the media folder: %s", found.pk, found.file.name)
        raise Http404("Tệp này không còn trong kho minh chứng.") from None
    answer = FileResponse(stream, content_type=contents.MEDIA_TYPES[Evidence.Type(found.type)])
    return headers.guarded(answer, found.name, shown=found.type in contents.SHOWN)


@reads
@require_GET
def commune_zip(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """All evidence of the commune's results of the day, by criterion and indicator."""
    found = sheet(unit, figures(unit, on, set_code=set_in_address(request, unit, on)))
    entries = archive.entries(unit, found) if found else []
    if not entries:
        raise Http404("Ngày này xã chưa có minh chứng nào.")
    answer = StreamingHttpResponse(archive.stream(entries), content_type="application/zip")
    return headers.guarded(answer, f"Minh chứng {unit.full_name} {on.isoformat()}.zip", shown=False)


def _cell(
    request: HttpRequest, unit: UnitVersion, on: date, code: str
) -> tuple[CriterionCells, Cell, str]:
    """The criterion and cell of the sheet that the address names, and the set's name."""
    found = sheet(unit, figures(unit, on, set_code=set_in_address(request, unit, on)))
    for criterion in found.criteria if found else ():
        for one in criterion.cells:
            if one.indicator.code == code:
                return criterion, one, found.asked.name  # type: ignore[union-attr]
    raise Http404(f"Bộ tiêu chí không có chỉ tiêu {code}.")


def _done(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    indicator: str,
    form: SeenForm,
    act: Callable[..., None],
    **how: Any,
) -> bool:
    """Carry out an act on the result that the person saw; refused, the form says why."""
    result = _cell(request, unit, on, indicator)[1].result
    try:
        if not _is_open(unit, on):
            raise EvidenceRefused("Chỉ gắn minh chứng cho kết quả của tháng đang cập nhật.")
        if result is None or result.pk != form.cleaned_data["result"]:
            raise EvidenceRefused(
                "Ô này vừa có kết quả khác; hãy xem lại kết quả bên trên rồi làm lại."
            )
        act(
            result=result,
            by=request.user,
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
            **how,
        )
    except EvidenceRefused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "Đã ghi minh chứng.")
    return True


def _is_open(unit: UnitVersion, on: date) -> bool:
    """Whether the day is that of the working month, and the unit is still there."""
    return not has_ended(unit) and unit_on(unit.code, None) == (unit, on)


def _query(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in ("on", "set") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _back(request: HttpRequest, unit: UnitVersion, indicator: str) -> HttpResponse:
    return redirect(reverse("evidence", args=[unit.code, indicator]) + _query(request))


def _page(
    request: HttpRequest, unit: UnitVersion, on: date, indicator: str, **forms: SeenForm
) -> HttpResponse:
    criterion, found, set_name = _cell(request, unit, on, indicator)
    held = permissions(request.user, unit)  # type: ignore[arg-type]
    is_open = _is_open(unit, on)
    refused = [form for form in forms.values() if form.errors]
    for form in refused:
        logger.warning(
            "evidence refused: %s %s by %s: %s",
            unit.code, indicator, request.user.pk, form.errors.get_json_data(),
        )  # fmt: skip
    seen = {"result": found.result.pk} if found.result else {}
    context = {
        "unit": unit,
        "on": on,
        "criterion": criterion.criterion,
        "cell": found,
        "set_name": set_name,
        "papers": _papers(unit, found.indicator.id, found.result),
        "query": _query(request),
        "is_open": is_open,
        "may_attach": is_open and Permission.ENTER in held and found.result is not None,
        "may_enter": is_open and Permission.ENTER in held,
        "file_form": FileForm(initial=seen),
        "address_form": AddressForm(initial=seen),
        "chosen_form": ChosenForm(initial=seen, own=[]),
        "seen_form": SeenForm(initial=seen),
        "refused": refused,
        **forms,
    }
    return TemplateResponse(request, "evidence.html", context, status=422 if refused else 200)


def _papers(unit: UnitVersion, indicator_id: int, result: Result | None) -> Papers:
    rows = evidence.attached(unit.unit_id, indicator_id)
    now = [row for row in rows if result is not None and row.result_id == result.pk]
    there = {row.evidence.pk for row in now}
    before = {row.evidence.pk: row for row in reversed(rows) if row.evidence.pk not in there}
    others = Evidence.objects.filter(unit_id=unit.unit_id).exclude(pk__in=[*there, *before])
    return Papers(now=now, before=list(before.values()), other=list(others.order_by("-pk")))
