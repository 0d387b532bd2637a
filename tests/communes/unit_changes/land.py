"""A province without districts, as they all are since 1/7/2025, and acts on its communes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communes import unit_changes
from communes.audit import recording
from communes.models import Kind, UnitEvent, UnitVersion
from communes.unit_changes import NewUnit, Plan, Rearrangement, writing
from tests.factories import days, make_commune, make_province

REFORM, DAY, LATER = date(2025, 7, 1), date(2026, 12, 1), date(2027, 3, 1)
INSTRUMENT = "1700/NQ-UBTVQH16"


@dataclass
class Land:
    """Lạng Sơn with communes A, B, C, D since the reform, and Tuyên Quang with one."""

    province: UnitVersion
    communes: dict[str, UnitVersion] = field(default_factory=dict)

    def ids(self, names: str) -> tuple[int, ...]:
        return tuple(self.communes[name].unit_id for name in names)

    def merger(self, names: str = "ABC", **how: Any) -> Rearrangement:
        return rearrangement(
            ends=self.ids(names),
            begins=how.pop("begins", (NewUnit(code="06001", name="Hợp Nhất", kind="xa"),)),
            **how,
        )

    def plan(self, asked: Rearrangement) -> Plan:
        return unit_changes.plan(asked, province=self.province.unit)

    def record(self, asked: Rearrangement) -> UnitEvent:
        """As the act on the floor above does, without its questions about months."""
        planned = self.plan(asked)
        with recording(clock="20", action="test", by=None) as pending:
            return writing.write(planned, pending)

    def undo(self, event: UnitEvent) -> None:
        with recording(clock="20", action="test", by=None) as pending:
            writing.undo(event, pending)

    def named(self, on: date) -> dict[str, str]:
        """code → name of the commune-level units of the province on a day."""
        inside = UnitVersion.objects.alive_on(on).communes().within(self.province)
        return dict(inside.values_list("code", "name"))


def rearrangement(**how: Any) -> Rearrangement:
    given = {"kind": UnitEvent.Kind.MERGE, "effective_on": DAY, "instrument": INSTRUMENT}
    return Rearrangement(**given | how)


def make_land() -> Land:
    province = make_province(code="20", name="Lạng Sơn", clock="20")
    elsewhere = make_province(code="08", name="Tuyên Quang", clock="08")
    found = Land(province=province)
    for number, name in enumerate("ABCD", start=1):
        found.communes[name] = make_commune(
            parent=province,
            code=f"0600{number}",
            name=f"Xã {name}".removeprefix("Xã "),
            kind=Kind.COMMUNE,
            valid=days(REFORM),
        )
    found.communes["X"] = make_commune(
        parent=elsewhere, code="02600", name="Xa Lạ", valid=days(REFORM)
    )
    return found
