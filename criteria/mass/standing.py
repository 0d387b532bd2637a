"""How communes stand at many moments: the outcome of each criterion, as arrays.

``criteria.rules.rollup`` says the same of one commune on one day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
from numpy.typing import NDArray

from criteria import ledger
from criteria.mass import reading
from criteria.mass.holding import Entries, Moment, holding
from criteria.mass.reading import CODES
from criteria.rules.types import CommuneStanding, CriterionDefinition, Outcome, SetDefinition

BATCH = 200
"""Communes read at once: what bounds the memory, whatever the size of the province."""

NOT_APPLICABLE, MET, NOT_ASSESSED, NOT_MET = sorted(CODES.values())
_OUTCOMES = {code: outcome for outcome, code in CODES.items()}
_EARLIEST = -1

type Codes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Stood:
    """Communes under one wording of a set: [unit, criterion, moment] → code, on both bases."""

    asked: SetDefinition
    unit_ids: Sequence[int]
    moments: Sequence[Moment]
    reported: Codes
    confirmed: Codes

    def outcomes(self, *, confirmed: bool) -> Codes:
        return self.confirmed if confirmed else self.reported

    def met(self, *, confirmed: bool) -> NDArray[np.bool_]:
        """[unit, criterion, moment]: whether it counts as met."""
        codes = self.outcomes(confirmed=confirmed)
        also = (codes == NOT_APPLICABLE) & self.asked.na_counts_as_met
        return np.asarray((codes == MET) | also)

    def known(self, *, confirmed: bool) -> NDArray[np.bool_]:
        """[unit, moment]: whether anything at all is known."""
        return np.asarray((self.outcomes(confirmed=confirmed) != NOT_ASSESSED).any(axis=1))

    def rows(self, moment: int, unit_ids: Collection[int]) -> Iterator[CommuneStanding]:
        """Some of the communes at the moment in this place, as the rules give them."""
        wanted = set(unit_ids)
        numbers = [criterion.number for criterion in self.asked.criteria]
        met = [self.met(confirmed=one)[:, :, moment].sum(axis=1).tolist() for one in (False, True)]
        counts = self.reported[:, :, moment] != NOT_APPLICABLE
        of = (counts | self.asked.na_counts_as_met).sum(axis=1).tolist()
        found = [self.outcomes(confirmed=one)[:, :, moment].tolist() for one in (False, True)]
        for place, unit_id in enumerate(self.unit_ids):
            if unit_id in wanted:
                reported, confirmed = (
                    dict(zip(numbers, map(_OUTCOMES.__getitem__, codes[place]), strict=True))
                    for codes in found
                )
                yield CommuneStanding(
                    unit_id=unit_id,
                    met=met[0][place],
                    met_confirmed=met[1][place],
                    of=of[place],
                    outcomes=reported,
                    outcomes_confirmed=confirmed,
                )


def standings(
    unit_ids: Collection[int], asked: Sequence[SetDefinition], moments: Sequence[Moment]
) -> list[Stood]:
    """The communes under each wording at each moment, from one scan of their ledger."""
    ordered = sorted(set(unit_ids))
    indicators = sorted({cell for one in asked for cell in ledger.indicator_ids(one)})
    pieces = [_batch(units, indicators, asked, moments) for units in batched(ordered, BATCH)]
    return [
        Stood(
            asked=one,
            unit_ids=ordered,
            moments=moments,
            reported=_together([piece[number][0] for piece in pieces], one, moments),
            confirmed=_together([piece[number][1] for piece in pieces], one, moments),
        )
        for number, one in enumerate(asked)
    ]


def _together(pieces: Sequence[Codes], asked: SetDefinition, moments: Sequence[Moment]) -> Codes:
    nobody = np.empty((0, len(asked.criteria), len(moments)), np.uint8)
    return np.concatenate([nobody, *pieces])


def _batch(
    unit_ids: Sequence[int],
    indicators: Sequence[int],
    asked: Sequence[SetDefinition],
    moments: Sequence[Moment],
) -> list[tuple[Codes, Codes]]:
    """(reported, confirmed) of some communes, for each wording."""
    cells = [
        _Cells(basis, moments, len(unit_ids), indicators)
        for basis in reading.entries(unit_ids, indicators)
    ]
    return [(cells[0].outcomes(one), cells[1].outcomes(one)) for one in asked]


class _Cells:
    """What holds in the cells of some communes: [unit, indicator, moment]."""

    def __init__(
        self,
        entries: Entries,
        moments: Sequence[Moment],
        units: int,
        indicators: Sequence[int],
    ) -> None:
        held = holding(entries, moments, units * len(indicators))
        held = held.reshape(units, len(indicators), len(moments))
        # The last place stands for "nothing": -1 reads it.
        self.codes = np.append(entries.code, np.uint8(NOT_ASSESSED))[held]
        self.held = held
        self.days = np.append(entries.day, _EARLIEST)
        self.seqs = np.append(entries.seq, _EARLIEST)
        self.column = {indicator: place for place, indicator in enumerate(indicators)}

    def outcomes(self, asked: SetDefinition) -> Codes:
        shape = (len(self.codes), len(asked.criteria), self.codes.shape[2])
        found = np.empty(shape, np.uint8)
        for place, criterion in enumerate(asked.criteria):
            found[:, place] = self._outcome(criterion)
        return found

    def _outcome(self, criterion: CriterionDefinition) -> NDArray[Any]:
        """[unit, moment] of one criterion: ``rollup.criterion_outcome``."""
        columns = [self.column[indicator.id] for indicator in criterion.indicators]
        judged = self.codes[:, columns].max(axis=1, initial=NOT_APPLICABLE)
        if not columns:
            judged[:] = NOT_ASSESSED
        if criterion.conclusion_id is None:
            return judged
        column = self.column[criterion.conclusion_id]
        concluded = self.held[:, column] >= 0
        if not concluded.any():
            return judged
        for other in columns:
            concluded &= ~self._is_later(other, column)
        return np.where(concluded, self.codes[:, column], judged)

    def _is_later(self, one: int, other: int) -> NDArray[Any]:
        """[unit, moment]: whether what holds in one column came after that of the other."""
        first, second = self.held[:, one], self.held[:, other]
        day, than = self.days[first], self.days[second]
        return (day > than) | ((day == than) & (self.seqs[first] > self.seqs[second]))


def code_of(outcome: Outcome) -> int:
    """The number of an outcome in the arrays."""
    return CODES[outcome]
