"""The page of one commune: standing, criteria, indicators, decisions, history, lineage."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes import units
from communes.access import permissions
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria.beside import counts_beside
from criteria.days import has_ended
from criteria.guards import on_unit
from criteria.models import Recognition
from criteria.openings import told
from criteria.sheets import sheet
from reports.asked import Asked, asked_in
from reports.commune_history import commune_history
from reports.lineage_page import lineage_view
from reports.position import position
from reports.readings import Reading
from reports.rereading import reread
from reports.screens import Moment


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def commune_page(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    asked = asked_in(request, unit, on)
    answer = asked.answer(unit, on, request.known)  # type: ignore[attr-defined]
    found = sheet(unit, answer, basis=answer.basis)
    province = units.province_of(unit, on)
    me: User = request.user  # type: ignore[assignment]
    held = permissions(me, unit)
    lineage = lineage_view(unit, on, me)
    reading = Reading.asked(request.GET.get("reading"))
    context = {
        "unit": unit,
        "on": on,
        "answer": answer,
        "reread": reread(answer),
        "standing": answer.rows[0] if answer.rows else None,
        "sheet": found,
        "beside": counts_beside(unit, answer, basis=answer.basis),
        "asked_set": asked.set_code,
        "cell_query": _cell_query(request, on, asked),
        "decisions": Recognition.objects.filter(
            unit_id=unit.unit_id,
            effective_on__lte=on,
            **({} if answer.how.seq is None else {"change__seq__lte": answer.how.seq}),
        )
        .select_related("set_version__set")
        .order_by("-effective_on", "-pk"),
        "lineage": lineage,
        "history": commune_history(unit, answer, lineage, reading),
        "opening": told(unit.unit_id, seq=answer.how.seq),
        "may_decide": Permission.DECIDE_OPENINGS in held,
        # A commune outside the programme, or one that has ended, is not entered.
        "may_enter": bool(answer.rows) and not has_ended(unit) and Permission.ENTER in held,
        "province": province if Permission.READ in permissions(me, province) else None,
    }
    return TemplateResponse(request, "commune.html", context)


def _cell_query(request: HttpRequest, on: date, asked: Asked) -> str:
    """What the addresses of the pages of its cells keep."""
    known = request.known  # type: ignore[attr-defined]
    moment = Moment(on=on, known=known.address if known else "")
    return "?" + "&".join(filter(None, [moment.query(), asked.query_of_parts]))


@on_unit(Permission.READ, Tier.COMMUNE)
@require_GET
def position_strip(request: HttpRequest, unit: UnitVersion, on: date) -> HttpResponse:
    """Where the commune stands among others: fetched after its page, counts without names."""
    answer = asked_in(request, unit, on).answer(unit, on, request.known)  # type: ignore[attr-defined]
    context = {"unit": unit, "on": on, "answer": answer, "position": position(unit, answer)}
    part = "#strip" if request.htmx else ""  # type: ignore[attr-defined]
    return TemplateResponse(request, f"position.html{part}", context)
