"""Entering one criterion over all communes of a province: the choice, the sheet, its saves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from communes import units
from communes.addresses import address_of
from communes.models import Tier, UnitVersion
from communes.models.units import UnitVersionQuerySet
from communes.roles import Permission
from criteria import entry, months
from criteria.definitions import counting
from criteria.entry import ChangedMeanwhile, EntryRefused
from criteria.entry.block import BlockCell, BlockChanged, BlockRefused, save_block
from criteria.figures import Figures, figures
from criteria.forms import CellForm, of_another_user
from criteria.grids import drawing
from criteria.grids.block import finding_for, unchanged
from criteria.grids.cell import GridCell
from criteria.grids.criterion import CriterionGrid, communes_of, entered, load
from criteria.guards import on_unit
from criteria.rules.types import CriterionDefinition, SetDefinition


@dataclass(frozen=True, kw_only=True)
class GridPage:
    """One criterion of a province, with what the address leaves of it."""

    unit: UnitVersion
    on: date
    asked: SetDefinition
    criterion: CriterionDefinition
    districts: list[UnitVersion]
    district: UnitVersion | None
    indicator: str

    def communes(self) -> UnitVersionQuerySet:
        return communes_of(self.unit, self.on, self.district)

    def grid(self, communes: list[UnitVersion] | None = None) -> CriterionGrid:
        """The sheet, or these rows of it."""
        return load(
            self.unit,
            self.on,
            self.asked,
            self.criterion,
            communes=list(self.communes()) if communes is None else communes,
            districts=self.districts,
            indicators=[self.indicator] if self.indicator else (),
        )

    @property
    def arguments(self) -> list[Any]:
        return [self.unit.code, self.asked.code, self.criterion.number]

    @property
    def query(self) -> str:
        """What the address leaves of the sheet, to be kept by its forms."""
        found = {
            "district": self.district.code if self.district else "",
            "indicator": self.indicator,
        }
        said = "&".join(f"{key}={value}" for key, value in found.items() if value)
        return f"?{said}" if said else ""

    @property
    def address(self) -> str:
        return reverse("entry_grid", args=self.arguments) + self.query


def grid_page(request: HttpRequest, unit: UnitVersion, set_code: str, number: int) -> GridPage:
    """The page that an address names, in the working month; Http404 where there is none."""
    on = months.month_end(months.working_day(unit.unit))
    asked = next((one for one in counting(unit.unit_id, on) if one.code == set_code), None)
    if asked is None:
        raise Http404("Tỉnh không áp dụng bộ tiêu chí này.")
    criterion = next((one for one in asked.criteria if one.number == number), None)
    if criterion is None:
        raise Http404(f"{asked.name} không có tiêu chí {number}.")
    districts = list(units.districts_of(unit, on))
    wanted, indicator = request.GET.get("district"), request.GET.get("indicator", "")
    district = next((one for one in districts if one.code == wanted), None)
    if (wanted and district is None) or (
        indicator and indicator not in {one.code for one in entered(criterion)}
    ):
        raise Http404("Không có huyện hoặc chỉ tiêu này.")
    return GridPage(
        unit=unit,
        on=on,
        asked=asked,
        criterion=criterion,
        districts=districts,
        district=district,
        indicator=indicator,
    )


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_GET
def choose(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    month = months.month_end(months.working_day(unit.unit))
    found = counting(unit.unit_id, month)
    answer = figures(unit, month)
    context = {"unit": unit, "on": month, "answer": answer, "asked": found}
    return TemplateResponse(request, "entry_choose.html", context)


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_GET
def entry_grid(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int
) -> HttpResponse:
    page = grid_page(request, unit, set_code, number)
    return TemplateResponse(request, "entry_grid.html", _context(request, page, page.grid()))


def _context(
    request: HttpRequest, page: GridPage, grid: CriterionGrid, **more: object
) -> dict[str, object]:
    answer = figures(page.unit, page.on, set_code=page.asked.code)
    form = drawing.Form(
        rows_address=reverse("entry_grid", args=page.arguments) + "rows/",
        query=page.query,
        token=get_token(request),
    )
    return {
        "unit": page.unit,
        "on": page.on,
        "answer": answer,
        "page": page,
        "grid": grid,
        "last_year": page.on.year - 1,
        "summary": _summary(page, answer),
        "columns": entered(page.criterion),
        "groups": [
            (group, drawing.rows(group.rows, set_code=page.asked.code, form=form))
            for group in grid.groups
        ],
        "undo_address": reverse("undo_grid", args=page.arguments) + page.query,
        "preview_address": reverse("preview_grid_block", args=page.arguments) + page.query,
    }


def _summary(page: GridPage, answer: Figures) -> dict[str, object]:
    count = next(one for one in answer.reported.criteria if one.number == page.criterion.number)
    return {"page": page, "count": count, "answer": answer}


def commune_in(page: GridPage, code: str) -> UnitVersion:
    """A commune of the sheet by its code; Http404 for any other unit."""
    commune = page.communes().filter(code=code).select_related("unit").first()
    if commune is None:
        raise Http404("Bảng này không có xã đó.")
    return commune


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_POST
def save_grid_cell(
    request: HttpRequest,
    unit: UnitVersion,
    on: date,
    set_code: str,
    number: int,
    commune: str,
    indicator: str,
) -> HttpResponse:
    if (stopped := of_another_user(request)) is not None:
        return stopped
    page = replace(grid_page(request, unit, set_code, number), indicator=indicator)
    if indicator not in {one.code for one in entered(page.criterion)}:
        raise Http404(f"Tiêu chí {number} không có chỉ tiêu {indicator}.")
    version = commune_in(page, commune)
    cell = page.grid([version]).rows[0].cells[0].cell
    form = CellForm(request.POST, cell=cell, month=page.on)
    if not form.is_valid():
        return _answer(request, page, version, 422, state="refused", error=form.message)
    try:
        entry.save(
            commune=version,
            indicator_id=cell.indicator.id,
            finding=finding_for(cell, form.finding),
            seen=form.cleaned_data["seen"],
            by=request.user,  # type: ignore[arg-type]
            request_id=form.cleaned_data["request_id"],
            ip=address_of(request),
        )
    except EntryRefused as error:
        return _answer(request, page, version, 422, state="asks", error=str(error))
    except ChangedMeanwhile as error:
        return _answer(request, page, version, 409, state="conflict", conflict=error.current)
    return _answer(request, page, version, 200, state="saved")


def _answer(
    request: HttpRequest, page: GridPage, commune: UnitVersion, status: int, **how: Any
) -> HttpResponse:
    """The cell as it stands now, with the outcome of its row and the counts above the sheet."""
    row = page.grid([commune]).rows[0]
    typed = request.POST.dict() if status != 200 else None
    cell: GridCell = replace(row.cells[0], typed=typed, **how)
    answer = figures(page.unit, page.on, set_code=page.asked.code)
    context = {
        "cell": cell,
        "outcome": drawing.outcome(row, swapped=True),
        "sent_back": drawing.sent_back(row, swapped=True),
        "summary": _summary(page, answer),
        "oob": True,
    }
    return TemplateResponse(request, "entry_grid.html#saved", context, status=status)


@on_unit(Permission.ENTER, Tier.PROVINCE)
@require_POST
def save_grid_row(
    request: HttpRequest, unit: UnitVersion, on: date, set_code: str, number: int, commune: str
) -> HttpResponse:
    """The whole row as one form: the way of a browser without scripts."""
    page = grid_page(request, unit, set_code, number)
    version = commune_in(page, commune)
    cells, said = [], []
    for one in page.grid([version]).rows[0].cells:
        form = CellForm(request.POST, cell=one.cell, month=page.on, prefix=one.prefix)
        if not form.is_valid():
            said.append(f"{one.cell.indicator.code}: {form.message}")
        elif form.has_finding and not unchanged(one.cell, form.finding):
            cells.append(
                BlockCell(
                    commune=version,
                    indicator_id=one.cell.indicator.id,
                    finding=form.finding,
                    seen=form.cleaned_data["seen"],
                )
            )
    if not said:
        said = _saved_row(request, page, cells)
    for line in said:
        messages.error(request, f"{version.full_name} chưa lưu được. {line}")
    if not said:
        messages.success(request, f"Đã lưu {version.full_name}: {len(cells)} ô có thay đổi.")
    return redirect(f"{page.address}#row-{version.unit_id}")


def _saved_row(request: HttpRequest, page: GridPage, cells: list[BlockCell]) -> list[str]:
    """Store the cells of a row; what went wrong, nothing when it was stored."""
    try:
        save_block(
            province=page.unit.unit,
            cells=cells,
            by=request.user,  # type: ignore[arg-type]
            ip=address_of(request),
        )
    except EntryRefused as error:
        return [str(error)]
    except BlockRefused as error:
        return [why for _, why in error.faults]
    except BlockChanged as error:
        return [str(error)]
    return []
