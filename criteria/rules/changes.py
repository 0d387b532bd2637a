"""Two versions of a set beside each other: what came, what went, what is required differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from criteria.rules.types import (
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    Rule,
    SetDefinition,
)


class Kind(StrEnum):
    """What became of something between the two."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


class Direction(StrEnum):
    """Whether a level asks for more or for less than before; OTHER where that cannot be told."""

    STRICTER = "stricter"
    LOOSER = "looser"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class _Change[T]:
    """Something before and after; at least one of the two is there."""

    before: T | None
    after: T | None

    @property
    def shown(self) -> T:
        """The later of the two, else the former."""
        found = self.before if self.after is None else self.after
        assert found is not None
        return found

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return Kind.ADDED
        if self.after is None:
            return Kind.REMOVED
        return Kind.CHANGED if self._differs else Kind.SAME

    @property
    def _differs(self) -> bool:
        """Whether what stands on both sides is not the same."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class LevelChange(_Change[Level]):
    """A level of one selector (of one part)."""

    @property
    def _differs(self) -> bool:
        assert self.before is not None and self.after is not None
        return _asks(self.before) != _asks(self.after)

    @property
    def direction(self) -> Direction:
        """Stricter: fewer values meet it. Only two figures under one rule can be compared."""
        before, after = self.before, self.after
        if before is None or after is None or before.value is None or after.value is None:
            return Direction.OTHER
        if before.rule is not after.rule or before.value == after.value:
            return Direction.OTHER
        higher = after.value > before.value
        if after.rule in (Rule.AT_LEAST, Rule.MORE):
            return Direction.STRICTER if higher else Direction.LOOSER
        if after.rule in (Rule.AT_MOST, Rule.LESS):
            return Direction.LOOSER if higher else Direction.STRICTER
        return Direction.OTHER


@dataclass(frozen=True, kw_only=True)
class IndicatorChange(_Change[IndicatorDefinition]):
    """An indicator; `words` are the fields of its wording that differ."""

    code: str
    levels: tuple[LevelChange, ...]
    words: tuple[str, ...] = ()

    @property
    def _differs(self) -> bool:
        return bool(self.words or self.level_changes)

    @property
    def level_changes(self) -> tuple[LevelChange, ...]:
        return tuple(level for level in self.levels if level.kind is not Kind.SAME)


@dataclass(frozen=True, kw_only=True)
class CriterionChange(_Change[CriterionDefinition]):
    """A criterion with its indicators."""

    number: int
    indicators: tuple[IndicatorChange, ...]

    @property
    def renamed(self) -> bool:
        return bool(self.before and self.after and self.before.name != self.after.name)

    @property
    def _differs(self) -> bool:
        return self.renamed or bool(self.indicator_changes)

    @property
    def indicator_changes(self) -> tuple[IndicatorChange, ...]:
        return tuple(one for one in self.indicators if one.kind is not Kind.SAME)


def compare(before: SetDefinition, after: SetDefinition) -> tuple[CriterionChange, ...]:
    """Every criterion of either, by number; indicators are the same by criterion and code."""
    old = {criterion.number: criterion for criterion in before.criteria}
    new = {criterion.number: criterion for criterion in after.criteria}
    return tuple(
        CriterionChange(
            number=number,
            before=old.get(number),
            after=new.get(number),
            indicators=tuple(_indicators(old.get(number), new.get(number))),
        )
        for number in sorted(old.keys() | new.keys())
    )


def _indicators(
    before: CriterionDefinition | None, after: CriterionDefinition | None
) -> Iterable[IndicatorChange]:
    old = {one.code: one for one in before.indicators} if before else {}
    new = {one.code: one for one in after.indicators} if after else {}
    for code in dict.fromkeys([*old, *new]):
        one, other = old.get(code), new.get(code)
        yield IndicatorChange(
            code=code,
            before=one,
            after=other,
            levels=tuple(_levels(one, other)),
            words=_words(one, other) if one and other else (),
        )


def _words(one: IndicatorDefinition, other: IndicatorDefinition) -> tuple[str, ...]:
    fields = ("text", "unit", "rule", "kind", "when")
    return tuple(name for name in fields if getattr(one, name) != getattr(other, name))


def _levels(
    before: IndicatorDefinition | None, after: IndicatorDefinition | None
) -> Iterable[LevelChange]:
    old, new = _by_selector(before), _by_selector(after)
    for key in dict.fromkeys([*old, *new]):
        yield LevelChange(before=old.get(key), after=new.get(key))


def _by_selector(indicator: IndicatorDefinition | None) -> Mapping[tuple[str, str], Level]:
    levels = indicator.levels if indicator else ()
    return {(level.part, level.selector): level for level in levels}


def _asks(level: Level) -> object:
    return level.rule, level.value, level.when
