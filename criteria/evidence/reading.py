"""What bears out what: the links that hold, counted for a sheet and listed for a cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db.models import QuerySet

from communes.models import Change
from criteria.models import Evidence, EvidenceLink

type _Cell = tuple[int, int]
"""(unit id, indicator id)."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How much evidence a cell has: for the result that holds, and only for earlier ones."""

    now: int = 0
    before: int = 0

    @property
    def words(self) -> str:
        """As the sheets say it, "" where there is none."""
        if self.now:
            return f"{self.now} minh chứng"
        return f"{self.before} minh chứng của kết quả trước" if self.before else ""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """Evidence of a cell with the act that attached it, and the result it was attached to."""

    evidence: Evidence
    result_id: int
    change: Change
    request_id: UUID = field(default_factory=uuid4, compare=False)
    """Of the form that takes it back."""


def linked(result_ids: Collection[int]) -> dict[int, dict[int, EvidenceLink]]:
    """Result → evidence → the link that holds; one query."""
    return _holding(EvidenceLink.objects.filter(result_id__in=result_ids).order_by("pk"))


def counted(results: Mapping[_Cell, int], *, seq: int | None = None) -> dict[_Cell, Counted]:
    """How much evidence each cell has, given the result that holds on each; one query.

    Cells without any are left out. As known at `seq` (None: now).
    """
    units = {unit_id for unit_id, _ in results}
    indicators = {indicator_id for _, indicator_id in results}
    links = EvidenceLink.objects.filter(
        result__unit_id__among=list(units), result__indicator_id__among=list(indicators)
    ).select_related("result")
    found: dict[_Cell, dict[int, set[int]]] = defaultdict(dict)
    for result_id, kept in _holding(_known(links, seq).order_by("pk")).items():
        row = next(iter(kept.values())).result
        found[row.unit_id, row.indicator_id][result_id] = set(kept)
    return {cell: _count(kept, results.get(cell)) for cell, kept in found.items()}


def attached(unit_id: int, indicator_id: int, *, seq: int | None = None) -> list[Attached]:
    """Everything attached to any result of a cell, the latest act first; one query.

    As known at `seq` (None: now): what was taken back since is still there.
    """
    every = EvidenceLink.objects.filter(result__unit_id=unit_id, result__indicator_id=indicator_id)
    links = _known(every, seq).select_related("evidence", "change__by").order_by("pk")
    found = [
        Attached(evidence=link.evidence, result_id=result_id, change=link.change)
        for result_id, kept in _holding(links).items()
        for link in kept.values()
    ]
    return sorted(found, key=lambda row: row.change.seq, reverse=True)


def _known(links: QuerySet[EvidenceLink], seq: int | None) -> QuerySet[EvidenceLink]:
    return links if seq is None else links.filter(change__seq__lte=seq)


def _holding(links: Collection[EvidenceLink]) -> dict[int, dict[int, EvidenceLink]]:
    """The links that hold, of rows in the order they were written: the last word counts."""
    found: dict[int, dict[int, EvidenceLink]] = defaultdict(dict)
    for link in links:
        if link.withdrawn:
            found[link.result_id].pop(link.evidence_id, None)
        else:
            found[link.result_id].setdefault(link.evidence_id, link)
    return {result_id: kept for result_id, kept in found.items() if kept}


def _count(kept: Mapping[int, set[int]], holds: int | None) -> Counted:
    now = kept.get(holds or 0, set())
    before = set().union(*kept.values()) - now
    return Counted(now=len(now), before=len(before))
