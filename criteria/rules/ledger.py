"""Which result holds: the rule of the two times, readable and the oracle of the SQL.

A fact is true from a day on and known from a change number on. Nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from criteria.rules.types import Head, Outcome


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the ledger for one unit and indicator."""

    id: int
    true_from: date
    seq: int
    outcome: Outcome
    replaces: int | None = None
    void: bool = False


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A review: at change `seq` these results were confirmed, or returned."""

    seq: int
    result_ids: frozenset[int]
    confirms: bool


def state(entries: Iterable[Entry], *, day: date, seq: int) -> Entry | None:
    """The result that holds on `day` as known at change `seq`, or None.

    Of those known, true by that day, not void and not replaced by a known row: the one with
    the greatest (true_from, seq).
    """
    known = [entry for entry in entries if entry.seq <= seq]
    replaced = {entry.replaces for entry in known if entry.replaces is not None}
    standing = [
        entry
        for entry in known
        if not entry.void and entry.true_from <= day and entry.id not in replaced
    ]
    return max(standing, key=lambda entry: (entry.true_from, entry.seq), default=None)


def confirmed_ids(reviews: Sequence[Seen], *, seq: int) -> frozenset[int]:
    """Results named by a confirmation by `seq` and by no later return."""
    ids: set[int] = set()
    for review in sorted(reviews, key=lambda review: review.seq):
        if review.seq > seq:
            break
        if review.confirms:
            ids |= review.result_ids
        else:
            ids -= review.result_ids
    return frozenset(ids)


def confirmed(
    entries: Iterable[Entry],
    reviews: Sequence[Seen],
    *,
    day: date,
    seq: int,
    reviewed: int | None = None,
) -> Entry | None:
    """The confirmed result that holds on `day` as known at `seq`.

    `reviewed` is the number up to which reviews count, where that is another than `seq`.

    The rule of :func:`state` over confirmed results alone, so a replacement or a void
    counts only once it is confirmed itself.
    """
    ids = confirmed_ids(reviews, seq=seq if reviewed is None else reviewed)
    return state((entry for entry in entries if entry.id in ids), day=day, seq=seq)


def to_be_named(
    entries: Sequence[Entry], confirmed: Collection[int], *, day: date, seq: int
) -> frozenset[int]:
    """What a confirmation has to name so that the confirmed reading becomes the reported one.

    The result that holds, and each replacement or void of a confirmed result (of which
    `confirmed` has the ids) that would go on outranking it. Empty when nothing was recorded.
    """
    known = [entry for entry in entries if entry.seq <= seq]
    held = state(known, day=day, seq=seq)
    named = {held.id} if held else set()
    while True:
        counted = [entry for entry in known if entry.id in named or entry.id in confirmed]
        agreed = state(counted, day=day, seq=seq)
        if agreed == held or agreed is None:
            return frozenset(named)
        named |= {entry.id for entry in known if entry.replaces == agreed.id}


def head(entry: Entry | None) -> Head | None:
    """The place in time of a result, as the roll-up needs it."""
    if entry is None:
        return None
    return Head(outcome=entry.outcome, true_from=entry.true_from, seq=entry.seq)
