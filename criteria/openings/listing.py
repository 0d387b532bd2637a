"""The new units of a province: whose start is decided, and whose is waiting for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef

from communes import units
from communes.models import EventUnit, Succession, UnitVersion
from criteria.openings.loading import starts
from criteria.openings.shapes import Counted, Start
from criteria.rules.opening import Pick


class State(StrEnum):
    """How far the start of a unit is decided."""

    DONE = "done"
    WAITING = "waiting"
    NOTHING = "nothing"
    ORPHAN = "orphan"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A new commune of the programme, as it is called on the day, with its start."""

    version: UnitVersion
    start: Start

    @property
    def proposed(self) -> Counted:
        """How the unit would start by the proposal, under the headline set."""
        return self.start.counted(self.start.proposal(Pick.LOWEST))[0]

    @property
    def state(self) -> State:
        """ORPHAN: nobody knows its predecessors; NOTHING: nothing of them was ever recorded."""
        if self.start.recorded is not None:
            return State.DONE
        if not self.start.old:
            return State.ORPHAN
        return State.WAITING if self.start.lowest else State.NOTHING


def new_units(province: UnitVersion, on: date) -> list[Listed]:
    """Communes of the programme on `on` that a rearrangement began, the latest first."""
    edges = Succession.objects.filter(new_id=OuterRef("unit_id"), event__withdrawn=False)
    began = EventUnit.objects.filter(
        unit_id=OuterRef("unit_id"), part=EventUnit.Part.BEGAN, event__withdrawn=False
    )
    alive = units.communes_in_programme(province, on)
    versions = list(alive.filter(Exists(edges) | Exists(began)))
    found = starts([version.unit_id for version in versions])
    rows = [Listed(version=version, start=found[version.unit_id]) for version in versions]
    return sorted(
        (row for row in rows if row.start.first_day is not None and row.start.first_day <= on),
        key=lambda row: row.start.first_day or date.min,
        reverse=True,
    )
