"""Recomputes everything that is stored and says what differs: an alarm, not a repair.

Standings and months are written by the rules and compared with the mass path, which reads the
ledger another way: a fault in either shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from communes import units
from communes.models import ChangeLine, Tier, Unit, UnitAttribute, UnitVersion
from criteria import frozen, mass, months, recognition, sets, standings
from criteria.definitions import counting, definition
from criteria.mass import Moment, Stood
from criteria.models import CriteriaSet, MonthClosing, MonthFigure, MonthStanding, Standing
from criteria.rules.types import CommuneStanding


@dataclass(frozen=True)
class Compared:
    """How many stored things were held against a recomputation, and what differs, in words."""

    items: int
    differences: list[str]


def check_all() -> Compared:
    """:func:`check_province` of every province, added up."""
    found = [check_province(province) for province in provinces()]
    return Compared(
        items=sum(one.items for one in found),
        differences=[words for one in found for words in one.differences],
    )


def provinces() -> list[Unit]:
    """Those that ever adopted a set: they have something stored."""
    found = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False).distinct()
    return list(found.select_related("clock").order_by("pk"))


def check_province(province: Unit) -> Compared:
    """Compare the standings and closed months of a province with a full recomputation."""
    found = list(differences_of(province))
    return Compared(items=len(found), differences=[words for words in found if words])


def differences_of(province: Unit) -> Iterator[str]:
    """One item for each thing compared: "" when equal, else what differs, in Vietnamese."""
    yield from differences_now(province)
    holding = MonthClosing.objects.holding().filter(province=province).order_by("month")
    yield from _differences_closed(list(holding.select_related("province__clock")))


def differences_now(province: Unit) -> list[str]:
    """The same for the standings of the working month alone."""
    working = months.month_end(months.working_day(province))
    ids = standings.commune_ids(province)
    asked = counting(province.pk, working)
    # Locked, so that a save between the two readings is no false alarm.
    with transaction.atomic():
        rows = (
            Standing.objects.select_for_update()
            .filter(unit_id__in=ids, set_id__in=[one.set_id for one in asked])
            .order_by("unit_id", "set_id")
        )
        stored = {(row.set_id, row.unit_id): row for row in rows}
        stood = mass.standings({unit for _, unit in stored}, asked, [Moment(date.max)])
    return [
        _now_differs(stored[one.asked.set_id, row.unit_id], row)
        for one in stood
        for row in one.rows(0, one.unit_ids)
        if (one.asked.set_id, row.unit_id) in stored
    ]


def _now_differs(kept: Standing, again: CommuneStanding) -> str:
    letters = [frozen.letters(again.outcomes), frozen.letters(again.outcomes_confirmed)]
    same = [kept.met, kept.met_confirmed, kept.outcomes, kept.outcomes_confirmed] == [
        again.met,
        again.met_confirmed,
        *letters,
    ]
    if same:
        return ""
    called = UnitVersion.objects.filter(unit_id=kept.unit_id).latest("valid").full_name
    return (
        f"{called} (đơn vị {kept.unit_id}), số hiện nay: đang lưu {kept.met} tiêu chí đạt,"
        f" {kept.met_confirmed} đã xác nhận; tính lại được {again.met} và {again.met_confirmed}"
    )


def _differences_closed(closings: Sequence[MonthClosing]) -> Iterator[str]:
    """Closed months against the ledger as known when each was closed, in one pass over it."""
    figures = _frozen_figures(closings)
    frozen_sets = CriteriaSet.objects.in_bulk({set_id for _, set_id in figures})
    versions = {
        # A set adopted later for an earlier day was not frozen, and is answered by look-up.
        (closing.pk, set_id): sets.version_in_force(one, closing.month)
        for closing in closings
        for set_id, one in frozen_sets.items()
        if (closing.pk, set_id) in figures
    }
    listed = MonthStanding.objects.filter(closing__in=closings).values_list("unit_id", flat=True)
    unit_ids = set(listed.distinct())
    moments = [Moment(closing.month, closing.seq) for closing in closings]
    asked = [definition(one) for one in {one.pk: one for one in versions.values()}.values()]
    stood = {one.asked.version_id: one for one in mass.standings(unit_ids, asked, moments)}
    tiers = recognition.tiers(unit_ids, moments)
    for number, closing in enumerate(closings):
        label = f"{units.version_of(closing.province_id, closing.month).full_name}"
        label += f" tháng {closing.month:%m/%Y}"
        faulty = list_difference(closing)
        yield f"{label}: {faulty}" if faulty else ""
        for set_id in sorted(frozen_sets):
            if (version := versions.get((closing.pk, set_id))) is not None:
                kept = frozen.rows_of(closing, set_id)
                again = _again(kept, stood[version.pk], number, tiers[number])
                yield _rows_differ(label, kept, again)
                sums = {
                    (one.unit_id, str(one.basis)): one.figures
                    for one in frozen.month_figures(closing, stood[version.pk].asked, kept)
                }
                same = sums == figures[closing.pk, set_id]
                yield "" if same else f"{label}: số tổng hợp khác với tổng các xã"


def _frozen_figures(
    closings: Sequence[MonthClosing],
) -> dict[tuple[int, int], dict[tuple[int, str], object]]:
    """(closing, set) → (unit, basis) → the figures that were frozen."""
    found: dict[tuple[int, int], dict[tuple[int, str], object]] = defaultdict(dict)
    for one in MonthFigure.objects.filter(closing__in=closings):
        found[one.closing_id, one.set_id][one.unit_id, one.basis] = one.figures  # type: ignore[attr-defined]
    return found


def _again(
    kept: Sequence[CommuneStanding], stood: Stood, moment: int, tiers: dict[int, str]
) -> list[CommuneStanding]:
    """The communes that a month lists, recomputed."""
    rows = {row.unit_id: row for row in stood.rows(moment, [row.unit_id for row in kept])}
    return frozen.listed_as(kept, (rows[row.unit_id] for row in kept), tiers)


def _rows_differ(
    label: str, kept: Sequence[CommuneStanding], again: Sequence[CommuneStanding]
) -> str:
    pairs = zip(kept, again, strict=True)
    wrong = [(old, new) for old, new in pairs if old != new]
    if not wrong:
        return ""
    old, new = wrong[0]
    return (
        f"{label}: số của {len(wrong)} xã khác với tính lại từ kết quả đã ghi, ví dụ"
        f" {_keys([old.unit_id])}: đã chốt {old.met} tiêu chí đạt, {old.met_confirmed} đã xác nhận;"
        f" tính lại được {new.met} và {new.met_confirmed}"
    )


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
