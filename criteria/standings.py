"""Keeps what "now" is read from: heads of cells and standings of communes.

Both are rewritten in the transaction of the save itself by the same pure roll-up that
recomputes everything, so no worker is needed for a figure to be fresh.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import connection, transaction

from communes.models import Unit, UnitVersion
from criteria import frozen, ledger
from criteria.definitions import counting
from criteria.ledger import NOT_NUMBERED_YET, Heads, Holding
from criteria.models import CellHead, Result, Standing
from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, Outcome, SetDefinition

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


def lock(unit_ids: Collection[int], set_ids: Collection[int]) -> None:
    """Create the standings that are missing and lock all of them, in one order for everyone.

    Must run inside a transaction; whoever writes results of these communes waits here.
    """
    keys = sorted((unit_id, set_id) for unit_id in unit_ids for set_id in set_ids)
    Standing.objects.bulk_create(
        (Standing(unit_id=unit_id, set_id=set_id) for unit_id, set_id in keys),
        ignore_conflicts=True,
    )
    list(
        Standing.objects.select_for_update()
        .filter(unit_id__in=list(unit_ids), set_id__in=list(set_ids))
        .order_by("unit_id", "set_id")
        .values_list("unit_id", "set_id")
    )


def follow(written: Iterable[tuple[SetDefinition, Result]], *, change_id: int) -> None:
    """Bring heads and standings up to date after results were written, set by set.

    Each result comes with the wording that its set counts by now. The standings must be locked.
    """
    by_set: dict[int, list[tuple[SetDefinition, Result]]] = defaultdict(list)
    for asked, row in written:
        by_set[asked.set_id].append((asked, row))
    for pairs in by_set.values():
        rewrite(
            sorted({row.unit_id for _, row in pairs}),
            pairs[0][0],
            indicators=sorted({row.indicator_id for _, row in pairs}),
            change_id=change_id,
        )


def rewrite(
    unit_ids: Collection[int],
    asked: SetDefinition,
    *,
    indicators: Collection[int],
    change_id: int,
) -> list[CommuneStanding]:
    """Bring communes' heads and standings up to date after a write on `indicators`.

    Only those cells are looked up in the ledger; the others come from their heads. The
    standings must be locked.
    """
    touched_reported = ledger.reported(unit_ids, indicators)
    touched_confirmed = ledger.confirmed(unit_ids, indicators)
    _write_heads(unit_ids, indicators, touched_reported, touched_confirmed)
    reported, confirmed = heads(unit_ids, ledger.indicator_ids(asked))
    rows = _rolled_up(unit_ids, asked, reported, confirmed)
    _write_standings(rows, asked.set_id, change_id)
    return rows


def heads(unit_ids: Collection[int], indicators: Collection[int]) -> tuple[Heads, Heads]:
    """(reported, confirmed) results that hold now, from the heads alone."""
    reported: Heads = defaultdict(dict)
    confirmed: Heads = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT h.unit_id, h.indicator_id,
                   r.id, r.verdict, r.true_from, coalesce(rc.seq, %(unnumbered)s),
                   f.id, f.verdict, f.true_from, coalesce(fc.seq, %(unnumbered)s)
              FROM criteria_cellhead h
              LEFT JOIN criteria_result r ON r.id = h.result_id
              LEFT JOIN communes_change rc ON rc.id = r.change_id
              LEFT JOIN criteria_result f ON f.id = h.confirmed_result_id
              LEFT JOIN communes_change fc ON fc.id = f.change_id
             WHERE h.unit_id = ANY(%(units)s) AND h.indicator_id = ANY(%(indicators)s)
            """,
            {
                "units": list(unit_ids),
                "indicators": list(indicators),
                "unnumbered": NOT_NUMBERED_YET,
            },
        )
        for unit_id, indicator_id, *columns in cursor:
            now, agreed = columns[:4], columns[4:]
            held = _holding(*now)
            if held is not None:
                reported[unit_id][indicator_id] = held
            # Most often it is the same result: then the same object, tens of thousands a page.
            same = held if agreed == now else _holding(*agreed)
            if same is not None:
                confirmed[unit_id][indicator_id] = same
    return reported, confirmed


def _holding(
    result_id: int | None, verdict: str | None, true_from: date, seq: int
) -> Holding | None:
    if result_id is None or verdict is None:
        return None
    return Holding(outcome=_OUTCOMES[verdict], true_from=true_from, seq=seq, result_id=result_id)


def recompute(unit_ids: Collection[int], asked: SetDefinition) -> list[CommuneStanding]:
    """The standings of communes from the ledger alone, as everything recorded says now."""
    indicators = ledger.indicator_ids(asked)
    reported = ledger.reported(unit_ids, indicators)
    confirmed = ledger.confirmed(unit_ids, indicators)
    return _rolled_up(unit_ids, asked, reported, confirmed)


def _rolled_up(
    unit_ids: Collection[int], asked: SetDefinition, reported: Heads, confirmed: Heads
) -> list[CommuneStanding]:
    return [
        rollup.standing(
            asked,
            unit_id=unit_id,
            heads=reported.get(unit_id, {}),
            heads_confirmed=confirmed.get(unit_id, {}),
        )
        for unit_id in unit_ids
    ]


@transaction.atomic
def rebuild(*, province: Unit, on: date) -> int:
    """Rewrite every head and standing of a province from the ledger; returns the communes.

    `on` says which sets are meant: those that count at the working month's end.
    """
    ids = commune_ids(province)
    for asked in counting(province.pk, on):
        lock(ids, [asked.set_id])
        rewrite_whole(ids, asked, change_id=None)
    return len(ids)


def rewrite_whole(
    unit_ids: Collection[int], asked: SetDefinition, *, change_id: int | None
) -> None:
    """Bring every head and the standing of communes up to date under one set, from the ledger.

    For writes on many communes at once. The standings must be locked.
    """
    indicators = ledger.indicator_ids(asked)
    reported = ledger.reported(unit_ids, indicators)
    confirmed = ledger.confirmed(unit_ids, indicators)
    _write_heads(unit_ids, indicators, reported, confirmed)
    rows = _rolled_up(unit_ids, asked, reported, confirmed)
    _write_standings(rows, asked.set_id, change_id)


def commune_ids(province: Unit) -> list[int]:
    """Every commune-level unit that ever lay in the province, in a fixed order."""
    return sorted(
        set(
            UnitVersion.objects.communes()
            .filter(province=province)
            .values_list("unit_id", flat=True)
        )
    )


def _write_heads(
    unit_ids: Collection[int],
    indicators: Collection[int],
    reported: Mapping[int, Mapping[int, Holding]],
    confirmed: Mapping[int, Mapping[int, Holding]],
) -> None:
    rows = []
    for unit_id in unit_ids:
        for indicator_id in indicators:
            holding = reported.get(unit_id, {}).get(indicator_id)
            agreed = confirmed.get(unit_id, {}).get(indicator_id)
            if holding or agreed:
                rows.append(
                    CellHead(
                        unit_id=unit_id,
                        indicator_id=indicator_id,
                        result_id=holding.result_id if holding else None,
                        verdict=holding.outcome if holding else Outcome.NOT_ASSESSED,
                        confirmed_result_id=agreed.result_id if agreed else None,
                    )
                )
    if len(rows) < len(unit_ids) * len(indicators):
        _delete_heads_but(rows, unit_ids, indicators)
    CellHead.objects.bulk_create(
        rows,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["unit_id", "indicator_id"],
        update_fields=["result_id", "verdict", "confirmed_result_id"],
    )


def _delete_heads_but(
    rows: Iterable[CellHead], unit_ids: Collection[int], indicators: Collection[int]
) -> None:
    kept = {(row.unit_id, row.indicator_id) for row in rows}
    there = CellHead.objects.filter(unit_id__in=list(unit_ids), indicator_id__in=list(indicators))
    gone = [key for key in there.values_list("unit_id", "indicator_id") if key not in kept]
    if gone:
        CellHead.objects.filter(pk__in=gone).delete()


def _write_standings(rows: Iterable[CommuneStanding], set_id: int, change_id: int | None) -> None:
    Standing.objects.bulk_create(
        (
            Standing(
                unit_id=row.unit_id,
                set_id=set_id,
                met=row.met,
                met_confirmed=row.met_confirmed,
                of=row.of,
                outcomes=frozen.letters(row.outcomes),
                outcomes_confirmed=frozen.letters(row.outcomes_confirmed),
                change_id=change_id,
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["unit_id", "set_id"],
        update_fields=["met", "met_confirmed", "of", "outcomes", "outcomes_confirmed", "change_id"],
    )
