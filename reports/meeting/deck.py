"""What a meeting is shown, slide by slide: data that the screen and the slide file draw alike.

Pure: no Django, no file format. A writer decides how a slide looks, never what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class Progress(StrEnum):
    """How far a commune is on its way to the tier that it is registered for."""

    HOLDS = "holds"
    COMPLETE = "complete"
    """It meets every criterion; the decision is outstanding."""
    LACKS = "lacks"
    UNKNOWN = "unknown"
    """Nothing was assessed under the set of that tier."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: `value` out of `of`, with the value it is compared with, if any.

    `key` names what it counts among the communes of the deck ("bracket:0", "criterion:17",
    "part:12"), so that a press on it can list them; `figure` is how the page that explains the
    number is asked for it, "" where there is none.
    """

    label: str
    value: Decimal | int | None
    of: Decimal | int
    before: int | None = None
    note: str = ""
    key: str = ""
    figure: str = ""
    shade: int = 1
    """Its step of the ramp, 1 the darkest; 0 for what is not known."""

    @property
    def share(self) -> float:
        """Percent of `of`."""
        return 100 * float(self.value or 0) / float(self.of) if self.of else 0.0

    @property
    def before_share(self) -> float | None:
        if self.before is None or not self.of:
            return None
        return 100 * self.before / float(self.of)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A headline figure with its change since the last month and the year's start.

    A change is None where there is nothing to compare with.
    """

    name: str
    value: Decimal | int | None
    since_month: Decimal | int | None
    since_year: Decimal | int | None
    places: int = 0


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason's part of the change of the average, rounded so that the parts add up."""

    words: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class MovedCommune:
    """A commune whose number of criteria moved: by how many, and which they are."""

    name: str
    amount: int
    words: str


@dataclass(frozen=True, kw_only=True)
class MonthValue:
    """The average at a month-end, for the line of the slide file."""

    month: date
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class Due:
    """A commune that is to reach a tier this year; `lacks` are numbers of criteria."""

    unit_id: int
    name: str
    district: str
    tier: str
    met: int
    of: int
    lacks: tuple[int, ...]
    progress: Progress
    words: str = ""
    """What it lacks, by number and name."""

    @property
    def share(self) -> float:
        return 100 * self.met / self.of if self.of else 0.0


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task from a meeting as it stands; `late` on the working day of the province."""

    text: str
    owner: str
    due_on: date
    meeting_on: date
    criterion: str = ""
    state: str = "open"
    state_label: str = "Đang làm"
    late: bool = False
    note: str = ""
    pk: int = 0

    @property
    def words(self) -> str:
        """The state as it is told: a task that is late is told as such."""
        return "Quá hạn" if self.late else self.state_label


@dataclass(frozen=True, kw_only=True)
class Place:
    """A commune as the jump by letters finds it. `key` is its name without accents.

    `lacks` are the criteria not met, `unknown` those not assessed; `bracket` is the place of its
    bracket in the list of brackets, `part` the district or group that it belongs to.
    """

    unit_id: int
    code: str
    name: str
    key: str
    district: str
    part: int
    bracket: int
    met: int
    of: int
    lacks: tuple[int, ...]
    unknown: tuple[int, ...]
    status: str
    registered: bool = False


@dataclass(frozen=True, kw_only=True)
class Slide:
    """What every slide has: which one it is, a finding for a heading, and a kicker above it.

    `layout` names how it is laid out, for the writers.
    """

    layout: ClassVar[str]

    key: str
    kicker: str
    heading: str
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, kw_only=True)
class HeadlineSlide(Slide):
    layout = "headline"

    recognised: int
    communes: int
    assessed: int
    average: Decimal | None
    criteria_met: int
    moved: Sequence[Moved]
    border: str
    brackets: Sequence[Bar]
    before_label: str = ""
    since: date | None = None
    """The month-end that `since_month` of the figures is counted from."""


@dataclass(frozen=True, kw_only=True)
class ChangedSlide(Slide):
    """`why_not` says why nothing is compared; then the rest is empty."""

    layout = "changed"

    since: date | None
    why_not: str
    moved: Sequence[Moved]
    year_start: date | None
    reasons: Sequence[Reason]
    communes: Sequence[MovedCommune]
    others: int
    months: Sequence[MonthValue]


@dataclass(frozen=True, kw_only=True)
class BarsSlide(Slide):
    """Brackets, criteria, districts or groups; `base` says what they are counted over."""

    layout = "bars"

    bars: Sequence[Bar]
    base: str
    before_label: str = ""
    places: int = 0
    value_label: str = "Số xã"
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class DueSlide(Slide):
    """`registered` is False where the rows are those nearest to the standard instead."""

    layout = "due"

    rows: Sequence[Due]
    registered: bool
    year: int
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class DifficultiesSlide(Slide):
    """What holds the province back; `texts` are the office's own words on the month, if any."""

    layout = "difficulties"

    criteria: Sequence[Bar]
    late: Sequence[str]
    sent: int
    communes: int
    unconfirmed: int
    lost: Sequence[MovedCommune]
    texts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class TasksSlide(Slide):
    layout = "tasks"

    tasks: Sequence[Task]
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A meeting's slides with what stands on each of them.

    `state` is the state of the month ("đã chốt", "chưa chốt, ghi nhận đến …"), `source` the set,
    basis, day and number of the last change counted. `criteria` has names by number.
    """

    unit_code: str
    unit_name: str
    on: date
    state: str
    source: str
    simulated: bool
    slides: Sequence[Slide]
    places: Sequence[Place]
    criteria: dict[int, str]
    brackets: Sequence[str]

    @property
    def corner(self) -> str:
        """What stands in the corner of every slide."""
        when = f"số liệu {words_of_day(self.on)}, {self.state}"
        text = f"{self.unit_name} · {when}"
        return f"{text} · SỐ LIỆU MÔ PHỎNG từng xã" if self.simulated else text


def words_of_day(day: date) -> str:
    """ "tháng 12/2018" for a month-end, else "đến 05/4/2018"."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    if (following - day).days == 1:
        return f"tháng {day.month}/{day.year}"
    return f"đến {day.day:02d}/{day.month:02d}/{day.year}"


def in_pages[T](rows: Sequence[T], most: int) -> list[Sequence[T]]:
    """`rows` in pages of nearly equal length, none longer than `most`; one empty page for none."""
    pages = max(1, -(-len(rows) // most))
    size, more = divmod(len(rows), pages)
    found, at = [], 0
    for page in range(pages):
        end = at + size + (page < more)
        found.append(rows[at:end])
        at = end
    return found
