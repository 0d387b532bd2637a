"""The pages as Excel files."""

from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from communes.access import people_managers
from communes.models import Tier, UnitVersion
from communes.people import listing
from communes.roles import Permission
from communes.vietnamese import fold
from criteria.figures import Figures
from criteria.guards import on_unit
from criteria.sheets import sheet
from reports.asked import asked_in
from reports.overview import overview
from reports.overview_tables import heading, overview_tables, sheet_table
from reports.people_tables import people_heading, people_table
from reports.readings import Reading
from reports.tables import Table
from reports.workbook import CONTENT_TYPE, workbook


@on_unit(Permission.READ, Tier.PROVINCE, Tier.DISTRICT)
@require_GET
def overview_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    asked = asked_in(request, unit, on)
    page = overview(unit, on, Reading.asked(request.GET.get("reading")), request.known, asked)
    return download(page.answer, overview_tables(page), only=asked.only)


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    answer = asked_in(request, unit, on).answer(unit, on, request.known)
    found = sheet(unit, answer, basis=answer.basis)
    if found is None:
        raise Http404("Ngày này chưa áp dụng bộ tiêu chí nào.")
    return download(answer, [sheet_table(found)])


@people_managers
@require_GET
def people_workbook(request: HttpRequest) -> HttpResponse:
    """The people of the page with its filters, all pages of it."""
    filters = listing.Filters.read(request.GET)
    today = timezone.localdate()
    table = people_table(listing.rows(request.user, filters), filters)  # type: ignore[arg-type]
    content = workbook(
        [table], heading=people_heading(filters, today), simulated=bool(settings.DEMO)
    )
    return attachment(content, f"NTM Người dùng {today.isoformat()}.xlsx")


def download(
    answer: Figures, tables: list[Table], *, about: str = "", only: str = ""
) -> HttpResponse:
    """The tables as a file named after the unit, what they are about, and the day.

    `only` says on every sheet which communes are counted where not all are.
    """
    said = " · ".join(filter(None, (heading(answer), only)))
    content = workbook(tables, heading=said, simulated=answer.simulated)
    subject = " ".join(filter(None, (answer.unit.full_name, about, only)))
    return attachment(content, f"NTM {subject} {answer.on.isoformat()}.xlsx")


def attachment(content: bytes, name: str, *, content_type: str = CONTENT_TYPE) -> HttpResponse:
    """A file to be saved under a name with accents, and one without for old browsers."""
    plain = fold(name).replace(" ", "-").replace('"', "").encode("ascii", "ignore").decode()
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{plain}"; '
            f"filename*=UTF-8''{quote(name)}"
        },
    )
