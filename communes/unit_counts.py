"""How many units of which kind there are inside a unit on a day, and what changes that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from communes import units
from communes.models import EventUnit, Kind, Tier, UnitEvent, UnitVersion

TIERS = (Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE)
PLURALS: Mapping[Tier, str] = {
    Tier.PROVINCE: "provinces",
    Tier.DISTRICT: "districts",
    Tier.COMMUNE: "communes",
}


@dataclass(frozen=True, kw_only=True)
class UnitCounts:
    """The units inside one unit on one day.

    `kinds`: tier → kind → how many. `changes`: tier → what happens on the day itself → how
    many: ended, began, reclassify, rename, move; a unit may count under several of the last.
    """

    unit: UnitVersion
    on: date
    kinds: dict[Tier, dict[str, int]]
    changes: dict[Tier, dict[str, int]]
    in_programme: int

    def total(self, tier: Tier) -> int:
        return sum(self.kinds[tier].values())


def count(version: UnitVersion, on: date) -> UnitCounts:
    """Count the units inside `version`, itself left out unless it is a commune.

    Raises units.DateNotLoaded.
    """
    units.require_day_of(version, on)
    inside = UnitVersion.objects.alive_on(on).within(version)
    if version.unit.tier != Tier.COMMUNE:
        inside = inside.exclude(unit_id=version.unit_id)
    kinds: dict[Tier, dict[str, int]] = {tier: {} for tier in TIERS}
    rows = inside.exclude(unit__tier=Tier.COUNTRY).values_list("unit__tier", "kind")
    for tier, kind, number in rows.annotate(n=Count("pk")).order_by("kind"):
        kinds[Tier(tier)][kind] = number
    return UnitCounts(
        unit=version,
        on=on,
        kinds=kinds,
        changes=_changes(version, on),
        in_programme=units.communes_in_programme(version, on).count(),
    )


def _changes(version: UnitVersion, on: date) -> dict[Tier, dict[str, int]]:
    """What happens that day to units that lie inside, or did until the day before."""
    touched = UnitVersion.objects.filter(Q(valid__startswith=on) | Q(valid__endswith=on))
    inside = touched.within(version).values("unit_id")
    before: dict[int, UnitVersion] = {}
    after: dict[int, UnitVersion] = {}
    for row in touched.filter(unit_id__in=inside).select_related("unit"):
        (after if row.starts_on == on else before)[row.unit_id] = row
    changes: dict[Tier, Counter[str]] = {tier: Counter() for tier in TIERS}
    for unit_id in before | after:
        old, new = before.get(unit_id), after.get(unit_id)
        tier = Tier((old or new).unit.tier)
        changes[tier].update(_what(old, new))
    return {tier: dict(sorted(found.items())) for tier, found in changes.items()}


def _what(old: UnitVersion | None, new: UnitVersion | None) -> list[str]:
    if old is None:
        return [EventUnit.Part.BEGAN.value]
    if new is None:
        return [EventUnit.Part.ENDED.value]
    differs = {
        UnitEvent.Kind.RECLASSIFY: old.kind != new.kind,
        UnitEvent.Kind.RENAME: old.name != new.name,
        UnitEvent.Kind.MOVE: old.parent_id != new.parent_id,
    }
    return [what.value for what, so in differs.items() if so]


def as_json(answer: UnitCounts) -> dict[str, Any]:
    """The answer as plain data with fixed keys."""
    return {
        "unit": answer.unit.code,
        "unit_name": answer.unit.full_name,
        "on": answer.on.isoformat(),
        **{PLURALS[tier]: answer.total(tier) for tier in TIERS},
        "in_programme": answer.in_programme,
        "kinds": {PLURALS[tier]: answer.kinds[tier] for tier in TIERS},
        "changes": {PLURALS[tier]: answer.changes[tier] for tier in TIERS},
    }


def label_of_kind(kind: str) -> str:
    """ "xã", "phường", "thành phố" inside a sentence."""
    return Kind(kind).label.lower()


def label_of_change(what: str) -> str:
    """What happened to a unit, inside a sentence."""
    parts = EventUnit.Part
    label = parts(what).label if what in parts.values else UnitEvent.Kind(what).label
    return label.lower()
