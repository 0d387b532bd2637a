"""Which result holds in each cell at each moment: the rule of the two times over arrays.

``criteria.rules.ledger.state`` says the same of one cell at one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = 2**62
"""A number that no change ever gets."""


class Moment(NamedTuple):
    """A day as known at a change number; None: everything recorded."""

    day: date
    seq: int | None = None

    @property
    def known(self) -> int:
        return NEVER - 1 if self.seq is None else self.seq


@dataclass(frozen=True, kw_only=True)
class Entries:
    """What counts in cells: a result, and from and until which change number it does.

    A result that counts in several stretches has an entry for each. In the order of cell,
    day and number, so that of two that count the later one in the list holds.
    """

    cell: NDArray[Any]
    day: NDArray[Any]
    seq: NDArray[Any]
    code: NDArray[Any]
    known_from: NDArray[Any]
    known_until: NDArray[Any]


def holding(entries: Entries, moments: Sequence[Moment], cells: int) -> NDArray[np.int32]:
    """[cell, moment] → the place in `entries` of what holds; -1 where nothing does."""
    held = np.full((cells, len(moments)), -1, np.int32)
    for chain in _chains(moments):
        held[:, chain] = _along(entries, [moments[place] for place in chain], cells)
    return held


def _chains(moments: Sequence[Moment]) -> list[list[int]]:
    """The places of moments in runs in which neither the day nor what is known goes back.

    Months closed in order make one run; one that was closed again much later begins another.
    """
    chains: list[list[int]] = []
    for place in sorted(
        range(len(moments)), key=lambda one: (moments[one].day, moments[one].known)
    ):
        fitting = (c for c in chains if moments[c[-1]].known <= moments[place].known)
        chain = next(fitting, None)
        if chain is None:
            chains.append([place])
        else:
            chain.append(place)
    return chains


def _along(entries: Entries, moments: Sequence[Moment], cells: int) -> NDArray[np.int32]:
    """:func:`holding` over one run: what counts to its end is carried on from month to month."""
    number = len(moments)
    days = np.array([moment.day.toordinal() for moment in moments])
    known = np.array([moment.known for moment in moments])
    first = np.maximum(
        np.searchsorted(days, entries.day), np.searchsorted(known, entries.known_from)
    )
    until = np.searchsorted(known, entries.known_until)
    held = np.full(cells * number, -1, np.int32)
    stays = np.flatnonzero((until == number) & (first < number))
    np.maximum.at(held, entries.cell[stays] * number + first[stays], stays.astype(np.int32))
    held = np.maximum.accumulate(held.reshape(cells, number), axis=1).ravel()
    ends = np.flatnonzero((until < number) & (first < until))
    lasts = (until - first)[ends]
    each = np.repeat(ends, lasts)
    steps = np.arange(len(each)) - np.repeat(np.cumsum(lasts) - lasts, lasts)
    np.maximum.at(held, entries.cell[each] * number + first[each] + steps, each.astype(np.int32))
    return held.reshape(cells, number)
