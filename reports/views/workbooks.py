"""The pages as Excel files."""

from datetime import date
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from communes.vietnamese import fold
from criteria.cells import sheet
from criteria.figures import Figures, figures
from criteria.guards import on_unit
from reports.overview import overview
from reports.overview_tables import heading, overview_tables, sheet_table
from reports.tables import Table
from reports.workbook import CONTENT_TYPE, workbook


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def overview_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    page = overview(unit, on)
    return download(page.answer, overview_tables(page))


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    found = sheet(unit, on)
    if found is None:
        raise Http404("Ngày này chưa áp dụng bộ tiêu chí nào.")
    return download(figures(unit, on), [sheet_table(found)])


def download(answer: Figures, tables: list[Table], *, about: str = "") -> HttpResponse:
    """The tables as a file named after the unit, what they are about, and the day."""
    content = workbook(tables, heading=heading(answer), simulated=answer.simulated)
    subject = f"{answer.unit.full_name} {about}".strip()
    return attachment(content, f"NTM {subject} {answer.on.isoformat()}.xlsx")


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook to be saved under a name with accents, and one without for old browsers."""
    plain = fold(name).replace(" ", "-").replace('"', "")
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{plain}"; '
            f"filename*=UTF-8''{quote(name)}"
        },
    )
