"""A simulated plan for the year that a province's history ends in: targets and a list.

Invented like the results; its documents are marked MP like the simulated decisions.
"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from communes import units
from communes.models import Unit, User
from criteria import months
from criteria.figures import figures
from criteria.models import Target
from criteria.plans import acts

COMMUNES = 8
"""How many are registered: those not recognised that lack the fewest criteria."""
GROWTH = Decimal("0.5")


def plan(*, province: Unit, by: User, at: datetime) -> None:
    """Record targets and registrations for the year of the province's working month."""
    day = months.month_end(months.working_day(province))
    answer = figures(units.version_of(province.pk, day), day)
    tally = answer.headline
    rows = [row for row in answer.rows if row.assessed and not row.recognised_tier]
    closest = sorted(rows, key=lambda row: (row.of - row.met, row.unit_id))[:COMMUNES]
    how = {"year": day.year, "by": by, "simulated_at": at}
    document = f"Kế hoạch MP-{day:%y}/KH-UBND (mô phỏng)"
    aims = {Target.What.RECOGNISED: Decimal(tally.recognised + len(closest))}
    if tally.average is not None:
        average = (tally.average + GROWTH).quantize(Decimal("0.1"), ROUND_HALF_UP)
        aims[Target.What.AVERAGE] = min(average, Decimal(len(answer.asked.criteria)))
    for what, value in aims.items():
        acts.set_target(province=province, what=what, value=value, decision=document, **how)  # type: ignore[arg-type]
    if closest:
        found = Unit.objects.in_bulk([row.unit_id for row in closest])
        acts.register(units=list(found.values()), tier=answer.asked.tier, **how)  # type: ignore[arg-type]
