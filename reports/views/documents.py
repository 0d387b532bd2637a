"""Documents to be printed and signed."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.models import Tier, UnitVersion
from communes.roles import Permission
from criteria import months
from criteria.figures import figures
from criteria.guards import on_unit, set_in_address
from criteria.sheets import sheet
from reports.documents.yearly_sheet import YearlySheet, as_pdf, as_word, title, yearly_sheet
from reports.views.workbooks import attachment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


PDF = "application/pdf"


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def yearly_sheet_file(request: HttpRequest, unit: UnitVersion, on: date, year: int) -> HttpResponse:
    """The sheet of 31/12 of a year as a Word file, a draft of it while the year lasts."""
    if request.GET.get("format", "docx") != "docx":
        raise Http404("Địa chỉ này chỉ có dạng Word (docx).")
    page = _sheet(request, unit, year)
    return attachment(as_word(page), f"{title(page)}.docx", content_type=WORD)


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def yearly_sheet_pdf(request: HttpRequest, unit: UnitVersion, on: date, year: int) -> HttpResponse:
    """The same as a PDF file."""
    page = _sheet(request, unit, year)
    return attachment(as_pdf(page), f"{title(page)}.pdf", content_type=PDF)


def _sheet(request: HttpRequest, unit: UnitVersion, year: int) -> YearlySheet:
    """What is printed; Http404 for a year of which the commune has no sheet."""
    none = f"Không có phiếu đánh giá năm {year} của {unit.full_name}."
    try:
        day = min(date(year, 12, 31), months.month_end(months.working_day(unit.province)))
        commune = units.version_of(unit.unit_id, day)
    except (ValueError, LookupError) as error:
        raise Http404(none) from error
    set_code = set_in_address(request, commune, day)
    answer = figures(commune, day, set_code=set_code, known=request.known)
    found = sheet(commune, answer) if answer.rows and day.year == year else None
    if found is None:
        raise Http404(none)
    return yearly_sheet(commune, found, answer)
