"""Why a figure moved between two days: its difference, told commune by commune.

The difference is split in this order, each commune going from one reading to the next:

1. *units*: communes counted at one of the two days alone bring, or take away, all they had;
2. *set*: the same facts under the other wording; under another set a commune's whole difference;
3. *reviewed* (confirmed basis only): the results of the first day confirmed or returned since;
4. *corrected*: the first day as known at the second: facts corrected, voided or recorded late;
5. *newly met* and *lost*: what changed between the days; 6. *not assessed any more*.

Whatever was added in a step belongs to it, so that the parts are the difference, exactly. A
successor is another unit than those it was made of: it joins and they leave, whatever it took over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from criteria.rules import rollup
from criteria.rules.causes import Cause, Reading, Step, Why, causes_of
from criteria.rules.types import SetDefinition, Tally


class What(StrEnum):
    """The figures that are explained."""

    AVERAGE = "average"
    MET = "criteria_met"
    RECOGNISED = "recognised"
    COMMUNES = "communes"
    BRACKET = "bracket"
    CRITERION = "criterion"


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one commune adds to a part: criteria met, or communes, with its sign."""

    cause: Cause
    amount: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """One reason's part of a difference, in the unit of the figure.

    The shares add up to it; those of an average are criteria, to be divided by the communes of
    the second day, and `base` is what the change of that number alone does to the average.
    """

    why: Why
    amount: Fraction
    shares: tuple[Share, ...]
    base: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure on both days and the parts of its difference, in order; empty parts left out.

    `key` tells the brackets apart by label and the criteria by number. An average is None where
    nothing is assessed; then there is nothing to explain.
    """

    what: What
    key: str
    before: Fraction | None
    after: Fraction | None
    parts: tuple[Part, ...]

    @property
    def change(self) -> Fraction | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the difference; they are, unless stored rows were damaged."""
        return self.change is None or sum(part.amount for part in self.parts) == self.change


type _Amount = Callable[[Cause], int | None]
"""What a cause adds to a figure; None where it does not touch it. What it adds may cancel."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why every figure moved between two days, on one basis."""

    before: SetDefinition
    after: SetDefinition
    first: Tally
    second: Tally
    causes: tuple[Cause, ...]

    @property
    def same_set(self) -> bool:
        """Whether both days count by one set, in whatever wording."""
        return self.before.set_id == self.after.set_id

    @cached_property
    def average(self) -> Figure:
        """ΔM/N₂ split by reason; M₁(1/N₂ − 1/N₁) belongs to the units."""
        before, after = _average(self.first), _average(self.second)
        if before is None or after is None:
            return Figure(what=What.AVERAGE, key="", before=before, after=after, parts=())
        first, second = self.first.communes, self.second.communes
        base = Fraction(self.first.criteria_met, second) - before
        parts = {part.why: part for part in _parts(self.causes, _criteria)}
        if base:
            parts.setdefault(Why.UNITS, Part(why=Why.UNITS, amount=Fraction(0), shares=()))
        assert first and second
        return Figure(
            what=What.AVERAGE,
            key="",
            before=before,
            after=after,
            parts=tuple(
                replace(
                    parts[why],
                    amount=parts[why].amount / second + (base if why is Why.UNITS else 0),
                    base=base if why is Why.UNITS else Fraction(0),
                )
                for why in Why
                if why in parts
            ),
        )

    @cached_property
    def met(self) -> Figure:
        return self._count(
            What.MET, "", self.first.criteria_met, self.second.criteria_met, _criteria
        )

    @cached_property
    def recognised(self) -> Figure:
        before, after = self.first.recognised, self.second.recognised
        return self._count(
            What.RECOGNISED, "", before, after, lambda cause: cause.recognised or None
        )

    @cached_property
    def communes(self) -> Figure:
        before, after = self.first.communes, self.second.communes
        return self._count(What.COMMUNES, "", before, after, lambda cause: cause.communes or None)

    @cached_property
    def brackets(self) -> tuple[Figure, ...]:
        """From the top down as on the second day, then those that only the first day had."""
        old = {bracket.label: bracket.communes for bracket in self.first.brackets}
        new = {bracket.label: bracket.communes for bracket in self.second.brackets}
        return tuple(
            self._count(
                What.BRACKET, label, old.get(label, 0), new.get(label, 0), _of_bracket(label)
            )
            for label in {**new, **old}
        )

    @cached_property
    def criteria(self) -> tuple[Figure, ...]:
        """By number; none between two sets, where a number names two different criteria."""
        if not self.same_set:
            return ()
        old = {count.number: count.met for count in self.first.criteria}
        new = {count.number: count.met for count in self.second.criteria}
        return tuple(
            self._count(What.CRITERION, str(n), old.get(n, 0), new.get(n, 0), _of_criterion(n))
            for n in sorted({**old, **new})
        )

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, the headline first."""
        four = (self.average, self.met, self.recognised, self.communes)
        return (*four, *self.brackets, *self.criteria)

    def _count(self, what: What, key: str, before: int, after: int, share: _Amount) -> Figure:
        return Figure(
            what=what,
            key=key,
            before=Fraction(before),
            after=Fraction(after),
            parts=tuple(_parts(self.causes, share)),
        )


def explain(
    before: Reading, after: Reading, *, steps: Sequence[Step] = (), confirmed: bool = False
) -> Explanation:
    """Why every figure moved from `before` to `after`, on one basis.

    `steps` lead from the first day as it was answered to the first day as known at the second,
    in the order of :class:`Why`; a commune that a step lacks stays as it was. Whatever is left
    then is newly met, lost, or not assessed any more.
    """
    causes = [
        cause
        for unit_id in {**after.rows, **before.rows}
        for cause in causes_of(unit_id, before, after, steps, confirmed)
        if cause.counts
    ]
    return Explanation(
        before=before.definition,
        after=after.definition,
        first=rollup.tally(before.definition, before.rows.values(), confirmed=confirmed),
        second=rollup.tally(after.definition, after.rows.values(), confirmed=confirmed),
        causes=tuple(causes),
    )


def _parts(causes: Iterable[Cause], share: _Amount) -> Iterator[Part]:
    """The causes that touch a figure, by reason; where they cancel the part stays, at 0."""
    found: dict[Why, list[Share]] = {why: [] for why in Why}
    for cause in causes:
        amount = share(cause)
        if amount is not None:
            found[cause.why].append(Share(cause=cause, amount=amount))
    for why, shares in found.items():
        if shares:
            total = Fraction(sum(one.amount for one in shares))
            yield Part(why=why, amount=total, shares=tuple(shares))


def _criteria(cause: Cause) -> int | None:
    touched = cause.gained or cause.dropped
    return len(cause.gained) - len(cause.dropped) if touched else None


def _of_bracket(label: str) -> _Amount:
    def share(cause: Cause) -> int | None:
        left, entered = cause.brackets
        return (entered == label) - (left == label) or None

    return share


def _of_criterion(number: int) -> _Amount:
    return lambda cause: (number in cause.gained) - (number in cause.dropped) or None


def _average(tally: Tally) -> Fraction | None:
    """The average as an exact fraction; None where there is none."""
    if tally.average is None:
        return None
    return Fraction(tally.criteria_met, tally.communes)
