"""Who carries on from whom: units over time as a graph, in plain data and pure functions.

An edge leads from a unit that ended to one that took over the whole or a part of it, on the day
after its last. The other one began on that day, or lived before it and took the rest in. Units are
named by the number of their legal identity, of whatever tier: an island district goes on in a đặc
khu.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

WHOLE, PART = "whole", "part"

type EdgeRow = tuple[int, int, date, str, bool]
"""(old, new, day, "whole" or "part", inferred)."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`new` took over the whole of `old`, or a part of it, on `day`."""

    old: int
    new: int
    day: date
    whole: bool
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A unit that another one goes back to or went into.

    `whole`: along some path every edge is whole. `inferred`: every such path has a guess in
    it. A unit itself is its own kin, whole and certain.
    """

    unit: int
    whole: bool = True
    inferred: bool = False


class Circle(ValueError):
    """Edges that lead from a unit back to itself; `units` are those on the way."""

    def __init__(self, units: Iterable[int]) -> None:
        self.units = tuple(units)
        super().__init__(f"Các đơn vị kế thừa nhau thành vòng: {self.units}")


class Lineage:
    """All edges known around some units, asked in either direction."""

    def __init__(self, rows: Iterable[EdgeRow] = (), *, lived: Iterable[int] = ()) -> None:
        """`lived` are the units that were there before the first edge into them.

        A pair told twice on a day is one edge, whole if either is. Raises :class:`Circle`.
        """
        self.lived = frozenset(lived)
        told: dict[tuple[int, int, date], Edge] = {}
        for old, new, day, extent, inferred in rows:
            edge = Edge(old, new, day, extent == WHOLE, inferred)
            before = told.get((old, new, day))
            if before is None or _better((edge.whole, not inferred), _worth(before)):
                told[old, new, day] = edge
        self.edges = tuple(sorted(told.values()))
        self._before: dict[int, list[Edge]] = defaultdict(list)
        self._after: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self._before[edge.new].append(edge)
            self._after[edge.old].append(edge)
        self._refuse_circles()

    def __bool__(self) -> bool:
        return bool(self.edges)

    @property
    def units(self) -> frozenset[int]:
        return frozenset(self._before) | frozenset(self._after)

    def before(self, unit: int) -> tuple[Edge, ...]:
        """The edges into the unit: its direct predecessors."""
        return tuple(self._before.get(unit, ()))

    def after(self, unit: int) -> tuple[Edge, ...]:
        """The edges out of the unit: its direct successors."""
        return tuple(self._after.get(unit, ()))

    def predecessors(self, unit: int) -> dict[int, Kin]:
        """Every unit that this one goes back to, directly or through others; not itself."""
        found = _reach(unit, lambda at: ((edge.old, edge) for edge in self.before(at)))
        return {kin: found[kin] for kin in found if kin != unit}

    def successors(self, unit: int) -> dict[int, Kin]:
        """Every unit that this one went into, directly or through others; not itself."""
        found = _reach(unit, lambda at: ((edge.new, edge) for edge in self.after(at)))
        return {kin: found[kin] for kin in found if kin != unit}

    def origins(self, unit: int, day: date) -> dict[int, Kin]:
        """The units in force on `day` that this one goes back to; itself where it was.

        Nothing for a day on which the unit had already ended.
        """
        found = _reach(
            unit, lambda at: ((edge.old, edge) for edge in self.before(at) if edge.day > day)
        )
        return {kin: found[kin] for kin in found if self.alive(kin, day)}

    def heirs(self, unit: int, day: date) -> dict[int, Kin]:
        """The units in force on `day` that carry this one on; itself while it was.

        Nothing for a day before the unit began.
        """
        found = _reach(
            unit, lambda at: ((edge.new, edge) for edge in self.after(at) if edge.day <= day)
        )
        return {kin: found[kin] for kin in found if self.alive(kin, day)}

    def alive(self, unit: int, day: date) -> bool:
        """Whether the edges leave the unit in force on `day`: begun by then, and not ended."""
        before, after = self.before(unit), self.after(unit)
        begun = not before or unit in self.lived or any(edge.day <= day for edge in before)
        ended = bool(after) and all(edge.day <= day for edge in after)
        return begun and not ended

    def _refuse_circles(self) -> None:
        """Take away units without predecessors until none is left; what stays is in a circle."""
        waiting = {unit: len(self._before.get(unit, ())) for unit in self.units}
        free = [unit for unit, edges in waiting.items() if not edges]
        while free:
            unit = free.pop()
            del waiting[unit]
            for edge in self.after(unit):
                waiting[edge.new] -= 1
                if not waiting[edge.new]:
                    free.append(edge.new)
        if waiting:
            raise Circle(self._circle_among(min(waiting), waiting))

    def _circle_among(self, start: int, units: Container[int]) -> list[int]:
        """One circle behind `start`, where each of `units` has a predecessor among them."""
        path = [start]
        while path[-1] not in path[:-1]:
            path.append(next(edge.old for edge in self.before(path[-1]) if edge.old in units))
        return path[path.index(path[-1]) + 1 :][::-1]


type Worth = tuple[bool, bool]
"""(whole, certain) of an edge or a path."""


def _worth(edge: Edge) -> Worth:
    return (edge.whole, not edge.inferred)


def _better(one: Worth, other: Worth) -> bool:
    """Whole before part; of two alike the one that is no guess."""
    return one > other


def _reach(start: int, steps: Callable[[int], Iterator[tuple[int, Edge]]]) -> dict[int, Kin]:
    """Every unit reached from `start`, itself included, by the best path to it.

    All worths of paths to a unit are followed: the best path may go on from a lesser one
    (certain but in part, where the last step is in part anyway).
    """
    seen: set[tuple[int, Worth]] = set()
    waiting: list[tuple[int, Worth]] = [(start, (True, True))]
    best: dict[int, Worth] = {}
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        unit, (whole, certain) = state
        if unit not in best or _better((whole, certain), best[unit]):
            best[unit] = (whole, certain)
        for following, edge in steps(unit):
            waiting.append((following, (whole and edge.whole, certain and not edge.inferred)))
    return {
        unit: Kin(unit=unit, whole=whole, inferred=not certain)
        for unit, (whole, certain) in best.items()
    }
