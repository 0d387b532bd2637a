"""What stands in the plans of a year: targets, and the registered communes with their progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from communes import units
from communes.models import Unit, UnitVersion
from communes.vietnamese import format_number
from criteria import months
from criteria.decisions.candidates import Candidate, board, last_day
from criteria.definitions import counting
from criteria.figures import Figures, figures
from criteria.knowledge import Knowledge
from criteria.models import Recognition, Registration, Target


@dataclass(frozen=True, kw_only=True)
class Aim:
    """One kind of target: what the plan says, if anything, and where the province stands."""

    what: Target.What
    target: Target | None
    stands: Decimal | int | None

    @property
    def label(self) -> str:
        return str(self.what.label)

    @property
    def places(self) -> int:
        return 2 if self.what is Target.What.AVERAGE else 0

    @property
    def left(self) -> Decimal | None:
        """What is missing to the target; 0 once it is reached."""
        if self.target is None or self.stands is None:
            return None
        return max(self.target.value - self.stands, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Most:
    """What a target of a year can be at most, by what the province has on `day`."""

    day: date
    communes: int
    criteria: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan of a province for a year and tier; `day` is that of the results shown."""

    year: int
    tier: str
    day: date
    answer: Figures
    aims: list[Aim]
    listed: list[Candidate]
    others: list[Candidate]

    @cached_property
    def done(self) -> list[Candidate]:
        """The registered communes that hold the tier."""
        return [one for one in self.listed if one.holds(self.tier)]

    @property
    def most(self) -> Most:
        """What a target of the year can be at most, by the same answer."""
        communes, criteria = len(self.listed) + len(self.others), self.answer.asked.criteria
        return Most(day=self.day, communes=communes, criteria=len(criteria))

    @property
    def met(self) -> int:
        return sum(one.met for one in self.listed)

    @property
    def of(self) -> int:
        return sum(one.of for one in self.listed)

    @property
    def sentence(self) -> str:
        """ "3/8 xã đăng ký đã được công nhận; 2 xã còn thiếu 1 tiêu chí"."""
        if not self.listed:
            return f"Năm {self.year} chưa có xã nào đăng ký"
        said = [f"{len(self.done)}/{len(self.listed)} xã đăng ký đã được công nhận"]
        open_ = [one for one in self.listed if not one.holds(self.tier) and one.of]
        if full := sum(one.meets_all for one in open_):
            said.append(f"{full} xã đủ tiêu chí, chờ quyết định")
        lacking = Counter(one.of - one.met for one in open_ if not one.meets_all)
        if lacking:
            fewest = min(lacking)
            said.append(f"{lacking[fewest]} xã còn thiếu {format_number(fewest)} tiêu chí")
        return "; ".join(said)


def most(province: Unit, year: int) -> Most:
    """The communes of the programme and the criteria of the headline set, at the plan's day.

    Raises LookupError for a year whose units were not loaded.
    """
    day = min(date(year, 12, 31), months.month_end(months.working_day(province)))
    there = units.version_of(province.pk, day)
    asked = counting(province.pk, day)
    return Most(
        day=day,
        communes=units.communes_in_programme(there, day).count(),
        criteria=len(asked[0].criteria) if asked else 0,
    )


def targets(province_id: int, year: int, *, seq: int | None = None) -> Mapping[str, Target]:
    """What kind → the target that was recorded last, as known at `seq` (None: now)."""
    rows = Target.objects.filter(unit_id=province_id, year=year, **_known(seq)).order_by("pk")
    return {row.what: row for row in rows.select_related("change__by")}


def planned(province_id: int, what: Target.What, *, seq: int | None = None) -> dict[int, Decimal]:
    """Year → the figure that was recorded last for it, as known at `seq` (None: now)."""
    rows = Target.objects.filter(unit_id=province_id, what=what, **_known(seq)).order_by("pk")
    return dict(rows.values_list("year", "value"))


def registered(
    unit_ids: Collection[int], year: int, tier: str, *, seq: int | None = None
) -> set[int]:
    """Those of the units that are on the list of the year, as known at `seq` (None: now).

    The last word on each counts.
    """
    return {unit_id for unit_id, found in registrations(unit_ids, year, seq=seq) if found == tier}


def registered_in(answer: Figures, tier: str) -> set[int]:
    """The communes of an answer on the list of its year.

    The list follows the moment that the answer is read at, where it names one. A closed month is
    shown with the list of now, as lists of earlier years are recorded after their months.
    """
    ids = [row.unit_id for row in answer.rows if row.in_programme]
    seq = answer.how.seq if answer.known else None
    return registered(ids, answer.on.year, tier, seq=seq)


def registrations(
    unit_ids: Collection[int], year: int, *, seq: int | None = None
) -> set[tuple[int, str]]:
    """(unit id, tier) of everything on the lists of the year, as known at `seq` (None: now)."""
    rows = Registration.objects.filter(unit_id__in=unit_ids, year=year, **_known(seq))
    found = rows.order_by("pk").values_list("unit_id", "tier", "withdrawn")
    last = {(unit_id, tier): withdrawn for unit_id, tier, withdrawn in found}
    return {key for key, withdrawn in last.items() if not withdrawn}


def _known(seq: int | None) -> dict[str, int]:
    return {} if seq is None else {"change__seq__lte": seq}


def plan(province: UnitVersion, *, year: int, tier: str, known: Knowledge | None = None) -> Plan:
    """The plan with the results of the year's end, or of the working month before it.

    `known` says up to when what was recorded counts: results, decisions, targets and the list.
    Raises LookupError for a year whose units were not loaded.
    """
    day = last_day(province, year)
    answer = figures(province, day, known=known)
    counting = [answer.headline_set, *answer.other_sets]
    judged_by = next((one for one in counting if one is not None and one.tier == tier), None)
    act = Recognition.Act.RECOGNISE
    found = board(
        province, act=act, year=year, tier=tier, judged_by=judged_by, known=answer
    ).candidates
    on_list = registered_in(answer, tier)
    return Plan(
        year=year,
        tier=tier,
        day=day,
        answer=answer,
        aims=_aims(province, year, answer),
        listed=[one for one in found if one.version.unit_id in on_list],
        others=[one for one in found if one.version.unit_id not in on_list],
    )


def _aims(province: UnitVersion, year: int, answer: Figures) -> list[Aim]:
    given = targets(province.unit_id, year, seq=answer.how.seq if answer.known else None)
    tally = answer.headline
    return [
        Aim(
            what=Target.What.RECOGNISED,
            target=given.get(Target.What.RECOGNISED),
            stands=tally.recognised,
        ),
        Aim(
            what=Target.What.AVERAGE,
            target=given.get(Target.What.AVERAGE),
            stands=tally.average,
        ),
    ]
