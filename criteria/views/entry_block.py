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
from django.utils import timezone
from django.views.decorators.http import require_POST

from communes import units
from communes.addresses import address_of
from communes.models import Tier, Unit, UnitVersion
from communes.roles import Permission
from communes.vietnamese import format_number
from criteria.entry import EntryRefused
from criteria.entry.asking import held
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
from criteria.models import Result
from criteria.views.entry import commune_sheet
from criteria.views.entry_grid import grid_page

MOST_NAMED = 3
"""As many cells as a message names; of a block with more it says how many."""


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
    fills = bool(request.POST.get("fills"))
    context = {
        "fills": fills,
        "doing": "điền" if fills else "dán",
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
    said = f"Đã ghi {written} ô" if written else "Các ô này đã được ghi"
    return _done(request, sheet, _naming(said, [_written(one, sheet) for one in planned]))


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
    """What was taken back, as far as it stands on this sheet, and what holds there now."""
    places, count = sheet.places, len(undone.cells)
    there = [
        (places[key], row)
        for row in undone.rows
        if (key := (row.unit_id, row.indicator_id)) in places
    ]
    holds = held([row.unit_id for _, row in there], [row.indicator_id for _, row in there])
    changes = [
        f"{_name(place, sheet)}: {_shown(place, row)} → {_shown(place, holds.get(place.key))}"
        for place, row in there
    ]
    if count == len(changes) == 1:
        return f"Đã hoàn tác {changes[0]}."
    return _naming(f"Đã hoàn tác lần lưu {count} ô", changes)


def _written(one: Planned, sheet: Sheet) -> str:
    before = _shown(one.place, one.place.cell.result)
    change = f"giữ {before}" if one.again else f"{before} → {one.after}"
    return f"{_name(one.place, sheet)}: {change}"


def _shown(place: Place, result: Result | None) -> str:
    return as_text(place.cell, result) or "trống"


def _name(place: Place, sheet: Sheet) -> str:
    """A cell as the person on this sheet calls it: "14.2", "Xã Nam Tuấn, 14.2"."""
    return place.row if sheet.unit == place.commune else f"{place.row}, {place.column}"


def _naming(said: str, changes: Sequence[str]) -> str:
    """A sentence that names the first cells and counts the others."""
    named = "; ".join(changes[:MOST_NAMED])
    more = len(changes) - MOST_NAMED
    rest = f" và {format_number(more)} ô khác" if more > 0 else ""
    return f"{said}: {named}{rest}." if named else f"{said}."


def _done(request: HttpRequest, sheet: Sheet, said: str, *, status: int = 200) -> HttpResponse:
    if getattr(request, "htmx", False):
        answer = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
        # The rows say it as the answer to a single save does, by the clock of the office.
        answer["X-Saved-At"] = f"{timezone.localtime():%-H:%M}"
        return answer
    (messages.success if status == 200 else messages.error)(request, said)
    return redirect(sheet.address)
