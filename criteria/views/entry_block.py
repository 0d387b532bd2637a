"""Blocks from a spreadsheet and undo, for both entry sheets: preview, apply, take back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from communes import units
from communes.addresses import address_of
from communes.models import Tier, Unit, UnitVersion
from communes.roles import Permission
from criteria.entry import EntryRefused
from criteria.entry.block import BlockChanged, BlockRefused, Key, save_block
from criteria.entry.undo import Undone, undo_last
from criteria.figures import figures
from criteria.forms import of_another_user
from criteria.grids.beside import as_text
from criteria.grids.block import (
    MOST_CELLS,
    Layout,
    Place,
    Plan,
    Planned,
    block_cells,
    plan,
    planned_of,
)
from criteria.guards import on_unit
from criteria.views.entry import commune_sheet
from criteria.views.entry_grid import grid_page


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The sheet that a block is for: its cells, and the addresses of its page and its forms."""

    unit: UnitVersion
    on: date
    province: Unit
    layout: Layout
    address: str
    preview: str
    apply: str

    @property
    def places(self) -> dict[Key, Place]:
        return {place.key: place for row in self.layout for place in row}


def _of_commune(request: HttpRequest, unit: UnitVersion, on: date) -> Sheet:
    month, found, query = commune_sheet(request, unit, on)
    layout = [
        [
            Place(
                commune=unit,
                cell=cell,
                row=cell.number or f"Kết luận tiêu chí {cell.indicator.code.rstrip('*')}",
                column="Kết quả",
            )
        ]
        for cell in found.cells
    ]
    return Sheet(
        unit=unit,
        on=month,
        province=units.province_of(unit, month).unit,
        layout=layout,
        address=reverse("entry", args=[unit.code]) + query,
        preview=reverse("preview_block", args=[unit.code]) + query,
        apply=reverse("apply_block", args=[unit.code]) + query,
    )


def _of_criterion(request: HttpRequest, unit: UnitVersion, set_code: str, number: int) -> Sheet:
    page = grid_page(request, unit, set_code, number)
    layout = [
        [
            Place(
                commune=row.commune,
                cell=one.cell,
                row=row.commune.full_name,
                column=one.cell.indicator.code,
            )
            for one in row.cells
        ]
        for row in page.grid().rows
    ]
    return Sheet(
        unit=unit,
        on=page.on,
        province=unit.unit,
        layout=layout,
        address=page.address,
        preview=reverse("preview_grid_block", args=page.arguments) + page.query,
        apply=reverse("apply_grid_block", args=page.arguments) + page.query,
    )


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_POST
def preview_block(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return _preview(request, _of_commune(request, unit, on))


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_POST
def apply_block(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return of_another_user(request) or _apply(request, _of_commune(request, unit, on))


@on_unit(Permission.ENTER, Tier.COMMUNE)
@require_POST
def undo_entry(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    return of_another_user(request) or _undo(request, _of_commune(request, unit, on))


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_POST
def preview_grid_block(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    return _preview(request, _of_criterion(request, unit, set_code, number))


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_POST
def apply_grid_block(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    sheet = _of_criterion(request, unit, set_code, number)
    return of_another_user(request) or _apply(request, sheet)


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_POST
def undo_grid(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    sheet = _of_criterion(request, unit, set_code, number)
    return of_another_user(request) or _undo(request, sheet)


def _preview(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        at = _key(request.POST.get("at", ""), sheet)
        found = plan(sheet.layout, at, request.POST.get("text", ""))
    except EntryRefused as error:
        return _page(request, sheet, None, status=422, error=str(error))
    return _page(request, sheet, found)


def _key(text: str, sheet: Sheet) -> Key:
    """The cell named "unit-indicator"; without a name the first one of the sheet."""
    unit_id, _, indicator_id = text.partition("-")
    if unit_id.isdecimal() and indicator_id.isdecimal():
        return int(unit_id), int(indicator_id)
    if text or not sheet.layout:
        raise EntryRefused("Bảng không có ô bắt đầu dán; hãy tải lại trang.")
    return sheet.layout[0][0].key


def _page(
    request: HttpRequest,
    sheet: Sheet,
    found: Plan | None,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {
        "unit": sheet.unit,
        "on": sheet.on,
        "sheet": sheet,
        "plan": found,
        "cells": json.dumps([one.as_sent for one in found.to_write]) if found else "",
        "request_id": uuid4(),
        **more,
    }
    if getattr(request, "htmx", False):
        return TemplateResponse(request, "entry_block.html#preview", context, status=status)
    context["answer"] = figures(sheet.unit, sheet.on)
    return TemplateResponse(request, "entry_block.html", context, status=status)


def _sent(request: HttpRequest, sheet: Sheet) -> list[tuple[Place, str, int | None]]:
    """The cells of the form; EntryRefused for what is no such list, or not of this sheet."""
    try:
        rows = json.loads(request.POST.get("cells", ""))
        sent = [(int(u), int(i), str(text), seen and int(seen)) for u, i, text, seen in rows]
    except (ValueError, TypeError) as error:
        raise EntryRefused("Yêu cầu không đọc được; hãy dán lại.") from error
    places = sheet.places
    if not sent:
        raise EntryRefused("Không có ô nào để ghi; hãy dán lại.")
    if len(sent) > MOST_CELLS or any((u, i) not in places for u, i, _, _ in sent):
        raise EntryRefused("Có ô không thuộc bảng này, nên chưa ghi ô nào. Hãy tải lại trang.")
    return [(places[u, i], text[:200], seen) for u, i, text, seen in sent]


def _request_id(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None


def _apply(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    planned: Sequence[Planned] = []
    try:
        sent = _sent(request, sheet)
        planned = list(planned_of((place, text) for place, text, _ in sent))
        if any(one.why for one in planned):
            found = Plan(cells=tuple(planned), kept=len(sent) - len(planned), blank=0)
            return _page(request, sheet, found, status=422)
        written = save_block(
            province=sheet.province,
            cells=block_cells(planned, {place.key: seen for place, _, seen in sent}),
            by=request.user,  # type: ignore[arg-type]
            request_id=_request_id(request),
            ip=address_of(request),
        )
    except BlockChanged as error:
        found = Plan(cells=tuple(planned), kept=0, blank=0)
        conflicts = [
            (sheet.places[cell.key], as_text(sheet.places[cell.key].cell, current), current)
            for cell, current in error.conflicts
        ]
        return _page(request, sheet, found, status=409, conflicts=conflicts)
    except BlockRefused as error:
        said = "; ".join(f"{sheet.places[cell.key].row}: {why}" for cell, why in error.faults[:10])
        return _page(request, sheet, None, status=422, error=said)
    except EntryRefused as error:
        return _page(request, sheet, None, status=422, error=str(error))
    return _done(request, sheet, f"Đã ghi {written} ô." if written else "Các ô này đã được ghi.")


def _undo(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    keys = sheet.places.keys()
    try:
        undone = undo_last(
            province=sheet.province,
            unit_ids={unit_id for unit_id, _ in keys},
            indicator_ids={indicator_id for _, indicator_id in keys},
            by=request.user,  # type: ignore[arg-type]
            request_id=_request_id(request),
            ip=address_of(request),
        )
    except EntryRefused as error:
        return _done(request, sheet, str(error), status=422)
    return _done(request, sheet, _undone(undone, sheet))


def _undone(undone: Undone, sheet: Sheet) -> str:
    """What was taken back: one cell by name, several by their number."""
    cells, places = undone.cells, sheet.places
    there = [
        (places[key], row) for row in cells if (key := (row.unit_id, row.indicator_id)) in places
    ]
    if len(cells) != 1 or not there:
        return f"Đã hoàn tác lần lưu {len(cells)} ô của bạn; các ô đó lấy lại số trước."
    place, row = there[0]
    name = f"{place.row}, {place.column}" if sheet.unit != place.commune else place.row
    return f"Đã hoàn tác {name}: bỏ “{as_text(place.cell, row)}”, lấy lại số trước."


def _done(request: HttpRequest, sheet: Sheet, said: str, *, status: int = 200) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    (messages.success if status == 200 else messages.error)(request, said)
    return redirect(sheet.address)
