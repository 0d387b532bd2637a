"""Recognition as a function of the date: replay of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

TIERS = ("standard", "advanced", "model", "modern")
"""Tiers from the lowest to the highest; a higher one contains the lower ones."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision on one commune. `refers_to` is the decision that it corrects."""

    id: int
    act: str
    tier: str
    effective_on: date
    seq: int
    refers_to: int | None = None


def status_on(decisions: Iterable[Decision], *, day: date, seq: int) -> str:
    """The highest tier held on `day` as known at change `seq`; "" when none.

    Recognising a tier holds until that tier is revoked; revoking a tier takes the higher
    ones along (Quyết định 18/2022/QĐ-TTg, thu hồi). A correction puts its tier and day in
    the place of the decision that it refers to; with an empty tier it says that there was no
    such decision. A unit starts with none.
    """
    known = [decision for decision in decisions if decision.seq <= seq]
    corrections: dict[int, Decision] = {}
    for decision in sorted(known, key=lambda d: d.seq):
        if decision.act == "correct" and decision.refers_to is not None:
            corrections[decision.refers_to] = decision
    held: set[str] = set()
    acts = []
    for decision in known:
        if decision.act == "correct":
            continue
        stands = corrections.get(decision.id, decision)
        if not stands.tier:
            continue
        acts.append((stands.effective_on, decision.seq, decision.act, stands.tier))
    for effective_on, _, act, tier in sorted(acts):
        if effective_on > day:
            break
        if act == "revoke":
            held -= set(TIERS[TIERS.index(tier) :])
        else:
            held.add(tier)
    return max(held, key=TIERS.index, default="")
