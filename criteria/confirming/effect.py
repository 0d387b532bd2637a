"""What confirming what was read of some communes would do, told before it happens."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from communes import units
from communes.models import UnitVersion
from criteria import ledger
from criteria.confirming.rows import CommuneRow, levels_of, rows
from criteria.confirming.states import CriterionState, State, by_unit, read
from criteria.ledger import NOT_NUMBERED_YET, Holding
from criteria.models import Result
from criteria.rules.ledger import Entry, state
from criteria.rules.types import CriterionDefinition, Outcome, SetDefinition


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A commune that was ticked, with what was read there and what confirming that would do.

    `row` is as it was read; `newer`: something was recorded or taken back after that.
    """

    row: CommuneRow
    seen: tuple[int, ...]
    newer: bool

    @property
    def before(self) -> Outcome:
        return self.row.confirmed.outcome

    @property
    def after(self) -> Outcome:
        return self.row.reported.outcome

    @property
    def first(self) -> bool:
        """Whether the criterion of this commune was never confirmed."""
        return not self.row.state.confirmed

    @property
    def nothing_new(self) -> bool:
        return self.row.state.state is State.CONFIRMED

    @property
    def token(self) -> str:
        return f"{self.row.commune.unit_id}:{'.'.join(map(str, self.seen))}"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an act over the chosen communes would do to the confirmed figures."""

    chosen: tuple[Chosen, ...]
    as_met: frozenset[Outcome]

    @cached_property
    def moves(self) -> Counter[tuple[bool, bool]]:
        """(counts as met before, and after) → communes."""
        return Counter((one.before in self.as_met, one.after in self.as_met) for one in self.chosen)

    @property
    def become_met(self) -> int:
        return self.moves[False, True]

    @property
    def no_longer_met(self) -> int:
        return self.moves[True, False]

    @property
    def as_before(self) -> int:
        return self.moves[True, True] + self.moves[False, False]

    @property
    def gain(self) -> int:
        """By how much the communes confirmed as meeting the criterion would change."""
        return self.become_met - self.no_longer_met

    @property
    def newer(self) -> list[Chosen]:
        return [one for one in self.chosen if one.newer]

    @property
    def nothing_new(self) -> int:
        return sum(one.nothing_new for one in self.chosen)

    @property
    def first(self) -> int:
        return sum(one.first for one in self.chosen)


def effect(
    place: UnitVersion,
    on: date,
    asked: SetDefinition,
    criterion: CriterionDefinition,
    seen: Mapping[int, tuple[int, ...]],
) -> Effect:
    """What confirming these results of these communes (unit id → seen) would do.

    Communes outside the place are left out.
    """
    communes = [c for c in units.communes_in_programme(place, on) if c.unit_id in seen]
    now = by_unit(read([c.unit_id for c in communes], [criterion]))
    newer = {unit_id for unit_id, one in now.items() if one.seen != seen[unit_id]}
    as_read = now | _as_read([now[unit_id] for unit_id in newer], seen)
    met = {Outcome.MET} | ({Outcome.NOT_APPLICABLE} if asked.na_counts_as_met else set())
    return Effect(
        chosen=tuple(
            Chosen(row=row, seen=seen[row.commune.unit_id], newer=row.commune.unit_id in newer)
            for row in rows(communes, as_read, criterion, levels_of(communes, criterion, on))
        ),
        as_met=frozenset(met),
    )


def _as_read(
    states: Collection[CriterionState], seen: Mapping[int, tuple[int, ...]]
) -> dict[int, CriterionState]:
    """The states as they were when exactly the results in `seen` were known."""
    entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    known = {result_id for one in states for result_id in seen[one.unit_id]}
    for result in Result.objects.filter(pk__in=known).select_related("change"):
        entries[result.unit_id, result.indicator_id].append(
            Entry(
                id=result.pk,
                true_from=result.true_from,
                seq=result.change.seq,
                outcome=Outcome(result.verdict),
                replaces=result.replaces_id,
                void=result.void,
            )
        )
    found = {}
    for one in states:
        reported: dict[int, Holding] = {}
        pending: dict[int, frozenset[int]] = {}
        for indicator_id in ledger.cells_of(one.criterion):
            rows_seen = entries.get((one.unit_id, indicator_id), [])
            held = state(rows_seen, day=date.max, seq=NOT_NUMBERED_YET)
            if held is not None:
                reported[indicator_id] = Holding(
                    outcome=held.outcome, true_from=held.true_from, seq=held.seq, result_id=held.id
                )
            if rows_seen and reported.get(indicator_id) != one.confirmed.get(indicator_id):
                pending[indicator_id] = frozenset(entry.id for entry in rows_seen)
        found[one.unit_id] = replace(one, reported=reported, pending=pending, last_return=None)
    return found
