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
class EdgeLine:
    where: str
    event: str
    kind: str
    effective_on: date
    instrument: str
    inferred: bool
    old: str
    new: str
    extent: str


@dataclass
class RegisterFiles:
    """All lines of one folder, in the order of the files."""

    versions: list[VersionLine] = field(default_factory=list)
    attributes: list[AttributeLine] = field(default_factory=list)
    periods: list[PeriodLine] = field(default_factory=list)
    edges: list[EdgeLine] = field(default_factory=list)
    province_of: dict[tuple[str, date], str] = field(default_factory=dict)
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
