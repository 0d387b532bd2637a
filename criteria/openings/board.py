"""The page of one start as rows and columns: criteria by predecessors, with what is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from communes.models import UnitVersion
from communes.vietnamese import format_date
from criteria.models import Verdict
from criteria.openings.shapes import PICK_LABELS, Choices, Counted, OldUnit, Start
from criteria.rules.opening import Key, Pick
from criteria.rules.types import CriterionDefinition, Outcome

PRESETS = {
    Pick.LOWEST: "Theo xã thấp nhất (đề xuất)",
    Pick.WORST: "Kết quả kém nhất",
    Pick.BEST: "Kết quả tốt nhất",
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """What one predecessor has to give to one criterion."""

    old: OldUnit
    outcome: Outcome
    chosen: bool

    @property
    def label(self) -> str:
        return str(Verdict(self.outcome.value).label)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One criterion: its options, and why none can be chosen where that is so.

    `field` names the radio buttons, "" where there are none; `why` says the reason.
    """

    criterion: CriterionDefinition
    options: list[Option]
    field: str
    why: str
    outcome: Outcome

    @property
    def left_out(self) -> bool:
        return not any(option.chosen for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Group:
    """One set: how each predecessor stood under it, and its criteria."""

    counted: Counted
    counts: list[tuple[OldUnit, int, int]]
    rows: list[Row]


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that the page of a start shows, whole; `unit` is its name on the day asked.

    `presets` are (word, label, whether it gives what is chosen now) of each rule.
    """

    unit: UnitVersion
    day: str
    start: Start
    groups: list[Group]
    pick: Pick
    decided: bool
    presets: list[tuple[str, str, bool]]

    @property
    def pick_label(self) -> str:
        return PICK_LABELS[self.pick]

    @property
    def headline(self) -> Counted | None:
        return self.groups[0].counted if self.groups else None


def board(unit: UnitVersion, start: Start, choices: Choices, *, day: str = "") -> Board:
    """The page with these choices; with what was taken over where that is decided."""
    decided = start.recorded is not None
    groups = [
        Group(
            counted=counted,
            counts=[(one, *one.counts[place]) for one in start.old],
            rows=[
                _row(start, (counted.asked.set_id, criterion.number), criterion, choices, counted)
                for criterion in counted.asked.criteria
            ],
        )
        for place, counted in enumerate(start.counted(choices))
    ]
    pick = start.recorded.pick if start.recorded else start.pick_of(choices)
    return Board(
        unit=unit,
        day=day,
        start=start,
        groups=groups,
        pick=pick,
        decided=decided,
        presets=[
            (word.value, label, start.proposal(word) == dict(choices))
            for word, label in PRESETS.items()
        ],
    )


def _row(
    start: Start, key: Key, criterion: CriterionDefinition, choices: Choices, counted: Counted
) -> Row:
    why = _why_not(start, key)
    return Row(
        criterion=criterion,
        options=[
            Option(
                old=one,
                outcome=one.known.outcomes[key],
                chosen=choices.get(key) == one.unit_id,
            )
            for one in start.old
        ],
        field="" if why or start.recorded else field_name(key),
        why=why,
        outcome=counted.outcomes[criterion.number],
    )


def _why_not(start: Start, key: Key) -> str:
    """Why a criterion has no buttons of its own; "" where it has."""
    if (entered := start.kept.get(key)) is not None:
        return f"đã nhập kết quả từ {format_date(entered.true_from)}, giữ nguyên"
    row = start.row_of[key]
    names = {asked.set_id: asked.name for asked in start.sets}
    for other in row:
        if other in start.kept:
            return f"cùng nội dung với tiêu chí {other[1]} ({names[other[0]]}), đã nhập kết quả"
    if row[0] != key:
        return f"theo tiêu chí {row[0][1]} của {names[row[0][0]]} (cùng nội dung)"
    return ""


def field_name(key: Key) -> str:
    """The name of the radio buttons of a row."""
    return f"c-{key[0]}-{key[1]}"
