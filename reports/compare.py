"""Two to four units side by side on one day, or one unit on two days: figures out of one door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from communes import units
from communes.access import readable
from communes.models import Tier, UnitVersion, User
from criteria import sets
from criteria.knowledge import Knowledge
from criteria.models import CriteriaSet
from reports import compare_words as words
from reports.asked import PLAIN, Asked
from reports.compare_parts import Part, Side, parts_of, same_set

MOST = 4
"""Units side by side; more is no comparison but a list."""

type Place = tuple[UnitVersion, date]
"""A unit on a day, as it is called on it."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The whole page, every side on the basis of the unit `own` that its address names.

    `asked` is what all sides are counted by; `remarks` say where they cannot be compared.
    `common` are the sets that every side counts by, where they lead with different ones.
    """

    sides: tuple[Side, ...]
    own: Side
    asked: Asked
    over_time: bool
    heading: str
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = ()
    common: tuple[CriteriaSet, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether the highest result of any line is marked."""
        return any(cell.best for part in self.parts for line in part.lines for cell in line.cells)

    @property
    def same_set(self) -> bool:
        return same_set(self.sides)

    @property
    def links(self) -> Asked:
        """The filters in links to the sides: with the basis where a side leads with another."""
        if all(side.answer.how.basis == self.own.answer.basis for side in self.sides):
            return self.asked
        return replace(self.asked, basis=self.own.answer.basis)


class NotComparable(ValueError):
    """These cannot stand side by side; the message says why and what to do."""


def siblings(user: User, version: UnitVersion, on: date) -> list[UnitVersion]:
    """The units of the same tier that the person may read, alphabetically; itself left out."""
    if version.unit.tier == Tier.PROVINCE:
        alive = UnitVersion.objects.alive_on(on).filter(unit__adoptions__isnull=False)
        found = list(alive.distinct().order_by("sort_key", "code"))
    elif version.unit.tier == Tier.DISTRICT:
        found = list(units.districts_of(units.province_of(version, on), on))
    else:
        found = list(units.communes_in_programme(units.province_of(version, on), on))
    allowed = readable(user, found)
    return [one for one in found if one.unit_id in allowed and one.unit_id != version.unit_id]


def between_units(
    versions: Sequence[UnitVersion],
    on: date,
    known: Knowledge | None = None,
    asked: Asked = PLAIN,
) -> Comparison:
    """Units of one tier beside each other on a day, first that of the page.

    Each is counted by the set asked for, or by its own headline set where not all have that.
    """
    return _compared([(one, on) for one in versions], known, asked, over_time=False)


def between_days(
    now: Place, then: Place, known: Knowledge | None = None, asked: Asked = PLAIN
) -> Comparison:
    """One unit on the day of the page and on another, in the order of the days."""
    return _compared([now, then], known, asked, over_time=True)


def chosen(codes: Collection[str], among: Sequence[UnitVersion]) -> list[UnitVersion]:
    """The units that an address names by code, in its order.

    Raises NotComparable for one that is not there and for too many.
    """
    by_code = {one.code: one for one in among}
    missing = [code for code in codes if code not in by_code]
    if missing:
        raise NotComparable(
            f"Không so sánh được với đơn vị mã “{missing[0]}”: hãy chọn đơn vị cùng cấp trong"
            " danh sách."
        )
    if len(codes) >= MOST:
        raise NotComparable(f"So sánh nhiều nhất {MOST} đơn vị; hãy bỏ bớt.")
    return [by_code[code] for code in dict.fromkeys(codes)]


def counting(place: Place) -> list[CriteriaSet]:
    """The sets that the province of a unit judges by on a day, the headline first."""
    version, on = place
    return sets.adopted_sets(version.province_id or version.unit_id, on)


def _compared(
    places: Sequence[Place], known: Knowledge | None, asked: Asked, *, over_time: bool
) -> Comparison:
    by_code = [{one.code: one for one in counting(place)} for place in places]
    without = [
        place
        for place, found in zip(places, by_code, strict=True)
        if asked.set_code and asked.set_code not in found
    ]
    counted = replace(asked, set_code=None) if without else asked
    own = _side(places[0], known, counted)
    alike = replace(counted, basis=own.answer.basis)
    sides = (own, *(_side(place, known, alike) for place in places[1:]))
    if over_time:
        sides = tuple(sorted(sides, key=lambda side: side.answer.on))
    ranked = not over_time and same_set(sides) and not any(side.beyond for side in sides)
    remarks = words.remarks(sides, counted, over_time=over_time)
    if without:
        name = CriteriaSet.objects.get(code=asked.set_code).name
        remarks.insert(0, words.set_not_used(name, without, sides, over_time=over_time))
    heading = words.of_days(sides) if over_time else words.of_units(sides, ranked=ranked)
    return Comparison(
        sides=sides,
        own=own,
        asked=counted,
        over_time=over_time,
        heading=", ".join(filter(None, (heading, counted.only))),
        parts=parts_of(sides, over_time=over_time, ranked=ranked, communes=counted.communes),
        remarks=tuple(remarks),
        common=()
        if same_set(sides)
        else tuple(
            one for code, one in by_code[0].items() if all(code in found for found in by_code)
        ),
    )


def _side(place: Place, known: Knowledge | None, asked: Asked) -> Side:
    version, on = place
    return Side(version=version, answer=asked.answer(version, on, known))
