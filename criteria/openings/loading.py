"""Loads the starts of new units: a fixed number of queries, however many predecessors.

Several units at once cost the same queries again for each further first day among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from communes.models import UnitVersion
from criteria import ledger, recognition, sets
from criteria.definitions import definition
from criteria.ledger import Heads
from criteria.models import Indicator, MonthClosing, Recognition
from criteria.openings.origins import Birth, Edge, births, predecessors
from criteria.openings.records import recorded
from criteria.openings.shapes import OldUnit, Start
from criteria.rules import opening, rollup
from criteria.rules.opening import Key
from criteria.rules.types import SetDefinition


def start(unit_id: int) -> Start:
    """The start of one unit."""
    return starts([unit_id])[unit_id]


def starts(unit_ids: Collection[int]) -> dict[int, Start]:
    """The start of each unit, in the order asked."""
    loader = _Loader(list(dict.fromkeys(unit_ids)))
    return {unit_id: loader.start(unit_id) for unit_id in loader.ids}


class _Loader:
    """Everything that the starts of some units are made of, read in bulk."""

    def __init__(self, unit_ids: list[int]) -> None:
        self.ids = unit_ids
        self.born = births(unit_ids)
        self.edges, self.events = predecessors(self.born)
        self.olds = {edge.old for edges in self.edges.values() for edge in edges}
        self.recorded = recorded(unit_ids)
        self._definitions()
        self._old_units()
        self._closings()

    def _definitions(self) -> None:
        """The wordings in force on each first day, and which criteria go together."""
        self.asked: dict[int, tuple[SetDefinition, ...]] = {}
        found: dict[tuple[int, date], SetDefinition] = {}
        for unit_id, birth in self.born.items():
            for adopted in birth.adopted if birth.day else []:
                if (adopted.pk, birth.day) not in found:
                    version = sets.version_in_force(adopted, birth.day)
                    found[adopted.pk, birth.day] = definition(version)
            self.asked[unit_id] = tuple(found[one.pk, birth.day] for one in birth.adopted)  # type: ignore[index]
        self.indicators = sorted({pk for one in found.values() for pk in ledger.indicator_ids(one)})
        asking = Indicator.objects.filter(pk__in=self.indicators, measure__isnull=False)
        self.measures = dict(asking.values_list("pk", "measure_id"))
        self.own = ledger.reported(self.ids, self.indicators)

    def _old_units(self) -> None:
        """Names, results, status and decisions of the predecessors on each last day."""
        self.names: dict[int, list[UnitVersion]] = defaultdict(list)
        versions = UnitVersion.objects.filter(unit_id__in=self.olds).select_related("unit")
        for version in sorted(versions, key=lambda v: v.starts_on or date.min):
            self.names[version.unit_id].append(version)
        self.decisions: dict[int, list[Recognition]] = defaultdict(list)
        decided = Recognition.objects.filter(unit_id__in=self.olds | set(self.ids))
        for row in decided.order_by("effective_on", "pk"):
            self.decisions[row.unit_id].append(row)
        self.heads: dict[date, Heads] = {}
        self.tiers: dict[date, dict[int, str]] = {}
        self.taking_part: dict[date, set[int]] = {}
        for eve in {self.born[new].eve for new in self.edges}:
            ids = {e.old for new, es in self.edges.items() for e in es if self.born[new].eve == eve}
            self.heads[eve] = ledger.reported(ids, self.indicators, day=eve)
            self.tiers[eve] = recognition.statuses(ids, day=eve)
            alive = UnitVersion.objects.alive_on(eve).in_programme(eve)
            self.taking_part[eve] = set(
                alive.filter(unit_id__in=ids).values_list("unit_id", flat=True)
            )

    def _closings(self) -> None:
        provinces = {birth.version.province_id for birth in self.born.values()}
        days = [birth.day for birth in self.born.values() if birth.day]
        held = MonthClosing.objects.holding().filter(province_id__in=provinces)
        self.closings = list(held.filter(month__gte=min(days)).order_by("month")) if days else []

    def start(self, unit_id: int) -> Start:
        birth, asked = self.born[unit_id], self.asked[unit_id]
        criteria = {(one.set_id, c.number): c for one in asked for c in one.criteria}
        measures = {
            key: {self.measures[i.id] for i in criterion.indicators}
            for key, criterion in criteria.items()
        }
        own = self.own.get(unit_id, {})
        held = self.recorded.get(unit_id)
        kept = {}
        for key, criterion in criteria.items() if held is None else []:
            entered = [own[cell] for cell in ledger.cells_of(criterion) if cell in own]
            if entered:
                kept[key] = max(entered, key=lambda head: head.order)
        old = [self._old(edge, birth, asked) for edge in self.edges.get(unit_id, [])]
        return Start(
            unit=birth.version,
            first_day=birth.day,
            events=tuple(self.events.get(unit_id, [])),
            sets=asked,
            old=tuple(sorted(old, key=_place)),
            rows=tuple(opening.linked(measures)),
            kept=kept,
            kept_outcomes={
                key: rollup.criterion_outcome(criteria[key], own).outcome for key in kept
            },
            recorded=held,
            status=self._status(unit_id),
            closed=tuple(
                closing
                for closing in self.closings
                if birth.day
                and closing.month >= birth.day
                and closing.province_id == birth.version.province_id
            ),
        )

    def _old(self, edge: Edge, birth: Birth, asked: Iterable[SetDefinition]) -> OldUnit:
        eve, versions = birth.eve, self.names[edge.old]
        heads = self.heads[eve].get(edge.old, {})
        outcomes: dict[Key, rollup.CriterionOutcome] = {}
        counts = []
        for one in asked:
            found = rollup.commune_outcomes(one, heads)
            outcomes |= {(one.set_id, outcome.number): outcome for outcome in found}
            counts.append(rollup.count_met(one, (outcome.outcome for outcome in found)))
        tier = self.tiers[eve].get(edge.old, "")
        giving = [
            row
            for row in self.decisions[edge.old]
            if row.tier == tier and row.effective_on <= eve and row.act in _GIVING
        ]
        return OldUnit(
            version=next((v for v in versions if eve in v.valid), versions[-1]),
            first_day=versions[0].starts_on,
            inferred=edge.inferred,
            known=opening.Predecessor(
                unit_id=edge.old,
                met=tuple(met for met, _ in counts),
                outcomes={key: outcome.outcome for key, outcome in outcomes.items()},
                tier=tier,
                whole=edge.whole,
                in_programme=edge.old in self.taking_part[eve],
            ),
            heads=heads,
            counts=tuple(counts),
            decision=giving[-1] if tier and giving else None,
        )

    def _status(self, unit_id: int) -> Recognition | None:
        """The opening status that holds: given, and not taken back as a mistake."""
        rows = self.decisions[unit_id]
        gone = {row.refers_to_id for row in rows if row.act == _CORRECT and not row.tier}
        given = [row for row in rows if row.act == _OPENING and row.pk not in gone]
        return given[-1] if given else None


_OPENING, _CORRECT = Recognition.Act.OPENING, Recognition.Act.CORRECT
_GIVING = (Recognition.Act.RECOGNISE, _OPENING, _CORRECT)


def _place(one: OldUnit) -> tuple[bool, str, str]:
    """Whole predecessors first, then by name."""
    return (not one.known.whole, one.version.sort_key, one.version.code)
