"""Rows of communes as known at a change number, and how a closed month keeps and gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from communes import units
from communes.models import Tier, UnitAttribute, UnitVersion
from criteria import ledger, recognition
from criteria.kept import Kept
from criteria.models import Basis, MonthClosing, MonthFigure, MonthStanding, Standing
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Outcome, SetDefinition, Tally

_OUTCOMES = {outcome.letter: outcome for outcome in Outcome}


def rows_as_known(
    definition: SetDefinition,
    within: UnitVersion,
    *,
    day: date,
    seq: int | None = None,
    until: date | None = None,
) -> list[CommuneStanding]:
    """Every commune of the programme within a unit on `day`, rolled up from the ledger.

    This is the look-up that needs nothing stored; `seq` None means all that is recorded. Facts
    count as far as `until`, which is `day` itself but for the days of a working month.
    """
    places = communes_of(within, day)
    ids = [place.unit_id for place in places]
    rows = _rolled_up(ids, definition, day=until or day, seq=seq)
    return placed(rows, places, day=day, seq=seq)


def rolled_up_again(
    rows: Sequence[CommuneStanding], definition: SetDefinition, *, day: date, seq: int | None
) -> list[CommuneStanding]:
    """The communes of a closed month anew from the ledger, as known at `seq` (None: all).

    A closed month keeps its own list: which communes it counts, their district and border are
    as it has them, whatever the register or an attribute says today.
    """
    ids = [row.unit_id for row in rows]
    again = _rolled_up(ids, definition, day=day, seq=seq)
    return listed_as(rows, again, recognition.statuses(ids, day=day, seq=seq))


def listed_as(
    rows: Sequence[CommuneStanding], again: Iterable[CommuneStanding], tiers: Mapping[int, str]
) -> list[CommuneStanding]:
    """`again` with its statuses, and with what a closed month says of each commune itself."""
    return [
        replace(
            new,
            recognised_tier=tiers.get(row.unit_id, ""),
            in_programme=row.in_programme,
            district_id=row.district_id,
            border=row.border,
        )
        for row, new in zip(rows, again, strict=True)
    ]


def _rolled_up(
    ids: Sequence[int], definition: SetDefinition, *, day: date, seq: int | None
) -> Iterator[CommuneStanding]:
    indicators = ledger.indicator_ids(definition)
    reported = ledger.reported(ids, indicators, day=day, seq=seq)
    confirmed = ledger.confirmed(ids, indicators, day=day, seq=seq)
    for unit_id in ids:
        yield rollup.standing(
            definition,
            unit_id=unit_id,
            heads=reported.get(unit_id, {}),
            heads_confirmed=confirmed.get(unit_id, {}),
        )


class Place(NamedTuple):
    """A commune of the programme on a day, the units above it, and whether it is on the border."""

    unit_id: int
    parent_id: int
    province_id: int
    border: bool


_PLACES: Kept[tuple[int, date], tuple[Place, ...]] = Kept()


def communes_of(within: UnitVersion, day: date) -> tuple[Place, ...]:
    """The communes that count within a unit on `day`, in alphabetical order.

    One small query when they are kept, as those of the whole country are not.
    """
    if within.unit.tier == Tier.COUNTRY:
        return _communes_of(within, day)
    return _PLACES.one((within.unit_id, day), lambda: _communes_of(within, day))


def _communes_of(within: UnitVersion, day: date) -> tuple[Place, ...]:
    flagged = UnitAttribute.objects.alive_on(day).filter(
        key=UnitAttribute.Key.BORDER, value="yes", unit_id=OuterRef("unit_id")
    )
    found = units.communes_in_programme(within, day).annotate(border=Exists(flagged))
    return tuple(Place(*row) for row in found.values_list(*Place._fields))


def placed(
    rows: Iterable[CommuneStanding],
    places: Sequence[Place],
    *,
    day: date,
    seq: int | None = None,
) -> list[CommuneStanding]:
    """`rows` with what is known of each commune beside its results: district, border, status."""
    by_unit = {row.unit_id: row for row in rows}
    ids = [place.unit_id for place in places]
    tiers = recognition.statuses(ids, day=day, seq=seq)
    return [
        replace(
            by_unit.get(place.unit_id)
            or CommuneStanding(unit_id=place.unit_id, met=0, met_confirmed=0, of=0),
            recognised_tier=tiers.get(place.unit_id, ""),
            district_id=place.parent_id if place.parent_id != place.province_id else None,
            border=place.border,
        )
        for place in places
    ]


def letters(outcomes: Mapping[int, Outcome]) -> dict[str, str]:
    """Outcomes as a standing stores them: criterion number → letter."""
    return {str(number): outcome.letter for number, outcome in outcomes.items()}


def outcomes(stored: dict[str, str]) -> dict[int, Outcome]:
    """The reverse of :func:`letters`."""
    return {int(number): _OUTCOMES[letter] for number, letter in stored.items()}


def month_standings(
    closing: MonthClosing, definition: SetDefinition, rows: Iterable[CommuneStanding]
) -> list[MonthStanding]:
    """The rows that a closing freezes, one per commune."""
    return [
        MonthStanding(
            closing=closing,
            unit_id=row.unit_id,
            set_id=definition.set_id,
            district_id=row.district_id,
            border=row.border,
            in_programme=row.in_programme,
            recognised_tier=row.recognised_tier,
            met=row.met,
            met_confirmed=row.met_confirmed,
            of=row.of,
            outcomes=letters(row.outcomes),
            outcomes_confirmed=letters(row.outcomes_confirmed),
        )
        for row in rows
    ]


_STANDING = ("unit_id", "met", "met_confirmed", "of", "outcomes", "outcomes_confirmed")
_FROZEN = (*_STANDING, "recognised_tier", "in_programme", "district_id", "border")


def rows_of(
    closing: MonthClosing, set_id: int, *, within: UnitVersion | None = None
) -> list[CommuneStanding]:
    """The communes of a closed month, all or those inside a unit, exactly as they were frozen."""
    return rows_of_sets(closing, [set_id], within=within).get(set_id, [])


def rows_of_sets(
    closing: MonthClosing, set_ids: Collection[int], *, within: UnitVersion | None = None
) -> dict[int, list[CommuneStanding]]:
    """:func:`rows_of` for several sets in one query; a set that was not frozen is missing."""
    stored = MonthStanding.objects.filter(closing=closing, set_id__in=list(set_ids))
    if within is not None and within.unit_id != closing.province_id:
        stored = stored.filter(Q(unit_id=within.unit_id) | Q(district_id=within.unit_id))
    return _by_set(stored.values("set_id", *_FROZEN))


def was_frozen(closing: MonthClosing, set_id: int) -> bool:
    """Whether the closing froze this set at all."""
    return MonthStanding.objects.filter(closing=closing, set_id=set_id).exists()


def rows_now(unit_ids: Collection[int], set_id: int) -> list[CommuneStanding]:
    """The standings as they are kept now, one row per commune that has any."""
    return rows_now_of_sets(unit_ids, [set_id]).get(set_id, [])


def rows_now_of_sets(
    unit_ids: Collection[int], set_ids: Collection[int]
) -> dict[int, list[CommuneStanding]]:
    """:func:`rows_now` for several sets in one query."""
    stored = Standing.objects.filter(unit_id__among=unit_ids, set_id__in=list(set_ids))
    return _by_set(stored.values("set_id", *_STANDING))


def _by_set(stored: Iterable[dict[str, Any]]) -> dict[int, list[CommuneStanding]]:
    found: dict[int, list[CommuneStanding]] = defaultdict(list)
    for row in stored:
        row["outcomes"] = outcomes(row["outcomes"])
        row["outcomes_confirmed"] = outcomes(row["outcomes_confirmed"])
        found[row.pop("set_id")].append(CommuneStanding(**row))
    return found


def month_figures(
    closing: MonthClosing, definition: SetDefinition, rows: Sequence[CommuneStanding]
) -> list[MonthFigure]:
    """The sums that a closing freezes: the province and each district, on both bases."""
    by_unit: dict[int, list[CommuneStanding]] = defaultdict(list)
    for row in rows:
        if row.district_id is not None:
            by_unit[row.district_id].append(row)
    by_unit[closing.province_id] = list(rows)
    return [
        MonthFigure(
            closing=closing,
            unit_id=unit_id,
            set_id=definition.set_id,
            basis=basis,
            figures=tally_json(
                rollup.tally(definition, members, confirmed=basis == Basis.CONFIRMED)
            ),
        )
        for unit_id, members in by_unit.items()
        for basis in Basis
    ]


def tally_json(tally: Tally) -> dict[str, Any]:
    """A tally as plain data, numerators and denominators together."""
    return {
        "communes": tally.communes,
        "assessed": tally.assessed,
        "recognised": tally.recognised,
        "recognised_border": tally.recognised_border,
        "border": tally.border,
        "criteria_met": tally.criteria_met,
        "brackets": [
            {"label": b.label, "low": b.low, "high": b.high, "communes": b.communes}
            for b in tally.brackets
        ],
        "criteria": [
            {"number": c.number, "name": c.name, "met": c.met, "communes": c.communes}
            for c in tally.criteria
        ],
    }
