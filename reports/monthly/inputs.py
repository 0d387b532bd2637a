"""What the report of a month is built from: plain data, loaded once. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from criteria.rules.types import CommuneStanding, SetDefinition, Tally
from reports.monthly.sections import OPTIONAL, Section


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How an office wants its reports: settings in force for the month, or the usual.

    `signers` are authority and titles in capitals, from the top down. `brackets` are cut
    points; none: those of the criteria set.
    """

    above: str
    issuer: str
    symbol: str
    place: str
    signers: Sequence[str]
    signer_name: str = ""
    recipients: Sequence[str] = ()
    average_places: int = 2
    percent_places: int = 1
    brackets: Sequence[int] = ()
    sections: Sequence[Section] = OPTIONAL


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How the unit stood on one day, by the basis of the report."""

    day: date
    set_id: int
    tally: Tally
    rows: Mapping[int, CommuneStanding]
    confirmed: bool


class NotComparable(StrEnum):
    """Why a difference to an earlier day is not told."""

    NONE = ""
    NO_DATA = "chưa có số liệu"
    SET = "đổi bộ tiêu chí"
    UNITS = "sắp xếp đơn vị hành chính"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An earlier day beside the month; `why` tells why the two may not be subtracted.

    `label` ends "so với …", `moment` is None where nothing is known of the day.
    """

    label: str
    day: date
    moment: Moment | None
    why: NotComparable = NotComparable.NONE

    @property
    def base(self) -> Moment | None:
        """The day as something to subtract; None where that would mislead."""
        return self.moment if self.why is NotComparable.NONE else None


@dataclass(frozen=True, kw_only=True)
class Commune:
    """What is known of a commune beside its results; `part` is its district or group."""

    unit_id: int
    name: str
    part: int | None = None
    zone: str = ""
    hard: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A district, or a group of communes where there are no districts."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision of recognition on one commune, as known for the report."""

    unit_id: int
    tier: str
    year: int
    round: int
    number: str
    decided_on: date
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A commune registered to reach a tier in the year."""

    unit_id: int
    tier: str


@dataclass(frozen=True, kw_only=True)
class Income:
    """Income (million đồng a head and year) at two days, and the rate of poor households."""

    start: Decimal | None
    now: Decimal | None
    poor: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task that a meeting gave and that is still to be done; `owner` by name."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class MonthPoint:
    """The average at an earlier month-end, under the set of the report."""

    month: date
    average: Decimal
    communes: int


@dataclass(frozen=True, kw_only=True)
class Department:
    """Who answers for a criterion; `checked`: a document says so."""

    name: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything that the report of a month says, before it is put into words.

    `moved` says in words why figures moved since the month before. `parts` are in order;
    `part_word` names what they are ("Huyện, thành phố"), "" where there are none.
    """

    unit_code: str
    unit_name: str
    month: date
    asked: SetDefinition
    basis: str
    closing_no: int | None
    change_seq: int
    simulated: bool
    setup: Setup
    now: Moment
    before: Compared
    start: Compared
    communes: Sequence[Commune]
    part_word: str = ""
    parts: Sequence[Part] = ()
    decided: Sequence[Decided] = ()
    registered: Sequence[Registered] = ()
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    departments: Mapping[int, Sequence[Department]] = field(default_factory=dict)
    incomes: Mapping[int, Income] = field(default_factory=dict)
    points: Sequence[MonthPoint] = ()
    moved: Sequence[str] = ()
    texts: Mapping[Section, str] = field(default_factory=dict)
    tasks: Sequence[Task] = ()

    @property
    def why_empty(self) -> str:
        """Why there is nothing to report of the month; "" when there is."""
        month = f"Tháng {self.month:%m/%Y}"
        if not self.asked.criteria:
            return f"{month}: {self.unit_name} chưa áp dụng bộ tiêu chí nào."
        if not self.now.tally.communes:
            return f"{month}: {self.unit_name} không có xã nào tham gia Chương trình."
        if not self.now.tally.assessed:
            return f"{month}: {self.unit_name} chưa có kết quả đánh giá nào."
        return ""
