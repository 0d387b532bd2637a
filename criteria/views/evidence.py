"""Evidence of one cell: what bears it out, one more, one used again; the files themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from criteria.asked import CountedBy, basis_in_address
from criteria.cells import Cell
from criteria.days import has_ended, unit_on
from criteria.evidence import Attached, EvidenceRefused, archive, contents, headers
from criteria.evidence.forms import AddressForm, ChosenForm, FileForm, SeenForm
from criteria.figures import Figures, figures
from criteria.guards import on_unit, set_in_address
from criteria.models import Evidence
from criteria.rules.types import CriterionDefinition
from criteria.sheets import sheet

logger = logging.getLogger(__name__)

KEPT = ("on", "set", "basis", "known")
"""What the links and forms of the page keep of its address."""

reads = on_unit(Permission.READ, Tier.COMMUNE)
enters = on_unit(Permission.ENTER, Tier.COMMUNE)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The cell that the address names, as known at its moment; its result is that of the basis.

    `waiting` is the id of the newer one that the commune reports, where confirmed ones count.
    """

    answer: Figures
    criterion: CriterionDefinition
    cell: Cell
    waiting: int | None = None


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The evidence of a cell: of the result that counts, of the one that waits, of earlier ones;
    what was attached after the moment that is looked at; and other of the unit.
    """

    now: list[Attached]
    waiting: list[Attached]
    before: list[Attached]
    later: list[Attached]
    other: list[Evidence]

    @property
    def any(self) -> bool:
        return bool(self.now or self.waiting or self.before or self.other)

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
    answer = _answer(request, unit, on)
    found = sheet(unit, answer)
    entries = archive.entries(unit, found, seq=answer.how.seq) if found else []
    if not entries:
        raise Http404("Ngày này xã chưa có minh chứng nào.")
    answer = StreamingHttpResponse(archive.stream(entries), content_type="application/zip")
    return headers.guarded(answer, f"Minh chứng {unit.full_name} {on.isoformat()}.zip", shown=False)


def _answer(request: HttpRequest, unit: UnitVersion, on: date) -> Figures:
    """The commune's figures; links of the page find set and basis in ``request.asked``."""
    asked = CountedBy(set_code=set_in_address(request, unit, on), basis=basis_in_address(request))
    request.asked = asked  # type: ignore[attr-defined]
    known = request.known  # type: ignore[attr-defined]
    answer = figures(unit, on, set_code=asked.set_code, known=known)
    return replace(answer, basis=asked.basis or answer.basis)


def _cell(request: HttpRequest, unit: UnitVersion, on: date, code: str) -> Looked:
    """The cell of the sheet that the address names; Http404 without such."""
    answer = _answer(request, unit, on)
    found = sheet(unit, answer, basis=answer.basis)
    for criterion in found.criteria if found else ():
        for one in criterion.cells:
            if one.indicator.code == code:
                reported = found.heads.get(one.indicator.id)  # type: ignore[union-attr]
                waiting = reported.result_id if reported and one.since else None
                return Looked(
                    answer=answer, criterion=criterion.criterion, cell=one, waiting=waiting
                )
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
    looked = _cell(request, unit, on, indicator)
    result = looked.cell.result
    try:
        if looked.answer.known is not None or not _is_open(unit, on):
            raise EvidenceRefused("Chỉ gắn minh chứng cho kết quả của tháng đang cập nhật.")
        if result is None or looked.cell.since or result.pk != form.cleaned_data["result"]:
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
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _back(request: HttpRequest, unit: UnitVersion, indicator: str) -> HttpResponse:
    return redirect(reverse("evidence", args=[unit.code, indicator]) + _query(request))


def _page(
    request: HttpRequest, unit: UnitVersion, on: date, indicator: str, **forms: SeenForm
) -> HttpResponse:
    looked = _cell(request, unit, on, indicator)
    found, answer = looked.cell, looked.answer
    enters = Permission.ENTER in permissions(request.user, unit)  # type: ignore[arg-type]
    is_open = answer.known is None and _is_open(unit, on)
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
        "answer": answer,
        "criterion": looked.criterion,
        "cell": found,
        "papers": _papers(looked),
        "query": _query(request),
        "is_open": is_open,
        "may_attach": is_open and enters and found.result is not None and not found.since,
        "may_enter": is_open and enters,
        "file_form": FileForm(initial=seen),
        "address_form": AddressForm(initial=seen),
        "chosen_form": ChosenForm(initial=seen, own=[]),
        "seen_form": SeenForm(initial=seen),
        "refused": refused,
        **forms,
    }
    return TemplateResponse(request, "evidence.html", context, status=422 if refused else 200)


def _papers(looked: Looked) -> Papers:
    unit_id, indicator_id = looked.answer.unit.unit_id, looked.cell.indicator.id
    seq = looked.answer.how.seq
    rows = evidence.attached(unit_id, indicator_id, seq=seq)
    result = looked.cell.result
    now = [row for row in rows if result is not None and row.result_id == result.pk]
    waiting = [row for row in rows if row.result_id == looked.waiting]
    there = {row.evidence.pk for row in (*now, *waiting)}
    before = {row.evidence.pk: row for row in reversed(rows) if row.evidence.pk not in there}
    known = {(row.result_id, row.evidence.pk) for row in rows}
    since = [] if seq is None else evidence.attached(unit_id, indicator_id)
    others = Evidence.objects.filter(unit_id=unit_id).exclude(pk__in=[*there, *before])
    if seq is not None:
        others = others.filter(links__change__seq__lte=seq).distinct()
    return Papers(
        now=now,
        waiting=waiting,
        before=list(before.values()),
        later=[row for row in since if (row.result_id, row.evidence.pk) not in known],
        other=list(others.order_by("-pk")),
    )
