"""How much evidence stands behind what a department is asked to confirm."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from criteria import evidence
from criteria.confirming.states import CriterionState


class Paper(NamedTuple):
    """One cell of a commune with evidence: its code, and how much in words.

    `name` is "" where the criterion is concluded as a whole.
    """

    code: str
    name: str
    words: str


def papers_of(states: Collection[CriterionState]) -> dict[int, tuple[Paper, ...]]:
    """Unit id → its cells with evidence, for what it reports now; one query.

    Communes without any are left out.
    """
    held = {
        (state.unit_id, indicator_id): head.result_id
        for state in states
        for indicator_id, head in state.reported.items()
    }
    counted = evidence.counted(held)
    found = {
        state.unit_id: tuple(
            Paper(code, name, counted[state.unit_id, indicator_id].words)
            for indicator_id, code, name in _cells(state)
            if (state.unit_id, indicator_id) in counted
        )
        for state in states
    }
    return {unit_id: papers for unit_id, papers in found.items() if papers}


def _cells(state: CriterionState) -> Iterable[tuple[int, str, str]]:
    """(indicator id, code in addresses, name) of what is asked, the conclusion last."""
    criterion = state.criterion
    yield from ((one.id, one.code, one.code) for one in criterion.indicators)
    if criterion.conclusion is not None:
        yield criterion.conclusion.id, criterion.conclusion.code, ""
