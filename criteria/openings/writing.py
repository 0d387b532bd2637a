"""The rows that an opening writes, and what is kept up to date with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from communes.audit import Pending
from communes.models import Unit
from communes.vietnamese import format_date
from criteria import months, sets, standings
from criteria.definitions import definition
from criteria.models import CriteriaSet, Result
from criteria.openings import origins
from criteria.openings.records import LINE
from criteria.openings.shapes import Choices, Start
from criteria.rules.opening import Pick


def lock(units: Collection[Unit]) -> None:
    """Wait for whoever is saving results of these units, and make later savers wait."""
    born = origins.births([unit.pk for unit in units])
    set_ids = {adopted.pk for birth in born.values() for adopted in birth.adopted}
    standings.lock(list(born), set_ids)


def working_month_ends(starts: Mapping[int, Start]) -> dict[int | None, date]:
    """The end of the working month of each province that the units lie in."""
    provinces = {start.unit.province_id for start in starts.values()}
    found = Unit.objects.filter(pk__in=provinces).select_related("clock")
    return {unit.pk: months.month_end(months.working_day(unit)) for unit in found}


def copies(
    starts: Mapping[int, Start], chosen: Mapping[int, Choices], pending: Pending
) -> list[Result]:
    """One result for each indicator that counts in a criterion taken over.

    A criterion that a conclusion settles is taken over as a conclusion, any other by its
    indicators. The level goes along where it belongs to the same version of the set.
    """
    taken = [
        (start, key[0], head.result_id)
        for pk, start in starts.items()
        for key, _, head in start.cells(chosen[pk])
    ]
    sources = Result.objects.in_bulk({result_id for _, _, result_id in taken})
    return [_copy(start, sources[result_id], set_id, pending) for start, set_id, result_id in taken]


def _copy(start: Start, source: Result, set_id: int, pending: Pending) -> Result:
    version_id = next(asked.version_id for asked in start.sets if asked.set_id == set_id)
    same = source.set_version_id == version_id
    old = start.old_by_id[source.unit_id].version
    note = f"Kế thừa từ {old.full_name} (mã {old.code}), kết quả từ {format_date(source.true_from)}"
    return Result(
        unit_id=start.unit.unit_id,
        indicator_id=source.indicator_id,
        set_version_id=version_id,
        true_from=start.first_day,
        value=source.value,
        part_values=source.part_values,
        threshold_id=source.threshold_id if same else None,
        province_level_id=source.province_level_id if same else None,
        verdict=source.verdict,
        judged_by=source.judged_by,
        note=f"{note}. {source.note}" if source.note else note,
        cause=Result.Cause.OPENING,
        change_id=pending.id,
    )


def voids(starts: Mapping[int, Start], reason: str, pending: Pending) -> list[Result]:
    """A void row in place of each result of these openings."""
    changes = {start.recorded.change.pk for start in starts.values() if start.recorded}
    held = Result.objects.filter(
        unit_id__in=list(starts), change_id__in=changes, void=False, replaced_by=None
    )
    return [
        Result(
            unit_id=row.unit_id,
            indicator_id=row.indicator_id,
            set_version_id=row.set_version_id,
            true_from=row.true_from,
            verdict=row.verdict,
            judged_by=row.judged_by,
            note=reason,
            cause=Result.Cause.OPENING,
            replaces=row,
            void=True,
            change_id=pending.id,
        )
        for row in held
    ]


def rewrite(starts: Mapping[int, Start], pending: Pending) -> None:
    """Bring heads and standings of the units up to date, by the wordings of the working month."""
    until = working_month_ends(starts)
    units: dict[tuple[CriteriaSet, date], list[int]] = defaultdict(list)
    for unit_id, birth in origins.births(list(starts)).items():
        for adopted in birth.adopted:
            units[adopted, until[birth.version.province_id]].append(unit_id)
    for (adopted, month), unit_ids in units.items():
        asked = definition(sets.version_in_force(adopted, month))
        standings.rewrite_whole(unit_ids, asked, change_id=pending.id)


def line(
    pending: Pending,
    start: Start,
    *,
    before: Choices | None = None,
    after: Choices | None = None,
    pick: Pick | None = None,
) -> None:
    """The audit line of one unit: which criteria came, or no longer come, from whom."""

    def told(choices: Choices | None) -> dict[str, object] | None:
        if choices is None:
            return None
        codes = {asked.set_id: asked.code for asked in start.sets}
        taken: dict[str, dict[str, str]] = defaultdict(dict)
        for (set_id, number), old_id in sorted(choices.items()):
            taken[codes[set_id]][str(number)] = start.old_by_id[old_id].version.unit.key
        rule = {"rule": pick.value} if pick else {}
        return {"unit": start.unit.unit_id, **rule, "taken": taken}

    pending.line(table=LINE, key=start.unit.unit.key, before=told(before), after=told(after))
