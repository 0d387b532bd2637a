"""The one door to figures: page, report and command line all ask here.

A closed month-end is answered from what was frozen, the working month from the standings,
any other day by a look-up in the ledger. Each answer carries its set, basis, day and source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from communes import units
from communes.models import Tier, Unit, UnitVersion
from communes.vietnamese import rounded
from criteria import frozen, months, sets
from criteria.definitions import definition
from criteria.knowledge import Knowledge
from criteria.models import Basis, CriteriaSet, MonthClosing
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, SetDefinition, Tally
from criteria.sets import ProvinceSets

AVERAGE_PLACES = 2


class Source(StrEnum):
    """Where the rows of an answer were read."""

    CLOSED = "closed"
    NOW = "now"
    LOOKUP = "lookup"
    KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class How:
    """Where and as known when an answer is read; every look-up beside it asks the same.

    `day` is the day whose facts count, `seq` the number up to which changes do (None: all).
    `closing` is the closing that answers; `closed` the one that does not, as the month is read
    again as `known`. `beyond` is the end of the working month where the day lies after it:
    nothing was entered for such a day yet.
    """

    source: Source
    day: date
    seq: int | None = None
    known: Knowledge | None = None
    closing: MonthClosing | None = None
    closed: MonthClosing | None = None
    beyond: date | None = None

    @property
    def basis(self) -> Basis:
        """What the headline uses unless another basis is asked for: fixed when a month closes."""
        closing = self.closing or self.closed
        return Basis(closing.basis) if closing else Basis.REPORTED


NO_SET = SetDefinition(set_id=0, version_id=0, code="", name="", criteria=(), bracket_cuts=())
"""Stands in where a province has adopted no set that counts on the day."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A unit, a day and a set to count by, and where the answer to it is read."""

    unit: UnitVersion
    on: date
    asked: SetDefinition
    how: How
    province_sets: ProvinceSets = sets.NONE

    @property
    def source(self) -> Source:
        return self.how.source

    @property
    def closing(self) -> MonthClosing | None:
        """The closing that froze what is answered; None where nothing frozen answers."""
        return self.how.closing

    @property
    def known(self) -> Knowledge | None:
        return self.how.known

    @property
    def known_moment(self) -> str:
        """The moment as a field of the page takes it; "" where none is named."""
        return self.known.moment if self.known else ""

    @property
    def known_at(self) -> datetime | None:
        """The moment up to which changes count; None where all do or a closing answers."""
        return self.known.at if self.known else None

    @cached_property
    def headline_set(self) -> CriteriaSet | None:
        """The set that the province leads with on the day; another one may be asked."""
        headline = self.province_sets.headline(self.on)
        return headline.set if headline else None

    @cached_property
    def other_sets(self) -> tuple[CriteriaSet, ...]:
        """The sets that the province judges by beside its headline."""
        return tuple(version.set for version in self.province_sets.beside(self.on))

    @property
    def frozen(self) -> bool:
        return self.source is Source.CLOSED


@dataclass(frozen=True, kw_only=True)
class Figures(Question):
    """One answer: the communes it counts and the sums over them, on both bases."""

    basis: Basis
    reported: Tally
    confirmed: Tally
    rows: tuple[CommuneStanding, ...]
    simulated: bool

    @property
    def headline(self) -> Tally:
        """The tally on the basis that the headline uses."""
        return self.confirmed if self.basis == Basis.CONFIRMED else self.reported

    def within(self, district_id: int, *, confirmed: bool = False) -> Tally:
        """The sums over the communes of one district, out of the same rows."""
        members = (row for row in self.rows if row.district_id == district_id)
        return rollup.tally(self.asked, members, confirmed=confirmed)


def figures(
    version: UnitVersion,
    on: date,
    *,
    set_code: str | None = None,
    known: Knowledge | None = None,
    closing: MonthClosing | None = None,
) -> Figures:
    """The figures of a unit of any tier on a day, under its headline set or `set_code`.

    `known` says up to when what was recorded counts; without it a closed month is answered as
    it was frozen, any other day by all that is recorded. `closing` is one of the unit's province
    for that month-end which answers though it may have been reopened since.

    Raises units.DateNotLoaded for a day whose units were not loaded, and UnknownSet for a
    set that the province does not count by on that day.
    """
    units.require_day_of(version, on)
    if version.unit.tier == Tier.COUNTRY:
        return _country(version, on, set_code, known)
    province = units.province_of(version, on)
    adopted = sets.of_province(province.unit_id)
    asked = _asked(adopted, on, set_code)
    how = (
        How(source=Source.CLOSED, day=on, seq=closing.seq, closing=closing)
        if closing is not None
        else _how(province.unit, on, known)
    )
    rows, how = _rows(version, asked, on, how)
    return Figures(
        unit=version,
        on=on,
        asked=asked,
        how=how,
        province_sets=adopted,
        basis=how.basis,
        reported=rollup.tally(asked, rows),
        confirmed=rollup.tally(asked, rows, confirmed=True),
        rows=tuple(rows),
        simulated=version.unit.clock.simulated,
    )


def question(
    version: UnitVersion,
    on: date,
    *,
    set_code: str | None = None,
    known: Knowledge | None = None,
) -> Question:
    """What :func:`figures` answers for a unit of a province, without reading its communes."""
    adopted = sets.of_province(version.province_id or 0)
    asked = _asked(adopted, on, set_code)
    how = _how(version.province, on, known)
    if how.closing is not None and not _was_frozen(how.closing, asked):
        how = _looked_up(on)
    return Question(unit=version, on=on, asked=asked, how=how, province_sets=adopted)


class UnknownSet(LookupError):
    """The set asked for does not count in the province on that day."""


def _asked(known: ProvinceSets, on: date, set_code: str | None) -> SetDefinition:
    chosen = known.headline(on)
    if set_code is not None:
        chosen = next((one for one in known.counting(on) if one.set.code == set_code), None)
        if chosen is None:
            raise UnknownSet(f"Bộ tiêu chí “{set_code}” không được áp dụng ngày này.")
    return NO_SET if chosen is None else definition(chosen)


def _rows(
    version: UnitVersion, asked: SetDefinition, on: date, how: How
) -> tuple[list[CommuneStanding], How]:
    """The communes inside a unit, read as `how` of its province says."""
    if how.closing is not None:
        rows = frozen.rows_of(how.closing, asked.set_id, within=version)
        if rows or _was_frozen(how.closing, asked):
            return rows, how
        how = _looked_up(on)
    if how.source is Source.NOW:
        places = frozen.communes_of(version, on)
        ids = [place.unit_id for place in places]
        rows = frozen.rows_now(ids, asked.set_id) if asked is not NO_SET else []
        return frozen.placed(rows, places, day=on), how
    if how.closed is not None:
        kept = frozen.rows_of(how.closed, asked.set_id, within=version)
        if kept:
            return frozen.rolled_up_again(kept, asked, day=how.day, seq=how.seq), how
    return frozen.rows_as_known(asked, version, day=on, seq=how.seq, until=how.day), how


def _was_frozen(closing: MonthClosing, asked: SetDefinition) -> bool:
    """Whether the closing answers for the set; not for one adopted afterwards for its day."""
    return asked is NO_SET or frozen.was_frozen(closing, asked.set_id)


def _how(province: Unit, on: date, known: Knowledge | None) -> How:
    """Where a day is read, and the closing that holds for it."""
    closing, working_day = months.closing_and_working_day(province, on)
    # Standings hold what is so at the end of the working month, on each of its days.
    end, of_month = months.month_end(working_day), months.month_end(on)
    day = of_month if of_month == end else on
    beyond = end if of_month > end else None
    if known is not None:
        seq = known.seq(province.clock_id)
        return How(
            source=Source.KNOWN, day=day, seq=seq, known=known, closed=closing, beyond=beyond
        )
    if closing is not None:
        return How(source=Source.CLOSED, day=on, seq=closing.seq, closing=closing)
    if of_month == end:
        return How(source=Source.NOW, day=day)
    return How(source=Source.LOOKUP, day=on, beyond=beyond)


def _looked_up(on: date) -> How:
    return How(source=Source.LOOKUP, day=on)


def _country(
    version: UnitVersion, on: date, set_code: str | None, known: Knowledge | None
) -> Figures:
    """The sum over provinces; those that count by another set, or by none, add communes only."""
    asked = _asked(sets.of_province(version.unit_id), on, set_code)
    communes = units.communes_in_programme(version, on).values_list("unit_id", "province_id")
    by_province: dict[int, list[int]] = defaultdict(list)
    for unit_id, province_id in communes:
        by_province[province_id].append(unit_id)
    counting = _provinces_counting_by(asked, on)
    rows: list[CommuneStanding] = []
    sources = set()
    simulated = False
    for province_id, unit_ids in by_province.items():
        if province_id in counting:
            province = units.version_of(province_id, on)
            simulated = simulated or province.unit.clock.simulated
            found, how = _rows(province, asked, on, _how(province.unit, on, known))
            source = how.source
            rows.extend(found)
        else:
            source = Source.LOOKUP
            rows.extend(
                CommuneStanding(unit_id=unit_id, met=0, met_confirmed=0, of=0)
                for unit_id in unit_ids
            )
        sources.add(source)
    return Figures(
        unit=version,
        on=on,
        asked=asked,
        basis=Basis.REPORTED,
        reported=rollup.tally(asked, rows),
        confirmed=rollup.tally(asked, rows, confirmed=True),
        rows=tuple(rows),
        how=How(source=sources.pop() if len(sources) == 1 else Source.LOOKUP, day=on, known=known),
        simulated=simulated,
    )


def _provinces_counting_by(asked: SetDefinition, on: date) -> set[int]:
    provinces = Unit.objects.filter(
        tier=Tier.PROVINCE, adoptions__set_id=asked.set_id, adoptions__from_on__lte=on
    )
    return set(provinces.values_list("pk", flat=True))


def as_json(answer: Figures) -> dict[str, Any]:
    """The answer as plain data with fixed keys, for scripts and other programs.

    Averages are strings with two decimals, rounded half up; null where nothing is assessed.
    """
    tally = answer.headline
    return {
        "unit": answer.unit.code,
        "unit_name": answer.unit.full_name,
        "on": answer.on.isoformat(),
        "set": answer.asked.code or None,
        "basis": answer.basis.value,
        "communes": tally.communes,
        "recognised": tally.recognised,
        "criteria_met": tally.criteria_met,
        "average": average_text(tally),
        "confirmed": {
            "criteria_met": answer.confirmed.criteria_met,
            "average": average_text(answer.confirmed),
        },
        "brackets": [{"label": b.label, "communes": b.communes} for b in tally.brackets],
        "criteria": [
            {"number": c.number, "name": c.name, "met": c.met, "communes": c.communes}
            for c in tally.criteria
        ],
        "frozen": answer.frozen,
        "known_at": answer.known.address if answer.known else None,
        "assessed": tally.assessed,
        "simulated": answer.simulated,
    }


def average_text(tally: Tally) -> str | None:
    """The average with two decimals and a point, or None."""
    return None if tally.average is None else str(rounded(tally.average, AVERAGE_PLACES))
