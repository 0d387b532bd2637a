"""Decisions and plans as Excel files."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from communes.models import Tier, UnitVersion
from communes.roles import Permission
from communes.vietnamese import format_date
from criteria.decisions.forms import FilterForm
from criteria.decisions.reading import decisions
from criteria.guards import on_unit
from reports.papers.decisions import decisions_table
from reports.tables import Table
from reports.views.workbooks import attachment
from reports.workbook import workbook


@on_unit(Permission.READ, Tier.PROVINCE)
@require_GET
def decisions_workbook(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    wanted = FilterForm(request.GET).wanted
    found = [one for one in decisions(unit) if one.fits(**wanted)]
    return _file(unit, on, decisions_table(found), "Công nhận")


def _file(unit: UnitVersion, on: date, table: Table, about: str) -> HttpResponse:
    heading = f"{unit.full_name} · tính đến {format_date(on)}"
    content = workbook([table], heading=heading, simulated=unit.unit.clock.simulated)
    return attachment(content, f"NTM {unit.full_name} {about} {on.isoformat()}.xlsx")
