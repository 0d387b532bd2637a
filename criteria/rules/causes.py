"""What moved one commune from one day to another, cause by cause; a part of :mod:`why_moved`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from criteria.rules import rollup
from criteria.rules.movement import commune_move
from criteria.rules.types import CommuneStanding, Outcome, SetDefinition


class Why(StrEnum):
    """Reasons in the order in which they are told."""

    UNITS = "units"
    SET = "set"
    REVIEWED = "reviewed"
    CORRECTED = "corrected"
    BEGAN = "began"
    """Nothing was known of the commune and now something is; of brackets alone."""
    NEWLY = "newly"
    LOST = "lost"
    UNASSESSED = "unassessed"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Communes under one wording. `rows` by unit; those outside the programme do not count."""

    definition: SetDefinition
    rows: Mapping[int, CommuneStanding]

    @classmethod
    def of(cls, definition: SetDefinition, rows: Iterable[CommuneStanding]) -> Reading:
        return cls(definition=definition, rows={r.unit_id: r for r in rows if r.in_programme})


@dataclass(frozen=True, kw_only=True)
class Step:
    """Communes of the first day read anew with one thing changed, and what that is.

    They are read under the wording of the second day.
    """

    why: Why
    rows: Mapping[int, CommuneStanding]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What one reason did to one commune.

    `gained` and `dropped` are numbers of criteria that came to count as met, or ceased to (under
    another set: all of the new and of the old one). `brackets` are the labels left and entered,
    None where the commune is not counted; `recognised` and `communes` are −1, 0 or 1. `was` and
    `now` are the outcomes before and after, by number.
    """

    unit_id: int
    why: Why
    gained: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    brackets: tuple[str | None, str | None] = (None, None)
    recognised: int = 0
    communes: int = 0
    was: Mapping[int, Outcome] = field(default_factory=dict)
    now: Mapping[int, Outcome] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The criteria behind it, in their order."""
        return tuple(sorted({*self.gained, *self.dropped}))

    @property
    def counts(self) -> bool:
        """Whether it moved anything at all."""
        entered = self.brackets[0] != self.brackets[1]
        return bool(self.gained or self.dropped or entered or self.recognised or self.communes)


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """One commune at one reading."""

    definition: SetDefinition
    row: CommuneStanding
    confirmed: bool

    @property
    def outcomes(self) -> Mapping[int, Outcome]:
        return self.row.outcomes_confirmed if self.confirmed else self.row.outcomes

    @cached_property
    def met(self) -> frozenset[int]:
        """The criteria that count as met."""
        as_met = rollup.counts_as_met(self.definition)
        found = self.outcomes
        return frozenset(
            c.number for c in self.definition.criteria if found.get(c.number) in as_met
        )

    @cached_property
    def known(self) -> bool:
        return any(outcome is not Outcome.NOT_ASSESSED for outcome in self.outcomes.values())

    @cached_property
    def bracket(self) -> str:
        return rollup.bracket_of(self.definition, len(self.met), known=self.known)

    @property
    def recognised(self) -> bool:
        return bool(self.row.recognised_tier)


def causes_of(
    unit_id: int, before: Reading, after: Reading, steps: Sequence[Step], confirmed: bool
) -> Iterator[Cause]:
    """What moved one commune, in the order of :class:`Why`; some may have moved nothing."""
    old, new = before.rows.get(unit_id), after.rows.get(unit_id)
    first = None if old is None else _stage(before.definition, old, confirmed)
    last = None if new is None else _stage(after.definition, new, confirmed)
    if old is None or first is None or last is None:
        yield _joined_or_left(unit_id, first, last)
        return
    at = first
    for why, row in _read_again(unit_id, old, steps):
        following = _stage(after.definition, row, confirmed)
        whole = before.definition.set_id != after.definition.set_id
        if whole:
            # Recognition is no matter of the set: the status alone goes on through the steps.
            following = _with_status_of(last, following)
        yield _between(unit_id, why, at, following, whole=whole and why is Why.SET)
        at = following
    yield from _moved(unit_id, at, last)


def _read_again(
    unit_id: int, old: CommuneStanding, steps: Sequence[Step]
) -> list[tuple[Why, CommuneStanding]]:
    """The commune's rows of the first day by step; where the wording has none, those it had."""
    rows = [(step.why, step.rows[unit_id]) for step in steps if unit_id in step.rows]
    return rows if rows and rows[0][0] is Why.SET else [(Why.SET, old), *rows]


def _stage(definition: SetDefinition, row: CommuneStanding, confirmed: bool) -> _Stage:
    return _Stage(definition=definition, row=row, confirmed=confirmed)


def _with_status_of(stage: _Stage, other: _Stage) -> _Stage:
    return replace(stage, row=replace(stage.row, recognised_tier=other.row.recognised_tier))


def _joined_or_left(unit_id: int, first: _Stage | None, last: _Stage | None) -> Cause:
    stage = last or first
    assert stage is not None
    sign, met = (1 if last else -1), tuple(sorted(stage.met))
    return Cause(
        unit_id=unit_id,
        why=Why.UNITS,
        gained=met if last else (),
        dropped=met if first else (),
        brackets=(None, stage.bracket) if last else (stage.bracket, None),
        recognised=sign * stage.recognised,
        communes=sign,
        was=first.outcomes if first else {},
        now=last.outcomes if last else {},
    )


def _between(unit_id: int, why: Why, old: _Stage, new: _Stage, *, whole: bool = False) -> Cause:
    """The difference of two readings; `whole`: of two sets, whose numbers are no pairs."""
    return Cause(
        unit_id=unit_id,
        why=why,
        gained=tuple(sorted(new.met if whole else new.met - old.met)),
        dropped=tuple(sorted(old.met if whole else old.met - new.met)),
        brackets=(old.bracket, new.bracket),
        recognised=new.recognised - old.recognised,
        was=old.outcomes,
        now=new.outcomes,
    )


def _moved(unit_id: int, old: _Stage, new: _Stage) -> Iterator[Cause]:
    """What changed between the days: met or lost first, then not assessed any more.

    The commune enters the bracket of what it newly met and lost as a whole, under the sign of
    that sum; one of which nothing was known leaves that bracket because its assessment began.
    """
    move = commune_move(new.definition, old.row, new.row, confirmed=new.confirmed)
    met = len(old.met) + len(move.newly) - len(move.lost)
    known = old.known or new.known
    between = rollup.bracket_of(new.definition, met, known=known)
    rose = Why.NEWLY if met > len(old.met) else Why.LOST
    reason = Why.BEGAN if known and not old.known else rose
    status = new.recognised - old.recognised
    for why, gained, dropped, recognised in (
        (Why.BEGAN, (), (), 0),
        (Why.NEWLY, move.newly, (), max(status, 0)),
        (Why.LOST, (), move.lost, min(status, 0)),
    ):
        yield Cause(
            unit_id=unit_id,
            why=why,
            gained=gained,
            dropped=dropped,
            brackets=(old.bracket, between) if why is reason else (None, None),
            recognised=recognised,
            was=old.outcomes,
            now=new.outcomes,
        )
    yield Cause(
        unit_id=unit_id,
        why=Why.UNASSESSED,
        dropped=move.unassessed,
        brackets=(between, new.bracket),
        was=old.outcomes,
        now=new.outcomes,
    )
