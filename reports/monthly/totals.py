"""Sums that several parts of the report share: of districts, of tiers, of one commune. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from criteria.rules import rollup
from criteria.rules.status import TIERS
from criteria.rules.types import CommuneStanding, Outcome, Tally
from reports.monthly.inputs import Compared, Inputs, Moment, Part

TIER_NAMES = {
    "standard": "nông thôn mới",
    "advanced": "nông thôn mới nâng cao",
    "model": "nông thôn mới kiểu mẫu",
    "modern": "nông thôn mới hiện đại",
}
FIRST_YEAR_OF_MODERN = 2026
"""From the set of 2026–2030 on the highest tier is "hiện đại"; before it was "kiểu mẫu"."""


def met(row: CommuneStanding | None, moment: Moment) -> int | None:
    """Criteria that a commune meets by the basis of the report; None where nothing is known."""
    if row is None or not row.assessed:
        return None
    return row.met_by(moment.confirmed)


def outcome(row: CommuneStanding, number: int, moment: Moment) -> Outcome:
    found = row.outcomes_by(moment.confirmed)
    return found.get(number, Outcome.NOT_ASSESSED)


def with_tier(moment: Moment, tier: str) -> int:
    """Communes that hold a tier or a higher one, which contains it."""
    return sum(holds(row, tier) for row in moment.rows.values() if row.in_programme)


def holds(row: CommuneStanding, tier: str) -> bool:
    """Whether a commune holds a tier; a higher one contains it."""
    return bool(row.recognised_tier) and TIERS.index(row.recognised_tier) >= TIERS.index(tier)


def higher_tiers(year: int) -> Sequence[str]:
    return ("advanced", "modern" if year >= FIRST_YEAR_OF_MODERN else "model")


@dataclass(frozen=True, kw_only=True)
class PartTally:
    """A part with its sums on the day, and at the start of the year where that compares."""

    part: Part
    now: Tally
    start: Tally | None


NOT_PLACED = Part(id=0, name="Chưa xếp địa bàn, nhóm")
"""Communes in no part stand in a row of their own, so that the rows add up."""


def parts(inputs: Inputs) -> list[PartTally]:
    """Every part with the communes that the report puts in it; where there are none, no rows."""
    if not inputs.parts:
        return []
    members: dict[int, set[int]] = {}
    for commune in inputs.communes:
        place = NOT_PLACED.id if commune.part is None else commune.part
        members.setdefault(place, set()).add(commune.unit_id)
    return [
        PartTally(
            part=part,
            now=_tally(inputs, inputs.now, members[part.id]),
            start=_earlier(inputs, inputs.start, members[part.id]),
        )
        for part in (*inputs.parts, NOT_PLACED)
        if part.id in members
    ]


def _earlier(inputs: Inputs, compared: Compared, members: set[int]) -> Tally | None:
    return _tally(inputs, compared.base, members) if compared.base else None


def _tally(inputs: Inputs, moment: Moment, members: set[int]) -> Tally:
    rows = (row for unit_id, row in moment.rows.items() if unit_id in members)
    return rollup.tally(inputs.asked, rows, confirmed=moment.confirmed)
