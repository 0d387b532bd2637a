"""Entering the results of one commune: the sheet, and the save of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from communes import units
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import entry, months
from criteria.cells import Cell, SetCount, Sheet, counts_beside, empty_cell, sheet
from criteria.confirming.states import returned
from criteria.entry import ChangedMeanwhile, EntryRefused
from criteria.figures import Figures, figures, set_asked
from criteria.forms import CellForm, of_another_user
from criteria.grids.beside import LastYear, as_text, last_year, needs_again
from criteria.grids.rows import EntryRow
from criteria.guards import on_unit, set_in_address
from criteria.models import Result, Review
from criteria.rules.types import CriterionDefinition


@dataclass(frozen=True, kw_only=True)
class EntrySummary:
    """The counts above the sheet and the province's headline, as they stand now."""

    commune: UnitVersion
    sheet: Sheet
    province: Figures
    beside: list[SetCount]

    @cached_property
    def returned(self) -> list[tuple[CriterionDefinition, Review]]:
        """The criteria that came back and wait for the commune."""
        return returned(self.commune.unit_id, self.sheet.asked)


class NoSheet(Http404):
    """Nothing is entered for this unit this month; the message says why."""


def _month(request: HttpRequest, unit: UnitVersion, on: date) -> date:
    """The end of the month that is entered now; today's where the province adopted no set.

    Without a day in the address the pages of a unit that lives on open with that very day.
    """
    if not request.GET.get("on") and unit.valid.upper is None:
        return months.month_end(on)
    ends = months.working_month_ends([unit.province_id])
    return ends.get(unit.province_id, months.month_end(timezone.localdate()))


def _page(request: HttpRequest, unit: UnitVersion, month: date) -> tuple[Sheet, EntrySummary]:
    """The sheet under the headline set, or under the adopted set that the address names."""
    set_code = set_in_address(request, unit, month)
    province = figures(units.province_of(unit, month), month, set_code=set_code)
    found = sheet(unit, province)
    if found is None:
        raise NoSheet("tỉnh chưa áp dụng bộ tiêu chí nào.")
    if all(row.unit_id != unit.unit_id for row in province.rows):
        raise NoSheet("đơn vị này không tham gia Chương trình, nên không tính vào số của tỉnh.")
    beside = counts_beside(unit, province)
    return found, EntrySummary(commune=unit, sheet=found, province=province, beside=beside)


def commune_sheet(request: HttpRequest, unit: UnitVersion, on: date) -> tuple[date, Sheet, str]:
    """The month that is entered, the sheet, and what names its set in addresses."""
    month = _month(request, unit, on)
    found, _ = _page(request, unit, month)
    return month, found, _query(request)


def _query(request: HttpRequest) -> str:
    """The part of an address that names the set of the sheet."""
    set_code = request.GET.get("set")
    return f"?{urlencode({'set': set_code})}" if set_code else ""


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_GET
def entry_sheet(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    month = _month(request, unit, on)
    try:
        found, summary = _page(request, unit, month)
    except NoSheet as why:
        context = {"unit": unit, "on": month, "why": str(why), "may_enter": False}
        return TemplateResponse(request, "entry_none.html", context, status=422)
    return TemplateResponse(request, "entry.html", _context(request, unit, month, found, summary))


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_POST
def save_cell(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    if (stopped := of_another_user(request)) is not None:
        return stopped
    month = _month(request, unit, on)
    asked = set_asked(unit, month, set_code=set_in_address(request, unit, month))
    cell = empty_cell(unit, month, asked, indicator)
    if cell is None or not units.communes_in_programme(unit, month).exists():
        raise NoSheet("Ô này không thuộc phiếu của xã tháng này.")
    form = CellForm(request.POST, cell=cell, month=month)
    if not form.is_valid():
        return _answer(request, unit, month, indicator, status=422, error=form.message)
    try:
        entry.save(
            commune=unit,
            indicator_id=cell.indicator.id,
            finding=form.finding,
            seen=form.cleaned_data["seen"],
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except EntryRefused as error:
        return _answer(request, unit, month, indicator, status=422, error=str(error), asks=True)
    except ChangedMeanwhile as error:
        return _answer(request, unit, month, indicator, status=409, conflict=error.current)
    return _answer(request, unit, month, indicator)


def _row(
    request: HttpRequest,
    unit: UnitVersion,
    cell: Cell,
    month: date,
    before: LastYear,
    **how: object,
) -> EntryRow:
    return EntryRow(
        commune=unit,
        cell=cell,
        request_id=uuid4(),
        query=_query(request),
        before=as_text(cell, before.get((unit.unit_id, cell.indicator.id)), with_verdict=False),
        again=needs_again(cell),
        year=month.year,
        **how,  # type: ignore[arg-type]
    )


def _cell(found: Sheet, code: str) -> Cell:
    for cell in found.cells:
        if cell.indicator.code == code:
            return cell
    raise Http404(f"Bộ tiêu chí không có chỉ tiêu {code}.")


def _answer(
    request: HttpRequest,
    unit: UnitVersion,
    month: date,
    indicator: str,
    *,
    status: int = 200,
    error: str = "",
    asks: bool = False,
    conflict: Result | None = None,
) -> HttpResponse:
    """Read everything anew and draw the row, with the summary beside it."""
    found, summary = _page(request, unit, month)
    refused = status != 200
    cell = _cell(found, indicator)
    row = _row(
        request,
        unit,
        cell,
        month,
        last_year([unit.unit_id], [cell.indicator.id], month),
        saved=not refused,
        error=error,
        asks=asks,
        conflict=conflict,
        typed=request.POST.dict() if refused else None,
    )
    if getattr(request, "htmx", False):
        context = {"row": row, "summary": summary, "oob": True}
        return TemplateResponse(request, "entry.html#saved", context, status=status)
    if not refused:
        return redirect(f"{request.path.rsplit(indicator, 1)[0]}{row.query}#{row.dom_id}")
    context = _context(request, unit, month, found, summary, row)
    return TemplateResponse(request, "entry.html", context, status=status)


def _context(
    request: HttpRequest,
    unit: UnitVersion,
    month: date,
    found: Sheet,
    summary: EntrySummary,
    refused: EntryRow | None = None,
) -> dict[str, object]:
    """The whole page; a row that was refused stands in its place with what was typed."""
    before = last_year([unit.unit_id], [cell.indicator.id for cell in found.cells], month)

    def row(cell: Cell) -> EntryRow:
        if refused and refused.cell.indicator.code == cell.indicator.code:
            return refused
        return _row(request, unit, cell, month, before)

    return {
        "unit": unit,
        "on": month,
        "answer": summary.province,
        "last_year": month.year - 1,
        "undo_address": reverse("undo_entry", args=[unit.code]) + _query(request),
        "preview_address": reverse("preview_block", args=[unit.code]) + _query(request),
        "summary": summary,
        "groups": [(group, [row(cell) for cell in group.cells]) for group in found.criteria],
    }
