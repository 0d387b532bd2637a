"""What a deck is built from, and what it says of a single commune: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Outcome, SetDefinition, Tally, Totals
from reports.meeting.deck import Due, MonthValue, Place, Progress, Reason, Task

MOST_NAMED = 4
"""Criteria that are named one by one."""
TIER_WORDS = {
    "standard": "đạt chuẩn",
    "advanced": "nông thôn mới nâng cao",
    "model": "nông thôn mới kiểu mẫu",
    "modern": "nông thôn mới hiện đại",
}


@dataclass(frozen=True, kw_only=True)
class Name:
    """What a commune is called on the day; `part` is its district or group, 0 without one."""

    code: str
    full: str
    key: str
    part: int = 0


@dataclass(frozen=True, kw_only=True)
class Before:
    """The province at an earlier month-end that can be compared with the day."""

    month: date
    recognised: int
    average: Decimal | None
    criteria_met: int
    brackets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Criteria of one commune that came to count as met, or ceased to, since the last month."""

    unit_id: int
    gained: tuple[int, ...]
    dropped: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that a deck is built from; `names` has every commune that is mentioned.

    `last` is there where the day can be compared with the month before, else `why_not` says why.
    """

    unit_code: str
    unit_name: str
    on: date
    state: str
    source: str
    simulated: bool
    confirmed: bool
    asked: SetDefinition
    tally: Tally
    rows: Sequence[CommuneStanding]
    names: Mapping[int, Name]
    year_start: Before | None = None
    last: Before | None = None
    why_not: str = ""
    broken: str = ""
    """Why the day cannot be compared with `last` as it stands: units or the set changed."""
    reasons: Sequence[Reason] = ()
    shifts: Sequence[Shift] = ()
    months: Sequence[MonthValue] = ()
    parts: Sequence[tuple[int, str, Totals]] = ()
    parts_kind: str = "huyện, thành phố"
    registered: Sequence[Due] = ()
    target: str = ""
    waited: Sequence[int] = ()
    unconfirmed: int = 0
    earlier: Sequence[Task] = ()
    given: Sequence[Task] = ()
    texts: Sequence[str] = ()


def outcomes_of(facts: Facts, row: CommuneStanding) -> Mapping[int, Outcome]:
    """The outcomes of a commune on the basis of the deck."""
    return row.outcomes_by(facts.confirmed)


def met_of(facts: Facts, row: CommuneStanding) -> int:
    return row.met_by(facts.confirmed)


def due_row(facts: Facts, row: CommuneStanding, *, tier: str) -> Due:
    """How far a commune is by the set of the deck."""
    name = facts.names[row.unit_id]
    lacks = lacking_of(facts, row)
    return Due(
        unit_id=row.unit_id,
        name=name.full,
        district=part_name(facts, name.part),
        tier=tier,
        met=met_of(facts, row),
        of=row.of,
        lacks=lacks,
        progress=Progress.LACKS if lacks else Progress.COMPLETE,
        words=lacking_words(lacks, names_of(facts.asked)),
    )


def names_of(asked: SetDefinition) -> dict[int, str]:
    """Number → name of every criterion of a set."""
    return {one.number: one.name for one in asked.criteria}


def lacking_words(lacks: Sequence[int], names: Mapping[int, str]) -> str:
    """ "thiếu 2: 10 Thu nhập; 17 Môi trường"; where they are many, their numbers alone."""
    if not lacks:
        return "đủ tiêu chí"
    if len(lacks) > MOST_NAMED:
        return f"thiếu {len(lacks)}: {', '.join(map(str, lacks))}"
    named = (f"{number} {names.get(number, '')}".strip() for number in lacks)
    return f"thiếu {len(lacks)}: {'; '.join(named)}"


def part_name(facts: Facts, part: int) -> str:
    return next((name for pk, name, _ in facts.parts if pk == part), "")


def lacking_of(facts: Facts, row: CommuneStanding) -> tuple[int, ...]:
    found = outcomes_of(facts, row)
    as_met = rollup.counts_as_met(facts.asked) | {Outcome.NOT_APPLICABLE}
    return tuple(
        one.number
        for one in facts.asked.criteria
        if found.get(one.number, Outcome.NOT_ASSESSED) not in as_met
    )


def places(facts: Facts) -> list[Place]:
    bracket_at = {one.label: at for at, one in enumerate(facts.tally.brackets)}
    on_list = {one.unit_id for one in facts.registered}
    return [
        _place(facts, row, bracket_at, registered=row.unit_id in on_list)
        for row in facts.rows
        if row.in_programme and row.unit_id in facts.names
    ]


def _place(
    facts: Facts, row: CommuneStanding, bracket_at: Mapping[str, int], *, registered: bool
) -> Place:
    name, found = facts.names[row.unit_id], outcomes_of(facts, row)
    lacking = lacking_of(facts, row)
    unknown = tuple(
        n for n in lacking if found.get(n, Outcome.NOT_ASSESSED) is Outcome.NOT_ASSESSED
    )
    known = any(outcome is not Outcome.NOT_ASSESSED for outcome in found.values())
    met = met_of(facts, row)
    if row.recognised_tier:
        status = "Đã được công nhận đạt chuẩn"
        if row.recognised_tier != "standard":
            status = f"Đã được công nhận {TIER_WORDS[row.recognised_tier]}"
    elif not known:
        status = "Chưa đánh giá"
    else:
        status = "Chưa được công nhận" if lacking else "Đủ tiêu chí, chờ quyết định công nhận"
    label = rollup.bracket_of(facts.asked, met, known=known) if facts.asked.criteria else ""
    return Place(
        unit_id=row.unit_id,
        code=name.code,
        name=name.full,
        key=name.key,
        district=part_name(facts, name.part),
        part=name.part,
        bracket=bracket_at.get(label, -1),
        met=met,
        of=row.of,
        lacks=tuple(n for n in lacking if n not in unknown),
        unknown=unknown,
        status=status,
        registered=registered,
    )
