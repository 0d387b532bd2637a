"""A small province with an adopted set, for tests of the first floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from communes.audit import recording
from communes.models import DataClock, UnitVersion, User
from criteria import adoptions, entry, sets, standings
from criteria.definitions import definition
from criteria.entry import Finding
from criteria.models import Indicator, Result, Review
from criteria.rules.types import Outcome, SetDefinition
from tests.criteria.factories_sets import make_set
from tests.factories import make_commune, make_district, make_province, make_user

JANUARY, FEBRUARY, MARCH = date(2018, 1, 31), date(2018, 2, 28), date(2018, 3, 31)


@dataclass(frozen=True, kw_only=True)
class World:
    """A province whose working month is January 2018, its communes, its set and an officer."""

    province: UnitVersion
    communes: list[UnitVersion]
    asked: SetDefinition
    officer: User

    def indicator(self, code: str) -> int:
        """The id of an indicator of the set; "2*" is the conclusion on criterion 2."""
        number = code.removesuffix("*").split(".")[0]
        wanted = "*" if code.endswith("*") else code
        return Indicator.objects.get(
            criterion__set_id=self.asked.set_id, criterion__number=number, code=wanted
        ).pk

    def save(
        self,
        commune: UnitVersion,
        code: str,
        value: float | None = None,
        verdict: Outcome | None = None,
        **how: Any,
    ) -> None:
        """An officer's save of one cell, having seen what holds there unless `seen` is given."""
        indicator_id = self.indicator(code)
        held = how.pop("seen", ...)
        if held is ...:
            head = standings.heads([commune.unit_id], [indicator_id])[0]
            found = head.get(commune.unit_id, {}).get(indicator_id)
            held = found.result_id if found else None
        entry.save(
            commune=commune,
            indicator_id=indicator_id,
            finding=Finding(
                values=how.pop("values", {} if value is None else {"": Decimal(str(value))}),
                verdict=verdict,
                note=how.pop("note", ""),
            ),
            seen=held,
            by=self.officer,
            **how,
        )

    def record(
        self,
        commune: UnitVersion,
        indicator_id: int,
        verdict: Outcome,
        true_from: date,
        *,
        replaces: int | None = None,
        void: bool = False,
    ) -> Result:
        """A bare row of the ledger, without touching standings."""
        with recording(clock=commune.unit.clock_id, action="test", by=None) as pending:
            return Result.objects.create(
                unit_id=commune.unit_id,
                indicator_id=indicator_id,
                set_version_id=self.asked.version_id,
                true_from=true_from,
                verdict=verdict,
                judged_by="officer",
                cause="entry",
                replaces_id=replaces,
                void=void,
                change_id=pending.id,
            )

    def review(
        self, commune: UnitVersion, number: int, result_ids: list[int], *, confirms: bool = True
    ) -> Review:
        """A department's act on the given results, without touching standings."""
        criterion = next(c for c in self.asked.criteria if c.number == number)
        with recording(clock=commune.unit.clock_id, action="test", by=None) as pending:
            return Review.objects.create(
                unit_id=commune.unit_id,
                criterion_id=criterion.id,
                act="confirm" if confirms else "return",
                result_ids=result_ids,
                change_id=pending.id,
            )


def make_world(
    *,
    communes: int = 2,
    criteria: Mapping[int, Mapping[str, str]] | None = None,
    simulated: bool = True,
    **how: Any,
) -> World:
    """A province with one district; `how` goes to :func:`make_set`."""
    province = make_province(code="02", clock="08")
    DataClock.objects.filter(pk="08").update(simulated=simulated)
    province.unit.clock.refresh_from_db()
    district = make_district(province=province)
    adopted = make_set(
        criteria=criteria or {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}},
        **how,
    )
    adoptions.adopt(
        province=province.unit,
        set=adopted,
        from_on=date(2018, 1, 1),
        decision="01/QĐ-UBND",
        by=None,
    )
    return World(
        province=province,
        communes=[make_commune(parent=district) for _ in range(communes)],
        asked=definition(sets.version_in_force(adopted, JANUARY)),
        officer=make_user(),
    )
