"""Closed months with the results a test names, without recording them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from communes.audit import recording
from communes.models import DataClock, UnitVersion
from criteria import frozen, sets
from criteria.definitions import definition
from criteria.models import Basis, CriteriaSet, MonthClosing, MonthFigure, MonthStanding
from criteria.rules.types import CommuneStanding, Outcome


def close_with(
    province: UnitVersion,
    month: date,
    met: Mapping[UnitVersion, int],
    *,
    set: CriteriaSet | None = None,
    recognised: tuple[UnitVersion, ...] = (),
    advanced: tuple[UnitVersion, ...] = (),
) -> MonthClosing:
    """Close a month in which each commune met so many criteria, by the headline set or `set`."""
    adopted = set or sets.headline_set(province.unit_id, month)
    assert adopted is not None
    asked = definition(sets.version_in_force(adopted, month))
    tiers = dict.fromkeys(recognised, "standard") | dict.fromkeys(advanced, "advanced")
    rows = [_row(one, number, asked, tiers.get(one, "")) for one, number in met.items()]
    clock = province.unit.clock_id
    with recording(clock=clock, action="months.close", by=None) as pending:
        closing = MonthClosing.objects.create(
            province_id=province.unit_id,
            month=month,
            no=1,
            seq=DataClock.objects.get(pk=clock).seq,
            basis=Basis.REPORTED,
            change_id=pending.id,
        )
        MonthStanding.objects.bulk_create(frozen.month_standings(closing, asked, rows))
        MonthFigure.objects.bulk_create(frozen.month_figures(closing, asked, rows))
    return closing


def _row(version: UnitVersion, met: int, asked, tier: str) -> CommuneStanding:
    outcomes = {
        criterion.number: Outcome.MET if place < met else Outcome.NOT_MET
        for place, criterion in enumerate(asked.criteria)
    }
    return CommuneStanding(
        unit_id=version.unit_id,
        met=met,
        met_confirmed=met,
        of=len(asked.criteria),
        outcomes=outcomes,
        outcomes_confirmed=outcomes,
        recognised_tier=tier,
        district_id=version.parent_id if version.parent_id != version.province_id else None,
    )
