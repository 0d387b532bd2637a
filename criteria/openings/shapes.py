"""What is known of the start of a new unit: its predecessors, what was decided, what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256

from communes.models import Change, UnitEvent, UnitVersion
from criteria.ledger import Holding
from criteria.models import MonthClosing, Recognition
from criteria.rules import opening, rollup
from criteria.rules.opening import Key, Pick
from criteria.rules.types import CriterionDefinition, Outcome, SetDefinition

type Choices = Mapping[Key, int]
"""(set id, criterion number) → unit id of the predecessor whose results are taken over."""


PICK_LABELS = {
    Pick.LOWEST: "theo xã thấp nhất",
    Pick.WORST: "theo kết quả kém nhất của từng tiêu chí",
    Pick.BEST: "theo kết quả tốt nhất của từng tiêu chí",
    Pick.CHOSEN: "chọn theo từng tiêu chí",
}


@dataclass(frozen=True, kw_only=True)
class OldUnit:
    """A predecessor as it was the day before the new unit began; `version` is its name then.

    `counts` are (criteria met, criteria that count) under each set of the start. `decision`
    gave it the status it held, None where it held none.
    """

    version: UnitVersion
    first_day: date | None
    inferred: bool
    known: opening.Predecessor
    heads: Mapping[int, Holding]
    counts: tuple[tuple[int, int], ...]
    decision: Recognition | None

    @property
    def unit_id(self) -> int:
        return self.version.unit_id


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Opening results that were recorded and hold: by which rule, from whom, by what document.

    `taken` maps set codes to criterion numbers to the keys of the predecessors.
    """

    change: Change
    pick: Pick
    document: str
    taken: Mapping[str, Mapping[int, str]]
    results: int

    @property
    def pick_label(self) -> str:
        return PICK_LABELS[self.pick]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A predecessor, and the criteria taken over from it, set by set: "1–3, 5"."""

    old: OldUnit
    criteria: list[tuple[SetDefinition, str]]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How a unit would start, or started, under one set."""

    asked: SetDefinition
    met: int
    of: int
    outcomes: Mapping[int, Outcome]


@dataclass(frozen=True, kw_only=True)
class Start:
    """A new unit before or after its start was decided.

    `sets` are those adopted on its first day, the headline first; `rows` are their criteria,
    those that must be taken from the same predecessor in one row. `kept` are criteria with
    results entered since, which stay. `closed` are the closed months that count the unit.
    """

    unit: UnitVersion
    first_day: date | None
    events: tuple[UnitEvent, ...] = ()
    sets: tuple[SetDefinition, ...] = ()
    old: tuple[OldUnit, ...] = ()
    rows: tuple[tuple[Key, ...], ...] = ()
    kept: Mapping[Key, Holding] = field(default_factory=dict)
    kept_outcomes: Mapping[Key, Outcome] = field(default_factory=dict)
    recorded: Recorded | None = None
    status: Recognition | None = None
    closed: tuple[MonthClosing, ...] = ()

    @cached_property
    def old_by_id(self) -> dict[int, OldUnit]:
        return {one.unit_id: one for one in self.old}

    @cached_property
    def row_of(self) -> dict[Key, tuple[Key, ...]]:
        return {key: row for row in self.rows for key in row}

    @cached_property
    def criteria(self) -> dict[Key, CriterionDefinition]:
        return {
            (asked.set_id, criterion.number): criterion
            for asked in self.sets
            for criterion in asked.criteria
        }

    @cached_property
    def open_rows(self) -> tuple[tuple[Key, ...], ...]:
        """Rows that can be taken over: nothing was entered in any of their criteria since."""
        return tuple(row for row in self.rows if not any(key in self.kept for key in row))

    @property
    def lowest(self) -> OldUnit | None:
        """The predecessor that the proposal takes everything from."""
        found = opening.lowest(one.known for one in self.old)
        return self.old_by_id[found.unit_id] if found else None

    @property
    def proposed_tier(self) -> str:
        return opening.opening_tier(one.known for one in self.old)

    @property
    def unknown(self) -> list[OldUnit]:
        """Predecessors of the programme without any result: no proposal can compare them."""
        return [one for one in self.old if one.known.in_programme and not one.known.assessed]

    def proposal(self, pick: Pick) -> dict[Key, int]:
        """What the program proposes by a rule, for the rows that can be taken over."""
        return opening.proposal(pick, [one.known for one in self.old], self.open_rows)

    def pick_of(self, choices: Choices) -> Pick:
        """The rule that gives these choices; CHOSEN where none does."""
        for pick in (Pick.LOWEST, Pick.WORST, Pick.BEST):
            if choices and self.proposal(pick) == dict(choices):
                return pick
        return Pick.CHOSEN

    def counted(self, choices: Choices) -> list[Counted]:
        """How the unit starts with these choices, under each set."""
        return [self._counted(asked, choices) for asked in self.sets]

    def _counted(self, asked: SetDefinition, choices: Choices) -> Counted:
        outcomes = {}
        for criterion in asked.criteria:
            key = (asked.set_id, criterion.number)
            source = self.old_by_id.get(choices.get(key, 0))
            if key in self.kept:
                outcomes[criterion.number] = self.kept_outcomes[key]
            elif source is not None:
                outcomes[criterion.number] = source.known.outcomes[key]
            else:
                outcomes[criterion.number] = Outcome.NOT_ASSESSED
        met, of = rollup.count_met(asked, outcomes.values())
        return Counted(asked=asked, met=met, of=of, outcomes=outcomes)

    @property
    def choices(self) -> dict[Key, int]:
        """What was taken over by the opening that holds; nothing where none does."""
        if self.recorded is None:
            return {}
        ids = {one.version.unit.key: one.unit_id for one in self.old}
        return {
            (asked.set_id, number): ids[key]
            for asked in self.sets
            for number, key in self.recorded.taken.get(asked.code, {}).items()
            if key in ids
        }

    def sources(self, choices: Choices) -> list[Source]:
        """Each predecessor taken from, with the criteria of each set, in their order."""
        found = []
        for one in self.old:
            numbers = [(asked, _numbers(asked, one, choices)) for asked in self.sets]
            if criteria := [(asked, ranges(taken)) for asked, taken in numbers if taken]:
                found.append(Source(old=one, criteria=criteria))
        return found

    def cells(self, choices: Choices) -> list[tuple[Key, int, Holding]]:
        """(criterion, indicator, result) of everything that counts in the criteria chosen.

        A criterion settled by a conclusion is its conclusion, any other its indicators.
        """
        found = []
        for key, old_id in choices.items():
            criterion, heads = self.criteria[key], self.old_by_id[old_id].heads
            counting = [indicator.id for indicator in criterion.indicators]
            if rollup.criterion_outcome(criterion, heads).concluded and criterion.conclusion_id:
                counting = [criterion.conclusion_id]
            found += [(key, cell, heads[cell]) for cell in counting if cell in heads]
        return found

    @property
    def fingerprint(self) -> str:
        """Changes with every result that could be taken over, and with those entered since."""
        seen = sorted(
            [(one.unit_id, head.result_id) for one in self.old for head in one.heads.values()]
        )
        kept = sorted((*key, head.result_id) for key, head in self.kept.items())
        return sha256(repr((seen, kept)).encode()).hexdigest()[:24]


def _numbers(asked: SetDefinition, one: OldUnit, choices: Choices) -> list[int]:
    """The criteria of a set that these choices take from one predecessor."""
    return [
        number
        for (set_id, number), old_id in choices.items()
        if (set_id, old_id) == (asked.set_id, one.unit_id)
    ]


def ranges(numbers: Iterable[int]) -> str:
    """1, 2, 3, 5 → "1–3, 5"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
