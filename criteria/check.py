"""Recomputes everything that is stored and reports what differs: an alarm, not a repair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db import transaction
from django.utils import timezone

from communes import units
from communes.models import ChangeLine, Tier, Unit, UnitAttribute, UnitVersion
from criteria import frozen, months, sets, standings
from criteria.definitions import counting, definition
from criteria.models import (
    CriteriaSet,
    FigureCheck,
    MonthClosing,
    MonthFigure,
    MonthStanding,
    Standing,
)


def check_all() -> FigureCheck:
    """Compare standings and closed months of every province with a full recomputation.

    The outcome is stored, so that a person sees it; differences are also an error in the
    log of the task.
    """
    started = timezone.now()
    compared = 0
    differences: list[str] = []
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False).distinct()
    for province in provinces.select_related("clock").order_by("pk"):
        with transaction.atomic():
            for difference in differences_of(province):
                compared += 1
                if difference:
                    differences.append(difference)
    return FigureCheck.objects.create(
        started_at=started,
        finished_at=timezone.now(),
        compared=compared,
        differences=differences,
    )


def differences_of(province: Unit) -> Iterator[str]:
    """One item for each thing compared: "" when equal, else what differs, in Vietnamese."""
    yield from differences_now(province)
    for closing in MonthClosing.objects.holding().filter(province=province).order_by("month"):
        yield from _closing_differences(closing)


def differences_now(province: Unit) -> Iterator[str]:
    """The same for the standings of the working month alone."""
    working = months.month_end(months.working_day(province))
    ids = standings.commune_ids(province)
    for asked in counting(province.pk, working):
        # Locked, so that a save between the two readings is no false alarm.
        stored = {
            row.unit_id: (row.met, row.met_confirmed, row.outcomes, row.outcomes_confirmed)
            for row in Standing.objects.select_for_update()
            .filter(unit_id__in=ids, set_id=asked.set_id)
            .order_by("unit_id", "set_id")
        }
        for row in standings.recompute(list(stored), asked):
            truth = (
                row.met,
                row.met_confirmed,
                frozen.letters(row.outcomes),
                frozen.letters(row.outcomes_confirmed),
            )
            yield (
                ""
                if stored[row.unit_id] == truth
                else f"Kết quả tổng hợp của đơn vị {row.unit_id} sai khác"
            )


def _closing_differences(closing: MonthClosing) -> Iterator[str]:
    province = units.version_of(closing.province_id, closing.month)
    label = f"{province.full_name} tháng {closing.month:%m/%Y}"
    faulty = list_difference(closing)
    yield f"{label}: {faulty}" if faulty else ""
    # A set adopted later for an earlier day was not frozen, and is answered by look-up.
    for adopted in CriteriaSet.objects.filter(
        pk__in=MonthFigure.objects.filter(closing=closing).values("set")
    ):
        asked = definition(sets.version_in_force(adopted, closing.month))
        kept = frozen.rows_of(closing, adopted.pk)
        truth = frozen.rolled_up_again(kept, asked, day=closing.month, seq=closing.seq)
        same = sorted(kept, key=lambda r: r.unit_id) == sorted(truth, key=lambda r: r.unit_id)
        yield "" if same else f"{label}: số của từng xã khác với tính lại từ kết quả đã ghi"
        sums = {
            (figure.unit_id, figure.basis): figure.figures
            for figure in MonthFigure.objects.filter(closing=closing, set=adopted)
        }
        again = {
            (figure.unit_id, str(figure.basis)): figure.figures
            for figure in frozen.month_figures(closing, asked, kept)
        }
        yield "" if sums == again else f"{label}: số tổng hợp khác với tổng các xã"


def list_difference(closing: MonthClosing) -> str:
    """How the communes of a closed month differ from what the legal dates say of that day.

    "" where they agree. A closed month stays as it was frozen, also when an act recorded later
    moves the dates of a unit; such a unit is no fault. Any other is: it was counted although it
    took no part, or was left out.
    """
    province = units.version_of(closing.province_id, closing.month)
    lawful = {place.unit_id for place in frozen.communes_of(province, closing.month)}
    listed: dict[int, set[int]] = defaultdict(set)
    sets_frozen = MonthFigure.objects.filter(closing=closing).values_list("set_id", flat=True)
    rows = MonthStanding.objects.filter(closing=closing, in_programme=True)
    for set_id, unit_id in rows.values_list("set_id", "unit_id"):
        listed[set_id].add(unit_id)
    missing: set[int] = set()
    extra: set[int] = set()
    for set_id in set(sets_frozen):
        missing |= lawful - listed[set_id]
        extra |= listed[set_id] - lawful
    if missing or extra:
        moved = _moved_since(closing, missing | extra)
        missing, extra = missing - moved, extra - moved
    said = {"thiếu": _keys(missing), "thừa": _keys(extra)}
    faults = [f"{word} {keys}" for word, keys in said.items() if keys]
    return f"danh sách xã {'; '.join(faults)} so với ngày pháp lý" if faults else ""


def _moved_since(closing: MonthClosing, unit_ids: Collection[int]) -> set[int]:
    """The units whose names, parents or facts were changed by an act after the closing."""
    keys = dict(Unit.objects.filter(pk__in=unit_ids).values_list("key", "pk"))
    lines = ChangeLine.objects.filter(
        change__clock=closing.province.clock_id,
        change__seq__gt=closing.seq,
        table__in=[UnitVersion._meta.db_table, UnitAttribute._meta.db_table],
    )
    touched = {key.partition("/")[0] for key in lines.values_list("key", flat=True)}
    return {pk for key, pk in keys.items() if key in touched}


def _keys(unit_ids: Collection[int]) -> str:
    """The units by their keys, a few of them and how many more."""
    keys = list(Unit.objects.filter(pk__in=unit_ids).order_by("key").values_list("key", flat=True))
    more = f" và {len(keys) - 5} đơn vị nữa" if len(keys) > 5 else ""
    return ", ".join(keys[:5]) + more
