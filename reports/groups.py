"""The groups of communes that figures can be narrowed to, or a province divided into.

A group is what a dated attribute of the commune says (border, zone, commune group), or the
recognition that it holds. The former is looked up on the day of the figures; what a closed month
froze (border, recognition) stays as it was frozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from communes.attribute_lists.values import LABELS
from communes.models import UnitAttribute, UnitVersion
from criteria import frozen
from criteria.figures import Figures
from criteria.kept import Kept
from criteria.models import CriteriaSet
from criteria.rules.status import TIERS
from criteria.rules.types import CommuneStanding
from reports.findings import lower

Key = UnitAttribute.Key

BORDER, NO_TIER = "border", "none"

GROUPS: Mapping[str, tuple[str, str, str]] = {
    BORDER: (Key.BORDER, "yes", "Xã biên giới"),
    **{
        f"{key}-{value}": (key, value, f"Xã {lower(label)}")
        for key in (Key.COMMUNE_GROUP, Key.DIFFICULTY_ZONE)
        for value, label in LABELS[key].items()
    },
    "difficult": (Key.SPECIAL_DIFFICULTY, "yes", "Xã đặc biệt khó khăn"),
    "safe-zone": (Key.SAFE_ZONE, "yes", "Xã an toàn khu (ATK)"),
}
"""Word of an address → (attribute, its value, how the communes are called)."""

type Members = Mapping[str, frozenset[int]]
"""Word of a group → the communes in it."""

_MEMBERS: Kept[tuple[int, date], Members] = Kept()


type Choice = tuple[str, str]
"""Word of an address, and how its communes are called."""


def members(within: UnitVersion, day: date) -> Members:
    """The groups of a unit's communes on a day that have any; nothing is asked when kept."""
    return _MEMBERS.one((within.unit_id, day), lambda: _members(within, day))


def choices(within: UnitVersion, day: date, chosen: str = "") -> list[Choice]:
    """The groups that are some of the communes of a unit, but not all; and the one `chosen`."""
    counted = len(frozen.communes_of(within, day))
    found = members(within, day)
    offered = {word for word in found if len(found[word]) < counted} | {chosen}
    return [(word, label) for word, (_, _, label) in GROUPS.items() if word in offered]


def commune_group(
    unit_id: int, within: UnitVersion, day: date
) -> tuple[str, frozenset[int]] | None:
    """How the communes of one's commune group are called, and which they are; None without one."""
    for word, inside in members(within, day).items():
        key, _, label = GROUPS[word]
        if key == Key.COMMUNE_GROUP and unit_id in inside:
            return label, inside
    return None


def tier_choices(answer: Figures, chosen: str) -> list[Choice]:
    """Communes without a recognition, and those with one; higher tiers where any is held."""
    held = {row.recognised_tier for row in answer.rows} | {chosen, TIERS[0]}
    return [(tier, tier_label(tier)) for tier in (NO_TIER, *TIERS) if tier in held | {NO_TIER}]


def tier_label(tier: str) -> str:
    """How the communes of :func:`tier_choices` are called."""
    if tier == NO_TIER:
        return "Xã chưa được công nhận"
    label = lower(str(CriteriaSet.SetTier(tier).label))
    return f"Xã đã được công nhận {label}" + (" trở lên" if tier != TIERS[-1] else "")


def holds(held: str, tier: str) -> bool:
    """Whether a commune with the recognition `held` ("": none) belongs to that choice."""
    if tier == NO_TIER or not held:
        return not held and tier == NO_TIER
    return TIERS.index(held) >= TIERS.index(tier)


def divided(answer: Figures) -> list[tuple[Choice, list[CommuneStanding]]]:
    """The communes of an answer by the commune group of its set, in order; [] without groups."""
    found = []
    for word, inside in members(answer.unit, answer.on).items():
        key, _, label = GROUPS[word]
        rows = [row for row in answer.rows if row.in_programme and row.unit_id in inside]
        if key == Key.COMMUNE_GROUP and rows:
            found.append(((word, label), rows))
    return found


def _members(within: UnitVersion, day: date) -> Members:
    ids = [place.unit_id for place in frozen.communes_of(within, day)]
    rows = UnitAttribute.objects.alive_on(day).filter(unit_id__in=ids)
    by_fact: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit_id, key, value in rows.values_list("unit_id", "key", "value"):
        by_fact[key, value].add(unit_id)
    return {
        word: frozenset(by_fact[key, value])
        for word, (key, value, _) in GROUPS.items()
        if (key, value) in by_fact
    }
