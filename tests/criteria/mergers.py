"""A merger in the small province: old communes that end in January 2018, and what follows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes.models import EventUnit, Succession, Unit, UnitEvent, UnitVersion
from criteria import openings, recognition
from criteria.models import SetVersion, Standing
from criteria.rules.opening import Pick
from criteria.rules.types import Outcome
from tests.criteria.world import World, make_world
from tests.factories import days, make_commune, make_district

BEFORE, MERGED_ON = date(2018, 1, 10), date(2018, 1, 15)
THREE: Mapping[int, Mapping[str, str]] = {
    1: {"1.1": ">= 80", "1.2": "yes"},
    2: {"2": "by-province"},
    3: {"3": "yes"},
}
DOCUMENT = "Nghị quyết 01/NQ-HĐND ngày 20/12/2017"


@dataclass(frozen=True, kw_only=True)
class Merger:
    """Old communes A, B, … of which one new commune was made on 15/1/2018."""

    world: World
    old: list[UnitVersion]
    new: UnitVersion

    def find(self, old: int, code: str, verdict: Outcome | None = None, **how: Any) -> None:
        """A result of an old commune before the merger."""
        self.world.save(self.old[old], code, verdict=verdict, true_from=BEFORE, **how)

    def start(self) -> openings.Start:
        return openings.start(self.new.unit_id)

    def take_over(self, pick: Pick = Pick.LOWEST, **how: Any) -> int:
        how = {"document": DOCUMENT, "by": self.world.officer} | how
        return openings.take_over(unit=self.new.unit, pick=pick, **how)

    def undo(self, reason: str = "Ghi nhầm xã") -> int:
        return openings.undo(units=[self.new.unit], reason=reason, by=self.world.officer)

    def recognise(self, *versions: UnitVersion, tier: str = "standard", on: date = BEFORE) -> None:
        recognition.recognise(
            units=[version.unit for version in versions],
            tier=tier,
            set_version=SetVersion.objects.get(pk=self.world.asked.version_id),
            number="15/QĐ-UBND",
            decided_on=on,
            year=2017,
            by=None,
        )

    def key(self, number: int) -> tuple[int, int]:
        return (self.world.asked.set_id, number)

    def met(self) -> int:
        """Criteria met by the new commune now."""
        found = Standing.objects.filter(unit=self.new.unit, set_id=self.world.asked.set_id).first()
        return found.met if found else 0


def make_merger(
    *,
    old: int = 2,
    split: Collection[int] = (),
    kinds: Mapping[int, str] | None = None,
    inferred: bool = False,
    world: World | None = None,
    criteria: Mapping[int, Mapping[str, str]] = THREE,
    names: str = "ABCDEFGHIK",
    **how: Any,
) -> Merger:
    """A merger of `old` communes; those in `split` only in part. `how` goes to make_world."""
    world = world or make_world(communes=0, criteria=criteria, **how)
    district = make_district(province=world.province, code="030", name="Mèo Vạc")
    olds = [
        make_commune(
            parent=district,
            name=names[number],
            kind=(kinds or {}).get(number, "xa"),
            valid=days(None, MERGED_ON),
        )
        for number in range(old)
    ]
    new = make_commune(parent=district, name="Mới", valid=days(MERGED_ON))
    join(new.unit, [v.unit for v in olds], parts=[olds[n].unit for n in split], inferred=inferred)
    return Merger(world=world, old=olds, new=new)


def join(
    new: Unit,
    olds: Collection[Unit],
    *,
    on: date = MERGED_ON,
    parts: Collection[Unit] = (),
    inferred: bool = False,
) -> UnitEvent:
    """The event that made `new` of `olds`."""
    event = UnitEvent.objects.create(
        clock_id=new.clock_id,
        kind="merge",
        effective_on=on,
        instrument="Nghị quyết 01/NQ-UBTVQH14",
        inferred=inferred,
    )
    EventUnit.objects.create(event=event, unit=new, part="began")
    for old in olds:
        EventUnit.objects.create(event=event, unit=old, part="ended")
        Succession.objects.create(
            event=event, old=old, new=new, extent="part" if old in parts else "whole"
        )
    return event


def make_known_merger() -> Merger:
    """A meets criteria 1 and 2, B only 3 (it fails 1 and says nothing of 2)."""
    merger = make_merger()
    merger.find(0, "1.1", value=85)
    merger.find(0, "1.2", Outcome.MET)
    merger.find(0, "2", Outcome.MET)
    merger.find(0, "3", Outcome.NOT_MET)
    merger.find(1, "1.1", value=70)
    merger.find(1, "1.2", Outcome.MET)
    merger.find(1, "3", Outcome.MET)
    return merger


def make_next_merger(first: Merger, *, code: str, old: str = "XY", new: str = "Thứ hai") -> Merger:
    """Another merger of the same day and province; nothing is known of its communes yet."""
    district = make_district(province=first.world.province, code=code, name=f"Huyện {code}")
    olds = [make_commune(parent=district, name=name, valid=days(None, MERGED_ON)) for name in old]
    commune = make_commune(parent=district, name=new, valid=days(MERGED_ON))
    join(commune.unit, [one.unit for one in olds])
    return Merger(world=first.world, old=olds, new=commune)
