"""Decisions and plans as Excel files."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from communes.vietnamese import format_date
from criteria.decisions.forms import FilterForm
from criteria.decisions.reading import decisions
from criteria.figures import figures
from criteria.guards import on_unit
from criteria.plans.reading import plan
from criteria.views.plans import year_and_tier
from reports.papers.decisions import decisions_table
from reports.papers.plans import plan_table
from reports.tables import Table
from reports.views.workbooks import attachment
from reports.workbook import workbook


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def decisions_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    wanted = FilterForm(request.GET).wanted
    answer = figures(unit, on, known=request.known)  # type: ignore[attr-defined]
    every = decisions(unit, seq=answer.how.seq if answer.known else None)
    found = [one for one in every if one.fits(**wanted)]
    return _file(unit, on, decisions_table(found), "Công nhận")


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def plans_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    year, tier = year_and_tier(request, on)
    try:
        found = plan(unit, year=year, tier=tier, known=request.known)  # type: ignore[attr-defined]
    except LookupError as error:
        raise Http404(str(error)) from error
    return _file(unit, on, plan_table(found), f"Đăng ký {year}")


def _file(unit: UnitVersion, on: date, table: Table, about: str) -> HttpResponse:
    heading = f"{unit.full_name} · tính đến {format_date(on)}"
    content = workbook([table], heading=heading, simulated=unit.unit.clock.simulated)
    return attachment(content, f"NTM {unit.full_name} {about} {on.isoformat()}.xlsx")
