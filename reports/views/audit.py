"""The log of changes of a province, one change in full, and the history of one cell."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria.guards import on_unit
from criteria.rules.types import IndicatorDefinition, SetDefinition
from reports.asked import asked_in
from reports.audit import log as audit
from reports.audit.cell_history import cell_history
from reports.audit.words import GROUPS
from reports.rereading import reread


@on_unit(Permission.READ_LOG, Tier.PROVINCE)
@require_GET
def change_log(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    communes = units.communes_in_programme(unit, on)
    asked, errors = _asked(request, {version.code: version.unit_id for version in communes})
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "unit": unit,
        "on": on,
        "page": audit.log(unit, asked),
        "asked": asked,
        "errors": errors,
        "communes": communes,
        "people": audit.people(unit),
        "groups": GROUPS,
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "change_log.html", context, status=422 if errors else 200)


def _asked(request: HttpRequest, communes: dict[str, int]) -> tuple[audit.Asked, list[str]]:
    """What the address asks for, and in words what of it cannot be asked."""
    given, errors = request.GET, []
    found: dict[str, Any] = {"group": given.get("group", "")}
    if code := given.get("commune"):
        found["unit_id"] = communes.get(code)
        if found["unit_id"] is None:
            errors.append(f"Không có xã mang mã “{code}” trong tỉnh.")
    for name in ("person", "before"):
        if text := given.get(name):
            if text.isascii() and text.isdigit():
                found[name] = int(text)
            else:
                errors.append(f"“{text}” không phải là số; hãy chọn lại trong danh sách.")
    for name, field in (("from", "first"), ("to", "last")):
        if text := given.get(name):
            try:
                found[field] = date.fromisoformat(text)
            except ValueError:
                errors.append(f"“{text}” không phải là ngày; hãy ghi dạng 2018-12-31.")
    return audit.Asked(**found), errors


@on_unit(Permission.READ_LOG, Tier.PROVINCE)
@require_GET
def change_page(request: HttpRequest, unit: UnitVersion, on: date, seq: int) -> HttpResponse:
    found = audit.detail(unit, seq)
    if found is None:
        raise Http404("Không có lần ghi nhận mang số này trong tỉnh.")
    context = {"unit": unit, "on": on, "detail": found}
    return TemplateResponse(request, "change.html", context)


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def cell_page(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    """One cell over time; set, basis, day and knowledge are those of the address as elsewhere."""
    answer = asked_in(request, unit, on).answer(unit, on, request.known)  # type: ignore[attr-defined]
    question = _question(answer.asked, indicator)
    records = cell_history(answer, question.id)
    context = {
        "unit": unit,
        "on": on,
        "answer": answer,
        "reread": reread(answer),
        "question": question,
        "records": [one for one in records if not one.apart],
        "apart": [one for one in records if one.apart],
    }
    return TemplateResponse(request, "cell.html", context)


def _question(asked: SetDefinition, code: str) -> IndicatorDefinition:
    for criterion in asked.criteria:
        for question in (*criterion.indicators, criterion.conclusion):
            if question is not None and question.code == code:
                return question
    raise Http404(f"Bộ tiêu chí không có chỉ tiêu {code}.")
