"""What one line of the register's files says, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from communes.models import Tier


class BadFiles(Exception):
    """The files were refused; `errors` says all that is wrong, in Vietnamese."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A line that holds from `valid_from` (None: always before) to before `valid_until`."""

    where: str
    valid_from: date | None
    valid_until: date | None

    @property
    def first(self) -> date:
        return self.valid_from or date.min

    @property
    def end(self) -> date:
        return self.valid_until or date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine(Span):
    unit: str
    code: str
    name: str
    kind: str
    parent: str
    clock: str
    tier: Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeLine(Span):
    unit: str
    key: str
    value: str
    source: str
    unverified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLine(Span):
    clock: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """The head of one rearrangement: what, when, by which instrument."""

    where: str
    event: str
    kind: str
    effective_on: date
    clock: str
    instrument: str
    inferred: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventUnitLine:
    """A unit that an event ended, began or changed and that stands on none of its edges."""

    where: str
    event: str
    unit: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLine:
    """Who took over the whole or a part of a unit that an event ended."""

    where: str
    event: str
    old: str
    new: str
    extent: str
    inferred: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    """A point inside a commune, in degrees."""

    where: str
    unit: str
    longitude: float
    latitude: float


@dataclass
class RegisterFiles:
    """All lines of one folder, in the order of the files.

    The checks fill `province_of` and `parts` (what an event did to each of its units, those
    on its edges included).
    """

    versions: list[VersionLine] = field(default_factory=list)
    attributes: list[AttributeLine] = field(default_factory=list)
    periods: list[PeriodLine] = field(default_factory=list)
    events: list[EventLine] = field(default_factory=list)
    event_units: list[EventUnitLine] = field(default_factory=list)
    edges: list[EdgeLine] = field(default_factory=list)
    points: list[PointLine] = field(default_factory=list)
    province_of: dict[tuple[str, date], str] = field(default_factory=dict)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def grouped[Line: Span, Key](
    lines: Iterable[Line], key: Callable[[Line], Key]
) -> Iterator[tuple[Key, list[Line]]]:
    """Lines that share a key, each group in order of time."""
    groups: defaultdict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    for name, members in groups.items():
        yield name, sorted(members, key=lambda line: line.first)
