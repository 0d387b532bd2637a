"""What a simulation starts from: communes, and the plan of a province read from a file.

Everything here is plain data; totals only steer the simulation of single communes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any


class PlanError(ValueError):
    """The totals asked for cannot be reached within the rules; the message says where."""


@dataclass(frozen=True, kw_only=True)
class Commune:
    """A commune of the programme; `first_day` and `end` (excluded) bound its time in it."""

    unit_id: int
    key: str
    district_id: int
    border: bool = False
    first_day: date | None = None
    end: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it takes part in the programme on `day`."""
        begun = self.first_day is None or self.first_day <= day
        return begun and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """So many communes with `low` to `high` criteria met."""

    low: int
    high: int
    communes: int


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """At the month-end `day` the communes add up to this; None and () = not asked.

    A plan that carries communes on says by how much their sum has risen since its first month.
    """

    day: date
    criteria_met: int = 0
    rise: int | None = None
    communes: int | None = None
    recognised: int | None = None
    recognised_border: int | None = None
    lowest: int = 0
    brackets: tuple[Bracket, ...] = ()
    published: bool = False


@dataclass(frozen=True, kw_only=True)
class Round:
    """One simulated decision: so many communes recognised, so many of them border communes."""

    decided_on: date
    communes: int
    border: int = 0


@dataclass(frozen=True, kw_only=True)
class Published:
    """Totals printed elsewhere."""

    day: date
    source: str
    communes: int | None = None
    recognised: int | None = None
    criteria_met: int | None = None
    average: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """From when the province counts by a set, by which (simulated) decision."""

    set_code: str
    from_on: date
    decision: str


@dataclass(frozen=True, kw_only=True)
class Province:
    """The plan of one province over months with one set and one list of units.

    `months` runs from the opening to the last month closed. `then` are the plans after it, each
    from the month after: one that adopts a set opens anew, as an assessment under new criteria
    does; one that does not carries every commune on from where it stood, over a change of units.
    `beside` is a set judged beside the headline from a day on, through all plans.
    """

    code: str
    name: str
    clock: str
    seed: str
    first_month: date
    last_month: date
    anchors: tuple[Anchor, ...]
    rounds: tuple[Round, ...]
    difficulty: Mapping[int, float]
    fragility: Mapping[int, float]
    published: tuple[Published, ...] = ()
    adoption: Adoption | None = None
    beside: Adoption | None = None
    then: tuple[Province, ...] = ()

    @property
    def stages(self) -> tuple[Province, ...]:
        """This plan and those after it, in time order."""
        return (self, *self.then)

    @property
    def ends_on(self) -> date:
        """The last month closed of the last plan."""
        return self.stages[-1].last_month

    @property
    def months(self) -> tuple[date, ...]:
        """Every month-end from the opening on."""
        found = [self.first_month]
        while found[-1] < self.last_month:
            found.append(month_end(found[-1] + timedelta(days=1)))
        return tuple(found)

    def anchor(self, day: date) -> Anchor | None:
        """The anchor on `day`, or None."""
        return next((anchor for anchor in self.anchors if anchor.day == day), None)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def provinces(data: Mapping[str, Any]) -> tuple[Province, ...]:
    """The provinces of a plan file as read by a YAML reader, in its order."""
    return tuple(_history(entry, data["sets"]) for entry in data["provinces"])


def _history(entry: Mapping[str, Any], sets: Mapping[str, Any]) -> Province:
    """A province with its later plans; each counts by the set adopted last."""
    named = {key: entry[key] for key in ("code", "name", "clock")}
    stages: list[Province] = []
    for fields in entry["stages"]:
        adopts = Adoption(**fields["adopts"]) if "adopts" in fields else None
        counting = next((s.adoption for s in reversed(stages) if s.adoption), None)
        by = adopts or counting
        if by is None:
            raise PlanError(f"{entry['name']}: giai đoạn đầu phải áp dụng một bộ tiêu chí")
        seed = entry["code"] if not stages else f"{entry['code']}:{fields['first_month']}"
        shared = {key: dict(sets[by.set_code][key]) for key in ("difficulty", "fragility")}
        stages.append(_province({**named, "seed": seed, **fields}, {**shared, "adoption": adopts}))
        if len(stages) > 1 and not _follows(stages[-2], stages[-1]):
            raise PlanError(f"{entry['name']}: các giai đoạn phải nối tiếp nhau theo tháng")
    published = tuple(_published(fields) for fields in entry.get("published", ()))
    beside = Adoption(**entry["beside"]) if "beside" in entry else None
    return replace(stages[0], published=published, beside=beside, then=tuple(stages[1:]))


def _follows(before: Province, after: Province) -> bool:
    return after.first_month == month_end(before.last_month + timedelta(days=1))


def _province(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> Province:
    anchors = tuple(
        Anchor(
            **{
                **fields,
                "brackets": tuple(Bracket(**bracket) for bracket in fields.get("brackets", ())),
            }
        )
        for fields in entry["anchors"]
    )
    province = Province(
        code=entry["code"],
        name=entry["name"],
        clock=entry["clock"],
        seed=entry["seed"],
        first_month=entry["first_month"],
        last_month=entry["last_month"],
        anchors=anchors,
        rounds=tuple(Round(**fields) for fields in entry["rounds"]),
        **shared,
    )
    _require_order(province)
    return province


def _published(fields: Mapping[str, Any]) -> Published:
    average = fields.get("average")
    return Published(**{**fields, "average": None if average is None else str(average)})


def _require_order(province: Province) -> None:
    _rising(province.name, "mốc", [anchor.day for anchor in province.anchors])
    _rising(province.name, "đợt công nhận", [entry.decided_on for entry in province.rounds])
    opens = province.adoption is None or province.anchors[0].day == province.first_month
    if not opens or province.anchors[-1].day != province.last_month:
        raise PlanError(f"{province.name}: mốc đầu và mốc cuối phải là tháng đầu và tháng cuối")


def _rising(name: str, what: str, days: Iterable[date]) -> None:
    listed = list(days)
    if listed != sorted(set(listed)):
        raise PlanError(f"{name}: các {what} phải theo thứ tự ngày, không trùng nhau")
