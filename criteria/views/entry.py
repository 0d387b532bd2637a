"""Entering the results of one commune: the sheet, and the save of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from criteria.beside import SetCount, counts_beside
from criteria.cells import Cell, empty_cell
from criteria.entry import ChangedMeanwhile, EntryRefused
from criteria.figures import Figures, Question, figures, question
from criteria.forms import CellForm, of_another_user
from criteria.grids.beside import LastYear, as_text, last_year, needs_again
from criteria.grids.rows import EntryRow
from criteria.guards import on_unit, set_in_address
from criteria.models import Result, Review
from criteria.rules.levels import Situation
from criteria.rules.types import CriterionDefinition, IndicatorDefinition
from criteria.sheets import Sheet, sheet
from criteria.situations import situation


@dataclass(frozen=True, kw_only=True)
class EntrySummary:
    """The counts above the sheet, as they stand now."""

    commune: UnitVersion
    on: date
    sheet: Sheet
    beside: list[SetCount]

    @property
    def returned(self) -> list[tuple[CriterionDefinition, Review]]:
        """The criteria that came back and wait for the commune."""
        return [
            (group.criterion, group.returned) for group in self.sheet.criteria if group.returned
        ]


OUTSIDE = "đơn vị này không tham gia Chương trình, nên không tính vào số của tỉnh."


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


def _summary(
    unit: UnitVersion,
    asked: Question,
    where: Situation | None = None,
    only: int | None = None,
) -> EntrySummary:
    """The sheet of a commune that belongs to a question about it or its province."""
    found = sheet(unit, asked, where=where, only=only)
    if found is None:
        raise NoSheet("tỉnh chưa áp dụng bộ tiêu chí nào.")
    return EntrySummary(commune=unit, on=asked.on, sheet=found, beside=counts_beside(unit, asked))


def _asked(request: HttpRequest, unit: UnitVersion, month: date) -> Question:
    """The commune under the headline set, or under the adopted set that the address names."""
    if not units.communes_in_programme(unit, month).exists():
        raise NoSheet(OUTSIDE)
    return question(unit, month, set_code=set_in_address(request, unit, month))


def commune_sheet(request: HttpRequest, unit: UnitVersion, on: date) -> tuple[date, Sheet, str]:
    """The month that is entered, the sheet, and what names its set in addresses."""
    month = _month(request, unit, on)
    summary = _summary(unit, _asked(request, unit, month))
    return month, summary.sheet, _query(request)


def _province(request: HttpRequest, unit: UnitVersion, month: date) -> Figures:
    """The province's figures under the set of the sheet."""
    set_code = set_in_address(request, unit, month)
    return figures(units.province_of(unit, month), month, set_code=set_code)


def _query(request: HttpRequest) -> str:
    """The part of an address that names the set of the sheet."""
    set_code = request.GET.get("set")
    return f"?{urlencode({'set': set_code})}" if set_code else ""


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_GET
def entry_sheet(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    month = _month(request, unit, on)
    try:
        answer = _province(request, unit, month)
        if all(row.unit_id != unit.unit_id for row in answer.rows):
            raise NoSheet(OUTSIDE)
        summary = _summary(unit, answer)
    except NoSheet as why:
        context = {"unit": unit, "on": month, "why": str(why), "may_enter": False}
        return TemplateResponse(request, "entry_none.html", context, status=422)
    return TemplateResponse(request, "entry.html", _context(request, summary, answer))


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_GET
def entry_headline(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """The province's line above the sheet; the page asks for it once a burst of saves is over."""
    month = _month(request, unit, on)
    context = {
        "answer": _province(request, unit, month),
        "headline_address": request.get_full_path(),
    }
    return TemplateResponse(request, "entry.html#headline", context)


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_POST
def save_cell(request: HttpRequest, unit: UnitVersion, on: date, indicator: str) -> HttpResponse:
    if (stopped := of_another_user(request)) is not None:
        return stopped
    month = _month(request, unit, on)
    asked = _asked(request, unit, month)
    where = situation(unit, month, asked.asked)
    cell = empty_cell(asked.asked, indicator, where)
    if cell is None:
        raise NoSheet("Ô này không thuộc phiếu của xã tháng này.")
    form = CellForm(request.POST, cell=cell, month=month)
    if not form.is_valid():
        return _answer(request, asked, where, cell.indicator, status=422, error=form.message)
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
        return _answer(
            request, asked, where, cell.indicator, status=422, error=str(error), asks=True
        )
    except ChangedMeanwhile as error:
        return _answer(request, asked, where, cell.indicator, status=409, conflict=error.current)
    return _answer(request, asked, where, cell.indicator)


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


def _answer(
    request: HttpRequest,
    asked: Question,
    where: Situation,
    indicator: IndicatorDefinition,
    *,
    status: int = 200,
    error: str = "",
    asks: bool = False,
    conflict: Result | None = None,
) -> HttpResponse:
    """Read the results anew and draw the row, with the summary beside it."""
    unit, month = asked.unit, asked.on
    refused = status != 200
    swapped = bool(getattr(request, "htmx", False))
    # The whole page is drawn only for a browser without scripts, and only where it was refused.
    whole = refused and not swapped
    summary = _summary(unit, asked, where, only=None if whole else indicator.id)
    cell = next(cell for cell in summary.sheet.cells if cell.indicator.id == indicator.id)
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
    if swapped:
        context = {"row": row, "summary": summary, "oob": True}
        return TemplateResponse(request, "entry.html#saved", context, status=status)
    if not refused:
        return redirect(f"{request.path.rsplit(indicator.code, 1)[0]}{row.query}#{row.dom_id}")
    context = _context(request, summary, _province(request, unit, month), row)
    return TemplateResponse(request, "entry.html", context, status=status)


def _context(
    request: HttpRequest,
    summary: EntrySummary,
    answer: Figures,
    refused: EntryRow | None = None,
) -> dict[str, object]:
    """The whole page; a row that was refused stands in its place with what was typed."""
    unit, month, found = summary.commune, summary.on, summary.sheet
    before = last_year([unit.unit_id], [cell.indicator.id for cell in found.cells], month)

    def row(cell: Cell) -> EntryRow:
        if refused and refused.cell.indicator.code == cell.indicator.code:
            return refused
        return _row(request, unit, cell, month, before)

    return {
        "unit": unit,
        "on": month,
        "answer": answer,
        "headline_address": reverse("entry_headline", args=[unit.code]) + _query(request),
        "last_year": month.year - 1,
        "undo_address": reverse("undo_entry", args=[unit.code]) + _query(request),
        "preview_address": reverse("preview_block", args=[unit.code]) + _query(request),
        "summary": summary,
        "groups": [(group, [row(cell) for cell in group.cells]) for group in found.criteria],
    }
